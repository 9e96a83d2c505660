"""Tables of people and of the posts they hold."""

from collections.abc import Iterable, Iterator
from datetime import date

from units.folding import fold, name_sort_key
from units.imports import Choice, Field, FieldKind, Layout
from units.models import Employment, Gender, ImportKind, Person, Posting, Unit, Verdict
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

YOUNGEST, OLDEST = 15, 100
ORDINAL = Field("ordinal", "STT", aliases=("TT", "Số thứ tự"), hint="Không bắt buộc.", example="Ví dụ")
STAFF_CODE = Field(
    "staff_code",
    "Mã cán bộ",
    is_required=True,
    is_code=True,
    max_length=20,
    aliases=("Mã công chức", "Mã CBCC", "Mã nhân sự", "Mã số cán bộ"),
    hint="Mã đơn vị đặt cho từng người, không trùng trong đơn vị. Cột định dạng Văn bản.",
    example="MAU-001",
)
FULL_NAME = Field(
    "full_name",
    "Họ và tên",
    is_required=True,
    max_length=120,
    aliases=("Họ tên", "Tên cán bộ", "Họ và tên cán bộ"),
    hint="Họ tên đầy đủ, gõ Unicode.",
    example="Nguyễn Văn Mẫu",
)
KNOWN_NAME = Field(
    "full_name",
    FULL_NAME.title,
    max_length=FULL_NAME.max_length,
    aliases=FULL_NAME.aliases,
    hint="Không bắt buộc; nếu có, phải khớp với tên trong sổ.",
    example=FULL_NAME.example,
)
UNIT = Field(
    "unit",
    "Đơn vị",
    aliases=("Mã đơn vị", "Tên đơn vị", "Đơn vị công tác"),
    hint="Mã hoặc đúng tên đơn vị; để trống là đơn vị của đồng chí.",
)


def choices(enum: type[Employment | Gender], **aliases: tuple[str, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(one.value, str(one.label), aliases.get(one.name, ())) for one in enum)


def check_past(row: Row, key: str, title: str, day: date) -> None:
    value = row.values.get(key)
    if value and value > day:
        raise RowRefusedError(key, f"{title} {value:%d/%m/%Y} ở sau hôm nay ({day:%d/%m/%Y}); sửa lại ngày.")


class PeopleHandler:
    kind = ImportKind.PEOPLE
    permission = "units.import_records"
    titles = {
        "full_name": "Họ và tên",
        "birth_date": "Ngày sinh",
        "gender": "Giới tính",
        "employment": "Đối tượng",
    }

    def layout(self) -> Layout:
        return Layout(
            "people",
            ImportKind.PEOPLE.label,
            (
                ORDINAL,
                STAFF_CODE,
                FULL_NAME,
                Field(
                    "birth_date",
                    "Ngày sinh",
                    FieldKind.DAY,
                    aliases=("Ngày tháng năm sinh", "Sinh ngày"),
                    hint="Dạng ngày/tháng/năm. Không bắt buộc.",
                    example="05/11/1985",
                ),
                Field(
                    "gender",
                    "Giới tính",
                    FieldKind.CHOICE,
                    is_required=True,
                    choices=choices(Gender),
                    hint="Chọn trong danh sách.",
                    example="Nam",
                ),
                Field(
                    "employment",
                    "Đối tượng",
                    FieldKind.CHOICE,
                    is_required=True,
                    aliases=("Loại lao động", "Diện"),
                    choices=choices(Employment, CONTRACT=("Hợp đồng", "HĐLĐ", "Người lao động hợp đồng")),
                    hint="Chọn trong danh sách.",
                    example="Công chức",
                ),
                UNIT,
            ),
        )

    def judge(self, rows: Iterable[Row], ground: Ground) -> Iterable[Finding | RowRefusedError]:
        rows = list(rows)
        ground.load_people(rows)
        ground.load_namesakes(rows)
        for row in rows:
            try:
                yield self._judge(row, ground)
            except RowRefusedError as refusal:
                yield refusal

    def _judge(self, row: Row, ground: Ground) -> Finding:
        unit = ground.find_unit(row)
        code = row.text("staff_code")
        ground.claim((unit.pk, code), row)
        self._check_birth(row, ground.day)
        known = ground.people_of(code)
        standing = next((one for one in known if one.unit_id == unit.pk), None)
        if standing is None:
            return self._add(row, unit, known, ground)
        before = snapshot(standing)
        values = {key: row.values.get(key) for key in self.titles}
        changes = compare(row, standing, self.titles, values)
        standing.folded_name, standing.sort_key = fold(standing.full_name), name_sort_key(standing.full_name)
        verdict = Verdict.CHANGE if changes else Verdict.SAME
        return Finding(standing, verdict, changes, before)

    def _add(self, row: Row, unit: Unit, known: list[Person], ground: Ground) -> Finding:
        name = row.text("full_name")
        twin = next((one for one in known if one.folded_name == fold(name)), None)
        if twin:
            raise RowRefusedError(
                "staff_code",
                f"«{twin.full_name}», mã «{twin.staff_code}», đang thuộc {twin.unit.short_name}. "
                "Chuyển người bằng chức năng điều chuyển, không nhập lại.",
            )
        person = Person(
            unit=unit,
            staff_code=row.text("staff_code"),
            full_name=name,
            folded_name=fold(name),
            sort_key=name_sort_key(name),
            birth_date=row.values.get("birth_date"),
            gender=row.values["gender"],
            employment=row.values["employment"],
        )
        return Finding(person, Verdict.NEW, doubts=list(self._doubt(person, ground)))

    def _doubt(self, person: Person, ground: Ground) -> Iterator[tuple[str, str]]:
        same, unsure = ground.count_namesakes(person)
        found = []
        if same:
            found.append(f"{same} người cùng họ tên và ngày sinh")
        if unsure:
            found.append(f"{unsure} người cùng họ tên mà chưa đủ ngày sinh để phân biệt")
        if found:
            told = " và ".join(found)
            yield (
                "full_name",
                f"cần xem, trong sổ đã có {told}, mang mã cán bộ khác. Nếu là một người thì ghi mã đang có trong sổ.",
            )

    def _check_birth(self, row: Row, day: date) -> None:
        born = row.values.get("birth_date")
        if born and not YOUNGEST <= day.year - born.year <= OLDEST:
            raise RowRefusedError("birth_date", f"ngày sinh {born:%d/%m/%Y} không hợp lý với người đang làm việc.")

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        return write_rows(Person, findings, (*self.titles, "folded_name", "sort_key"))


class PostingsHandler:
    kind = ImportKind.POSTINGS
    permission = "units.import_records"
    titles = {"position": "Chức vụ, chức danh", "is_head": "Là người đứng đầu", "valid_to": "Đến ngày"}

    def layout(self) -> Layout:
        return Layout(
            "postings",
            ImportKind.POSTINGS.label,
            (
                ORDINAL,
                STAFF_CODE,
                KNOWN_NAME,
                UNIT,
                Field(
                    "position",
                    "Chức vụ, chức danh",
                    is_required=True,
                    max_length=120,
                    aliases=("Chức vụ", "Chức danh"),
                    hint="Ghi như trong quyết định.",
                    example="Chấp hành viên sơ cấp",
                ),
                Field(
                    "is_head",
                    "Là người đứng đầu",
                    FieldKind.FLAG,
                    aliases=("Người đứng đầu", "Đứng đầu đơn vị"),
                    choices=(Choice("yes", "Có"), Choice("no", "Không")),
                    hint="Có nếu là thủ trưởng đơn vị; để trống là Không.",
                    example="Không",
                ),
                Field(
                    "valid_from",
                    "Từ ngày",
                    FieldKind.DAY,
                    is_required=True,
                    aliases=("Ngày bắt đầu", "Từ"),
                    hint="Dạng ngày/tháng/năm.",
                    example="01/03/2020",
                ),
                Field(
                    "valid_to",
                    "Đến ngày",
                    FieldKind.DAY,
                    aliases=("Ngày kết thúc", "Đến"),
                    hint="Ngày cuối còn giữ chức vụ; để trống nếu đang giữ.",
                ),
            ),
        )

    def judge(self, rows: Iterable[Row], ground: Ground) -> Iterable[Finding | RowRefusedError]:
        rows = list(rows)
        ground.load_people(rows)
        ground.load_postings()
        for row in rows:
            try:
                yield self._judge(row, ground)
            except RowRefusedError as refusal:
                yield refusal

    def _judge(self, row: Row, ground: Ground) -> Finding:
        person = ground.find_person(row)
        position, since, until = row.text("position"), row.values["valid_from"], row.values.get("valid_to")
        ground.claim((person.pk, fold(position), since), row)
        held = [one for one in ground.postings_of(person) if fold(one.position) == fold(position)]
        standing = next((one for one in held if one.valid_from == since), None)
        last = until or (standing.valid_to if standing else None)
        if last and last < since:
            raise RowRefusedError("valid_to", f"đến ngày {last:%d/%m/%Y} ở trước từ ngày {since:%d/%m/%Y}.")
        self._check_overlap([one for one in held if one is not standing], since, last)
        if standing is None:
            posting = Posting(
                unit=person.unit,
                person=person,
                position=position,
                is_head=bool(row.values.get("is_head")),
                valid_from=since,
                valid_to=until,
            )
            return Finding(posting, Verdict.NEW)
        standing.unit = ground.units.get(standing.unit_id, person.unit)
        before = snapshot(standing)
        changes = compare(row, standing, self.titles, {key: row.values.get(key) for key in self.titles})
        return Finding(standing, Verdict.CHANGE if changes else Verdict.SAME, changes, before)

    def _check_overlap(self, held: list[Posting], since: date, until: date | None) -> None:
        for one in held:
            if one.valid_from <= (until or date.max) and since <= (one.valid_to or date.max):
                last = f"{one.valid_to:%d/%m/%Y}" if one.valid_to else "nay"
                raise RowRefusedError(
                    "valid_from",
                    f"trong sổ đã có chức vụ này từ {one.valid_from:%d/%m/%Y} đến {last}, chồng lên thời gian ở dòng "
                    "này. Sửa từ ngày cho khớp, hoặc ghi ngày kết thúc của lần trước.",
                )

    def write(self, findings: Iterable[Finding]) -> list[list[Written]]:
        return write_rows(Posting, findings, self.titles)
