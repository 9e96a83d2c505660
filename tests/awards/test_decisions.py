"""Carrying a count out: the decision, the ledger, the nominations."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from awards.models import Decision, DecisionLine
from awards.services.decisions import issue_decision
from tests.awards.room import Room, signed_in
from tests.builders import AT, actor, move_away
from units.actors import system_actor
from units.clock import now, today
from units.models import AuditEntry, Honour, TitleAuthority, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.selectors.signing import Signer
from units.services.succession import rename_unit

pytestmark = pytest.mark.django_db

WON = [("yes", "no")] * 6


def particulars(**changes: str) -> dict[str, str]:
    return {
        "number": "45/QĐ-CTHADS",
        "signed_on": f"{today():%d/%m/%Y}",
        "subject": "Về việc công nhận",
        "signer_name": "Người Ký Mẫu",
        "signer_title": "Cục trưởng",
    } | changes


def issue(room: Room, ballot: object, **changes: object) -> Decision:
    values: dict[str, object] = particulars() | {"signed_on": today()} | changes
    name, title = values.pop("signer_name"), values.pop("signer_title")
    values.setdefault("signer", Signer((str(title),), str(name)))
    return issue_decision(ballot, **values, actor=room.records, at=now())  # type: ignore[arg-type]


def test_the_decision_writes_the_ledger_and_concludes_every_case(room: Room) -> None:
    ballot = room.counted(*WON)
    client = signed_in(room.records)
    waiting = client.get(reverse("awards:decision-list")).content.decode()
    assert room.nominations[0].nominee_name in waiting
    answer = client.post(reverse("awards:decision-issue", args=[ballot.pk]), particulars())
    decision = Decision.objects.get()
    assert answer.url == reverse("awards:decision-detail", args=[decision.pk])  # type: ignore[attr-defined]
    winner, loser = room.nominations
    honour = Honour.objects.get()
    assert (honour.person, honour.decision_number, honour.decided_on, honour.source, honour.year) == (
        winner.person,
        "45/QĐ-CTHADS",
        today(),
        winner.pk,
        2023,
    )
    assert (honour.subject_name, honour.subject_position, honour.subject_unit, honour.issuer) == (
        winner.nominee_name,
        "Chấp hành viên",
        room.tree.branch.name,
        room.tree.bureau.name,
    )
    for nomination in room.nominations:
        nomination.refresh_from_db()
    assert (winner.state, loser.state) == ("recognised", "declined")
    assert list(DecisionLine.objects.values_list("order", "nomination", "honour")) == [(1, winner.pk, honour.pk)]
    assert AuditEntry.objects.get(verb="issue-decision").detail == {"number": "45/QĐ-CTHADS", "recognised": 1}
    assert "Không có kết quả nào chờ" in client.get(reverse("awards:decision-list")).content.decode()
    record = signed_in(room.secretariat).get(reverse("units:person-detail", args=[winner.person_id]))
    assert "45/QĐ-CTHADS" in record.content.decode()


@pytest.mark.parametrize(
    ("authority", "words", "remedy"),
    [
        ({"unit_kinds": ["bo"]}, "không có thẩm quyền quyết định", "trình Bộ"),
        ({"is_outside": True}, "không có thẩm quyền quyết định", "trình theo cấp tới Người có quyền mẫu"),
        ({"valid_from": "2099-01-01"}, "chưa ghi ai có thẩm quyền", "Xem lại ngày ký"),
    ],
)
def test_who_may_not_decide_a_title_is_told_who_may(
    room: Room, authority: dict[str, object], words: str, remedy: str
) -> None:
    ballot = room.counted(*WON)
    about = {"title": room.plan.title_of_tests, "decider": "Người có quyền mẫu", "citation": "Luật mẫu, Điều 9"}
    TitleAuthority.objects.create(**({"valid_from": "2000-01-01"} | about | authority))
    with pytest.raises(RefusedError, match=words) as refused:
        issue(room, ballot)
    assert remedy in refused.value.remedy
    assert not Decision.objects.exists()
    TitleAuthority.objects.update(unit_kinds=[room.tree.bureau.kind], is_outside=False, valid_from="2000-01-01")
    assert issue(room, ballot).lines.count() == 1


def test_a_count_gets_one_decision(room: Room) -> None:
    ballot = room.counted(*WON)
    issue(room, ballot)
    with pytest.raises(RefusedError, match="đã có quyết định số 45/QĐ-CTHADS"):
        issue(room, ballot, number="46/QĐ-CTHADS")
    page = signed_in(room.records).get(reverse("awards:decision-issue", args=[ballot.pk]))
    assert page.status_code == 404


def test_a_number_used_this_year_is_refused_in_words_and_nothing_is_written(room: Room) -> None:
    issue(room, room.counted(*WON))
    room.nominations = [room.nominate("Lượt Sau Mẫu")]
    from awards.services.sittings import add_agenda_item

    add_agenda_item(room.sitting, room.nominations[0], actor=room.secretariat)
    second = room.counted(*[("yes",)] * 6)
    page = signed_in(room.records).post(reverse("awards:decision-issue", args=[second.pk]), particulars())
    assert page.status_code == 422
    assert "Số 45/QĐ-CTHADS đã dùng" in page.content.decode()
    assert (Decision.objects.count(), Honour.objects.count()) == (1, 1)
    room.nominations[0].refresh_from_db()
    assert room.nominations[0].state == "accepted"


def test_the_database_holds_the_number_by_year(room: Room) -> None:
    decision = issue(room, room.counted(*WON))
    twin = Decision(unit=decision.unit, ballot=room.ballot(), number=decision.number, issued_at=AT)
    twin.signed_on = decision.signed_on
    with pytest.raises(IntegrityError, match="once_a_year"), transaction.atomic():
        twin.save(force_insert=True)
    twin.signed_on = decision.signed_on.replace(year=decision.signed_on.year - 1, day=1)
    twin.save(force_insert=True)
    assert Decision.objects.filter(number=decision.number).count() == 2


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("signed_on", "31/02/2023", "không có thật"),
        ("signed_on", f"{today() - timedelta(days=1):%d/%m/%Y}", "trước ngày họp"),
        ("signed_on", f"{today() + timedelta(days=1):%d/%m/%Y}", "ở sau hôm nay"),
        ("number", "45", "gạch chéo"),
        ("number", "", "phải điền"),
        ("signer_name", " ", "phải điền"),
    ],
)
def test_particulars_that_cannot_be_are_refused_at_their_field(room: Room, field: str, value: str, words: str) -> None:
    ballot = room.counted(*WON)
    page = signed_in(room.records).post(
        reverse("awards:decision-issue", args=[ballot.pk]), particulars(**{field: value})
    )
    assert page.status_code == 422
    text = page.content.decode()
    assert words in text or (words == "phải điền" and f'id="id_{field}_error"' in text)
    assert not Decision.objects.exists()


@pytest.mark.parametrize("shift", [-1, 1])
def test_the_service_refuses_such_days_too(room: Room, shift: int) -> None:
    ballot = room.counted(*WON)
    with pytest.raises(RefusedError, match="Ngày ký"):
        issue(room, ballot, signed_on=today() + timedelta(days=shift))


def test_a_unit_without_legal_personality_may_not_sign(room: Room) -> None:
    ballot = room.counted(*WON)
    room.tree.bureau.has_legal_personality = False
    room.tree.bureau.save()
    page = signed_in(room.records).post(reverse("awards:decision-issue", args=[ballot.pk]), particulars())
    assert page.status_code == 422
    assert "không có tư cách pháp nhân" in page.content.decode()
    assert "khoản 1 Điều 80" in page.content.decode()
    assert not Decision.objects.exists()


def test_a_unit_that_no_longer_stands_may_not_sign(room: Room) -> None:
    ballot = room.counted(*WON)
    Unit.objects.filter(pk=room.tree.bureau.pk).update(valid_to=today() - timedelta(days=1))
    with pytest.raises(RefusedError, match="không hoạt động vào ngày"):
        issue(room, ballot)
    assert Honour.objects.count() == 0


def test_the_ledger_keeps_the_names_of_the_day(room: Room) -> None:
    ballot = room.counted(*WON)
    # From tomorrow on the unit bears another name; the register may know that today.
    tomorrow = today() + timedelta(days=1)
    for unit, name in ((room.tree.branch, "Chi cục Mới"), (room.tree.bureau, "Cục Mới")):
        rename_unit(
            unit,
            name=name,
            short_name=name,
            on=tomorrow,
            citation="MAU",
            actor=system_actor(room.tree.ministry, "thử"),
        )
    issue(room, ballot)
    honour = Honour.objects.get()
    assert (honour.subject_unit, honour.issuer) == ("Chi cục THADS huyện Đại Từ", "Cục THADS tỉnh Thái Nguyên")


def test_a_count_that_recognised_nobody_is_concluded_without_a_decision(room: Room) -> None:
    ballot = room.counted(*[("no", "no")] * 6)
    client = signed_in(room.records)
    assert client.post(reverse("awards:decision-issue", args=[ballot.pk]), particulars()).status_code == 422
    assert client.post(reverse("awards:ballot-conclude", args=[ballot.pk])).status_code == 302
    for nomination in room.nominations:
        nomination.refresh_from_db()
        assert nomination.state == "declined"
    assert not Honour.objects.exists()
    assert "Không có kết quả nào chờ" in client.get(reverse("awards:decision-list")).content.decode()


def test_a_count_with_someone_elected_is_not_concluded_without_a_decision(room: Room) -> None:
    ballot = room.counted(*WON)
    page = signed_in(room.records).post(reverse("awards:ballot-conclude", args=[ballot.pk]))
    assert page.status_code == 422
    room.nominations[0].refresh_from_db()
    assert room.nominations[0].state == "accepted"


def test_a_count_without_a_quorum_waits_for_no_decision() -> None:
    from units.scoping import maintenance_scope

    with maintenance_scope("test"):
        room = Room(absent=3)
        ballot = room.counted(*[("yes", "yes")] * 4)
        page = signed_in(room.records).get(reverse("awards:decision-list")).content.decode()
        with pytest.raises(RefusedError, match="chưa có kết quả dùng được"):
            issue(room, ballot)
    assert "Không có kết quả nào chờ" in page


@pytest.mark.parametrize("role", [Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.STAFF, Role.MEMBER])
def test_only_the_records_clerk_issues(room: Room, role: Role) -> None:
    ballot = room.counted(*WON)
    client = signed_in(actor(room.tree.bureau, role))
    assert client.post(reverse("awards:decision-issue", args=[ballot.pk]), particulars()).status_code == 403
    assert client.post(reverse("awards:ballot-conclude", args=[ballot.pk])).status_code == 403
    assert not Decision.objects.exists()


def test_another_unit_s_records_clerk_finds_neither_count_nor_decision(room: Room) -> None:
    ballot = room.counted(*WON)
    client = signed_in(actor(room.tree.stranger, Role.RECORDS))
    assert client.post(reverse("awards:decision-issue", args=[ballot.pk]), particulars()).status_code == 404
    decision = issue(room, ballot)
    assert client.get(reverse("awards:decision-detail", args=[decision.pk])).status_code == 404
    assert decision.number not in client.get(reverse("awards:decision-list")).content.decode()


def test_a_winner_who_moved_away_keeps_the_honour_where_it_was_won(room: Room) -> None:
    ballot = room.counted(*WON)
    winner = room.nominations[0]
    with maintenance_scope("test rows"):
        move_away(winner.person, room.tree.stranger)
    with unit_scope(room.tree.bureau.path):
        issue(room, ballot)
        honour = Honour.objects.get()
        assert (honour.unit, honour.subject_name) == (room.tree.branch, winner.nominee_name)
    with unit_scope(room.tree.stranger.path):
        assert Honour.objects.get(person=winner.person_id) == honour
    with unit_scope(room.tree.sibling.path):
        assert not Honour.objects.exists()
