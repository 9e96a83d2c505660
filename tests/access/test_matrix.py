"""The access matrix: every address × every role × own, foreign, above, below, council-granted and expired.

The expectations stand in `rules.py`; the units, accounts and rows come from `units.isolation.world`.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.urls import get_resolver
from django.utils.timezone import localdate, now

from awards.models import AgendaItem, Sitting
from tests.access.rules import RULES, Rule
from units.isolation.address_book import Address, keys_of, list_addresses, nowhere
from units.isolation.pages import Page, Sender, harmless, nobody, read_forms, send, sign_in, undone
from units.isolation.rows import Place
from units.isolation.world import World, throw_away
from units.models import Membership, User
from units.rights_file import read_rights
from units.roles import Role, list_permissions
from units.scoping import maintenance_scope

HOME = "a1"
# Whose row is asked for by somebody of a1, and what it is to them.
RELATIONS = {"own": "a1", "below": "a3", "above": "a0", "beside": "a2", "foreign": "b1", "other root": "c1"}
# The same, by somebody at the top.
TOP = "m1"
TOP_RELATIONS = {"own": "m1", "below": "a1", "beside": "m2", "other root": "c1"}


# Not pytest-django's `db`: that closes the connection after each test, and with it the transaction of the world.
@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    with django_db_blocker.unblock(), throw_away(), harmless():
        yield World()


@pytest.fixture
def world(built: World) -> Iterator[World]:
    """The same world for every test; what a test does to it is undone, and forgotten."""
    kept = {code: dict(place.rows) for code, place in built.places.items()}
    with undone():
        yield built
    for code, rows in kept.items():
        built.places[code].rows = rows


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
    if rule.own or role in rule.except_for:
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


SENSITIVE = {
    "units.disciplinaryaction": ("units.view_discipline", "decision_number"),
    "units.circumstance": ("units.view_circumstance", "decision_number"),
    "units.partymembership": ("units.view_party", "id"),
    "units.personcontact": ("units.view_contact", "email"),
}


class Sensitive:
    """Words and keys of the home unit's rows on discipline, party and contact: to those who need them only."""

    def __init__(self, world: World) -> None:
        self.words: dict[str, set[str]] = {}
        self.shown: set[str] = set()  # permissions whose words did show: their absence elsewhere then says something
        for label, (permission, name) in SENSITIVE.items():
            row = world.places[HOME].row(label)
            assert not getattr(type(row), "council_lookups", {}), "a council reads no such table"
            words = {str(row.pk), str(getattr(row, name)), getattr(row, "phone", "")}
            self.words[permission] = {word.lower() for word in words if word}

    def shown_to(self, role: Role, page: Page, path: str) -> Iterator[str]:
        """What `role` was shown without the right; `path` was asked for and may be repeated."""
        text = page.text.lower()
        for permission, words in self.words.items():
            found = {word for word in words if word in text and word not in path}
            if found and permission in list_permissions(role):
                self.shown.add(permission)
            elif found:
                yield f"{sorted(found)} without {permission}"


def test_the_matrix(world: World) -> None:
    """Every cell; and no page shows a word of foreign units, or of sensitive rows to those without the right."""
    senders = senders_of(world, HOME)
    at_top = senders_of(world, TOP)
    sensitive = Sensitive(world)
    wrong, cells = [], 0
    for address in list_addresses():
        rule = rule_of(address)
        relations = TOP_RELATIONS if rule.top else RELATIONS
        for role, sender in (at_top if rule.top else senders).items():
            for relation in relations if address.parts and role in rule.roles else ("own",):
                path = path_of(world, address, relation)
                page = ask(sender, rule, path)
                cells += 1
                wanted = expected(rule, role, relation)
                if page.is_broken:
                    wrong.append(f"{address.name} as {role}, {relation}: {page.failure}")
                elif wanted not in ("anything", told(page)):
                    wrong.append(f"{address.name} as {role}, {relation}: {told(page)}, rules.py says {wanted}")
                strange = page.strange_words(sender.sees)
                if strange:
                    wrong.append(f"{address.name} as {role}, {relation}: shows {sorted(strange)[:2]}")
                if not rule.top:
                    wrong += [f"{address.name} as {role}: {one}" for one in sensitive.shown_to(role, page, path)]
        for role in rule.roles if rule.top else ():
            page = ask(senders[role], rule, path_of(world, address, "own"))
            cells += 1
            if page.status != 403:
                wrong.append(f"{address.name} as {role}, below the top: {page.status}")
    assert wrong == [], f"{len(wrong)} of {cells} cells:\n" + "\n".join(wrong)
    assert cells > 2_500
    assert {"units.view_discipline", "units.view_contact"} <= sensitive.shown


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
        User.objects.filter(memberships__unit=world.places[HOME].unit).update(is_active=False)
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


def test_somebody_who_moved_is_read_at_both_ends_and_changed_at_the_old_one_only(world: World) -> None:
    """Whole record where the person works today; at the old unit its own period alone; a third unit has nothing."""
    came, went = world.movers
    clerk = {code: sign_in(world.places[code], Role.CLERK, world.subtree(code)) for code in ("a1", "a2", "b1", "c1")}
    for mover, old, new in ((came, clerk["a2"], clerk["a1"]), (went, clerk["a1"], clerk["c1"])):
        person = f"/people/{mover.person.pk}/"
        page = send(new, "GET", person)
        assert page.status == 200
        # Decisions of both times stand on the page.
        for time in (mover.before, mover.after):
            honour = time.row("units.honour")
            assert honour.decision_number in page.text
        assert [send(one, "GET", person).status for one in (old, clerk["b1"])] == [404, 404]
        assert send(old, "GET", f"/people/past/{mover.past.pk}/").status == 200
        assert send(new, "GET", f"/people/past/{mover.past.pk}/").status == 404
        for name in ("grading", "titleeligibility", "initiative", "disciplinaryaction", "circumstance"):
            path = {"titleeligibility": "eligibilities", "disciplinaryaction": "disciplines"}.get(name, f"{name}s")
            line = mover.before.row(f"units.{name}")
            stood = _values(line)
            for one, verb in product((new, clerk["b1"]), ("edit", "delete")):
                address = f"/{path}/{line.pk}/{verb}/"
                form = send(one, "GET", address)
                filled = {name: value for found in read_forms(form).forms for name, value in found.values.items()}
                page = send(one, "POST", address, {**filled, "reason": "Ghi nhầm"})
                assert not form.is_broken
                assert not page.is_broken, address
                assert _values(line) == stood, address
            later = mover.after.row(f"units.{name}")
            for one in (old, clerk["b1"]):
                assert send(one, "GET", f"/{path}/{later.pk}/edit/").status == 404


def _values(line: Any) -> Any:
    with maintenance_scope("a line is looked for after somebody tried to change it"):
        return type(line).objects.filter(pk=line.pk).values().get()


RIGHTS = {"granted": (0, 1), "expired": (-2, -1), "not yet": (1, 2), "ended": (0, 1)}
STAND = {True: ("granted",), False: ("expired", "not yet", "ended")}


def give_right(world: World, kind: str, relation: str, home: Place) -> Any:
    """A grant or a delegation of the home unit to the staff of `home`."""
    first, last = (localdate() + timedelta(days=days) for days in RIGHTS[relation])
    with maintenance_scope("a right for a time is given"):
        return world.places[HOME].add(
            apps.get_model(f"units.{kind}"),
            **({"user": home.accounts[Role.STAFF], "office": home.duties[Role.STAFF]} if kind == "grant" else {}),
            valid_from=first,
            valid_to=last,
            ended_at=now() if relation == "ended" else None,
        )


@pytest.mark.parametrize("kind", ["grant", "delegation"])
@pytest.mark.parametrize("stands", STAND)
def test_a_right_for_a_time_opens_what_it_names_and_only_in_time(world: World, kind: str, stands: bool) -> None:
    """A guest of another branch, and a deputy: what the bundle or scope holds opens, nothing else.

    Each right that does not stand is chosen in turn and left at once; then all of them together open nothing.
    """
    home = world.places["b1" if kind == "grant" else HOME]
    person = sign_in(home, Role.STAFF, world.subtree(HOME))
    for relation in STAND[stands]:
        row = give_right(world, kind, relation, home)
        session = person.client.session
        session["membership"] = str(row.pk)
        session.save()
        person.client.get("/help/")  # a duty that stands no more is left, and said, before anything is done
        assert (person.client.session.get("membership") == str(row.pk)) is stands, relation
    rights = read_rights()
    held = rights.find_bundle("inspection") if kind == "grant" else rights.find_scope("head-all")
    assert held is not None
    own = list_permissions(Role.STAFF)
    wrong, cells = [], 0
    for address in list_addresses():
        rule = rule_of(address)
        if rule.kind != "unit" or rule.top or rule.own or not address.permission:
            continue
        page = ask(person, rule, path_of(world, address, "own"))
        cells += 1
        if stands:
            wanted = address.permission in held.permissions
        elif kind == "grant":
            # Back in the guest's own duty, which sees nothing here.
            wanted = address.permission in own and (not rule.opens or rule.everyone)
        else:
            wanted = address.permission in own
        if opened(page) is not wanted:
            wrong.append(f"{address.name}: {page.status}, wanted {wanted}")
        if kind == "grant" and not stands and page.strange_words(world.subtree("b1")):
            wrong.append(f"{address.name} shows words of the unit that lets nobody in any more")
    assert wrong == [], f"{len(wrong)} of {cells}:\n" + "\n".join(wrong)
