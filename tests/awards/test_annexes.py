"""The annexed list of a draft: put in order by its drafter, downloaded, and followed by everything signed."""

import io
from typing import Any

import pytest
import python_calamine
from django.test import Client
from django.urls import reverse

from awards.models import Decision, DecisionDraft
from awards.services.annexes import AnnexOrder, order_annex, sort_annex
from awards.services.drafts import draft_decision, number_draft, sign_draft
from awards.services.sittings import add_agenda_item
from exemplars.models import Nomination
from reports.selectors.certificates import list_printable_lines
from tests.awards.room import Room, signed_in
from tests.builders import pdf, title
from tests.reports.reading import text_of
from units.clock import now, today
from units.models import AuditEntry
from units.refusals import RefusedError
from units.scoping import maintenance_scope
from units.selectors.signing import Signer

pytestmark = pytest.mark.django_db

WORDS = ("Nông Văn Bình", "=SUM(1) An", "Bế Thị Châu", "Chi cục Mẫu")


@pytest.fixture
def drafted(db: None) -> Any:
    """Four elected: two of the sibling, the last one with a higher title."""
    with maintenance_scope("A test looks at everything."):
        room = Room(cases=1)
        first, *others = WORDS
        Nomination.objects.filter(pk=room.nominations[0].pk).update(nominee_name=first)
        for name in others:
            room.nominations.append(room.nominate(name))
            add_agenda_item(room.sitting, room.nominations[-1], actor=room.secretariat)
        high = title("high", name="Danh hiệu bậc cao", kind="emulation-title", ladder="x", rank=4)
        Nomination.objects.filter(pk=room.nominations[3].pk).update(recognition=high)
        theirs = [room.nominations[1].pk, room.nominations[3].pk]
        Nomination.objects.filter(pk__in=theirs).update(unit=room.tree.sibling, unit_path=room.tree.sibling.path)
        ballot = room.counted(*[("yes",) * 4] * 6)
        head = Signer(("Cục trưởng",), "Người Ký Mẫu")
        yield room, draft_decision(ballot, subject="Về việc", signer=head, actor=room.secretariat, at=now())


def shown(client: Client, draft: DecisionDraft) -> list[str]:
    page = client.get(reverse("awards:draft-detail", args=[draft.pk]))
    return [one.nominee_name for one in page.context["annexed"]]


def test_buttons_sort_move_and_number_the_list_and_everything_signed_follows(
    drafted: tuple[Room, DecisionDraft],
) -> None:
    room, draft = drafted
    binh, an, chau, cuc = WORDS
    desk = signed_in(room.secretariat)

    def post(name: str, *args: Any, **sent: str) -> int:
        return desk.post(reverse(f"awards:{name}", args=[draft.pk, *args]), sent).status_code

    assert shown(desk, draft) == [binh, an, chau, cuc]
    assert post("annex-sort", by="name") == 302
    assert shown(desk, draft) == [an, binh, chau, cuc]
    # What a rule holds equal keeps the order of the rule before.
    assert post("annex-sort", by="unit") == 302
    assert shown(desk, draft) == [binh, chau, an, cuc]
    assert post("annex-sort", by="precedence") == 302
    assert shown(desk, draft) == [cuc, binh, chau, an]
    assert post("annex-sort", by="x") == 422
    last = room.nominations[1].pk
    assert post("annexed-move", last, step="up") == 302
    assert post("annexed-move", room.nominations[3].pk, step="up") == 302
    assert shown(desk, draft) == [cuc, binh, an, chau]
    typed = {f"order-{room.nominations[0].pk}": "9", f"order-{last}": "một"}
    assert post("annex-order", **typed) == 302
    assert shown(desk, draft) == [cuc, an, chau, binh]

    records = signed_in(room.records)
    assert records.post(reverse("awards:annex-sort", args=[draft.pk]), {"by": "name"}).status_code == 403
    assert "order-" not in records.get(reverse("awards:draft-detail", args=[draft.pk])).content.decode()
    book = b"".join(records.get(reverse("awards:draft-detail-workbook", args=[draft.pk])).streaming_content)  # type: ignore[attr-defined]
    rows = python_calamine.load_workbook(io.BytesIO(book)).get_sheet_by_index(0).to_python()
    assert [(row[0], row[1]) for row in rows if isinstance(row[0], float)] == list(
        enumerate([cuc, an, chau, binh], start=1)
    )
    assert AuditEntry.objects.filter(verb="export-list").exists()

    number_draft(draft, number="45/QĐ-CTHADS", dated=today(), actor=room.records, at=now())
    assert post("annex-sort", by="name") == 422
    paper = text_of(records.get(reverse("reports:draft-paper", args=[draft.pk])).content)
    places = [paper.rindex(name) for name in (cuc, an, chau, binh)]
    assert places == sorted(places)
    sign_draft(draft, scan=pdf(), actor=room.records, at=now())
    lines = list_printable_lines(Decision.objects.get())
    assert [(one.order, one.honour.subject_name) for one in lines] == list(enumerate([cuc, an, chau, binh], start=1))


def test_only_a_draft_without_a_number_is_put_in_order(drafted: tuple[Room, DecisionDraft]) -> None:
    room, draft = drafted
    sort_annex(draft, by=AnnexOrder.NAME, actor=room.secretariat)
    assert AuditEntry.objects.get(verb="order-annex").detail["how"] == "theo tên"
    number_draft(draft, number="45/QĐ-CTHADS", dated=today(), actor=room.records, at=now())
    with pytest.raises(RefusedError, match="không làm được ở bước hiện tại"):
        order_annex(draft, places={}, actor=room.secretariat)
