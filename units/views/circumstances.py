"""Pages where leave and reviews of a person are written."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from units.clock import today
from units.forms.circumstances import CircumstanceEditForm, CircumstanceEndForm, CircumstanceForm
from units.forms.record import ReasonForm
from units.frame import UnitRequest, unit_view
from units.models import Circumstance
from units.services.circumstances import (
    create_circumstance,
    delete_circumstance,
    edit_circumstance,
    end_circumstance,
)
from units.views.acts import answer_form, posted
from units.views.people import address_of, open_person

POSTS = ["GET", "POST"]


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A spell of leave, or a review that began."""
    person = open_person(request, pk)
    form = CircumstanceForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: create_circumstance(person, **form.cleaned_data, actor=request.actor, day=today()),
        heading="Ghi đợt nghỉ, việc đang bị xem xét",
        submit="Ghi vào hồ sơ",
        done="Đã ghi.",
        back=address_of(person),
        person=person,
    )


def _open(request: UnitRequest, pk: UUID) -> Circumstance:
    row = get_object_or_404(Circumstance.objects.select_related("unit"), pk=pk)
    row.person = open_person(request, row.person_id)
    return row


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    row = _open(request, pk)
    initial = {name: getattr(row, name) for name in CircumstanceForm.base_fields}
    form = CircumstanceEditForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: edit_circumstance(row, **form.cleaned_data, actor=request.actor, day=today()),
        heading="Sửa đợt nghỉ, việc bị xem xét",
        submit="Lưu",
        done="Đã lưu.",
        back=address_of(row.person),
        person=row.person,
    )


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The review was concluded, or the leave ended earlier."""
    row = _open(request, pk)
    form = CircumstanceEndForm(posted(request), initial={"last_day": row.last_day or today()})
    return answer_form(
        request,
        form,
        lambda: end_circumstance(row, **form.cleaned_data, actor=request.actor, day=today()),
        heading=f"Kết thúc: {row.get_kind_display().lower()} từ ngày {row.first_day:%d/%m/%Y}",
        submit="Ghi ngày kết thúc",
        done="Đã ghi ngày kết thúc.",
        back=address_of(row.person),
        person=row.person,
    )


@require_http_methods(POSTS)
@unit_view("units.change_circumstance")
def circumstance_delete(request: UnitRequest, pk: UUID) -> HttpResponse:
    row = _open(request, pk)
    form = ReasonForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: delete_circumstance(row, reason=form.cleaned_data["reason"], actor=request.actor),
        heading=f"Xóa: {row.get_kind_display().lower()} từ ngày {row.first_day:%d/%m/%Y}",
        submit="Xóa dòng này",
        done="Đã xóa.",
        back=address_of(row.person),
        person=row.person,
        is_risky=True,
    )
