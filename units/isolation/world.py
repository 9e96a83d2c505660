"""Two foreign roots, foreign branches under one of them with levels below, accounts of every role, rows in every table.

m1 ── a0 ── a1 ── a3        m2 ── c0 ── c1
 │     └─── a2
 └─── b0 ── b1

Two people changed their unit, one within a branch and one into the other root. Words of the time before stand under
"p1" and "p2", words of the time since under "n1" and "n2": the old unit may see the first, the new unit both.
"""

import secrets
import uuid
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from django.db import connection, models, transaction

from units.fence import list_tenant_models
from units.folding import fold
from units.isolation.rows import Place
from units.models import (
    Grading,
    LegalDocument,
    Membership,
    PastService,
    Person,
    Placement,
    Transfer,
    TransferOffer,
    Unit,
    UnitName,
    User,
)
from units.roles import Role
from units.scoping import NOTIONS, Persona, Scope, follows_person, maintenance_scope

PARENTS = {
    "m1": "",
    "a0": "m1",
    "a1": "a0",
    "a3": "a1",
    "a2": "a0",
    "b0": "m1",
    "b1": "b0",
    "m2": "",
    "c0": "m2",
    "c1": "c0",
}
_SINCE = date(2020, 1, 1)
# Who moved: from where to where.
MOVES = {"1": ("a2", "a1"), "2": ("a1", "c1")}


@dataclass(frozen=True)
class Mover:
    """Somebody who changed their unit, with the rows that followed them: those of before stay the old unit's."""

    old: Place
    new: Place
    person: models.Model
    before: Place
    after: Place
    past: models.Model


@dataclass(frozen=True)
class Standing:
    """From where something is tried: a scope, or none, and the codes of the places whose rows it may see."""

    name: str
    scope: Scope | None
    sees: frozenset[str]

    @property
    def home(self) -> str:
        """The place that it writes as."""
        return self.name.rsplit(" ", 1)[-1]


class World:
    def __init__(self, only: Collection[str] = ()) -> None:
        """Rows in every tenant table, or in those named in `only` and whatever their rows refer to."""
        self.token = secrets.token_hex(3)
        self.tables = [one for one in list_tenant_models() if not only or one._meta.db_table in only]  # noqa: SLF001  Django documents _meta as public
        self.places: dict[str, Place] = {}
        self.movers: list[Mover] = []
        # Outside what `next_path` gives for a long time, and other than those of a second check at the same time.
        roots = iter((f"Z{secrets.token_hex(1).upper()}8", f"Z{secrets.token_hex(1).upper()}9"))
        for code, parent in PARENTS.items():
            self.places[code] = self._place(code, self.places.get(parent), next(roots) if not parent else "")
        with maintenance_scope("a world of units that must not see each other is built before it is tried"):
            for place in self.places.values():
                # Shared by everybody, and mended on a page of its own.
                place.make(LegalDocument)
                for model in self.tables:
                    place.make(model)
            self._join_transfers()
            self.movers = [self._move(number, *ends) for number, ends in MOVES.items()]

    def _place(self, code: str, above: Place | None, root: str) -> Place:
        place = Place(code, self.token)
        below = [one for one in self.places if above and PARENTS[one] == above.code]
        name = f"Đơn vị thử {code} {self.token}"
        unit = place.add(
            Unit,
            code=f"thu-{self.token}-{code}",
            name=name,
            short_name=name,
            folded_name=fold(name),
            parent=above.unit if above else None,
            path=f"{above.unit.path}{len(below) + 1:04d}" if above else root,
            has_legal_personality=True,
            valid_from=_SINCE,
        )
        assert isinstance(unit, Unit)  # noqa: S101  says its type
        place.unit = unit
        place.add(UnitName, unit=unit, name=name, short_name=name, valid_from=_SINCE)
        place.add(Placement, unit=unit, parent=above.unit if above else None, valid_from=_SINCE)
        for role in Role:
            user = place.add(User, username=f"{place.mark()}.{role}", password="!")  # noqa: S106  nobody's
            assert isinstance(user, User)  # noqa: S101  says its type
            place.accounts[role] = user
            duty = place.add(Membership, user=user, unit=unit, role=role, valid_from=_SINCE, valid_to=None)
            assert isinstance(duty, Membership)  # noqa: S101  says its type
            duty.user, duty.unit = user, unit
            place.duties[role] = duty
        return place

    def _join_transfers(self) -> None:
        """Each unit lets its person go to the next one, which was told of it."""
        places = list(self.places.values())
        for place, there in zip(places, [*places[1:], places[0]], strict=True):
            transfer, offer = place.make(Transfer), there.make(TransferOffer)
            Transfer.objects.filter(pk=transfer.pk).update(receiving=there.unit)
            TransferOffer.objects.filter(pk=offer.pk).update(transfer=transfer.pk, releasing=place.unit)

    def _move(self, number: str, old_code: str, new_code: str) -> Mover:
        """As a confirmed transfer leaves it: lines stay with the unit that wrote them, the person's own go along."""
        old, new = self.places[old_code], self.places[new_code]
        before, after = self._guest_place(f"p{number}", old), self._guest_place(f"n{number}", new)
        person = after.add(Person, unit=old.unit)
        before.rows[Person] = after.rows[Person] = person
        following = [model for model in self.tables if follows_person(model)]
        for model in following:
            if not model._meta.get_field("person").one_to_one:  # noqa: SLF001  Django documents _meta as public
                before.make(model)
        past = old.add(PastService, person=person, moved_to=new.unit)
        Person.objects.filter(pk=person.pk).update(unit=new.unit, unit_path=new.unit.path)
        person = after.rows[Person] = Person.objects.get(pk=person.pk)
        # One grading a year.
        after.rows[Grading] = after.add(Grading, person=person, year=2024)
        for model in following:
            after.make(model)
        return Mover(old, new, person, before, after, past)

    def _guest_place(self, code: str, like: Place) -> Place:
        place = Place(code, self.token)
        place.unit, place.accounts, place.duties = like.unit, like.accounts, like.duties
        return place

    def subtree(self, code: str) -> frozenset[str]:
        """Whose words the unit of a place may see."""
        return self.within(self.places[code].unit.path)

    def within(self, path: str) -> frozenset[str]:
        own = {one for one, place in self.places.items() if place.unit.path.startswith(path)}
        for mover in self.movers:
            if mover.new.code in own:
                own |= {mover.before.code, mover.after.code}
            elif mover.old.code in own:
                own.add(mover.before.code)
        return frozenset(own)

    def foreign(self, standing: Standing) -> list[Place]:
        return [place for code, place in self.places.items() if code not in standing.sees]

    def grants(self, council: str, nominee: str) -> Mapping[str, frozenset[uuid.UUID]]:
        """What the council of one place was given: itself, and one case of another place."""
        found = {}
        for notion in NOTIONS:
            owner = self.places[council if notion == "council" else nominee]
            model = next((one for one in self.tables if _lookups(one).get(notion) == "pk"), None)
            if model is not None:
                found[notion] = frozenset({owner.rows[model].pk})
        return MappingProxyType(found)

    def standings(self) -> list[Standing]:
        """Each unit, a council with one case of a unit below, one with nothing before it, and the bare login."""
        units = [
            Standing(f"đơn vị {code}", Scope(Persona.UNIT, path=place.unit.path), self.subtree(code))
            for code, place in self.places.items()
        ]
        home = self.places["a0"]
        member = home.accounts[Role.MEMBER].pk
        council = Scope(Persona.COUNCIL, path=home.unit.path, grants=self.grants("a0", "a1"), actor=member)
        idle = Scope(Persona.COUNCIL, path=home.unit.path, actor=member)
        return [
            *units,
            Standing("hội đồng a0", council, frozenset({"a0", "a1"})),
            Standing("hội đồng chưa được giao a0", idle, frozenset({"a0"})),
            Standing("tài khoản đăng nhập a0", None, frozenset()),
        ]


def _lookups(model: type[models.Model]) -> Mapping[str, str]:
    found: Mapping[str, str] = getattr(model, "council_lookups", {})
    return found


def make_uncommittable() -> None:
    """Leave a row whose foreign key points nowhere: should anything commit this transaction, PostgreSQL refuses."""
    UnitName.objects.create(unit_id=uuid.uuid4(), name="-", short_name="-", place="-", valid_from=_SINCE)


@contextmanager
def throw_away() -> Iterator[None]:
    """A transaction that ends without a trace, whatever happens inside."""
    with transaction.atomic():
        try:
            make_uncommittable()
            yield
        finally:
            transaction.set_rollback(True)


def backend_role() -> str:
    """The login behind the connection, whichever persona it has stepped into."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user")
        role: str = cursor.fetchone()[0]
    return role


def spread(foreign: list[Place]) -> list[Place]:
    """The nearest stranger, one in the middle and the farthest: above, beside, and under another root."""
    return [foreign[at] for at in sorted({0, len(foreign) // 2, len(foreign) - 1})] if foreign else []
