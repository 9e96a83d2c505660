"""The persona of a council: who gets in, and what they see."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from awards.frame import find_grants, find_seats
from awards.models import AgendaItem, CouncilMember
from awards.services.sittings import close_sitting
from exemplars.models import Nomination
from tests.awards.room import Room, accepted, council_of, signed_in
from tests.builders import DAY, actor, pdf, user
from tests.rights import Rights
from units.clock import today
from units.models import AuditEntry, Honour, Person
from units.roles import Role
from units.scoping import council_scope, maintenance_scope

pytestmark = pytest.mark.django_db


def test_a_member_reaches_the_sitting_and_its_cases(room: Room) -> None:
    page = signed_in(room.members[0]).get(reverse("awards:sitting-detail", args=[room.sitting.pk]))
    assert page.status_code == 200
    assert all(one.nominee_name in page.content.decode() for one in room.nominations)


def test_a_seat_that_ended_yesterday_opens_nothing_today(room: Room) -> None:
    member, client = room.members[0], signed_in(room.members[0])
    address = reverse("awards:sitting-detail", args=[room.sitting.pk])
    assert client.get(address).status_code == 200
    CouncilMember.objects.filter(pk=member.pk).update(valid_to=today() - timedelta(days=1))
    assert client.get(address).status_code == 403


def test_a_council_whose_term_is_over_opens_nothing(room: Room) -> None:
    room.council.valid_to = today() - timedelta(days=1)
    room.council.save()
    assert signed_in(room.members[0]).get(reverse("awards:sitting-list")).status_code == 403


def test_the_role_without_a_seat_opens_nothing(room: Room) -> None:
    client = signed_in(actor(room.tree.bureau, Role.MEMBER))
    page = client.get(reverse("awards:sitting-list"))
    assert page.status_code == 403
    assert "không có tên trong Hội đồng" in page.content.decode()


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF])
def test_no_other_role_enters_as_a_member(room: Room, role: Role) -> None:
    client = signed_in(actor(room.tree.bureau, role))
    assert client.get(reverse("awards:sitting-detail", args=[room.sitting.pk])).status_code == 403


@pytest.mark.parametrize(
    "name",
    ["council-sitting-detail", "ballot-add", "decision-issue"],
)
def test_a_member_does_not_enter_the_pages_of_the_secretariat(room: Room, name: str) -> None:
    client = signed_in(room.members[0])
    assert client.get(reverse(f"awards:{name}", args=[room.sitting.pk])).status_code == 403


def test_another_council_s_sitting_case_and_ballot_are_not_found(room: Room) -> None:
    ballot = room.opened()
    item = AgendaItem.objects.filter(sitting=room.sitting).first()
    assert item is not None
    stranger = signed_in(council_of(room.tree.stranger).members.first())
    addresses = [
        reverse("awards:sitting-detail", args=[room.sitting.pk]),
        reverse("awards:item-review", args=[item.pk]),
        reverse("awards:ballot-paper", args=[ballot.pk]),
        reverse("awards:ballot-result", args=[ballot.pk]),
        reverse("awards:ballot-papers", args=[ballot.pk]),
    ]
    assert [stranger.get(address).status_code for address in addresses] == [404] * len(addresses)


def test_another_unit_s_secretariat_finds_nothing(room: Room) -> None:
    ballot = room.ballot()
    client = signed_in(actor(room.tree.stranger, Role.SECRETARIAT))
    assert client.get(reverse("awards:council-sitting-detail", args=[room.sitting.pk])).status_code == 404
    assert client.get(reverse("awards:council-ballot-detail", args=[ballot.pk])).status_code == 404
    assert client.post(reverse("awards:ballot-close", args=[ballot.pk])).status_code == 404


def test_the_unit_above_does_not_run_the_council_below(room: Room) -> None:
    client = signed_in(actor(room.tree.ministry, Role.SECRETARIAT))
    assert client.get(reverse("awards:council-sitting-detail", args=[room.sitting.pk])).status_code == 404


def test_the_scope_of_a_council_holds_only_what_is_before_it(room: Room) -> None:
    elsewhere = room.nominate("Người Ngoài Mẫu")
    before_it = room.nominations[0]
    one = room.as_actor(room.members[0])
    with council_scope(find_grants(one, find_seats(one, today()))):
        assert set(Nomination.objects.all()) == set(room.nominations)
        assert elsewhere.person not in Person.objects.all()
        assert before_it.person in Person.objects.all()


def test_a_closed_sitting_closes_its_dossiers(room: Room) -> None:
    item = AgendaItem.objects.filter(sitting=room.sitting).first()
    assert item is not None
    client = signed_in(room.members[0])
    assert client.get(reverse("awards:item-review", args=[item.pk])).status_code == 200
    close_sitting(room.sitting, actor=room.secretariat)
    assert client.get(reverse("awards:item-review", args=[item.pk])).status_code == 404
    assert client.get(reverse("awards:sitting-detail", args=[room.sitting.pk])).status_code == 200


def test_the_review_shows_honours_and_files_and_leaves_a_line(room: Room) -> None:
    nomination = room.nominations[0]
    nomination.state = "draft"
    nomination.save()
    from exemplars.services.evidence import attach_evidence

    clerk = actor(room.tree.branch, Role.CLERK)
    file = attach_evidence(
        nomination, pdf(), kind="meeting", number="1", issued_on=None, actor=clerk, at=nomination.saved_at
    )
    Nomination.objects.filter(pk=nomination.pk).update(state="accepted")
    Honour.objects.create(
        unit=nomination.unit,
        person=nomination.person,
        title=nomination.recognition,
        year=2021,
        decision_number="MAU-9/QĐ",
        decided_on="2021-12-01",
        issuer="Bộ",
        subject_name="x",
        subject_unit="y",
    )
    client = signed_in(room.members[0])
    item = AgendaItem.objects.get(sitting=room.sitting, nomination=nomination)
    page = client.get(reverse("awards:item-review", args=[item.pk])).content.decode()
    assert "MAU-9/QĐ" in page
    assert "quyết định.pdf" in page
    download = client.get(reverse("awards:item-evidence", args=[item.pk, file.pk]))
    assert download["Content-Disposition"].startswith("attachment")
    other = AgendaItem.objects.exclude(pk=item.pk).get(sitting=room.sitting)
    assert client.get(reverse("awards:item-evidence", args=[other.pk, file.pk])).status_code == 404
    verbs = AuditEntry.objects.filter(subject_id=nomination.pk, actor=room.members[0].user).values_list(
        "verb", flat=True
    )
    assert list(verbs) == ["open", "download"]


def test_the_review_leads_to_the_case_before_and_after() -> None:
    from units.scoping import maintenance_scope

    with maintenance_scope("test"):
        room = Room(cases=3)
        items = list(AgendaItem.objects.filter(sitting=room.sitting))
        page = signed_in(room.members[0]).get(reverse("awards:item-review", args=[items[1].pk])).content.decode()
    assert f'rel="prev" data-key="ArrowLeft" href="{reverse("awards:item-review", args=[items[0].pk])}"' in page
    assert f'rel="next" data-key="ArrowRight" href="{reverse("awards:item-review", args=[items[2].pk])}"' in page
    assert "Trường hợp 2 trên 3" in page


def test_someone_without_a_seat_who_posts_a_vote_leaves_a_line(room: Room) -> None:
    ballot = room.opened()
    clerk = actor(room.tree.branch, Role.CLERK)
    page = signed_in(clerk).post(reverse("awards:ballot-cast", args=[ballot.pk]), room.form("yes", "no"))
    assert page.status_code == 403
    entry = AuditEntry.objects.get(verb="refuse-stranger")
    assert (entry.actor, entry.detail) == (clerk.user, {"page": "awards:ballot-cast", "asked": str(ballot.pk)})


def test_a_forged_ballot_is_not_found_and_leaves_a_line(room: Room) -> None:
    import uuid

    forged = uuid.uuid4()
    room.opened()
    page = signed_in(room.members[0]).post(reverse("awards:ballot-cast", args=[forged]), room.form("yes", "no"))
    assert page.status_code == 404
    assert "Không tìm thấy" in page.content.decode()
    entry = AuditEntry.objects.get(verb="refuse-unknown-ballot")
    assert (entry.subject_id, entry.detail) == (room.members[0].pk, {"asked": str(forged)})


def test_another_council_s_ballot_takes_no_vote_and_the_attempt_leaves_a_line(room: Room) -> None:
    ballot = room.opened()
    stranger = council_of(room.tree.stranger).members.first()
    page = signed_in(stranger).post(reverse("awards:ballot-cast", args=[ballot.pk]), room.form("yes", "no"))
    assert page.status_code == 404
    ballot.refresh_from_db()
    assert (ballot.marks, list(ballot.urn.papers)) == ([], [])
    assert AuditEntry.objects.get(verb="refuse-unknown-ballot").actor == stranger.user


def test_a_visitor_is_sent_to_sign_in(client: Client, room: Room) -> None:
    assert client.get(reverse("awards:sitting-list")).status_code == 302


def test_a_duty_elsewhere_gives_no_seat_here(room: Room) -> None:
    other = user("khach", (room.tree.stranger, Role.MEMBER))
    council = council_of(room.tree.stranger)
    CouncilMember.objects.create(
        unit=room.tree.stranger,
        council=council,
        user=other,
        seat="member",
        position="x",
        order=9,
        valid_from="2020-01-01",
    )
    case = accepted(room.plan, room.tree.stranger, "Ở Nơi Khác Mẫu")
    client = Client()
    client.force_login(other)
    assert client.get(reverse("awards:sitting-detail", args=[room.sitting.pk])).status_code == 404
    assert case.nominee_name not in client.get(reverse("awards:sitting-list")).content.decode()


def test_a_guest_of_the_unit_sits_in_no_council_and_leaves_a_line(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    rights = Rights()
    grant = rights.grant()
    client = Client()
    client.force_login(rights.guest.user)
    client.post(reverse("units:membership-choose"), {"membership": str(grant.pk)})
    assert client.get(reverse("awards:sitting-list")).status_code == 403
    assert client.post(reverse("awards:ballot-cast", args=[uuid4()])).status_code == 403
    with maintenance_scope("test rows"):
        entry = AuditEntry.objects.get(verb="refuse-stranger")
    assert (entry.subject_id, entry.unit) == (grant.pk, rights.tree.bureau)
