"""What rows are judged against, gathered in bulk: a constant number of queries whatever the number of rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db import connection, models

from units.folding import fold
from units.imports import Layout
from units.models import ImportKind, Person, Posting, Unit, UnitName, Verdict

R = TypeVar("R", bound=models.Model)


class RowRefusedError(Exception):
    """Why one row is not taken, with the key of the column where it shows."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__(words)
        self.key, self.words = key, words


@dataclass(slots=True)
class Row:
    """A row of the table as it is judged; `typed` is what stood in the cells, by key."""

    number: int
    values: dict[str, Any]
    typed: Mapping[str, str]

    def text(self, key: str) -> str:
        return self.values.get(key) or ""

    def is_given(self, key: str) -> bool:
        """Whether the cell held anything: an empty one never erases what stands in the register."""
        return bool(self.typed.get(key))


@dataclass(slots=True)
class Finding:
    """What a row would do: `target` is the row of the register to make or to change."""

    target: models.Model
    verdict: Verdict
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    before: dict[str, Any] | None = None
    warnings: list[tuple[str, str]] = field(default_factory=list)
    # What a clerk should look at before confirming; no reason to refuse the row.
    doubts: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Written:
    """A row of the register that the batch made (`before` is None) or changed, and how it stood."""

    model: str
    pk: str
    before: dict[str, Any] | None
    after: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        return {"model": self.model, "pk": self.pk, "before": self.before, "after": self.after}


class Handler(Protocol):
    """How one kind of table is read, judged and written."""

    kind: ImportKind
    permission: str

    def layout(self) -> Layout: ...

    def judge(self, rows: Iterable[Row], ground: "Ground") -> Iterable[Finding | RowRefusedError]:
        """A finding for each row, in order. Writes nothing."""
        ...

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        """Write what the findings say, in bulk; what was written for each."""
        ...


def list_own_fields(model: type[models.Model]) -> list[Any]:
    """The columns that are the row's own: the path is its unit's and moves with it, others follow from other rows."""
    followed = ("unit_path", *getattr(model, "kept_by_database", ()))
    return [one for one in model._meta.concrete_fields if one.attname not in followed]  # noqa: SLF001


def snapshot(row: models.Model) -> dict[str, Any]:
    """The row's own columns as text."""
    return {
        one.attname: None if getattr(row, one.attname) is None else one.value_to_string(row)
        for one in list_own_fields(type(row))
    }


class Ground:
    """The units in sight of `unit`, and what of the register the rows name.

    `is_writing` keeps what is found from changing until the transaction ends.
    """

    def __init__(self, unit: Unit, day: date, *, is_writing: bool = False) -> None:
        self.unit, self.day, self.is_writing = unit, day, is_writing
        self.units: dict[UUID, Unit] = {}
        self._by_word: dict[str, list[Unit]] = defaultdict(list)
        for one in Unit.objects.below(unit.path):
            self.units[one.pk] = one
            for word in {fold(one.code), fold(one.name), fold(one.short_name)}:
                self._by_word[word].append(one)
        self._people: dict[str, list[Person]] = defaultdict(list)
        self._names: dict[UUID, list[UnitName]] = defaultdict(list)
        self._namesakes: dict[str, list[tuple[date | None, str]]] = defaultdict(list)
        self._postings: dict[UUID, list[Posting]] = defaultdict(list)
        self._claimed: dict[tuple[Any, ...], int] = {}

    def claim(self, identity: tuple[Any, ...], row: Row) -> None:
        """Let one row speak for `identity`; a second one is refused before it touches what the first would write."""
        first = self._claimed.setdefault(identity, row.number)
        if first != row.number:
            raise RowRefusedError("", f"trùng với dòng {first} của tệp; giữ lại một dòng.")

    def held(self, found: models.QuerySet[R]) -> list[R]:
        """What is found; while writing, held as far as it may be changed, in one order so that none wait in a circle.

        A lock passes over what other units keep about one's people: read without one, the verdict stays the preview's.
        """
        held = found.order_by("pk").select_for_update(of=("self",)) if self.is_writing else ()
        locked = {one.pk: one for one in held}
        # Read after the lock: what was deleted while the lock was waited for is gone from both.
        return list(({one.pk: one for one in found} | locked).values())

    def check_keeper(self, key: str, keeper: Unit, changes: Iterable[tuple[str, str, str]]) -> None:
        """Refuse to change a line that a unit out of sight keeps; what it says alike already may stand in the table."""
        unlike = ", ".join(title for title, _, _ in changes)
        if unlike and keeper.pk not in self.units:
            raise RowRefusedError(
                key,
                f"trong sổ đã có dòng này do {keeper.name} ghi, khác ở: {unlike}. "
                "Đề nghị đơn vị đó hoặc đơn vị cấp trên chung sửa.",
            )

    def stands(self, unit: Unit) -> bool:
        return unit.valid_from <= self.day and (unit.valid_to is None or unit.valid_to >= self.day)

    def find_unit(self, row: Row, key: str = "unit") -> Unit:
        """The unit that a cell names by code or name; one's own when the cell is empty.

        Whatever lies outside the branch is answered in the same words as what does not exist.
        """
        word = row.text(key)
        if not word:
            return self.unit
        found = [one for one in self._by_word.get(fold(word), ()) if self.stands(one)]
        if not found:
            raise RowRefusedError(
                key,
                f"không có đơn vị «{word}» đang hoạt động trong phạm vi của {self.unit.short_name}. "
                "Ghi mã hoặc đúng tên của đơn vị mình hoặc đơn vị cấp dưới.",
            )
        if len(found) > 1:
            codes = ", ".join(one.code for one in found[:5])
            raise RowRefusedError(key, f"có nhiều đơn vị tên «{word}»; ghi mã đơn vị ({codes}).")
        return found[0]

    def load_people(self, rows: Iterable[Row]) -> None:
        """People in sight with the staff codes that the rows name: one query."""
        codes = {code for row in rows if (code := row.text("staff_code"))}
        for one in self.held(Person.objects.filter(staff_code__in=codes)):
            one.unit = self.units[one.unit_id]
            self._people[one.staff_code].append(one)

    def load_namesakes(self, rows: Iterable[Row]) -> None:
        """Birth dates and codes of people in sight with the names that the rows give: one query."""
        names = {fold(name) for row in rows if (name := row.text("full_name"))}
        found = Person.objects.filter(folded_name__in=names).order_by()
        for name, born, code in found.values_list("folded_name", "birth_date", "staff_code"):
            self._namesakes[name].append((born, code))

    def count_namesakes(self, person: Person) -> tuple[int, int]:
        """People of the same name under another code: those born on the same day, and those of whom nobody can say."""
        others = [born for born, code in self._namesakes[person.folded_name] if code != person.staff_code]
        if person.birth_date is None:
            return 0, len(others)
        return others.count(person.birth_date), others.count(None)

    @property
    def people(self) -> list[Person]:
        return [one for found in self._people.values() for one in found]

    def people_of(self, code: str) -> list[Person]:
        return self._people.get(code, [])

    def find_person(self, row: Row) -> Person:
        """The person of a row by staff code, and by unit when the row names one; a name that differs is refused."""
        code, named_unit = row.text("staff_code"), row.text("unit")
        unit = self.find_unit(row)
        candidates = self.people_of(code)
        found = [one for one in candidates if one.unit_id == unit.pk] or ([] if named_unit else candidates)
        if not found:
            place = f"của {unit.short_name}" if named_unit else f"trong phạm vi của {self.unit.short_name}"
            raise RowRefusedError(
                "staff_code", f"không có cán bộ mã «{code}» {place}. Nhập bảng «Cán bộ» trước, hoặc sửa mã."
            )
        if len(found) > 1:
            raise RowRefusedError(
                "staff_code", f"mã «{code}» có ở nhiều đơn vị trong phạm vi; ghi thêm đơn vị ở dòng này."
            )
        name = row.text("full_name")
        if name and fold(name) != found[0].folded_name:
            raise RowRefusedError(
                "full_name",
                f"mã «{code}» trong sổ là của «{found[0].full_name}», không phải «{name}». Sửa mã hoặc tên.",
            )
        return found[0]

    def find_subject(self, row: Row) -> Person | Unit:
        """The person whose code stands in the row; without a code the row is about the unit itself."""
        if row.text("staff_code"):
            return self.find_person(row)
        if row.text("full_name"):
            raise RowRefusedError("staff_code", "có họ tên mà chưa có mã cán bộ; ghi mã cán bộ.")
        if not row.text("unit"):
            raise RowRefusedError("staff_code", "ghi mã cán bộ (cho cá nhân) hoặc đơn vị (cho tập thể).")
        return self.find_unit(row)

    def load_postings(self) -> None:
        """Every post of the people loaded: one query."""
        for one in self.held(Posting.objects.filter(person__in=self.people)):
            self._postings[one.person_id].append(one)
        for posts in self._postings.values():
            posts.sort(key=lambda one: (not one.is_head, -one.valid_from.toordinal(), str(one.pk)))

    def postings_of(self, person: Person) -> list[Posting]:
        return self._postings[person.pk]

    def find_posting(self, person: Person, day: date) -> Posting | None:
        """The post held on `day`; the one they head first when there are several."""
        return next(
            (
                one
                for one in self._postings[person.pk]
                if one.valid_from <= day and (one.valid_to is None or one.valid_to >= day)
            ),
            None,
        )

    def load_names(self) -> None:
        """What the units were called through time: one query."""
        for one in UnitName.objects.filter(unit__in=Unit.objects.below(self.unit.path)).order_by("valid_from"):
            self._names[one.unit_id].append(one)

    def name_on(self, unit_id: UUID, day: date) -> str:
        """The unit's name on `day`; before its first name that first one, without any its own."""
        names = self._names.get(unit_id, [])
        standing = [one for one in names if one.valid_from <= day] or names[:1]
        return standing[-1].name if standing else self.units[unit_id].name


def compare(
    row: Row, target: models.Model, titles: Mapping[str, str], values: Mapping[str, Any]
) -> list[tuple[str, str, str]]:
    """Set `values` on `target` where the row gives them and they differ; what changed, from what, to what."""
    changes = []
    for key, value in values.items():
        standing = getattr(target, key)
        if row.is_given(key) and value != standing:
            before = shown(target, key)
            setattr(target, key, value)
            changes.append((titles[key], before, shown(target, key)))
    return changes


def shown(target: models.Model, key: str) -> str:
    """A field's value in words."""
    value = getattr(target, key)
    if value in (None, ""):
        return "chưa có"
    if isinstance(value, bool):
        return "Có" if value else "Không"
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    display = getattr(target, f"get_{key}_display", None)
    return str(display()) if display else str(value)


def write_rows(model: type[models.Model], findings: Iterable[Finding], fields: Iterable[str]) -> list[list[Written]]:
    """Create the new rows and change the `fields` of the others: one statement for each thousand."""
    findings = list(findings)
    new = [one.target for one in findings if one.verdict is Verdict.NEW]
    changed = [one.target for one in findings if one.verdict is Verdict.CHANGE]
    manager = model._default_manager  # noqa: SLF001  Django documents it
    manager.bulk_create(new, batch_size=1000)
    update_rows(model, changed, fields)
    return [[written(one.target, one.before)] for one in findings]


def update_rows(model: type[models.Model], rows: Sequence[models.Model], fields: Iterable[str]) -> None:
    """Save the `fields` of all rows in one statement, whatever their number.

    Django's own `bulk_update` builds an expression for each row and field and took ten times as long here.
    """
    if not rows:
        return
    meta = model._meta  # noqa: SLF001
    assert meta.pk is not None  # noqa: S101  every table of the register has a key
    columns: list[Any] = [meta.pk, *(meta.get_field(name) for name in fields)]
    values = [[one.get_db_prep_save(getattr(row, one.attname), connection) for row in rows] for one in columns]
    arrays = ", ".join(f"%s::{one.rel_db_type(connection)}[]" for one in columns)
    names = ", ".join(f'"{one.column}"' for one in columns)
    assigned = ", ".join(f'"{one.column}" = given."{one.column}"' for one in columns[1:])
    with connection.cursor() as cursor:
        cursor.execute(
            f'UPDATE "{meta.db_table}" AS standing SET {assigned} FROM unnest({arrays}) AS given({names}) '  # noqa: S608
            f'WHERE standing."{meta.pk.column}" = given."{meta.pk.column}"',
            values,
        )


def written(target: models.Model, before: dict[str, Any] | None) -> Written:
    return Written(target._meta.label_lower, str(target.pk), before, snapshot(target))  # noqa: SLF001
