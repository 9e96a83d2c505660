"""Lists of the register as Excel workbooks, and what every app's workbooks share.

A workbook stands beside its list at `<list>/workbook/`, asks for the list's own right, takes the list's own filters
from the query string and holds nothing that the list would not show.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import QuerySet
from django.forms import BooleanField, ChoiceField, DateField, Form
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.choices import flatten_choices
from django.views.decorators.http import require_GET

from units.audit_words import describe_act
from units.forms.trail import PeriodForm, TrailForm, UnitTrailForm
from units.frame import UnitRequest, unit_view
from units.models import AuditEntry, Person, Unit
from units.selectors.trail import list_openings, list_person_trail, list_unit_trail, name_subjects
from units.services.audit import record_on_duty
from units.spreadsheets import CHUNK, Cell, CellKind, Column, answer_workbook
from units.views.trail import hide_restricted, narrow_trail

_Row = TypeVar("_Row")


def send_list(
    request: UnitRequest,
    name: str,
    columns: Sequence[Column],
    rows: Iterable[Sequence[Cell]],
    *,
    filters: str = "",
    is_personal: bool = True,
) -> HttpResponseBase:
    """Answer a list as a workbook that states its scope and `filters`.

    `is_personal` is whether it names people or carries their record: such a copy leaves a line in the trail.
    """
    about = f"Phạm vi: {request.actor.unit.name}"
    response = answer_workbook(name, columns, rows, about=f"{about}. {filters}" if filters else about)
    if is_personal:
        record_on_duty("export-list", actor=request.actor, list=name, rows=response.rows_written)
    return response


def state_filters(form: Form) -> str:
    """A valid form's choices in words: "Từ ngày: 01/11/2023; Gồm cả đơn vị cấp dưới"."""
    stated = []
    for field in form:
        value = form.cleaned_data.get(field.name)
        if value in (None, "", False, []):
            continue
        stated.append(_state(str(field.label), field.field, value))
    return "Lọc theo " + "; ".join(stated) if stated else ""


def _state(label: str, field: Any, value: Any) -> str:
    if isinstance(field, BooleanField):
        return label
    if isinstance(field, DateField):
        return f"{label}: {value:%d/%m/%Y}"
    if isinstance(field, ChoiceField):
        choices: Any = field.choices
        words = {str(key): str(shown) for key, shown in flatten_choices(choices)}  # type: ignore[var-annotated]
        return f"{label}: {words.get(str(value), value)}"
    return f"{label}: {value}"


def in_batches(entries: Iterator[_Row]) -> Iterator[list[_Row]]:
    while batch := list(islice(entries, CHUNK)):
        yield batch


def back_to_list(request: UnitRequest) -> HttpResponse:
    """To the page, which says what is wrong with the filters."""
    return redirect(f"{request.path.removesuffix('workbook/')}?{request.GET.urlencode()}")


TRAIL_COLUMNS = (
    Column("Lúc", CellKind.MOMENT),
    Column("Ai", width=44),
    Column("Việc gì", width=60),
    Column("Về", width=44),
)


def send_trail(request: UnitRequest, name: str, entries: QuerySet[AuditEntry], form: PeriodForm) -> HttpResponseBase:
    """A trail in words. A period that is none is sent back to the page that says so."""
    narrowed = narrow_trail(hide_restricted(entries, request.actor), form)
    if narrowed is None:
        return back_to_list(request)
    return send_list(request, name, TRAIL_COLUMNS, _trail_rows(narrowed), filters=state_filters(form))


def _trail_rows(entries: QuerySet[AuditEntry]) -> Iterator[tuple[Cell, ...]]:
    """What entries are about is named in batches: a few queries for each."""
    for batch in in_batches(entries.iterator(CHUNK)):
        called = name_subjects(batch)
        for entry in batch:
            about = called.get((entry.subject_type, entry.subject_id), "")
            yield entry.at, entry.actor_label, describe_act(entry.verb, entry.detail), about


@require_GET
@unit_view("units.view_audit")
def trail_unit_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    reader_path = request.actor.unit.path
    unit = get_object_or_404(Unit.objects.below(reader_path), pk=pk)
    form = UnitTrailForm(request.GET)
    below = form.is_valid() and form.cleaned_data["below"]
    entries = list_unit_trail(unit, below=below, reader_path=reader_path)
    return send_trail(request, f"Nhật ký của {unit.name}", entries, form)


@require_GET
@unit_view("units.view_audit")
def trail_person_workbook(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    name = f"Nhật ký hồ sơ của {person.full_name}"
    return send_trail(request, name, list_person_trail(person), TrailForm(request.GET))


@require_GET
@unit_view("units.view_own_openings")
def my_openings_workbook(request: UnitRequest) -> HttpResponseBase:
    """The person's own list: moments and readers, nothing else, as on the page."""
    duty = request.actor.membership
    person = duty.person_id if duty else None
    entries = list_openings(person) if person else AuditEntry.objects.none()
    form = PeriodForm(request.GET)
    narrowed = narrow_trail(entries, form)
    if narrowed is None:
        return back_to_list(request)
    rows = ((entry.at, entry.actor_label) for entry in narrowed.iterator(CHUNK))
    return send_list(
        request, "Ai đã xem hồ sơ của tôi", TRAIL_COLUMNS[:2], rows, filters=state_filters(form), is_personal=False
    )
