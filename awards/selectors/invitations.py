"""Reads of invitations: who was told what, who answered, what has changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import formats

from awards.council_rules import NoticeRule, find_notice
from awards.models import (
    Answer,
    CouncilMember,
    InvitationLetter,
    Sitting,
    SittingInvitation,
    SittingState,
)
from awards.selectors.councils import list_agenda, list_members, list_substitutes
from units.models import Unit, User

# What makes an answer void when it changes.
WHEN_AND_WHERE = ("day", "hour", "place", "link")
WORDS = {"day": "ngày họp", "hour": "giờ họp", "place": "địa điểm", "link": "đường dẫn trực tuyến"}


@dataclass(frozen=True, slots=True)
class Line:
    """One member as the secretary sees them; `invitation` is None before the first sending."""

    member: CouncilMember
    invitation: SittingInvitation | None


@dataclass(frozen=True, slots=True)
class Invitations:
    """All of a sitting's invitations; `changes` is what members were not told yet, `notice` the rule that is missed."""

    lines: tuple[Line, ...]
    changes: tuple[str, ...]
    notice: NoticeRule | None
    days_left: int

    @property
    def uninvited(self) -> int:
        return sum(line.invitation is None for line in self.lines)

    def count(self, answer: str) -> int:
        return sum(bool(line.invitation) and line.invitation.answer == answer for line in self.lines)  # type: ignore[union-attr]

    @property
    def coming(self) -> int:
        return self.count(Answer.COMING)

    @property
    def silent(self) -> int:
        return self.count("")


def list_invited(sitting: Sitting) -> list[CouncilMember]:
    """Who is to be invited: whoever holds a seat that day, and substitutes who only attend."""
    silent = [one for one in list_substitutes(sitting) if not one.has_vote]
    return [*list_members(sitting.council, sitting.held_on), *silent]


def list_invitations(sitting: Sitting) -> QuerySet[SittingInvitation]:
    letters = InvitationLetter.objects.order_by("version", "kind")
    return (
        SittingInvitation.objects.filter(sitting=sitting)
        .select_related("member__user")
        .prefetch_related(Prefetch("letters", letters))
    )


def list_unanswered(unit: Unit, user: User, day: date) -> QuerySet[SittingInvitation]:
    """Invitations of an account to sittings still to come of the councils of `unit` that wait for an answer."""
    return SittingInvitation.objects.filter(
        member__user=user,
        member__council__unit=unit,
        answer="",
        sitting__state=SittingState.PLANNED,
        sitting__held_on__gte=day,
    )


def describe_sitting(sitting: Sitting) -> dict[str, Any]:
    """What an invitation says of a sitting, in words that can be kept and compared."""
    return {
        "day": f"{sitting.held_on:%d/%m/%Y}",
        "hour": formats.time_format(sitting.starts_at, "H:i") if sitting.starts_at else "",
        "place": sitting.place,
        "link": sitting.online_at,
        "agenda": [f"{one.nomination.nominee_name}: {one.nomination.recognition}" for one in list_agenda(sitting)],
    }


def find_changes(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """What is other than it was said before, in words; nothing before the first invitation."""
    if not before:
        return []
    found = [
        f"{WORDS[key]}: {after[key] or 'không ghi'} (trước là {before[key] or 'không ghi'})"
        for key in WHEN_AND_WHERE
        if before[key] != after[key]
    ]
    added = [one for one in after["agenda"] if one not in before["agenda"]]
    removed = [one for one in before["agenda"] if one not in after["agenda"]]
    found += [f"thêm vào chương trình: {'; '.join(added)}"] if added else []
    found += [f"bỏ khỏi chương trình: {'; '.join(removed)}"] if removed else []
    if not added and not removed and before["agenda"] != after["agenda"]:
        found.append("thứ tự chương trình")
    return found


def find_short_notice(sitting: Sitting, day: date) -> NoticeRule | None:
    """The rule that sending on `day` would not keep, if any."""
    rule = find_notice(day)
    return rule if rule and (sitting.held_on - day).days < rule.days else None


def read_invitations(sitting: Sitting, members: Sequence[CouncilMember], *, day: date) -> Invitations:
    """The state of a sitting's invitations; four queries whatever the number of members."""
    known = {one.member_id: one for one in list_invitations(sitting)}
    changes = find_changes(sitting.invited, describe_sitting(sitting)) if sitting.invited else []
    return Invitations(
        lines=tuple(Line(one, known.get(one.pk)) for one in members),
        changes=tuple(changes),
        notice=find_short_notice(sitting, day),
        days_left=(sitting.held_on - day).days,
    )
