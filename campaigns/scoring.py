"""A scoring table as data, and its arithmetic: what an item may get, what a column sums up to, who stands where.

Knows the file and plain numbers only. Points are decimals from the file to the sum.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from units.data_file import Entry, Reading

TEMPLATES = Path(__file__).parent / "data" / "scores"
PLACES = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Rule:
    """A deduction or a bonus: when, and how many points."""

    when: str
    points: Decimal


@dataclass(frozen=True, slots=True)
class ScoreItem:
    code: str
    title: str
    maximum: Decimal
    deductions: tuple[Rule, ...]
    bonuses: tuple[Rule, ...]
    evidence: str
    indicator: str | None = None
    """Code of the indicator whose reported value is shown beside the points; it decides no points."""

    @property
    def highest(self) -> Decimal:
        """The most it may get: its maximum and every bonus."""
        return self.maximum + sum((one.points for one in self.bonuses), Decimal(0))


@dataclass(frozen=True, slots=True)
class ScoreGroup:
    code: str
    title: str
    items: tuple[ScoreItem, ...]

    @property
    def maximum(self) -> Decimal:
        return sum((one.maximum for one in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """One version of a scoring table. `total` is the sum of the maxima, said in the file and checked against them."""

    code: str
    version: int
    title: str
    citation: str
    first_year: int
    last_year: int | None
    is_confirmed: bool
    note: str
    total: Decimal
    groups: tuple[ScoreGroup, ...]

    @property
    def items(self) -> tuple[ScoreItem, ...]:
        return tuple(item for group in self.groups for item in group.items)


def read_shipped_tables() -> list[tuple[ScoreTable, str]]:
    """Every table that ships, with its text."""
    return [(read_table(path), path.read_text(encoding="utf-8")) for path in sorted(TEMPLATES.glob("*.toml"))]


def read_table(path: Path) -> ScoreTable:
    """The table in the file. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    return _read(reading, reading.toml())


def read_table_text(text: str) -> ScoreTable:
    """The table of a published document, which was valid when it was published."""
    reading = Reading(Path("bảng chấm điểm"))
    return _read(reading, Entry(reading, "đầu tệp", tomllib.loads(text)))


def _read(reading: Reading, top: Entry) -> ScoreTable:
    head = top.entry("table")
    groups = tuple(_read_group(entry) for entry in top.entries("group"))
    top.finish()
    table = ScoreTable(
        code=head.text("code"),
        version=head.whole("version"),
        title=head.text("title"),
        citation=head.text("citation"),
        first_year=head.whole("first_year", lowest=1948),
        last_year=head.optional_whole("last_year", lowest=1948),
        is_confirmed=head.flag("confirmed"),
        note=head.optional_text("note") or "",
        total=_points(head, "total"),
        groups=groups,
    )
    _check(head, table)
    reading.check_unique("[[group]]", "code", [one.code for one in groups])
    reading.check_unique("[[group.item]]", "code", [one.code for one in table.items])
    reading.finish()
    return table


def _check(head: Entry, table: ScoreTable) -> None:
    summed = sum((group.maximum for group in table.groups), Decimal(0))
    if summed != table.total:
        head.report("total", f"ghi {table.total} nhưng cộng các tiêu chí được {summed}; cần khớp nhau.")
    if not table.items:
        head.report("total", "bảng không có tiêu chí nào; cần ít nhất một [[group]] với một [[group.item]].")
    if table.last_year is not None and table.last_year < table.first_year:
        head.report("last_year", "ở trước «first_year»; cần từ năm ấy trở đi.")
    if not table.is_confirmed and not table.note:
        head.report("note", "còn thiếu; bảng chưa đối chiếu với văn bản gốc cần nói vì sao.")
    head.finish()


def _read_group(entry: Entry) -> ScoreGroup:
    group = ScoreGroup(entry.text("code"), entry.text("title"), tuple(_read_item(one) for one in entry.entries("item")))
    entry.finish()
    return group


def _read_item(entry: Entry) -> ScoreItem:
    item = ScoreItem(
        code=entry.text("code"),
        title=entry.text("title"),
        maximum=_points(entry, "maximum"),
        deductions=tuple(_read_rule(one) for one in entry.entries("deduction", named_by="when")),
        bonuses=tuple(_read_rule(one) for one in entry.entries("bonus", named_by="when")),
        evidence=entry.text("evidence"),
        indicator=entry.optional_text("indicator"),
    )
    for rule in item.deductions:
        if rule.points > item.maximum:
            entry.report("deduction", f"trừ {rule.points} điểm, nhiều hơn điểm tối đa {item.maximum}.")
    entry.finish()
    return item


def _read_rule(entry: Entry) -> Rule:
    rule = Rule(entry.text("when"), _points(entry, "points"))
    entry.finish()
    return rule


def _points(entry: Entry, key: str) -> Decimal:
    """Points are written as text, so that a file never passes through binary fractions."""
    typed = entry.text(key)
    try:
        value = Decimal(typed)
    except ArithmeticError:
        value = Decimal(0)
    if value <= 0 or value != value.quantize(PLACES):
        entry.report(key, f'giá trị «{typed}» không đúng; cần số dương với nhiều nhất hai chữ số lẻ, ví dụ "2.5".')
        return Decimal(1)
    return value


def find_wrong(item: ScoreItem, points: Decimal) -> str:
    """Why an item may not get so many points; empty when it may."""
    if points != points.quantize(PLACES):
        return "Điểm ghi nhiều nhất hai chữ số lẻ."
    if not 0 <= points <= item.highest:
        return f"Điểm từ 0 đến {show_points(item.highest)}."
    return ""


def add_up(points: Iterable[Decimal]) -> Decimal:
    return sum(points, Decimal(0)).quantize(PLACES)


def subtotals(table: ScoreTable, points: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The sum of each group, by its code; items without points count nothing."""
    return {
        group.code: add_up(points[item.code] for item in group.items if item.code in points) for group in table.groups
    }


def rank(totals: Sequence[Decimal | None]) -> list[int | None]:
    """The place of each total, the highest first. Equal totals share a place and the next ones are counted on: 1 2 2 4.

    What has no total has no place.
    """
    known = [one for one in totals if one is not None]
    return [None if one is None else 1 + sum(other > one for other in known) for one in totals]


def show_points(points: Decimal) -> str:
    """As a clerk writes it: decimal comma, no idle zeros."""
    return f"{points.normalize():f}".replace(".", ",")
