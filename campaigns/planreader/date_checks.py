"""Days that cannot be meant, lie outside the plan or on a day off, and duties without a day."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from campaigns.calendar import short_day, weekday_name
from campaigns.planreader.checking import Checked, day_place, warn
from campaigns.planreader.moments import malformed_elsewhere
from campaigns.planreader.reading import (
    Code,
    DueKind,
    Obligation,
    PlanWarning,
    Span,
)

_SATURDAY: Final = 5


_REPORT_SLACK: Final = timedelta(days=31)


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


def check_dates_of_duties(read: Checked) -> Iterator[PlanWarning]:
    for one in read.obligations:
        day = one.due.on or one.due.last
        if day is None or one.due.days is not None:
            continue
        place = day_place(read, one.due, one.span.start)
        yield from _before_issue(read, one, day, place)
        yield from _outside(read, one, place)
        if one.due.on:
            yield from _day_off(read, one.due.on, place)


def _before_issue(read: Checked, one: Obligation, day: date, place: int) -> Iterator[PlanWarning]:
    earliest, latest = read.header.earliest_issue, read.header.latest_issue
    if earliest and day < earliest:
        told = short_day(earliest)
        since = f"ngày ban hành {told}" if latest == earliest else f"ngày sớm nhất có thể ban hành ({told})"
        yield warn(
            read,
            Code.DATE_BEFORE_ISSUE,
            place,
            f"Hạn {short_day(day)} đứng trước {since}. Hỏi lại nơi ban hành trước khi giao việc.",
        )
    elif latest and latest != earliest and day <= latest and one.due.kind is DueKind.ABSOLUTE:
        yield warn(
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
    yield warn(
        read, Code.YEAR_OUTSIDE_PLAN, place,
        f"Năm {day.year} nằm ngoài thời gian của kế hoạch ({short_day(first)} - {short_day(last)}); có thể ghi nhầm "
        f"năm. Hỏi lại nơi ban hành.",
    )  # fmt: skip


def _year_long_past(read: Checked, day: date | None, place: int) -> Iterator[PlanWarning]:
    """A plan that names no time of its own covers no year before the one it was issued in."""
    issued_on = read.header.issued_on
    if day and issued_on and day.year < issued_on.year:
        yield warn(
            read, Code.YEAR_OUTSIDE_PLAN, place,
            f"Năm {day.year} ở trước năm ban hành kế hoạch ({issued_on.year}); có thể ghi nhầm năm. Hỏi lại nơi "
            f"ban hành.",
        )  # fmt: skip


def _day_off(read: Checked, day: date, place: int) -> Iterator[PlanWarning]:
    if day in read.holidays:
        yield warn(
            read,
            Code.HOLIDAY,
            place,
            f"{short_day(day)} là ngày nghỉ ({read.holidays[day]}). Nên xong trước ngày nghỉ.",
        )
    elif day.weekday() >= _SATURDAY:
        yield warn(
            read,
            Code.WEEKEND,
            place,
            f"{short_day(day)} là {weekday_name(day)}. Nên xong trong ngày làm việc liền trước.",
        )


def check_issue_day(read: Checked) -> Iterator[PlanWarning]:
    header = read.header
    if header.issued_on and header.date_span:
        for warning in _day_off(read, header.issued_on, header.date_span.start):
            yield replace(warning, message=f"Ngày ban hành {warning.message.split('.')[0]}. Đối chiếu bản gốc.")


def check_bad_dates(read: Checked) -> Iterator[PlanWarning]:
    for moment in read.moments:
        words = read.text.quote(moment.start, moment.end)
        if moment.problem is Code.IMPOSSIBLE_DATE:
            yield warn(
                read,
                Code.IMPOSSIBLE_DATE,
                moment.start,
                f"«{words}» không có trong lịch. Đối chiếu bản gốc rồi nhập ngày đúng.",
                moment.end,
            )
        elif moment.problem is Code.MALFORMED_DATE:
            meant = f" Có lẽ là {short_day(moment.first)}." if moment.first else ""
            yield warn(
                read,
                Code.MALFORMED_DATE,
                moment.start,
                f"«{words}» viết sai dạng ngày.{meant} Xác nhận lại ngày.",
                moment.end,
            )
    for place in malformed_elsewhere(read.text, list(read.moments)):
        yield warn(read, Code.MALFORMED_DATE, place, "Ngày viết sai dạng, không đọc được. Đối chiếu bản gốc.")


def check_frame(read: Checked) -> Iterator[PlanWarning]:
    header = read.header
    top = header.title_span.start if header.title_span else 0
    if header.number is None:
        place = header.number_span.start if header.number_span else top
        yield warn(read, Code.MISSING_NUMBER, place, "Kế hoạch chưa có số. Nếu là bản dự thảo, chờ bản chính thức.")
    if header.issued_on is None:
        place = header.date_span.start if header.date_span else top
        yield warn(
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
        yield warn(read, Code.MISSING_SIGNER, place, f"Không thấy {lacks} ở cuối kế hoạch. Đối chiếu bản có chữ ký.")


def check_no_deadline(read: Checked) -> Iterator[PlanWarning]:
    for one in read.obligations:
        if one.due.kind is None:
            yield warn(
                read,
                Code.MISSING_DEADLINE,
                one.span.start,
                "Việc phải nộp nhưng kế hoạch không nêu thời hạn. Đặt hạn khi nhập, và ghi rõ hạn do đơn vị đặt.",
            )


def check_anchors(read: Checked) -> Iterator[PlanWarning]:
    for one in read.obligations:
        if one.due.kind is not DueKind.RELATIVE or not one.due.anchor or one.due.on or one.due.span is None:
            continue
        anchor = one.due.anchor.lower()
        event = _EVENTS.search(anchor)
        if event and not _happens(read, anchor, event, one.due.span):
            place = one.due.span.start
            yield warn(
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
