"""PostgreSQL asked in raw SQL, without any manager of ours, from every standing: nothing of another unit may answer."""

import itertools
import json
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import Error, connection, models
from django.db.backends.utils import CursorWrapper

from units.fence import COUNCIL, UNIT, is_tenant
from units.isolation.rows import MARKER, PREFIX, Place
from units.isolation.tally import Tally
from units.isolation.world import Standing, World
from units.scoping import Persona, enter_scope, follows_person, maintenance_scope, ties_person

FORBIDDEN, FOREIGN_KEY = "42501", "23503"
_POINT = "isolation"
# Released as well: savepoints left standing would pile up until the server has no room for their locks.
_BACK = f"ROLLBACK TO SAVEPOINT {_POINT}; RELEASE SAVEPOINT {_POINT}"
# A server that is out of room, going down or broken has refused nothing.
_NO_ANSWER = ("08", "53", "57", "58", "XX", "?")


@dataclass(frozen=True)
class Answer:
    """What came of one statement: its error's code or nothing, how many rows, and every word of it."""

    state: str
    count: int
    text: str

    @property
    def is_refused(self) -> bool:
        return self.state == FORBIDDEN

    @property
    def changed(self) -> bool:
        return not self.state and self.count > 0

    def names(self, codes: frozenset[str]) -> bool:
        """Whether a word of a place other than `codes` stands in it."""
        return any(found.group(1).lower() not in codes for found in MARKER.finditer(self.text))


class Asker:
    """Runs each statement at a savepoint that is always rolled back, so that none sees what another did."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self._cursor = cursor

    def ask(self, query: str, *values: Any) -> Answer:
        return self.ask_in_turn((query, values))

    def ask_in_turn(self, *statements: tuple[str, Sequence[Any]]) -> Answer:
        """Several statements at one savepoint; the answer is the last one's, or the first error's."""
        self._cursor.execute(f"SAVEPOINT {_POINT}")
        try:
            for query, values in statements:
                self._cursor.execute(query, values or None)
            rows = self._cursor.fetchall() if self._cursor.description else []
            return Answer("", self._cursor.rowcount, "\n".join(str(row) for row in rows))
        except Error as error:
            return _refusal(error)
        finally:
            self._cursor.execute(_BACK)

    def copy(self, query: str) -> Answer:
        self._cursor.execute(f"SAVEPOINT {_POINT}")
        try:
            # Through psycopg's own cursor: Django has no word for COPY.
            with self._cursor.cursor.copy(query) as stream:
                text = b"".join(bytes(part) for part in stream).decode() if "STDOUT" in query else ""
            return Answer("", text.count("\n"), text)
        except (Error, psycopg.Error) as error:
            return _refusal(error)
        finally:
            self._cursor.execute(_BACK)


def _refusal(error: BaseException) -> Answer:
    cause = error.__cause__ if isinstance(error, Error) else error
    state = str(getattr(cause, "sqlstate", None) or "?")
    if state.startswith(_NO_ANSWER) and state != "57014":
        raise error
    said = getattr(cause, "diag", None)
    words = [str(getattr(said, name, "") or "") for name in ("message_detail", "message_hint", "context")]
    return Answer(state, 0, "\n".join([str(error), *words]))


@dataclass(frozen=True)
class Table:
    """A tenant table with the row of each place, as the database itself spells it."""

    name: str
    key: str
    text: str
    rows: dict[str, dict[str, Any]]
    references: dict[str, str]
    paths: list[tuple[str, ...]]
    # Whether a row may only be about a person whom its unit knows.
    ties_person: bool

    def within(self, path: str) -> int:
        """How many rows the unit at `path` may see: its own, and those about people who work there today."""
        return sum(any(one.startswith(path) for one in row) for row in self.paths)

    def pk(self, code: str) -> Any:
        return self.rows[code][self.key]

    def copied(self, code: str, **changes: Any) -> str:
        """The row of a place as JSON under a key of its own, with changes."""
        fresh = str(uuid.uuid4()) if isinstance(self.pk(code), str) else self.pk(code) + 1_000_000_000
        return json.dumps({**self.rows[code], self.key: fresh, **changes})


def describe_tables(world: World) -> list[Table]:
    with maintenance_scope("the rows that others try to reach are read once"), connection.cursor() as cursor:
        return [_describe(cursor, world, model) for model in world.tables]


def _describe(cursor: CursorWrapper, world: World, model: type[models.Model]) -> Table:
    meta = model._meta  # noqa: SLF001  Django documents _meta as public
    key = str(meta.pk.column)
    rows = {}
    for code, place in world.places.items():
        cursor.execute(f'SELECT to_jsonb(t) FROM "{meta.db_table}" t WHERE "{key}" = %s', [place.rows[model].pk])  # noqa: S608
        (found,) = cursor.fetchone()
        rows[code] = json.loads(found) if isinstance(found, str) else found
    sample = next(iter(rows.values()))
    text = next((name for name, value in sample.items() if isinstance(value, str) and MARKER.search(value)), "")
    columns = "ARRAY[unit_path, holder_path]" if follows_person(model) else "ARRAY[unit_path]"
    cursor.execute(
        f'SELECT {columns}::text[] FROM "{meta.db_table}" WHERE unit_path = ANY(%s)',  # noqa: S608  our own names
        [[place.unit.path for place in world.places.values()]],
    )
    paths = [tuple(filter(None, found)) for (found,) in cursor.fetchall()]
    return Table(meta.db_table, key, text, rows, _references(cursor, meta.db_table), paths, ties_person(model))


def _references(cursor: CursorWrapper, table: str) -> dict[str, str]:
    """Single-column foreign keys to tenant tables: column to the constraint's name."""
    cursor.execute(
        """
        SELECT a.attname, k.conname FROM pg_constraint k
        JOIN pg_class t ON t.oid = k.confrelid AND t.relrowsecurity
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.contype = 'f' AND k.conrelid = %s::regclass AND cardinality(k.conkey) = 1 AND k.condeferrable
        """,
        [f'"{table}"'],
    )
    return dict(cursor.fetchall())


def try_statements(world: World, tally: Tally) -> None:
    """Every table from every standing, then what belongs to no single table."""
    tables = describe_tables(world)
    standings = world.standings()
    for standing in standings:
        with _stand(standing) as asker:
            for table in tables:
                Trial(world, standing, table, asker, tally).run()
            _try_moved(world, standing, asker, tally)
            _try_views(standing, asker, tally)
            _try_functions(world, standing, asker, tally)
            _try_sequences(standing, asker, tally)
            _try_powers(standing, asker, tally)
            _try_other_roles(world, standing, tables, asker, tally)
    for standing in standings:
        # A scope that was left leaves nothing behind.
        with _stand(standing):
            pass
        with connection.cursor() as cursor:
            for table in tables:
                answer = Asker(cursor).ask(f'SELECT count(*) FROM "{table.name}"')  # noqa: S608  our own names
                tally.note("after-scope", f"{table.name} sau khi rời {standing.name}", leaked=not answer.is_refused)


@contextmanager
def _stand(standing: Standing) -> Iterator[Asker]:
    with nullcontext() if standing.scope is None else enter_scope(standing.scope), connection.cursor() as cursor:
        yield Asker(cursor)


@dataclass(frozen=True)
class Trial:
    """One table from one standing."""

    world: World
    standing: Standing
    table: Table
    asker: Asker
    tally: Tally

    def run(self) -> None:
        foreign = self.world.foreign(self.standing)
        self._read_all()
        for place in foreign:
            self._reach_row(place)
        for place in _spread(foreign):
            self._cross_over(place)
            if self.table.ties_person:
                self._write_about(place)
        self._carry_out()
        self._go_around()
        if foreign:
            self._ask_oracles(foreign[-1])

    def _note(self, kind: str, how: str, *, leaked: bool) -> None:
        self.tally.note(kind, f"{self.table.name} từ {self.standing.name}: {how}", leaked=leaked)

    def _words(self, kind: str, how: str, answer: Answer) -> None:
        self._note(kind, how, leaked=answer.names(self.standing.sees))

    def _read_all(self) -> None:
        name, sees = self.table.name, self.standing.sees
        answer = self.asker.ask(f'SELECT t::text FROM "{name}" t')  # noqa: S608  names of our own tables
        self._words("select-all", "đọc hết", answer)
        if self.standing.scope is None:
            self._note("bare-login", "đọc khi chưa vào phạm vi nào", leaked=not answer.is_refused)
        # A table without any text of its own has no marker to find; its keys tell.
        keys = {str(self.table.pk(place.code)) for place in self.world.foreign(self.standing)}
        answer = self.asker.ask(f'SELECT "{self.table.key}"::text FROM "{name}"')  # noqa: S608
        found = {word.strip("(',)") for word in answer.text.split("\n")}
        self._note("select-all", "khóa của đơn vị khác", leaked=not keys.isdisjoint(found))
        answer = self.asker.ask(f'SELECT count(*) FROM "{name}"')  # noqa: S608
        counted = 0 if answer.state else int(answer.text.strip("(,)"))
        # The world's units are new, so nothing but its own rows can stand there.
        scope = self.standing.scope
        is_unit = scope is not None and scope.persona is Persona.UNIT
        allowed = self.table.within(scope.path) if scope is not None and is_unit else len(sees)
        self._note("count", f"đếm được {counted}, được thấy {allowed}", leaked=counted > allowed)
        answer = self.asker.ask(f"SELECT max(t::text), min(t::text), string_agg(t::text, ';') FROM \"{name}\" t")  # noqa: S608
        self._words("aggregate", "gộp các dòng", answer)

    def _reach_row(self, place: Place) -> None:
        name, key, pk = self.table.name, self.table.key, self.table.pk(place.code)
        where = f'"{name}" WHERE "{key}" = %s'
        for kind, query in (
            ("select", f"SELECT 1 FROM {where}"),  # noqa: S608  names of our own tables
            ("lock", f"SELECT 1 FROM {where} FOR UPDATE"),  # noqa: S608
            ("update", f'UPDATE "{name}" SET unit_id = unit_id WHERE "{key}" = %s'),  # noqa: S608
            ("delete", f"DELETE FROM {where}"),  # noqa: S608
        ):
            answer = self.asker.ask(query, pk)
            self._note(kind, f"dòng của {place.code}", leaked=answer.changed)

    def _cross_over(self, place: Place) -> None:
        """Write a row that is, or says it is, another unit's."""
        name, home = self.table.name, self.standing.home
        there = {"unit_id": str(place.unit.pk), "unit_path": place.unit.path}
        for kind, how, changes, refused in (
            ("insert", "thêm dòng của đơn vị khác", there, {FORBIDDEN}),
            ("insert-lying-path", "thêm với đường dẫn của đơn vị khác", {"unit_path": place.unit.path}, {FORBIDDEN}),
        ):
            answer = self._insert(self.table.copied(home, **changes))
            self._note(kind, f"{how} {place.code}", leaked=answer.state not in refused)
            self._words("error-text", f"{how} {place.code}", answer)
        answer = self._insert(self.table.copied(home, unit_id=there["unit_id"]))
        self._note("insert-lying-path", f"thêm với mã đơn vị {place.code}", leaked=not answer.state)
        for kind, changes in (
            ("move", there),
            ("lying-path", {"unit_path": there["unit_path"]}),
            ("lying-path", {"unit_id": there["unit_id"]}),
        ):
            assignments = ", ".join(f"{column} = %s" for column in changes)
            answer = self.asker.ask(
                f'UPDATE "{name}" SET {assignments} WHERE "{self.table.key}" = %s',  # noqa: S608
                *changes.values(),
                self.table.pk(home),
            )
            self._note(kind, f"chuyển dòng của mình sang {place.code}", leaked=answer.changed)

    def _write_about(self, place: Place) -> None:
        """Put a line of one's own into the record of another unit's person, with the right key and true path."""
        name, home, theirs = self.table.name, self.standing.home, self.table.rows[place.code]
        about = {column: theirs[column] for column in ("person_id", "holder_path") if column in theirs}
        answer = self._insert(self.table.copied(home, **about))
        self._note("stranger", f"thêm dòng về người của {place.code}", leaked=not answer.is_refused)
        self._words("error-text", f"thêm dòng về người của {place.code}", answer)
        assignments = ", ".join(f"{column} = %s" for column in about)
        query = f'UPDATE "{name}" SET {assignments} WHERE "{self.table.key}" = %s'  # noqa: S608  our own names
        answer = self.asker.ask(query, *about.values(), self.table.pk(home))
        # Who sees no row of this table changes none, and is not told of anybody.
        leaked = answer.changed or answer.state not in ("", FORBIDDEN)
        self._note("stranger", f"chuyển dòng của mình sang người của {place.code}", leaked=leaked)

    def _insert(self, row: str) -> Answer:
        name = self.table.name
        return self.asker.ask(
            f'INSERT INTO "{name}" SELECT * FROM jsonb_populate_record(NULL::"{name}", %s::jsonb)',  # noqa: S608
            row,
        )

    def _carry_out(self) -> None:
        name = self.table.name
        self._words("copy-out", "COPY bảng", self.asker.copy(f'COPY "{name}" TO STDOUT'))
        self._words("copy-out", "COPY câu lệnh", self.asker.copy(f'COPY (SELECT * FROM "{name}") TO STDOUT'))  # noqa: S608
        answer = self.asker.copy(f'COPY "{name}" FROM STDIN')
        self._note("copy-in", "COPY vào bảng", leaked=not answer.state)
        answer = self.asker.ask_in_turn(("SET LOCAL lock_timeout = '2s'", ()), (f'TRUNCATE "{name}" CASCADE', ()))
        self._note("truncate", "xóa hết", leaked=not answer.is_refused)

    def _go_around(self) -> None:
        name = self.table.name
        answer = self.asker.ask_in_turn(
            ("SET LOCAL row_security = off", ()),
            (f'SELECT t::text FROM "{name}" t', ()),  # noqa: S608  names of our own tables
        )
        self._note("policy-off", "tắt chính sách", leaked=not answer.is_refused)
        answer = self.asker.ask(f'ALTER TABLE "{name}" DISABLE ROW LEVEL SECURITY')
        self._note("policy-off", "gỡ chính sách", leaked=not answer.is_refused)
        answer = self.asker.ask(
            "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE tablename = %s", name
        )
        self._note("statistics", "đọc thống kê cột", leaked=bool(answer.state) or answer.count > 0)
        if self.table.text:
            # Were the cast tried before the policy, the error would say what stands in a row that is not seen.
            answer = self.asker.ask(f'SELECT 1 FROM "{name}" WHERE CAST("{self.table.text}" AS integer) = 1')  # noqa: S608
            self._words("error-text", "ép kiểu", answer)

    def _ask_oracles(self, place: Place) -> None:
        """Whether a key that exists elsewhere is answered otherwise than one that exists nowhere."""
        name, home = self.table.name, self.standing.home
        own = self.table.copied(home)
        taken = self._insert(json.dumps({**json.loads(own), self.table.key: self.table.pk(place.code)}))
        self._words("error-text", "khóa đã có", taken)
        self.tally.oracles["primary-key"] += taken.state != self._insert(own).state
        for column, constraint in self.table.references.items():
            there = self.table.rows[place.code].get(column)
            if there is None:
                continue
            answers = [
                self.asker.ask_in_turn(
                    (f'UPDATE "{name}" SET "{column}" = %s WHERE "{self.table.key}" = %s', (key, self.table.pk(home))),  # noqa: S608
                    (f'SET CONSTRAINTS "{constraint}" IMMEDIATE', ()),
                )
                for key in (there, str(uuid.uuid4()))
            ]
            for answer in answers:
                self._words("error-text", f"khóa ngoài {column}", answer)
            self.tally.oracles["foreign-key"] += answers[0].state != answers[1].state


def _try_moved(world: World, standing: Standing, asker: Asker, tally: Tally) -> None:
    """Rows about people who changed their unit: read at both ends by the rule, changed by the unit of the row only."""
    scope = standing.scope
    for mover in world.movers:
        at_old, at_new = (
            scope is not None and scope.persona is Persona.UNIT and place.unit.path.startswith(scope.path)
            for place in (mover.old, mover.new)
        )
        rows = [
            *((row, at_old or at_new, at_old) for model, row in mover.before.rows.items() if follows_person(model)),
            *((row, at_new, at_new) for model, row in mover.after.rows.items() if is_tenant(model)),
            (mover.past, at_old, at_old),
        ]
        for row, may_read, may_write in rows:
            _try_moved_row(standing, asker, tally, row, may_read=may_read, may_write=may_write)


def _try_moved_row(
    standing: Standing, asker: Asker, tally: Tally, row: models.Model, *, may_read: bool, may_write: bool
) -> None:
    meta = row._meta  # noqa: SLF001  Django documents _meta as public
    table, where = meta.db_table, f'"{meta.db_table}" WHERE "{meta.pk.column}" = %s'
    what = f"{table} của người chuyển đơn vị, từ {standing.name}"
    seen = asker.ask(f"SELECT 1 FROM {where}", row.pk)  # noqa: S608  names of our own tables
    tally.note("moved", f"{what}: đọc được là {seen.changed}, phải là {may_read}", leaked=seen.changed != may_read)
    change = f'UPDATE "{table}" SET %s WHERE "{meta.pk.column}" = %%s'  # noqa: S608  names of our own tables
    for how, query in (("sửa", change % "unit_id = unit_id"), ("xóa", f"DELETE FROM {where}")):  # noqa: S608
        answer = asker.ask(query, row.pk)
        tally.note("moved", f"{what}: {how}", leaked=answer.changed and not may_write)
    for column in ("unit_path", "holder_path") if follows_person(type(row)) else ("unit_path",):
        path = standing.scope.path if standing.scope else ""
        # Where it says so already, nothing would change.
        query = f"{change % f'{column} = %s'} AND {column} <> %s"
        answer = asker.ask(query, path, row.pk, path)
        tally.note("moved", f"{what}: đổi {column}", leaked=answer.changed)


def _spread(foreign: list[Place]) -> list[Place]:
    """The nearest stranger, one in the middle and the farthest: above, beside, and under another root."""
    return [foreign[at] for at in sorted({0, len(foreign) // 2, len(foreign) - 1})] if foreign else []


def _catalogue(asker_query: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(asker_query)
        return list(cursor.fetchall())


def _try_views(standing: Standing, asker: Asker, tally: Tally) -> None:
    views = _catalogue(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind IN ('v', 'm', 'f') AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    for (view,) in views:
        answer = asker.ask(f"SELECT v::text FROM {view} v")  # noqa: S608  names out of the catalogue, quoted by it
        tally.note("view", f"{view} từ {standing.name}", leaked=answer.names(standing.sees))


def _try_functions(world: World, standing: Standing, asker: Asker, tally: Tally) -> None:
    """Functions that run with their owner's rights, called with what names strangers."""
    functions = _catalogue(
        "SELECT p.oid::regproc::text, array(SELECT format_type(t, NULL) FROM unnest(p.proargtypes) t)"
        " FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace"
        " WHERE p.prosecdef AND p.prokind = 'f' AND p.prorettype <> 'trigger'::regtype"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema')"
    )
    strangers = _spread(world.foreign(standing))
    for name, types in functions:
        for words in itertools.chain([(PREFIX, str(uuid.uuid4()))], *(_names_of(place) for place in strangers)):
            arguments = ", ".join(_argument(kind) for kind in types)
            values = [words[0] if "text" in kind or "char" in kind else words[1] for kind in types if _is_named(kind)]
            answer = asker.ask(f"SELECT f::text FROM {name}({arguments}) f", *values)  # noqa: S608
            sent = {value.lower() for value in values}
            leaked = any(
                found.group(1).lower() not in standing.sees and found.group(0).lower() not in sent
                for found in MARKER.finditer(answer.text)
            )
            tally.note("function", f"{name}({', '.join(types)}) từ {standing.name}", leaked=leaked)


def _names_of(place: Place) -> list[tuple[str, str]]:
    """Pairs of a text and a key that name a place: its path with its own key, a word of it with a row's."""
    row = next(iter(place.rows.values()))
    return [(place.unit.path, str(place.unit.pk)), (f"{PREFIX}{place.code}", str(row.pk))]


def _is_named(kind: str) -> bool:
    return "text" in kind or "char" in kind or kind == "uuid"


def _argument(kind: str) -> str:
    if _is_named(kind):
        return f"%s::{kind}"
    return f"100::{kind}" if "int" in kind or kind == "numeric" else f"NULL::{kind}"


def _try_sequences(standing: Standing, asker: Asker, tally: Tally) -> None:
    """Numbers that only grow tell how much others write."""
    sequences = _catalogue(
        "SELECT DISTINCT s.oid::regclass::text FROM pg_class s"
        " JOIN pg_depend d ON d.objid = s.oid AND d.refobjsubid > 0"
        " JOIN pg_class t ON t.oid = d.refobjid AND t.relrowsecurity WHERE s.relkind = 'S'"
    )
    for (sequence,) in sequences:
        for query in (f"SELECT last_value FROM {sequence}", f"SELECT setval('{sequence}', 1)"):  # noqa: S608
            answer = asker.ask(query)
            tally.note("sequence", f"{query} từ {standing.name}", leaked=not answer.is_refused)


_POWERS = (
    "CREATE TABLE public.isolation_probe (x int)",
    "CREATE TEMPORARY TABLE isolation_probe (x int)",
    "CREATE SCHEMA isolation_probe",
    "CREATE VIEW public.isolation_probe AS SELECT 1",
    "CREATE FUNCTION public.isolation_probe() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE isolation_probe",
    "ALTER ROLE thidua_login BYPASSRLS",
    "ALTER ROLE thidua_unit BYPASSRLS",
    "SET LOCAL ROLE thidua_owner",
    "SET LOCAL ROLE postgres",
    "SET LOCAL ROLE pg_read_all_data",
    "SET LOCAL ROLE pg_database_owner",
    "SET SESSION AUTHORIZATION postgres",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT * FROM pg_authid",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "SET session_replication_role = replica",
)


def _try_powers(standing: Standing, asker: Asker, tally: Tally) -> None:
    """What would make the policies void."""
    for query in _POWERS:
        answer = asker.ask(query)
        # A role that this server does not have is refused as well, in another way.
        leaked = answer.state not in (FORBIDDEN, "22023", "42704")
        tally.note("power", f"{query} từ {standing.name}", leaked=leaked)


def _try_other_roles(world: World, standing: Standing, tables: Sequence[Table], asker: Asker, tally: Tally) -> None:
    """Stepping from one persona into another without its bounds shows nothing new.

    The maintenance persona is left out: raw SQL of the application's login can take it, which is why the fences are
    no wall against injected SQL. That no page takes it for a person is tried in `addresses`.
    """
    for role in (UNIT, COUNCIL, "none"):
        for table in tables:
            answer = asker.ask_in_turn(
                (f"SET LOCAL ROLE {role}", ()),
                (f'SELECT t::text FROM "{table.name}" t', ()),  # noqa: S608  names of our own tables
            )
            leaked = answer.names(_reach(world, standing)) or (role == "none" and not answer.is_refused)
            tally.note("other-role", f"{table.name} từ {standing.name} sang vai {role}", leaked=leaked)


def _reach(world: World, standing: Standing) -> frozenset[str]:
    """What the bounds in force let through when only the role is changed: they stay set for the transaction."""
    path = standing.scope.path if standing.scope else ""
    return world.within(path) if path else frozenset()
