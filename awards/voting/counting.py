"""Counts a closed ballot: exact fractions, the same answer every time, no knowledge beyond its input."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from awards.voting.papers import invalid_reason
from awards.voting.shapes import (
    CandidateTally,
    Contest,
    ContestResult,
    CountInput,
    CountResult,
    Denominator,
    InvalidPaper,
    Marks,
    Scale,
    ScoreTally,
    Tally,
    Vote,
    decimal_text,
)

SMALL_BASE = 5
"""With so few papers a tally tells a great deal about each of them."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    elected: tuple[str, ...]
    tied: tuple[str, ...]


def count(sitting: CountInput) -> CountResult:
    """Tally every contest and say who is elected; without a quorum nobody is.

    In a "choose" ballot a name that was not chosen is a blank: its voter never said no.
    """
    quorum_met = has_quorum(sitting.present, sitting.members, sitting.quorum)
    contests = tuple(_count_contest(sitting, contest, quorum_met) for contest in sitting.rules.contests)
    warnings = (*_sitting_warnings(sitting, quorum_met), *_contest_warnings(contests, quorum_met))
    return CountResult(quorum_met=quorum_met, contests=contests, warnings=warnings)


def has_quorum(present: int, members: int, least: Fraction) -> bool:
    """Written opinions make no quorum: only those present of all members do."""
    return members > 0 and Fraction(present, members) >= least


def to_json(result: CountResult) -> dict[str, object]:
    """Lay a result out in the published form."""
    return {
        "quorum_met": result.quorum_met,
        "contests": [_contest_json(contest) for contest in result.contests],
        "warnings": list(result.warnings),
    }


def _contest_json(result: ContestResult) -> dict[str, object]:
    return {
        "id": result.contest.id,
        "issued": result.issued,
        "received": result.received,
        "valid": result.valid,
        "invalid": [{"paper": paper.paper, "reason": paper.reason} for paper in result.invalid],
        "denominator": result.denominator,
        "candidates": {name: _tally_json(tally) for name, tally in result.candidates.items()},
        "elected": list(result.elected),
        "tied": list(result.tied),
        "not_elected": list(result.not_elected),
    }


def _tally_json(tally: Tally) -> dict[str, object]:
    counted: dict[str, object]
    if isinstance(tally, ScoreTally):
        counted = {"points": decimal_text(tally.points), "papers": tally.papers, "blank": tally.blank}
    else:
        counted = {"yes": tally.yes, "no": tally.no, "blank": tally.blank}
    return counted | {"share": tally.share, "passed": tally.passed}


def _count_contest(sitting: CountInput, contest: Contest, quorum_met: bool) -> ContestResult:  # noqa: FBT001 - a fact, not a switch
    valid: list[Marks] = []
    invalid: list[InvalidPaper] = []
    for index, paper in enumerate(sitting.counted_papers):
        marks = paper.get(contest.id, ())
        reason = invalid_reason(sitting.rules, contest, marks)
        if reason is None:
            valid.append(marks)
        else:
            invalid.append(InvalidPaper(index, reason))
    denominator = _denominator(sitting, len(valid))
    tallies: dict[str, Tally]
    if contest.scale is None:
        tallies = _tally(contest, valid, denominator, sitting.threshold)
    else:
        tallies = _tally_scores(contest, contest.scale, valid, denominator, sitting.threshold)
    outcome = _elect(contest, tallies) if quorum_met else _Outcome((), ())
    settled = {*outcome.elected, *outcome.tied}
    return ContestResult(
        contest=contest,
        issued=sitting.issued,
        received=len(sitting.papers),
        valid=len(valid),
        invalid=tuple(invalid),
        denominator=denominator,
        candidates=tallies,
        elected=outcome.elected,
        tied=outcome.tied,
        not_elected=tuple(name for name in contest.candidates if name not in settled),
    )


def _denominator(sitting: CountInput, valid: int) -> int:
    if sitting.denominator is Denominator.MEMBERS:
        return sitting.members
    if sitting.denominator is Denominator.VALID:
        return valid
    return sitting.present + (len(sitting.written) if sitting.count_written else 0)


def _tally(contest: Contest, valid: Sequence[Marks], denominator: int, threshold: Fraction | None) -> dict[str, Tally]:
    votes = Counter((mark.candidate, mark.vote) for marks in valid for mark in marks)
    tallies: dict[str, Tally] = {}
    for name in contest.candidates:
        yes, no = votes[name, Vote.YES], votes[name, Vote.NO]
        tallies[name] = CandidateTally(
            yes=yes,
            no=no,
            blank=len(valid) - yes - no,
            denominator=denominator,
            passed=_passes(Fraction(yes), Fraction(denominator), threshold),
        )
    return tallies


def _tally_scores(
    contest: Contest, scale: Scale, valid: Sequence[Marks], denominator: int, threshold: Fraction | None
) -> dict[str, Tally]:
    """Add up the points. Whoever gave none adds nothing, and still stands in the denominator as the rule has it."""
    scores: dict[str, list[Fraction]] = {name: [] for name in contest.candidates}
    for mark in (mark for marks in valid for mark in marks):
        if mark.points is not None:
            scores[mark.candidate].append(mark.points)
    return {
        name: ScoreTally(
            scores=tuple(sorted(given)),
            blank=len(valid) - len(given),
            denominator=denominator,
            scale=scale,
            passed=_passes(sum(given, Fraction(0)), denominator * scale.most, threshold),
        )
        for name, given in scores.items()
    }


def _passes(gained: Fraction, most: Fraction, threshold: Fraction | None) -> bool:
    if threshold is None:
        return gained > 0
    # A share of nothing reaches no threshold.
    return most > 0 and gained / most >= threshold


def _elect(contest: Contest, tallies: dict[str, Tally]) -> _Outcome:
    passed = [name for name in contest.candidates if tallies[name].passed]
    if contest.seats is None or len(passed) <= contest.seats:
        return _Outcome(tuple(passed), ())
    ranked = sorted((tallies[name].weight for name in passed), reverse=True)
    last_seat, first_without = ranked[contest.seats - 1], ranked[contest.seats]
    if last_seat > first_without:
        return _Outcome(tuple(name for name in passed if tallies[name].weight >= last_seat), ())
    return _Outcome(
        elected=tuple(name for name in passed if tallies[name].weight > last_seat),
        tied=tuple(name for name in passed if tallies[name].weight == last_seat),
    )


def _sitting_warnings(sitting: CountInput, quorum_met: bool) -> Iterator[str]:  # noqa: FBT001 - a fact, not a switch
    received, written = len(sitting.papers), len(sitting.written)
    if not quorum_met:
        yield (
            f"Có mặt {sitting.present}/{sitting.members} thành viên, chưa đủ {sitting.quorum} theo quy định: "
            "không ai trúng. Họp lại khi đủ số thành viên."
        )
    if sitting.issued < sitting.present:
        yield f"Có {sitting.present - sitting.issued} thành viên có mặt không nhận phiếu."
    if received < sitting.issued:
        yield f"Có {sitting.issued - received} phiếu phát ra không thu về."
    if written and sitting.count_written:
        yield (
            f"Đã tính {written} ý kiến bằng văn bản, đánh số tiếp sau {received} phiếu thu về; "
            "số phiếu hợp lệ gồm cả các ý kiến này."
        )
    if written and not sitting.count_written:
        yield f"Có {written} ý kiến bằng văn bản không được tính theo quy định của lượt bỏ phiếu."
    base = len(sitting.counted_papers)
    if 0 < base <= SMALL_BASE:
        yield f"Chỉ có {base} phiếu: từ kết quả có thể đoán được lựa chọn của từng người."


def _contest_warnings(contests: Sequence[ContestResult], quorum_met: bool) -> Iterator[str]:  # noqa: FBT001 - a fact, not a switch
    for result in contests:
        title, seats = result.contest.title, result.contest.seats
        if result.valid == 0:
            yield f"{title}: không có phiếu hợp lệ nào."
            continue
        unanimous = [name for name, tally in result.candidates.items() if tally.is_unanimous]
        if unanimous:
            yield (
                f"{title}: mọi phiếu hợp lệ giống nhau đối với {', '.join(unanimous)} "
                "nên kết quả tự cho biết từng người đã chọn gì."
            )
        if result.tied and seats is not None:
            left = seats - len(result.elected)
            yield (
                f"{title}: {', '.join(result.tied)} bằng {_measure(result)} nhau ở {left} suất còn lại. "
                "Cần bỏ phiếu vòng hai giữa những người này."
            )
        elif quorum_met and seats is not None and len(result.elected) < seats:
            yield f"{title}: {len(result.elected)} trên {seats} suất có người đạt."


def _measure(result: ContestResult) -> str:
    return "phiếu" if result.contest.scale is None else "điểm"
