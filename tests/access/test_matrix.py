"""The access matrix: every address × every role × own, foreign, above, below, council-granted and expired.

The expectations stand in `rules.py`; the units, accounts and rows come from `units.isolation.world`.
"""

from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import get_resolver
from django.utils.timezone import localdate

from awards.models import AgendaItem, Sitting
from tests.access.rules import RULES, Rule
from units.isolation.addresses import Address, keys_of, list_addresses, nowhere
from units.isolation.pages import Page, Sender, harmless, nobody, send, sign_in, undone
from units.isolation.world import World, throw_away
from units.models import Membership
from units.roles import Role, list_permissions
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db
HOME = "a1"
# Whose row is asked for by somebody of a1, and what it is to them.
RELATIONS = {"own": "a1", "below": "a3", "above": "a0", "beside": "a2", "foreign": "b1", "other root": "c1"}
# The same, by somebody at the top.
TOP = "m1"
TOP_RELATIONS = {"own": "m1", "below": "a1", "beside": "m2", "other root": "c1"}


@pytest.fixture
def world() -> Iterator[World]:
    with throw_away(), harmless():
        yield World()


def rule_of(address: Address) -> Rule:
    return RULES[address.name]


def line_for(address: Address) -> str:
    """A line to start from, for an address that nobody classified yet."""
    roles = ", ".join(role.name for role in Role if address.permission in list_permissions(role))
    opens = ', opens="app.model"' if address.parts else ""
    guess = f"reading({roles}{opens})" if address.permission else "account_page()  # or open_to_all()"
    return f'    "{address.name}": {guess},'


def test_every_address_is_classified() -> None:
    missing = [line_for(one) for one in list_addresses() if one.name not in RULES]
    assert not missing, "Nobody said who may open these. Add to tests/access/rules.py, after thinking:\n" + "\n".join(
        missing
    )


def test_no_rule_speaks_of_an_address_that_is_gone() -> None:
    assert get_resolver() is not None
    assert set(RULES) - {one.name for one in list_addresses()} == set()


def test_the_declared_rights_are_those_of_the_table() -> None:
    """A permission that went to another role, or a page without any, shows here by name."""
    wrong = {}
    for address in list_addresses():
        rule = rule_of(address)
        declared = {role for role in Role if address.permission in list_permissions(role)}
        if rule.kind == "unit" and declared != rule.roles:
            wrong[address.name] = f"code: {sorted(declared)}; rules.py: {sorted(rule.roles)}"
        if rule.kind != "unit" and address.permission:
            wrong[address.name] = f"asks for {address.permission}, but rules.py calls it {rule.kind}"
    assert wrong == {}


def path_of(world: World, address: Address, relation: str) -> str:
    rule = rule_of(address)
    place = world.places[(TOP_RELATIONS if rule.top else RELATIONS)[relation]]
    values = {} if not address.parts else keys_of(place, address, (rule.opens,)) if rule.opens else nowhere(address)
    path = address.path(values)
    assert path is not None, f"{address.name}: no address for a row of {rule.opens or 'nothing'}; mend its `opens`."
    return path


def opened(page: Page) -> bool:
    """Past the doors: a page, a redirect after an act, or a refusal that speaks of the row itself."""
    return page.is_open and not page.to_sign_in


def expected(rule: Rule, role: Role, relation: str) -> str:
    if rule.kind != "unit":
        return "anything"
    if role not in rule.roles:
        return "403"
    if rule.own:
        return "404"
    if not rule.opens or rule.everyone or relation == "own":
        return "in"
    return "in" if relation == "below" and rule.below else "404"


def told(page: Page) -> str:
    return "in" if opened(page) else str(page.status)


def ask(sender: Sender, rule: Rule, path: str) -> Page:
    with undone():
        return send(sender, rule.method, path)


def senders_of(world: World, code: str) -> dict[Role, Sender]:
    return {role: sign_in(world.places[code], role, world.subtree(code)) for role in Role}


def test_the_matrix(world: World) -> None:
    senders = senders_of(world, HOME)
    at_top = senders_of(world, TOP)
    wrong, cells = [], 0
    for address in list_addresses():
        rule = rule_of(address)
        relations = TOP_RELATIONS if rule.top else RELATIONS
        for role, sender in (at_top if rule.top else senders).items():
            for relation in relations if address.parts and role in rule.roles else ("own",):
                page = ask(sender, rule, path_of(world, address, relation))
                cells += 1
                wanted = expected(rule, role, relation)
                if page.is_broken:
                    wrong.append(f"{address.name} as {role}, {relation}: {page.failure}")
                elif wanted not in ("anything", told(page)):
                    wrong.append(f"{address.name} as {role}, {relation}: {told(page)}, rules.py says {wanted}")
                strange = page.strange_words(sender.sees)
                if strange:
                    wrong.append(f"{address.name} as {role}, {relation}: shows {sorted(strange)[:2]}")
    assert wrong == [], f"{len(wrong)} of {cells} cells:\n" + "\n".join(wrong)
    assert cells > 700


def test_nobody_gets_in_without_an_account(world: World) -> None:
    wrong = []
    for address in list_addresses():
        rule = rule_of(address)
        page = ask(nobody(), rule, path_of(world, address, "own"))
        if rule.kind != "open" and not page.to_sign_in:
            wrong.append(f"{address.name}: {page.status} {page.location}")
        if page.strange_words(frozenset()):
            wrong.append(f"{address.name} shows words of a unit")
    assert wrong == []


@pytest.mark.parametrize("ended", ["membership", "account"])
def test_what_has_ended_opens_nothing(world: World, ended: str) -> None:
    """The session lives on; the duty ended yesterday, or the account was closed."""
    senders = {role: sign_in(world.places[HOME], role, world.subtree(HOME)) for role in Role}
    if ended == "membership":
        Membership.objects.filter(unit=world.places[HOME].unit).update(valid_to=date(2021, 1, 1))
    else:
        for account in world.places[HOME].accounts.values():
            account.is_active = False
            account.save()
    wrong = []
    for address in list_addresses():
        rule = rule_of(address)
        if rule.kind != "unit":
            continue
        for role in rule.roles:
            page = ask(senders[role], rule, path_of(world, address, "own"))
            refused = page.status == 403 if ended == "membership" else page.to_sign_in
            if not refused or page.strange_words(frozenset()):
                wrong.append(f"{address.name} as {role}: {page.status}")
    assert wrong == []


def test_a_council_sees_the_case_put_before_it_and_only_while_it_sits(world: World) -> None:
    home, nominee = world.places["a1"], world.places["a3"]
    member = sign_in(home, Role.MEMBER, frozenset({"a1", "a3"}))
    with maintenance_scope("a case of a unit below is put before the council"):
        item = AgendaItem.objects.create(
            unit=home.unit,
            sitting=home.row("awards.sitting"),
            nomination=nominee.row("exemplars.nomination"),
            order=2,
        )
    review, evidence = f"/sittings/items/{item.pk}/", nominee.row("exemplars.evidence").pk
    assert send(member, "GET", review).status == 200
    assert send(member, "GET", f"{review}evidence/{evidence}/").status == 200
    # Another's attachment does not open by way of a case that was granted.
    for place in (world.places["a2"], world.places["b1"], home):
        assert send(member, "GET", f"{review}evidence/{place.row('exemplars.evidence').pk}/").status == 404
    # What the council was given opens at the council only, not as a page of the unit.
    assert send(member, "GET", f"/nominations/{nominee.row('exemplars.nomination').pk}/").status == 403
    assert send(member, "GET", f"/people/{nominee.row('units.person').pk}/").status == 403
    with maintenance_scope("the sitting ends"):
        Sitting.objects.filter(pk=home.row("awards.sitting").pk).update(state="closed")
    assert send(member, "GET", review).status == 404
    assert send(member, "GET", f"{review}evidence/{evidence}/").status == 404


def test_a_seat_that_ended_is_no_seat(world: World) -> None:
    home = world.places[HOME]
    member = sign_in(home, Role.MEMBER, world.subtree(HOME))
    address = f"/sittings/{home.row('awards.sitting').pk}/"
    assert send(member, "GET", address).status == 200
    seat = home.row("awards.councilmember")
    with maintenance_scope("the seat ends"):
        type(seat).objects.filter(pk=seat.pk).update(valid_to=date(2021, 1, 1))
    assert send(member, "GET", address).status == 403
    assert localdate() > date(2021, 1, 1)
