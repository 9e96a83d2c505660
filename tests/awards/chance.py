"""Sittings made by chance, and a second, naive counter written from the definitions alone.

A sitting here is a `dict` as in the file, but an approving or scoring answer is a list of pairs, so that a name can
stand twice as it can in the text of a file. `text_of` writes that file.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Pick = Callable[[int, int], int]
"""Gives a whole number between two, both included: hypothesis or a seeded generator."""

SHARES = ("1/2", "2/3", "4/5", "0.8", "0.9", "9/10", "1", "0.3", "0.7", "1/1", "1/16", "0.000001", "3/4")
VOTES = ("yes", "yes", "no", "blank")
LETTERS = "abcde"
SCALES: tuple[tuple[Any, Any], ...] = ((4, 1), ("10", "0.5"), ("1", "0.25"), (20, 5), ("1.5", "0.50"), (100, "12.5"))
WRONG_POINTS: tuple[Any, ...] = (
    None,
    True,
    0.5,
    "",
    "hai",
    "-1",
    -1,
    "1,5",
    "1e1",
    [1],
    {},
    "0.0000001",
    "9" * 12,
    10**12,
)
KINDS = ("approve", "choose", "score")


def make_sitting(pick: Pick) -> dict[str, Any]:
    members = pick(1, 16)
    present = members if pick(0, 2) == 0 else pick(members // 2, members)
    issued = pick(max(0, present - 2), present)
    kind = KINDS[pick(0, 2)]
    contests = [make_contest(pick, name, kind) for name in ("so", "cuc")[: pick(1, 2)]]
    sitting = {
        "members": members,
        "present": present,
        "issued": issued,
        "quorum": make_share(pick, 0, members),
        "denominator": ("members", "present", "valid")[pick(0, 2)],
        "threshold": make_share(pick, 1, members) if pick(0, 1) else None,
        "kind": kind,
        "blank_is_valid": bool(pick(0, 1)),
        "count_written": bool(pick(0, 1)),
        "contests": contests,
        "papers": [make_paper(pick, kind, contests) for _ in range(max(0, issued - pick(0, 2)))],
        "written": [make_paper(pick, kind, contests) for _ in range(pick(0, members - present))],
    }
    if issued == present and pick(0, 1):
        del sitting["issued"]
    return sitting


def make_contest(pick: Pick, name: str, kind: str) -> dict[str, Any]:
    first, number = pick(0, 4), max(pick(1, 5), pick(1, 5))
    candidates = [(LETTERS + LETTERS)[first + step] for step in range(number)]
    contest = {"id": name, "title": name, "seats": pick(1, 3) if pick(0, 3) else None, "candidates": candidates}
    if kind == "score":
        contest["max_score"], contest["step"] = SCALES[pick(0, len(SCALES) - 1)]
    return contest


def make_share(pick: Pick, least: int, members: int) -> str:
    if pick(0, 1):
        return SHARES[pick(0, len(SHARES) - 1)]
    if pick(0, 1):
        # Of all members, so that a share is now and then reached exactly.
        return f"{pick(least, members)}/{members}"
    return str(Decimal(pick(least, 100)) / 100)


def make_paper(pick: Pick, kind: str, contests: list[dict[str, Any]]) -> dict[str, Any]:
    return {one["id"]: make_answer(pick, kind, one) for one in contests if pick(0, 9)}


def make_points(pick: Pick, contest: dict[str, Any]) -> Any:
    """Mostly whole steps on the scale, few enough to meet, in each form that may be written; now and then wrong."""
    step, most = Decimal(contest["step"]), Decimal(contest["max_score"])
    if not pick(0, 39):
        return WRONG_POINTS[pick(0, len(WRONG_POINTS) - 1)]
    if not pick(0, 39):
        return str((most + step, step / 2)[pick(0, 1)])
    points = step * pick(0, int(most / step))
    if points == int(points) and pick(0, 1):
        return int(points)
    return ("0" * pick(0, 1)) + f"{points:f}"


def make_answer(pick: Pick, kind: str, contest: dict[str, Any]) -> list[Any]:
    candidates = contest["candidates"]
    if kind == "choose":
        names = [candidates[pick(0, len(candidates) - 1)] for _ in range(pick(0, 3))]
        # Mostly papers that count; now and then a name twice or a stranger.
        names = names if pick(0, 15) == 0 else list(dict.fromkeys(names))
    else:
        names = [name for name in candidates if pick(0, 4)]
        names += names[: 1 if pick(0, 19) == 0 else 0]
    names += ["x"] if pick(0, 19) == 0 else []
    if kind == "score":
        return [(name, make_points(pick, contest)) for name in names]
    return names if kind == "choose" else [(name, VOTES[pick(0, 3)]) for name in names]


def text_of(sitting: dict[str, Any]) -> str:
    head = {key: value for key, value in sitting.items() if key not in ("papers", "written")}
    kind = sitting["kind"]
    papers = (f'"{key}": [{", ".join(paper_text(kind, one) for one in sitting[key])}]' for key in ("papers", "written"))
    return f"{json.dumps(head)[:-1]}, {', '.join(papers)}}}"


def paper_text(kind: str, paper: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{json.dumps(key)}: {answer_text(kind, answer)}" for key, answer in paper.items()) + "}"


def answer_text(kind: str, answer: list[Any]) -> str:
    if kind == "choose":
        return json.dumps(answer)
    return "{" + ", ".join(f"{json.dumps(name)}: {json.dumps(vote)}" for name, vote in answer) + "}"


def naive_reaches(part: Any, whole: Any, share: str) -> bool:
    """Compare part/whole >= share without dividing."""
    if "/" in share:
        above, below = (int(number) for number in share.split("/"))
    else:
        digits = share.partition(".")[2]
        above, below = int(share.replace(".", "")), 10 ** len(digits)
    return part * below >= above * whole


def naive_points(written: Any) -> Decimal | None:
    if isinstance(written, int) and not isinstance(written, bool) and 0 <= written < 10**9:
        return Decimal(written)
    if not isinstance(written, str):
        return None
    whole, point, rest = written.partition(".")
    digits = whole + rest
    if not digits or any(one not in "0123456789" for one in digits) or not 1 <= len(whole) <= 9 or len(rest) > 6:
        return None
    return None if point and not rest else Decimal(written)


def naive_fits(contest: dict[str, Any], written: Any) -> bool:
    points = naive_points(written)
    if points is None or points > Decimal(contest["max_score"]):
        return False
    return (points * 10**6) % (Decimal(contest["step"]) * 10**6) == 0


def naive_validity(sitting: dict[str, Any], contest: dict[str, Any], paper: dict[str, Any]) -> bool:
    answer = paper.get(contest["id"], [])
    pairs = [(name, "yes") for name in answer] if sitting["kind"] == "choose" else answer
    names = [name for name, _ in pairs]
    wanted = [name for name, vote in pairs if vote == "yes"]
    said = [name for name, vote in pairs if vote != "blank"]
    if sitting["kind"] == "score":
        wanted, said = [], names
        if not all(naive_fits(contest, points) for _, points in answer):
            return False
    return (
        all(name in contest["candidates"] for name in names)
        and len(set(names)) == len(names)
        and (contest["seats"] is None or len(wanted) <= contest["seats"])
        and (bool(said) or sitting["blank_is_valid"])
    )


def naive_votes(
    sitting: dict[str, Any], contest: dict[str, Any], valid: list[dict[str, Any]]
) -> dict[str, tuple[int, int, int]]:
    votes = {}
    for name in contest["candidates"]:
        answers = [paper.get(contest["id"], []) for paper in valid]
        if sitting["kind"] == "choose":
            yes, no = sum(1 for answer in answers if name in answer), 0
        else:
            yes = sum(1 for answer in answers if (name, "yes") in answer)
            no = sum(1 for answer in answers if (name, "no") in answer)
        votes[name] = (yes, no, len(valid) - yes - no)
    return votes


def naive_quorum(sitting: dict[str, Any]) -> bool:
    return naive_reaches(sitting["present"], sitting["members"], sitting["quorum"])


def naive_scores(contest: dict[str, Any], valid: list[dict[str, Any]]) -> dict[str, list[Decimal]]:
    return {
        name: [Decimal(points) for paper in valid for one, points in paper.get(contest["id"], []) if one == name]
        for name in contest["candidates"]
    }


def naive_places(
    sitting: dict[str, Any], contest: dict[str, Any], yes: dict[str, Any], passed: set[str]
) -> dict[str, list[str]]:
    places: dict[str, list[str]] = {"elected": [], "tied": [], "not_elected": []}
    seats = contest["seats"] or len(contest["candidates"])
    for name in contest["candidates"]:
        leads = [yes[other] - yes[name] for other in passed if other != name]
        if name not in passed or not naive_quorum(sitting) or sum(1 for lead in leads if lead > 0) >= seats:
            places["not_elected"].append(name)
        elif sum(1 for lead in leads if lead >= 0) < seats:
            places["elected"].append(name)
        else:
            places["tied"].append(name)
    return places


def naive_contest(sitting: dict[str, Any], contest: dict[str, Any]) -> dict[str, Any]:
    written = sitting["written"] if sitting["count_written"] else []
    validity = [naive_validity(sitting, contest, paper) for paper in sitting["papers"] + written]
    valid = [paper for paper, good in zip(sitting["papers"] + written, validity, strict=True) if good]
    whole = {
        "members": sitting["members"],
        "present": sitting["present"] + len(written),
        "valid": len(valid),
    }[sitting["denominator"]]
    figures, gains, most = naive_figures(sitting, contest, valid)
    least = sitting["threshold"]
    passed = {
        name
        for name, gain in gains.items()
        if (gain > 0 if least is None else whole > 0 and naive_reaches(gain, whole * most, least))
    }
    # The two numbers of a share, made whole by as many digits as the step has after its point.
    digits = -int(Decimal(contest.get("step", 1)).normalize().as_tuple().exponent)
    unit = 10 ** max(digits, 0)
    return {
        "id": contest["id"],
        "issued": sitting.get("issued", sitting["present"]),
        "received": len(sitting["papers"]),
        "valid": len(valid),
        "invalid": [index for index, good in enumerate(validity) if not good],
        "denominator": whole,
        "candidates": {
            name: row | {"share": f"{int(gains[name] * unit)}/{int(whole * most * unit)}", "passed": name in passed}
            for name, row in figures.items()
        },
        **naive_places(sitting, contest, gains, passed),
    }


def naive_figures(
    sitting: dict[str, Any], contest: dict[str, Any], valid: list[dict[str, Any]]
) -> tuple[dict[str, dict[str, Any]], dict[str, Any], Any]:
    """What stands in each candidate's row, what each gained, and the most that one paper may give."""
    if sitting["kind"] == "score":
        scores = naive_scores(contest, valid)
        rows = {
            name: {"points": plain(sum(given)), "papers": len(given), "blank": len(valid) - len(given)}
            for name, given in scores.items()
        }
        return rows, {name: sum(given) for name, given in scores.items()}, Decimal(contest["max_score"])
    votes = naive_votes(sitting, contest, valid)
    rows = {name: {"yes": yes, "no": no, "blank": blank} for name, (yes, no, blank) in votes.items()}
    return rows, {name: yes for name, (yes, _, _) in votes.items()}, 1


def plain(points: Decimal | int) -> str:
    text = f"{Decimal(points):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def naive_count(sitting: dict[str, Any]) -> dict[str, Any]:
    """The result without its texts: of an invalid paper only the number."""
    contests = [naive_contest(sitting, contest) for contest in sitting["contests"]]
    return {"quorum_met": naive_quorum(sitting), "contests": contests}


def without_texts(result: dict[str, Any]) -> dict[str, Any]:
    """Strip a published result of what each counter may put in its own words."""
    contests = [one | {"invalid": [bad["paper"] for bad in one["invalid"]]} for one in result["contests"]]
    return {"quorum_met": result["quorum_met"], "contests": contests}
