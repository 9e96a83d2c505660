"""Every address of the project asked as every role of one unit for what belongs to others.

Nobody has to say which table an address opens: what belongs to the unit itself is tried first, from every table, and
what opens there is then asked for with the keys of strangers. A stranger's key must be answered word for word like
one that exists nowhere. Every answer, of whatever kind, is searched for the markers and keys of other units.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import connection

from units.isolation.address_book import (
    Address,
    is_tenant_row,
    keys_of,
    list_addresses,
    list_keys,
    list_labels,
    nowhere,
    some_rows,
)
from units.isolation.lookups import Heard, hearing
from units.isolation.pages import UUID, Page, Sender, listening, nobody, read_forms, send, sign_in, undone
from units.isolation.rows import PREFIX, Place
from units.isolation.tally import Tally
from units.isolation.world import World
from units.roles import Role
from units.scoping import maintenance_scope

HOME = "a1"
FEW = 2
NOT_BY_ADDRESS = 405
TOP = "m1"
READING_HOMES = (HOME, "a0", TOP)
# Filters that tables to download share with their pages, beside the names that a page's own forms and links show.
SEARCH_KEYS = frozenset({"q", "unit", "campaign"})


def try_addresses(world: World, tally: Tally) -> None:
    with listening():
        Expedition(world, tally).run()


@dataclass
class Expedition:
    world: World
    tally: Tally
    senders: dict[tuple[str, Role], Sender] = field(default_factory=dict)
    stood: dict[tuple[frozenset[str], frozenset[str]], tuple[str, int]] = field(default_factory=dict)
    keys: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    turn: int = 0
    # Choices of forms and filters that were tried already: the same form stands on many pages.
    tried: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> None:
        for address in list_addresses():
            self.try_one(address)

    def try_one(self, address: Address) -> None:
        self._ask_anonymously(address)
        if address.parts:
            self._try_keys(address)
        else:
            self._try_plain(address)
        if address.name not in self.tally.opened:
            self.tally.unopened[address.name] = _said_by_apps().get(address.name, "")

    def sender(self, code: str, role: Role) -> Sender:
        if (code, role) not in self.senders:
            self.senders[code, role] = sign_in(self.world.places[code], role, self.world.subtree(code))
        return self.senders[code, role]

    def _strangers(self, sender: Sender) -> list[Place]:
        return [place for code, place in self.world.places.items() if code not in sender.sees]

    # --- sending ---------------------------------------------------------------------------------

    def _send(self, kind: str, sender: Sender, method: str, path: str, data: Mapping[str, Any] | None = None) -> Page:
        """Send, search the answer, and when something may have been written look for it at the strangers'."""
        with undone():
            before = self._written() if method == "POST" else {}
            page = send(sender, method, path, data)
            # Nothing else can have changed, and most forms are refused before they write. Where an error already
            # condemned the transaction, nothing stands that could be compared.
            after = self._written() if method == "POST" and not connection.needs_rollback else {}
            tables = frozenset(name for name in after if after[name] != before[name])
            left = self._stand(sender, tables) if tables else None
        changed = left is not None and left != self._stood(sender, tables)
        what = f"{method} {path} {_short(data)} bằng tư cách {sender.name}"
        strange = page.strange_words(sender.sees) | page.strange_keys(self._foreign_keys(sender))
        self.tally.note(kind, f"{what}: thấy {', '.join(sorted(strange)[:3])}", leaked=bool(strange))
        if method == "POST":
            self.tally.note("write", f"{what}: đã sửa hoặc gắn vào dòng của đơn vị khác", leaked=changed)
        if page.is_broken:
            self.tally.broken.add(f"{what}: {page.failure}")
        return page

    def _foreign_keys(self, sender: Sender) -> frozenset[str]:
        if sender.sees not in self.keys:
            self.keys[sender.sees] = frozenset(
                str(row.pk) for place in self._strangers(sender) for row in place.rows.values() if is_tenant_row(row)
            )
        return self.keys[sender.sees]

    def _written(self) -> dict[str, int]:
        """How many rows this transaction wrote so far in each tenant table, by the server's own count."""
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del"
                " FROM pg_stat_xact_user_tables WHERE relname = ANY (%s)",
                [[model._meta.db_table for model in self.world.tables]],  # noqa: SLF001  Django documents it as public
            )
            return dict(cursor.fetchall())

    def _stood(self, sender: Sender, tables: frozenset[str]) -> tuple[str, int]:
        """The same with nothing written. Every request is undone, so it holds for all that follow."""
        if (sender.sees, tables) not in self.stood:
            self.stood[sender.sees, tables] = self._stand(sender, tables)
        return self.stood[sender.sees, tables]

    def _stand(self, sender: Sender, tables: frozenset[str]) -> tuple[str, int]:
        """What stands in these tables at every stranger's, and how many rows of one's own there point to theirs."""
        own = [place.unit.path for code, place in self.world.places.items() if code in sender.sees]
        others = [place.unit.path for place in self._strangers(sender)]
        digests, crossings = self._queries(tables)
        with maintenance_scope("rows of others are compared before and after a request"), connection.cursor() as cursor:
            cursor.execute(digests, {"others": others})
            found = str(sorted(cursor.fetchall()))
            cursor.execute(crossings, {"own": own, "others": others})
            return found, cursor.fetchone()[0]

    def _queries(self, tables: frozenset[str]) -> tuple[str, str]:
        """One query over all of the tables each."""
        digests, crossings = [], ["SELECT 0 AS n"]
        for model in self.world.tables:
            meta = model._meta  # noqa: SLF001  Django documents _meta as public
            if meta.db_table not in tables:
                continue
            digests.append(
                f"SELECT '{meta.db_table}', md5(string_agg(t::text, ';' ORDER BY t.\"{meta.pk.column}\"))"  # noqa: S608
                f' FROM "{meta.db_table}" t WHERE unit_path = ANY(%(others)s)'
            )
            for one in meta.concrete_fields:
                if one.related_model not in self.world.tables:
                    continue
                target = one.related_model._meta  # noqa: SLF001
                crossings.append(
                    f'SELECT count(*) AS n FROM "{meta.db_table}" r JOIN "{target.db_table}" t'  # noqa: S608
                    f' ON t."{target.pk.column}" = r."{one.column}"'
                    " WHERE r.unit_path = ANY(%(own)s) AND t.unit_path = ANY(%(others)s)"
                )
        together = " UNION ALL ".join(crossings)
        return " UNION ALL ".join(digests), f"SELECT sum(n)::int FROM ({together}) c"  # noqa: S608  own names

    # --- addresses without a key -----------------------------------------------------------------

    def _ask_anonymously(self, address: Address) -> None:
        path = address.path(nowhere(address))
        for place in list(self.world.places.values())[:3]:
            for values in list_keys(place, address):
                path = path or address.path(values)
        if path is None:
            return
        for method in ("GET", "POST"):
            page = self._send("anonymous", nobody(), method, path)
            inside = page.status in range(200, 300) and address.permission is not None
            self.tally.note("anonymous", f"{method} {path} không cần đăng nhập", leaked=inside)

    def _try_plain(self, address: Address) -> None:
        path = address.path({})
        if path is None:
            return
        allowed = address.roles()
        for role in Role:
            if role not in allowed:
                self._refuse_role(path, role)
                continue
            # One role from every height, the others from their own unit.
            is_first = role is allowed[0]
            for code in READING_HOMES if is_first else (HOME,):
                searches = is_first and code != READING_HOMES[1]
                self._open_plain(address, self.sender(code, role), path, searches=searches)

    def _open_plain(self, address: Address, sender: Sender, path: str, *, searches: bool) -> None:
        page = self._ask(sender, path)
        if not page.is_open:
            return
        self.tally.opened.add(address.name)
        if page.method == "GET":
            if searches:
                self._try_queries(address, sender, path, page)
            self._try_forms(sender, path, page)

    def _ask(self, sender: Sender, path: str, kind: str = "page") -> Page:
        """By the method that the address takes."""
        page = self._send(kind, sender, "GET", path)
        return self._send(kind, sender, "POST", path) if page.status == NOT_BY_ADDRESS else page

    def _refuse_role(self, path: str, role: Role) -> None:
        sender = self.sender(HOME, role)
        page = self._ask(sender, path, "role")
        refused = page.status in (403, 404)
        self.tally.note("role", f"{page.method} {path} bằng tư cách {sender.name}: {page.status}", leaked=not refused)

    def _try_queries(self, address: Address, sender: Sender, path: str, page: Page) -> None:
        """Search and filters: the words, codes and keys of strangers find nothing."""
        if page.status not in range(200, 300):
            return
        keys = read_forms(page).query_keys if page.is_html else SEARCH_KEYS
        stranger = self._next_stranger(sender)
        row = next(iter(stranger.rows.values()))
        for key in sorted(keys):
            what = (f"{address.route} {sender.sees}", key)
            if what in self.tried:
                continue
            self.tried.add(what)
            self.turn += 1
            named = (stranger.unit.code, str(stranger.unit.pk), str(row.pk))
            self._send("search", sender, "GET", f"{path}?{key}={named[self.turn % len(named)]}")
            there, nowhere = (
                self._send("search", sender, "GET", f"{path}?{key}={value}").bare
                for value in (f"{PREFIX}{stranger.code}", f"{PREFIX}00")
            )
            self.tally.note("existence", f"{path}?{key}=… bằng tư cách {sender.name}", leaked=there != nowhere)

    def _try_forms(self, sender: Sender, path: str, page: Page) -> None:
        """The page's own forms, sent with a stranger's key in place of each choice."""
        if not page.is_html or page.status not in range(200, 300) or sender.sees != self.world.subtree(HOME):
            return
        stranger = self._next_stranger(sender)
        for form in read_forms(page).forms:
            action = form.action or path
            if form.method != "post" or not action.startswith("/"):
                continue
            for name in sorted(form.choices):
                what = (UUID.sub("", action), name)
                if what in self.tried:
                    continue
                self.tried.add(what)
                for key in self._keys_to_choose(sender, action, {**form.values}, name, stranger):
                    self._send("form", sender, "POST", action, {**form.values, name: key})

    def _keys_to_choose(
        self, sender: Sender, action: str, values: dict[str, str], name: str, stranger: Place
    ) -> list[str]:
        """A stranger's keys from the tables in which the form looks this choice up, and a few from others."""
        missing = str(uuid.uuid4())
        with hearing(missing) as heard:
            self._send("form", sender, "POST", action, {**values, name: missing})
        self.turn += 1
        return [str(row.pk) for _, row in some_rows(stranger, heard.labels, self.turn) if isinstance(row.pk, uuid.UUID)]

    def _next_stranger(self, sender: Sender) -> Place:
        strangers = self._strangers(sender)
        self.turn += 1
        return strangers[self.turn % len(strangers)]

    # --- addresses with keys ---------------------------------------------------------------------

    def _try_keys(self, address: Address) -> None:
        allowed = address.roles()
        path = self._any_path(address)
        for role in Role:
            if role not in allowed and path:
                self._refuse_role(path, role)
        labels: list[tuple[str, ...]] = []
        for role in allowed:
            sender, baseline, heard = self._baseline(address, role)
            if not labels:
                labels = self._discover(address, sender, baseline, heard)
            self._try_strangers(address, sender, baseline, labels or self._likely(heard), is_first=role is allowed[0])
            self.turn += 1

    def _try_strangers(
        self,
        address: Address,
        sender: Sender,
        baseline: Page | None,
        labels: list[tuple[str, ...]],
        *,
        is_first: bool,
    ) -> None:
        """For one role at every stranger, for the others at a few."""
        strangers = self._strangers(sender)
        method = baseline.method if baseline else "GET"
        for at, label in enumerate(labels):
            for number in range(len(strangers) if is_first and not at else FEW if is_first else 1):
                place = strangers[(self.turn + at + number) % len(strangers)]
                values = keys_of(place, address, label)
                self._try_key(address, sender, method, values, label, baseline, is_posted=number < FEW)

    def _baseline(self, address: Address, role: Role) -> tuple[Sender, Page | None, Heard]:
        """How a key that exists nowhere is answered, to whom, and in which tables it was looked for."""
        nothing, sender = nowhere(address), self.sender(HOME, role)
        path = address.path(nothing)
        if path is None:
            return sender, None, Heard(frozenset())
        with hearing(*nothing.values()) as heard:
            page = self._ask(sender, path)
            if page.status == 403:  # noqa: PLR2004  only somebody at the top may
                sender = self.sender(TOP, role)
                page = self._ask(sender, path)
        return sender, page, heard

    def _discover(self, address: Address, sender: Sender, baseline: Page | None, heard: Heard) -> list[tuple[str, ...]]:
        """The table whose key opens the address for its owner: where it is looked for, else the likeliest first."""
        own = self.world.places[TOP if sender.sees == self.world.subtree(TOP) else HOME]
        asked = [label for label in list_labels(own) if label[-1] in heard.labels]
        for label in asked or sorted(
            list_labels(own), key=lambda label: label[-1].rsplit(".", 1)[-1] not in address.name
        ):
            path = address.path(keys_of(own, address, label))
            if path is None:
                continue
            page = self._send("page", sender, baseline.method, path) if baseline else self._ask(sender, path)
            if page.is_open:
                self.tally.opened.add(address.name)
                if page.method == "GET":
                    self._try_queries(address, sender, path, page)
                    self._try_forms(sender, path, page)
                return [label]
        return []

    def _likely(self, heard: Heard) -> list[tuple[str, ...]]:
        """Where nothing opens: the tables that were asked, and a few others."""
        rows = some_rows(self.world.places[HOME], heard.labels, self.turn)
        chosen = {row._meta.label_lower for _, row in rows}  # noqa: SLF001  Django documents _meta as public
        return [label for label in list_labels(self.world.places[HOME]) if label[-1] in chosen]

    def _any_path(self, address: Address) -> str | None:
        own = self.world.places[HOME]
        return next(filter(None, (address.path(values) for values in list_keys(own, address))), None)

    def _try_key(
        self,
        address: Address,
        sender: Sender,
        method: str,
        values: Mapping[str, Any],
        label: tuple[str, ...],
        baseline: Page | None,
        *,
        is_posted: bool,
    ) -> None:
        path = address.path(values)
        if path is None:
            return
        page = self._send("address", sender, method, path)
        if "public" in label or baseline is None:
            return
        what = f"{method} {path} ({'/'.join(label)}) bằng tư cách {sender.name}"
        self.tally.note("address", f"{what}: {page.status}", leaked=page.is_open and not baseline.is_open)
        self.tally.note("existence", f"{what}: khác với khóa không có", leaked=page.bare != baseline.bare)
        if method == "GET" and is_posted:
            posted = self._send("address", sender, "POST", path)
            self.tally.note("address", f"POST {what}: {posted.status}", leaked=posted.is_open and not baseline.is_open)


def _said_by_apps() -> dict[str, str]:
    """Why some addresses open for nobody of the world."""
    said: dict[str, str] = {}
    for config in apps.get_app_configs():
        said |= getattr(config, "isolation_unopened", {})
    return said


def _short(data: Mapping[str, Any] | None) -> str:
    return " ".join(f"{name}={str(value)[:40]}" for name, value in (data or {}).items() if value)[:120]
