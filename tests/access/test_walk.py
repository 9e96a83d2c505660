"""A long random walk over the second fence, held to a small oracle after every step.

Raw SQL only, as the bare login and the personas: no manager, selector or service of ours stands between. The walk is
one seeded stream of steps (the failing step, its number and the seed are in the message; run it again with
`WALK_SEED`), because one step costs a fraction of what Hypothesis itself spends on one. A short Hypothesis machine
over the same steps shrinks what the walk finds.
"""

import os
import random
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import Error, connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from units.scoping import Persona, Scope, _step_into, maintenance_scope

pytestmark = pytest.mark.django_db
STEPS = 20_000
UNITS = 24


@dataclass
class Oracle:
    """What must be visible and allowed, said in the plainest way: dictionaries, `startswith`, nothing of the code."""

    paths: dict[uuid.UUID, str] = field(default_factory=dict)
    people: dict[uuid.UUID, uuid.UUID] = field(default_factory=dict)
    postings: dict[uuid.UUID, tuple[uuid.UUID, uuid.UUID]] = field(default_factory=dict)

    def sees(self, scope: Scope | None, unit: uuid.UUID, person: uuid.UUID) -> bool:
        if scope is None:
            return False
        if scope.persona is Persona.MAINTENANCE:
            return True
        if scope.persona is Persona.UNIT:
            return self.paths[unit].startswith(scope.path)
        return person in scope.grants.get("person", ())

    def writes(self, scope: Scope | None, unit: uuid.UUID) -> bool:
        if scope is None or scope.persona is Persona.COUNCIL:
            return False
        return scope.persona is Persona.MAINTENANCE or self.paths[unit].startswith(scope.path)

    def visible_people(self, scope: Scope | None) -> set[uuid.UUID]:
        return {one for one, unit in self.people.items() if self.sees(scope, unit, one)}

    def visible_postings(self, scope: Scope | None) -> set[uuid.UUID]:
        """Those of one's own units, and those of people who work there now, wherever the post was held."""
        return {
            one
            for one, (unit, person) in self.postings.items()
            if self.sees(scope, unit, person) or self.sees(scope, self.people[person], person)
        }

    def below(self, unit: uuid.UUID) -> list[uuid.UUID]:
        return [one for one, path in self.paths.items() if path.startswith(self.paths[unit])]


class Walker:
    """The database and the oracle, moved side by side. Every step says what it did, for the message of a failure."""

    def __init__(self, choose: random.Random) -> None:
        self.choose = choose
        self.oracle = Oracle()
        self.scope: Scope | None = None
        self.granted: set[uuid.UUID] = set()
        self.numbers = 0
        self.said = ""
        self.cursor = connection.cursor()
        self.cursor.execute("SAVEPOINT walk")
        for _ in range(4):
            self.add_unit()

    # --- what happens to units: by the owner of the move, outside every scope ----------------------

    def add_unit(self) -> None:
        if len(self.oracle.paths) >= UNITS:
            return
        above = self.choose.choice([None, None, *self.oracle.paths]) if len(self.oracle.paths) > 2 else None
        prefix = self.oracle.paths[above] if above else ""
        if len(prefix) >= 16:
            return
        key, path = self._key(), self._free_path(prefix)
        with self._as(None):
            self.cursor.execute(
                "INSERT INTO units_unit (id, code, kind, name, short_name, folded_name, province, place,"
                " has_legal_personality, path, valid_from, note) VALUES (%s, %s, 'cuc-bo', 'x', 'x', 'x', '', 'x',"
                " true, %s, '2020-01-01', '')",
                [key, f"w-{key.hex[:12]}", path],
            )
        self.oracle.paths[key] = path
        self.said = f"unit at {path}"

    def move_unit(self) -> None:
        """A unit with everything below it goes under another, and its rows with it."""
        unit, above = (self.choose.choice(list(self.oracle.paths)) for _ in range(2))
        old, prefix = self.oracle.paths[unit], self.oracle.paths[above]
        moved = self.oracle.below(unit)
        deepest = len(prefix) + 4 + max(len(self.oracle.paths[one]) for one in moved) - len(old)
        if prefix.startswith(old) or deepest > 24:
            return
        new = self._free_path(prefix)
        with self._as(None):
            self.cursor.execute(
                "UPDATE units_unit SET path = %s || substr(path, %s) WHERE path >= %s AND path < %s",
                [new, len(old) + 1, old, f"{old}~"],
            )
            assert self.cursor.rowcount == len(moved)
        for one in moved:
            self.oracle.paths[one] = new + self.oracle.paths[one][len(old) :]
        self.said = f"{old} moved to {new}"

    def _free_path(self, prefix: str) -> str:
        self.numbers += 1
        return f"{prefix}{self.numbers:04d}"

    @contextmanager
    def _as(self, scope: Scope | None) -> Iterator[None]:
        """Step out of the actor's scope, or into another, and back."""
        held, self.scope = self.scope, scope
        self._step(scope)
        yield
        self.scope = held
        self._step(held)

    def _step(self, scope: Scope | None) -> None:
        _step_into(scope, is_local=True)
        self._keep()

    # --- who acts ----------------------------------------------------------------------------------

    def switch(self) -> None:
        kind = self.choose.choice(["unit"] * 6 + ["council", "council", "council at rest", "nobody", "maintenance"])
        path = self.choose.choice(list(self.oracle.paths.values()))
        scopes = {
            "unit": Scope(Persona.UNIT, path=path),
            "council": Scope(Persona.COUNCIL, path=path, grants={"person": frozenset(self.granted)}),
            "council at rest": Scope(Persona.COUNCIL, path=path),
            "maintenance": Scope(Persona.MAINTENANCE),
        }
        self.scope = scopes.get(kind)
        self._step(self.scope)
        self.said = f"{kind} {path}"

    def grant(self) -> None:
        if self.oracle.people:
            self.granted.add(self.choose.choice(list(self.oracle.people)))
        self._renew()
        self.said = f"{len(self.granted)} granted"

    def expire(self) -> None:
        if self.granted:
            self.granted.discard(self.choose.choice(sorted(self.granted)))
        self._renew()
        self.said = f"{len(self.granted)} granted still"

    def _renew(self) -> None:
        """Rights are asked for again at each request: a council in session sees what is granted now."""
        if self.scope is not None and self.scope.persona is Persona.COUNCIL and self.scope.grants:
            self.scope = Scope(Persona.COUNCIL, path=self.scope.path, grants={"person": frozenset(self.granted)})
            self._step(self.scope)

    # --- what the actor tries ----------------------------------------------------------------------

    def _try(self, query: str, values: list[Any]) -> int | None:
        """Rows changed, or None when PostgreSQL refused; a refusal leaves no trace."""
        try:
            self.cursor.execute(query, values)
        except Error:
            self.cursor.execute("ROLLBACK TO SAVEPOINT walk")
            return None
        changed = self.cursor.rowcount
        self._keep()
        return changed

    def _keep(self) -> None:
        """What was done until now stays when the next statement is refused."""
        self.cursor.execute("RELEASE SAVEPOINT walk; SAVEPOINT walk")

    def _key(self) -> uuid.UUID:
        return uuid.UUID(int=self.choose.getrandbits(128), version=4)

    def _unit(self) -> uuid.UUID:
        return self.choose.choice(list(self.oracle.paths))

    def add_person(self) -> None:
        unit, key = self._unit(), self._key()
        path, lies = self.oracle.paths[unit], self.choose.random() < 0.2
        if lies:
            path = self.oracle.paths[self._unit()]
        done = self._try(
            "INSERT INTO units_person (id, unit_id, unit_path, staff_code, full_name, folded_name, sort_key, gender,"
            " employment) VALUES (%s, %s, %s, %s, 'x', 'x', 'x', 'male', 'contract')",
            [key, unit, path, key.hex[:18]],
        )
        allowed = self.oracle.writes(self.scope, unit) and path == self.oracle.paths[unit]
        assert (done == 1) is allowed, f"insert of a person at {path} (lies: {lies}) gave {done}"
        if allowed:
            self.oracle.people[key] = unit
        self.said = f"person at {path}: {done}"

    def add_posting(self) -> None:
        if not self.oracle.people:
            return
        person = self.choose.choice(list(self.oracle.people))
        unit, key = self.oracle.people[person], self._key()
        path = self.oracle.paths[unit]
        holder = path if self.choose.random() < 0.8 else self.oracle.paths[self._unit()]
        done = self._try(
            "INSERT INTO units_posting (id, unit_id, unit_path, holder_path, person_id, position, is_head, valid_from)"
            " VALUES (%s, %s, %s, %s, %s, 'x', false, '2023-01-01')",
            [key, unit, path, holder, person],
        )
        allowed = self.oracle.writes(self.scope, unit) and holder == path
        assert (done == 1) is allowed, f"insert of a posting gave {done}"
        if allowed:
            self.oracle.postings[key] = (unit, person)
        self.said = f"posting: {done}"

    def change_person(self) -> None:
        if not self.oracle.people:
            return
        person = self.choose.choice(list(self.oracle.people))
        done = self._try("UPDATE units_person SET full_name = 'y' WHERE id = %s", [person])
        allowed = self.oracle.writes(self.scope, self.oracle.people[person])
        assert (done == 1) is allowed, f"update gave {done}"
        self.said = f"update: {done}"

    def carry_person(self) -> None:
        """Give a person to another unit: only one who may write at both ends can, and never with a path that lies."""
        if not self.oracle.people:
            return
        person, unit = self.choose.choice(list(self.oracle.people)), self._unit()
        path = self.oracle.paths[unit if self.choose.random() < 0.8 else self._unit()]
        done = self._try("UPDATE units_person SET unit_id = %s, unit_path = %s WHERE id = %s", [unit, path, person])
        both = self.oracle.writes(self.scope, self.oracle.people[person]) and self.oracle.writes(self.scope, unit)
        allowed = both and path == self.oracle.paths[unit]
        assert (done == 1) is allowed, f"carrying a person to {path} gave {done}"
        if allowed:
            self.oracle.people[person] = unit
        self.said = f"carried to {path}: {done}"

    def remove_person(self) -> None:
        if not self.oracle.people:
            return
        person = self.choose.choice(list(self.oracle.people))
        if any(one == person for _, one in self.oracle.postings.values()):
            return
        done = self._try("DELETE FROM units_person WHERE id = %s", [person])
        allowed = self.oracle.writes(self.scope, self.oracle.people[person])
        assert (done == 1) is allowed, f"delete gave {done}"
        if allowed:
            del self.oracle.people[person]
        self.granted.discard(person) if allowed else None
        self._renew()
        self.said = f"delete: {done}"

    def remove_posting(self) -> None:
        if not self.oracle.postings:
            return
        posting = self.choose.choice(list(self.oracle.postings))
        done = self._try("DELETE FROM units_posting WHERE id = %s", [posting])
        allowed = self.oracle.writes(self.scope, self.oracle.postings[posting][0])
        assert (done == 1) is allowed, f"delete of a posting gave {done}"
        if allowed:
            del self.oracle.postings[posting]
        self.said = f"posting gone: {done}"

    # --- what is seen ------------------------------------------------------------------------------

    def look(self) -> None:
        """Both tables in one round trip; the bare login is refused instead of shown nothing."""
        if self.scope is None:
            assert self._try("SELECT 1 FROM units_person", []) is None
            return
        self.cursor.execute("SELECT 'person', id FROM units_person UNION ALL SELECT 'posting', id FROM units_posting")
        rows = self.cursor.fetchall()
        for kind, wanted in (
            ("person", self.oracle.visible_people(self.scope)),
            ("posting", self.oracle.visible_postings(self.scope)),
        ):
            seen = {key for one, key in rows if one == kind}
            assert seen == wanted, f"{kind}: too many {len(seen - wanted)}, too few {len(wanted - seen)}"


ACTS = (
    [Walker.switch] * 6
    + [Walker.add_person] * 5
    + [Walker.add_posting] * 2
    + [Walker.change_person] * 3
    + [Walker.carry_person] * 3
    + [Walker.remove_person] * 3
    + [Walker.remove_posting] * 2
    + [Walker.grant, Walker.expire, Walker.add_unit, Walker.move_unit]
)


@contextmanager
def empty_register() -> Iterator[None]:
    """The walk counts every row of two tables, so it begins with none and leaves none."""
    with transaction.atomic():
        with maintenance_scope("the walk begins with empty tables"), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM units_person")
            assert cursor.fetchone() == (0,)
        try:
            yield
        finally:
            transaction.set_rollback(True)


def test_twenty_thousand_random_steps_agree_with_the_oracle() -> None:
    seed = int(os.environ.get("WALK_SEED", "20231120"))
    choose = random.Random(seed)  # noqa: S311  steps, not secrets
    began = time.monotonic()
    with empty_register():
        walker = Walker(choose)
        for step in range(STEPS):
            act = choose.choice(ACTS)
            try:
                act(walker)
                walker.look()
            except AssertionError as error:
                where = f"WALK_SEED={seed}, step {step}, {act.__name__} as {walker.scope}"
                raise AssertionError(f"{where}: {error}; before it: {walker.said}") from error
        assert len(walker.oracle.people) > 10, "the walk ran dry: nothing was left to leak"
        assert len(walker.oracle.paths) > 10
    print(f"{STEPS} steps in {time.monotonic() - began:.1f} s")  # noqa: T201  shown by pytest -s


def make_machine() -> type[RuleBasedStateMachine]:
    """The same steps under Hypothesis, which shortens a failing sequence to its essence."""

    class Machine(RuleBasedStateMachine):
        def __init__(self) -> None:
            super().__init__()
            self.block = empty_register()
            self.block.__enter__()
            self.walker = Walker(random.Random(0))  # noqa: S311  steps, not secrets
            self.count = 0

        @rule(act=st.sampled_from(sorted(set(ACTS), key=lambda act: act.__name__)), seed=st.integers(0, 999))
        def step(self, act: Any, seed: int) -> None:
            self.count += 1
            self.walker.choose.seed(f"{self.count} {seed}")
            act(self.walker)
            self.walker.look()

        def teardown(self) -> None:
            self.block.__exit__(None, None, None)

    return Machine


def test_short_sequences_agree_with_the_oracle() -> None:
    run_state_machine_as_test(
        make_machine(),
        settings=settings(
            max_examples=40,
            stateful_step_count=30,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
