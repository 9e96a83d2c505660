"""Lists of units, people, their record, their moves and the catalogues as Excel workbooks."""

from collections.abc import Iterator
from datetime import date
from itertools import chain, groupby
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET

from units.clock import today
from units.discipline_file import form_label
from units.forms.people import PersonFilterForm
from units.frame import UnitRequest, unit_view
from units.models import (
    AwardTitle,
    DisciplinaryAction,
    Grading,
    LegalDocument,
    Person,
    Posting,
    Reorganisation,
    TitleEligibility,
    Transfer,
    TransferOffer,
    Unit,
)
from units.selectors.ledger import fate_of
from units.selectors.people import list_people
from units.selectors.record import list_ledger
from units.selectors.reorganisations import list_reorganisations
from units.selectors.transfers import list_offers, list_past_services, list_transfers
from units.selectors.tree import search_units, standing
from units.spreadsheets import CHUNK, Cell, CellKind, Column
from units.views.catalogue import DOCUMENT_KINDS, LADDERS, LEVELS
from units.views.organisation import find_unit
from units.views.people import open_person
from units.views.record import own_unit
from units.views.workbooks import back_to_list, send_list, state_filters

PERSON_COLUMNS = (
    Column("Họ và tên", width=32),
    Column("Mã cán bộ", width=16),
    Column("Chức vụ"),
    Column("Người đứng đầu", width=12),
    Column("Đơn vị", width=44),
    Column("Mã đơn vị", width=20),
    Column("Đối tượng", width=18),
)
UNIT_COLUMNS = (
    Column("Mã đơn vị", width=20),
    Column("Tên đơn vị", width=52),
    Column("Tên gọi tắt", width=36),
    Column("Loại đơn vị", width=24),
    Column("Trực thuộc", width=44),
    Column("Tỉnh, thành phố", width=18),
    Column("Địa danh trên văn bản", width=18),
    Column("Tư cách pháp nhân", width=12),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến hết ngày", CellKind.DAY),
    Column("Ghi chú về nguồn", width=52),
)
RECORD_COLUMNS = (
    Column("Phần", width=22),
    Column("Năm", CellKind.NUMBER),
    Column("Nội dung", width=52),
    Column("Từ ngày", CellKind.DAY),
    Column("Đến ngày", CellKind.DAY),
    Column("Số quyết định", width=20),
    Column("Ngày quyết định", CellKind.DAY),
    Column("Cơ quan ban hành", width=40),
    Column("Đơn vị, chức vụ khi đó", width=44),
    Column("Ghi chú", width=52),
)
TITLE_COLUMNS = (
    Column("Thang", width=36),
    Column("Bậc", CellKind.NUMBER),
    Column("Tên", width=44),
    Column("Cấp", width=14),
    Column("Đối tượng", width=18),
    Column("Ai quyết định", width=60),
    Column("Căn cứ", width=40),
    Column("Áp dụng đến", CellKind.DAY),
    Column("Đã đối chiếu", width=12),
    Column("Còn phải đối chiếu", width=44),
)
DOCUMENT_COLUMNS = (
    Column("Số, ký hiệu", width=24),
    Column("Loại", width=16),
    Column("Nội dung", width=60),
    Column("Cơ quan ban hành", width=36),
    Column("Ngày ban hành", CellKind.DAY),
    Column("Hiệu lực từ", CellKind.DAY),
    Column("Hiệu lực đến", CellKind.DAY),
    Column("Đã đối chiếu", width=12),
    Column("Còn phải đối chiếu", width=44),
)
TRANSFER_COLUMNS = (
    Column("Danh sách", width=14),
    Column("Họ và tên", width=32),
    Column("Từ đơn vị", width=40),
    Column("Đến đơn vị", width=40),
    Column("Chức vụ ở đơn vị mới"),
    Column("Ngày làm việc cuối ở đơn vị cũ", CellKind.DAY),
    Column("Số quyết định", width=20),
    Column("Ngày quyết định", CellKind.DAY),
    Column("Tình trạng", width=24),
    Column("Lý do trả lời", width=44),
)
PAST_COLUMNS = (
    Column("Họ và tên", width=32),
    Column("Mã cán bộ", width=16),
    Column("Đơn vị khi đó", width=44),
    Column("Ngày làm việc cuối", CellKind.DAY),
    Column("Chuyển đến", width=44),
)
REORGANISATION_COLUMNS = (
    Column("Hình thức sắp xếp", width=24),
    Column("Đơn vị", width=60),
    Column("Sau sắp xếp", width=60),
    Column("Từ ngày", CellKind.DAY),
    Column("Số quyết định", width=20),
    Column("Ngày quyết định", CellKind.DAY),
    Column("Tình trạng", width=24),
)


@require_GET
@unit_view("units.view_person")
def person_list_workbook(request: UnitRequest) -> HttpResponseBase:
    form = PersonFilterForm(request.GET, root=request.actor.unit)
    if not form.is_valid():
        return back_to_list(request)
    people: Any = list_people(form.cleaned_data.get("unit") or request.actor.unit, day=today(), **form.filters())
    rows = (
        (
            one.full_name,
            one.staff_code,
            one.position or ("đã thôi" if one.was_posted else "chưa ghi chức vụ"),
            bool(one.is_head),
            one.unit.name,
            one.unit.code,
            one.get_employment_display(),
        )
        for one in people.iterator(CHUNK)
    )
    return send_list(request, "Cán bộ", PERSON_COLUMNS, rows, filters=state_filters(form))


@require_GET
@unit_view("units.view_unit")
def unit_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """What the words find, or the whole branch of the unit that is open on the page. Units are public."""
    words, ended, day = request.GET.get("q", "").strip(), bool(request.GET.get("ended")), today()
    if words:
        found, stated = search_units(words, ended=ended, day=day), f"Tìm: {words}"
    else:
        top = find_unit(request.GET.get("open", "")) or request.actor.unit
        found, stated = Unit.objects.below(top.path), f"{top.name} và các đơn vị bên dưới"
        found = found if ended else found.filter(standing(day))
    stated += "; kể cả đơn vị đã kết thúc" if ended else ""
    rows = (_unit_row(one) for one in found.select_related("parent").iterator(CHUNK))
    return send_list(request, "Đơn vị", UNIT_COLUMNS, rows, filters=stated, is_personal=False)


def _unit_row(unit: Unit) -> tuple[Cell, ...]:
    return (
        unit.code,
        unit.name,
        unit.short_name,
        unit.get_kind_display(),
        unit.parent.name if unit.parent else "",
        unit.province,
        unit.place,
        unit.has_legal_personality,
        unit.valid_from,
        unit.valid_to,
        unit.note,
    )


@require_GET
@unit_view("units.view_person_record")
def unit_record_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The three tables of a unit's record below one another, the first column saying which."""
    unit = own_unit(request, pk)
    rows = chain(
        _honour_rows(collective=unit.pk),
        _grading_rows(Grading.objects.filter(collective=unit)),
        _eligibility_rows(TitleEligibility.objects.filter(collective=unit)),
    )
    return send_list(request, f"Hồ sơ tập thể {unit.short_name}", RECORD_COLUMNS, rows)


@require_GET
@unit_view("units.view_person_record")
def person_detail_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The tables of a person's record; discipline, leave and reviews only for those who read them on the page.

    Counts as an opening.
    """
    person = open_person(request, pk)
    rows = chain(
        _posting_rows(person.postings.select_related("unit")),
        _honour_rows(person=person.pk),
        _grading_rows(person.gradings.all()),
        _eligibility_rows(person.titleeligibilitys.all()),
        _initiative_rows(person),
        _discipline_rows(person) if request.actor.may("units.view_discipline") else (),
        _circumstance_rows(person) if request.actor.may("units.view_circumstance") else (),
    )
    return send_list(request, f"Hồ sơ của {person.full_name}", RECORD_COLUMNS, rows)


def _line(
    part: str,
    what: str,
    *,
    year: int | None = None,
    days: tuple[date | None, date | None] = (None, None),
    decision: tuple[str, date | None, str] = ("", None, ""),
    then: str = "",
    note: str = "",
) -> tuple[Cell, ...]:
    return part, year, what, *days, *decision, then, note


def _posting_rows(postings: QuerySet[Posting]) -> Iterator[tuple[Cell, ...]]:
    for one in postings:
        note = "đứng đầu đơn vị" if one.is_head else ""
        yield _line("Chức vụ", one.position, days=(one.valid_from, one.valid_to), then=one.unit.name, note=note)


def _honour_rows(**about: UUID) -> Iterator[tuple[Cell, ...]]:
    for one in list_ledger(**about):
        yield _line(
            "Khen thưởng",
            one.title.name,
            year=one.year,
            decision=(one.decision_number, one.decided_on, one.issuer),
            then=", ".join(filter(None, (one.subject_position, one.subject_unit))),
            note=fate_of(one) or (f"Dòng đính chính. Lý do: {one.correction_reason}" if one.supersedes_id else ""),
        )


def _grading_rows(gradings: QuerySet[Grading]) -> Iterator[tuple[Cell, ...]]:
    for one in gradings:
        decision = (one.decision_number, one.decided_on, "")
        yield _line("Xếp loại", one.get_grade_display(), year=one.year, decision=decision)


def _eligibility_rows(rows: QuerySet[TitleEligibility]) -> Iterator[tuple[Cell, ...]]:
    for one in rows.select_related("title"):
        verdict = "Đủ điều kiện xét" if one.is_eligible else "Chưa đủ điều kiện xét"
        decision = (one.decision_number, one.decided_on, "")
        yield _line("Xét danh hiệu", one.title.name, year=one.year, decision=decision, note=verdict)


def _initiative_rows(person: Person) -> Iterator[tuple[Cell, ...]]:
    for one in person.initiatives.all():
        yield _line(
            "Sáng kiến",
            one.title,
            year=one.year,
            decision=(one.decision_number, one.decided_on, one.issuer),
            note=f"{one.get_level_display()}; đóng góp {one.share}%",
        )


def _discipline_rows(person: Person) -> Iterator[tuple[Cell, ...]]:
    for one in DisciplinaryAction.objects.filter(person=person):
        decision = (one.decision_number, one.decided_on, "")
        yield _line("Kỷ luật", form_label(one.form), year=one.decided_on.year, decision=decision)


def _circumstance_rows(person: Person) -> Iterator[tuple[Cell, ...]]:
    for one in person.circumstances.all():
        part, days = "Bị xem xét" if one.is_review else "Nghỉ dài ngày", (one.first_day, one.last_day)
        yield _line(part, one.get_kind_display(), days=days, decision=(one.decision_number, None, ""))


@require_GET
@unit_view("units.view_title")
def title_list_workbook(request: UnitRequest) -> HttpResponseBase:
    titles = AwardTitle.objects.prefetch_related("authorities").order_by("ladder", "rank", "code")
    order = list(LADDERS)
    ladders = [(ladder, list(found)) for ladder, found in groupby(titles, key=lambda title: title.ladder)]
    ladders.sort(key=lambda one: order.index(one[0]) if one[0] in order else len(order))
    rows = (_title_row(one) for _, found in ladders for one in found)
    name = "Danh mục danh hiệu, hình thức khen thưởng"
    return send_list(request, name, TITLE_COLUMNS, rows, is_personal=False)


def _title_row(title: AwardTitle) -> tuple[Cell, ...]:
    deciders = [
        f"{one.decider} ({one.valid_from:%d/%m/%Y} – {f'{one.valid_to:%d/%m/%Y}' if one.valid_to else 'nay'}; "
        f"{one.citation})"
        for one in title.authorities.all()
    ]
    return (
        LADDERS.get(title.ladder, title.ladder or "Ngoài các thang"),
        title.rank,
        title.name,
        LEVELS.get(title.level, title.level),
        title.get_subject_display(),
        "; ".join(deciders) or title.decider,
        title.citation,
        title.valid_to,
        title.confirmed,
        title.note,
    )


@require_GET
@unit_view("units.view_title")
def document_list_workbook(request: UnitRequest) -> HttpResponseBase:
    rows = (
        (
            one.number,
            DOCUMENT_KINDS.get(one.kind, one.kind),
            one.subject,
            one.issuer,
            one.issued_on,
            one.valid_from,
            one.valid_to,
            one.confirmed,
            one.note,
        )
        for one in LegalDocument.objects.iterator(CHUNK)
    )
    return send_list(request, "Văn bản căn cứ", DOCUMENT_COLUMNS, rows, is_personal=False)


@require_GET
@unit_view("units.view_transfer")
def transfer_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """Both lists of the page below one another, the first column saying which."""
    rows = chain(
        (_offer_row(one) for one in list_offers().iterator(CHUNK)),
        (_transfer_row(one) for one in list_transfers().iterator(CHUNK)),
    )
    return send_list(request, "Chuyển đơn vị", TRANSFER_COLUMNS, rows)


def _offer_row(one: TransferOffer) -> tuple[Cell, ...]:
    who = "(đã xóa theo thời hạn lưu)" if one.erased_at else one.full_name
    return ("Chuyển đến", who, one.releasing.name, one.unit.name, *_terms(one))


def _transfer_row(one: Transfer) -> tuple[Cell, ...]:
    return ("Chuyển đi", one.person_name, one.unit.name, one.receiving.name, *_terms(one))


def _terms(one: Transfer | TransferOffer) -> tuple[Cell, ...]:
    return one.position, one.last_day, one.decision_number, one.decided_on, one.get_state_display(), one.answer


@require_GET
@unit_view("units.view_past_service")
def past_service_list_workbook(request: UnitRequest) -> HttpResponseBase:
    words = request.GET.get("q", "").strip()
    rows = (
        (one.full_name, one.staff_code, one.unit.name, one.last_day, one.moved_to.name)
        for one in list_past_services(words).iterator(CHUNK)
    )
    stated = f"Tìm: {words}" if words else ""
    return send_list(request, "Cán bộ đã chuyển đi", PAST_COLUMNS, rows, filters=stated)


@require_GET
@unit_view("units.reorganise_units")
def reorganisation_list_workbook(request: UnitRequest) -> HttpResponseBase:
    """Everything on the page, in the order of days."""
    if not request.actor.unit.is_root:
        raise PermissionDenied("Sắp xếp tổ chức là việc của cơ quan đứng đầu hệ thống.")
    rows = (_reorganisation_row(one) for one in list_reorganisations().iterator(CHUNK))
    return send_list(request, "Sắp xếp tổ chức", REORGANISATION_COLUMNS, rows, is_personal=False)


def _reorganisation_row(one: Reorganisation) -> tuple[Cell, ...]:
    return (
        one.get_kind_display(),
        "; ".join(source.target.name for source in one.sources.all()),
        "; ".join(str(result) for result in one.results.all()),
        one.on,
        one.decision_number,
        one.decided_on,
        "Chưa thực hiện được" if one.failure else one.get_state_display(),
    )
