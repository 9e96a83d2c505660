"""Every address of the project asked as every role of one unit for what belongs to others.

Nobody has to say which table an address opens: what belongs to the unit itself is tried first, from every table, and
what opens there is then asked for with the keys of strangers. A stranger's key must be answered word for word like
one that exists nowhere. Every answer, of whatever kind, is searched for the markers and keys of other units.
"""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from units.isolation.pages import UUID, Page, Sender, listening, nobody, read_forms, send, sign_in, undone
from units.isolation.rows import PREFIX, Place
from units.isolation.tally import Tally
from units.isolation.world import World
from units.roles import Role, list_permissions
from units.scoping import maintenance_scope

HOME = "a1"
FEW = 2
TOP = "m1"
READING_HOMES = (HOME, "a0", TOP)
# Where an autocomplete reads what is typed, besides the names that a page's own forms and links show.
SEARCH_KEYS = frozenset({"q", "term", "search", "query"})


@dataclass(frozen=True)
class Address:
    """One pattern of the resolver: its full name, the names of its parts, and the right it asks for."""

    name: str
    parts: tuple[str, ...]
    permission: str | None
    route: str

    def roles(self) -> list[Role]:
        return [role for role in Role if self.permission is None or self.permission in list_permissions(role)]

    def path(self, values: Mapping[str, Any]) -> str | None:
        try:
            return reverse(self.name, kwargs=dict(values))
        except NoReverseMatch:
            return None


class NamelessAddressError(RuntimeError):
    """An address without a name can be tried by nobody."""


def list_addresses() -> list[Address]:
    found = list(_walk(get_resolver()))
    nameless = [one.route for one in found if one.name.endswith(":") or not one.name]
    if nameless:
        raise NamelessAddressError(f"Give these addresses a name in urls.py: {', '.join(nameless)}")
    return found


def _walk(resolver: URLResolver, space: str = "", parts: tuple[str, ...] = (), route: str = "") -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        own = (*parts, *pattern.pattern.regex.groupindex)
        here = f"{route}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            permission = getattr(pattern.callback, "required_permission", None)
            yield Address(f"{space}{pattern.name or ''}", own, permission, here)
        else:
            yield from _walk(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space, own, here)


def try_addresses(world: World, tally: Tally) -> None:
    with listening():
        Expedition(world, tally).run()


@dataclass
class Expedition:
    world: World
    tally: Tally
    senders: dict[tuple[str, Role], Sender] = field(default_factory=dict)
    stood: dict[frozenset[str], tuple[str, int]] = field(default_factory=dict)
    keys: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    turn: int = 0
    # Choices of forms that were tried already: the same form stands on many pages. And what opened below a word.
    tried: set[tuple[str, str]] = field(default_factory=set)
    habits: dict[str, tuple[str, ...]] = field(default_factory=dict)

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
            self.tally.unopened.add(address.name)

    def sender(self, code: str, role: Role) -> Sender:
        if (code, role) not in self.senders:
            self.senders[code, role] = sign_in(self.world.places[code], role, self.world.subtree(code))
        return self.senders[code, role]

    def _strangers(self, sender: Sender) -> list[Place]:
        return [place for code, place in self.world.places.items() if code not in sender.sees]

    # --- sending ---------------------------------------------------------------------------------

    def _send(self, kind: str, sender: Sender, method: str, path: str, data: Mapping[str, Any] | None = None) -> Page:
        """Send, search the answer, and when something may have been written look for it at the strangers'."""
        if method == "POST" and sender.sees not in self.stood:
            # Every request is undone, so that this holds for all that follow.
            self.stood[sender.sees] = self._stand(sender)
        with undone():
            page = send(sender, method, path, data)
            wrote = method == "POST" and page.status < 400  # noqa: PLR2004
            changed = wrote and self._stand(sender) != self.stood[sender.sees]
        what = f"{method} {path} {_short(data)} bằng tư cách {sender.name}"
        strange = page.strange_words(sender.sees) | page.strange_keys(self._foreign_keys(sender))
        self.tally.note(kind, f"{what}: thấy {', '.join(sorted(strange)[:3])}", leaked=bool(strange))
        if method == "POST":
            self.tally.note("write", f"{what}: đã sửa hoặc gắn vào dòng của đơn vị khác", leaked=bool(changed))
        if page.is_broken:
            self.tally.broken.add(f"{what}: {page.failure}")
        return page

    def _foreign_keys(self, sender: Sender) -> frozenset[str]:
        if sender.sees not in self.keys:
            self.keys[sender.sees] = frozenset(
                str(row.pk) for place in self._strangers(sender) for row in place.rows.values() if _is_tenant_row(row)
            )
        return self.keys[sender.sees]

    def _stand(self, sender: Sender) -> tuple[str, int]:
        """What stands in every tenant table at every stranger's, and how many rows of one's own point to theirs."""
        own = [place.unit.path for code, place in self.world.places.items() if code in sender.sees]
        others = [place.unit.path for place in self._strangers(sender)]
        digests, crossings = self._queries()
        with maintenance_scope("rows of others are compared before and after a request"), connection.cursor() as cursor:
            cursor.execute(digests, {"others": others})
            found = str(sorted(cursor.fetchall()))
            cursor.execute(crossings, {"own": own, "others": others})
            return found, cursor.fetchone()[0]

    def _queries(self) -> tuple[str, str]:
        """One query over all tables each: they run after every form that was accepted."""
        digests, crossings = [], []
        for model in self.world.tables:
            meta = model._meta  # noqa: SLF001  Django documents _meta as public
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
            for values in _keys(place, address):
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
            for code in READING_HOMES if role in allowed else (HOME,):
                sender = self.sender(code, role)
                page = self._send("page", sender, "GET", path)
                if role not in allowed:
                    self.tally.note("role", f"{path} bằng tư cách {sender.name}", leaked=page.status not in (403, 405))
                    continue
                if page.is_open:
                    self.tally.opened.add(address.name)
                    if role is allowed[0] and code != READING_HOMES[1]:
                        self._try_queries(sender, path, page)
                    self._try_forms(sender, path, page)
                elif page.status == 405:  # noqa: PLR2004  the address of an action
                    self._post(address, sender, path)

    def _post(self, address: Address, sender: Sender, path: str) -> None:
        if self._send("page", sender, "POST", path).is_open:
            self.tally.opened.add(address.name)

    def _try_queries(self, sender: Sender, path: str, page: Page) -> None:
        """Search and filters: the words, codes and keys of strangers find nothing."""
        if page.status not in range(200, 300):
            return
        keys = read_forms(page).query_keys if page.is_html else SEARCH_KEYS
        stranger = self._next_stranger(sender)
        row = next(iter(stranger.rows.values()))
        for key in sorted(keys):
            for value in (PREFIX, stranger.unit.code, str(stranger.unit.pk), str(row.pk)):
                self._send("search", sender, "GET", f"{path}?{key}={value}")
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
                for _, row in _rows_of(stranger):
                    if isinstance(row.pk, uuid.UUID):
                        self._send("form", sender, "POST", action, {**form.values, name: str(row.pk)})

    def _next_stranger(self, sender: Sender) -> Place:
        strangers = self._strangers(sender)
        self.turn += 1
        return strangers[self.turn % len(strangers)]

    # --- addresses with keys ---------------------------------------------------------------------

    def _try_keys(self, address: Address) -> None:
        allowed = address.roles()
        for role in Role:
            if role not in allowed:
                self._refuse_role(address, self.sender(HOME, role))
        opened: dict[tuple[str, ...], str] = {}
        for role in allowed:
            home, sender = HOME, self.sender(HOME, role)
            method = self._method(address, sender)
            baseline = self._baseline(address, sender, method)
            if baseline is not None and baseline.status == 403:  # noqa: PLR2004  only somebody at the top may
                home, sender = TOP, self.sender(TOP, role)
                baseline = self._baseline(address, sender, method)
            opened |= self._discover(address, sender, method, self.world.places[home]) if not opened else {}
            strangers = self._strangers(sender)
            # Every table once; what opens for its owner, at every stranger for one role and at a few for the others.
            is_first = role is allowed[0]
            # What opens for its owner, at every stranger for one role and at a few for the others; where nothing
            # opens, every table once.
            is_first = role is allowed[0]
            for at, label in enumerate(opened or (_labels(strangers[0]) if is_first else ())):
                turned = [strangers[(self.turn + at + step) % len(strangers)] for step in range(len(strangers))]
                for number, place in enumerate(turned[: 1 if not opened else len(strangers) if is_first else FEW]):
                    values = keys_of(place, address, label)
                    is_posted = bool(opened) and number < FEW
                    self._try_key(address, sender, method, values, label, baseline, is_posted=is_posted)
            self.turn += 1

    def _refuse_role(self, address: Address, sender: Sender) -> None:
        own = self.world.places[HOME]
        path = next(filter(None, (address.path(values) for values in _keys(own, address))), None)
        if path is None:
            return
        for method in ("GET", "POST"):
            page = self._send("role", sender, method, path)
            refused = page.status in (403, 404, 405)
            self.tally.note("role", f"{method} {path} bằng tư cách {sender.name}", leaked=not refused)

    def _method(self, address: Address, sender: Sender) -> str:
        path = address.path(nowhere(address)) or next(
            filter(None, (address.path(values) for values in _keys(self.world.places[HOME], address))), None
        )
        page = send(sender, "GET", path) if path else None
        return "POST" if page is not None and page.status == 405 else "GET"  # noqa: PLR2004

    def _discover(self, address: Address, sender: Sender, method: str, own: Place) -> dict[tuple[str, ...], str]:
        """The first table whose key opens the address for its owner, the likeliest first."""
        space = address.route.split("<")[0]

        def strangeness(label: tuple[str, ...]) -> tuple[bool, bool]:
            return label != self.habits.get(space), label[-1].rsplit(".", 1)[-1] not in address.name

        for label in sorted(_labels(own), key=strangeness):
            path = address.path(keys_of(own, address, label))
            if path is None:
                continue
            page = self._send("page", sender, method, path)
            if page.is_open:
                self.tally.opened.add(address.name)
                self.habits[space] = label
                if method == "GET":
                    self._try_queries(sender, path, page)
                    self._try_forms(sender, path, page)
                return {label: path}
        return {}

    def _baseline(self, address: Address, sender: Sender, method: str) -> Page | None:
        path = address.path(nowhere(address))
        return self._send("page", sender, method, path) if path else None

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


def _short(data: Mapping[str, Any] | None) -> str:
    return " ".join(f"{name}={str(value)[:40]}" for name, value in (data or {}).items() if value)[:120]


def _is_tenant_row(row: models.Model) -> bool:
    return hasattr(row, "unit_path")


def _rows_of(place: Place) -> list[tuple[str, models.Model]]:
    """Everything that has a key at a place: its rows, and the unit, account and duty themselves."""
    own = [
        ("public", place.unit),
        ("public", place.accounts[Role.CLERK]),
        ("public", place.duties[Role.CLERK]),
    ]
    return [
        *own,
        *((row._meta.label_lower if _is_tenant_row(row) else "public", row) for row in place.rows.values()),  # noqa: SLF001
    ]


def _labels(place: Place) -> list[tuple[str, ...]]:
    """Which tables to try for the parts of an address, each named by its label; "public" for what all may know."""
    labels: list[tuple[str, ...]] = []
    for kind, row in _rows_of(place):
        name = row._meta.label_lower  # noqa: SLF001
        labels.append((kind, name) if kind == "public" else (name,))
    return labels


def keys_of(place: Place, address: Address, label: tuple[str, ...]) -> dict[str, Any]:
    """Keys of a place for every part: the first from the table of `label`, the others by what they are called."""
    row = next(row for _, row in _rows_of(place) if row._meta.label_lower == label[-1])  # noqa: SLF001
    values: dict[str, Any] = {}
    for number, part in enumerate(address.parts):
        named = next(
            (one for _, one in _rows_of(place) if number and str(one._meta.model_name).endswith(part)),  # noqa: SLF001
            row,
        )
        values[part] = _key(named, address, part)
    return values


def _key(row: models.Model, address: Address, part: str) -> Any:
    """The row's key, or its code where the address takes words."""
    kinds = ("slug:", "str:", "path:", "")
    is_word = any(f"<{kind}{part}>" in address.route for kind in kinds)
    return getattr(row, "code", None) or row.pk if is_word else row.pk


def _keys(place: Place, address: Address) -> Iterator[dict[str, Any]]:
    for label in _labels(place):
        yield keys_of(place, address, label)


def nowhere(address: Address) -> dict[str, Any]:
    """Keys that exist nowhere."""
    values: dict[str, Any] = {}
    for part in address.parts:
        if f"<int:{part}>" in address.route:
            values[part] = 2_000_000_000
        elif f"<uuid:{part}>" in address.route:
            values[part] = uuid.uuid4()
        else:
            # A word that `Page.bare` takes out again, as it does with the keys of rows.
            values[part] = str(uuid.uuid4())
    return values
