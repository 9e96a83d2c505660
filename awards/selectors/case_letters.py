"""Who is told of cases that cross to a conference, and what one person was told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from awards.models import OPEN_FILINGS, CaseFiling, CaseLetter, CaseLetterKind, FilingState, ReceivedCase
from campaigns.selectors.reminders import find_listeners
from units.addresses import address_of
from units.models import Membership, Unit, User
from units.roles import Role
from units.selectors.organisation import successor_of

# Told at the unit that leads the conference; the other kinds go home to the sender.
TO_LEAD = (CaseLetterKind.ARRIVED, CaseLetterKind.WITHDRAWN, CaseLetterKind.REOPENED)
# While a case stands so, the letter about it is still true.
_TRUE_WHILE = {
    CaseLetterKind.ARRIVED: (FilingState.SENT,),
    CaseLetterKind.WITHDRAWN: (FilingState.WITHDRAWN,),
    CaseLetterKind.RECEIVED: (FilingState.RECEIVED,),
    CaseLetterKind.RETURNED: (FilingState.RETURNED,),
    CaseLetterKind.ANNOUNCED: (FilingState.ANNOUNCED,),
    CaseLetterKind.REOPENED: OPEN_FILINGS,
}
# Told of what lies with the recipient's unit: true there no more once a hand-over has passed it on.
_TRUE_AT_ADDRESSEE = (CaseLetterKind.ARRIVED, CaseLetterKind.REOPENED)


def find_home(sender: Unit, day: date) -> Unit:
    """Where a sender's people work on `day`: the unit itself, or whoever keeps its archive since it ended."""
    return successor_of(sender, day) or sender


def find_senders_people(homes: Iterable[Unit], day: date) -> dict[UUID, list[User]]:
    """By unit, who hears what became of its cases: its clerks, or its heads where it has no clerk."""
    return find_listeners({one.pk for one in homes}, day)


def find_secretariat(lead: Unit, day: date) -> list[User]:
    """Who receives cases at the unit that leads the conference."""
    duties = Membership.objects.on(day).filter(unit=lead, role=Role.SECRETARIAT, user__is_active=True)
    return list(dict.fromkeys(one.user for one in duties.select_related("user").order_by("user__username")))


def is_told_still(letter: CaseLetter, day: date) -> bool:
    """Whether the recipient still has the duty in which they were to be told. Needs a scope that holds the unit."""
    if letter.kind in TO_LEAD:
        return letter.recipient in find_secretariat(letter.unit, day)
    return letter.recipient in find_senders_people([letter.unit], day).get(letter.unit_id, [])


def list_true_filings(letter: CaseLetter) -> list[CaseFiling]:
    """The cases of which the letter is still true, in the scope that sees both sides."""
    found = CaseFiling.objects.filter(pk__in=letter.filings, state__in=_TRUE_WHILE[CaseLetterKind(letter.kind)])
    if letter.kind in _TRUE_AT_ADDRESSEE:
        found = found.filter(addressee=letter.unit_id)
    return list(
        found.select_related("sender", "addressee", "nomination__recognition").order_by(
            "nomination__nominee_name", "pk"
        )
    )


def address_for(letter: CaseLetter) -> str:
    """Where the recipient reads on: the list of what arrived, the one case, or the list of what was sent."""
    if letter.kind in TO_LEAD:
        return reverse("awards:received-case-list", args=[letter.year_id])
    if len(letter.filings) == 1:
        return address_of("awards:case-filing-detail", UUID(letter.filings[0]))
    return reverse("awards:case-filing-list", args=[letter.year_id])


def list_case_news(user: User) -> QuerySet[CaseLetter]:
    """What `user` was told in units in sight, the newest first. What waits to be received is work and stands apart."""
    told = CaseLetter.objects.filter(recipient=user).exclude(kind=CaseLetterKind.ARRIVED)
    return told.select_related("year__cluster", "unit")


def list_unread_news(user: User) -> QuerySet[CaseLetter]:
    return list_case_news(user).select_related(None).filter(read_at__isnull=True).order_by()


@dataclass(frozen=True, slots=True)
class News:
    """A letter as its page shows it; `names` of the cases that are in sight."""

    letter: CaseLetter
    names: tuple[str, ...]
    address: str


def read_news(letters: Sequence[CaseLetter]) -> list[News]:
    """Each letter with the names of its cases, read at the side on which the reader stands; two queries."""
    keys = {key for one in letters for key in one.filings}
    sent = CaseFiling.objects.filter(pk__in=keys).order_by()
    arrived = ReceivedCase.objects.filter(filing__in=keys).order_by()
    names = {str(key): name for key, name in arrived.values_list("filing", "nomination__nominee_name")}
    names |= {str(key): name for key, name in sent.values_list("pk", "nomination__nominee_name")}
    return [
        News(one, tuple(sorted(names[key] for key in one.filings if key in names)), address_for(one)) for one in letters
    ]
