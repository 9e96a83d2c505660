"""Duties that end with the posting they came from."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.builders import Tree, person, user
from units.actors import system_actor
from units.models import AuditEntry, Membership, Person, Posting, Unit, User
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.memberships import end_memberships, end_memberships_without_posting

pytestmark = pytest.mark.django_db

DAY = date(2021, 11, 13)


def tied(name: str, one: Person, place: Unit, **days: date) -> Membership:
    account = User.objects.filter(username=name).first() or user(name)
    return Membership.objects.create(
        user=account, unit=place, role=Role.CLERK, person=one, **({"valid_from": date(2020, 1, 1)} | days)
    )


@pytest.fixture
def tree() -> Tree:
    return Tree()


def test_ends_only_this_persons_duties_in_this_unit(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        leaver, stayer = person(tree.branch), person(tree.branch, "Nông Văn Thử")
        ended = tied("leaver", leaver, tree.branch)
        above = tied("leaver", leaver, tree.bureau)
        colleague = tied("stayer", stayer, tree.branch)
        job = system_actor(tree.branch, "điều động")
        assert end_memberships(leaver, tree.branch, last_day=DAY, actor=job) == 1
        assert end_memberships(leaver, tree.branch, last_day=DAY, actor=job) == 0
        line = AuditEntry.objects.get(verb="end-membership")
    ended.refresh_from_db()
    assert ended.valid_to == DAY
    assert (line.subject_id, line.detail["day"]) == (ended.pk, "2021-11-13")
    assert set(Membership.objects.on(date(2021, 11, 14))) == {above, colleague}
    assert ended in Membership.objects.on(DAY)


def test_a_duty_that_would_begin_later_never_does(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        leaver = person(tree.branch)
        later = tied("leaver", leaver, tree.branch, valid_from=date(2022, 1, 1))
        sooner = tied("leaver", leaver, tree.branch, valid_to=date(2021, 1, 1))
        end_memberships(leaver, tree.branch, last_day=DAY, actor=system_actor(tree.branch, "điều động"))
    assert later not in Membership.objects.on(date(2022, 6, 1))
    sooner.refresh_from_db()
    assert sooner.valid_to == date(2021, 1, 1)


def test_the_nightly_check_ends_what_outlived_its_posting(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        retired, moved, seated = (person(tree.branch, f"{name} Mẫu") for name in ("Bế", "Ma", "Lý"))
        over = tied("retired", retired, tree.branch)
        Posting.objects.filter(person=retired).update(valid_to=date(2021, 10, 31))
        left_behind = tied("moved", moved, tree.branch)
        Person.objects.filter(pk=moved.pk).update(unit=tree.stranger, unit_path=tree.stranger.path)
        kept = {tied("seated", seated, tree.bureau), tied("seated", seated, tree.branch)}
        assert end_memberships_without_posting(day=DAY) == 2
        assert end_memberships_without_posting(day=DAY) == 0
        assert AuditEntry.objects.filter(verb="end-membership", actor=None).count() == 2
    over.refresh_from_db()
    left_behind.refresh_from_db()
    assert over.valid_to == date(2021, 10, 31)
    assert left_behind.valid_to == date(2021, 11, 12)
    assert set(Membership.objects.on(DAY)) == kept


def test_an_ended_duty_is_gone_at_the_next_click(tree: Tree) -> None:
    with maintenance_scope("test rows"):
        leaver = person(tree.branch)
        tied("leaver", leaver, tree.branch)
        client = Client()
        client.force_login(User.objects.get(username="leaver"))
        assert client.get(reverse("units:help")).status_code == 200
        end_memberships(leaver, tree.branch, last_day=DAY, actor=system_actor(tree.branch, "điều động"))
    assert client.get(reverse("units:help")).status_code == 403
