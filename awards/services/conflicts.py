"""Writing down who takes no part in a case, before a ballot opens."""

from django.db import IntegrityError, transaction

from awards.models import AgendaItem, ConflictGround, ConflictOfInterest, CouncilMember, Sitting
from awards.selectors.councils import list_undecided
from awards.services.sittings import lock_planned
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act

DECLARABLE = (ConflictGround.KINSHIP, ConflictGround.INTEREST)


@transaction.atomic
def declare_conflict(
    item: AgendaItem, *, member: CouncilMember, ground: str, reason: str, actor: Actor
) -> ConflictOfInterest:
    """A member says that they take no part in a case. From then on it is hidden from them.

    Refused while a ballot runs, and once a count has spoken of the case. Only the secretary can take it back.
    """
    if ground not in DECLARABLE or member.user_id != actor.account.pk:
        raise RefusedError(
            "Chưa ghi được khai báo.", why="Thành viên chỉ khai báo cho chính mình, theo lý do có trong danh sách."
        )
    return _write(item, member, ground=ground, reason=reason, clause="", actor=actor, verb="declare-conflict")


@transaction.atomic
def add_conflict(
    item: AgendaItem, *, member: CouncilMember, reason: str, clause: str, actor: Actor
) -> ConflictOfInterest:
    """The secretary keeps a member from a case, by a clause."""
    return _write(
        item, member, ground=ConflictGround.KEPT, reason=reason, clause=clause, actor=actor, verb="add-conflict"
    )


@transaction.atomic
def remove_conflict(row: ConflictOfInterest, item: AgendaItem, *, actor: Actor) -> None:
    """Take back what was written by mistake; the trail keeps both. What the register tells cannot be taken back."""
    _lock_open_case(item)
    row.delete()
    record_act("remove-conflict", item.sitting, actor=actor, member=str(row.member))


def _write(
    item: AgendaItem, member: CouncilMember, *, ground: str, reason: str, clause: str, actor: Actor, verb: str
) -> ConflictOfInterest:
    sitting = _lock_open_case(item)
    try:
        with transaction.atomic():
            row = ConflictOfInterest.objects.create(
                unit=sitting.unit,
                member=member,
                nomination_id=item.nomination_id,
                ground=ground,
                reason=reason,
                clause=clause,
            )
    except IntegrityError:
        raise RefusedError(
            f"{member} đã được ghi không tham gia trường hợp này.", remedy="Không cần làm gì thêm."
        ) from None
    record_act(verb, sitting, actor=actor, member=str(member))
    return row


def _lock_open_case(item: AgendaItem) -> Sitting:
    """Lock the sitting of a case that no ballot runs on and no count has spoken of."""
    sitting = lock_planned(item.sitting)
    if item.pk not in {one.pk for one in list_undecided(sitting)}:
        raise RefusedError(
            "Trường hợp này đã có kết quả kiểm phiếu nên việc không tham gia không thay đổi được nữa.",
            remedy="Nếu kết quả bị ảnh hưởng, báo Chủ tịch Hội đồng để xem xét.",
        )
    return sitting
