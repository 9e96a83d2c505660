"""How well the reader reads: what it found held against what a person found in the same plans."""

import fnmatch
import json
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from campaigns.planreader.printing import as_json
from campaigns.planreader.reading import PlanReading
from campaigns.planreader.text import fold_words

FIVE_PLANS: Final = Path(__file__).parent / "data" / "five_plans.toml"
KINDS: Final = ("header", "obligations", "page_limits", "quotas", "phases", "citations", "warnings")
_SAME_PLACE: Final = 2

Entry = Mapping[str, Any]


@dataclass(slots=True)
class Score:
    """Of what must be found, how much was; of what was found, how much is right."""

    wanted: int = 0
    found: int = 0
    given: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Score") -> None:
        self.wanted += other.wanted
        self.found += other.found
        self.given += other.given
        self.right += other.right
        self.missed += other.missed
        self.wrong += other.wrong

    @property
    def recall(self) -> float:
        return self.found / self.wanted if self.wanted else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.given if self.given else 1.0


def read_gold(path: Path) -> list[Entry]:
    """What a person found, a `[[plan]]` for each file; `file` may hold a pattern.

    An entry with `also = true` is right when found and no fault when not.
    """
    return list(tomllib.loads(path.read_text(encoding="utf-8"))["plan"])


def read_expected(folder: Path) -> list[Entry]:
    """What a person found, in the form of `--json`: for each plan a file of the same name that ends in .json.

    Only what an entry states is held against the reading: an obligation without `due.on` may have any day. An entry
    without `line` may stand anywhere, for files whose lines nobody can count; `also` is as in `read_gold`.
    """
    plans = {path.stem: path.name for path in folder.iterdir() if path.suffix in {".txt", ".docx", ".pdf"}}
    return [
        _flat(json.loads(path.read_text(encoding="utf-8"))) | {"file": plans[path.stem]}
        for path in sorted(folder.glob("*.json"))
        if path.stem in plans
    ]


def _flat(expected: dict[str, Any]) -> dict[str, Any]:
    obligations = [{**one, **one["due"]} for one in expected.get("obligations", ())]
    pages = [
        {"line": one.get("line"), **limit}
        for one in expected.get("obligations", ())
        for limit in one.get("page_limits", ())
    ]
    return expected | {"obligations": obligations, "page_limits": [*expected.get("page_limits", ()), *pages]}


def file_of(entry: Entry, folder: Path) -> Path | None:
    found = sorted(path for path in folder.iterdir() if fnmatch.fnmatch(path.name, entry["file"]))
    return found[0] if found else None


def score(reading: PlanReading, gold: Entry) -> dict[str, Score]:
    given = as_json(reading)
    pages = [
        {**limit, "line": one["line"], "quote": one["quote"]}
        for one in given["obligations"]
        for limit in one["page_limits"]
    ]
    scores = {
        "header": _header(given, gold),
        "obligations": _match(given["obligations"], gold.get("obligations", ()), _is_obligation),
        "page_limits": _match(pages, gold.get("page_limits", ()), _is_page_limit),
        "quotas": _match(given["quotas"], gold.get("quotas", ()), _is_quota),
        "phases": _match(given["phases"], gold.get("phases", ()), _is_phase),
        "warnings": _match(given["warnings"], gold.get("warnings", ()), _is_warning),
    }
    if "citations" in gold:
        scores["citations"] = _match(given["citations"], gold["citations"], _is_citation)
    scores["who"] = _who(given["obligations"], gold.get("obligations", ()))
    return scores


def _header(given: Entry, gold: Entry) -> Score:
    result = Score()
    for key in ("number", "issuer", "place", "issued_on", "title"):
        if key not in gold:
            continue
        wanted, found = _plain(gold[key]), _plain(given[key])
        is_right = wanted in found if wanted else not found
        result.add(
            Score(
                1,
                int(is_right),
                1,
                int(is_right),
                [] if is_right else [f"{key}: {gold[key]}"],
                [] if is_right else [f"{key}: {given[key]}"],
            )
        )
    return result


def _plain(value: Any) -> str:
    return fold_words(str(value or ""))


def _match(given: Sequence[Entry], gold: Sequence[Entry], is_same: Callable[[Entry, Entry], bool]) -> Score:
    taken: set[int] = set()
    result = Score(given=len(given))
    for one in given:
        index = next((i for i, entry in enumerate(gold) if i not in taken and is_same(one, entry)), None)
        if index is None:
            result.wrong.append(_told(one))
            continue
        taken.add(index)
        result.right += 1
    for index, entry in enumerate(gold):
        if entry.get("also"):
            continue
        result.wanted += 1
        result.found += index in taken
        if index not in taken:
            result.missed.append(_told(entry))
    return result


def _told(entry: Entry) -> str:
    return ", ".join(
        f"{key}={str(value)[:60]}"
        for key, value in entry.items()
        if value not in (None, [], "") and key not in {"quote", "also", "message", "due", "page_limits", "warnings"}
    )


def _near(given: Entry, gold: Entry) -> bool:
    return gold.get("line") is None or abs(int(given["line"]) - int(gold["line"])) <= _SAME_PLACE


def _says(given: Entry, gold: Entry, *keys: str) -> bool:
    return all(str(given.get(key)) == str(gold[key]) for key in keys if key in gold)


def _is_obligation(given: Entry, gold: Entry) -> bool:
    due = given["due"]
    kinds = (gold["kind"] or "none").split("|")
    if (
        not _near(given, gold)
        or (due["kind"] or "none") not in kinds
        or not _says(due, gold, "on", "from", "to", "days")
    ):
        return False
    words = _plain(f"{given['what']} {given['quote']}")
    return _plain(gold.get("what")) in words and _plain(gold.get("anchor")) in _plain(due["anchor"])


def _who(given: Sequence[Entry], gold: Sequence[Entry]) -> Score:
    """Among the duties that were found, how often the bearer is the right one."""
    result = Score()
    taken: set[int] = set()
    for one in given:
        index = next((i for i, entry in enumerate(gold) if i not in taken and _is_obligation(one, entry)), None)
        if index is None:
            continue
        taken.add(index)
        if "who" in gold[index]:
            is_right = any(_plain(who) in _plain(one["who"]) for who in gold[index]["who"].split("|"))
            told = f"{one['line']}: {one['who']} (đúng ra: {gold[index]['who']})"
            result.add(Score(1, int(is_right), 1, int(is_right), [], [] if is_right else [told]))
    return result


def _is_page_limit(given: Entry, gold: Entry) -> bool:
    return (
        _near(given, gold) and given["at_most"] == gold["at_most"] and _plain(gold["paper"]) in _plain(given["paper"])
    )


def _is_quota(given: Entry, gold: Entry) -> bool:
    return (
        _near(given, gold)
        and given["at_most"] == gold["at_most"]
        and _plain(gold.get("group")) in _plain(given["group"])
        and _plain(gold.get("title")) in _plain(given["title"])
    )


def _is_phase(given: Entry, gold: Entry) -> bool:
    return _near(given, gold) and _says(given, gold, "from", "to")


def _is_citation(given: Entry, gold: Entry) -> bool:
    return _near(given, gold) and _says(given, gold, "number", "date")


def _is_warning(given: Entry, gold: Entry) -> bool:
    is_there = gold.get("line") is None or abs(given["line"] - gold["line"]) <= gold.get("slack", 0)
    return is_there and given["code"] in str(gold["code"]).split("|")


def table(rows: Mapping[str, Mapping[str, Score]]) -> Iterator[str]:
    """A line for each plan and kind, and the sums."""
    sums: dict[str, Score] = {}
    yield (
        f"{'kế hoạch':<30} {'loại':<12} {'cần thấy':>8} {'đã thấy':>8} {'đưa ra':>7} {'đúng':>6} {'độ phủ':>7} "
        f"{'độ chính xác':>13}"
    )
    for name, scores in rows.items():
        for kind, one in scores.items():
            sums.setdefault(kind, Score()).add(one)
            yield _row(name, kind, one)
    for kind, one in sums.items():
        yield _row("TẤT CẢ", kind, one)


def _row(name: str, kind: str, one: Score) -> str:
    return (
        f"{name[:30]:<30} {kind:<12} {one.wanted:>8} {one.found:>8} {one.given:>7} {one.right:>6} "
        f"{one.recall:>7.1%} {one.precision:>13.1%}"
    )
