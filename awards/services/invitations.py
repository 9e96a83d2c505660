"""Inviting the members of a council to a sitting, telling them of changes, reminding them, taking their answers."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse

from awards.models import Answer, InvitationLetter, LetterKind, Sitting, SittingInvitation, SittingState
from awards.selectors.invitations import (
    describe_sitting,
    find_changes,
    find_short_notice,
    list_invited,
)
from awards.services.sittings import lock_planned
from campaigns.models import DigestState
from campaigns.services.mailings import promise_mailings, send_mailing
from units.actors import Actor
from units.clock import today
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act

TASK = "awards.tasks.send_invitation_letter"


@transaction.atomic
def invite_members(sitting: Sitting, *, actor: Actor, day: date, at: datetime) -> int:
    """Send what the sitting now is to every member of its day, once; return how many were told.

    After a change all are told what changed, and asked again where day, hour or place did. Without one only members
    who were not invited yet are told. Refuses a sitting without hour or agenda, one that is over, a day too near where
    a confirmed rule forbids it, and a sending that would say nothing new.
    """
    sitting = lock_planned(sitting)
    says = describe_sitting(sitting)
    _require_complete(sitting, says["agenda"], day)
    changes = find_changes(sitting.invited, says)
    members = list_invited(sitting)
    standing = SittingInvitation.objects.filter(sitting=sitting).select_related("member__user")
    known = {one.member_id: one for one in standing.select_for_update(of=("self",))}
    told = members if changes or not sitting.invited else [one for one in members if one.pk not in known]
    if not told:
        raise RefusedError(
            "Chưa gửi lại: không có gì thay đổi từ lần gửi trước.",
            why="Mọi thành viên đã nhận giấy mời với đúng ngày, giờ, địa điểm và chương trình này.",
            remedy="Sửa phiên họp hoặc chương trình trước nếu cần báo thay đổi.",
        )
    if changes or not sitting.invited:
        sitting.invitation_version, sitting.invited = sitting.invitation_version + 1, says
        sitting.save(update_fields=["invitation_version", "invited"])
    asks_again = any(change.startswith(_ASKING) for change in changes)
    says_now: dict[str, Any] = {"version": sitting.invitation_version, "sent_at": at}
    unanswered = {"answer": "", "reason": "", "answered_at": None} if asks_again else {}
    again = [known[one.pk] for one in told if one.pk in known]
    SittingInvitation.objects.filter(pk__in=[one.pk for one in again]).update(**says_now, **unanswered, changes=changes)
    for one in again:
        one.version = sitting.invitation_version
    new = [
        SittingInvitation(unit=sitting.unit, sitting=sitting, member=one, **says_now)
        for one in told
        if one.pk not in known
    ]
    SittingInvitation.objects.bulk_create(new)
    _promise_letters([*again, *new], LetterKind.INVITATION, sitting)
    record_act(
        "invite-members",
        sitting,
        actor=actor,
        members=len(told),
        version=sitting.invitation_version,
        days=(sitting.held_on - day).days,
    )
    return len(told)


_ASKING = ("ngày họp", "giờ họp", "địa điểm", "đường dẫn")


def _require_complete(sitting: Sitting, agenda: list[str], day: date) -> None:
    if sitting.held_on < day:
        raise RefusedError("Ngày họp đã qua.", remedy="Sửa ngày họp, rồi gửi giấy mời.")
    missing = [
        words
        for words, has in (("giờ họp", sitting.starts_at is not None), ("chương trình họp", bool(agenda)))
        if not has
    ]
    if missing:
        raise RefusedError(
            f"Chưa gửi được giấy mời: chưa có {' và '.join(missing)}.",
            why="Giấy mời nêu ngày, giờ, địa điểm và các trường hợp được xét.",
            remedy="Bổ sung trên trang phiên họp, rồi gửi.",
        )
    short = find_short_notice(sitting, day)
    if short and short.confirmed:
        raise RefusedError(
            f"Giấy mời phải gửi trước ngày họp ít nhất {short.days} ngày.",
            why=short.citation,
            remedy="Chuyển ngày họp muộn hơn.",
        )


def _promise_letters(invitations: Iterable[SittingInvitation], kind: LetterKind, sitting: Sitting) -> int:
    """One letter for each invitation, about what the sitting says now."""
    letters = [
        InvitationLetter(
            unit=sitting.unit,
            recipient=one.member.user,
            invitation=one,
            kind=kind,
            version=one.version,
            for_day=sitting.held_on,
            state=DigestState.WAITING if one.member.user.email else DigestState.NO_ADDRESS,
        )
        for one in invitations
    ]
    InvitationLetter.objects.bulk_create(letters)
    promise_mailings(TASK, letters)
    return len(letters)


def send_invitation_letter(letter_id: UUID) -> bool:
    """Send one; return whether a mail was handed over now. A later version, an ended seat or sitting drops it."""
    found = InvitationLetter.objects.select_related(
        "recipient", "unit", "invitation__member", "invitation__sitting__council"
    )
    return send_mailing(found, letter_id, lambda one: _write_mail(one) if _holds_still(one) else None)


def _holds_still(letter: InvitationLetter) -> bool:
    invitation = letter.invitation
    sitting, member = invitation.sitting, invitation.member
    return (
        sitting.state == SittingState.PLANNED
        and letter.version == invitation.version
        and letter.for_day == sitting.held_on
        and (member.valid_to is None or member.valid_to >= sitting.held_on)
    )


def _write_mail(letter: InvitationLetter) -> EmailMessage:
    sitting = letter.invitation.sitting
    body = render_to_string(
        "awards/invitation.txt",
        {
            "letter": letter,
            "invitation": letter.invitation,
            "sitting": sitting,
            "says": sitting.invited,
            "site": settings.SITE_ADDRESS,
            "path": reverse("awards:sitting-detail", args=[sitting.pk]),
        },
    )
    begins = {LetterKind.REMINDER: "Nhắc họp ngày mai"}.get(
        LetterKind(letter.kind), "Thay đổi giấy mời họp" if letter.invitation.changes else "Giấy mời họp"
    )
    return EmailMessage(
        subject=f"{begins}: {sitting.title}, {sitting.held_on:%d/%m/%Y}"[:180],
        body=body,
        to=[letter.recipient.email],
        headers=letter.mail_headers,
    )


def remind_members(*, day: date) -> int:
    """Promise the reminder of every sitting of the day after `day`, once a member and day; return how many.

    Whoever said that they stay away is left alone. In the scope that sees every unit, any number of times.
    """
    tomorrow, reminded = day + timedelta(days=1), 0
    told = InvitationLetter.objects.filter(kind=LetterKind.REMINDER, for_day=tomorrow)
    sittings = Sitting.objects.filter(held_on=tomorrow, state=SittingState.PLANNED, invitation_version__gt=0)
    for pk in sittings.values_list("pk", flat=True):
        with transaction.atomic():
            sitting = Sitting.objects.select_for_update(of=("self",)).select_related("council", "unit").get(pk=pk)
            waiting = (
                SittingInvitation.objects.filter(sitting=sitting, member__in=[one.pk for one in list_invited(sitting)])
                .exclude(answer=Answer.ABSENT)
                .exclude(Exists(told.filter(invitation=OuterRef("pk"))))
                .select_related("member__user")
            )
            reminded += _promise_letters(waiting, LetterKind.REMINDER, sitting)
    return reminded


@transaction.atomic
def answer_invitation(
    invitation: SittingInvitation, answer: Answer, reason: str, *, actor: Actor, at: datetime
) -> SittingInvitation:
    """Write a member's answer. Refuses a sitting that is over, and staying away without a reason."""
    locked = (
        SittingInvitation.objects.select_for_update(of=("self",))
        .select_related("sitting", "unit")
        .get(pk=invitation.pk)
    )
    reason = " ".join(nfc(reason).split())
    if locked.sitting.state != SittingState.PLANNED or locked.sitting.held_on < today():
        raise RefusedError("Phiên họp đã qua nên không trả lời được nữa.", remedy="Liên hệ thư ký Hội đồng nếu cần.")
    if answer != Answer.COMING and not reason:
        raise RefusedError(
            "Chưa ghi lý do vắng." if answer == Answer.ABSENT else "Chưa ghi người thay và số văn bản cử.",
            why="Biên bản họp cần nội dung này.",
            remedy="Ghi vào ô bên cạnh rồi gửi lại.",
        )
    locked.answer, locked.answered_at = answer, at
    locked.reason = "" if answer == Answer.COMING else reason
    locked.save(update_fields=["answer", "reason", "answered_at"])
    record_act("answer-invitation", locked.sitting, actor=actor, answer=answer.label)
    return locked
