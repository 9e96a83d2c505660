"""«Vì sao chưa»: what is missing, what would mend it, when at the earliest; discipline only for who may read it."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars import rules
from exemplars.rules import NomineeKind
from exemplars.rules.record_predicates import AnyOf
from exemplars.selectors.coach import advise, list_choices, narrow_rights_of
from exemplars.services.evidence import attest_nomination
from exemplars.services.rulebooks import publish_shipped
from tests.builders import AT, DAY, actor, person
from tests.exemplars.test_nominations import Story
from units.models import AuditEntry, DisciplinaryAction, Grading
from units.roles import Role
from units.scoping import maintenance_scope


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with maintenance_scope("tests read every unit"):
        one = Story()
        publish_shipped(["thads-thai-nguyen-2023"])
        yield one


def page(client: Client, who: object, name: str, key: object, **query: object) -> str:
    client.force_login(who.account)  # type: ignore[attr-defined]
    answer = client.get(reverse(f"exemplars:{name}", args=[key]), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_is_missing_is_sorted_by_what_can_be_done(story: Story) -> None:
    one = advise(story.nominee, "grassroots-annual", 2023, reader_path=story.tree.branch.path, day=DAY)
    assert one is not None
    assert [finding.code for finding in one.met] == ["G2", "B-C1"]
    assert [finding.code for finding in one.waiting] == ["G1", "G3", "G4", "B-C2"]
    assert (one.unmet, one.lacking, one.earliest) == ([], [], None)
    Grading.objects.filter(person=story.nominee).update(grade="good")
    again = advise(story.nominee, "grassroots-annual", 2023, reader_path=story.tree.branch.path, day=DAY)
    assert again is not None
    assert (again.earliest, again.is_lost) == (date(2024, 12, 31), False)
    lost = advise(story.nominee, "grassroots-period", 2023, reader_path=story.tree.branch.path, day=date(2024, 1, 1))
    assert lost is not None
    assert (lost.earliest, lost.is_lost) == (None, True)


def test_a_nomination_brings_what_its_head_has_said(story: Story) -> None:
    nomination = story.submitted()
    attest_nomination(nomination, {"G1": (True, "Biên bản")}, actor=story.head, at=AT)
    one = advise(story.nominee, "grassroots-annual", 2023, reader_path=story.tree.branch.path, day=DAY)
    assert one is not None
    assert one.nomination == nomination
    assert "G1" in [finding.code for finding in one.met]


def test_only_recognitions_with_criteria_for_the_nominee_are_offered(story: Story) -> None:
    codes = ["grassroots-annual", "grassroots-period", "sector-annual", "sector-period"]
    offered = list_choices(story.tree.branch, 2023, NomineeKind.PERSON)
    assert sorted(one.code for one in offered) == codes
    assert list_choices(story.tree.stranger, 2023, NomineeKind.PERSON) == []
    assert advise(story.tree.stranger, "grassroots-annual", 2023, reader_path="0001", day=DAY) is None


def test_the_page_of_a_person_says_what_and_when_and_leaves_a_line(story: Story, client: Client) -> None:
    Grading.objects.filter(person=story.nominee).update(grade="good")
    text = page(client, story.clerk, "person-criteria", story.nominee.pk, year=2023, recognition="grassroots-annual")
    assert "Còn 1 tiêu chuẩn chưa đạt." in text
    assert "ngày 31/12/2024</strong>, khi xét năm 2024" in text
    assert text.count("còn thiếu 1 bậc") + text.count("Còn thiếu:</strong> 1 bậc") == 1  # said once
    assert AuditEntry.objects.filter(verb="open-record", subject_id=story.nominee.pk).count() == 1
    record = client.get(reverse("units:person-detail", args=[story.nominee.pk])).content.decode()
    assert reverse("exemplars:person-criteria", args=[story.nominee.pk]) in record


def test_discipline_is_told_in_full_only_to_who_may_read_it(story: Story, client: Client) -> None:
    DisciplinaryAction.objects.create(
        unit=story.tree.branch,
        person=story.nominee,
        form="khien-trach",
        decision_number="MAU-9/QĐ",
        decided_on=date(2023, 5, 1),
    )
    query = {"year": 2023, "recognition": "grassroots-annual"}
    told = "1 trường hợp bị kỷ luật trong thời gian xét"
    full = page(client, story.clerk, "unit-criteria", story.tree.branch.pk, **query)
    veiled = page(client, story.secretariat, "unit-criteria", story.tree.branch.pk, **query)
    assert told in full
    assert told not in veiled
    assert "trường hợp người do đơn vị" not in veiled
    assert "Trong năm không ai do đơn vị trực tiếp quản lý bị kỷ luật" in veiled
    assert veiled.count("Chưa đạt") == full.count("Chưa đạt") > 0


def test_without_criteria_and_with_a_crooked_year_the_page_still_answers(story: Story, client: Client) -> None:
    text = page(client, story.clerk, "unit-criteria", story.tree.branch.pk, year=2031)
    assert "Chưa có bản quy định tiêu chuẩn nào cho tập thể" in text
    page(client, story.clerk, "unit-criteria", story.tree.branch.pk, year="hai nghìn", recognition="x")


def test_strangers_find_nothing(story: Story, client: Client) -> None:
    other = person(story.tree.sibling)
    client.force_login(story.clerk.account)
    assert client.get(reverse("exemplars:person-criteria", args=[other.pk])).status_code == 404
    assert client.get(reverse("exemplars:unit-criteria", args=[story.tree.sibling.pk])).status_code == 404
    client.force_login(actor(story.tree.branch, Role.ADMINISTRATOR).account)
    assert client.get(reverse("exemplars:unit-criteria", args=[story.tree.branch.pk])).status_code in (302, 403)


def test_the_number_of_queries_does_not_depend_on_the_record(story: Story) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            advise(story.nominee, "grassroots-period", 2023, reader_path=story.tree.branch.path, day=DAY)
        return len(made)

    before = asked()
    for year in (2021, 2022):
        Grading.objects.create(
            unit=story.tree.branch,
            person=story.nominee,
            year=year,
            grade="excellent",
            decision_number="M",
            decided_on=DAY,
        )
    assert asked() == before


def test_discipline_is_found_however_deep_it_lies() -> None:
    inside = rules.AllOf((rules.Attested(), rules.NoDiscipline(rules.DisciplineOf.NOMINEE, "canh-cao")))
    assert narrow_rights_of(AnyOf((inside, rules.Attested()))) == {"units.view_discipline"}
    assert not narrow_rights_of(rules.AllOf((rules.Attested(), rules.Attested())))
