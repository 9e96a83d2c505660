"""Doors of phases: what a shut one refuses with, who changes its days, and that phases stand apart."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from campaigns.models import Campaign, Door, ExtensionRequest, ExtensionState, Phase, PhaseDoor
from campaigns.selectors.doors import find_closed_door, list_closed_doors
from campaigns.services.doors import edit_phase_doors, require_door
from campaigns.services.filings import return_submission, save_submission, send_submission, start_submission
from campaigns.services.registrations import register_title
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, phase, title
from units.actors import Actor
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db

FEBRUARY = (date(2023, 2, 1), date(2023, 2, 20))
LATE_AUTUMN = (date(2023, 12, 1), date(2023, 12, 15))


class Plan:
    """A campaign of the bureau with the year 2023 as a phase, and a registration that the branch owes in it."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.campaign: Campaign = campaign(self.tree.bureau, self.tree.branch)
        self.year = phase(self.campaign, "2023", date(2023, 1, 1), date(2023, 12, 31))
        self.duty = obligation(
            self.campaign, "DANG-KY", self.tree.branch, last_day=None, kind="registration", phase=self.year
        )
        self.clerk = actor(self.tree.branch, Role.CLERK)
        self.secretariat = actor(self.tree.bureau, Role.SECRETARIAT)

    def open(self, door: str, days: tuple[date, date], of: Phase | None = None) -> PhaseDoor:
        return PhaseDoor.objects.create(phase=of or self.year, door=door, opens_on=days[0], closes_on=days[1])

    def draft(self) -> Any:
        assignment = self.duty.assignments.select_related("unit", "obligation").get()
        submission = start_submission(assignment, actor=self.clerk, at=AT)
        submission = save_submission(
            submission, document_number="3/ĐK", document_date=DAY, message="", actor=self.clerk
        )
        register_title(
            submission, title=title("LDTT"), quantity=2, people=[], collectives=[], actor=self.clerk, day=DAY
        )
        return submission

    def find(self, day: date, of: Phase | None = None) -> str:
        phases = [of.pk] if of else []
        return str(find_closed_door(Door.REGISTER, self.campaign, phases=phases, day=day) or "")


@pytest.fixture
def plan() -> Iterator[Plan]:
    with maintenance_scope("tests read every unit"):
        yield Plan()


# --- what is shut ----------------------------------------------------------------------------------


def test_a_campaign_without_door_data_lets_everything_in(plan: Plan) -> None:
    assert plan.find(date(1999, 1, 1)) == ""
    assert send_submission(plan.draft(), actor=plan.clerk, at=AT).state == "sent"


@pytest.mark.parametrize(("day", "is_open"), [(31, False), (32, True), (51, True), (52, False)])
def test_both_days_of_a_door_count(plan: Plan, day: int, is_open: bool) -> None:
    plan.open("register", FEBRUARY)
    asked = date.fromordinal(date(2022, 12, 31).toordinal() + day)
    assert (plan.find(asked, plan.year) == "") is is_open


def test_a_shut_door_says_what_which_phase_from_until_and_whom_to_ask(plan: Plan) -> None:
    plan.open("register", FEBRUARY)
    before, after = plan.find(date(2023, 1, 5)), plan.find(DAY)
    for words in ("không nhận đăng ký vào ngày", "Đợt «Đợt 2023»", "từ ngày 01/02/2023 đến hết ngày 20/02/2023"):
        assert words in before
        assert words in after
    assert "Làm việc này từ ngày 01/02/2023" in before
    assert "Làm việc này từ ngày" not in after
    for told in (before, after):
        assert f"hỏi {plan.tree.bureau}" in told.replace("Hỏi", "hỏi")


def test_other_doors_of_the_same_phase_stay_open(plan: Plan) -> None:
    plan.open("vote", FEBRUARY)
    assert plan.find(DAY, plan.year) == ""


def test_a_phases_own_days_go_before_those_of_others(plan: Plan) -> None:
    other = phase(plan.campaign, "2024", date(2024, 1, 1), date(2024, 12, 31))
    plan.open("register", FEBRUARY)
    plan.open("register", (date(2023, 11, 1), date(2023, 11, 30)), of=other)
    assert plan.find(DAY, plan.year) != ""
    assert plan.find(DAY, other) == ""
    assert plan.find(DAY) == ""  # of no phase: any that is open lets it in


def test_nominations_are_judged_in_bulk_by_the_phase_of_their_year(plan: Plan, django_assert_num_queries: Any) -> None:
    later = phase(plan.campaign, "2024", date(2024, 1, 1), date(2024, 12, 31))
    for one in (plan.year, later):
        obligation(plan.campaign, f"XET-{one.code}", last_day=None, kind="nomination", phase=one, awards=["cstd"])
    plan.open("vote", LATE_AUTUMN)
    plan.open("vote", (date(2023, 11, 1), date(2023, 11, 30)), of=later)
    asked = [(plan.campaign.pk, "cstd", year) for year in (2023, 2024) for _ in range(10)]
    with django_assert_num_queries(2):
        closed = list_closed_doors(Door.VOTE, asked, day=DAY)
    assert [(one.phase, one.opens_on) for one in closed] == [("Đợt 2023", LATE_AUTUMN[0])]


# --- registering -----------------------------------------------------------------------------------


def test_a_registration_is_refused_at_a_shut_door_and_stays_a_draft(plan: Plan) -> None:
    plan.open("register", FEBRUARY)
    draft = plan.draft()
    with pytest.raises(RefusedError) as refused:
        send_submission(draft, actor=plan.clerk, at=AT)
    assert "không nhận đăng ký vào ngày 13/11/2023" in refused.value.what
    draft.refresh_from_db()
    assert (draft.state, draft.document_number) == ("draft", "3/ĐK")


def test_more_time_that_was_granted_keeps_the_units_door_open(plan: Plan) -> None:
    plan.open("register", FEBRUARY)
    assignment = plan.duty.assignments.get()
    asked = ExtensionRequest.objects.create(
        unit=plan.tree.branch,
        assignment=assignment,
        asked_by=plan.clerk.account,
        asked_at=AT,
        until=DAY,
        reason="Bão",
        state=ExtensionState.DECLINED,
    )
    with pytest.raises(RefusedError):
        require_door(Door.REGISTER, plan.campaign, phases=[plan.year.pk], day=DAY, assignment=assignment)
    asked.state = ExtensionState.GRANTED
    asked.save()
    assert send_submission(plan.draft(), actor=plan.clerk, at=AT).state == "sent"


def test_what_came_back_for_mending_goes_in_again_after_the_door_shut(plan: Plan) -> None:
    door = plan.open("register", (date(2023, 11, 1), DAY))
    sent = send_submission(plan.draft(), actor=plan.clerk, at=AT)
    return_submission(sent, reasons="Thiếu tập thể", actor=plan.secretariat, at=AT)
    door.closes_on = date(2023, 11, 2)
    door.save()
    again = start_submission(plan.duty.assignments.get(), actor=plan.clerk, at=AT)
    assert send_submission(again, actor=plan.clerk, at=datetime(2023, 11, 14, tzinfo=UTC)).state == "sent"


def test_a_report_does_not_pass_by_the_door_of_registrations(plan: Plan) -> None:
    plan.open("register", FEBRUARY)
    plan.duty.kind = "report"
    plan.duty.save()
    with pytest.raises(RefusedError, match="chưa đủ để gửi"):  # its paper is missing, and nothing else
        send_submission(plan.draft(), actor=plan.clerk, at=AT)


# --- changing the days -----------------------------------------------------------------------------


def test_the_keeper_dates_a_door_with_a_reason_in_the_trail(plan: Plan) -> None:
    edit_phase_doors(plan.year, {Door.REGISTER: FEBRUARY}, reason="Theo kế hoạch", actor=plan.secretariat)
    edit_phase_doors(
        plan.year, {Door.REGISTER: LATE_AUTUMN, Door.VOTE: None}, reason="Lùi do bão", actor=plan.secretariat
    )
    one = PhaseDoor.objects.get()
    assert (one.door, one.opens_on, one.closes_on) == ("register", *LATE_AUTUMN)
    last = AuditEntry.objects.filter(verb="edit-phase-doors").order_by("id").last()
    assert last is not None
    assert last.detail["before"] == "Nhận đăng ký 01/02/2023 – 20/02/2023"
    assert (last.detail["after"], last.detail["reason"]) == ("Nhận đăng ký 01/12/2023 – 15/12/2023", "Lùi do bão")
    edit_phase_doors(plan.year, {Door.REGISTER: None}, reason="Bỏ", actor=plan.secretariat)
    assert not PhaseDoor.objects.exists()


@pytest.mark.parametrize(
    ("days", "reason", "words"),
    [({Door.VOTE: FEBRUARY}, " ", "Chưa ghi lý do"), ({Door.VOTE: None}, "Sửa", "Chưa có ngày nào thay đổi")],
)
def test_a_change_needs_a_reason_and_a_change(plan: Plan, days: Any, reason: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        edit_phase_doors(plan.year, days, reason=reason, actor=plan.secretariat)


def test_another_unit_does_not_change_the_doors(plan: Plan) -> None:
    with pytest.raises(RefusedError, match="phát động, nên nơi đó sửa"):
        edit_phase_doors(plan.year, {Door.VOTE: FEBRUARY}, reason="Sửa", actor=actor(plan.tree.ministry, Role.STAFF))


def signed_in(who: Actor) -> Client:
    client = Client()
    client.force_login(who.account)
    return client


def test_the_screen_keeps_what_was_typed_and_shows_the_doors(plan: Plan) -> None:
    client = signed_in(plan.secretariat)
    address = f"/phases/{plan.year.pk}/doors/edit/"
    page = client.get(f"/campaigns/{plan.campaign.code}/").content.decode()
    assert address in page
    assert "làm được suốt phong trào" in page
    half = client.post(address, {"vote_first": "01/12/2023", "reason": "Theo kế hoạch"})
    assert half.status_code == 422
    assert "Ghi cả hai ngày" in half.content.decode()
    assert 'value="01/12/2023"' in half.content.decode()
    wrong = client.post(address, {"vote_first": "02/12/2023", "vote_last": "01/12/2023", "reason": "x"})
    assert "Ngày đóng phải từ ngày mở" in wrong.content.decode()
    both = {"vote_first": "01/12/2023", "vote_last": "15/12/2023", "reason": "Theo kế hoạch"}
    assert client.post(address, both).status_code == 302
    assert "Bỏ phiếu: 01/12/2023 – 15/12/2023" in client.get(f"/campaigns/{plan.campaign.code}/").content.decode()
    assert signed_in(plan.clerk).get(address).status_code == 403
    assert signed_in(actor(plan.tree.ministry, Role.STAFF)).get(address).status_code == 404


# --- phases apart ----------------------------------------------------------------------------------


def test_the_database_keeps_phases_of_a_campaign_apart(plan: Plan) -> None:
    with pytest.raises(IntegrityError, match="phases_of_a_campaign_apart"), transaction.atomic():
        phase(plan.campaign, "chong", date(2023, 12, 31), date(2024, 1, 31))
    phase(plan.campaign, "ke", date(2024, 1, 1), date(2024, 1, 31))
    whole = phase(plan.campaign, "khac", date(2020, 1, 1), date(2020, 1, 2))
    whole.opens_on, whole.closes_on = plan.campaign.opens_on, plan.campaign.closes_on
    with pytest.raises(ValidationError, match="không được chồng lên nhau"):
        whole.validate_constraints()
    whole.is_whole = True  # the campaign's whole time stands beside its stretches
    whole.save()


def test_another_campaign_may_have_the_same_days(plan: Plan) -> None:
    other = Campaign.objects.create(
        code="KHAC",
        title="Khác",
        kind="regular",
        issuer=plan.tree.bureau,
        plan_name="Kế hoạch khác",
        opens_on=date(2023, 1, 1),
        closes_on=date(2023, 12, 31),
    )
    assert phase(other, "2023", date(2023, 1, 1), date(2023, 12, 31)).pk


def test_days_of_the_campaign_in_no_phase_are_shown(plan: Plan) -> None:
    page = signed_in(plan.clerk).get(f"/campaigns/{plan.campaign.code}/").content.decode()
    assert "01/01/2021 – 31/12/2022" in page
    assert "01/01/2024 – 31/12/2025" in page
