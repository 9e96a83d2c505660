"""What a unit writes about its indicators in a half-year or yearly report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from campaigns.models import IndicatorValue, Submission
from campaigns.selectors.targets import read_version
from campaigns.services.filings import lock_submission, require_open
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act


@dataclass(frozen=True, slots=True)
class ReportedValue:
    value: Decimal
    note: str = ""


@transaction.atomic
def report_indicators(
    submission: Submission, values: Mapping[int, ReportedValue], *, actor: Actor, at: datetime
) -> Submission:
    """Keep what the draft says of its indicators, by the indicator's key; what `values` leaves out is taken back.

    Refuses what is no draft of the actor's own unit, and an indicator that this report does not hold.
    """
    submission = lock_submission(submission)
    require_open(submission, actor)
    facts = {one.indicator.pk: one for one in read_version(submission, at)}
    if not set(values) <= set(facts):
        raise RefusedError(
            "Có chỉ tiêu không thuộc báo cáo này.",
            why="Chỉ tiêu vừa được thôi dùng, hoặc không giao cho đơn vị.",
            remedy="Tải lại trang rồi ghi lại số liệu.",
        )
    submission.indicator_values.all().delete()
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            unit=submission.unit,
            submission=submission,
            indicator=facts[key].indicator,
            year=facts[key].year,
            half=facts[key].half,
            value=one.value,
            note=nfc(one.note).strip(),
        )
        for key, one in values.items()
    )
    record_act("report-indicators", submission, actor=actor, number=len(values), version=submission.version)
    return submission
