"""Invented doors, indicators and a first report of the demonstration, made through the same doors as everybody's.

The plans themselves are real and say none of this, so it stands beside them and is marked as invented.
"""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Final

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.timezone import localdate

from campaigns.models import Assignment, Campaign, Door, Indicator
from campaigns.selectors.filings import read_wanted
from campaigns.services.doors import edit_phase_doors
from campaigns.services.filings import save_submission, send_submission, start_submission
from campaigns.services.indicator_reports import ReportedValue, report_indicators
from campaigns.services.papers import add_paper
from campaigns.services.targets import IndicatorWords, Level, add_indicator, set_target
from units.actors import Actor

REASON: Final = "Ngày giả định để trình diễn; kế hoạch không nêu ngày nào."
NOTE: Final = "Ngày mở, đóng của các đợt, các chỉ tiêu và mức giao là giả định để trình diễn, kế hoạch không nêu."
# Of each phase of a year: the first and the last day of each door, as month and day.
_DOORS: Final = {
    Door.REGISTER: ((1, 1), (3, 31)),
    Door.NOMINATE: ((10, 1), (12, 15)),
    Door.APPRAISE: ((10, 1), (12, 25)),
    Door.VOTE: ((11, 1), (12, 31)),
    Door.DECIDE: ((11, 1), (12, 31)),
}
# Code, words, way of counting, what it is counted in, direction, level for sub-departments, what the first one reports.
_INDICATORS: Final = (
    ("GD-VIEC", "Tỷ lệ thi hành xong về việc (giả định)", "percent", "", "more", "83.5", "85.2"),
    ("GD-TIEN", "Tỷ lệ thi hành xong về tiền (giả định)", "percent", "", "more", "45", "41.75"),
    ("GD-KHIEU-NAI", "Khiếu nại có nội dung đúng (giả định)", "count", "vụ", "less", "2", "1"),
    ("GD-LAM-THEO", "Có kế hoạch làm theo điển hình (giả định)", "yes-no", "", "exact", "1", "1"),
)


def open_doors(campaign: Campaign, *, actor: Actor) -> None:
    """Phases of one year let nominations in each autumn; that of the whole period in its last year."""
    campaign.note = f"{campaign.note}\n{NOTE}".strip()
    campaign.save(update_fields=["note"])
    for phase in campaign.phases.order_by("opens_on"):
        year = phase.closes_on.year
        if phase.opens_on.year == year:
            days = {door: (date(year, *first), date(year, *last)) for door, (first, last) in _DOORS.items()}
        else:
            whole = (date(year, 1, 1), phase.closes_on)
            days = {door: whole for door in _DOORS if door != Door.REGISTER}
        edit_phase_doors(phase, days, reason=REASON, actor=actor)


def ask_for_figures(campaign: Campaign, *, actor: Actor, day: date, at: datetime) -> None:
    """Indicators with levels for sub-departments; one is wanted in every yearly report, the others may be left out."""
    for number, (code, title, measure, measured_in, direction, level, _) in enumerate(_INDICATORS):
        words = IndicatorWords(
            code=code,
            title=title,
            measure=measure,
            measured_in=measured_in,
            direction=direction,
            half_year="none",
            yearly="optional" if number else "required",
            citation="Chỉ tiêu giả định để trình diễn",
        )
        indicator = add_indicator(campaign, words, actor=actor)
        set_target(indicator, Level(level=Decimal(level), unit_kind="chi-cuc"), actor=actor, day=day, at=at)


def report_figures(assignment: Assignment, *, actor: Actor, at: datetime) -> None:
    """The unit's yearly report with its figures, sent: most targets met, one not."""
    submission = start_submission(assignment, actor=actor, at=at)
    for name, _, _ in read_wanted(assignment.obligation):
        add_paper(submission, _scan(), paper=name, actor=actor, at=at)
    save_submission(submission, document_number="MAU-15/BC", document_date=localdate(at), message="", actor=actor)
    reported = {code: Decimal(value) for code, *_, value in _INDICATORS}
    indicators = Indicator.objects.filter(campaign=assignment.obligation.campaign, code__in=reported)
    values = {one.pk: ReportedValue(reported[one.code], "Số liệu giả định") for one in indicators}
    report_indicators(submission, values, actor=actor, at=at)
    send_submission(submission, actor=actor, at=at)


def _scan() -> SimpleUploadedFile:
    document, buffer = pikepdf.new(), io.BytesIO()
    document.add_blank_page(page_size=(595, 842))
    document.save(buffer)
    return SimpleUploadedFile("bao-cao-nam.pdf", buffer.getvalue())
