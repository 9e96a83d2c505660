"""What a person should look at: dates that cannot be meant, duties that cannot be met, papers that lack something."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from campaigns.calendar import short_day, weekday_name
from campaigns.planreader.actors import shares_words
from campaigns.planreader.citations import MARKS
from campaigns.planreader.known_days import founding_days
from campaigns.planreader.moments import Moment, find_moments, malformed_elsewhere
from campaigns.planreader.reading import (
    Citation,
    Code,
    Due,
    DueKind,
    Header,
    KnownDocument,
    Obligation,
    Period,
    PlanPhase,
    PlanWarning,
    Span,
)
from campaigns.planreader.structure import Outline
from campaigns.planreader.text import Text, fold_words

_SATURDAY: Final = 5
_REPORT_SLACK: Final = timedelta(days=31)
_ONE_DAY: Final = timedelta(days=1)
_SAME_SEASON: Final = 60  # days within which a meeting and a report are of one review
_MANY_PAIRS: Final = 60  # more would be a plan of no office
_PHONE: Final = re.compile(
    r"(?<![\w/.\-])(?:\(?\+?84\)?|0)[\s.\-]?(?:[\dx][\s.\-]?){8,10}(?![\w/])"
    r"|(?<!\w)0\d{2,3}[xX]*[.\s]?[xX]{3}[.\s]?[xX]{3}|(?<!\w)0\d[xX]{2}[.\s]?[xX]{3}"
)
_PHONE_LABEL: Final = re.compile(
    r"(?:sđt|số điện thoại|điện thoại|đt|di động|mobile|tel|hotline|zalo)\s*[.:]?\s*(?:\(?\+?\d|0)"
)
_MAIL: Final = re.compile(r"[\w.+\-]+\s?@\s?[\w\-]+(?:\.[\w\-]+)+")
_YEARS_OF: Final = re.compile(
    r"(?:kỷ niệm|mừng|lần thứ|nhân dịp|nhân)?\s*(?:lần thứ\s+)?(?P<n>\d{1,3})\s*(?:năm\s+"
    r"|(?=ngày truyền thống))(?P<what>[^.;()\d]{4,140})"
)
_PAIR: Final = re.compile(r"(\d{1,2})/(\d{1,2})/+(1[89]\d\d|20\d\d)\s*-\s*(\d{1,2})/(\d{1,2})/+(20\d\d)")
_ANNIVERSARY: Final = re.compile(r"(?P<n>\d{1,3})\s*năm[^.;]{0,160}?\(?\s*$")
# Things that happen at a moment of their own; a deadline may count from them only if some step brings them about.
_EVENTS: Final = re.compile(
    r"(?P<form>hội nghị|lễ|cuộc họp|đại hội|hội thi|cuộc thi|hội thảo|tọa đàm|lớp tập huấn|tập huấn|kiểm tra"
    r"|thẩm định|giám sát|"
    r"khảo sát|bình xét|đợt thi đua|phiên họp|kỳ họp|hội diễn|hội thao|hội khỏe|hội trại|liên hoan|diễn đàn"
    r"|kỳ thi|lễ hội|hội chợ|ra quân|kiểm phiếu|chấm điểm|sơ khảo"
    r"|chung khảo|chung kết|ký kết|ký giao ước|đánh giá chéo)(?!\w)"
)
_STOP_WORDS: Final = frozenset(
    [
        "của",
        "các",
        "và",
        "khi",
        "ngày",
        "tổ",
        "chức",
        "kết",
        "thúc",
        "thi",
        "đua",
        "khu",
        "vực",
        "công",
        "tác",
        "bế",
        "mạc",
        "khai",
        "có",
        "này",
        "cấp",
        "tại",
        "được",
        "xong",
        "hoàn",
        "thành",
        "năm",
        "sở",
        "cuộc",
    ]
)
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
_LAW_NAME: Final = re.compile(r"luật\s+thi đua\s*(?P<joint>,|-|và)?\s*khen thưởng")
_LAW_KINDS: Final = {
    "QĐ": "Quyết định",
    "NĐ": "Nghị định",
    "TT": "Thông tư",
    "CT": "Chỉ thị",
    "KH": "Kế hoạch",
    "NQ": "Nghị quyết",
}
_QUOTED: Final = re.compile(r'"([^"\n]{6,90})"')


@dataclass(frozen=True, slots=True)
class Checked:
    """Everything read, as the checks see it."""

    outline: Outline
    header: Header
    period: Period | None
    obligations: tuple[Obligation, ...]
    phases: tuple[PlanPhase, ...]
    citations: tuple[Citation, ...]
    moments: tuple[Moment, ...]
    register: Mapping[str, KnownDocument]
    holidays: Mapping[date, str]

    @property
    def text(self) -> Text:
        return self.outline.text


def check(read: Checked) -> list[PlanWarning]:
    """All warnings in the order of the lines, each once."""
    found: list[PlanWarning] = []
    for rule in _RULES:
        found.extend(rule(read))
    unique = {(one.code, one.line, one.message): one for one in found}
    return sorted(unique.values(), key=lambda one: (one.line, one.code))


def with_codes(obligations: Sequence[Obligation], warnings: Sequence[PlanWarning]) -> tuple[Obligation, ...]:
    """Each duty with the codes of what was found in its own words."""
    placed = sorted((one for one in warnings if one.span), key=_start)
    starts = [_start(one) for one in placed]
    coded = []
    for one in obligations:
        near = placed[bisect_left(starts, one.span.start) : bisect_left(starts, one.span.end)]
        found = {warning.code for warning in near if _concerns(warning, one)}
        coded.append(replace(one, warnings=tuple(sorted(found))))
    return tuple(coded)


def _start(warning: PlanWarning) -> int:
    return warning.span.start if warning.span else -1


def _concerns(warning: PlanWarning, obligation: Obligation) -> bool:
    span, due = warning.span, obligation.due.span
    if span is None or warning.code in {Code.PERSONAL_DATA, Code.CITATION_MISMATCH, Code.UNCOVERED_INTERVAL}:
        return False
    if due is not None and warning.code not in {
        Code.MISSING_DEADLINE,
        Code.NO_PRODUCING_STEP,
        Code.ANNIVERSARY_MISMATCH,
        Code.MALFORMED_DATE,
        Code.IMPOSSIBLE_DATE,
    }:
        return due.start <= span.start < due.end
    return obligation.span.start <= span.start < obligation.span.end


def _warn(read: Checked, code: Code, place: int, message: str, end: int | None = None) -> PlanWarning:
    return PlanWarning(code, read.text.line_at(place), message, Span(place, end if end is not None else place + 1))


def _day_place(read: Checked, due: Due, fallback: int) -> int:
    """Where the day itself stands: a sentence may be broken over lines."""
    if due.span is None:
        return fallback
    inside = find_moments(read.text, due.span.start, due.span.end)
    wanted = [moment for moment in inside if moment.first == due.on or moment.last == due.last]
    return (wanted or inside)[-1].start if inside else due.span.start


def _dates_of_duties(read: Checked) -> Iterator[PlanWarning]:
    for one in read.obligations:
        day = one.due.on or one.due.last
        if day is None or one.due.days is not None:
            continue
        place = _day_place(read, one.due, one.span.start)
        yield from _before_issue(read, one, day, place)
        yield from _outside(read, one, place)
        if one.due.on:
            yield from _day_off(read, one.due.on, place)


def _before_issue(read: Checked, one: Obligation, day: date, place: int) -> Iterator[PlanWarning]:
    earliest, latest = read.header.earliest_issue, read.header.latest_issue
    if earliest and day < earliest:
        told = short_day(earliest)
        since = f"ngày ban hành {told}" if latest == earliest else f"ngày sớm nhất có thể ban hành ({told})"
        yield _warn(
            read,
            Code.DATE_BEFORE_ISSUE,
            place,
            f"Hạn {short_day(day)} đứng trước {since}. Hỏi lại nơi ban hành trước khi giao việc.",
        )
    elif latest and latest != earliest and day <= latest and one.due.kind is DueKind.ABSOLUTE:
        yield _warn(
            read, Code.DATE_BEFORE_ISSUE, place,
            f"Kế hoạch để trống ngày ban hành (đến {short_day(latest)}), nên hạn {short_day(day)} có thể đã qua khi "
            f"kế hoạch đến nơi. Điền ngày ban hành rồi xem lại hạn.",
        )  # fmt: skip


def _outside(read: Checked, one: Obligation, place: int) -> Iterator[PlanWarning]:
    day = one.due.on or one.due.last
    if read.period is None:
        if one.due.kind is not DueKind.OCCASION:
            yield from _year_long_past(read, day, place)
        return
    first, last = read.period.first, read.period.last
    if day is None or first.year <= day.year <= last.year:
        return
    is_report = re.search(r"báo cáo|tổng kết|hồ sơ|quyết toán|công bố|khen thưởng", one.what.lower())
    if is_report and last < day <= last + _REPORT_SLACK:
        return
    yield _warn(
        read, Code.YEAR_OUTSIDE_PLAN, place,
        f"Năm {day.year} nằm ngoài thời gian của kế hoạch ({short_day(first)} - {short_day(last)}); có thể ghi nhầm "
        f"năm. Hỏi lại nơi ban hành.",
    )  # fmt: skip


def _year_long_past(read: Checked, day: date | None, place: int) -> Iterator[PlanWarning]:
    """A plan that names no time of its own covers no year before the one it was issued in."""
    issued_on = read.header.issued_on
    if day and issued_on and day.year < issued_on.year:
        yield _warn(
            read, Code.YEAR_OUTSIDE_PLAN, place,
            f"Năm {day.year} ở trước năm ban hành kế hoạch ({issued_on.year}); có thể ghi nhầm năm. Hỏi lại nơi "
            f"ban hành.",
        )  # fmt: skip


def _day_off(read: Checked, day: date, place: int) -> Iterator[PlanWarning]:
    if day in read.holidays:
        yield _warn(
            read,
            Code.HOLIDAY,
            place,
            f"{short_day(day)} là ngày nghỉ ({read.holidays[day]}). Nên xong trước ngày nghỉ.",
        )
    elif day.weekday() >= _SATURDAY:
        yield _warn(
            read,
            Code.WEEKEND,
            place,
            f"{short_day(day)} là {weekday_name(day)}. Nên xong trong ngày làm việc liền trước.",
        )


def _issue_day(read: Checked) -> Iterator[PlanWarning]:
    header = read.header
    if header.issued_on and header.date_span:
        for warning in _day_off(read, header.issued_on, header.date_span.start):
            yield replace(warning, message=f"Ngày ban hành {warning.message.split('.')[0]}. Đối chiếu bản gốc.")


def _bad_dates(read: Checked) -> Iterator[PlanWarning]:
    for moment in read.moments:
        words = read.text.quote(moment.start, moment.end)
        if moment.problem is Code.IMPOSSIBLE_DATE:
            yield _warn(
                read,
                Code.IMPOSSIBLE_DATE,
                moment.start,
                f"«{words}» không có trong lịch. Đối chiếu bản gốc rồi nhập ngày đúng.",
                moment.end,
            )
        elif moment.problem is Code.MALFORMED_DATE:
            meant = f" Có lẽ là {short_day(moment.first)}." if moment.first else ""
            yield _warn(
                read,
                Code.MALFORMED_DATE,
                moment.start,
                f"«{words}» viết sai dạng ngày.{meant} Xác nhận lại ngày.",
                moment.end,
            )
    for place in malformed_elsewhere(read.text, list(read.moments)):
        yield _warn(read, Code.MALFORMED_DATE, place, "Ngày viết sai dạng, không đọc được. Đối chiếu bản gốc.")


def _frame(read: Checked) -> Iterator[PlanWarning]:
    header = read.header
    top = header.title_span.start if header.title_span else 0
    if header.number is None:
        place = header.number_span.start if header.number_span else top
        yield _warn(read, Code.MISSING_NUMBER, place, "Kế hoạch chưa có số. Nếu là bản dự thảo, chờ bản chính thức.")
    if header.issued_on is None:
        place = header.date_span.start if header.date_span else top
        yield _warn(
            read,
            Code.MISSING_DATE,
            place,
            "Kế hoạch chưa có đủ ngày, tháng, năm ban hành. Nhập ngày theo bản chính thức.",
        )
    if header.signer is None or header.signer_title is None:
        lacks = (
            "người ký"
            if header.signer is None and header.signer_title is None
            else ("họ tên người ký" if header.signer is None else "chức vụ người ký")
        )
        place = header.signer_span.start if header.signer_span else max(0, len(read.text.shown.rstrip()) - 1)
        yield _warn(read, Code.MISSING_SIGNER, place, f"Không thấy {lacks} ở cuối kế hoạch. Đối chiếu bản có chữ ký.")


def _no_deadline(read: Checked) -> Iterator[PlanWarning]:
    for one in read.obligations:
        if one.due.kind is None:
            yield _warn(
                read,
                Code.MISSING_DEADLINE,
                one.span.start,
                "Việc phải nộp nhưng kế hoạch không nêu thời hạn. Đặt hạn khi nhập, và ghi rõ hạn do đơn vị đặt.",
            )


def _anchors(read: Checked) -> Iterator[PlanWarning]:
    for one in read.obligations:
        if one.due.kind is not DueKind.RELATIVE or not one.due.anchor or one.due.on or one.due.span is None:
            continue
        anchor = one.due.anchor.lower()
        event = _EVENTS.search(anchor)
        if event and not _happens(read, anchor, event, one.due.span):
            place = one.due.span.start
            yield _warn(
                read, Code.MISSING_ANCHOR, place,
                f"Hạn tính từ «{one.due.anchor}», nhưng không bước nào của kế hoạch làm ra việc đó. Hỏi lại nơi ban "
                f"hành hạn tính từ đâu.",
            )  # fmt: skip


def _happens(read: Checked, anchor: str, event: re.Match[str], own: Span) -> bool:
    """Whether the event is spoken of elsewhere by its form and by at least one word of what it is for."""
    purpose = [word for word in re.findall(r"\w+", anchor[event.end() :])[:6] if word not in _STOP_WORDS]
    for block in read.outline.body:
        low = read.text.low
        form = "họp" if event["form"].endswith("họp") else event["form"]
        for match in re.compile(rf"{form}(?!\w)").finditer(low, block.start, block.end):
            if own.start <= match.start() < own.end:
                continue
            around = low[match.end() : match.end() + 60]
            if not purpose or any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", around) for word in purpose[:2]):
                return True
    return False


def _outputs(read: Checked) -> Iterator[PlanWarning]:
    for block in read.outline.body:
        for output, step in _OUTPUTS:
            for match in output.finditer(read.text.low, block.start, block.end):
                before = read.text.low[max(block.start, match.start() - 90) : match.start()]
                if not re.search(r"báo cáo|gửi|nộp|lập|biên bản", before + match.group()):
                    continue
                wanted = step or re.compile(rf"(?<!\w){re.escape(match['act'])}(?!\w)")
                if not _has_step(read, wanted, output):
                    yield _warn(
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


def _orders(read: Checked) -> Iterator[PlanWarning]:
    yield from _order_of_phases(read)
    for one in read.obligations:
        if one.due.first and one.due.last and one.due.first > one.due.last:
            yield _warn(
                read,
                Code.ORDER_CONFLICT,
                _day_place(read, one.due, one.span.start),
                "Ngày kết thúc đứng trước ngày bắt đầu. Đối chiếu bản gốc.",
            )
    yield from _meeting_after_report(read)
    yield from _sum_before_parts(read)


def _order_of_phases(read: Checked) -> Iterator[PlanWarning]:
    for phase in read.phases:
        if phase.first and phase.last and phase.first > phase.last:
            yield _warn(
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
            yield _warn(
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
    place = _day_place(read, first.due, first.span.start)
    line = read.text.line_at(_day_place(read, other.due, other.span.start))
    return _warn(read, Code.ORDER_CONFLICT, place, f"{message} (dòng {line}). Hỏi lại nơi ban hành.")


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


def _intervals(read: Checked) -> Iterator[PlanWarning]:
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
    return _warn(
        read,
        Code.UNCOVERED_INTERVAL,
        phase.span.start,
        f"Từ {short_day(first)} đến {short_day(last)} không thuộc đợt nào. Hỏi lại nơi ban hành việc trong thời "
        f"gian này tính vào đợt nào.",
    )


def _early_phases(read: Checked) -> Iterator[PlanWarning]:
    """A phase that began before the plan, or before the youngest paper it rests on, reaches back."""
    earliest = read.header.earliest_issue
    for phase in read.phases:
        if earliest and phase.first and phase.first < earliest:
            told = "ngày ban hành" if read.header.issued_on else "văn bản mới nhất mà kế hoạch căn cứ"
            yield _warn(
                read,
                Code.DATE_BEFORE_ISSUE,
                phase.span.start,
                f"{phase.name} tính từ {short_day(phase.first)}, trước {told} ({short_day(earliest)}). Xác nhận là "
                f"tính lùi.",
            )


def _anniversaries(read: Checked) -> Iterator[PlanWarning]:
    for block in read.outline.body:
        low = read.text.low[block.start : block.end]
        for match in _PAIR.finditer(low):
            yield from _pair(read, block.start, low, match)
        for match in _YEARS_OF.finditer(low):
            yield from _known_anniversary(read, block.start, low, match)
    yield from _occasion_outside(read)


def _pair(read: Checked, start: int, low: str, match: re.Match[str]) -> Iterator[PlanWarning]:
    spoken = _ANNIVERSARY.search(low, 0, match.start())
    years = int(match[6]) - int(match[3])
    is_same_day = (int(match[1]), int(match[2])) == (int(match[4]), int(match[5]))
    if spoken and (int(spoken["n"]) != years or not is_same_day):
        said = f"{spoken['n']} năm" if int(spoken["n"]) != years else "tròn năm"
        yield _warn(
            read,
            Code.ANNIVERSARY_MISMATCH,
            start + match.start(),
            f"Kế hoạch viết {said}, nhưng hai ngày trong ngoặc cách nhau {years} năm"
            + ("" if is_same_day else " và không cùng ngày tháng")
            + ". Sửa lại số năm hoặc ngày.",
        )


def _known_anniversary(read: Checked, start: int, low: str, match: re.Match[str]) -> Iterator[PlanWarning]:
    known = next((day for day in founding_days() if any(words in match["what"][:80] for words in day.words)), None)
    if known is None or _PAIR.search(low[match.start() : match.end() + 60]):
        return
    stop = low.rfind(".", 0, match.start()) + 1
    years = {int(year) for year in re.findall(r"(?<!\d)20\d\d(?!\d)", low[stop : match.end() + 40])}
    if not years and read.period and read.period.last.year - read.period.first.year < 2:  # noqa: PLR2004  a plan of a year
        years = set(range(read.period.first.year, read.period.last.year + 1))
    if years and known.day.year + int(match["n"]) not in years:
        yield _warn(
            read, Code.ANNIVERSARY_MISMATCH, start + match.start("n"),
            f"{known.name} tính từ {short_day(known.day)}: {match['n']} năm là năm "
            f"{known.day.year + int(match['n'])}, không phải năm nêu trong kế hoạch.",
        )  # fmt: skip


def _occasion_outside(read: Checked) -> Iterator[PlanWarning]:
    """A review "on the occasion of" a day that its own month or quarter does not hold."""
    for one in read.obligations:
        if one.due.kind is not DueKind.RANGE or not one.due.first or not one.due.last:
            continue
        if (one.due.last - one.due.first).days > 180:  # noqa: PLR2004  a longer stretch holds most days
            continue
        low = read.text.low[one.span.start : one.span.end]
        pair = _PAIR.search(low)
        if pair is None or not re.search(r"nhân|dịp", low[: pair.start()]):
            continue
        day = _day(int(pair[6]), int(pair[5]), int(pair[4]))
        if day and not one.due.first <= day <= one.due.last:
            yield _warn(
                read, Code.ANNIVERSARY_MISMATCH, one.span.start + pair.start(),
                f"Việc gắn với dịp {short_day(day)}, nhưng thời gian thực hiện là {short_day(one.due.first)} - "
                f"{short_day(one.due.last)}. Hỏi lại nơi ban hành theo mốc nào.",
            )  # fmt: skip


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _citations(read: Checked) -> Iterator[PlanWarning]:
    seen: dict[str, Citation] = {}
    for citation in read.citations:
        yield from _against_itself(read, citation)
        yield from _against_register(read, citation)
        if citation.number is None:
            continue
        first = seen.setdefault(citation.number, citation)
        if first.date and citation.date and first.date != citation.date:
            yield _mismatch(
                read,
                citation,
                f"{citation.number} ghi ngày {short_day(citation.date)}, ở dòng {first.line} lại ghi "
                f"{short_day(first.date)}.",
            )


def _against_itself(read: Checked, citation: Citation) -> Iterator[PlanWarning]:
    """The mark in the number tells the kind of document and the year it was issued."""
    if citation.number is None:
        return
    marks = re.split(r"[/\-]", citation.number.upper())
    kind = next((MARKS[mark] for mark in marks[1:] if mark in _LAW_KINDS), None)
    spoken = citation.kind
    if kind and spoken in _LAW_KINDS.values() and kind != spoken:
        yield _mismatch(read, citation, f"Viết là {spoken}, nhưng ký hiệu {citation.number} là của {kind}.")
    year = re.search(r"/((?:19|20)\d\d)/", citation.number)
    if year and citation.date and citation.date.year != int(year[1]):
        yield _mismatch(
            read, citation, f"Số {citation.number} là của năm {year[1]}, nhưng ngày ghi là {short_day(citation.date)}."
        )
    issued = read.header.issued_on
    if issued and citation.date and citation.date > issued:
        yield _mismatch(
            read, citation, f"{citation.number} ghi ngày {short_day(citation.date)}, sau ngày ban hành kế hoạch."
        )


def _against_register(read: Checked, citation: Citation) -> Iterator[PlanWarning]:
    known = read.register.get(_key(citation.number)) if citation.number else None
    if known is not None:
        if known.issued_on and citation.date and known.issued_on != citation.date:
            yield _mismatch(
                read,
                citation,
                f"{citation.number} ghi ngày {short_day(citation.date)}; danh mục văn bản ghi "
                f"{short_day(known.issued_on)}.",
            )
        if _is_misspelt(citation.title, known.subject):
            yield _mismatch(
                read, citation, f"Trích yếu của {citation.number} viết khác danh mục văn bản: «{known.subject}»."
            )
    if citation.kind == "Luật":
        yield from _law(read, citation)


def _is_misspelt(title: str, subject: str) -> bool:
    """The same words with other marks between them; the register's own wording is no fault of a plan."""
    wanted = fold_words(subject)
    if not title or len(wanted.split()) < 4:  # noqa: PLR2004  too little to compare
        return False
    marks = [
        re.sub(r"\s+", "", "".join(re.findall(r"[^\w.\"']", one.lower().replace("-", ","))))
        for one in (title[: len(subject) + 1].rstrip(" .;"), subject)
    ]
    return fold_words(title).startswith(wanted) and (
        marks[0].rstrip(",") != marks[1].rstrip(",") or not _same_places(title, subject)
    )


def _same_places(title: str, subject: str) -> bool:
    """Whether the commas stand behind the same words."""
    places = [
        [len(re.findall(r"\w+", one[: match.start()])) for match in re.finditer(",", one)] for one in (title, subject)
    ]
    count = len(re.findall(r"\w+", subject))
    return [place for place in places[0] if place < count] == [place for place in places[1] if place < count]


def _law(read: Checked, citation: Citation) -> Iterator[PlanWarning]:
    name = _LAW_NAME.search(citation.title.lower())
    if name is None:
        return
    if name["joint"] != ",":
        yield _mismatch(
            read, citation, f"Tên luật viết là «{citation.title}»; tên chính thức là «Luật Thi đua, khen thưởng»."
        )
    laws = [
        known
        for known in read.register.values()
        if known.type == "law" and "thi đua, khen thưởng" in known.subject.lower()
    ]
    days = {known.issued_on for known in laws if known.issued_on}
    if citation.date and days and citation.date not in days and not read.register.get(_key(citation.number)):
        yield _mismatch(
            read, citation, f"Danh mục văn bản không có Luật Thi đua, khen thưởng nào ngày {short_day(citation.date)}."
        )


def _key(number: str | None) -> str:
    return re.sub(r"\s", "", number or "").upper()


def register_by_number(documents: Sequence[KnownDocument]) -> dict[str, KnownDocument]:
    return {_key(document.number): document for document in documents}


def _mismatch(read: Checked, citation: Citation, message: str) -> PlanWarning:
    return _warn(
        read, Code.CITATION_MISMATCH, citation.span.start, f"{message} Đối chiếu văn bản gốc.", citation.span.end
    )


def _names(read: Checked) -> Iterator[PlanWarning]:
    """One name in quotes written in two ways in the same plan."""
    ways: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for block in read.outline.body:
        for match in _QUOTED.finditer(read.text.plain, block.start, block.end):
            words = " ".join(match[1].lower().split())
            key = " ".join(word for word in fold_words(words).split() if word not in {"của", "và", "về"})
            if len(key.split()) < 9:  # noqa: PLR2004  a longer one is a slogan
                ways[key].append((words, match.start(1)))
    for spoken in ways.values():
        first = spoken[0]
        for words, place in spoken[1:]:
            if words != first[0]:
                yield _warn(
                    read,
                    Code.CITATION_MISMATCH,
                    place,
                    f"Cùng một tên nhưng viết khác ở dòng {read.text.line_at(first[1])} "
                    f"(«{read.text.quote(first[1], first[1] + len(first[0]))}»). Dùng tên trong danh mục.",
                )
                break


def _personal_data(read: Checked) -> Iterator[PlanWarning]:
    """Never repeats what it found: the message would spread it."""
    lines: dict[int, tuple[int, set[str]]] = {}
    has_mail = "@" in read.text.low
    for pattern, kind in ((_MAIL, "thư điện tử"), (_PHONE, "số điện thoại"), (_PHONE_LABEL, "số điện thoại")):
        for match in pattern.finditer(read.text.low) if has_mail or pattern is not _MAIL else ():
            line = read.text.line_at(match.start())
            lines.setdefault(line, (match.start(), set()))[1].add(kind)
    for place, kinds in lines.values():
        yield _warn(
            read,
            Code.PERSONAL_DATA,
            place,
            f"Văn bản có {' và '.join(sorted(kinds))}. Không nhập vào phần mềm; che đi trước khi chia sẻ văn bản.",
        )


_RULES: Final = (
    _frame, _issue_day, _dates_of_duties, _bad_dates, _no_deadline, _anchors, _outputs, _orders, _intervals,
    _early_phases,
    _anniversaries, _citations, _names, _personal_data,
)  # fmt: skip
