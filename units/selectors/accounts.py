"""Accounts as an administrator sees them: those with a duty in the own subtree, and only those duties."""

from datetime import date, datetime, timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, Subquery

from units.folding import fold
from units.models import Invitation, MailBounce, Membership, Person, Unit, User
from units.roles import Role

# So long a mail that came back says something about the address; a full mailbox is emptied some day.
BOUNCES_STAND = timedelta(days=30)


def memberships_below(path: str) -> QuerySet[Membership]:
    """Duties in the unit at `path` and below it, their units loaded."""
    return (
        Membership.objects.filter(unit__path__gte=path, unit__path__lt=f"{path}~")
        .select_related("unit", "person")
        .order_by("unit__path", "role", "-valid_from")
    )


def belongs_below(path: str) -> Q:
    """Accounts at home below `path`: any duty there, but for guests who only hold a seat there and work elsewhere."""
    duties = Membership.objects.filter(user=OuterRef("pk"))
    below = duties.filter(unit__path__gte=path, unit__path__lt=f"{path}~")
    elsewhere = duties.exclude(unit__path__gte=path, unit__path__lt=f"{path}~")
    return Q(Exists(below.exclude(role=Role.MEMBER))) | (Q(Exists(below)) & ~Q(Exists(elsewhere)))


def list_accounts(path: str, *, day: date, term: str = "", role: str = "", state: str = "") -> QuerySet[User]:
    """Accounts with a duty below `path`, in Vietnamese order of given names; guests of a conference are left out.

    Each carries `shown` (those duties), `has_second_factor`, and `bounce_status` with `bounced_at` where a mail to its
    present address came back lately. `term` is words of the name, without regard to
    diacritics and in any order, or a part of the user name or address.
    """
    below = Membership.objects.filter(user=OuterRef("pk"), unit__path__gte=path, unit__path__lt=f"{path}~")
    current = Exists(below.filter(pk__in=Membership.objects.on(day).values("pk")))
    found = User.objects.filter(belongs_below(path), Exists(below.filter(role=role) if role else below))
    if term:
        named = Q()
        for word in fold(term).split():
            named &= Q(folded_name__contains=word)
        found = found.filter(named | Q(username__icontains=term) | Q(email__icontains=term))
    if state == "closed":
        found = found.filter(is_active=False)
    elif state == "current":
        found = found.filter(current, is_active=True)
    elif state == "over":
        found = found.filter(~current, is_active=True)
    factors = Authenticator.objects.filter(user=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
    bounces = MailBounce.objects.filter(
        account=OuterRef("pk"), address__iexact=OuterRef("email"), bounced_at__date__gte=day - BOUNCES_STAND
    ).order_by("-bounced_at")
    return (
        found.annotate(
            has_second_factor=Exists(factors),
            bounce_status=Subquery(bounces.values("status")[:1]),
            bounced_at=Subquery(bounces.values("bounced_at")[:1]),
        )
        .prefetch_related(Prefetch("memberships", queryset=memberships_below(path), to_attr="shown"))
        .order_by("sort_key", "username")
    )


def list_invitations(*, at: datetime, state: str = "") -> QuerySet[Invitation]:
    """Invitations of the scope, newest first; `waiting` keeps those that may still be taken up."""
    found = Invitation.objects.select_related("unit", "invited_by")
    if state == "waiting":
        found = found.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=at)
    return found.order_by("-created_at", "id")


def find_waiting_email(user: User) -> str:
    """The address that waits to be confirmed, if any."""
    waiting = EmailAddress.objects.get_new(user)
    return str(waiting.email) if waiting else ""


def list_holders(email: str) -> set[int]:
    """Keys of the accounts that have this address for their own; one that only waits to be confirmed is nobody's."""
    confirmed = EmailAddress.objects.filter(email=email.lower(), verified=True).values_list("user", flat=True)
    return {*confirmed, *User.objects.filter(email__iexact=email).values_list("pk", flat=True)}


def current_ids(memberships: list[Membership], day: date) -> set[UUID]:
    """Which of these duties are in force on `day`."""
    return set(Membership.objects.on(day).filter(pk__in=[one.pk for one in memberships]).values_list("pk", flat=True))


def find_units(path: str, text: str, *, day: date) -> list[Unit]:
    """Standing units below `path` that are meant by a code, a full name or a part of a name; at most nine."""
    standing = Unit.objects.below(path).existing_on(day)
    exact = list(standing.filter(code__iexact=text)[:1]) or list(standing.filter(Q(name=text) | Q(short_name=text))[:2])
    return exact if len(exact) == 1 else list(standing.filter(folded_name__contains=fold(text))[:9])


def find_people(text: str) -> list[Person]:
    """People of the scope meant by a staff code or a name; at most nine."""
    people = Person.objects.select_related("unit")
    return list(people.filter(staff_code__iexact=text)[:9]) or list(people.filter(folded_name=fold(text))[:9])
