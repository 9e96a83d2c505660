"""The verbs of a nomination, in time and out of it, by the right people and by others."""

import os
import threading
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection

from campaigns.calendar import closing_instant
from campaigns.models import Assignment, Campaign
from campaigns.services.work import answer_extension, request_extension
from exemplars import rules
from exemplars.models import Assessment, Evidence, Nomination, Remark
from exemplars.rulebook_files import RULEBOOKS
from exemplars.selectors.nominations import find_edition, list_open_remarks
from exemplars.services.assessments import assess_nomination, list_judgements
from exemplars.services.evidence import attach_evidence, attest_nomination, remove_evidence
from exemplars.services.nominations import (
    ConflictError,
    accept_nomination,
    conclude,
    create_nomination,
    forward_nomination,
    return_nomination,
    save_nomination,
    send_back_nomination,
    submit_nomination,
    withdraw_nomination,
)
from exemplars.services.rulebooks import publish_edition
from tests.builders import AT, DAY, Tree, actor, campaign, excellent, pdf, person, recognition, title
from units.actors import Actor
from units.models import AuditEntry, DisciplinaryAction, Person, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

SECOND_EDITION = RULEBOOKS / "thads-thai-nguyen-2023.ban-2.toml"
LAST_INSTANT = closing_instant(date(2023, 11, 20)) - timedelta(seconds=1)
TOO_LATE = closing_instant(date(2023, 11, 20))
FILLED = {"duties": "Nhiệm vụ", "achievements": "Thành tích", "initiatives": "Sáng kiến"}


class Story:
    """One branch with a clerk, a head and a nominee, under a bureau with a secretariat."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.campaign: Campaign = campaign(self.tree.bureau, self.tree.branch, self.tree.sibling)
        self.nominee = person(self.tree.branch)
        excellent(self.nominee)
        self.clerk = actor(self.tree.branch, Role.CLERK)
        self.head = actor(self.tree.branch, Role.HEAD)
        self.secretariat = actor(self.tree.bureau, Role.SECRETARIAT)
        self.records = actor(self.tree.bureau, Role.RECORDS)

    def create(self, nominee: Person | Unit | None = None, *, year: int = 2023, by: Actor | None = None) -> Nomination:
        return create_nomination(
            self.campaign,
            recognition=recognition(),
            year=year,
            nominee=nominee or self.nominee,
            actor=by or self.clerk,
            day=DAY,
            at=AT,
        )

    def filled(self) -> Nomination:
        nomination = save_nomination(self.create(), FILLED, version=1, actor=self.clerk, at=AT)
        attach_evidence(nomination, pdf(), kind="initiative", number="1/QĐ", issued_on=DAY, actor=self.clerk, at=AT)
        return nomination

    def submitted(self) -> Nomination:
        return submit_nomination(self.filled(), actor=self.clerk, day=DAY, at=AT)

    def forwarded(self) -> Nomination:
        return forward_nomination(self.submitted(), actor=self.head, day=DAY, at=AT)


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with maintenance_scope("tests read every unit"):
        yield Story()


def verbs(nomination: Nomination) -> list[str]:
    return list(AuditEntry.objects.filter(subject_id=nomination.pk).values_list("verb", flat=True))


def test_the_whole_way_of_a_nomination(story: Story) -> None:
    nomination = story.forwarded()
    return_nomination(nomination, {"evidence": "Cần quyết định", "duties": " "}, actor=story.secretariat, at=AT)
    assert [(one.field, one.text) for one in list_open_remarks(nomination)] == [("evidence", "Cần quyết định")]
    submit_nomination(nomination, actor=story.clerk, day=DAY, at=TOO_LATE)
    forward_nomination(nomination, actor=story.head, day=DAY, at=TOO_LATE)
    accept_nomination(nomination, actor=story.secretariat, day=DAY, at=TOO_LATE)
    done = conclude(nomination, recognised=True, actor=story.records)
    assert done.state == "recognised"
    assert Assignment.objects.get(unit=story.tree.branch).done_at == AT
    assert verbs(nomination) == [
        *("create", "save", "attach", "submit", "forward", "return", "submit", "forward", "accept", "recognise")
    ]
    assert Remark.objects.get().resolved_at == TOO_LATE
    assert Assessment.objects.count() == 5


def test_the_post_comes_from_the_record(story: Story) -> None:
    assert story.create().position == "Chấp hành viên"


@pytest.mark.parametrize("year", [2020, 2026])
def test_a_year_outside_the_campaign_is_refused(story: Story, year: int) -> None:
    with pytest.raises(RefusedError, match="từ năm 2021 đến năm 2025"):
        story.create(year=year)


def test_a_nominee_of_another_unit_is_refused(story: Story) -> None:
    for nominee in (person(story.tree.sibling, "Nông Văn Thử"), story.tree.sibling):
        with pytest.raises(RefusedError, match="không thuộc"):
            story.create(nominee)
    assert not Nomination.objects.exists()


def test_a_second_nomination_of_the_same_person_and_year_is_refused(story: Story) -> None:
    story.create()
    with pytest.raises(RefusedError, match="Đã có một đề nghị"):
        story.create()
    story.create(year=2024)
    story.create(story.tree.branch)
    assert Nomination.objects.count() == 3


def test_after_a_withdrawal_a_new_one_may_be_opened(story: Story) -> None:
    first = story.create()
    withdraw_nomination(first, actor=story.clerk)
    assert story.create().pk != first.pk


def test_the_second_of_two_savers_is_told_and_nothing_is_lost(story: Story) -> None:
    nomination = story.create()
    save_nomination(nomination, {"duties": "của người thứ nhất"}, version=1, actor=story.clerk, at=AT)
    with pytest.raises(ConflictError) as told:
        save_nomination(nomination, {"duties": "của người thứ hai"}, version=1, actor=story.clerk, at=AT)
    assert told.value.current.duties == "của người thứ nhất"
    saved = save_nomination(nomination, {"duties": "cả hai"}, version=2, actor=story.clerk, at=AT)
    assert saved.duties == "cả hai"


def test_saving_nothing_new_costs_no_version(story: Story) -> None:
    nomination = save_nomination(story.create(), {"duties": ""}, version=1, actor=story.clerk, at=AT)
    assert nomination.version == 1


def test_text_is_stored_composed(story: Story) -> None:
    nomination = save_nomination(story.create(), {"duties": "Thi ha\u0300nh"}, version=1, actor=story.clerk, at=AT)
    assert nomination.duties == "Thi hành"


def test_an_unfinished_nomination_says_what_is_missing(story: Story) -> None:
    nomination = save_nomination(story.create(), {"duties": "có"}, version=1, actor=story.clerk, at=AT)
    with pytest.raises(RefusedError) as told:
        submit_nomination(nomination, actor=story.clerk, day=DAY, at=AT)
    assert "Thành tích tiêu biểu" in told.value.why
    assert "Minh chứng" in told.value.why
    assert "Nhiệm vụ được giao" not in told.value.why
    nomination.refresh_from_db()
    assert nomination.state == "draft"


def test_the_last_instant_of_the_last_day_is_in_time(story: Story) -> None:
    assert submit_nomination(story.filled(), actor=story.clerk, day=DAY, at=LAST_INSTANT).state == "submitted"


def test_after_the_deadline_the_way_to_more_time_is_named_and_works(story: Story) -> None:
    nomination = story.filled()
    with pytest.raises(RefusedError, match="gia hạn") as told:
        submit_nomination(nomination, actor=story.clerk, day=DAY, at=TOO_LATE)
    assert told.value.way_out is not None
    assert told.value.way_out[0].endswith("#gia-han")
    assert not Assessment.objects.exists()
    request = request_extension(
        Assignment.objects.get(unit=story.tree.branch), until=date(2023, 11, 27), reason="x", actor=story.clerk, at=AT
    )
    answer_extension(request, grant=True, answer="", actor=story.secretariat, at=AT)
    assert submit_nomination(nomination, actor=story.clerk, day=DAY, at=TOO_LATE).state == "submitted"


def test_the_head_cannot_forward_for_the_first_time_after_the_deadline(story: Story) -> None:
    nomination = story.submitted()
    with pytest.raises(RefusedError, match="Đã hết hạn"):
        forward_nomination(nomination, actor=story.head, day=DAY, at=TOO_LATE)


def test_what_the_plan_does_not_ask_of_a_unit_cannot_be_submitted(story: Story) -> None:
    Assignment.objects.all().delete()
    with pytest.raises(RefusedError, match="không giao"):
        submit_nomination(story.filled(), actor=story.clerk, day=DAY, at=AT)


@pytest.mark.parametrize("who", ["head", "secretariat", "records"])
def test_only_the_clerk_submits(story: Story, who: str) -> None:
    with pytest.raises(RefusedError, match="không được «Trình thủ trưởng»"):
        submit_nomination(story.filled(), actor=getattr(story, who), day=DAY, at=AT)


def test_a_state_that_moved_on_refuses_in_words(story: Story) -> None:
    nomination = story.submitted()
    for act in (
        lambda: submit_nomination(nomination, actor=story.clerk, day=DAY, at=AT),
        lambda: accept_nomination(nomination, actor=story.secretariat, day=DAY, at=AT),
        lambda: return_nomination(nomination, {"duties": "x"}, actor=story.secretariat, at=AT),
        lambda: conclude(nomination, recognised=True, actor=story.records),
    ):
        with pytest.raises(RefusedError, match="Chờ thủ trưởng duyệt"):
            act()
    with pytest.raises(RefusedError, match="không còn sửa được"):
        save_nomination(nomination, FILLED, version=nomination.version, actor=story.clerk, at=AT)


def test_a_return_without_a_reason_is_refused(story: Story) -> None:
    with pytest.raises(RefusedError, match="Chưa ghi chỗ nào"):
        send_back_nomination(story.submitted(), {"duties": "  "}, actor=story.head, at=AT)


def test_evidence_taken_away_is_hidden_and_kept(story: Story) -> None:
    nomination = story.filled()
    evidence = nomination.evidence.get()
    remove_evidence(evidence, actor=story.clerk, at=AT)
    assert nomination.evidence.get().removed_at == AT
    assert evidence.file.storage.exists(evidence.file.name)
    attach_evidence(nomination, pdf(), kind="other", number="", issued_on=None, actor=story.clerk, at=AT)


def test_the_same_file_twice_is_refused(story: Story) -> None:
    with pytest.raises(RefusedError, match="đã được đính kèm"):
        attach_evidence(story.filled(), pdf(), kind="other", number="", issued_on=None, actor=story.clerk, at=AT)


def test_evidence_of_a_submitted_nomination_does_not_change(story: Story) -> None:
    nomination = story.submitted()
    with pytest.raises(RefusedError, match="không còn thay đổi được"):
        attach_evidence(nomination, pdf(pages=2), kind="other", number="", issued_on=None, actor=story.clerk, at=AT)
    with pytest.raises(RefusedError):
        remove_evidence(nomination.evidence.get(), actor=story.clerk, at=AT)


def statuses(nomination: Nomination) -> dict[str, str]:
    judged = assess_nomination(nomination, day=DAY)
    assert judged is not None
    return {finding.code: finding.status.value for finding in judged.assessment.findings}


def test_criteria_read_the_record_and_the_heads_word(story: Story) -> None:
    nomination = story.submitted()
    assert statuses(nomination) == {
        "G1": "undetermined",
        "G2": "met",
        "G3": "undetermined",
        "G4": "undetermined",
        "B-C1": "met",
        "B-C2": "undetermined",
    }
    asked = {finding.code: (finding.code != "G4", "Biên bản") for finding in list_judgements(nomination, day=DAY)}
    assert set(asked) == {"G1", "G3", "G4", "B-C2"}
    attest_nomination(nomination, asked, actor=story.head, at=AT)
    assert statuses(nomination) | {"G4": "unmet"} == statuses(nomination)
    assert statuses(nomination)["G1"] == "met"


def test_a_head_of_a_unit_is_asked_about_the_unit(story: Story) -> None:
    head = person(story.tree.branch, "Nông Văn Thử", is_head=True)
    assert statuses(story.create(head))["B-C3"] == "undetermined"


def test_discipline_of_staff_counts_against_the_collective_in_its_year_only(story: Story) -> None:
    nomination = story.create(story.tree.branch)
    assert statuses(nomination)["B-T2"] == "met"
    action = DisciplinaryAction.objects.create(
        unit=story.tree.branch,
        person=story.nominee,
        form="khien-trach",
        decision_number="MAU-9/QĐ",
        decided_on=date(2022, 12, 31),
    )
    assert statuses(nomination)["B-T2"] == "met"
    DisciplinaryAction.objects.filter(pk=action.pk).update(decided_on=date(2023, 1, 1))
    assert statuses(nomination)["B-T2"] == "unmet"


def test_a_stored_assessment_can_be_judged_again_with_the_same_result(story: Story) -> None:
    nomination = story.submitted()
    stored = nomination.assessments.get()
    rulebook = rules.parse_rulebook(stored.edition.document)
    again = rules.assess(rulebook, rules.load_case(stored.question, rulebook))
    assert again.to_json()["findings"] == stored.findings
    assert again.edition_hash == stored.edition.edition_hash


def test_the_edition_is_chosen_by_the_year_of_the_achievement(story: Story) -> None:
    issuer = story.tree.bureau
    assert find_edition(issuer, "grassroots-annual", 2023) is not None
    assert find_edition(issuer, "grassroots-annual", 2026) is None
    assert find_edition(issuer, "sector-annual", 2023) is None
    assert find_edition(story.tree.stranger, "grassroots-annual", 2023) is None


def test_a_later_edition_holds_from_its_publication_and_leaves_what_was_stored(story: Story) -> None:
    stored = story.submitted().assessments.get()
    first = find_edition(story.tree.bureau, "grassroots-annual", 2023)
    second = publish_edition(SECOND_EDITION.read_text(encoding="utf-8"))
    assert publish_edition(SECOND_EDITION.read_text(encoding="utf-8")) == second
    assert find_edition(story.tree.bureau, "grassroots-annual", 2023) == second
    assert find_edition(story.tree.bureau, "sector-period", 2023) == second
    stored.refresh_from_db()
    assert stored.edition == first
    assert rules.parse_rulebook(stored.edition.document).edition_hash == stored.edition.edition_hash
    # What is stored was judged by the first edition; the nomination itself is now judged by the second, alike.
    judged = assess_nomination(stored.nomination, day=DAY)
    assert judged is not None
    assert judged.edition == second
    assert judged.assessment.to_json()["findings"] == stored.findings


def test_a_nomination_for_a_period_is_judged_over_the_whole_period(story: Story) -> None:
    publish_edition(SECOND_EDITION.read_text(encoding="utf-8"))
    nomination = story.create(story.tree.branch)
    nomination.recognition = title("grassroots-period", kind="recognition", ladder="")
    nomination.save()
    DisciplinaryAction.objects.create(
        unit=story.tree.branch,
        person=story.nominee,
        form="khien-trach",
        decision_number="MAU-9/QĐ",
        decided_on=date(2021, 1, 1),
    )
    found = statuses(nomination)
    assert list(found) == ["G1", "G2", "G3", "G4", "P-T1", "P-T2", "P-T3"]
    assert (found["P-T2"], found["P-T3"]) == ("unmet", "unmet")
    assert {finding.code for finding in list_judgements(nomination, day=DAY)} == {"G1", "G3", "G4", "P-T1", "P-T2"}


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_open_the_same_nomination_at_once_make_one() -> None:
    with maintenance_scope("tests read every unit"):
        story = Story()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def open_one() -> None:
        with maintenance_scope("tests read every unit"):
            start.wait()
            try:
                story.create()
                outcomes.append("made")
            except RefusedError:
                outcomes.append("refused")
        connection.close()

    threads = [threading.Thread(target=open_one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused"]


def test_a_file_is_on_the_disk_before_its_row(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    nomination, flushed, flush = story.create(), [], os.fsync

    def watched(descriptor: int) -> None:
        flushed.append((str(Path(f"/proc/self/fd/{descriptor}").readlink()), Evidence.objects.exists()))
        flush(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    kept = attach_evidence(nomination, pdf(), kind="other", number="", issued_on=None, actor=story.clerk, at=AT)
    file = Path(kept.file.path).resolve()
    assert flushed == [(str(path), False) for path in (file, file.parent, file.parent.parent)]
