"""Sector and period recognitions on a nomination's page, proposals, editions by day, and replaying what is stored."""

import io
import json
from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from exemplars.models import Assessment, Nomination, Proposal, RulebookEdition
from exemplars.proposing_bodies import find_body, read_bodies
from exemplars.rules import Body
from exemplars.selectors.editions import find_judge
from exemplars.services.assessments import assess_nomination
from exemplars.services.proposals import may_propose, propose_nomination
from exemplars.services.rulebooks import publish_shipped
from exemplars.workflow import NominationState
from tests.builders import AT, DAY, title
from tests.exemplars.test_nominations import Story
from units.clock import today
from units.models import Honour, Unit
from units.refusals import RefusedError
from units.scoping import maintenance_scope

RECOGNITIONS = ("grassroots-annual", "sector-annual", "grassroots-period", "sector-period")


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with maintenance_scope("tests read every unit"):
        one = Story()
        publish_shipped()
        yield one


def nomination_for(story: Story, recognition: str, state: str = NominationState.FORWARDED) -> Nomination:
    one = story.create()
    one.recognition = title(recognition, kind="recognition", ladder="", name=recognition, level="sector")
    one.state = state
    one.save()
    return one


def statuses(one: Nomination) -> dict[str, str]:
    judged = assess_nomination(one, day=DAY)
    assert judged is not None
    return {finding.code: finding.status.value for finding in judged.assessment.findings}


def test_shipped_editions_are_published_for_issuers_in_the_register_and_only_once(story: Story) -> None:
    before = list(RulebookEdition.objects.values_list("code", "edition"))
    assert before == [
        ("danh-hieu-2017", 1),
        ("danh-hieu-2024", 1),
        ("thads-thai-nguyen-2023", 1),
        ("thads-thai-nguyen-2023", 2),
    ]
    out = io.StringIO()
    call_command("publish_rulebooks", stdout=out)
    assert list(RulebookEdition.objects.values_list("code", "edition")) == before
    assert "thads-thai-nguyen-2023, bản 2" in out.getvalue()


def test_every_recognition_of_the_plan_is_judged_by_the_latest_edition(story: Story) -> None:
    for recognition in RECOGNITIONS:
        judge = find_judge(story.tree.branch, recognition, 2023)
        assert judge is not None
        assert judge.edition.edition == 2
        assert find_judge(story.tree.branch, recognition, 2026) is None
        assert find_judge(story.tree.stranger, recognition, 2023) is None


def test_an_edition_that_ends_within_the_period_does_not_judge_the_period(story: Story) -> None:
    edition = RulebookEdition.objects.get(edition=2)
    edition.pk, edition.edition_hash, edition.edition = None, "x", 3
    edition.document = edition.document.replace("valid_to = 2025-12-31", "valid_to = 2024-12-31")
    edition.document = edition.document.replace("edition = 2", "edition = 3", 1)
    edition.save()
    annual = find_judge(story.tree.branch, "sector-annual", 2024)
    period = find_judge(story.tree.branch, "sector-period", 2024)
    assert annual is not None
    assert period is not None
    assert (annual.edition.edition, period.edition.edition) == (3, 2)


def test_a_sector_nomination_asks_for_recognition_and_proposal(story: Story) -> None:
    one = nomination_for(story, "sector-annual")
    assert statuses(one)["N-1"] == "unmet"
    Honour.objects.create(
        unit=story.tree.branch,
        person=story.nominee,
        title=title("grassroots-annual"),
        year=2023,
        issuer="X",
        subject_name="X",
        subject_unit="X",
        decision_number="M",
        decided_on=DAY,
    )
    assert statuses(one)["N-1"] == "undetermined"
    propose_nomination(one, number="45/TTr", proposed_on=DAY, actor=story.secretariat, day=DAY, at=AT)
    assert statuses(one)["N-1"] == "met"
    stored = one.assessments.get()
    assert stored.occasion == "propose"
    assert stored.question["facts"]["proposed_by"] == [
        {"body": "cuc", "decision": "45/TTr", "on": "2023-11-13", "by": "Cục THADS tỉnh Thái Nguyên"}
    ]


def test_a_proposal_is_refused_twice_too_early_and_to_who_is_no_body(story: Story) -> None:
    one = nomination_for(story, "sector-annual")
    given = {"number": "45/TTr", "proposed_on": DAY, "day": DAY, "at": AT}
    with pytest.raises(RefusedError, match="không phải cơ quan"):
        propose_nomination(one, actor=story.head, **given)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="ở sau hôm nay"):
        propose_nomination(one, actor=story.secretariat, **given | {"proposed_on": date(2023, 11, 14)})  # type: ignore[arg-type]
    propose_nomination(one, actor=story.secretariat, **given)  # type: ignore[arg-type]
    with pytest.raises(RefusedError, match="Đã ghi"):
        propose_nomination(one, actor=story.secretariat, **given)  # type: ignore[arg-type]
    Nomination.objects.filter(pk=one.pk).update(state=NominationState.SUBMITTED)
    with pytest.raises(RefusedError, match="lúc này"):
        propose_nomination(one, actor=story.secretariat, **given)  # type: ignore[arg-type]
    assert Proposal.objects.count() == 1


def test_it_is_offered_only_where_the_criteria_ask_for_it(story: Story) -> None:
    grassroots = nomination_for(story, "grassroots-period")
    assert not may_propose(grassroots, story.secretariat, DAY)
    Nomination.objects.filter(pk=grassroots.pk).update(state=NominationState.WITHDRAWN)
    sector = nomination_for(story, "sector-annual")
    assert may_propose(sector, story.secretariat, DAY)
    assert not may_propose(sector, story.head, DAY)


def test_bodies_are_dated_data() -> None:
    assert all(one.valid_from for one in read_bodies())
    place = Unit(code="CQLTHADS", kind="cuc-bo")
    assert [find_body(place, day) for day in (date(2025, 6, 30), date(2025, 7, 1))] == [None, Body.DIRECTORATE]
    assert find_body(Unit(code="X", kind="cuc-bo"), date(2025, 7, 1)) is None


@pytest.mark.parametrize("recognition", RECOGNITIONS)
def test_the_page_of_each_recognition_shows_its_criteria(story: Story, recognition: str, client: Client) -> None:
    one = nomination_for(story, recognition, NominationState.DRAFT)
    client.force_login(story.clerk.account)
    page = client.get(reverse("exemplars:nomination-edit", args=[one.pk])).content.decode()
    judged = assess_nomination(one, day=today())
    assert judged is not None
    for finding in judged.assessment.findings:
        assert finding.label in page
        assert not finding.missing or finding.outlook in page


def replay(*flags: str) -> tuple[int, list[str]]:
    out, code = io.StringIO(), 0
    try:
        call_command("replay_assessments", *flags, stdout=out)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, out.getvalue().splitlines()


@pytest.mark.django_db
def test_stored_assessments_replay_alike_also_under_a_later_edition() -> None:
    with maintenance_scope("tests read every unit"):
        Story().submitted()
        assert not RulebookEdition.objects.filter(edition=2).exists()
        publish_shipped()
    assert replay() == (0, ["Đã đối chiếu lại 1 kết quả, 0 kết quả khác."])


def test_what_was_stored_before_findings_told_more_still_replays(story: Story) -> None:
    story.submitted()
    stored = Assessment.objects.get()
    for finding in stored.findings:
        for key in ("missing", "first_possible", "outlook", "awaits"):
            del finding[key]
    stored.save()
    assert replay()[0] == 0


def test_a_changed_finding_or_verdict_is_told(story: Story) -> None:
    story.submitted()
    stored = Assessment.objects.get()
    stored.findings[1]["status"], stored.verdict = "unmet", "met"
    stored.save()
    code, lines = replay("--json")
    told = [json.loads(line) for line in lines]
    assert code == 1
    assert {one["criterion"] for one in told[:-1]} == {"", "G2"}
    assert told[-1] == {"checked": 1, "different": 1}
    stored.question = {"recognition": "x"}
    stored.save()
    assert replay()[0] == 1
