"""Every address of the project, and the keys of a place to ask it with."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from units.isolation.rows import Place
from units.roles import Role, list_permissions

# Of how many tables that nothing refers to the keys are tried as well.
OTHERS = 3


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


def is_tenant_row(row: models.Model) -> bool:
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
        *((row._meta.label_lower if is_tenant_row(row) else "public", row) for row in place.rows.values()),  # noqa: SLF001
    ]


def some_rows(place: Place, labels: set[str], turn: int) -> list[tuple[str, models.Model]]:
    """Rows of these models, then `OTHERS` of other ones, which change from turn to turn."""
    rows = _rows_of(place)
    asked = [one for one in rows if one[1]._meta.label_lower in labels]  # noqa: SLF001  Django documents _meta as public
    others = [one for one in rows if one not in asked]
    return [*asked, *(others[(turn * OTHERS + step) % len(others)] for step in range(OTHERS))]


def list_labels(place: Place) -> list[tuple[str, ...]]:
    """Which tables to try for the parts of an address, each named by its label; "public" for what all may know."""
    labels: list[tuple[str, ...]] = []
    for kind, row in _rows_of(place):
        name = row._meta.label_lower  # noqa: SLF001
        labels.append((kind, name) if kind == "public" else (name,))
    return labels


def keys_of(place: Place, address: Address, label: tuple[str, ...]) -> dict[str, Any]:
    """Keys of a place for every part: the first from the table of `label`, the others by what they are called.

    Of two tables whose names end alike, the one of the address's own app is meant.
    """
    row = next(row for _, row in _rows_of(place) if row._meta.label_lower == label[-1])  # noqa: SLF001
    own = address.name.partition(":")[0]
    rows = sorted((one for _, one in _rows_of(place)), key=lambda one: one._meta.app_label != own)  # noqa: SLF001
    values: dict[str, Any] = {}
    for number, part in enumerate(address.parts):
        named = next(
            (one for one in rows if number and str(one._meta.model_name).endswith(part)),  # noqa: SLF001
            row,
        )
        values[part] = _key(named, address, part)
    return values


def _key(row: models.Model, address: Address, part: str) -> Any:
    """The row's key, or its code where the address takes words; of a place inside the row, the first."""
    if part in ("number", "place"):
        return 1
    kinds = ("slug:", "str:", "path:", "")
    is_word = any(f"<{kind}{part}>" in address.route for kind in kinds)
    return getattr(row, "code", None) or row.pk if is_word else row.pk


def list_keys(place: Place, address: Address) -> Iterator[dict[str, Any]]:
    for label in list_labels(place):
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
