"""Letters about cases that cross to a conference: to who receives them there, and home to who sent them.

They are written and promised in the transaction of the act, which happens once to a case; so nobody is told twice.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string

from awards.models import CaseFiling, CaseLetter, CaseLetterKind
from awards.selectors.case_letters import (
    TO_LEAD,
    address_for,
    find_home,
    find_secretariat,
    find_senders_people,
    is_told_still,
    list_true_filings,
    list_unread_news,
)
from campaigns.models import DigestState
from campaigns.services.mailings import promise_mailings, send_mailing
from units.actors import Actor
from units.clock import today
from units.models import Unit, User

TASK = "awards.tasks.send_case_letter"
NAMED_AT_MOST = 20


def tell_lead(
    filings: Sequence[CaseFiling], kind: CaseLetterKind, *, lead: Unit, actor: Actor, at: datetime
) -> list[CaseLetter]:
    """Promise a letter to each person who receives cases at `lead`. Inside `both_sides`, filings of one year."""
    return _promise(_write(filings, kind, lead, find_secretariat(lead, today()), actor=actor, at=at))


def tell_senders(
    filings: Iterable[CaseFiling], kind: CaseLetterKind, *, actor: Actor, at: datetime
) -> list[CaseLetter]:
    """Promise a letter to each sender's people, one a sender and year. Inside `both_sides`; years and senders loaded.

    Of a unit that has ended its heir is told, under which its archive is read.
    """
    day = today()
    sent: dict[tuple[UUID, int], list[CaseFiling]] = defaultdict(list)
    for one in filings:
        sent[one.sender_id, one.year_id].append(one)
    homes = {group[0].sender_id: find_home(group[0].sender, day) for group in sent.values()}
    people = find_senders_people(homes.values(), day)
    letters: list[CaseLetter] = []
    for (sender, _), group in sent.items():
        home = homes[sender]
        letters += _write(group, kind, home, people.get(home.pk, ()), actor=actor, at=at)
    return _promise(letters)


def _write(
    filings: Sequence[CaseFiling],
    kind: CaseLetterKind,
    unit: Unit,
    people: Iterable[User],
    *,
    actor: Actor,
    at: datetime,
) -> list[CaseLetter]:
    """One letter a person; whoever did it themselves knows."""
    return [
        CaseLetter(
            unit=unit,
            unit_path=unit.path,
            year_id=filings[0].year_id,
            kind=kind,
            filings=sorted(str(one.pk) for one in filings),
            recipient=person,
            told_at=at,
            state=DigestState.WAITING if person.email else DigestState.NO_ADDRESS,
        )
        for person in people
        if person != actor.user
    ]


def _promise(letters: list[CaseLetter]) -> list[CaseLetter]:
    CaseLetter.objects.bulk_create(letters)
    promise_mailings(TASK, letters)
    return letters


def send_case_letter(letter_id: UUID) -> bool:
    """Send one; return whether a mail was handed over now. Whoever left the duty is told nothing, and nobody what has
    changed again meanwhile."""
    found = CaseLetter.objects.select_related("recipient", "unit", "year__cluster")
    return send_mailing(found, letter_id, _write_mail)


def _write_mail(letter: CaseLetter) -> EmailMessage | None:
    cases = list_true_filings(letter)
    if not cases or not is_told_still(letter, today()):
        return None
    body = render_to_string(
        "awards/conferences/letter.txt",
        {
            "letter": letter,
            "year": letter.year,
            "cases": cases[:NAMED_AT_MOST],
            "more": max(len(cases) - NAMED_AT_MOST, 0),
            "number": len(cases),
            "is_lead": letter.kind in TO_LEAD,
            "site": settings.SITE_ADDRESS,
            "path": address_for(letter),
        },
    )
    return EmailMessage(
        subject=f"{letter.get_kind_display()}: Hội nghị {letter.year}"[:180],
        body=body,
        to=[letter.recipient.email],
        headers=letter.mail_headers,
    )


@transaction.atomic
def mark_news_read(*, actor: Actor, at: datetime) -> int:
    """Mark what the actor was told in scope as read; return how many."""
    return list_unread_news(actor.account).update(read_at=at)
