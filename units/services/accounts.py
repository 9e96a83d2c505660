"""What an administrator does to accounts, and what a person does to their own sessions.

The rules of granting are here, in `_check_reach`: only inside the administrator's own subtree, never for oneself, and
what cuts off a whole account (closing it, taking its second factor away) only when every duty it has lies there. The
last administrator of a root stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse

from units.actors import Actor, act_as
from units.following import tell_followers
from units.models import AccountSession, Membership, Person, Unit, User
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.audit import record_act
from units.services.letters import post_letter
from units.services.rights import end_dependents
from units.sessions import stored_key

OWN = RefusedError(
    "Chưa thực hiện: không ai tự đổi quyền của chính mình.",
    why="Giao, kết thúc tư cách và khóa tài khoản phải do một quản trị khác thực hiện.",
    remedy="Nhờ quản trị khác của đơn vị hoặc của đơn vị cấp trên.",
)
OUTSIDE = RefusedError(
    "Chưa thực hiện: đơn vị này không thuộc phạm vi quản trị.",
    why="Quản trị đơn vị chỉ giao việc trong đơn vị mình và các đơn vị cấp dưới.",
    remedy="Chọn đơn vị trong phạm vi, hoặc đề nghị quản trị của đơn vị đó.",
)
ELSEWHERE = RefusedError(
    "Chưa thực hiện: tài khoản còn tư cách ngoài phạm vi quản trị.",
    why="Việc này ảnh hưởng tới cả tài khoản, kể cả phần việc ở đơn vị khác.",
    remedy="Kết thúc các tư cách trong đơn vị mình; phần còn lại đề nghị quản trị của đơn vị cấp trên chung.",
)
LAST = RefusedError(
    "Chưa thực hiện: đây là quản trị cuối cùng của cơ quan.",
    why="Nếu kết thúc thì không còn ai giao quyền được cho người khác.",
    remedy="Giao vai trò Quản trị đơn vị cho một người khác trước.",
)


def standing(day: date) -> Q:
    """Memberships that are in force on `day` or will be."""
    return (Q(valid_to__isnull=True) | Q(valid_to__gte=day)) & (Q(ended_on__isnull=True) | Q(ended_on__gt=day))


def check_reach(unit: Unit, *, actor: Actor) -> None:
    """Refuse a unit outside the actor's own subtree."""
    if not actor.unit.contains(unit.path):
        raise OUTSIDE


@dataclass(frozen=True, slots=True)
class Duty:
    """What may be granted: a role in a unit for a time, perhaps tied to somebody in the register."""

    unit: Unit
    role: Role
    person: Person | None
    valid_from: date
    valid_to: date | None


def check_grant(duty: Duty, *, actor: Actor) -> None:
    """Refuse what may not be granted: outside the subtree, to a closed unit, tied to somebody who works elsewhere."""
    unit, person = duty.unit, duty.person
    check_reach(unit, actor=actor)
    if unit.valid_to and (duty.valid_to is None or duty.valid_to > unit.valid_to):
        raise RefusedError(
            "Chưa thực hiện: đơn vị thôi hoạt động trước khi tư cách này hết hạn.",
            why=f"{unit.name} hoạt động đến hết ngày {unit.valid_to:%d/%m/%Y}.",
            remedy="Ghi ngày kết thúc không muộn hơn ngày đó, hoặc chọn đơn vị kế tục.",
        )
    if duty.valid_to and duty.valid_to < duty.valid_from:
        raise RefusedError("Chưa thực hiện: ngày kết thúc trước ngày bắt đầu.", remedy="Đổi một trong hai ngày.")
    if person and not (unit.contains(person.unit_path) or unit.path.startswith(person.unit_path)):
        raise RefusedError(
            "Chưa thực hiện: cán bộ được chọn công tác ở đơn vị khác.",
            why="Tư cách gắn với cán bộ sẽ tự kết thúc khi người đó thôi công tác tại đơn vị.",
            remedy="Chọn đơn vị nơi cán bộ công tác, hoặc để trống ô cán bộ.",
        )


@transaction.atomic
def grant_membership(user: User, duty: Duty, *, actor: Actor) -> Membership:
    """Give an account one more duty, at once or from a day on, and tell the person by mail.

    Refuses one's own account, a unit outside the subtree and a duty that stands already.
    """
    if user == actor.user:
        raise OWN
    check_grant(duty, actor=actor)
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.is_active:
        raise RefusedError("Chưa giao được: tài khoản đã ngừng hoạt động.", remedy="Mở lại tài khoản trước.")
    membership = write_membership(user, duty)
    record_act("grant-membership", membership, actor=actor, role=duty.role.label, day=duty.valid_from.isoformat())
    tell(user, "membership_granted", membership=membership)
    return membership


def write_membership(user: User, duty: Duty) -> Membership:
    """Write the row, unless the same duty stands on one of its days. The account must be locked."""
    same = user.memberships.filter(unit=duty.unit, role=duty.role, ended_on=None).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=duty.valid_from)
    )
    if duty.valid_to:
        same = same.filter(valid_from__lte=duty.valid_to)
    if same.exists():
        raise RefusedError(
            "Chưa giao được: tài khoản đang có tư cách này trong thời gian đã chọn.",
            why=f"{duty.role.label}, {duty.unit.short_name} đã được giao và chưa kết thúc.",
            remedy="Đổi thời gian, hoặc kết thúc tư cách đang có trước.",
        )
    return Membership.objects.create(
        user=user,
        unit=duty.unit,
        role=duty.role,
        person=duty.person,
        valid_from=duty.valid_from,
        valid_to=duty.valid_to,
    )


@transaction.atomic
def end_membership(membership: Membership, *, reason: str, day: date, actor: Actor) -> None:
    """Take a duty away at once: the next click in it is refused.

    Refuses one's own duty, one outside the subtree, and that of a root's last administrator.
    """
    membership = Membership.objects.select_related("unit", "user").select_for_update(of=("self",)).get(pk=membership.pk)
    check_reach(membership.unit, actor=actor)
    if membership.user == actor.user:
        raise OWN
    if not Membership.objects.filter(standing(day), pk=membership.pk).exists():
        raise RefusedError("Tư cách này đã kết thúc từ trước.", remedy="Tải lại trang để xem tình trạng mới nhất.")
    _keep_an_administrator([membership], day)
    membership.ended_on = day
    membership.save(update_fields=["ended_on"])
    end_dependents(membership, last_day=day, actor=actor)
    record_act("end-membership", membership, actor=actor, day=day.isoformat(), reason=reason)
    tell(membership.user, "membership_ended", membership=membership, reason=reason)


@transaction.atomic
def deactivate_account(user: User, *, reason: str, day: date, actor: Actor) -> None:
    """Close an account: every session of it ends at once, and nobody signs in with it until it is opened again."""
    user, memberships = _whole_account(user, day, actor=actor)
    if not user.is_active:
        raise RefusedError("Tài khoản đã ngừng hoạt động từ trước.")
    _keep_an_administrator(memberships, day)
    user.is_active = False
    user.save(update_fields=["is_active"])
    user.sessions.all().delete()
    with maintenance_scope("what hangs on the duties of an account may lie in other units"):
        for duty in user.memberships.filter(standing(day)).select_related("unit", "user"):
            tell_followers(duty, last_day=day - timedelta(days=1), actor=actor)
    record_act("deactivate-account", memberships[0], actor=actor, reason=reason)
    tell(user, "account_deactivated", reason=reason)


@transaction.atomic
def activate_account(user: User, *, reason: str, day: date, actor: Actor) -> None:
    """Open a closed account again, with the duties that stand."""
    user, memberships = _whole_account(user, day, actor=actor)
    if user.is_active:
        raise RefusedError("Tài khoản đang hoạt động.")
    user.is_active = True
    user.save(update_fields=["is_active"])
    record_act("activate-account", memberships[0], actor=actor, reason=reason)
    tell(user, "account_activated", reason=reason)


@transaction.atomic
def change_email(user: User, email: str, *, reason: str, day: date, actor: Actor) -> None:
    """Write another address to an account, which counts once the letter sent there was answered, within a day.

    Until then mail goes to the old address and signing in knows no other. Both addresses are told. Whether the new one
    belongs to somebody else already is told to nobody here: then the link in the letter is refused.
    """
    user, memberships = _whole_account(user, day, actor=actor)
    email = email.strip().lower()
    if email == str(EmailAddress.objects.get_primary_email(user) or user.email).lower():
        raise RefusedError(
            "Chưa đổi: địa chỉ này đang là địa chỉ của tài khoản.", remedy="Ghi địa chỉ mới, hoặc quay lại."
        )
    EmailAddress.objects.filter(user=user, verified=False).delete()
    waiting = EmailAddress.objects.create(user=user, email=email)
    record_act("change-email", memberships[0], actor=actor, reason=reason)
    tell(user, "email_change_asked", reason=reason)
    key = EmailConfirmationHMAC.create(waiting).key
    link = settings.SITE_ADDRESS.rstrip("/") + reverse("account_confirm_email", args=[key])
    _post(email, "email_change_confirm", user, link=link)


@transaction.atomic
def reset_second_factor(user: User, *, reason: str, day: date, actor: Actor) -> None:
    """Take every second factor of an account away, for somebody who lost their device; they set up a new one.

    All sessions of the account end, and the person is told by mail.
    """
    user, memberships = _whole_account(user, day, actor=actor)
    removed, _ = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise RefusedError("Tài khoản chưa có yếu tố xác thực thứ hai nào.")
    user.sessions.all().delete()
    record_act("reset-second-factor", memberships[0], actor=actor, reason=reason)
    tell(user, "second_factor_reset", reason=reason)


def _whole_account(user: User, day: date, *, actor: Actor) -> tuple[User, list[Membership]]:
    """The locked account and its duties, all of which must lie in the actor's subtree."""
    if user == actor.user:
        raise OWN
    user = User.objects.select_for_update().get(pk=user.pk)
    memberships = list(user.memberships.select_related("unit").order_by("-valid_from"))
    standing_ones = set(user.memberships.filter(standing(day)).values_list("pk", flat=True))
    if any(one.pk in standing_ones and not actor.unit.contains(one.unit.path) for one in memberships):
        raise ELSEWHERE
    own = [one for one in memberships if actor.unit.contains(one.unit.path)]
    if not own:
        raise OUTSIDE
    return user, own


def _keep_an_administrator(ending: Sequence[Membership], day: date) -> None:
    """Refuse to leave a root without anybody who administers it. Two at once wait for each other on the unit."""
    going = [one.pk for one in ending]
    roots = {one.unit_id for one in ending if one.role == Role.ADMINISTRATOR and len(one.unit.path) == Unit.PATH_STEP}
    for root in Unit.objects.select_for_update().filter(pk__in=roots):
        now = Membership.objects.on(day).filter(unit=root, role=Role.ADMINISTRATOR, user__is_active=True)
        if now.filter(pk__in=going).exists() and not now.exclude(pk__in=going).exists():
            raise LAST


@transaction.atomic
def replace_code_app(user: User, secret: str, *, at: datetime, day: date) -> Authenticator:
    """Put the secret of a new phone in place of the old one's; the trail and a letter tell it.

    Recovery codes and passkeys stay. Whoever calls has checked a code of either phone.
    """
    app = Authenticator.objects.select_for_update().get(user=user, type=Authenticator.Type.TOTP)
    app.data = {"secret": encrypt(secret)}
    app.created_at, app.last_used_at = at, None
    app.save(update_fields=["data", "created_at", "last_used_at"])
    record_own_change("replace-second-factor", user, day=day)
    tell(user, "code_app_replaced")
    return app


@transaction.atomic
def unlink_provider(user: User, *, day: date) -> None:
    """Forget which account of the identity provider signs in here; refused while there is no password to sign in with.

    Signing in there again with the same verified address binds the two anew.
    """
    if not user.has_usable_password():
        raise RefusedError(
            "Chưa bỏ gắn: tài khoản chưa có mật khẩu.",
            why="Bỏ gắn bây giờ thì không còn cách nào để đăng nhập.",
            remedy="Đặt mật khẩu trước, rồi bỏ gắn.",
            way_out=(reverse("account_change_password"), "Đặt mật khẩu"),
        )
    _unlink(user)
    record_own_change("unlink-provider", user, day=day)
    tell(user, "provider_unlinked")


@transaction.atomic
def unlink_account(user: User, *, reason: str, day: date, actor: Actor) -> None:
    """Unbind an account from the identity provider, where a wrong person is bound or one has left there.

    All sessions of the account end, and the person is told by mail; without a password they set one by a reset.
    """
    user, memberships = _whole_account(user, day, actor=actor)
    _unlink(user)
    user.sessions.all().delete()
    record_act("unlink-account", memberships[0], actor=actor, reason=reason)
    tell(user, "provider_unlinked", reason=reason)


def _unlink(user: User) -> None:
    removed, _ = SocialAccount.objects.filter(user=user).delete()
    if not removed:
        raise RefusedError(
            "Tài khoản chưa gắn với máy chủ xác thực nào.", remedy="Tải lại trang để xem tình trạng mới."
        )


def record_own_change(verb: str, user: User, *, day: date) -> None:
    """Tell the trail of each unit in which the account has a duty that its owner changed how it is entered."""
    found = {one.unit_id: one for one in user.memberships.on(day).select_related("unit", "user")}
    with maintenance_scope("An account may have duties in several units, and each of them is told."):
        for duty in found.values():
            record_act(verb, duty, actor=act_as(duty))


def tell(user: User, letter: str, **context: object) -> None:
    """Promise a letter to the account's address about what was done to it."""
    address = EmailAddress.objects.get_primary_email(user) or user.email
    if not address:
        return
    _post(address, letter, user, **context)


def _post(address: str, letter: str, user: User, **context: object) -> None:
    rendered = render_to_string(f"units/letters/{letter}.txt", {"user": user, "site": settings.SITE_ADDRESS, **context})
    subject, _, body = rendered.strip().partition("\n")
    post_letter(address, subject, body.strip() + "\n")


def end_session(session: AccountSession) -> None:
    """Sign one browser out at once."""
    session.delete()


def end_other_sessions(user: User, *, here: str) -> int:
    """Sign out everywhere but in the session with the key `here`; return how many ended."""
    ended, _ = AccountSession.objects.filter(account=user).exclude(session_key=stored_key(here)).delete()
    return ended
