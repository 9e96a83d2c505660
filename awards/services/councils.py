"""The term of a council: founded, renewed, ended, each by a decision."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Q

from awards.models import Council, CouncilPaper, PaperKind, Sitting, SittingState
from awards.services.seats import close_seat, keep_duties_of, list_standing_seats, lock_council
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import CheckedFile, check_upload, flush_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@dataclass(frozen=True, slots=True)
class CouncilDecision:
    """The paper behind a change of a council's term; the file only where somebody has it."""

    number: str
    decided_on: date
    file: "UploadedFile[bytes] | None" = None


@transaction.atomic
def found_council(
    name: str,
    decision: CouncilDecision,
    *,
    valid_from: date,
    valid_to: date | None,
    actor: Actor,
    at: datetime,
) -> Council:
    """Found a council of the actor's own unit. Refuses a second one of the same name on a day of the first."""
    name = " ".join(nfc(name).split())
    checked = check_upload(decision.file) if decision.file else None
    same = Council.objects.filter(unit=actor.unit, name=name).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from)
    )
    if valid_to:
        same = same.filter(valid_from__lte=valid_to)
    standing = same.first()
    if standing:
        until = f"đến hết ngày {standing.valid_to:%d/%m/%Y}" if standing.valid_to else "chưa ghi ngày kết thúc"
        raise RefusedError(
            f"{actor.unit} đã có {standing.name} trong thời gian này.",
            why=f"Hội đồng đó hoạt động từ {standing.valid_from:%d/%m/%Y}, {until}.",
            remedy="Gia hạn hoặc kết thúc Hội đồng đang có, rồi thành lập Hội đồng nhiệm kỳ sau.",
        )
    council = Council.objects.create(
        unit=actor.unit,
        name=name,
        founding_number=decision.number,
        founded_on=decision.decided_on,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _keep_paper(council, PaperKind.FOUNDING, decision, checked, valid_to=valid_to, at=at)
    record_act("found-council", council, actor=actor, number=decision.number, on=valid_from.isoformat())
    return council


@transaction.atomic
def renew_council(
    council: Council, decision: CouncilDecision, *, valid_to: date | None, actor: Actor, day: date, at: datetime
) -> Council:
    """Let a council stand longer, until `valid_to` or without an end. Seats without an end of their own go on.

    Refuses a council that is over, and a day not after the end known so far.
    """
    checked = check_upload(decision.file) if decision.file else None
    council = lock_council(council, day)
    if council.valid_to is None or (valid_to and valid_to <= council.valid_to):
        known = f"{council.valid_to:%d/%m/%Y}" if council.valid_to else "chưa ghi"
        raise RefusedError(
            "Ngày mới không kéo dài nhiệm kỳ.",
            why=f"Ngày kết thúc đang ghi: {known}.",
            remedy="Ghi một ngày sau ngày đó; muốn rút ngắn thì chọn «Kết thúc hoạt động».",
        )
    council.valid_to = valid_to
    council.save(update_fields=["valid_to"])
    _keep_paper(council, PaperKind.RENEWAL, decision, checked, valid_to=valid_to, at=at)
    record_act("renew-council", council, actor=actor, number=decision.number, until=valid_to and valid_to.isoformat())
    keep_duties_of(list_standing_seats(council, day), day=day, actor=actor, reason=f"Gia hạn: {decision.number}")
    return council


@transaction.atomic
def end_council(
    council: Council, decision: CouncilDecision, *, last_day: date, actor: Actor, day: date, at: datetime
) -> Council:
    """Let `last_day` be a council's last one; its seats end with it. Refused while a sitting waits after that day."""
    checked = check_upload(decision.file) if decision.file else None
    council = lock_council(council, day)
    if not council.valid_from <= last_day or (council.valid_to and last_day > council.valid_to):
        raise RefusedError(
            "Ngày kết thúc nằm ngoài nhiệm kỳ.",
            why=f"Hội đồng hoạt động từ ngày {council.valid_from:%d/%m/%Y}"
            + (f" đến hết ngày {council.valid_to:%d/%m/%Y}." if council.valid_to else "."),
            remedy="Ghi một ngày trong nhiệm kỳ; muốn kéo dài thì chọn «Gia hạn».",
        )
    waiting = Sitting.objects.filter(council=council, state=SittingState.PLANNED, held_on__gt=last_day).first()
    if waiting:
        raise RefusedError(
            f"Phiên họp «{waiting}» ngày {waiting.held_on:%d/%m/%Y} chưa kết thúc.",
            why="Sau ngày kết thúc, Hội đồng không còn thành viên để họp.",
            remedy="Kết thúc phiên họp đó trước, hoặc ghi ngày kết thúc Hội đồng sau ngày họp.",
        )
    for seat in list_standing_seats(council, last_day):
        close_seat(seat, last_day=last_day, document=decision.number)
    council.valid_to = last_day
    council.save(update_fields=["valid_to"])
    _keep_paper(council, PaperKind.ENDING, decision, checked, valid_to=last_day, at=at)
    record_act("close-council", council, actor=actor, number=decision.number, on=last_day.isoformat())
    seats = council.members.select_related("user", "unit", "council")
    keep_duties_of(seats, day=day, actor=actor, reason=f"Hội đồng kết thúc hoạt động: {decision.number}")
    return council


def _keep_paper(
    council: Council,
    kind: PaperKind,
    decision: CouncilDecision,
    checked: CheckedFile | None,
    *,
    valid_to: date | None,
    at: datetime,
) -> CouncilPaper:
    """Write the decision down; its file is on the disk before the row commits."""
    paper = CouncilPaper(
        unit=council.unit,
        council=council,
        kind=kind,
        number=decision.number,
        decided_on=decision.decided_on,
        valid_to=valid_to,
        recorded_at=at,
    )
    if checked:
        paper.file_name, paper.sha256 = checked.name, checked.sha256
        paper.file.save(checked.name, ContentFile(checked.content), save=False)
        flush_file(Path(paper.file.path))
    paper.save(force_insert=True)
    return paper
