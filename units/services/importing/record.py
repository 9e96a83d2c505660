"""Tables of yearly gradings and of honours already given."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from units.folding import fold
from units.imports import Choice, Field, FieldKind, Layout
from units.models import AwardTitle, Grade, Grading, Honour, ImportKind, Person, TitleSubject, Unit, Verdict
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
from units.services.importing.people import KNOWN_NAME, ORDINAL, STAFF_CODE, check_past

_CODE = Field(
    "staff_code",
    STAFF_CODE.title,
    is_code=True,
    max_length=20,
    aliases=STAFF_CODE.aliases,
    hint="Mã của cá nhân; để trống nếu dòng này là của tập thể đơn vị.",
    example=STAFF_CODE.example,
)
_UNIT = Field(
    "unit",
    "Đơn vị",
    aliases=("Mã đơn vị", "Tên đơn vị", "Đơn vị công tác"),
    hint="Mã hoặc đúng tên đơn vị. Bắt buộc khi dòng này là của tập thể.",
)
_NUMBER = Field(
    "decision_number",
    "Số quyết định",
    is_required=True,
    is_code=True,
    max_length=60,
    aliases=("Quyết định số", "Số QĐ", "Số, ký hiệu quyết định"),
    hint="Ghi đủ số và ký hiệu. Cột định dạng Văn bản.",
    example="MAU-12/QĐ-CTHADS",
)
_DECIDED_ON = Field(
    "decided_on",
    "Ngày quyết định",
    FieldKind.DAY,
    is_required=True,
    aliases=("Ngày ký", "Ngày QĐ"),
    hint="Dạng ngày/tháng/năm.",
    example="15/12/2023",
)
Key = tuple[UUID | None, UUID | None]


def subject_key(subject: Person | Unit) -> Key:
    return (subject.pk, None) if isinstance(subject, Person) else (None, subject.pk)


def about(subject: Person | Unit) -> dict[str, Any]:
    """The columns that say whose line of the record it is."""
    if isinstance(subject, Person):
        return {"unit": subject.unit, "person": subject, "collective": None}
    return {"unit": subject, "person": None, "collective": subject}


def _check_decided(row: Row, ground: Ground) -> None:
    check_past(row, "decided_on", "ngày quyết định", ground.day)
    if row.values["decided_on"].year < row.values["year"]:
        raise RowRefusedError("decided_on", "ngày quyết định ở trước năm được ghi nhận; sửa ngày hoặc năm.")


class GradingsHandler:
    kind = ImportKind.GRADINGS
    permission = "units.import_records"
    titles = {"grade": "Xếp loại", "decision_number": "Số quyết định", "decided_on": "Ngày quyết định"}

    def layout(self) -> Layout:
        return Layout(
            "gradings",
            ImportKind.GRADINGS.label,
            (
                ORDINAL,
                _CODE,
                KNOWN_NAME,
                _UNIT,
                Field("year", "Năm", FieldKind.YEAR, is_required=True, hint="Bốn chữ số.", example="2023"),
                Field(
                    "grade",
                    "Xếp loại",
                    FieldKind.CHOICE,
                    is_required=True,
                    aliases=("Mức xếp loại", "Kết quả xếp loại", "Xếp loại chất lượng"),
                    choices=tuple(Choice(one.value, str(one.label)) for one in Grade),
                    hint="Chọn trong danh sách.",
                    example=Grade.GOOD.label,
                ),
                _NUMBER,
                _DECIDED_ON,
            ),
        )

    def judge(self, rows: Iterable[Row], ground: Ground) -> Iterable[Finding | RowRefusedError]:
        rows = list(rows)
        ground.load_people(rows)
        years = {row.values["year"] for row in rows}
        of_units = Q(collective__in=Unit.objects.below(ground.unit.path))
        standing = {
            (one.person_id, one.collective_id, one.year): one
            for one in ground.held(
                Grading.objects.filter(Q(person__in=ground.people) | of_units, year__in=years).select_related("unit")
            )
        }
        for row in rows:
            try:
                yield self._judge(row, ground, standing)
            except RowRefusedError as refusal:
                yield refusal

    def _judge(
        self, row: Row, ground: Ground, standing: dict[tuple[UUID | None, UUID | None, int], Grading]
    ) -> Finding:
        subject = ground.find_subject(row)
        _check_decided(row, ground)
        identity = (*subject_key(subject), row.values["year"])
        ground.claim(identity, row)
        grading = standing.get(identity)
        values = {key: row.values[key] for key in self.titles}
        if grading is None:
            return Finding(Grading(**about(subject), year=row.values["year"], **values), Verdict.NEW)
        before = snapshot(grading)
        changes = compare(row, grading, self.titles, values)
        ground.check_keeper("year", grading.unit, changes)
        return Finding(grading, Verdict.CHANGE if changes else Verdict.SAME, changes, before)

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        return write_rows(Grading, findings, self.titles)


class HonoursHandler:
    """Honours are only added: a mistake in one that stands is mended by a new entry with its reason."""

    kind = ImportKind.HONOURS
    permission = "units.import_records"

    def layout(self) -> Layout:
        return Layout(
            "honours",
            ImportKind.HONOURS.label,
            (
                ORDINAL,
                _CODE,
                KNOWN_NAME,
                _UNIT,
                Field(
                    "title",
                    "Danh hiệu, hình thức khen thưởng",
                    FieldKind.CHOICE,
                    is_required=True,
                    aliases=("Danh hiệu", "Hình thức khen thưởng", "Danh hiệu thi đua", "Hình thức"),
                    choices=tuple(Choice(one.code, one.name) for one in AwardTitle.objects.all()),
                    hint="Mã hoặc tên trong trang «Danh mục».",
                ),
                Field(
                    "year",
                    "Năm thành tích",
                    FieldKind.YEAR,
                    is_required=True,
                    aliases=("Năm", "Năm khen thưởng"),
                    hint="Năm có thành tích được khen, bốn chữ số.",
                    example="2023",
                ),
                _NUMBER,
                _DECIDED_ON,
                Field(
                    "issuer",
                    "Cơ quan ban hành",
                    is_required=True,
                    aliases=("Cấp khen", "Cơ quan quyết định", "Cơ quan khen thưởng"),
                    hint="Cơ quan ký quyết định.",
                    example="Cục Thi hành án dân sự tỉnh Mẫu",
                ),
                Field("subject_name", "Tên khi được khen", hint="Để trống là tên hiện nay trong sổ."),
                Field(
                    "subject_position",
                    "Chức vụ khi được khen",
                    max_length=120,
                    hint="Để trống là chức vụ trong sổ vào ngày quyết định.",
                ),
                Field(
                    "subject_unit",
                    "Đơn vị khi được khen",
                    hint="Để trống là tên đơn vị trong sổ vào ngày quyết định.",
                ),
            ),
        )

    def judge(self, rows: Iterable[Row], ground: Ground) -> Iterable[Finding | RowRefusedError]:
        rows = list(rows)
        ground.load_people(rows)
        ground.load_postings()
        ground.load_names()
        titles = {one.code: one for one in AwardTitle.objects.all()}
        years = {row.values["year"] for row in rows}
        of_units = Q(collective__in=Unit.objects.below(ground.unit.path))
        ledger: dict[Key, list[Honour]] = defaultdict(list)
        for one in Honour.objects.filter(Q(person__in=ground.people) | of_units, year__in=years):
            ledger[one.person_id, one.collective_id].append(one)
        for row in rows:
            try:
                yield self._judge(row, ground, titles, ledger)
            except RowRefusedError as refusal:
                yield refusal

    def _judge(
        self, row: Row, ground: Ground, titles: dict[str, AwardTitle], ledger: dict[Key, list[Honour]]
    ) -> Finding:
        subject = ground.find_subject(row)
        _check_decided(row, ground)
        title = titles[row.values["title"]]
        self._check_title(row, title, subject)
        key = subject_key(subject)
        year, number = row.values["year"], row.text("decision_number")
        ground.claim((*key, title.pk, year, fold(number)), row)
        same_title = [one for one in ledger[key] if one.title_id == title.pk and one.year == year]
        standing = next((one for one in same_title if fold(one.decision_number) == fold(number)), None)
        if standing:
            return self._compare(row, standing)
        finding = Finding(self._freeze(row, subject, title, ground), Verdict.NEW)
        honour = finding.target
        if isinstance(honour, Honour) and isinstance(subject, Person) and not honour.subject_position:
            finding.warnings.append(("subject_position", "chưa rõ chức vụ khi được khen; sổ sẽ để trống."))
        if same_title:
            words = (
                f"trong sổ đã có «{title.name}» năm {year} theo quyết định số {same_title[0].decision_number}; "
                "kiểm tra có phải là một lần khen hay không."
            )
            finding.warnings.append(("decision_number", words))
        return finding

    def _check_title(self, row: Row, title: AwardTitle, subject: Person | Unit) -> None:
        fitting = (TitleSubject.PERSON if isinstance(subject, Person) else TitleSubject.COLLECTIVE, TitleSubject.BOTH)
        if title.subject not in fitting:
            whom = "cá nhân" if isinstance(subject, Person) else "tập thể"
            raise RowRefusedError("title", f"«{title.name}» không dành cho {whom}.")
        decided_on = row.values["decided_on"]
        is_early = title.valid_from and decided_on < title.valid_from
        is_late = title.valid_to and decided_on > title.valid_to
        if is_early or is_late:
            raise RowRefusedError(
                "title", f"«{title.name}» không có trong danh mục vào ngày {decided_on:%d/%m/%Y} ({title.citation})."
            )

    def _compare(self, row: Row, standing: Honour) -> Finding:
        is_same = standing.decided_on == row.values["decided_on"] and fold(standing.issuer) == fold(row.text("issuer"))
        if not is_same:
            raise RowRefusedError(
                "decision_number",
                f"trong sổ, lần khen này ghi ngày {standing.decided_on:%d/%m/%Y}, {standing.issuer}. "
                "Sổ khen thưởng không sửa bằng tệp Excel; đính chính ở hồ sơ cá nhân hoặc đơn vị.",
            )
        return Finding(standing, Verdict.SAME)

    def _freeze(self, row: Row, subject: Person | Unit, title: AwardTitle, ground: Ground) -> Honour:
        """Name, post and unit as the paper says, else as the register knows them on the day of the decision."""
        day = row.values["decided_on"]
        posting = ground.find_posting(subject, day) if isinstance(subject, Person) else None
        unit = about(subject)["unit"]
        unit_id = posting.unit_id if posting and posting.unit_id in ground.units else unit.pk
        unit_name = ground.name_on(unit_id, day)
        own_name = subject.full_name if isinstance(subject, Person) else unit_name
        return Honour(
            **about(subject),
            title=title,
            year=row.values["year"],
            decision_number=row.text("decision_number"),
            decided_on=day,
            issuer=row.text("issuer"),
            subject_name=row.text("subject_name") or own_name,
            subject_position=row.text("subject_position") or (posting.position if posting else ""),
            subject_unit=row.text("subject_unit") or unit_name,
        )

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        return write_rows(Honour, findings, ())
