"""Standing in for a head or a clerk: who hands what to whom, for how long, and in whose name things are done."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.builders import AT, DAY, person
from tests.rights import FIRST, LAST, Rights, duty, member
from units.actors import act_as, system_actor
from units.models import AuditEntry, Delegation, DelegationForm, Membership
from units.refusals import RefusedError
from units.roles import Role, list_permissions
from units.scoping import maintenance_scope, unit_scope
from units.selectors.rights import list_unit_delegations
from units.services.rights import end_delegation, end_dependents

pytestmark = pytest.mark.django_db


def on(settings: Any, day: date) -> None:
    settings.DEMONSTRATION_DAY = day.isoformat()


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    on(settings, DAY)


@pytest.fixture
def rights() -> Rights:
    return Rights()


def client_of(who: Membership, right: Delegation | None = None) -> Client:
    client = Client()
    client.force_login(who.user)
    if right:
        client.post(reverse("units:membership-choose"), {"membership": str(right.pk)})
    return client


def lines(verb: str) -> list[AuditEntry]:
    with maintenance_scope("test rows"):
        return list(AuditEntry.objects.filter(verb=verb).order_by("id"))


# What a delegate may do


def test_a_deputy_holds_the_role_but_never_what_would_hand_it_on(rights: Rights) -> None:
    rights.delegation()
    found = duty(rights.deputy.user, "delegation")
    assert found is not None
    withheld = {
        "units.add_delegation",
        "units.end_delegation",
        "units.add_grant",
        "units.end_grant",
        "units.view_own_openings",
    }
    assert found.actor.permissions == list_permissions(Role.HEAD) - withheld
    assert "exemplars.forward_nomination" in found.actor.permissions
    assert (found.actor.role, found.actor.standing_in_for, found.unit) == (
        Role.HEAD,
        "thutruong Mẫu",
        rights.tree.bureau,
    )


def test_a_part_of_the_role_is_that_part_only(rights: Rights) -> None:
    rights.delegation(scope="head-decisions")
    found = duty(rights.deputy.user, "delegation")
    assert found is not None
    assert found.actor.permissions == {"exemplars.view_nomination", "awards.view_decision"}


def test_a_clerk_is_covered_by_a_colleague(rights: Rights) -> None:
    rights.delegation(rights.clerk)
    found = duty(rights.deputy.user, "delegation")
    assert found is not None
    assert "exemplars.add_nomination" in found.actor.permissions
    assert found.actor.delegation is not None
    assert found.actor.delegation.authority == ()
    client = client_of(rights.deputy, found.actor.delegation)
    assert client.get(reverse("exemplars:nomination-add")).status_code == 200


def test_the_header_and_the_trail_say_on_whose_behalf(rights: Rights) -> None:
    with maintenance_scope("test rows"):
        one = person(rights.tree.branch)
    delegation = rights.delegation()
    client = client_of(rights.deputy, delegation)
    page = client.get(reverse("exemplars:nomination-list")).content.decode()
    assert "<strong>KT. Thủ trưởng đơn vị · Cục THADS tỉnh Thái Nguyên</strong>" in page
    assert "thay mặt thutruong Mẫu, đến hết ngày 20/11/2023" in page
    assert client.get(reverse("units:person-detail", args=[one.pk])).status_code == 200
    (opening,) = lines("open-record")
    assert opening.actor == rights.deputy.user
    assert opening.actor_label == (
        "cappho Mẫu, KT. thay mặt thutruong Mẫu, Thủ trưởng đơn vị, Cục THADS tỉnh Thái Nguyên"
    )
    assert opening.detail == {"delegation": str(delegation.pk)}


def test_names_as_long_as_they_may_be_still_fit_the_trail(rights: Rights) -> None:
    for who in (rights.deputy.user, rights.head.user):
        who.display_name = "Đ" * 120
        who.save()
    client_of(rights.deputy, rights.delegation())
    (taking_up,) = lines("take-up-duty")
    assert len(taking_up.actor_label) == 200


def test_a_head_from_below_acts_in_the_unit_above_and_back_only_in_the_own(rights: Rights) -> None:
    with maintenance_scope("test rows"):
        beside = person(rights.tree.sibling)
    delegation = rights.delegation(
        delegate=rights.below, form=DelegationForm.BY_AUTHORITY, delegate_title="Chi cục trưởng"
    )
    address = reverse("units:person-detail", args=[beside.pk])
    assert client_of(rights.below).get(address).status_code == 404
    assert client_of(rights.below, delegation).get(address).status_code == 200


# How long


@pytest.mark.parametrize(
    ("day", "stands"),
    [(FIRST - timedelta(days=1), False), (FIRST, True), (LAST, True), (LAST + timedelta(days=1), False)],
)
def test_a_delegation_stands_from_its_first_day_to_its_last(
    rights: Rights, settings: Any, day: date, *, stands: bool
) -> None:
    rights.delegation()
    on(settings, day)
    assert (duty(rights.deputy.user, "delegation") is not None) is stands
    with unit_scope(rights.tree.bureau.path):
        assert list_unit_delegations(rights.tree.bureau, day).exists() is stands


@pytest.mark.parametrize("whose", ["head", "deputy"])
def test_an_office_that_ends_ends_the_delegation_although_nobody_wrote_it_down(rights: Rights, whose: str) -> None:
    rights.delegation()
    office = getattr(rights, whose)
    Membership.objects.filter(pk=office.pk).update(valid_to=DAY)
    assert duty(rights.deputy.user, "delegation") is not None
    Membership.objects.filter(pk=office.pk).update(valid_to=DAY - timedelta(days=1))
    assert duty(rights.deputy.user, "delegation") is None


def test_an_account_out_of_use_ends_it(rights: Rights) -> None:
    rights.delegation()
    rights.head.user.is_active = False
    rights.head.user.save()
    assert duty(rights.deputy.user, "delegation") is None


def test_a_duty_that_became_another_is_not_delegated_any_more(rights: Rights) -> None:
    rights.delegation()
    Membership.objects.filter(pk=rights.head.pk).update(role=Role.SECRETARIAT)
    assert duty(rights.deputy.user, "delegation") is None


@pytest.mark.parametrize("whose", ["head", "deputy"])
def test_the_end_of_an_office_is_written_down_with_it(rights: Rights, whose: str) -> None:
    delegation = rights.delegation()
    job = system_actor(rights.tree.bureau, "thử")
    assert end_dependents(getattr(rights, whose), last_day=DAY, actor=job) == 1
    assert duty(rights.deputy.user, "delegation") is not None
    assert end_dependents(getattr(rights, whose), last_day=DAY - timedelta(days=1), actor=job) == 1
    assert duty(rights.deputy.user, "delegation") is None
    with maintenance_scope("test rows"):
        delegation.refresh_from_db()
    assert delegation.end_reason == "nhiệm vụ làm căn cứ kết thúc ngày 12/11/2023"
    assert len(lines("end-delegation")) == 2


def test_a_delegation_to_come_falls_with_an_office_that_ends_before_it(rights: Rights) -> None:
    delegation = rights.delegation(valid_from=LAST)
    end_dependents(rights.head, last_day=DAY, actor=system_actor(rights.tree.bureau, "thử"))
    with maintenance_scope("test rows"):
        delegation.refresh_from_db()
    assert (delegation.ended_at is not None, delegation.valid_to) == (True, LAST)


# Who hands what to whom


def test_a_head_delegates_the_own_duty_and_the_clerk_s_but_no_other_head_s(rights: Rights) -> None:
    rights.delegation()
    rights.delegation(rights.clerk)
    other = member(rights.tree.branch, Role.STAFF)
    with pytest.raises(RefusedError, match="không quyết định được"):
        rights.delegation(rights.below, delegate=other)


def test_an_administrator_records_for_the_branch_and_not_for_themselves(rights: Rights) -> None:
    administrator = member(rights.tree.bureau, Role.ADMINISTRATOR)
    rights.delegation(by=act_as(administrator))
    rights.delegation(rights.below, delegate=member(rights.tree.branch, Role.STAFF), by=act_as(administrator))
    with pytest.raises(RefusedError, match="cho chính mình"):
        rights.delegation(rights.clerk, delegate=administrator, by=act_as(administrator))
    stranger = act_as(member(rights.tree.stranger, Role.ADMINISTRATOR))
    with pytest.raises(RefusedError, match="không quyết định được"):
        rights.delegation(rights.clerk, by=stranger)


def test_a_clerk_and_a_stand_in_hand_nothing_on(rights: Rights) -> None:
    rights.delegation()
    found = duty(rights.deputy.user, "delegation")
    assert found is not None
    for by in (act_as(rights.clerk), found.actor):
        with pytest.raises(RefusedError, match="không giao quyền được"):
            rights.delegation(rights.clerk, by=by)


def test_other_duties_are_not_delegated(rights: Rights) -> None:
    records = member(rights.tree.bureau, Role.RECORDS)
    with pytest.raises(RefusedError, match="không giao cho người khác được"):
        rights.delegation(records, by=act_as(member(rights.tree.bureau, Role.ADMINISTRATOR)))


@pytest.mark.parametrize(
    ("form", "delegate", "is_allowed"),
    [
        (DelegationForm.DEPUTY, "deputy", True),
        (DelegationForm.DEPUTY, "below", False),
        (DelegationForm.BY_ORDER, "below", True),
        (DelegationForm.BY_ORDER, "deputy", False),
        (DelegationForm.BY_AUTHORITY, "below", True),
        (DelegationForm.BY_AUTHORITY, "deputy", False),
        (DelegationForm.BY_AUTHORITY, "guest", False),
        (DelegationForm.COVER, "deputy", False),
    ],
)
def test_the_form_says_who_may_stand_in(
    rights: Rights, form: DelegationForm, delegate: str, *, is_allowed: bool
) -> None:
    other = getattr(rights, delegate)
    if is_allowed:
        assert rights.delegation(delegate=other, form=form).authority == (f"{form} Cục trưởng", "Phó Cục trưởng")
    else:
        with pytest.raises(RefusedError, match=r"Điều 13|không hợp với nhiệm vụ"):
            rights.delegation(delegate=other, form=form)


def test_a_clerk_signs_nothing_for_a_clerk(rights: Rights) -> None:
    with pytest.raises(RefusedError, match="không hợp với nhiệm vụ"):
        rights.delegation(rights.clerk, form=DelegationForm.DEPUTY)


def test_oneself_is_nobody_s_stand_in(rights: Rights) -> None:
    second = Membership.objects.create(
        user=rights.head.user, unit=rights.tree.bureau, role=Role.STAFF, valid_from=FIRST
    )
    with pytest.raises(RefusedError, match="là một"):
        rights.delegation(delegate=second)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"valid_to": FIRST - timedelta(days=1)}, "trước ngày đầu"),
        ({"valid_from": FIRST - timedelta(days=1)}, "không sau ngày bắt đầu"),
        ({"document_date": DAY + timedelta(days=1), "valid_from": LAST}, "không sau hôm nay"),
        ({"valid_to": DAY - timedelta(days=1)}, "đã qua"),
    ],
)
def test_days_that_cannot_be_are_refused(rights: Rights, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        rights.delegation(**changes)


def test_a_delegation_does_not_outlast_the_office(rights: Rights) -> None:
    rights.head.valid_to = DAY
    rights.head.save()
    with pytest.raises(RefusedError, match="chỉ đến hết ngày 13/11/2023"):
        rights.delegation()
    rights.delegation(valid_to=DAY)


def test_one_person_stands_in_at_a_time(rights: Rights) -> None:
    other = member(rights.tree.bureau, Role.STAFF)
    first = rights.delegation(valid_to=DAY)
    with pytest.raises(RefusedError, match="đã giao cho cappho Mẫu từ 10/11/2023 đến hết 13/11/2023"):
        rights.delegation(delegate=other, valid_from=DAY)
    rights.delegation(delegate=other, valid_from=DAY + timedelta(days=1))
    with unit_scope(rights.tree.bureau.path):
        end_delegation(first, reason="Về rồi", actor=rights.head_actor, at=AT)
    rights.delegation(valid_to=DAY)


def test_it_ends_at_once_by_the_head_or_by_the_clerk_whose_duty_it_is(rights: Rights) -> None:
    other = member(rights.tree.bureau, Role.CLERK)
    ours, theirs = rights.delegation(rights.clerk), rights.delegation(other)
    with unit_scope(rights.tree.bureau.path):
        with pytest.raises(RefusedError, match="không quyết định được"):
            end_delegation(theirs, reason="x", actor=act_as(rights.clerk), at=AT)
        end_delegation(ours, reason="Về rồi", actor=act_as(rights.clerk), at=AT)
        with pytest.raises(RefusedError, match="Đã chấm dứt"):
            end_delegation(ours, reason="x", actor=rights.head_actor, at=AT)
    found = duty(rights.deputy.user, "delegation")
    assert found is not None
    assert found.pk == theirs.pk
    (line,) = lines("end-delegation")
    assert line.detail["reason"] == "Về rồi"


# Screens


def particulars(rights: Rights, **changes: str) -> dict[str, str]:
    return {
        "delegator": str(rights.head.pk),
        "delegate": str(rights.deputy.pk),
        "form": "KT.",
        "scope": "head-all",
        "delegator_title": "Cục trưởng",
        "delegate_title": "Phó  Cục trưởng",
        "document_number": "12/QĐ-MAU",
        "document_date": "10/11/2023",
        "valid_from": "10/11/2023",
        "valid_to": "20/11/2023",
    } | changes


def test_a_head_hands_the_duty_over_after_a_page_to_check(rights: Rights) -> None:
    head, address = client_of(rights.head), reverse("units:delegation-add")
    assert head.get(address).status_code == 200
    check = head.post(address, particulars(rights)).content.decode()
    assert "<strong>KT. CỤC TRƯỞNG</strong><br><strong>PHÓ CỤC TRƯỞNG</strong>" in check
    with maintenance_scope("test rows"):
        assert not Delegation.objects.exists()
    done = head.post(address, particulars(rights, confirmed="1"), follow=True).content.decode()
    assert "Đã ghi nhận việc giao" in done
    assert "cappho Mẫu" in done
    assert duty(rights.deputy.user, "delegation") is not None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"delegate_title": ""}, "Ghi chức vụ như in trên văn bản"),
        ({"valid_to": "31/02/2023"}, "không có thật"),
        ({"valid_to": "09/11/2023"}, "Ngày cuối ở trước ngày đầu"),
        ({"form": "TL."}, "thủ trưởng một đơn vị trực thuộc"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(rights: Rights, changes: dict[str, str], words: str) -> None:
    page = client_of(rights.head).post(reverse("units:delegation-add"), particulars(rights, **changes, confirmed="1"))
    assert page.status_code == 422
    assert words in page.content.decode()
    assert 'value="12/QĐ-MAU"' in page.content.decode()


def test_an_administrator_chooses_the_unit_and_no_foreign_one(rights: Rights) -> None:
    client, address = client_of(member(rights.tree.bureau, Role.ADMINISTRATOR)), reverse("units:delegation-add")
    page = client.get(address, {"unit": rights.tree.branch.code}).content.decode()
    assert "captruong Mẫu, Thủ trưởng đơn vị" in page
    assert "thutruong Mẫu" not in page
    for code in (rights.tree.stranger.code, rights.tree.ministry.code, "khong-co"):
        assert client.get(address, {"unit": code}).status_code == 404
    page = client.post(address, particulars(rights, delegator=str(rights.guest.pk), confirmed="1"))
    assert page.status_code == 422


def test_it_is_ended_on_its_page(rights: Rights) -> None:
    address = reverse("units:delegation-end", args=[rights.delegation().pk])
    head = client_of(rights.head)
    assert head.get(address).status_code == 200
    assert head.post(address, {"reason": ""}).status_code == 422
    assert head.post(address, {"reason": "Về rồi"}).status_code == 302
    assert duty(rights.deputy.user, "delegation") is None
    assert "Về rồi" in head.get(reverse("units:delegation-list")).content.decode()


def test_others_do_not_reach_the_pages(rights: Rights) -> None:
    end = reverse("units:delegation-end", args=[rights.delegation().pk])
    pages = (reverse("units:delegation-list"), reverse("units:delegation-add"), end)
    for who, statuses in (
        (rights.clerk, (200, 403, 200)),
        (rights.deputy, (403, 403, 403)),
        (member(rights.tree.stranger, Role.HEAD), (200, 200, 404)),
        (member(rights.tree.branch, Role.ADMINISTRATOR), (200, 200, 404)),
    ):
        client = client_of(who)
        assert tuple(client.get(page).status_code for page in pages) == statuses
    assert client_of(rights.clerk).post(end, {"reason": "x"}).status_code == 422
    assert Client().get(end).status_code == 302
    assert client_of(rights.head).post(pages[0]).status_code == 405


@pytest.mark.parametrize("number", [0, 1, 3])
def test_the_list_asks_as_often_for_none_as_for_many(rights: Rights, number: int) -> None:
    for place in range(number):
        rights.delegation(member(rights.tree.bureau, Role.CLERK, f"canbo{place}"))
    head = client_of(rights.head)
    with CaptureQueriesContext(connection) as asked:
        page = head.get(reverse("units:delegation-list")).content.decode()
    assert page.count("Chấm dứt<span") == number
    assert ("Hiện không có nhiệm vụ nào được giao" in page) is (number == 0)
    assert len(asked) <= 19


def test_the_page_of_a_unit_can_show_who_stands_in_for_whom(rights: Rights) -> None:
    rights.delegation()
    with unit_scope(rights.tree.bureau.path):
        shown = render_to_string(
            "units/rights/unit_delegations.html",
            {"delegations": list(list_unit_delegations(rights.tree.bureau, DAY)), "today": DAY},
        )
        assert list(list_unit_delegations(rights.tree.branch, DAY)) == []
    assert "KT. Cục trưởng" in shown
    assert "12/QĐ-MAU, 10/11/2023" in shown
    assert "Chấm dứt" not in shown


def test_a_missing_choice_is_linked_from_the_summary(rights: Rights) -> None:
    page = client_of(rights.head).post(reverse("units:delegation-add"), particulars(rights, form=""))
    assert page.status_code == 422
    assert 'href="#id_form"' in page.content.decode()
    assert '<fieldset class="field bad" id="id_form"' in page.content.decode()


def test_work_that_signs_nothing_needs_no_titles(rights: Rights) -> None:
    cover = {"form": "-", "scope": "clerk-all", "delegator_title": "", "delegate_title": ""}
    typed = particulars(rights, delegator=str(rights.clerk.pk), confirmed="1", **cover)
    assert client_of(rights.head).post(reverse("units:delegation-add"), typed).status_code == 302
