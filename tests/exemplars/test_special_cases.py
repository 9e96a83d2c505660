"""Special cases: the council proposes, the deciding authority decides, and everybody who is shown the case sees it."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from exemplars.models import Nomination, SpecialCase, SpecialCaseReading
from exemplars.rules import Status
from exemplars.services.assessments import assess_nomination
from exemplars.services.readings import load_readings
from exemplars.services.rulebooks import publish_shipped
from exemplars.services.special_cases import grant_special_case, propose_special_case, refuse_special_case
from exemplars.workflow import NominationState
from reports.selectors.dossiers import gather_dossier
from tests.builders import AT, DAY, actor
from tests.exemplars.test_nominations import Story
from units.models import AuditEntry, Grading
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

WORDS: dict[str, Any] = {
    "reason": "Cứu người trong lũ",
    "clause": "Kế hoạch, II.2.2.3.b",
    "minutes_number": "7/BB",
    "minutes_on": DAY,
}


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with maintenance_scope("tests read every unit"):
        one = Story()
        publish_shipped()
        load_readings()
        yield one


@pytest.fixture
def unmet(story: Story) -> Nomination:
    Grading.objects.filter(person=story.nominee).update(grade="good")
    return story.forwarded()


def propose(story: Story, one: Nomination, **changes: Any) -> SpecialCase:
    return propose_special_case(one, **{"actor": story.secretariat, "day": DAY, "at": AT} | WORDS | changes)


def test_the_council_proposes_and_the_authority_decides(story: Story, unmet: Nomination) -> None:
    case = propose(story, unmet)
    assert (case.criteria, case.decider, case.state) == (["G2"], story.tree.bureau, "proposed")
    head = actor(story.tree.bureau, Role.HEAD)
    done = grant_special_case(unmet, words="Đồng ý", actor=head, at=AT)
    assert (done.state, done.decided_label, done.decision_words) == ("granted", head.label, "Đồng ý")
    judged = assess_nomination(unmet, day=DAY)
    assert judged is not None
    assert judged.assessment.verdict is Status.UNMET
    verbs = AuditEntry.objects.filter(subject_id=unmet.pk, verb__endswith="special-case").values_list("verb", flat=True)
    assert list(verbs) == ["propose-special-case", "grant-special-case"]


def test_who_decides_finds_the_case_on_top_of_the_list(story: Story, unmet: Nomination, client: Client) -> None:
    propose(story, unmet)
    head, words = actor(story.tree.bureau, Role.HEAD), "Chờ đồng chí quyết định diện đặc biệt"

    def listed(who: Any) -> bool:
        client.force_login(who.account)
        return words in client.get(reverse("exemplars:nomination-list")).content.decode()

    elsewhere = actor(story.tree.ministry, Role.HEAD)
    assert (listed(head), listed(elsewhere), listed(story.secretariat)) == (True, False, False)
    client.force_login(head.account)
    waits = "<strong>1</strong> đề nghị chờ thủ trưởng duyệt hoặc quyết định diện đặc biệt."
    home = client.get("/assignments/").content.decode()
    assert waits in home
    assert 'href="/nominations/"' in home.partition(waits)[2].partition("</section>")[0]
    assert 'href="#dac-biet"' in client.get(unmet.get_absolute_url()).content.decode()
    grant_special_case(unmet, words="Đồng ý", actor=head, at=AT)
    assert not listed(head)
    assert "chờ thủ trưởng duyệt" not in client.get("/assignments/").content.decode()


def test_a_recognition_of_the_sector_is_decided_at_the_top(story: Story, unmet: Nomination) -> None:
    unmet.recognition.level = "sector"
    unmet.recognition.save()
    assert propose(story, unmet).decider == story.tree.ministry
    with pytest.raises(RefusedError, match="không quyết định"):
        grant_special_case(unmet, words="Đồng ý", actor=actor(story.tree.bureau, Role.HEAD), at=AT)


def test_without_a_reading_nobody_decides_and_the_refusal_says_what_next(story: Story, unmet: Nomination) -> None:
    SpecialCaseReading.objects.filter(level="grassroots").update(valid_to=date(2023, 11, 12))
    with pytest.raises(RefusedError, match="cấp cơ sở") as refused:
        propose(story, unmet)
    assert refused.value.way_out == (reverse("exemplars:reading-list"), "Xem các cách hiểu đang có")
    assert not SpecialCase.objects.exists()


def test_it_is_refused_without_something_unmet_twice_too_early_and_to_others(story: Story, unmet: Nomination) -> None:
    with pytest.raises(RefusedError, match="không trình theo diện đặc biệt"):
        propose(story, unmet, actor=actor(story.tree.ministry, Role.SECRETARIAT))
    with pytest.raises(RefusedError, match="ở sau hôm nay"):
        propose(story, unmet, minutes_on=date(2023, 11, 14))
    propose(story, unmet)
    with pytest.raises(RefusedError, match="đã được trình"):
        propose(story, unmet)
    SpecialCase.objects.all().delete()
    Grading.objects.filter(person=story.nominee).update(grade="excellent")
    with pytest.raises(RefusedError, match="Không có tiêu chuẩn nào chưa đạt"):
        propose(story, unmet)
    Nomination.objects.filter(pk=unmet.pk).update(state=NominationState.SUBMITTED)
    with pytest.raises(RefusedError, match="lúc này"):
        propose(story, unmet)


def test_a_refused_case_stays_and_another_may_follow(story: Story, unmet: Nomination) -> None:
    propose(story, unmet)
    head = actor(story.tree.bureau, Role.HEAD)
    with pytest.raises(RefusedError, match="Chưa ghi ý kiến"):
        refuse_special_case(unmet, words="  ", actor=head, at=AT)
    refuse_special_case(unmet, words="Chưa đủ nổi bật", actor=head, at=AT)
    with pytest.raises(RefusedError, match="Không có trường hợp"):
        grant_special_case(unmet, words="Đồng ý", actor=head, at=AT)
    propose(story, unmet)
    assert sorted(SpecialCase.objects.values_list("state", flat=True)) == ["proposed", "refused"]


def test_screen_list_and_paper_show_reason_clause_and_person(story: Story, unmet: Nomination, client: Client) -> None:
    client.force_login(story.secretariat.account)
    address = reverse("exemplars:special-case-propose", args=[unmet.pk])
    posted = WORDS | {"minutes_on": "13/11/2023"}
    refused = client.post(address, posted | {"reason": ""})
    assert refused.status_code == 422
    assert "II.2.2.3.b" in refused.content.decode()
    assert client.post(address, posted).status_code == 302
    head = actor(story.tree.bureau, Role.HEAD)
    for who in (story.clerk, story.secretariat, head):
        client.force_login(who.account)
        text = client.get(reverse("exemplars:nomination-detail", args=[unmet.pk])).content.decode()
        for part in ("Cứu người trong lũ", "II.2.2.3.b", story.secretariat.label):
            assert part in text
        listed = client.get(reverse("exemplars:nomination-list")).content.decode()
        assert "diện đặc biệt" in listed
    grant = client.post(reverse("exemplars:special-case-grant", args=[unmet.pk]), {"words": "Đồng ý"})
    assert grant.status_code == 302
    unmet.refresh_from_db()
    criteria = gather_dossier(unmet).criteria
    assert criteria is not None
    (told,) = criteria.special_cases
    assert "Cứu người trong lũ" in told
    assert "Đồng ý" in told
