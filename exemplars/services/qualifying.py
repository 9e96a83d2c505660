"""The nightly comparison, in parts that survive a restart; and the draft that one click makes of what it found."""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from campaigns.models import Campaign, ObligationKind
from campaigns.selectors.work import list_open_campaigns
from exemplars.models import Candidate, MovementResult, Nomination, QualifyingRun
from exemplars.selectors.qualifying import (
    Judges,
    find_candidate,
    judge_everybody,
    list_nominees,
    list_units_between,
)
from exemplars.services.nominations import create_nomination
from units.actors import Actor
from units.folding import nfc
from units.models import AwardTitle, Unit
from units.refusals import RefusedError
from units.scoping import unit_scope
from units.services import outbox
from units.services.audit import record_act

TASK = "exemplars.tasks.qualify_part"
# So many units a part that its task ends in a fraction of the time a task may take.
UNITS_A_PART = 200
KEPT = timedelta(days=7)


def promise_runs(*, day: date, at: datetime) -> int:
    """Promise today's comparison of every root that has none yet; returns how many were begun."""
    roots = [unit for unit in Unit.objects.existing_on(day).filter(parent__isnull=True) if unit.is_root]
    return sum(_promise_run(root, day=day, at=at) for root in roots)


@transaction.atomic
def _promise_run(root: Unit, *, day: date, at: datetime) -> bool:
    with unit_scope(root.path):
        if QualifyingRun.objects.filter(unit=root, day=day).exists():
            return False
        paths = list(Unit.objects.below(root.path).order_by("path").values_list("path", flat=True))
        ends = [paths[start : start + UNITS_A_PART] for start in range(0, len(paths), UNITS_A_PART)]
        run = QualifyingRun(unit=root, day=day, year=day.year, parts=len(ends), started_at=at)
        # Two ticks of beat at once: the second finds the row of the first.
        made = QualifyingRun.objects.bulk_create([run], ignore_conflicts=True)
        if not QualifyingRun.objects.filter(pk=made[0].pk).exists():
            return False
        QualifyingRun.objects.filter(unit=root, day__lt=day - KEPT).delete()
        of = {"run": str(run.pk), "root": str(root.pk)}
        parts = {
            f"qualify:{run.pk}:{number}": {**of, "first": part[0], "last": part[-1]} for number, part in enumerate(ends)
        }
        outbox.promise_each(TASK, parts)
    return True


def qualify_part(run: UUID, *, first: str, last: str, at: datetime) -> None:
    """Write anew what is found of the units between two paths. Called inside the effect of its promise."""
    found = QualifyingRun.objects.select_for_update().select_related("unit").get(pk=run)
    units = list_units_between(first, last, found.day)
    titles = {title.code: title for title in AwardTitle.objects.all()}
    judged = judge_everybody(list_nominees(units, found.day), Judges(found.unit.path), year=found.year, day=found.day)
    candidates = [one for row in judged if (one := find_candidate(row, titles, year=found.year, day=found.day))]
    Candidate.objects.filter(unit_path__gte=first, unit_path__lte=last, year=found.year).delete()
    by_id = {unit.pk: unit for unit in units}
    for one in candidates:
        one.unit = by_id[one.unit_id]  # its path is copied from there
    Candidate.objects.bulk_create(candidates, batch_size=1000)
    QualifyingRun.objects.filter(pk=run).update(parts_done=F("parts_done") + 1)
    QualifyingRun.objects.filter(pk=run, parts_done__gte=F("parts")).update(finished_at=at)


def nominate_candidate(candidate: Candidate, *, actor: Actor, day: date, at: datetime) -> Nomination:
    """Open a draft for what the night found; everything that a draft is refused for is refused here too."""
    if candidate.unit_id != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không lập đề nghị cho {candidate.nominee_name} được.",
            why="Mỗi đơn vị chỉ đề nghị người và tập thể của mình.",
            remedy=f"Báo {candidate.unit} nếu thấy nên đề nghị.",
        )
    campaign = _find_campaign(actor.unit, candidate.recognition.code, day)
    if campaign is None:
        raise RefusedError(
            f"Không có phong trào nào đang mở giao {actor.unit} đề nghị «{candidate.recognition}».",
            remedy="Chờ kế hoạch giao việc đề nghị, hoặc hỏi Thường trực Hội đồng.",
        )
    if candidate.person_id and candidate.person is None:
        raise RefusedError(
            f"{candidate.nominee_name} đã chuyển sang đơn vị khác.", remedy="Đơn vị mới lập đề nghị nếu cần."
        )
    return create_nomination(
        campaign,
        recognition=candidate.recognition,
        year=candidate.year,
        nominee=candidate.person or actor.unit,
        actor=actor,
        day=day,
        at=at,
    )


def _find_campaign(unit: Unit, recognition: str, day: date) -> Campaign | None:
    for campaign in list_open_campaigns(unit, day).prefetch_related("obligations"):
        for obligation in campaign.obligations.all():
            if obligation.kind == ObligationKind.NOMINATION and recognition in obligation.awards:
                return campaign
    return None


@transaction.atomic
def record_movement(
    unit: Unit, *, year: int, result: str, decision_number: str, decided_on: date, actor: Actor, day: date
) -> MovementResult:
    """Write the unit's result in the movements of a year from its paper; a second writing corrects the first."""
    if unit.pk != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không ghi kết quả phong trào của {unit} được.", remedy=f"{unit} ghi kết quả của mình."
        )
    if decided_on > day:
        raise RefusedError(f"Ngày văn bản {decided_on:%d/%m/%Y} ở sau hôm nay.", remedy="Xem lại ngày trên văn bản.")
    if decided_on.year < year:
        raise RefusedError(
            f"Ngày văn bản {decided_on:%d/%m/%Y} ở trước năm {year}.", remedy="Xem lại năm và ngày trên văn bản."
        )
    row, is_new = MovementResult.objects.update_or_create(
        unit=unit,
        year=year,
        defaults={"result": result, "decision_number": nfc(decision_number).strip(), "decided_on": decided_on},
    )
    verb = "create-movement" if is_new else "edit-movement"
    record_act(verb, row, actor=actor, year=year, result=row.get_result_display(), number=row.decision_number)
    return row
