"""Taking a decision, or lines of it, back by a new one: once, exactly, and seen from both sides."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from awards.models import Decision, DecisionLine, RevokedLine
from awards.services.revocations import RevocationTerms, revoke_decision
from tests.awards.room import Room, signed_in
from tests.awards.test_decisions import issue
from tests.builders import actor
from units.actors import Actor
from units.clock import now, today
from units.models import Honour, HonourRevocation, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.selectors.signing import Signer
from units.services.honours import Frozen, Paper, correct_honour

pytestmark = pytest.mark.django_db
BOTH = [("yes", "yes")] * 6
TERMS: dict[str, Any] = {
    "number": "50/QĐ-CTHADS",
    "signer": Signer(("Cục trưởng",), "Người Ký Mẫu"),
    "subject": "Về việc thu hồi",
    "kind": "annulled",
    "reason": "Khai sai thành tích.",
    "clause": "Luật mẫu, Điều 1",
}


def revoke(room: Room, decision: Decision, *lines: DecisionLine, who: Actor | None = None, **changes: Any) -> Decision:
    terms = RevocationTerms(**(TERMS | {"signed_on": today()} | changes))
    chosen = [one.pk for one in lines] or None
    return revoke_decision(decision, lines=chosen, terms=terms, actor=who or room.records, at=now())


def typed(**changes: Any) -> dict[str, Any]:
    values = {name: value for name, value in TERMS.items() if name != "signer"}
    signer = {"signer_name": "Người Ký Mẫu", "signer_title": "Cục trưởng"}
    return values | signer | {"signed_on": f"{today():%d/%m/%Y}", "extent": "whole"} | changes


def test_a_whole_decision_is_taken_back_and_both_point_at_each_other(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    client = signed_in(room.records)
    address = reverse("awards:decision-revoke", args=[first.pk])
    assert room.nominations[1].nominee_name in client.get(address).content.decode()
    answer = client.post(address, typed())
    second = Decision.objects.get(revokes=first)
    assert answer.url == reverse("awards:decision-detail", args=[second.pk])  # type: ignore[attr-defined]
    assert (second.unit, second.ballot, second.reason, second.clause) == (
        room.tree.bureau,
        None,
        TERMS["reason"],
        TERMS["clause"],
    )
    assert set(HonourRevocation.objects.values_list("decision_number", "kind", "issuer", "reason")) == {
        ("50/QĐ-CTHADS", "annulled", room.tree.bureau.name, TERMS["reason"])
    }
    assert (HonourRevocation.objects.count(), RevokedLine.objects.filter(decision=second).count()) == (2, 2)
    assert not Honour.objects.filter(stands=True).exists()
    for nomination in room.nominations:
        nomination.refresh_from_db()
        assert nomination.state == "revoked"
    to_first = f'href="{reverse("awards:decision-detail", args=[first.pk])}"'
    to_second = f'href="{reverse("awards:decision-detail", args=[second.pk])}"'
    assert to_second in client.get(reverse("awards:decision-detail", args=[first.pk])).content.decode()
    assert to_first in client.get(reverse("awards:decision-detail", args=[second.pk])).content.decode()
    page = client.get(reverse("awards:decision-list")).content.decode()
    assert "Đã thu hồi" in page
    assert "Thu hồi 2 dòng của" in page
    record = signed_in(room.secretariat).get(reverse("units:person-detail", args=[room.nominations[0].person_id]))
    assert "Quyết định 50/QĐ-CTHADS" in record.content.decode()


def test_one_line_is_taken_back_and_the_other_stands(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    lost, kept = DecisionLine.objects.filter(decision=first)
    answer = signed_in(room.records).post(
        reverse("awards:decision-revoke", args=[first.pk]), typed(extent="named", lines=[str(lost.pk)])
    )
    assert answer.status_code == 302
    assert list(Honour.objects.filter(stands=True)) == [kept.honour]
    assert {one.pk: one.state for one in type(kept.nomination).objects.all()} == {
        lost.nomination_id: "revoked",
        kept.nomination_id: "recognised",
    }
    # The number is of the same register, and what was taken is not taken twice; the other line still may be.
    with pytest.raises(RefusedError, match="Số 45/QĐ-CTHADS đã dùng"):
        revoke(room, first, kept, number="45/QĐ-CTHADS")
    with pytest.raises(RefusedError, match="đã thu hồi theo Quyết định số 50/QĐ-CTHADS"):
        revoke(room, first, number="51/QĐ-CTHADS")
    assert Honour.objects.filter(stands=True).count() == 1
    revoke(room, first, kept, number="51/QĐ-CTHADS")
    assert first.revocations.count() == 2


def test_an_honour_corrected_since_stops_the_whole_and_nothing_is_written(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    honour = first.lines.get(order=2).honour
    correct_honour(
        honour,
        title=honour.title,
        year=honour.year,
        paper=Paper("45/QĐ-CTHADS", today(), "Cục"),
        said=Frozen(name="Tên Đúng Mẫu"),
        reason="Sai tên",
        actor=actor(room.tree.branch, Role.CLERK),
        day=today(),
    )
    page = signed_in(room.records).post(reverse("awards:decision-revoke", args=[first.pk]), typed())
    assert page.status_code == 422
    assert "đã đính chính trong sổ khen thưởng" in page.content.decode()
    assert not HonourRevocation.objects.exists()
    assert Decision.objects.count() == 1


def test_who_may_not_and_when(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    with pytest.raises(RefusedError, match="thuộc cơ quan đã ban hành"):
        revoke(room, first, who=actor(room.tree.ministry, Role.RECORDS))
    with pytest.raises(RefusedError, match="trước ngày ký quyết định bị thu hồi"):
        revoke(room, first, signed_on=today() - timedelta(days=1))
    with pytest.raises(RefusedError, match="ở sau hôm nay"):
        revoke(room, first, signed_on=today() + timedelta(days=1))
    with pytest.raises(RefusedError, match="chưa chọn lần giao"):
        revoke(room, first, signer=Signer(("KT. Cục trưởng",), "Phó Mẫu"))
    Unit.objects.filter(pk=room.tree.bureau.pk).update(has_legal_personality=False)
    room.records.unit.refresh_from_db()
    with pytest.raises(RefusedError, match="không có tư cách pháp nhân"):
        revoke(room, first)
    assert not HonourRevocation.objects.exists()


def test_a_revocation_is_not_revoked(room: Room) -> None:
    second = revoke(room, issue(room, room.counted(*BOTH)))
    with pytest.raises(RefusedError, match="là quyết định thu hồi"):
        revoke(room, second, number="51/QĐ-CTHADS")


def test_once_the_issuer_has_ended_its_keeper_revokes(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    Unit.objects.filter(pk=room.tree.bureau.pk).update(valid_to=today() - timedelta(days=1))
    Unit.objects.filter(pk=room.tree.ministry.pk).update(has_legal_personality=True)
    second = revoke(room, first, who=actor(Unit.objects.get(pk=room.tree.ministry.pk), Role.RECORDS))
    assert (second.unit, second.revokes) == (room.tree.ministry, first)
