"""Taking a decision, or lines of it, back by a new one: step by step, once, exactly, and seen from both sides."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Decision, DecisionDraft, DecisionLine, RevokedLine
from awards.selectors.drafts import list_revocation_drafts
from awards.services.drafts import number_draft, sign_draft, void_draft
from awards.services.publications import publish_decision
from awards.services.revocation_drafts import RevocationWording, draft_revocation
from reports.services.certificates import request_certificates
from tests.awards.room import Room, signed_in
from tests.awards.test_decisions import issue
from tests.builders import actor, pdf
from tests.reports.reading import text_of
from units.actors import Actor
from units.clock import now, today
from units.models import AuditEntry, Honour, HonourRevocation, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.selectors.signing import Signer
from units.services.honours import Frozen, Paper, correct_honour, revoke_honour

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


def begin(
    room: Room, decision: Decision, *lines: DecisionLine, who: Actor | None = None, **changes: Any
) -> DecisionDraft:
    words = TERMS | changes
    wording = RevocationWording(**{name: words[name] for name in ("subject", "signer", "kind", "reason", "clause")})
    chosen = [one.pk for one in lines] or None
    return draft_revocation(decision, lines=chosen, wording=wording, actor=who or room.secretariat, at=now())


def revoke(room: Room, decision: Decision, *lines: DecisionLine, who: Actor | None = None, **changes: Any) -> Decision:
    """Every step, or none of them."""
    words, records = TERMS | {"dated": today()} | changes, who or room.records
    with transaction.atomic():
        draft = begin(room, decision, *lines, who=who, **changes)
        number_draft(draft, number=words["number"], dated=words["dated"], actor=records, at=now())
        return sign_draft(draft, scan=pdf(), actor=records, at=now())


def typed(**changes: Any) -> dict[str, Any]:
    values = {name: value for name, value in TERMS.items() if name not in ("signer", "number")}
    signer = {"signer_name": "Người Ký Mẫu", "signer_title": "Cục trưởng"}
    return values | signer | {"extent": "whole"} | changes


def test_a_revocation_goes_by_the_steps_of_a_decision_and_both_point_at_each_other(room: Room) -> None:
    cache.clear()
    first = issue(room, room.counted(*BOTH))
    request_certificates(first, printer=None, actor=room.records)
    verify = reverse("reports:certificate-verify", args=[first.lines.get(order=1).certificate.token])
    desk, records, anybody = signed_in(room.secretariat), signed_in(room.records), Client()
    address = reverse("awards:revocation-draft", args=[first.pk])
    assert records.get(address).status_code == 403
    assert room.nominations[1].nominee_name in desk.get(address).content.decode()
    assert desk.post(address, typed(reason="")).status_code == 422
    answer = desk.post(address, typed())
    draft = DecisionDraft.objects.get()
    page = reverse("awards:draft-detail", args=[draft.pk])
    assert answer["Location"] == page
    assert page in records.get(reverse("awards:decision-detail", args=[first.pk])).content.decode()
    assert "thu hồi 2 dòng của Quyết định" in records.get(reverse("awards:decision-list")).content.decode()
    assert desk.post(reverse("awards:annex-sort", args=[draft.pk]), {"by": "name"}).status_code == 404
    change = reverse("awards:draft-change", args=[draft.pk])
    assert desk.get(change).context["form"]["extent"].value() == "whole"
    assert desk.post(change, typed(reason="Khai sai thành tích mẫu.")).status_code == 302
    assert not HonourRevocation.objects.exists()

    numbered = {"number": TERMS["number"], "dated": f"{today():%d/%m/%Y}"}
    assert records.post(reverse("awards:draft-number", args=[draft.pk]), numbered).status_code == 302
    paper = text_of(records.get(reverse("reports:draft-paper", args=[draft.pk])).content)
    for words in ("TỜ TRÌNH", TERMS["number"], "45/QĐ-CTHADS", "Khai sai thành tích mẫu.", "CỤC TRƯỞNG"):
        assert words in paper
    assert not HonourRevocation.objects.exists()
    signed = records.post(reverse("awards:draft-sign", args=[draft.pk]), {"scan": pdf("ban ky.pdf")})
    second = Decision.objects.get(revokes=first)
    assert signed["Location"] == reverse("awards:decision-detail", args=[second.pk])
    assert (second.unit, second.ballot, second.reason, second.clause, bool(second.scan)) == (
        room.tree.bureau,
        None,
        "Khai sai thành tích mẫu.",
        TERMS["clause"],
        True,
    )
    assert set(HonourRevocation.objects.values_list("decision_number", "kind", "issuer", "reason")) == {
        ("50/QĐ-CTHADS", "annulled", room.tree.bureau.name, "Khai sai thành tích mẫu.")
    }
    assert (HonourRevocation.objects.count(), RevokedLine.objects.filter(decision=second).count()) == (2, 2)
    assert not Honour.objects.filter(stands=True).exists()
    for nomination in room.nominations:
        nomination.refresh_from_db()
        assert nomination.state == "revoked"
    to_first = f'href="{reverse("awards:decision-detail", args=[first.pk])}"'
    to_second = f'href="{reverse("awards:decision-detail", args=[second.pk])}"'
    assert to_second in records.get(reverse("awards:decision-detail", args=[first.pk])).content.decode()
    assert to_first in records.get(reverse("awards:decision-detail", args=[second.pk])).content.decode()
    listed = records.get(reverse("awards:decision-list")).content.decode()
    assert "Đã thu hồi" in listed
    assert "Thu hồi 2 dòng của" in listed
    record = desk.get(reverse("units:person-detail", args=[room.nominations[0].person_id]))
    assert "Quyết định 50/QĐ-CTHADS" in record.content.decode()

    # Signed and not published: nobody outside hears of it.
    assert "còn giá trị vào ngày" in anybody.get(verify).content.decode()
    publish_decision(second, published_on=today(), actor=room.records, at=now())
    told = anybody.get(verify).content.decode()
    assert "Không còn giá trị" in told
    assert "50/QĐ-CTHADS" in told
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"draft-revocation", "change-revocation", "number-draft", "sign-draft", "revoke-decision"} <= verbs


def test_a_line_is_drafted_once_and_a_void_draft_gives_it_back(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    one, other = DecisionLine.objects.filter(decision=first)
    draft = begin(room, first, one)
    with pytest.raises(RefusedError, match="Đã có dự thảo thu hồi"):
        begin(room, first)
    begin(room, first, other)
    desk = signed_in(room.secretariat)
    for form in (reverse("awards:revocation-draft", args=[first.pk]), reverse("awards:draft-change", args=[draft.pk])):
        with CaptureQueriesContext(connection) as caught:
            assert desk.get(form).status_code == 200
        assert sum('FROM "awards_decisionline"' in query["sql"] for query in caught) == 1
    # Another paper took it back meanwhile: the number is not given.
    revoke_honour(
        one.honour,
        kind="stripped",
        paper=Paper("9/QĐ", today(), "Bộ"),
        reason="x",
        actor=actor(room.tree.branch, Role.CLERK),
        day=today(),
    )
    with pytest.raises(RefusedError, match="đã tước, hủy ở sổ"):
        number_draft(draft, number="50/QĐ-CTHADS", dated=today(), actor=room.records, at=now())
    void_draft(draft, reason="Đã có quyết định khác", actor=room.records)
    assert [each.taken for each in list_revocation_drafts(first)] == [[str(other.pk)]]
    assert not RevokedLine.objects.exists()


def test_one_line_is_taken_back_and_the_other_stands(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    lost, kept = DecisionLine.objects.filter(decision=first)
    answer = signed_in(room.secretariat).post(
        reverse("awards:revocation-draft", args=[first.pk]), typed(extent="named", lines=[str(lost.pk)])
    )
    assert answer.status_code == 302
    draft = DecisionDraft.objects.get()
    number_draft(draft, number="50/QĐ-CTHADS", dated=today(), actor=room.records, at=now())
    sign_draft(draft, scan=pdf(), actor=room.records, at=now())
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
    page = signed_in(room.secretariat).post(reverse("awards:revocation-draft", args=[first.pk]), typed())
    assert page.status_code == 422
    assert "đã đính chính trong sổ khen thưởng" in page.content.decode()
    assert not HonourRevocation.objects.exists()
    assert Decision.objects.count() == 1


def test_who_may_not_and_when(room: Room) -> None:
    first = issue(room, room.counted(*BOTH))
    with pytest.raises(RefusedError, match="thuộc cơ quan đã ban hành"):
        revoke(room, first, who=actor(room.tree.ministry, Role.RECORDS))
    for shift in (-1, 1):
        with pytest.raises(RefusedError, match="phải từ ngày ký quyết định bị thu hồi"):
            revoke(room, first, dated=today() + timedelta(days=shift))
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
