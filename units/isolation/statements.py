"""PostgreSQL asked in raw SQL, without any manager of ours, from every standing: nothing of another unit may answer."""

import json
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass

from django.db import connection, models

from units.fence import is_tenant
from units.isolation.asking import FORBIDDEN, Answer, Asker
from units.isolation.powers import try_functions, try_other_roles, try_powers, try_sequences, try_views
from units.isolation.rows import Place
from units.isolation.tables import Table, describe_tables
from units.isolation.tally import Tally
from units.isolation.world import Standing, World, spread
from units.scoping import Persona, enter_scope, follows_person


def try_statements(world: World, tally: Tally) -> None:
    """Every table from every standing, then what belongs to no single table."""
    tables = describe_tables(world)
    standings = world.standings()
    for standing in standings:
        with _stand(standing) as asker:
            for table in tables:
                Trial(world, standing, table, asker, tally).run()
            _try_moved(world, standing, asker, tally)
            try_views(standing, asker, tally)
            try_functions(world, standing, asker, tally)
            try_sequences(standing, asker, tally)
            try_powers(standing, asker, tally)
            try_other_roles(world, standing, tables, asker, tally)
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
        for place in spread(foreign):
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
