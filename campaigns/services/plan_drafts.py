"""From a plan's file to a draft, and a person's answer to each thing it says. A campaign comes of it in `plan_launch`.

The draft is locked before its item, always in this order.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from campaigns.models import DraftState, ItemVerdict, PlanDraft, PlanDraftItem
from campaigns.plan_items import list_items, missing_parts, unit_codes
from campaigns.planreader import PlanReading, UnreadablePlanError, read_plan
from campaigns.planreader.files import read_content
from campaigns.selectors.days_off import find_days_off
from campaigns.selectors.plan_drafts import list_known_documents, list_known_units
from campaigns.services.cascade import require_answerable
from units.actors import Actor
from units.folding import clean_filename, fold
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import check_upload, flush_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

# A plan speaks of the years around its own; further ones are slips.
_YEARS_AROUND = 12
_CHECKED = (".pdf", ".docx")


@transaction.atomic
def add_plan_draft(file: "UploadedFile[bytes]", *, actor: Actor, day: date, at: datetime) -> PlanDraft:
    """Read the plan and lay what it says beside its sentences, each item waiting for an answer.

    Refuses what cannot be read as a plan, and a file whose draft is being looked through already. The file is kept
    beside its text, on the disk before its row commits.
    """
    name, content = _take(file)
    sha256 = hashlib.sha256(content).hexdigest()
    standing = PlanDraft.objects.filter(unit=actor.unit, sha256=sha256, state=DraftState.DRAFT).first()
    if standing is not None:
        raise _standing_error(name, standing)
    reading = _read(content, name, day)
    header, period = reading.header, reading.period
    units = list_known_units(actor.unit, day)
    issuer = _find_issuer(header.issuer or "", actor.unit)
    try:
        with transaction.atomic():
            draft = PlanDraft(
                unit=actor.unit,
                file_name=name[-200:],
                sha256=sha256,
                text=reading.text,
                number=(header.number or "")[:60],
                issuer=issuer,
                issuer_words=(header.issuer or "")[:200],
                place=(header.place or "")[:60],
                issued_on=header.issued_on,
                title=(header.title or "")[:300],
                opens_on=period.first if period else None,
                closes_on=period.last if period else None,
                warnings=_warnings(reading),
                added_by=actor.account,
                added_at=at,
            )
            draft.file.save(draft.file_name, ContentFile(content), save=False)
            flush_file(Path(draft.file.path))
            draft.save(force_insert=True)
    except IntegrityError as error:  # the same file at the same moment
        raise _standing_error(name, None) from error
    items = [
        PlanDraftItem(
            unit=actor.unit,
            draft=draft,
            kind=one.kind,
            order=order,
            line=one.line,
            clause=one.clause[:60],
            quote=one.quote,
            start=one.start,
            end=one.end,
            data=one.data,
        )
        for order, one in enumerate(list_items(reading, units, actor.unit.code), 1)
    ]
    PlanDraftItem.objects.bulk_create(items)
    record_act("add-plan-draft", draft, actor=actor, items=len(items))
    return draft


def _standing_error(name: str, standing: PlanDraft | None) -> RefusedError:
    return RefusedError(
        f"Tệp «{name}» đã được đọc và đang được xem lại.",
        why="Mỗi tệp chỉ có một bản đang xem lại, để hai người không làm hai lần.",
        remedy="Mở bản đang xem lại để làm tiếp, hoặc bỏ bản đó rồi tải lên lại.",
        way_out=(
            (standing.get_absolute_url(), "Mở bản đang xem lại")
            if standing
            else (reverse("campaigns:plan-draft-list"), "Mở danh sách")
        ),
    )


def _take(file: "UploadedFile[bytes]") -> tuple[str, bytes]:
    """Name and bytes. PDF and DOCX are opened as every upload is; plain text has no structure to check."""
    name = clean_filename(file.name or "")
    if name.lower().endswith(_CHECKED):
        checked = check_upload(file, allowed="TXT, DOCX, PDF có chữ")
        return checked.name, checked.content
    limit: int = settings.EVIDENCE_MAX_BYTES
    if (file.size or 0) > limit:
        raise RefusedError(
            f"Tệp «{name}» vượt giới hạn {limit // 1024 // 1024} MB.",
            remedy="Lưu riêng phần kế hoạch thành một tệp nhỏ hơn rồi chọn lại.",
        )
    return name, file.read()


def _read(content: bytes, name: str, day: date) -> PlanReading:
    try:
        # The database keeps no NUL; a space in its stead leaves every place where it was.
        text = read_content(content, name).replace("\0", " ")
    except UnreadablePlanError as error:
        raise RefusedError(
            str(error),
            remedy="Chọn một tệp kế hoạch dạng TXT, DOCX hoặc PDF có chữ; chưa có gì được lưu.",
        ) from error
    return read_plan(text, register=list_known_documents(), holidays=find_days_off(*_years(text, day)).off)


def _years(text: str, day: date) -> tuple[int, int]:
    around = range(day.year - _YEARS_AROUND, day.year + _YEARS_AROUND + 1)
    said = [year for year in map(int, re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text)) if year in around]
    return min(said, default=day.year), max(said, default=day.year)


def _warnings(reading: PlanReading) -> list[dict[str, Any]]:
    return [
        {
            "code": one.code.value,
            "line": one.line,
            "message": one.message,
            "start": one.span.start if one.span else None,
            "end": one.span.end if one.span else None,
        }
        for one in reading.warnings
    ]


def _find_issuer(words: str, top: Unit) -> Unit | None:
    """The actor's own unit if the plan names it, else a unit below it of exactly that name."""
    folded = fold(words)
    if not folded:
        return None
    found = list(Unit.objects.below(top.path).filter(folded_name__contains=folded)[:2])
    named = [unit for unit in (top, *found) if folded in (fold(unit.name), fold(unit.short_name))]
    return named[0] if named else None


# --- answers -------------------------------------------------------------------------------------


def require_open(draft: PlanDraft, actor: Actor) -> None:
    if draft.unit_id != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không sửa được bản này.",
            why=f"Kế hoạch này do {draft.unit} xem lại.",
            remedy=f"Liên hệ {draft.unit} nếu cần.",
        )
    if not draft.is_open:
        raise RefusedError(
            "Bản này không còn sửa được.",
            why=f"Tình trạng hiện nay: «{draft.get_state_display()}».",
            remedy="Nếu phong trào cần sửa, tải lên văn bản sửa đổi và lập riêng.",
        )


def lock_draft(draft: PlanDraft) -> PlanDraft:
    return (
        PlanDraft.objects.select_for_update(of=("self",))
        .select_related("unit", "issuer", "campaign", "origin", "responds_to", "cluster_year__cluster")
        .get(pk=draft.pk)
    )


def require_version(stands: int, seen: int) -> None:
    if stands != seen:
        raise RefusedError(
            "Nội dung này vừa được người khác thay đổi.",
            why="Bản đang hiện trên màn hình của đồng chí đã cũ, nên chưa ghi gì.",
            remedy="Xem lại nội dung hiện nay rồi làm lại nếu vẫn cần.",
        )


def lock_item(item: PlanDraftItem, version: int, actor: Actor) -> PlanDraftItem:
    """The item as it stands in an open draft, both locked; refused when somebody changed it since it was seen."""
    draft = lock_draft(item.draft)
    require_open(draft, actor)
    locked = PlanDraftItem.objects.select_for_update(of=("self",)).get(pk=item.pk)
    locked.draft = draft
    require_version(locked.version, version)
    return locked


def save_item(item: PlanDraftItem, **fields: Any) -> PlanDraftItem:
    for name, value in fields.items():
        setattr(item, name, value)
    item.version += 1
    item.save(update_fields=[*fields, "version"])
    return item


@transaction.atomic
def edit_plan_draft(draft: PlanDraft, *, version: int, actor: Actor, **header: Any) -> PlanDraft:
    """Save the header as a person checked it."""
    locked = lock_draft(draft)
    require_open(locked, actor)
    require_version(locked.version, version)
    issuer: Unit = header["issuer"]
    if not issuer.path.startswith(actor.unit.path):
        raise RefusedError(
            f"{issuer} nằm ngoài phạm vi của {actor.unit}.",
            why="Chỉ lập được phong trào của đơn vị mình hoặc đơn vị trực thuộc.",
            remedy=f"Ghi {actor.unit} hoặc một đơn vị trực thuộc làm nơi ban hành.",
        )
    if header.get("responds_to"):
        require_answerable(header["responds_to"], issuer)
    for name, value in header.items():
        setattr(locked, name, value)
    locked.header_checked = True
    locked.version += 1
    locked.save(update_fields=[*header, "header_checked", "version"])
    record_act("edit-plan-draft", locked, actor=actor, number=locked.number)
    return locked


@transaction.atomic
def accept_plan_item(item: PlanDraftItem, *, version: int, actor: Actor) -> PlanDraftItem:
    """Take the item over as it stands; one that lacks something is refused with what it lacks."""
    locked = lock_item(item, version, actor)
    if gaps := missing_parts(locked.kind, locked.data):
        raise RefusedError(
            f"Chưa nhận được {locked.place}.",
            why=" ".join(gaps),
            remedy="Bấm «Sửa» để bổ sung, hoặc bỏ mục này.",
            way_out=(reverse("campaigns:plan-item-mend", kwargs={"pk": locked.pk}), "Sửa mục này"),
        )
    save_item(locked, verdict=ItemVerdict.ACCEPTED)
    record_act(
        "accept-plan-item", locked.draft, actor=actor, line=locked.line or "không có", kind=locked.get_kind_display()
    )
    return locked


@transaction.atomic
def accept_plan_items(draft: PlanDraft, seen: Mapping[UUID, int], *, actor: Actor) -> int:
    """Take over items that a person has before them, each as it was seen; return how many.

    One that has been answered, changed since, or lacks something is left for an answer of its own.
    """
    locked = lock_draft(draft)
    require_open(locked, actor)
    waiting = PlanDraftItem.objects.select_for_update(of=("self",)).filter(
        draft=locked, pk__in=seen, verdict=ItemVerdict.PENDING
    )
    taken = [one for one in waiting if one.version == seen[one.pk] and not missing_parts(one.kind, one.data)]
    for item in taken:
        item.draft = locked
        save_item(item, verdict=ItemVerdict.ACCEPTED)
        record_act("accept-plan-item", locked, actor=actor, line=item.line, kind=item.get_kind_display())
    return len(taken)


@transaction.atomic
def mend_plan_item(item: PlanDraftItem, *, version: int, data: dict[str, Any], actor: Actor) -> PlanDraftItem:
    """Take the item over with the person's `data`. Who has to do it must stand at or below the actor's unit."""
    locked = lock_item(item, version, actor)
    gaps = [*missing_parts(locked.kind, data), *list_foreign(data, actor.unit)]
    if gaps:
        raise RefusedError("Chưa nhận được mục này.", why=" ".join(gaps), remedy="Bổ sung các ô còn thiếu rồi lưu lại.")
    save_item(locked, data=data, verdict=ItemVerdict.ACCEPTED, is_mended=True)
    record_act(
        "mend-plan-item", locked.draft, actor=actor, line=locked.line or "không có", kind=locked.get_kind_display()
    )
    return locked


@transaction.atomic
def drop_plan_item(item: PlanDraftItem, *, version: int, actor: Actor) -> PlanDraftItem:
    """Leave the item out of the campaign; it can be taken over again as long as the draft is open."""
    locked = lock_item(item, version, actor)
    save_item(locked, verdict=ItemVerdict.DROPPED)
    record_act(
        "drop-plan-item", locked.draft, actor=actor, line=locked.line or "không có", kind=locked.get_kind_display()
    )
    return locked


@transaction.atomic
def drop_plan_draft(draft: PlanDraft, *, actor: Actor) -> PlanDraft:
    """Put the draft away; nothing becomes of it, and the same file may be read again."""
    locked = lock_draft(draft)
    require_open(locked, actor)
    locked.state = DraftState.DROPPED
    locked.save(update_fields=["state"])
    record_act("drop-plan-draft", locked, actor=actor)
    return locked


def list_foreign(data: dict[str, Any], top: Unit) -> list[str]:
    """Which of the units that have to do something stand outside the branch of `top`, in words."""
    codes = unit_codes(data)
    known = {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    words = []
    for code in codes:
        unit = known.get(code)
        if unit is None:
            words.append(f"Sổ đơn vị không có mã «{code}».")
        elif not unit.path.startswith(top.path):
            words.append(f"{unit} nằm ngoài phạm vi của {top}, nên không giao việc được.")
    return words
