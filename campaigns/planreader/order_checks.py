"""Steps in an order that cannot be kept, steps that nobody takes, and stretches of time that no phase covers."""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from campaigns.calendar import short_day
from campaigns.planreader.actors import shares_words
from campaigns.planreader.checking import Checked, day_place, warn
from campaigns.planreader.reading import (
    Code,
    Obligation,
    PlanPhase,
    PlanWarning,
)

_ONE_DAY: Final = timedelta(days=1)


_SAME_SEASON: Final = 60  # days within which a meeting and a report are of one review


_MANY_PAIRS: Final = 60  # more would be a plan of no office


# What a paper may tell the result of: words that must stand together in the step that brings it about.
_OUTPUTS: Final = (
    (
        re.compile(r"kết quả\s+(?:việc\s+|công tác\s+)?(?:ký kết|ký)\s+giao ước"),
        re.compile(r"(?<!\w)ký(?:\s+kết)?[^.;]{0,40}giao ước|giao ước[^.;]{0,60}(?:được\s+)?ký"),
    ),
    (
        re.compile(
            r"(?:kết quả|biên bản)\s+(?:việc\s+|công tác\s+|đợt\s+)?(?P<act>kiểm tra chéo|kiểm tra|giám sát"
            r"|thẩm định|khảo sát|tập huấn|hội thi|cuộc thi|bình chọn|bỏ phiếu|kiểm phiếu|chấm điểm|phúc tra"
            r"|chấm thi|đối thoại|lấy phiếu|hội thao|hội diễn|thanh tra|đánh giá chéo|ký cam kết)"
        ),
        None,
    ),
)


_REVIEW: Final = re.compile(r"hội nghị[^.;]{0,40}?(?P<kind>tổng kết|sơ kết)")


_REPORT: Final = re.compile(r"báo cáo[^.;]{0,40}?(?P<kind>tổng kết|sơ kết)")


def check_outputs(read: Checked) -> Iterator[PlanWarning]:
    for block in read.outline.body:
        for output, step in _OUTPUTS:
            for match in output.finditer(read.text.low, block.start, block.end):
                before = read.text.low[max(block.start, match.start() - 90) : match.start()]
                if not re.search(r"báo cáo|gửi|nộp|lập|biên bản", before + match.group()):
                    continue
                wanted = step or re.compile(rf"(?<!\w){re.escape(match['act'])}(?!\w)")
                if not _has_step(read, wanted, output):
                    yield warn(
                        read, Code.NO_PRODUCING_STEP, match.start(),
                        f"Phải nộp «{read.text.quote(*match.span())}», nhưng không bước nào của kế hoạch làm ra kết "
                        f"quả đó. Hỏi lại nơi ban hành.",
                        match.end(),
                    )  # fmt: skip


def _has_step(read: Checked, wanted: re.Pattern[str], output: re.Pattern[str]) -> bool:
    for block in read.outline.body:
        taken = [match.span() for match in output.finditer(read.text.low, block.start, block.end)]
        for match in wanted.finditer(read.text.low, block.start, block.end):
            if not any(start <= match.start() < end for start, end in taken):
                return True
    return False


def check_orders(read: Checked) -> Iterator[PlanWarning]:
    yield from _order_of_phases(read)
    for one in read.obligations:
        if one.due.first and one.due.last and one.due.first > one.due.last:
            yield warn(
                read,
                Code.ORDER_CONFLICT,
                day_place(read, one.due, one.span.start),
                "Ngày kết thúc đứng trước ngày bắt đầu. Đối chiếu bản gốc.",
            )
    yield from _meeting_after_report(read)
    yield from _sum_before_parts(read)


def _order_of_phases(read: Checked) -> Iterator[PlanWarning]:
    for phase in read.phases:
        if phase.first and phase.last and phase.first > phase.last:
            yield warn(
                read,
                Code.ORDER_CONFLICT,
                phase.span.start,
                f"{phase.name} kết thúc trước khi bắt đầu. Đối chiếu bản gốc.",
            )
    for before, after in zip(read.phases, read.phases[1:], strict=False):
        if (
            before.last
            and after.first
            and before.first
            and before.first <= after.first <= before.last
            and before.name != after.name
        ):
            yield warn(
                read,
                Code.ORDER_CONFLICT,
                after.span.start,
                f"{after.name} bắt đầu khi {before.name} chưa kết thúc. Hỏi lại nơi ban hành.",
            )


def _meeting_after_report(read: Checked) -> Iterator[PlanWarning]:
    """A report of what a meeting concluded cannot be due before it is held, nor its papers after it."""
    reports = [(one, told["kind"]) for one in read.obligations if (told := _REPORT.search(one.what.lower()))]
    reports += [(one, "") for one in read.obligations if "tham luận" in one.what.lower()]
    for meeting in read.obligations:
        held = _REVIEW.search(meeting.what.lower())
        if held is None:
            continue
        pairs = (_meeting_conflict(read, meeting, one) for one, kind in reports if kind in {held["kind"], ""})
        yield from (conflict for conflict in list(pairs)[:_MANY_PAIRS] if conflict)


def _meeting_conflict(read: Checked, meeting: Obligation, report: Obligation) -> PlanWarning | None:
    end, due = meeting.due.last or meeting.due.on, report.due.on
    if end is None or due is None or report is meeting or abs((end - due).days) > _SAME_SEASON:
        return None
    is_own = report.who == meeting.who or (shares_words(report.who, read.header.issuer) and not _is_many(report.who))
    if is_own and (due < end or (due == end and report.due.excludes_named_day)):
        told = f"Hội nghị có thể đến {short_day(end)}, nhưng báo cáo sau hội nghị phải gửi đến {short_day(due)}"
        return _order(read, meeting, report, told)
    if not is_own and _is_many(report.who) and due > end:
        told = f"Các đơn vị gửi báo cáo đến {short_day(due)}, sau khi hội nghị đã họp ({short_day(end)})"
        return _order(read, report, meeting, told)
    return None


def _is_many(who: str | None) -> bool:
    return bool(who and re.search(r"các|mỗi|từng|thủ trưởng|đơn vị", who.lower()))


def _order(read: Checked, first: Obligation, other: Obligation, message: str) -> PlanWarning:
    place = day_place(read, first.due, first.span.start)
    line = read.text.line_at(day_place(read, other.due, other.span.start))
    return warn(read, Code.ORDER_CONFLICT, place, f"{message} (dòng {line}). Hỏi lại nơi ban hành.")


def _sum_before_parts(read: Checked) -> Iterator[PlanWarning]:
    """What many hand in to the one who sums up must come before the sum goes on."""
    reports = [(one, kind) for one in read.obligations if one.due.on and (kind := _same_report(one))]
    for part, kind in reports:
        if not _is_many(part.who):
            continue
        for whole, other in reports[:_MANY_PAIRS]:
            if whole is part or other != kind or _is_many(whole.who) or part.due.on is None or whole.due.on is None:
                continue
            is_upward = bool(whole.owed_to and whole.owed_to != part.owed_to) or shares_words(whole.who, part.owed_to)
            if is_upward and part.due.on > whole.due.on and part.due.on.year == whole.due.on.year:
                yield _order(
                    read,
                    part,
                    whole,
                    f"Đơn vị gửi báo cáo đến {short_day(part.due.on)}, sau hạn của báo cáo tổng hợp "
                    f"{short_day(whole.due.on)}",
                )


def _same_report(one: Obligation) -> str:
    low = one.what.lower()
    if "báo cáo" not in low:
        return ""
    match = re.search(r"sơ kết|tổng kết|6 tháng|sáu tháng|quý", low)
    if not match:
        return ""
    return "nửa năm" if match.group() in {"sơ kết", "6 tháng", "sáu tháng"} else match.group()


def check_intervals(read: Checked) -> Iterator[PlanWarning]:
    """Days of the plan's time that lie in no phase."""
    phases = [phase for phase in read.phases if phase.first and phase.last]
    if len(phases) < 2:  # noqa: PLR2004  one stretch is no division of the time
        return
    ordered = sorted(phases, key=lambda phase: (phase.first or date.min, phase.last or date.min))
    reached = ordered[0].last or date.min
    for phase in ordered[1:]:
        if phase.first and phase.first > reached + _ONE_DAY:
            yield _gap(read, phase, reached + _ONE_DAY, phase.first - _ONE_DAY)
        reached = max(reached, phase.last or date.min)
    if _fills_period(read, phases) and read.period and read.period.first <= reached < read.period.last:
        yield _gap(read, ordered[-1], reached + _ONE_DAY, read.period.last)
    if _fills_period(read, phases):
        yield from _late_start(read, ordered[0])


def _fills_period(read: Checked, phases: Sequence[PlanPhase]) -> bool:
    """Phases that divide the plan's time; a month of activity within a year does not claim the rest of it."""
    if read.period is None or not read.period.is_exact:
        return False
    days = sum((phase.last - phase.first).days + 1 for phase in phases if phase.first and phase.last)
    return days * 2 > (read.period.last - read.period.first).days


def _late_start(read: Checked, phase: PlanPhase) -> Iterator[PlanWarning]:
    if not (read.period and read.period.is_exact and phase.first):
        return
    starts = max(read.period.first, read.header.earliest_issue or date.min)
    if starts + timedelta(days=31) < phase.first <= read.period.last:
        yield _gap(read, phase, starts, phase.first - _ONE_DAY)


def _gap(read: Checked, phase: PlanPhase, first: date, last: date) -> PlanWarning:
    return warn(
        read,
        Code.UNCOVERED_INTERVAL,
        phase.span.start,
        f"Từ {short_day(first)} đến {short_day(last)} không thuộc đợt nào. Hỏi lại nơi ban hành việc trong thời "
        f"gian này tính vào đợt nào.",
    )


def check_early_phases(read: Checked) -> Iterator[PlanWarning]:
    """A phase that began before the plan, or before the youngest paper it rests on, reaches back."""
    earliest = read.header.earliest_issue
    for phase in read.phases:
        if earliest and phase.first and phase.first < earliest:
            told = "ngày ban hành" if read.header.issued_on else "văn bản mới nhất mà kế hoạch căn cứ"
            yield warn(
                read,
                Code.DATE_BEFORE_ISSUE,
                phase.span.start,
                f"{phase.name} tính từ {short_day(phase.first)}, trước {told} ({short_day(earliest)}). Xác nhận là "
                f"tính lùi.",
            )
