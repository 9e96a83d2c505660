"""Who signed a decision: the head, or another under a delegation; frozen as of signing."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from awards.models import Ballot, Decision
from awards.rule_file import find_delegated_rule
from awards.services.decisions import issue_decision
from tests.awards.room import Room, signed_in
from tests.awards.test_decisions import WON, particulars
from tests.builders import actor
from tests.rights import member
from units.actors import act_as
from units.clock import now, today
from units.models import Delegation, DelegationForm, Membership
from units.refusals import RefusedError
from units.rights_file import read_rights
from units.roles import Role
from units.scoping import unit_scope
from units.selectors.signing import Signer
from units.services.rights import DelegationTerms, add_delegation, end_delegation

pytestmark = pytest.mark.django_db


def delegate(room: Room, **changes: Any) -> Delegation:
    """The head of the Cục lets a deputy sign, from ten days ago for a month."""
    head = actor(room.tree.bureau, Role.HEAD)
    assert head.membership is not None
    delegate = changes.pop("delegate", None) or member(room.tree.bureau, Role.STAFF, "cappho")
    scope = read_rights().find_scope(changes.pop("scope", "head-all"))
    values: dict[str, Any] = {
        "form": DelegationForm.DEPUTY,
        "scope": scope,
        "delegator_title": "Cục trưởng",
        "delegate_title": "Phó Cục trưởng",
        "document_number": "12/QĐ-MAU",
        "document_date": today() - timedelta(days=10),
        "valid_from": today() - timedelta(days=10),
        "valid_to": today() + timedelta(days=20),
    }
    with unit_scope(room.tree.bureau.path):
        return add_delegation(
            head.membership,
            delegate=delegate,
            terms=DelegationTerms(**(values | changes)),
            actor=head,
            day=today(),
            at=now(),
        )


def issue(room: Room, ballot: Ballot, signer: Signer | Delegation) -> Decision:
    with unit_scope(room.tree.bureau.path):
        return issue_decision(
            ballot, number="45/QĐ", signed_on=today(), subject="x", signer=signer, actor=room.records, at=now()
        )


def test_a_decision_signed_by_a_deputy_takes_name_and_form_from_the_delegation(room: Room) -> None:
    ballot, delegation = room.counted(*WON), delegate(room)
    client = signed_in(room.records)
    address = reverse("awards:decision-issue", args=[ballot.pk])
    assert "KT. Cục trưởng, Phó Cục trưởng: cappho Mẫu" in client.get(address).content.decode()
    typed = particulars(signer_name="", signer_title="", delegation=str(delegation.pk))
    assert client.post(address, typed).status_code == 302
    decision = Decision.objects.get()
    assert (decision.signer_name, decision.authority, decision.delegation) == (
        "cappho Mẫu",
        ("KT. Cục trưởng", "Phó Cục trưởng"),
        delegation,
    )
    page = client.get(reverse("awards:decision-detail", args=[decision.pk])).content.decode()
    assert "cappho Mẫu, KT. Cục trưởng, Phó Cục trưởng" in page
    assert "theo văn bản giao số 12/QĐ-MAU" in page


def test_the_signature_stays_when_names_and_offices_change(room: Room) -> None:
    delegation = delegate(room)
    decision = issue(room, room.counted(*WON), delegation)
    delegation.delegate.user.display_name = "Tên Khác"
    delegation.delegate.user.save()
    Membership.objects.filter(pk=delegation.delegate_id).update(valid_to=today() - timedelta(days=1))
    decision.refresh_from_db()
    assert decision.signer_name == "cappho Mẫu"


def test_without_any_delegation_the_form_asks_only_for_the_head(room: Room) -> None:
    page = signed_in(room.records).get(reverse("awards:decision-issue", args=[room.counted(*WON).pk])).content.decode()
    assert "Ký theo" not in page


def test_with_delegations_to_choose_from_the_head_is_still_named(room: Room) -> None:
    delegate(room)
    address = reverse("awards:decision-issue", args=[room.counted(*WON).pk])
    client = signed_in(room.records)
    page = client.post(address, particulars(signer_name=""))
    assert page.status_code == 422
    assert "Thủ trưởng ký thì ghi tên và chức vụ" in page.content.decode()
    assert client.post(address, particulars()).status_code == 302
    assert Decision.objects.get().delegation is None


@pytest.mark.parametrize("title", ["KT. Cục trưởng", "kt.cục trưởng", "TUQ. CỤC TRƯỞNG", "TL Cục trưởng"])
def test_a_form_typed_without_a_recorded_delegation_is_refused(room: Room, title: str) -> None:
    with pytest.raises(RefusedError, match="chưa chọn lần giao"):
        issue(room, room.counted(*WON), Signer((title,), "Người Ký Mẫu"))
    assert not Decision.objects.exists()


def test_a_delegation_that_leaves_decisions_to_the_head_signs_none(room: Room) -> None:
    ballot = room.counted(*WON)
    with pytest.raises(RefusedError, match="không cho ký quyết định"):
        issue(room, ballot, delegate(room, scope="head-nominations"))


@pytest.mark.parametrize(("since", "until", "is_good"), [(0, 5, True), (-5, 0, True), (1, 5, False)])
def test_the_delegation_stands_on_the_day_of_signing(room: Room, since: int, until: int, *, is_good: bool) -> None:
    ballot = room.counted(*WON)
    days = {"valid_from": today() + timedelta(days=since), "valid_to": today() + timedelta(days=until)}
    delegation = delegate(room, **days)
    if is_good:
        assert issue(room, ballot, delegation).delegation == delegation
    else:
        with pytest.raises(RefusedError, match="không có hiệu lực vào ngày ký"):
            issue(room, ballot, delegation)


def test_what_was_signed_before_the_delegation_ended_on_that_day_is_issued(room: Room) -> None:
    ballot, delegation = room.counted(*WON), delegate(room)
    head = Membership.objects.select_related("user", "unit").get(role=Role.HEAD, unit=room.tree.bureau)
    with unit_scope(room.tree.bureau.path):
        end_delegation(delegation, reason="Về rồi", actor=act_as(head), at=now())
    assert issue(room, ballot, delegation).delegation == delegation


def test_after_the_day_on_which_it_ended_nothing_is_signed_under_it(room: Room) -> None:
    ballot, delegation = room.counted(*WON), delegate(room)
    with unit_scope(room.tree.bureau.path):
        Delegation.objects.filter(pk=delegation.pk).update(ended_at=now() - timedelta(days=1))
    with pytest.raises(RefusedError, match="không có hiệu lực vào ngày ký"):
        issue(room, ballot, delegation)


def test_by_order_no_award_decision_is_signed(room: Room) -> None:
    ballot = room.counted(*WON)
    room.tree.branch.parent = room.tree.bureau
    room.tree.branch.save()
    below = member(room.tree.branch, Role.HEAD, "captruong")
    delegation = delegate(room, delegate=below, form=DelegationForm.BY_ORDER)
    with pytest.raises(RefusedError, match=r"TL\. được\. Căn cứ: Nghị định 30/2020/NĐ-CP"):
        issue(room, ballot, delegation)


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2004, 6, 30), None),
        (date(2020, 3, 4), "delegated-2004"),
        (date(2020, 3, 5), "delegated-2020"),
    ],
)
def test_the_forms_allowed_are_those_of_the_day(day: date, code: str | None) -> None:
    rule = find_delegated_rule(day)
    assert (rule.code if rule else None) == code
