"""Tables of long leave and of reviews that go on."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from units.imports import Choice, Field, FieldKind, Layout
from units.models import REVIEWS, Circumstance, CircumstanceKind, ImportKind, Person, Unit, Verdict
from units.refusals import RefusedError
from units.services.circumstances import check_days
from units.services.importing.ground import (
    Finding,
    Ground,
    Row,
    RowRefusedError,
    Written,
    compare,
    snapshot,
    write_rows,
)
from units.services.importing.people import KNOWN_NAME, ORDINAL, STAFF_CODE, UNIT

_ALIASES = {
    CircumstanceKind.MATERNITY: ("Thai sản",),
    CircumstanceKind.SICK: ("Ốm", "Ốm đau"),
    CircumstanceKind.STUDY: ("Học tập", "Đi đào tạo"),
    CircumstanceKind.DISCIPLINE: ("Xem xét kỷ luật",),
    CircumstanceKind.INSPECTION: ("Thanh tra", "Kiểm tra"),
    CircumstanceKind.COMPLAINT: ("Xác minh đơn thư",),
}
Standing = dict[tuple[UUID, str], list[Circumstance]]


class CircumstancesHandler:
    kind = ImportKind.CIRCUMSTANCES
    # Whoever may not write such a line by hand neither hands in the table nor sees what others handed in.
    permission = "units.change_circumstance"
    titles = {"last_day": "Đến hết ngày", "decision_number": "Số văn bản"}

    def layout(self) -> Layout:
        return Layout(
            "circumstances",
            ImportKind.CIRCUMSTANCES.label,
            (
                ORDINAL,
                STAFF_CODE,
                KNOWN_NAME,
                UNIT,
                Field(
                    "kind",
                    "Nội dung",
                    FieldKind.CHOICE,
                    is_required=True,
                    aliases=("Loại", "Lý do nghỉ", "Hình thức nghỉ", "Loại việc"),
                    choices=tuple(Choice(one.value, str(one.label), _ALIASES.get(one, ())) for one in CircumstanceKind),
                    hint="Chọn trong danh sách: năm loại nghỉ dài ngày, ba loại việc đang bị xem xét.",
                    example=CircumstanceKind.MATERNITY.label,
                ),
                Field(
                    "first_day",
                    "Từ ngày",
                    FieldKind.DAY,
                    is_required=True,
                    aliases=("Ngày bắt đầu", "Nghỉ từ ngày", "Từ"),
                    hint="Dạng ngày/tháng/năm.",
                    example="01/03/2023",
                ),
                Field(
                    "last_day",
                    "Đến hết ngày",
                    FieldKind.DAY,
                    aliases=("Đến ngày", "Ngày kết thúc", "Nghỉ đến ngày", "Đến"),
                    hint="Đợt nghỉ phải có ngày cuối. Việc bị xem xét chưa kết thúc thì để trống.",
                    example="31/08/2023",
                ),
                Field(
                    "decision_number",
                    "Số văn bản",
                    is_code=True,
                    max_length=60,
                    aliases=("Số quyết định", "Số, ký hiệu văn bản", "Số QĐ"),
                    hint="Không bắt buộc. Cột định dạng Văn bản.",
                    example="MAU-7/QĐ-CTHADS",
                ),
            ),
        )

    def judge(self, rows: Iterable[Row], ground: Ground) -> Iterable[Finding | RowRefusedError]:
        rows = list(rows)
        ground.load_people(rows)
        ground.load_postings()
        standing = _load(ground)
        for row in rows:
            try:
                yield self._judge(row, ground, standing)
            except RowRefusedError as refusal:
                yield refusal

    def _judge(self, row: Row, ground: Ground, standing: Standing) -> Finding:
        person = ground.find_person(row)
        kind, first_day = row.values["kind"], row.values["first_day"]
        ground.claim((person.pk, kind, first_day), row)
        spells = standing[person.pk, kind]
        known = next((one for one in spells if one.first_day == first_day), None)
        last_day = row.values.get("last_day") or (known.last_day if known else None)
        try:
            check_days(kind, first_day, last_day, day=ground.day)
        except RefusedError as refusal:
            key = "first_day" if kind in REVIEWS and first_day > ground.day else "last_day"
            raise RowRefusedError(key, f"{refusal.what} {refusal.remedy}") from None
        if known:
            return self._compare(row, known, ground)
        spell = Circumstance(
            unit=_unit_of(person, first_day, ground),
            person=person,
            kind=kind,
            first_day=first_day,
            last_day=last_day,
            decision_number=row.text("decision_number"),
        )
        finding = Finding(spell, Verdict.NEW, warnings=_warn(spell, spells))
        spells.append(spell)
        return finding

    def _compare(self, row: Row, known: Circumstance, ground: Ground) -> Finding:
        before = snapshot(known)
        changes = compare(row, known, self.titles, {key: row.values.get(key) for key in self.titles})
        ground.check_keeper("first_day", known.unit, changes)
        return Finding(known, Verdict.CHANGE if changes else Verdict.SAME, changes, before)

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        return write_rows(Circumstance, findings, self.titles)


def _load(ground: Ground) -> Standing:
    """What stands about the people loaded, also what other units wrote; what may be changed is held."""
    standing: Standing = defaultdict(list)
    for one in ground.held(Circumstance.objects.filter(person__in=ground.people).select_related("unit")):
        standing[one.person_id, one.kind].append(one)
    return standing


def _unit_of(person: Person, day: date, ground: Ground) -> Unit:
    """Where the person worked on `day`, when its rows are ours to keep; else where they work now."""
    posting = ground.find_posting(person, day)
    return ground.units.get(posting.unit_id, person.unit) if posting else person.unit


def _warn(spell: Circumstance, spells: Iterable[Circumstance]) -> list[tuple[str, str]]:
    """Another line of the same kind over the same days is most often the same one with a first day mistyped."""
    for one in spells:
        is_apart = (spell.last_day or date.max) < one.first_day or (one.last_day or date.max) < spell.first_day
        if not is_apart:
            until = f"đến {one.last_day:%d/%m/%Y}" if one.last_day else "chưa kết thúc"
            words = (
                f"chồng lên «{one.get_kind_display()}» từ {one.first_day:%d/%m/%Y} {until} đã có; "
                "kiểm tra có phải là một lần hay không."
            )
            return [("first_day", words)]
    return []
