"""One valid row in a table, from what its model says of itself.

Every text that is a unit's own carries a marker: a short word that exists nowhere else and tells whose it is, so
that a leak is found wherever the text turns up. A model whose constraints cannot be guessed takes values from its
app's `isolation_rows` in `apps.py`:

    isolation_rows: RowValues = {"exemplars.nomination": lambda place: {"year": 2023, "state": "accepted"}}

A table that still takes no row is an error with the model's name, so that no new table goes unproven.
"""

import itertools
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.db import DatabaseError, models, transaction
from django.db.models import NOT_PROVIDED

from units.fence import is_tenant
from units.models import Membership, Unit, User
from units.roles import Role

if TYPE_CHECKING:
    AnyField = models.Field[Any, Any]
else:
    AnyField = models.Field  # not generic at run time

Values = Mapping[str, Any]

# Long enough that no random token ever spells one.
PREFIX = "zqkvj"
MARKER = re.compile(rf"{PREFIX}([a-z][0-9])[0-9a-z]{{4}}", re.IGNORECASE)
_LENGTH = len(PREFIX) + 6
_DAY = date(2023, 6, 1)
_SINCE = date(2020, 1, 1)
_AT = datetime(2023, 6, 1, 3, 0, tzinfo=UTC)
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


class RowError(RuntimeError):
    """A tenant table took no row. The message says what to write, and where."""


@dataclass
class Place:
    """One unit of the world with its accounts and its rows. `code` is two characters and stands in every marker."""

    code: str
    token: str
    unit: Unit = field(init=False)
    accounts: dict[Role, User] = field(default_factory=dict)
    duties: dict[Role, Membership] = field(default_factory=dict)
    rows: dict[type[models.Model], models.Model] = field(default_factory=dict)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def row(self, label: str) -> Any:
        """This unit's row of a model, made when it is first asked for."""
        return self.make(apps.get_model(label))

    def make(self, model: type[models.Model]) -> models.Model:
        if model not in self.rows:
            self.rows[model] = self.add(model)
        return self.rows[model]

    def add(self, model: type[models.Model], **given: Any) -> models.Model:
        """Insert a row of `model` with `given` before what its app says, and that before what is guessed."""
        said = _said_by_apps().get(model._meta.label_lower)  # noqa: SLF001  Django documents _meta as public
        chosen = {**(said(self) if said else {}), **given}
        values = {one.name: self._guess(model, one) for one in _fillable(model) if one.name not in chosen}
        return _insert(self, model, {**values, **chosen})

    def mark(self) -> str:
        """A word of this unit's own."""
        number = next(self._numbers)
        digits = ""
        for _ in range(4):
            number, rest = divmod(number, len(_DIGITS))
            digits = _DIGITS[rest] + digits
        return f"{PREFIX}{self.code}{digits}"

    def _guess(self, model: type[models.Model], one: AnyField) -> Any:
        if isinstance(one, models.ForeignKey):
            return None if one.null else self._target(one)
        if isinstance(one, models.FileField):
            return ContentFile(self.mark().encode(), name="tep.txt")
        if one.choices:
            return one.get_default() if one.has_default() else _first_choice(one)
        if _is_free_text(one):
            return self._text(model, one)
        if one.has_default():
            return one.get_default()
        return None if one.null else _plain(one)

    def target(self, one: AnyField) -> Any:
        """What a foreign key of this unit's row points to."""
        return self._target(one)

    def _target(self, one: AnyField) -> Any:
        model = one.related_model
        if model is Unit:
            return self.unit
        if model is User:
            return self.accounts[Role.CLERK]
        if model is Membership:
            return self.duties[Role.CLERK]
        assert isinstance(model, type)  # noqa: S101  apps are loaded, names are resolved
        return self.make(model)

    def _text(self, model: type[models.Model], one: AnyField) -> str:
        room = one.max_length or 10_000
        if not (is_tenant(model) or model is User) or room < _LENGTH:
            # Public words carry no marker: everybody may read them.
            word = f"{self.token}{self.code}{next(self._numbers)}"
            return f"{word}@example.vn" if isinstance(one, models.EmailField) else word[-room:]
        return f"{self.mark()}@example.vn" if isinstance(one, models.EmailField) else self.mark()


def _said_by_apps() -> dict[str, Callable[[Place], Values]]:
    said: dict[str, Callable[[Place], Values]] = {}
    for config in apps.get_app_configs():
        said |= getattr(config, "isolation_rows", {})
    return said


def _fillable(model: type[models.Model]) -> list[AnyField]:
    """Fields that somebody has to fill: no key that fills itself, no path that comes from the unit or person."""
    return [
        one
        for one in model._meta.concrete_fields  # noqa: SLF001  Django documents _meta as public
        if one.name not in ("unit_path", "holder_path")
        and not one.generated
        and not (one.primary_key and (one.has_default() or isinstance(one, models.AutoField)))
        and one.db_default is NOT_PROVIDED
    ]


def _insert(place: Place, model: type[models.Model], values: Values) -> models.Model:
    """Insert, and when a constraint refuses try again with one of the optional references filled."""
    fields = model._meta.concrete_fields  # noqa: SLF001  Django documents _meta as public
    optional = [one for one in fields if isinstance(one, models.ForeignKey) and one.null]
    refused: DatabaseError | None = None
    for extra in (None, *optional):
        if extra is not None and values.get(extra.name) is not None:
            continue
        filled = {**values, extra.name: place.target(extra)} if extra is not None else dict(values)
        try:
            with transaction.atomic():
                row = model(**filled)
                row.save(force_insert=True)
        except DatabaseError as error:
            refused = refused or error
        else:
            return row
    label = model._meta.label_lower  # noqa: SLF001
    raise RowError(
        f"No valid row of {label} could be guessed ({str(refused).splitlines()[0]}). Say its values in the apps.py of "
        f"{model._meta.app_label}: isolation_rows = {{{label!r}: lambda place: {{…}}}}."  # noqa: SLF001
    ) from refused


def _is_free_text(one: AnyField) -> bool:
    if isinstance(one, ArrayField) or one.has_default():
        return False
    return isinstance(one, (models.CharField, models.TextField)) and not isinstance(one, models.FileField)


def _first_choice(one: AnyField) -> Any:
    return next(value for value, _ in one.flatchoices if value not in ("", None))


_PLAIN: tuple[tuple[type[AnyField], Callable[[], Any]], ...] = (
    (models.DateTimeField, lambda: _AT),
    (models.TimeField, lambda: time(8, 0)),
    (models.BooleanField, lambda: False),
    (models.DecimalField, lambda: Decimal(1)),
    (models.IntegerField, lambda: 1),
    (models.FloatField, lambda: 1.0),
    (models.DurationField, lambda: timedelta(days=1)),
    (models.JSONField, dict),
    (ArrayField, list),
    (models.BinaryField, lambda: b"x"),
    (models.UUIDField, uuid.uuid4),
)


def _plain(one: AnyField) -> Any:
    if isinstance(one, models.DateField) and not isinstance(one, models.DateTimeField):
        return _SINCE if one.name == "valid_from" else _DAY
    if isinstance(one, models.IntegerField) and "year" in one.name:
        return _DAY.year
    for kind, make in _PLAIN:
        if isinstance(one, kind):
            return make()
    raise RowError(f"{one.model._meta.label_lower}.{one.name}: no value is known for {type(one).__name__}.")  # noqa: SLF001
