"""A decision is published on a day; those it speaks of are told once, and before it hardly anybody knows."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import ResultLetter
from awards.services.publications import publish_decision
from awards.tasks import send_result_letter
from tests.awards.room import Room, signed_in
from tests.awards.test_decision_revocations import revoke
from tests.awards.test_decisions import WON, issue
from tests.builders import actor, user
from units.clock import now, today
from units.models import Membership, OutboxMessage
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import unit_scope

pytestmark = pytest.mark.django_db


def run_promises() -> None:
    for message in OutboxMessage.objects.filter(task="awards.tasks.send_result_letter", done_at__isnull=True):
        send_result_letter(**message.arguments, outbox_key=message.key)


def test_before_it_is_published_only_secretariat_and_records_of_the_issuer_see_it(room: Room) -> None:
    decision = issue(room, room.counted(*WON))
    address, every = reverse("awards:decision-detail", args=[decision.pk]), reverse("awards:decision-list")
    head = actor(room.tree.bureau, Role.HEAD)
    above = actor(room.tree.ministry, Role.SECRETARIAT)
    for one, status in ((room.secretariat, 200), (room.records, 200), (head, 404), (above, 404)):
        client = signed_in(one)
        assert client.get(address).status_code == status
        assert (decision.number in client.get(every).content.decode()) == (status == 200)
        assert client.get(f"{address}workbook/").status_code == status
    publish_decision(decision, published_on=today(), actor=room.records, at=now())
    for one in (head, above):
        assert signed_in(one).get(address).status_code == 200


def test_thirty_results_cost_the_statements_of_one(room: Room) -> None:
    counts = []
    for number in (1, 30):
        clerks = [user(f"canbo{number}.{one}", (room.tree.branch, Role.CLERK)) for one in range(number)]
        ResultLetter.objects.all().delete()
        Membership.objects.filter(unit=room.tree.branch).exclude(user__in=clerks).delete()
        if number == 1:
            decision = issue(room, room.counted(*WON))
        decision.published_on = None
        decision.save()
        with CaptureQueriesContext(connection) as queries:
            publish_decision(decision, published_on=today(), actor=room.records, at=now())
        assert ResultLetter.objects.count() == number
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_clerks_heads_and_nominees_are_told_once_and_losses_to_the_clerk_alone(room: Room) -> None:
    winner, loser = room.nominations
    clerk, head = user("canbo-ld", (room.tree.branch, Role.CLERK)), user("truong-ld", (room.tree.branch, Role.HEAD))
    himself = user("chinh-nguoi-do", (room.tree.branch, Role.STAFF))
    Membership.objects.filter(user=himself).update(person=winner.person)
    user("nguoi-khac", (room.tree.sibling, Role.CLERK))
    decision = issue(room, room.counted(*WON))
    client = signed_in(room.records)
    address = reverse("awards:decision-publish", args=[decision.pk])
    assert client.post(address, {"published_on": f"{today():%d/%m/%Y}"}).status_code == 302
    again = client.post(address, {"published_on": f"{today():%d/%m/%Y}"})
    assert (again.status_code, "đã công bố ngày" in again.content.decode()) == (422, True)
    run_promises()
    run_promises()
    mails = {one.to[0]: one.body for one in mail.outbox}
    assert sorted(one.to[0] for one in mail.outbox) == sorted(one.email for one in (clerk, head, himself))
    assert {name: loser.nominee_name in body for name, body in mails.items()} == {
        clerk.email: True,
        head.email: False,
        himself.email: False,
    }
    assert winner.nominee_name in mails[head.email]
    assert "Đồng chí được công nhận" in mails[himself.email]
    assert not any("phiếu" in body or "%" in body for body in mails.values())
    assert "45/QĐ-CTHADS" in mails[clerk.email]
    page = signed_in(actor_of(clerk)).get(reverse("awards:result-list")).content.decode()
    assert loser.nominee_name in page
    assert "Chưa đọc" in page
    seen = signed_in(actor_of(clerk))
    assert seen.post(reverse("awards:results-mark-read")).status_code == 302
    assert "Chưa đọc" not in seen.get(reverse("awards:result-list")).content.decode()
    assert ResultLetter.objects.filter(read_at__isnull=False).count() == 1
    with unit_scope(room.tree.sibling.path):
        assert not ResultLetter.objects.exists()


def actor_of(account: object) -> object:
    from units.actors import act_as

    return act_as(Membership.objects.select_related("user", "unit").get(user=account))


def test_a_revocation_is_told_with_its_reason_and_who_left_is_told_nothing(room: Room) -> None:
    clerk, gone = user("canbo-ld", (room.tree.branch, Role.CLERK)), user("da-nghi", (room.tree.branch, Role.CLERK))
    second = revoke(room, issue(room, room.counted(*WON)))
    publish_decision(second, published_on=today(), actor=room.records, at=now())
    Membership.objects.filter(user=gone).update(ended_on=today())
    run_promises()
    assert [one.to for one in mail.outbox] == [[clerk.email]]
    assert "thu hồi kết quả tại Quyết định số 45/QĐ-CTHADS" in mail.outbox[0].body
    assert "Khai sai thành tích." in mail.outbox[0].body
    assert room.nominations[1].nominee_name not in mail.outbox[0].body
    assert set(ResultLetter.objects.values_list("state", flat=True)) == {"sent", "dropped"}


@pytest.mark.parametrize(("shift", "words"), [(-1, "trước ngày ký"), (1, "ở sau hôm nay")])
def test_a_day_that_cannot_be_is_refused(room: Room, shift: int, words: str) -> None:
    decision = issue(room, room.counted(*WON))
    with pytest.raises(RefusedError, match=words):
        publish_decision(decision, published_on=today() + timedelta(days=shift), actor=room.records, at=now())
    assert not ResultLetter.objects.exists()


def test_only_the_issuer_publishes(room: Room) -> None:
    decision = issue(room, room.counted(*WON))
    with pytest.raises(RefusedError, match="thuộc cơ quan đã ban hành"):
        publish_decision(decision, published_on=today(), actor=actor(room.tree.branch, Role.RECORDS), at=now())
