"""A council's lists as workbooks: members and secretariat get their own, strangers none, papers never."""

import pytest
from django.urls import reverse

from awards.models import AgendaItem
from awards.services.decisions import issue_decision
from awards.services.sittings import close_sitting
from tests.awards.room import Room, signed_in
from tests.awards.test_council_queries import counted
from tests.builders import actor
from tests.units.workbooks import read
from units.clock import now, today
from units.models import AuditEntry
from units.roles import Role
from units.selectors.signing import Signer

pytestmark = pytest.mark.django_db


def address(name: str, *arguments: object) -> str:
    return reverse(f"awards:{name}-workbook", args=arguments)


def test_a_member_takes_the_sittings_and_their_cases_and_leaves_a_line(room: Room) -> None:
    member = signed_in(room.members[0])
    assert read(member.get(address("sitting-list")))[1][1][1] == "Xét điển hình"
    table = read(member.get(address("sitting-detail", room.sitting.pk)))[1]
    assert [row[1] for row in table[1:]] == [one.nominee_name for one in room.nominations]
    entry = AuditEntry.objects.get(verb="export-list")
    assert (entry.actor, entry.detail["rows"]) == (room.members[0].user, 2)


def test_a_closed_sitting_shows_its_members_no_verdict(room: Room) -> None:
    close_sitting(room.sitting, actor=room.secretariat)
    page = signed_in(room.members[0]).get(reverse("awards:sitting-detail", args=[room.sitting.pk])).content.decode()
    table = read(signed_in(room.members[0]).get(address("sitting-detail", room.sitting.pk)))[1]
    names = {row[1] for row in table[1:] if row[1]}
    assert all(name in page for name in names)
    assert "Đạt" not in {row[-1] for row in table[1:]}


def test_the_secretariat_takes_agenda_attendance_and_ballots_without_turnout(room: Room) -> None:
    ballot = room.opened()
    room.cast(ballot, room.members[0], "yes", "no")
    secretariat = signed_in(room.secretariat)
    agenda = read(secretariat.get(address("agenda", room.sitting.pk)))[1]
    assert len(agenda) == 1 + AgendaItem.objects.filter(sitting=room.sitting).count()
    attendance = read(secretariat.get(address("attendance", room.sitting.pk)))[1]
    assert [row[3] for row in attendance[1:]] == ["Có"] * 6 + ["Không"]
    ballots = read(secretariat.get(address("ballot-list", room.sitting.pk)))[1]
    assert (ballots[0][-1], ballots[1][-1], len(ballots)) == ("Tình trạng", "Đang bỏ phiếu", 2)
    assert read(secretariat.get(address("council-list")))[1][1][0] == room.council.name


def test_a_decision_and_its_annexed_list(room: Room) -> None:
    values = {"number": "1/QĐ", "subject": "x", "signer": Signer(("x",), "x"), "signed_on": today()}
    decision = issue_decision(counted(room), **values, actor=room.records, at=now())
    records = signed_in(room.records)
    assert read(records.get(address("decision-list")))[1][1][0] == "1/QĐ"
    lines = read(records.get(address("decision-detail", decision.pk)))[1]
    assert {row[1] for row in lines[1:]} == {one.nominee_name for one in room.nominations}


def test_strangers_find_no_workbook(room: Room) -> None:
    stranger = signed_in(actor(room.tree.stranger, Role.SECRETARIAT))
    for name in ("agenda", "attendance", "ballot-list"):
        assert stranger.get(address(name, room.sitting.pk)).status_code == 404
    assert signed_in(actor(room.tree.stranger, Role.MEMBER)).get(address("sitting-list")).status_code == 403
