"""Moving people between units: offered, answered, seen from both sides before and after."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import AT, Tree, actor, excellent, person, title
from units.actors import Actor
from units.models import (
    AuditEntry,
    Grading,
    Honour,
    Initiative,
    Membership,
    PastService,
    Person,
    Posting,
    TitleEligibility,
    Transfer,
    TransferOffer,
    Unit,
)
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.transfers import (
    Destination,
    cancel_transfer,
    confirm_transfer,
    decline_transfer,
    propose_transfer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("posts_hold")]

LAST_DAY = date(2023, 6, 30)


class Story:
    """Somebody of Đại Từ with a record is to go to Cao Bằng, which sees nothing of Thái Nguyên."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.old, self.new = self.tree.branch, self.tree.stranger
        with maintenance_scope("test rows"):
            self.person = person(self.old, "Lường Thị Mẫu", is_head=True)
            excellent(self.person, 2022)
        self.clerk, self.receiver = actor(self.old, Role.CLERK), actor(self.new, Role.CLERK)

    def propose(self, **changed: Any) -> Transfer:
        to = {
            "receiving": self.new,
            "position": "Chấp hành viên trung cấp",
            "is_head": False,
            "last_day": LAST_DAY,
            "decision_number": "MAU-9/QĐ",
            "decided_on": date(2023, 6, 20),
        }
        with unit_scope(self.old.path):
            return propose_transfer(self.person, Destination(**(to | changed)), actor=self.clerk, at=AT)

    def offer(self) -> TransferOffer:
        with unit_scope(self.new.path):
            return TransferOffer.objects.get()

    def confirm(self, day: date = LAST_DAY + timedelta(days=1), **options: Any) -> Person:
        offer = self.offer()
        with unit_scope(self.new.path):
            return confirm_transfer(offer, actor=self.receiver, day=day, at=AT, **options)


@pytest.fixture
def story() -> Story:
    return Story()


def verbs(place: Unit) -> set[str]:
    with unit_scope(place.path):
        return set(AuditEntry.objects.values_list("verb", flat=True))


def test_before_the_answer_the_new_unit_knows_the_offer_and_nothing_of_the_record(story: Story) -> None:
    story.propose()
    with unit_scope(story.new.path):
        assert TransferOffer.objects.get().full_name == "Lường Thị Mẫu"
        assert not Person.objects.exists()
        assert not Grading.objects.exists()
        assert not Transfer.objects.exists()
    with unit_scope(story.old.path):
        assert Person.objects.get() == story.person


def test_confirmed_the_whole_record_is_read_where_the_person_works(story: Story) -> None:
    story.propose()
    story.confirm()
    with unit_scope(story.new.path):
        moved = Person.objects.get()
        assert moved == story.person
        assert moved.unit == story.new
        assert [one.year for one in moved.gradings.all()] == [2022]
        held = [(one.position, one.valid_from, one.valid_to) for one in moved.postings.all()]
        assert held == [
            ("Chấp hành viên trung cấp", date(2023, 7, 1), None),
            ("Chấp hành viên", date(2020, 1, 1), LAST_DAY),
        ]


def test_what_the_old_unit_wrote_is_not_offered_for_change(story: Story) -> None:
    """Rows of every table that the record shows: the new unit's own is changed there, the old unit's is not."""
    with maintenance_scope("test rows"):
        paper = {"decision_number": "MAU-3/QĐ", "decided_on": date(2022, 12, 1), "issuer": "Chi cục mẫu"}
        about = {"unit": story.old, "person": story.person, "year": 2022}
        Initiative.objects.create(**about, **paper, title="Sáng kiến mẫu", work=uuid4(), level="grassroots", share=100)
        Honour.objects.create(
            **about, **paper, title=title("LDTT"), subject_name="Lường Thị Mẫu", subject_unit=story.old.name
        )
    story.propose()
    story.confirm()
    with maintenance_scope("test rows"):
        Grading.objects.create(
            unit=story.new,
            person=Person.objects.get(),
            year=2023,
            grade="good",
            decision_number="2",
            decided_on=LAST_DAY,
        )
        kept = {
            "grading-edit": Grading.objects.get(year=2022).pk,
            "eligibility-edit": TitleEligibility.objects.get().pk,
            "initiative-edit": Initiative.objects.get().pk,
            "honour-correct": Honour.objects.get().pk,
            "posting-edit": Posting.objects.get(unit=story.old).pk,
        }
        own = Grading.objects.get(year=2023).pk
        own_post = Posting.objects.get(unit=story.new).pk
    page = sign_in(story.receiver).get(f"/people/{story.person.pk}/").content.decode()
    offered = [name for name, pk in kept.items() if reverse(f"units:{name}", args=[pk]) in page]
    assert offered == []
    assert page.count(f"Do {story.old.short_name} ghi") == len(kept)
    assert reverse("units:grading-edit", args=[own]) in page
    assert reverse("units:posting-edit", args=[own_post]) in page


def test_confirmed_the_old_unit_keeps_its_own_period_and_nothing_after(story: Story) -> None:
    story.propose()
    story.confirm()
    with maintenance_scope("a later line of the new unit"):
        moved = Person.objects.get(pk=story.person.pk)
        excellent(moved, 2023)
    with unit_scope(story.old.path):
        assert not Person.objects.exists()
        past = PastService.objects.get()
        assert (past.full_name, past.last_day, past.moved_to) == ("Lường Thị Mẫu", LAST_DAY, story.new)
        assert [one.year for one in Grading.objects.filter(person=past.person_id)] == [2022]
        assert [one.valid_to for one in Posting.objects.all()] == [LAST_DAY]


def test_both_trails_tell_it(story: Story) -> None:
    story.propose()
    story.confirm()
    assert {"propose-transfer", "leave"} <= verbs(story.old)
    assert "confirm-transfer" in verbs(story.new)


def test_the_account_of_the_old_post_ends_with_it(story: Story) -> None:
    Membership.objects.filter(pk=story.clerk.membership.pk).update(person=story.person)
    story.propose()
    story.confirm()
    assert Membership.objects.get(pk=story.clerk.membership.pk).valid_to == LAST_DAY


def test_it_waits_for_the_first_day(story: Story) -> None:
    story.propose()
    with pytest.raises(RefusedError, match="Tiếp nhận được từ ngày 01/07/2023"):
        story.confirm(day=LAST_DAY)
    assert story.offer().state == "offered"


def test_a_taken_staff_code_is_asked_for_anew(story: Story) -> None:
    with maintenance_scope("test rows"):
        other = person(story.new, "Bế Văn Thử")
        Person.objects.filter(pk=other.pk).update(staff_code=story.person.staff_code)
    story.propose()
    with pytest.raises(RefusedError, match="đã dùng"):
        story.confirm()
    assert story.confirm(staff_code="MOI-1").staff_code == "MOI-1"


def test_declined_everything_stays_and_the_old_unit_reads_why(story: Story) -> None:
    story.propose()
    offer = story.offer()
    with unit_scope(story.new.path):
        decline_transfer(offer, reason="Đã đủ biên chế", actor=story.receiver, at=AT)
    with unit_scope(story.old.path):
        transfer = Transfer.objects.get()
        assert (transfer.state, transfer.answer) == ("declined", "Đã đủ biên chế")
        assert Person.objects.get().unit == story.old
    assert "decline-transfer" in verbs(story.old) & verbs(story.new)
    story.propose()  # a new offer may follow


def test_taken_back_it_can_no_longer_be_confirmed(story: Story) -> None:
    transfer = story.propose()
    with unit_scope(story.old.path):
        cancel_transfer(transfer, actor=story.clerk, at=AT)
    with pytest.raises(RefusedError, match="không còn chờ"):
        story.confirm()
    with unit_scope(story.old.path), pytest.raises(RefusedError, match="không còn chờ"):
        cancel_transfer(transfer, actor=story.clerk, at=AT)


def test_confirming_twice_does_nothing_twice(story: Story) -> None:
    story.propose()
    story.confirm()
    with pytest.raises(RefusedError, match="không còn chờ"):
        story.confirm()
    with unit_scope(story.new.path):
        assert Posting.objects.count() == 2


def test_one_open_offer_for_a_person(story: Story) -> None:
    story.propose()
    with pytest.raises(RefusedError, match="đã có một phiếu chuyển"):
        story.propose()


def test_not_to_the_own_unit(story: Story) -> None:
    with pytest.raises(RefusedError, match="đang làm việc ở"):
        story.propose(receiving=story.old)


@pytest.mark.parametrize(("last_day", "stands"), [(date(2023, 6, 29), True), (date(2023, 6, 30), False)])
def test_the_new_unit_stands_on_the_first_day(story: Story, last_day: date, *, stands: bool) -> None:
    Unit.objects.filter(pk=story.new.pk).update(valid_to=date(2023, 6, 30))
    story.new.refresh_from_db()
    if stands:
        story.propose(last_day=last_day)
    else:
        with pytest.raises(RefusedError, match="không hoạt động vào ngày 01/07/2023"):
            story.propose(last_day=last_day)


def test_not_before_the_present_post_began(story: Story) -> None:
    with pytest.raises(RefusedError, match="ở trước ngày bắt đầu chức vụ"):
        story.propose(last_day=date(2019, 12, 31))


def test_nobody_without_a_post_is_let_go(story: Story) -> None:
    with maintenance_scope("test rows"):
        Posting.objects.update(valid_to=LAST_DAY)
    with pytest.raises(RefusedError, match="không giữ chức vụ nào"):
        story.propose()


def sign_in(one: Actor) -> Client:
    client = Client()
    client.force_login(one.account)
    return client


def address(name: str, *args: Any, **query: Any) -> str:
    return reverse(f"units:{name}", args=args, query=query)


PAPER = {
    "position": "Chấp hành viên",
    "last_day": "30/6/2023",
    "decision_number": "MAU-9/QĐ",
    "decided_on": "20/6/2023",
}


def test_a_clerk_lets_somebody_go_and_another_receives_them(story: Story) -> None:
    clerk, receiver = sign_in(story.clerk), sign_in(story.receiver)
    found = clerk.get(address("transfer-create", story.person.pk, q="cao bang"))
    assert str(story.new.pk) in found.content.decode()
    written = clerk.post(address("transfer-create", story.person.pk, to=story.new.pk), PAPER)
    assert written.status_code == 302

    assert "Lường Thị Mẫu" in receiver.get(address("transfer-list")).content.decode()
    offer = story.offer()
    assert receiver.get(address("transfer-confirm", offer.pk)).status_code == 200
    received = receiver.post(address("transfer-confirm", offer.pk))
    assert received.status_code == 302, received.content.decode()
    assert "2022" in receiver.get(address("person-detail", story.person.pk)).content.decode()
    assert clerk.get(address("person-detail", story.person.pk)).status_code == 404

    with unit_scope(story.old.path):
        past = PastService.objects.get()
    assert "Lường Thị Mẫu" in clerk.get(address("past-service-list", q="luong mau")).content.decode()
    page = clerk.get(address("past-service-detail", past.pk)).content.decode()
    assert "2022" in page
    assert "open-record" in verbs(story.old)


def test_a_paper_that_cannot_be_right_keeps_what_was_typed(story: Story) -> None:
    clerk = sign_in(story.clerk)
    target = address("transfer-create", story.person.pk, to=story.new.pk)
    wrong = clerk.post(target, PAPER | {"decided_on": "20/8/2023"})
    assert wrong.status_code == 422
    assert "Quyết định ký sau ngày chuyển" in wrong.content.decode()
    assert 'value="MAU-9/QĐ"' in wrong.content.decode()
    refused = clerk.post(target, PAPER | {"last_day": "31/12/2019", "decided_on": "1/12/2019"})
    assert refused.status_code == 422
    assert "ở trước ngày bắt đầu" in refused.content.decode()


def test_strangers_and_readers_reach_none_of_it(story: Story) -> None:
    transfer = story.propose()
    offer = story.offer()
    stranger = sign_in(actor(story.tree.sibling, Role.CLERK))
    head, old = sign_in(actor(story.new, Role.HEAD)), sign_in(story.clerk)
    assert stranger.get(address("transfer-create", story.person.pk)).status_code == 404
    assert stranger.post(address("transfer-cancel", transfer.pk)).status_code == 404
    assert old.get(address("transfer-confirm", offer.pk)).status_code == 404
    assert old.post(address("transfer-decline", offer.pk), {"reason": "x"}).status_code == 404
    assert head.get(address("transfer-confirm", offer.pk)).status_code == 403
    assert head.get(address("transfer-list")).status_code == 200
    assert old.get(address("transfer-cancel", transfer.pk)).status_code == 405
    assert sign_in(story.receiver).get(address("transfer-decline", offer.pk)).status_code == 405
    assert story.offer().state == "offered"


def test_a_reason_is_asked_of_a_no(story: Story) -> None:
    story.propose()
    receiver, offer = sign_in(story.receiver), story.offer()
    assert receiver.post(address("transfer-decline", offer.pk), {"reason": " "}).status_code == 422
    assert receiver.post(address("transfer-decline", offer.pk), {"reason": "Đủ người"}).status_code == 302
    assert story.offer().answer == "Đủ người"


def test_lists_ask_the_same_number_of_queries_for_one_and_three(story: Story) -> None:
    receiver = sign_in(story.receiver)

    def count(name: str) -> int:
        receiver.get(address(name))
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert receiver.get(address(name)).status_code == 200
        return len(captured)

    story.propose()
    one = count("transfer-list"), count("past-service-list")
    with maintenance_scope("test rows"):
        others = [person(story.old, f"Người Mẫu {number}") for number in range(2)]
    for story.person in others:
        story.propose()
    assert (count("transfer-list"), count("past-service-list")) == one
