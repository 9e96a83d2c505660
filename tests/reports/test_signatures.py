"""Papers signed by another than the head: form and name as of signing, on the letter, the report and the decision."""

from datetime import date, timedelta
from typing import Any

import pytest

from awards.models import Decision
from exemplars.models import Nomination
from exemplars.services.nominations import accept_nomination, forward_nomination, return_nomination, submit_nomination
from reports.documents import achievement_report, decision, submission_letter
from reports.documents.facts import DossierFacts
from reports.documents.sheet import Sheet
from reports.selectors.dossiers import gather_dossier, list_nominations
from tests.awards.room import Room
from tests.awards.test_decision_signatures import WON, delegate, issue
from tests.builders import AT, DAY, person
from tests.exemplars.test_nominations import Story
from tests.reports.reading import text_of
from tests.rights import duty, member
from units.actors import Actor
from units.models import DelegationForm, Person, Posting
from units.pdf import render_pdf
from units.rights_file import read_rights
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.rights import DelegationTerms, add_delegation

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everything_in_sight(settings: Any) -> Any:
    with maintenance_scope("rows of the branch and of the Cục are arranged"):
        yield


def printed(sheet: Sheet) -> str:
    return text_of(render_pdf(sheet.template, sheet.context))


def facts_of(nomination: Nomination) -> DossierFacts:
    return gather_dossier(list_nominations().get(pk=nomination.pk))


def stand_in(story: Story, form: DelegationForm, title: str, settings: Any) -> Actor:
    """Somebody in whom the head of the branch confides, from ten days before to ten days after."""
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    assert story.head.membership is not None
    place = story.tree.branch
    if form != DelegationForm.DEPUTY:
        place = story.tree.sibling
        place.parent = story.tree.branch
        place.save()
    other = member(place, Role.HEAD if place != story.tree.branch else Role.STAFF, "nguoithay")
    scope = read_rights().find_scope("head-nominations")
    assert scope is not None
    terms = DelegationTerms(
        form=form,
        scope=scope,
        delegator_title="Chi cục trưởng",
        delegate_title=title,
        document_number="3/QĐ-MAU",
        document_date=DAY - timedelta(days=10),
        valid_from=DAY - timedelta(days=10),
        valid_to=DAY + timedelta(days=10),
    )
    add_delegation(story.head.membership, delegate=other, terms=terms, actor=story.head, day=DAY, at=AT)
    found = duty(other.user, "delegation")
    assert found is not None
    return found.actor


@pytest.mark.parametrize(
    ("form", "title", "block"),
    [
        (DelegationForm.DEPUTY, "Phó Chi cục trưởng", "KT. CHI CỤC TRƯỞNG PHÓ CHI CỤC TRƯỞNG nguoithay Mẫu"),
        (DelegationForm.BY_ORDER, "Trưởng phòng", "TL. CHI CỤC TRƯỞNG TRƯỞNG PHÒNG nguoithay Mẫu"),
        (DelegationForm.BY_AUTHORITY, "Trưởng phòng", "TUQ. CHI CỤC TRƯỞNG TRƯỞNG PHÒNG nguoithay Mẫu"),
    ],
)
def test_letter_and_report_show_in_which_form_another_signed(
    form: DelegationForm, title: str, block: str, settings: Any
) -> None:
    story = Story()
    nomination = forward_nomination(story.submitted(), actor=stand_in(story, form, title, settings), day=DAY, at=AT)
    facts = facts_of(nomination)
    assert block in printed(submission_letter.lay_out(facts))
    assert block in printed(achievement_report.lay_out(facts))


def test_the_head_s_own_signature_names_the_post(settings: Any) -> None:
    story = Story()
    posted = person(story.tree.branch, "Người Đứng Đầu Mẫu", is_head=True)
    Posting.objects.filter(person=posted).update(position="Chi cục trưởng")
    letter = printed(submission_letter.lay_out(facts_of(story.forwarded())))
    assert "CHI CỤC TRƯỞNG Người Đứng Đầu Mẫu" in letter
    assert "KT. KT." not in letter.replace("TĐKT", "KT")


def test_what_changes_after_signing_does_not_reach_the_paper(settings: Any) -> None:
    story = Story()
    posted = person(story.tree.branch, "Người Đứng Đầu Mẫu", is_head=True)
    nomination = story.forwarded()
    before = printed(submission_letter.lay_out(facts_of(nomination)))
    Person.objects.filter(pk=posted.pk).update(full_name="Tên Khác")
    Posting.objects.filter(person=posted).update(position="Chức vụ khác")
    assert printed(submission_letter.lay_out(facts_of(nomination))) == before
    assert facts_of(story.create(person(story.tree.branch, "Bế Văn Thử"))).signature.name == "Tên Khác"


def test_a_nomination_mended_and_approved_again_is_signed_again(settings: Any) -> None:
    story = Story()
    nomination = story.forwarded()
    deputy = stand_in(story, DelegationForm.DEPUTY, "Phó Chi cục trưởng", settings)
    later = DAY + timedelta(days=2)
    return_nomination(nomination, {"duties": "Ghi rõ"}, actor=story.secretariat, at=AT)
    submit_nomination(nomination, actor=story.clerk, day=later, at=AT)
    nomination = forward_nomination(nomination, actor=deputy, day=later, at=AT)
    accept_nomination(nomination, actor=story.secretariat, day=later, at=AT)
    facts = facts_of(nomination)
    assert facts.signature.authority == ("KT. Chi cục trưởng", "Phó Chi cục trưởng")
    assert facts.forwarded_on == later == date(2023, 11, 15)
    assert "ngày 15 tháng 11 năm 2023" in printed(submission_letter.lay_out(facts))


def test_the_decision_shows_in_which_form_another_signed() -> None:
    room = Room()
    delegation = delegate(room)
    nomination = room.nominations[0]
    issued = issue(room, room.counted(*WON), delegation)
    Decision.objects.filter(pk=issued.pk).update(published_on=issued.signed_on)
    facts = facts_of(nomination)
    assert facts.decision is not None
    assert "KT. CỤC TRƯỞNG PHÓ CỤC TRƯỞNG cappho Mẫu" in printed(decision.lay_out(facts, facts.decision))
