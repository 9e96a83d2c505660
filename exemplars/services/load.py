"""Filling an empty database with an invented sector through COPY, as the owner of the schema.

PostgreSQL refuses COPY into a table whose row policies bind the one who copies, so policies stop binding the owner
for the length of the one transaction in which everything is written. They bind nobody less than before: other roles
wait for that transaction, and what fails leaves nothing behind. Keys, checks and the composite keys of paths hold
for every row.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from campaigns.models import Assignment, Campaign, Obligation
from exemplars.invented import (
    NO,
    NOMINATIONS_OF_ONE,
    NULL,
    YES,
    Row,
    Sector,
    account_rows,
    campaign_periods,
    discipline_rows,
    grading_rows,
    honour_rows,
    invent_sector,
    name_rows,
    new_id,
    nomination_rows,
    person_rows,
    placement_rows,
    posting_rows,
    unit_rows,
)
from exemplars.models import Nomination
from exemplars.services.readings import load_readings
from units.fence import GapError, list_tenant_models
from units.fence_gate import list_gaps
from units.models import (
    AwardTitle,
    DisciplinaryAction,
    Grading,
    Honour,
    Membership,
    Person,
    Placement,
    Posting,
    Unit,
    UnitName,
    User,
)
from units.services.register import load_catalogues

SEED = "nganh-mau"
_BATCH = 5000
Tell = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Size:
    units: int
    people: int
    honours: int
    nominations: int


class NotEmptyError(RuntimeError):
    """The database holds units or accounts, and an invented sector must never mix with them."""


class TooManyError(RuntimeError):
    """So many nominations would repeat a person, title and year."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


def load_invented(size: Size, *, tell: Tell, seed: str = SEED) -> None:
    """Write a sector of `size`, all or nothing; the same size and seed make the same content. Needs the owner.

    `tell` is called with the name of a table and the rows written so far. Refuses a database that is not empty
    (`NotEmptyError`) and more nominations than distinct ones exist (`TooManyError`).
    """
    # Public tables on which every tenant row depends: where these are empty, nothing real stands anywhere.
    if Unit.objects.exists() or User.objects.exists():
        raise NotEmptyError
    sector = invent_sector(size.units, seed=seed)
    most = (size.people + len(sector.units)) * NOMINATIONS_OF_ONE
    if size.nominations > most:
        raise TooManyError(most)
    with transaction.atomic(), _unbound_policies():
        load_catalogues()
        load_readings()
        _write(sector, size, tell)
    with connection.cursor() as cursor:
        # Also marks pages as seen by all, without which no count can be read from an index alone.
        cursor.execute("VACUUM (ANALYZE, SKIP_LOCKED) " + ", ".join(_own_tables()))
    gaps = list_gaps()
    if gaps:
        raise GapError(gaps)


def _own_tables() -> list[str]:
    return [f'"{model._meta.db_table}"' for model in apps.get_models() if model._meta.managed]  # noqa: SLF001


class _unbound_policies:  # noqa: N801  reads as a phrase
    """For the transaction inside: row policies do not bind the owner."""

    def __enter__(self) -> None:
        self._force("NO FORCE")

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:  # a failed transaction takes the change back by itself
            self._force("FORCE")

    def _force(self, how: str) -> None:
        with connection.cursor() as cursor:
            for model in list_tenant_models():
                cursor.execute(f'ALTER TABLE "{model._meta.db_table}" {how} ROW LEVEL SECURITY')  # noqa: SLF001


def _write(sector: Sector, size: Size, tell: Tell) -> None:
    copy = _Copier(tell)
    copy(
        Unit,
        "id code kind name short_name folded_name province place has_legal_personality parent path valid_from",
        unit_rows(sector),
    )
    copy(UnitName, "unit name short_name place valid_from", name_rows(sector))
    copy(Placement, "unit parent valid_from", placement_rows(sector))
    _write_accounts(sector, copy)
    own = "id unit unit_path"
    copy(
        Person,
        f"{own} staff_code full_name folded_name sort_key birth_date gender employment",
        person_rows(sector, size.people),
    )
    copy(Posting, f"{own} person holder_path position is_head valid_from valid_to", posting_rows(sector))
    record = f"{own} person holder_path collective decision_number decided_on"
    copy(Grading, f"{record} year grade", grading_rows(sector))
    copy(DisciplinaryAction, f"{own} person holder_path form decision_number decided_on", discipline_rows(sector))
    titles = dict(AwardTitle.objects.values_list("code", "pk"))
    copy(
        Honour,
        f"{record} title year issuer subject_name subject_position subject_unit",
        honour_rows(sector, titles, size.honours),
    )
    campaigns = _launch(sector, copy)
    copy(
        Nomination,
        f"{own} campaign recognition year person collective nominee_name folded_nominee position duties "
        "achievements initiatives community state version created_by created_at saved_at forwarded_at",
        nomination_rows(sector, titles, campaigns, size.nominations),
    )


def _write_accounts(sector: Sector, copy: "_Copier") -> None:
    accounts = list(account_rows(sector))
    copy(User, "id username display_name folded_name sort_key email password", (user for user, _ in accounts))
    copy(Membership, "id user unit role valid_from", (membership for _, membership in accounts))


def _launch(sector: Sector, copy: "_Copier") -> dict[tuple[str, int], int]:
    """One campaign of each office and period, under which the units below it owe nominations."""
    offices = {unit.office.id: unit.office for unit in sector.units}
    campaigns: dict[tuple[str, int], int] = {}
    obligations: dict[str, int] = {}
    for office in offices.values():
        for first, last in campaign_periods():
            campaign = Campaign.objects.create(
                code=f"{office.code}-{last}",
                title=f"Xây dựng điển hình tiên tiến giai đoạn {first} - {last} ({office.short_name})",
                kind="period",
                issuer_id=office.id,
                plan_name=f"Kế hoạch mẫu của {office.short_name}",
                opens_on=date(first, 1, 1),
                closes_on=date(last, 12, 31),
            )
            campaigns[office.id, last] = campaign.pk
            obligations[office.id] = Obligation.objects.create(
                campaign=campaign,
                code="DE-NGHI",
                title="Đề nghị công nhận điển hình tiên tiến hằng năm",
                kind="nomination",
                awards=["grassroots-annual"],
                owed_to_id=office.id,
                last_day=date(last, 11, 20),
                citation="Kế hoạch mẫu",
            ).pk
    last_day = f"{campaign_periods()[-1][1]}-11-20"
    random = sector.random("assignments")
    rows = (
        (new_id(random), unit.id, unit.path, str(obligations[unit.office.id]), last_day)
        for unit in sector.units
        if unit.office is not unit
    )
    copy(Assignment, "id unit unit_path obligation last_day", rows)
    return campaigns


class _Copier:
    """Writes rows of one table after another. Columns that are not named get the model's own defaults."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell

    def __call__(self, model: type[models.Model], names: str, rows: Iterable[Row]) -> None:
        meta = model._meta  # noqa: SLF001
        given = names.split()
        constants = {
            field.column: _as_text(field.get_default())
            for field in meta.concrete_fields
            if field.name not in given and not field.has_db_default() and not _counts_itself(field)
        }
        columns = [meta.get_field(name).column for name in given] + list(constants)  # type: ignore[union-attr]
        ending = "".join(f"\t{value}" for value in constants.values()) + "\n"
        label = str(meta.verbose_name)
        written = 0
        listed = ", ".join(f'"{column}"' for column in columns)
        statement = f'COPY "{meta.db_table}" ({listed}) FROM STDIN'
        with connection.cursor() as cursor, _keys_at_once(cursor, meta.db_table), cursor.copy(statement) as copy:
            for batch in _batches(rows):
                copy.write("".join("\t".join(row) + ending for row in batch))
                written += len(batch)
                self._tell(label, written)


@contextmanager
def _keys_at_once(cursor: CursorWrapper, table: str) -> Iterator[None]:
    """Look at the foreign keys of a table once for all rows, by taking them off and putting them on again as they were.

    Row by row, seven keys of a million nominations took a third of the whole time.
    """
    # Rows written through the models still wait to be looked at, and a table with such rows cannot be changed.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    cursor.execute(
        "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass",
        [f'"{table}"'],
    )
    keys = cursor.fetchall()
    for name, _ in keys:
        cursor.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    yield
    for name, definition in keys:
        cursor.execute(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {definition}')


def _counts_itself(field: Any) -> bool:
    return isinstance(field, models.AutoField | models.BigAutoField)


def _as_text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | dict):
        if value:
            raise LookupError("A default that is not empty has to be given by name.")
        return "[]" if isinstance(value, list) else "{}"
    return str(value)


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _BATCH)):
        yield batch
