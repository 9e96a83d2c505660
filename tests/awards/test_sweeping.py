"""After an urn was opened its table is rewritten, and the session that casts has just shown a second factor."""

import time
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.urls import reverse

from awards.services import sweeping
from awards.services.sweeping import sweep_urns
from config import embedded
from tests.awards.room import Room, signed_in
from units.models import AuditEntry, OutboxMessage
from units.scoping import maintenance_scope


def files() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_filenode('awards_urn'), pg_relation_filenode('awards_ballot')")
        return list(cursor.fetchone())


@pytest.mark.django_db(transaction=True)
def test_the_login_rewrites_the_tables_of_urn_and_roll() -> None:
    before = files()
    with maintenance_scope("test"):
        sweep_urns()
    assert set(before).isdisjoint(files())


@pytest.mark.django_db(transaction=True)
def test_a_sweep_that_an_old_transaction_holds_up_is_no_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "TRIES", 4)
    monkeypatch.setattr(sweeping, "PAUSE", 0.25)
    address = embedded.addresses(settings.TEST_SERVERS_HOME, database_name=settings.TEST_DATABASE_NAME).owner_url
    with maintenance_scope("test"):
        room = Room()
        ballot = room.opened()
        with psycopg.connect(address) as reader:
            reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            reader.execute("SELECT 1")
            room.cast(ballot, room.present[0], "yes", "no")
            with pytest.raises(sweeping.StillReadError):
                sweep_urns()
        sweep_urns()


@pytest.mark.django_db
def test_the_count_promises_the_sweep(room: Room) -> None:
    ballot = room.counted(("yes", "no"))
    [promised] = OutboxMessage.objects.filter(task="awards.tasks.sweep_urns")
    assert promised.arguments == {"ballot": str(ballot.pk)}


def confirmed(client: Client, seconds_ago: float) -> Client:
    session: Any = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": time.time() - seconds_ago, "type": "totp"}]
    session["account_authentication_methods_user"] = client.session["_auth_user_id"]
    session.save()
    return client


@pytest.mark.django_db
def test_a_paper_asks_for_a_fresh_second_factor(room: Room, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    ballot, client = room.opened(), signed_in(room.members[0])
    paper, cast = (reverse(f"awards:ballot-{name}", args=[ballot.pk]) for name in ("paper", "cast"))
    asked = confirmed(client, 700).get(paper)
    assert asked.status_code == 302
    assert asked.url.startswith(reverse("mfa_reauthenticate"))  # type: ignore[attr-defined]
    late = confirmed(client, 4000).post(cast, room.form("yes", "no"))
    assert late.status_code == 422
    assert "cần xác thực lại" in late.content.decode()
    assert "account_reauthentication_state" not in client.session
    assert AuditEntry.objects.get(verb="refuse-cast").detail == {"reason": "not-confirmed"}
    assert confirmed(client, 60).get(paper).status_code == 200
    assert confirmed(client, 700).post(cast, room.form("yes", "no")).status_code == 200
