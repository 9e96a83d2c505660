"""Judges one paper: in the count, and before it is cast."""

from collections import Counter

from awards.voting.json_text import CountRefusedError
from awards.voting.reading import parse_paper
from awards.voting.shapes import Contest, Kind, Marks, Paper, PaperRules, Scale, Vote, decimal_text, decimal_words

CleanPaper = dict[str, list[str] | dict[str, str]]

CAUTIONS = {
    Kind.APPROVE: ("chưa có lựa chọn nào", "chọn"),
    Kind.CHOOSE: ("chưa có lựa chọn nào", "chọn"),
    Kind.SCORE: ("chưa chấm điểm trường hợp nào", "chấm"),
}
"""What a blank contest lacks, and what one goes back to do."""


def invalid_reason(rules: PaperRules, contest: Contest, marks: Marks) -> str | None:
    """Why a paper does not count in this contest, or `None` when it does."""
    faults = _faults(contest, marks)
    if faults:
        return "; ".join(faults)
    if _is_blank(marks) and not rules.blank_is_valid:
        return "phiếu trắng"
    return None


def paper_problems(rules: PaperRules, choices: object) -> list[str]:
    """Say, for the member who casts it, why this paper cannot be accepted; empty when it may be cast.

    A blank contest is not a problem: abstaining is a right, see `paper_cautions`.
    """
    try:
        paper = parse_paper(rules, choices, "phiếu")
    except CountRefusedError as refusal:
        return [f"Lá phiếu gửi lên không đúng mẫu ({refusal}) Tải lại trang phiếu, chọn lại và bỏ phiếu lần nữa."]
    return [
        f"{contest.title}: {fault}. Sửa lại lựa chọn ở nội dung này."
        for contest in rules.contests
        for fault in _faults(contest, paper.get(contest.id, ()))
    ]


def paper_cautions(rules: PaperRules, choices: object) -> list[str]:
    """Say what a member should know before casting a paper that has no problems."""
    paper = parse_paper(rules, choices, "phiếu")
    effect = (
        "vẫn được tính là phiếu hợp lệ nhưng không ủng hộ ai"
        if rules.blank_is_valid
        else "sẽ bị tính là không hợp lệ ở nội dung này"
    )
    return [
        f"{contest.title}: {CAUTIONS[rules.kind][0]}, lá phiếu {effect}. Quay lại nếu muốn {CAUTIONS[rules.kind][1]}."
        for contest in rules.contests
        if _is_blank(paper.get(contest.id, ()))
    ]


def clean_paper(rules: PaperRules, choices: object) -> CleanPaper:
    """Write a paper that has no problems in the one form its meaning has.

    The order of names, a "blank" said or left out, a contest left out or empty, points with needless zeros: each
    could be a secret mark by which a bought vote is recognised among the published papers, so none survives.
    """
    if paper_problems(rules, choices):
        raise ValueError("Only a paper without problems has a clean form.")
    paper = parse_paper(rules, choices, "phiếu")
    return {contest.id: _clean_contest(rules.kind, contest, paper) for contest in rules.contests}


def largest_paper(rules: PaperRules) -> CleanPaper:
    """Give the clean form that takes the most room; no paper that may be cast is longer."""
    if rules.kind is Kind.CHOOSE:
        return {contest.id: list(contest.candidates) for contest in rules.contests}
    if rules.kind is Kind.SCORE:
        return {one.id: dict.fromkeys(one.candidates, _longest(one.scale)) for one in rules.contests if one.scale}
    return {contest.id: dict.fromkeys(contest.candidates, Vote.BLANK.value) for contest in rules.contests}


def _clean_contest(kind: Kind, contest: Contest, paper: Paper) -> list[str] | dict[str, str]:
    marks = paper.get(contest.id, ())
    if kind is Kind.SCORE:
        points = {mark.candidate: mark.points for mark in marks if mark.points is not None}
        return {name: decimal_text(points[name]) for name in contest.candidates if name in points}
    votes = {mark.candidate: mark.vote for mark in marks}
    if kind is Kind.CHOOSE:
        return [name for name in contest.candidates if name in votes]
    return {name: votes.get(name, Vote.BLANK).value for name in contest.candidates}


def _longest(scale: Scale) -> str:
    """As many digits before and after the point as any points on this scale have."""
    point = "." if scale.decimals else ""
    return "9" * len(str(int(scale.most))) + point + "9" * scale.decimals


def _is_blank(marks: Marks) -> bool:
    return all(mark.vote is Vote.BLANK for mark in marks)


def _faults(contest: Contest, marks: Marks) -> list[str]:
    faults: list[str] = []
    times = Counter(mark.candidate for mark in marks)
    unknown = sorted(times.keys() - contest.names)
    if unknown:
        faults.append(f"có tên ngoài danh sách: {', '.join(unknown)}")
    repeated = sorted(name for name, number in times.items() if number > 1)
    if repeated:
        faults.append(f"có tên ghi nhiều lần: {', '.join(repeated)}")
    if contest.scale is not None:
        return faults + _score_faults(contest.scale, marks)
    chosen = sum(mark.vote is Vote.YES for mark in marks)
    if contest.seats is not None and chosen > contest.seats:
        faults.append(f"đã chọn {chosen}, chỉ được chọn tối đa {contest.seats}")
    return faults


def _score_faults(scale: Scale, marks: Marks) -> list[str]:
    """Name whose points are none, beside the scale or between two steps; never the points themselves."""
    given = {mark.candidate: mark.points for mark in marks}
    wordless = [name for name, points in given.items() if points is None]
    beside = [name for name, points in given.items() if points is not None and not 0 <= points <= scale.most]
    between = [name for name, points in given.items() if points is not None and points % scale.step]
    told = {
        "điểm không phải là số viết đúng mẫu": wordless,
        f"điểm ngoài khoảng từ 0 đến {decimal_words(scale.most)}": beside,
        f"điểm không đúng bậc {decimal_words(scale.step)}": [name for name in between if name not in beside],
    }
    return [f"{fault}: {', '.join(names)}" for fault, names in told.items() if names]
