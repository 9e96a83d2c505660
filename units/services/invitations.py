"""Invitations: a duty offered by mail, taken up once, through a link that only its reader knows."""

import re
import secrets
from datetime import date, datetime, timedelta
from hashlib import sha256

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from units.actors import Actor, act_as, system_actor
from units.folding import fold
from units.models import Invitation, Membership, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.accounts import OWN, Duty, check_grant, check_reach, write_membership
from units.services.audit import record_act
from units.services.letters import post_letter

GONE = RefusedError(
    "Đường dẫn mời không còn hiệu lực.",
    why="Mỗi lời mời dùng được một lần, trong thời hạn ghi ở thư, và chỉ thư gửi sau cùng có hiệu lực.",
    remedy="Nếu đã có tài khoản, hãy đăng nhập; nếu chưa, liên hệ người gửi lời mời để nhận thư mới.",
)


def hash_token(token: str) -> str:
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_account(email: str, display_name: str, duty: Duty, *, at: datetime, actor: Actor) -> tuple[Invitation, str]:
    """Offer a duty by mail; return the offer with its link, which is kept nowhere but in the letter.

    Whether the address belongs to an account already is not told, here or on the screen. Refuses one's own address,
    a unit outside the subtree, and an offer that waits already.
    """
    email = email.strip().lower()
    if actor.user and _belongs_to(actor.user, email):
        raise OWN
    check_grant(duty, actor=actor)
    if Invitation.objects.filter(waiting(at), email=email, unit=duty.unit, role=duty.role).exists():
        raise RefusedError(
            "Chưa mời: đã có lời mời đang chờ cho địa chỉ này với cùng vai trò ở đơn vị.",
            remedy="Mở danh sách lời mời để gửi lại hoặc thu hồi lời mời đang chờ.",
        )
    invitation = Invitation(
        unit=duty.unit,
        email=email,
        display_name=" ".join(display_name.split()),
        role=duty.role,
        person=duty.person,
        valid_from=duty.valid_from,
        valid_to=duty.valid_to,
        invited_by=actor.user,
        created_at=at,
    )
    link = _send(invitation, at)
    record_act("invite-account", invitation, actor=actor, role=duty.role.label)
    return invitation, link


def waiting(at: datetime) -> Q:
    """Invitations that may still be taken up."""
    return Q(accepted_at=None, withdrawn_at=None, expires_at__gt=at)


@transaction.atomic
def resend_invitation(invitation: Invitation, *, at: datetime, actor: Actor) -> None:
    """Send a new link, good for a new term; the old one ends."""
    invitation = _lock_open(invitation, actor=actor)
    _send(invitation, at)
    record_act("resend-invitation", invitation, actor=actor)


@transaction.atomic
def withdraw_invitation(invitation: Invitation, *, at: datetime, actor: Actor) -> None:
    """End an offer that nobody has taken up."""
    invitation = _lock_open(invitation, actor=actor)
    invitation.withdrawn_at = at
    invitation.save(update_fields=["withdrawn_at"])
    record_act("withdraw-invitation", invitation, actor=actor)


def _lock_open(invitation: Invitation, *, actor: Actor) -> Invitation:
    invitation = Invitation.objects.select_related("unit").select_for_update(of=("self",)).get(pk=invitation.pk)
    check_reach(invitation.unit, actor=actor)
    if invitation.accepted_at or invitation.withdrawn_at:
        raise RefusedError(
            "Lời mời này đã được nhận hoặc đã thu hồi.", remedy="Tải lại trang để xem tình trạng mới nhất."
        )
    return invitation


def _send(invitation: Invitation, at: datetime) -> str:
    """Give the invitation a new link and promise the letter with it."""
    token = secrets.token_urlsafe(32)
    invitation.token_hash = hash_token(token)
    invitation.expires_at = at + timedelta(days=settings.INVITATION_DAYS)
    invitation.save()
    link: str = settings.SITE_ADDRESS.rstrip("/") + reverse("units:invitation-open", args=[token])
    subject = f"Lời mời dùng hệ thống Thi đua - Khen thưởng: {invitation.unit.short_name}"
    post_letter(invitation.email, subject, _words(invitation, link))
    return link


def _words(invitation: Invitation, link: str) -> str:
    return render_to_string("units/letters/invitation.txt", {"invitation": invitation, "link": link}).strip() + "\n"


def find_invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation behind a link, while it may be taken up. Its reader has no scope yet: no account, no duty."""
    with maintenance_scope("Whoever opens an invitation has no duty in any unit yet."):
        return (
            Invitation.objects.select_related("unit", "person")
            .filter(waiting(at), token_hash=hash_token(token))
            .first()
        )


def find_invited(invitation: Invitation) -> User | None:
    """The account that has the invited address already, if any."""
    known = EmailAddress.objects.filter(email=invitation.email).select_related("user").order_by("-verified").first()
    return known.user if known else User.objects.filter(email__iexact=invitation.email).first()


def accept_with_new_account(token: str, *, password: str, at: datetime, day: date) -> User:
    """Open an account for the invited person and give it the duty. The link has verified the address."""
    with maintenance_scope("Whoever takes an invitation up has no duty in any unit yet."), transaction.atomic():
        invitation = _lock_waiting(token, at, day)
        if find_invited(invitation):
            raise GONE
        user = User(
            username=free_username(invitation.email), display_name=invitation.display_name, email=invitation.email
        )
        user.set_password(password)
        user.save()
        EmailAddress.objects.create(user=user, email=invitation.email, verified=True, primary=True)
        _take_up(invitation, user, at, day)
    return user


def accept_with_own_account(token: str, *, user: User, at: datetime, day: date) -> Membership:
    """Give the duty to the account that is signed in, when it is the invited one."""
    with maintenance_scope("Whoever takes an invitation up has no duty in its unit yet."), transaction.atomic():
        invitation = _lock_waiting(token, at, day)
        if find_invited(invitation) != user:
            raise GONE
        # The link came to this address: it is verified now.
        address, _ = EmailAddress.objects.get_or_create(user=user, email=invitation.email)
        if not address.verified:
            address.set_verified()
        address.set_as_primary(conditional=True)
        return _take_up(invitation, user, at, day)


def _lock_waiting(token: str, at: datetime, day: date) -> Invitation:
    invitation = (
        Invitation.objects.select_related("unit", "person")
        .select_for_update(of=("self",))
        .filter(waiting(at), token_hash=hash_token(token))
        .first()
    )
    if invitation is None or not _still_backed(invitation, day):
        raise GONE
    return invitation


def _still_backed(invitation: Invitation, day: date) -> bool:
    """Whether whoever offered the duty still administers its unit; the command line answers for itself."""
    return (
        invitation.invited_by_id is None
        or Membership.objects.on(day)
        .filter(user=invitation.invited_by_id, user__is_active=True)
        .filter(role=Role.ADMINISTRATOR, unit__path__in=invitation.unit.paths_above)
        .exists()
    )


def _take_up(invitation: Invitation, user: User, at: datetime, day: date) -> Membership:
    user = User.objects.select_for_update().get(pk=user.pk)
    begins = max(invitation.valid_from, min(day, invitation.valid_to or day))
    role = Role(invitation.role)
    membership = write_membership(user, Duty(invitation.unit, role, invitation.person, begins, invitation.valid_to))
    invitation.accepted_at, invitation.accepted_by = at, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    membership.user = user
    record_act("accept-invitation", membership, actor=act_as(membership), role=role.label)
    return membership


def free_username(email: str) -> str:
    """A name to sign in with, made from the address; a number follows when it is taken."""
    stem = re.sub(r"[^a-z0-9._-]", "", fold(email.partition("@")[0]))[:50] or "tai-khoan"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    name, number = stem, 1
    while name in taken:
        number += 1
        name = f"{stem}{number}"
    return name


@transaction.atomic
def invite_administrator(
    unit: Unit, email: str, display_name: str, *, at: datetime, day: date
) -> tuple[Invitation, str, bool]:
    """The first account of an installation, or one for a unit that lost its own: from the command line only.

    An offer that waits for the same address is sent again: its old link ends. The last value says whether it was.
    """
    actor, email = system_actor(unit, "lệnh create_administrator"), email.strip().lower()
    held = Invitation.objects.filter(waiting(at), email=email, unit=unit, role=Role.ADMINISTRATOR).first()
    if held is None:
        duty = Duty(unit, Role.ADMINISTRATOR, None, day, None)
        return *invite_account(email, display_name, duty, at=at, actor=actor), False
    held = _lock_open(held, actor=actor)
    link = _send(held, at)
    record_act("resend-invitation", held, actor=actor)
    return held, link, True


def _belongs_to(user: User, email: str) -> bool:
    return user.email.lower() == email or EmailAddress.objects.filter(user=user, email=email).exists()
