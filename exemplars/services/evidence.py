"""Attaching evidence and taking it away, and the head's attestations."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction

from exemplars.models import Attestation, Evidence, Nomination
from exemplars.selectors.nominations import list_nominations
from exemplars.workflow import NominationState
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import check_upload, flush_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

MAX_FILES = 30


def _lock_open(nomination: Nomination) -> Nomination:
    nomination = list_nominations().select_for_update(of=("self",)).get(pk=nomination.pk)
    if not nomination.stands_open:
        raise RefusedError(
            "Minh chứng của đề nghị này không còn thay đổi được.",
            why=f"Đề nghị đang ở bước «{nomination.get_state_display()}».",
            remedy="Nếu cần bổ sung, đề nghị người đang giữ hồ sơ trả lại bổ sung.",
        )
    return nomination


@transaction.atomic
def attach_evidence(
    nomination: Nomination,
    file: "UploadedFile[bytes]",
    *,
    kind: str,
    number: str,
    issued_on: date | None,
    actor: Actor,
    at: datetime,
) -> Evidence:
    """Check a file and keep it with the nomination. Refuses what `check_upload` refuses, and the same file twice.

    The file is on the disk before its row commits, so no row ever names a file that a power cut took away. A rollback
    leaves a file that no row names: nobody can reach it, and it harms nothing but room.
    """
    checked = check_upload(file)
    nomination = _lock_open(nomination)
    standing = nomination.evidence.filter(removed_at__isnull=True)
    if standing.filter(sha256=checked.sha256).exists():
        raise RefusedError(
            f"Tệp «{checked.name}» đã được đính kèm.", remedy="Chọn tệp khác, hoặc bỏ tệp đã có trước khi đính kèm lại."
        )
    if standing.count() >= MAX_FILES:
        raise RefusedError(
            f"Mỗi đề nghị đính kèm không quá {MAX_FILES} tệp.", remedy="Ghép các trang thành một tệp PDF rồi đính kèm."
        )
    evidence = Evidence(
        unit=nomination.unit,
        nomination=nomination,
        kind=kind,
        number=nfc(number).strip(),
        issued_on=issued_on,
        file_name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        added_by=actor.account,
        added_at=at,
    )
    evidence.file.save(checked.name, ContentFile(checked.content), save=False)
    flush_file(Path(evidence.file.path))
    evidence.save(force_insert=True)
    record_act("attach", nomination, actor=actor, evidence=str(evidence.pk))
    return evidence


@transaction.atomic
def remove_evidence(evidence: Evidence, *, actor: Actor, at: datetime) -> None:
    """Hide a file from the nomination; row and file stay for the record."""
    nomination = _lock_open(evidence.nomination)
    evidence.removed_at = at
    evidence.save(update_fields=["removed_at"])
    record_act("detach", nomination, actor=actor, evidence=str(evidence.pk))


@transaction.atomic
def attest_nomination(
    nomination: Nomination, judgements: Mapping[str, tuple[bool, str]], *, actor: Actor, at: datetime
) -> None:
    """Keep the head's judgement on each criterion: whether it holds, and the grounds.

    Only while the nomination waits for the head. A criterion left out keeps an earlier judgement.
    """
    nomination = list_nominations().select_for_update(of=("self",)).get(pk=nomination.pk)
    if nomination.unit_id != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không xác nhận được cho đề nghị này.",
            why=f"Thủ trưởng {nomination.unit} xác nhận cho đề nghị của đơn vị mình.",
            remedy=f"Liên hệ {nomination.unit} nếu cần.",
        )
    if nomination.state != NominationState.SUBMITTED:
        raise RefusedError(
            "Chỉ xác nhận được khi đề nghị đang chờ thủ trưởng duyệt.",
            why=f"Đề nghị đang ở bước «{nomination.get_state_display()}».",
            remedy="Tải lại trang để xem tình trạng mới nhất.",
        )
    for criterion, (holds, grounds) in judgements.items():
        Attestation.objects.update_or_create(
            nomination=nomination,
            criterion=criterion,
            defaults={
                "unit": nomination.unit,
                "holds": holds,
                "grounds": nfc(grounds).strip(),
                "attested_by": actor.account,
                "attested_label": actor.label,
                "attested_at": at,
            },
        )
    record_act("attest", nomination, actor=actor, criteria=sorted(judgements))
