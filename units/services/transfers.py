"""Moving a person from one unit to another: the one proposes, the other confirms.

The two units do not see each other's rows. What must be written on both sides is written in the one scope that sees
every unit, after everything was found and checked in the actor's own.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.urls import reverse

from units.actors import Actor
from units.models import PastService, Person, Posting, Transfer, TransferOffer, TransferState, Unit
from units.refusals import RefusedError
from units.scoping import Scope, maintenance_scope
from units.services.audit import record_act
from units.services.memberships import end_memberships
from units.services.people import carry_particulars


@dataclass(frozen=True, slots=True)
class Destination:
    """Where somebody goes and by which paper. `last_day` is the last day of work in the old unit."""

    receiving: Unit
    position: str
    is_head: bool
    last_day: date
    decision_number: str
    decided_on: date


def _both_sides() -> AbstractContextManager[Scope]:
    return maintenance_scope("a transfer writes in the unit that lets go and in the one that receives")


@transaction.atomic
def propose_transfer(person: Person, to: Destination, *, actor: Actor, at: datetime) -> Transfer:
    """Offer `person` to another unit. Nothing of the person changes before that unit confirms.

    Refuses a unit that does not stand on the first day there, the person's own unit, a day before the current post
    began, somebody without a post, and a second open offer.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    _require_place(person, to.receiving, to.last_day + timedelta(days=1))
    _require_post(person, to.last_day)
    paper = {
        "position": to.position,
        "is_head": to.is_head,
        "last_day": to.last_day,
        "decision_number": to.decision_number,
        "decided_on": to.decided_on,
        "proposed_at": at,
    }
    transfer = Transfer(
        unit=person.unit,
        person=person,
        person_name=person.full_name,
        receiving=to.receiving,
        proposed_by=actor.account,
        **paper,
    )
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError as error:
        raise RefusedError(
            f"{person} đã có một phiếu chuyển đang chờ tiếp nhận.",
            why="Mỗi lúc chỉ chuyển một người đến một nơi.",
            remedy="Rút phiếu đang chờ trước khi lập phiếu mới.",
            way_out=(reverse("units:transfer-list"), "Mở danh sách phiếu chuyển"),
        ) from error
    offer = TransferOffer(
        unit=to.receiving,
        transfer=transfer.pk,
        releasing=person.unit,
        full_name=person.full_name,
        staff_code=person.staff_code,
        employment=person.employment,
        **paper,
    )
    with _both_sides():
        offer.save(force_insert=True)
    record_act("propose-transfer", person, actor=actor, unit=to.receiving.name, number=to.decision_number)
    return transfer


def _require_place(person: Person, receiving: Unit, first_day: date) -> None:
    if receiving.pk == person.unit_id:
        raise RefusedError(
            f"{person} đang làm việc ở {receiving}.",
            remedy="Chọn đơn vị khác, hoặc ghi chức vụ mới ở trang hồ sơ nếu chỉ đổi chức vụ.",
        )
    if receiving.valid_from > first_day or (receiving.valid_to and receiving.valid_to < first_day):
        raise RefusedError(
            f"{receiving.name} không hoạt động vào ngày {first_day:%d/%m/%Y}.",
            why="Chỉ chuyển đến đơn vị đang có trong ngày đầu tiên làm việc ở đó.",
            remedy="Chọn đơn vị kế thừa, hoặc xem lại ngày.",
            way_out=(reverse("units:unit-detail", args=[receiving.pk]), "Xem đơn vị này qua các thời kỳ"),
        )


def _running(person: UUID, day: date) -> Q:
    """Posts of the person that go on after `day`."""
    return Q(person=person) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


def _require_post(person: Person, last_day: date) -> None:
    begun = list(
        Posting.objects.filter(_running(person.pk, last_day), unit_path=person.unit_path).values_list(
            "valid_from", flat=True
        )
    )
    if not begun:
        raise RefusedError(
            f"{person} không giữ chức vụ nào ở {person.unit} sau ngày {last_day:%d/%m/%Y}.",
            remedy="Xem lại ngày làm việc cuối, hoặc ghi chức vụ hiện nay ở trang hồ sơ rồi lập phiếu chuyển.",
        )
    if max(begun) > last_day:
        raise RefusedError(
            f"Ngày làm việc cuối {last_day:%d/%m/%Y} ở trước ngày bắt đầu chức vụ hiện nay ({max(begun):%d/%m/%Y}).",
            remedy="Xem lại ngày trên quyết định điều động.",
        )


def _require_open(state: str, name: str, words: str) -> None:
    if state != TransferState.OFFERED:
        raise RefusedError(
            f"Phiếu chuyển của {name} không còn chờ.",
            why=f"Tình trạng hiện nay: {words.lower()}.",
            remedy="Tải lại danh sách để xem tình trạng mới nhất.",
        )


def _lock_open(offer: TransferOffer) -> TransferOffer:
    """The offer as it stands, locked; refuses one that was answered or taken back."""
    offer = TransferOffer.objects.select_for_update(of=("self",)).select_related("unit", "releasing").get(pk=offer.pk)
    _require_open(offer.state, offer.full_name, offer.get_state_display())
    return offer


@transaction.atomic
def confirm_transfer(offer: TransferOffer, *, actor: Actor, day: date, at: datetime, staff_code: str = "") -> Person:
    """Receive the person: posts in the old unit end, the new one begins, and the record is read here from now on.

    The old unit keeps its own lines of the record and remembers who worked there. Accounts that the person had in the
    old unit end with the last day. `staff_code` replaces the old one where it is taken here.
    """
    offer = _lock_open(offer)
    first_day = offer.last_day + timedelta(days=1)
    if day < first_day:
        raise RefusedError(
            f"Tiếp nhận được từ ngày {first_day:%d/%m/%Y}.",
            why=f"Đến hết ngày {offer.last_day:%d/%m/%Y} {offer.full_name} còn làm việc ở {offer.releasing}.",
            remedy="Quay lại vào ngày đó; phiếu vẫn ở đây.",
        )
    code = staff_code.strip() or offer.staff_code
    if Person.objects.filter(unit=offer.unit, staff_code=code).exists():
        raise RefusedError(
            f"Mã cán bộ «{code}» đã dùng ở {offer.unit}.",
            why="Trong một đơn vị mỗi mã chỉ thuộc một người.",
            remedy="Ghi mã mới cho người chuyển đến rồi tiếp nhận lại.",
        )
    with _both_sides():
        transfer = Transfer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=offer.transfer)
        person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=transfer.person_id)
        _require_place(person, offer.unit, first_day)
        _leave(person, offer, actor)
        _arrive(person, offer, code)
        _settle(transfer, offer, TransferState.CONFIRMED, answer="", at=at)
    record_act("confirm-transfer", person, actor=actor, unit=offer.releasing.name, number=offer.decision_number)
    return person


def _leave(person: Person, offer: TransferOffer, actor: Actor) -> None:
    old = person.unit
    held = Posting.objects.filter(_running(person.pk, offer.last_day), unit_path__gte=old.path)
    held.filter(unit_path__lt=f"{old.path}~").update(valid_to=offer.last_day)
    PastService.objects.create(
        unit=old,
        person=person,
        full_name=person.full_name,
        folded_name=person.folded_name,
        sort_key=person.sort_key,
        staff_code=person.staff_code,
        birth_date=person.birth_date,
        gender=person.gender,
        employment=person.employment,
        last_day=offer.last_day,
        moved_to=offer.unit,
        decision_number=offer.decision_number,
    )
    record_act("leave", person, actor=actor, unit=offer.unit.name, number=offer.decision_number)
    end_memberships(person, old, last_day=offer.last_day, actor=actor)


def _arrive(person: Person, offer: TransferOffer, code: str) -> None:
    # The rows about the person follow by their composite key.
    person.unit, person.unit_path, person.staff_code = offer.unit, offer.unit.path, code
    person.save(update_fields=["unit", "unit_path", "staff_code"])
    carry_particulars([person], offer.unit)
    Posting.objects.create(
        unit=offer.unit,
        person=person,
        position=offer.position,
        is_head=offer.is_head,
        valid_from=offer.last_day + timedelta(days=1),
    )


def _settle(transfer: Transfer, offer: TransferOffer, state: TransferState, *, answer: str, at: datetime) -> None:
    for side in (transfer, offer):
        side.state, side.answer, side.answered_at = state, answer, at
        side.save(update_fields=["state", "answer", "answered_at"])


@transaction.atomic
def decline_transfer(offer: TransferOffer, *, reason: str, actor: Actor, at: datetime) -> TransferOffer:
    """Do not receive the person; the old unit reads the reason. Nothing else changes."""
    offer = _lock_open(offer)
    with _both_sides():
        transfer = Transfer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=offer.transfer)
        _settle(transfer, offer, TransferState.DECLINED, answer=reason.strip(), at=at)
        record_act("decline-transfer", transfer, actor=actor, unit=offer.unit.name)
    record_act("decline-transfer", offer, actor=actor, unit=offer.unit.name)
    return offer


@transaction.atomic
def cancel_transfer(transfer: Transfer, *, actor: Actor, at: datetime) -> Transfer:
    """Take an offer back before it is answered."""
    # Whoever answers locks the offer first; so does this, and the two meet in one order.
    with _both_sides():
        offer = TransferOffer.objects.select_for_update(of=("self",)).get(transfer=transfer.pk)
    transfer = Transfer.objects.select_for_update(of=("self",)).select_related("unit").get(pk=transfer.pk)
    _require_open(transfer.state, transfer.person_name, transfer.get_state_display())
    with _both_sides():
        _settle(transfer, offer, TransferState.CANCELLED, answer="", at=at)
    record_act("cancel-transfer", transfer, actor=actor)
    return transfer
