"""A decision in steps: drafted, numbered, signed, published; nothing is in force before it is signed."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from awards.models import Ballot, Decision, DecisionDraft
from awards.services.drafts import change_draft, draft_decision, number_draft, sign_draft, void_draft
from tests.awards.room import Room, signed_in
from tests.awards.test_decision_signatures import delegate
from tests.awards.test_decisions import WON, issue, particulars
from tests.builders import pdf
from tests.reports.reading import text_of
from units.actors import Actor
from units.clock import now, today
from units.models import AuditEntry, Delegation, Honour, TitleAuthority
from units.refusals import RefusedError
from units.selectors.signing import Signer

pytestmark = pytest.mark.django_db

HEAD = Signer(("Cục trưởng",), "Người Ký Mẫu")
WORDS = {"subject": "Về việc công nhận", "signer_name": "Người Ký Mẫu", "signer_title": "Cục trưởng"}


def draft(room: Room, ballot: Ballot | None = None, signer: Signer | Delegation = HEAD) -> DecisionDraft:
    counted = ballot or room.counted(*WON)
    return draft_decision(counted, subject="Về việc công nhận", signer=signer, actor=room.secretariat, at=now())


def number(room: Room, one: DecisionDraft, text: str = "45/QĐ-CTHADS") -> DecisionDraft:
    return number_draft(one, number=text, dated=today(), actor=room.records, at=now())


def sign(room: Room, one: DecisionDraft, scan: Any = None, actor: Actor | None = None) -> Decision:
    return sign_draft(one, scan=scan or pdf(), actor=actor or room.records, at=now())


def test_from_the_count_to_the_signed_paper_each_by_its_own_hand(room: Room) -> None:
    ballot = room.counted(*WON)
    desk, records = signed_in(room.secretariat), signed_in(room.records)
    begin = reverse("awards:decision-draft", args=[ballot.pk])
    assert records.get(begin).status_code == 403
    assert begin in desk.get(reverse("awards:decision-list")).content.decode()
    assert desk.post(begin, WORDS).status_code == 302
    one = DecisionDraft.objects.get()
    assert desk.get(begin).status_code == 404
    page = reverse("awards:draft-detail", args=[one.pk])
    assert page in records.get(reverse("awards:decision-list")).content.decode()
    assert (Honour.objects.count(), Decision.objects.count()) == (0, 0)
    assert "Số: " in text_of(desk.get(reverse("reports:draft-paper", args=[one.pk])).content)

    numbering = reverse("awards:draft-number", args=[one.pk])
    assert desk.get(numbering).status_code == 403
    typed = {"number": "45/QĐ-CTHADS", "dated": f"{today():%d/%m/%Y}"}
    assert records.post(numbering, typed).status_code == 302
    paper = text_of(records.get(reverse("reports:draft-paper", args=[one.pk])).content)
    for words in (
        "TỜ TRÌNH",
        "QUYẾT ĐỊNH",
        "DANH SÁCH",
        "45/QĐ-CTHADS",
        "CỤC TRƯỞNG",
        room.nominations[0].nominee_name,
    ):
        assert words in paper
    assert not Honour.objects.exists()

    signing = reverse("awards:draft-sign", args=[one.pk])
    assert records.post(signing, {}).status_code == 422
    answer = records.post(signing, {"scan": pdf("ban ky.pdf")})
    decision = Decision.objects.get()
    assert answer["Location"] == reverse("awards:decision-detail", args=[decision.pk])
    assert (decision.number, decision.signed_on, decision.published_on) == ("45/QĐ-CTHADS", today(), None)
    assert Honour.objects.get().decision_number == "45/QĐ-CTHADS"
    scan = records.get(reverse("awards:decision-scan", args=[decision.pk]))
    assert b"".join(scan.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    one.refresh_from_db()
    assert (one.state, one.decision) == ("signed", decision)
    with pytest.raises(RefusedError, match="không làm được ở bước hiện tại"):
        sign(room, one)
    assert Honour.objects.count() == 1
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"draft-decision", "number-draft", "sign-draft", "issue-decision"} <= verbs


def test_steps_out_of_turn_are_refused_and_nothing_is_half_written(room: Room) -> None:
    one = draft(room)
    with pytest.raises(RefusedError, match="không làm được ở bước hiện tại"):
        sign(room, one)
    number(room, one)
    with pytest.raises(RefusedError, match="không làm được ở bước hiện tại"):
        change_draft(one, subject="x", signer=HEAD, actor=room.secretariat, at=now())
    with pytest.raises(RefusedError, match="rỗng"):
        sign(room, one, SimpleUploadedFile("trong.pdf", b""))
    type(room.nominations[0]).objects.filter(pk=room.nominations[0].pk).update(state="withdrawn")
    with pytest.raises(RefusedError, match="Không còn ở trạng thái trình Hội đồng"):
        sign(room, one)
    assert (Decision.objects.count(), Honour.objects.count()) == (0, 0)
    one.refresh_from_db()
    assert one.state == "numbered"


def test_a_number_is_taken_once_and_stays_taken_by_a_draft_that_is_void(room: Room) -> None:
    ballot = room.counted(*WON)
    one = number(room, draft(room, ballot))
    with pytest.raises(RefusedError, match="đã có dự thảo quyết định"):
        issue(room, ballot, number="46/QĐ-CTHADS")
    with pytest.raises(RefusedError, match="đã có dự thảo quyết định"):
        draft(room, ballot)
    void_draft(one, reason="Sai thể thức", actor=room.records)
    again = draft(room, ballot)
    with pytest.raises(RefusedError, match="Số 45/QĐ-CTHADS đã dùng"):
        number(room, again)
    number(room, again, "47/QĐ-CTHADS")
    assert sign(room, again).number == "47/QĐ-CTHADS"
    listed = signed_in(room.records).get(reverse("awards:decision-list")).content.decode()
    assert "Mở dự thảo" not in listed


def test_days_and_authority_are_asked_before_anything_is_drafted_or_numbered(room: Room) -> None:
    ballot = room.counted(*WON)
    about = {"title": room.plan.title_of_tests, "decider": "Bộ trưởng", "citation": "Luật mẫu", "unit_kinds": ["bo"]}
    TitleAuthority.objects.create(valid_from="2000-01-01", **about)
    page = signed_in(room.secretariat).post(reverse("awards:decision-draft", args=[ballot.pk]), WORDS)
    assert page.status_code == 422
    assert "không có thẩm quyền quyết định" in page.content.decode()
    TitleAuthority.objects.all().delete()
    one = draft(room, ballot)
    for shift in (-1, 1):
        with pytest.raises(RefusedError, match="Ngày văn bản"):
            number_draft(one, number="1/QĐ", dated=today() + timedelta(days=shift), actor=room.records, at=now())
    wrong = {"signer_name": "x", "signer_title": "KT. Cục trưởng", "subject": "x"}
    refused = signed_in(room.secretariat).post(reverse("awards:draft-change", args=[one.pk]), wrong)
    assert "chưa chọn lần giao" in refused.content.decode()


def test_who_stands_in_for_the_head_is_on_the_paper_and_on_the_decision(room: Room) -> None:
    standing = delegate(room)
    one = number(room, draft(room, signer=standing))
    paper = text_of(signed_in(room.records).get(reverse("reports:draft-paper", args=[one.pk])).content)
    assert "KT. CỤC TRƯỞNG" in paper
    decision = sign(room, one)
    assert (decision.delegation, decision.authority[0]) == (standing, "KT. Cục trưởng")


def test_the_short_way_stays_for_what_was_signed_on_paper(room: Room) -> None:
    ballot = room.counted(*WON)
    answer = signed_in(room.records).post(reverse("awards:decision-issue", args=[ballot.pk]), particulars())
    assert answer.status_code == 302
    assert not Decision.objects.get().scan
