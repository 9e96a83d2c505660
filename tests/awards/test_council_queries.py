"""Every page of a council asks the same number of queries for one case and for three."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import AgendaItem, Ballot, Decision
from awards.services.decisions import issue_decision
from tests.awards.room import Room, signed_in
from units.clock import now, today
from units.scoping import maintenance_scope
from units.selectors.signing import Signer

pytestmark = pytest.mark.django_db

# The first opening of a case writes the mark of having read besides.
MOST = 27


def asked(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def of_sitting(name: str) -> Callable[[Room], str]:
    return lambda room: reverse(f"awards:{name}", args=[room.sitting.pk])


def of_ballot(name: str, prepare: Callable[[Room], Ballot]) -> Callable[[Room], str]:
    return lambda room: reverse(f"awards:{name}", args=[prepare(room).pk])


def review(room: Room) -> str:
    return reverse("awards:item-review", args=[AgendaItem.objects.filter(sitting=room.sitting).first().pk])  # type: ignore[union-attr]


def counted(room: Room) -> Ballot:
    return room.counted(*[("yes",) * len(room.nominations)] * 6)


def decided(room: Room) -> str:
    values = {"number": "1/QĐ", "subject": "x", "signer": Signer(("x",), "x"), "signed_on": today()}
    decision: Decision = issue_decision(counted(room), **values, actor=room.records, at=now())
    return reverse("awards:decision-detail", args=[decision.pk])


PAGES = {
    "member: sittings": ("member", lambda _: reverse("awards:sitting-list")),
    "member: sitting": ("member", of_sitting("sitting-detail")),
    "member: review": ("member", review),
    "member: paper": ("member", of_ballot("ballot-paper", Room.opened)),
    "member: result": ("member", of_ballot("ballot-result", counted)),
    "secretariat: sittings": ("secretariat", lambda _: reverse("awards:council-sitting-list")),
    "secretariat: sitting": ("secretariat", of_sitting("council-sitting-detail")),
    "secretariat: check-list": ("secretariat", of_ballot("council-ballot-detail", Room.ballot)),
    "secretariat: open": ("secretariat", of_ballot("council-ballot-detail", Room.opened)),
    "secretariat: counted": ("secretariat", of_ballot("council-ballot-detail", counted)),
    "records: issue": ("records", of_ballot("decision-issue", counted)),
    "records: decision": ("records", decided),
}


@pytest.mark.parametrize("name", PAGES)
def test_one_case_and_three_ask_the_same(name: str) -> None:
    who, address = PAGES[name]
    numbers = []
    with maintenance_scope("A test looks at everything."):
        for cases in (1, 3):
            with transaction.atomic():
                room = Room(cases)
                person = room.members[0] if who == "member" else getattr(room, who)
                numbers.append(asked(signed_in(person), address(room)))
                transaction.set_rollback(True)
    assert numbers[0] == numbers[1]
    assert numbers[0] <= MOST


def test_the_waiting_list_asks_the_same_for_one_count_and_three() -> None:
    from awards.services.sittings import add_agenda_item

    with maintenance_scope("A test looks at everything."):
        room = Room(1)
        counted(room)
        client, address = signed_in(room.records), reverse("awards:decision-list")
        one = asked(client, address)
        for number in range(2):
            room.nominations = [room.nominate(f"Lượt {number} Mẫu")]
            add_agenda_item(room.sitting, room.nominations[0], actor=room.secretariat)
            counted(room)
        assert asked(client, address) == one
