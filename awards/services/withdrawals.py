"""Giving closed envelopes back unopened."""

from datetime import datetime

from awards.models import Attendance, Sitting, WrittenEnvelope
from awards.selectors.hand_papers import list_standing_envelopes
from units.actors import Actor
from units.services.audit import record_act


def withdraw_for_present(sitting: Sitting, *, actor: Actor, at: datetime) -> list[WrittenEnvelope]:
    """Give back, unread, the envelopes of members who turn out to be here; return them. The sitting is locked."""
    absent = set(Attendance.objects.filter(sitting=sitting, is_present=False).values_list("member", flat=True))
    back = [one for one in list_standing_envelopes(sitting) if one.member_id not in absent]
    for row in back:
        give_back(row, "thành viên có mặt tại phiên họp", actor=actor, at=at)
    return back


def give_back(row: WrittenEnvelope, reason: str, *, actor: Actor, at: datetime) -> None:
    """Mark one as given back unopened; its ballot is still in preparation and everything was asked before."""
    row.withdrawn_at, row.withdrawn_reason = at, reason[:200]
    row.save(update_fields=["withdrawn_at", "withdrawn_reason"])
    record_act("withdraw-envelope", row.ballot, actor=actor, member=str(row.member), reason=reason)
