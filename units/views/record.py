"""Pages where the record of a person or of a unit is written: gradings, eligibility, initiatives, discipline."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import today
from units.discipline_file import form_label
from units.forms.record import (
    DisciplineEditForm,
    DisciplineForm,
    EligibilityEditForm,
    EligibilityForm,
    GradingEditForm,
    GradingForm,
    InitiativeEditForm,
    InitiativeForm,
    ReasonForm,
)
from units.frame import UnitRequest, unit_view
from units.models import DisciplinaryAction, Grading, Initiative, Person, SubjectRecord, TitleEligibility, Unit
from units.selectors.record import list_ledger
from units.services.record import (
    Subject,
    create_discipline,
    create_eligibility,
    create_grading,
    create_initiative,
    delete_discipline,
    delete_eligibility,
    delete_grading,
    delete_initiative,
    edit_discipline,
    edit_eligibility,
    edit_grading,
    edit_initiative,
    eligibility_words,
)
from units.views.acts import answer_form, posted
from units.views.people import address_of, open_person

POSTS = ["GET", "POST"]


def own_unit(request: UnitRequest, pk: UUID) -> Unit:
    """A unit of the actor's branch: others are named in public, their records are not."""
    return get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)


def subject_context(subject: Subject) -> dict[str, Any]:
    """What the page of one form shows above it, and where it leads back."""
    if isinstance(subject, Person):
        return {"person": subject, "back": address_of(subject)}
    return {"unit": subject, "back": reverse("units:unit-record", args=[subject.pk])}


def open_row(request: UnitRequest, row: SubjectRecord) -> Subject:
    """Whom a row is about; opening it counts as opening the person's record."""
    return open_person(request, row.person_id) if row.person_id else row.unit


@require_GET
@unit_view("units.view_person_record")
def unit_record(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The record of a unit as a collective: what it holds, how it was graded, what it may be considered for."""
    unit = own_unit(request, pk)
    context = {
        "unit": unit,
        "honours": list(list_ledger(collective=unit.pk)),
        "gradings": list(Grading.objects.filter(collective=unit).select_related("unit")),
        "eligibilities": list(TitleEligibility.objects.filter(collective=unit).select_related("title", "unit")),
    }
    return render(request, "units/unit_record.html", context)


def _create(
    request: UnitRequest, form: forms.Form, create: Callable[..., Any], subject: Subject, *, heading: str, done: str
) -> HttpResponse:
    return answer_form(
        request,
        form,
        lambda: create(subject, **form.cleaned_data, actor=request.actor, day=today()),
        heading=heading,
        submit="Ghi vào hồ sơ",
        done=done,
        **subject_context(subject),
    )


def _edit(
    request: UnitRequest, form: forms.Form, edit: Callable[..., Any], row: Any, subject: Subject, *, heading: str
) -> HttpResponse:
    return answer_form(
        request,
        form,
        lambda: edit(row, **form.cleaned_data, actor=request.actor, day=today()),
        heading=heading,
        submit="Lưu",
        done="Đã lưu.",
        **subject_context(subject),
    )


def _delete(request: UnitRequest, delete: Callable[..., Any], row: Any, subject: Subject, *, what: str) -> HttpResponse:
    form = ReasonForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: delete(row, reason=form.cleaned_data["reason"], actor=request.actor),
        heading=f"Xóa: {what}",
        submit="Xóa dòng này",
        done="Đã xóa.",
        is_risky=True,
        **subject_context(subject),
    )


@require_http_methods(POSTS)
@unit_view("units.change_record")
def grading_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The grading of a person in a year."""
    form = GradingForm(posted(request))
    person = open_person(request, pk)
    return _create(request, form, create_grading, person, heading="Ghi xếp loại năm", done="Đã ghi xếp loại.")


@require_http_methods(POSTS)
@unit_view("units.change_record")
def unit_grading_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The grading of a collective in a year."""
    form = GradingForm(posted(request))
    unit = own_unit(request, pk)
    return _create(request, form, create_grading, unit, heading="Ghi xếp loại tập thể", done="Đã ghi xếp loại.")


def _grading(request: UnitRequest, pk: UUID) -> tuple[Grading, Subject]:
    row = get_object_or_404(Grading.objects.select_related("unit", "person__unit"), pk=pk)
    return row, open_row(request, row)


@require_http_methods(POSTS)
@unit_view("units.change_record")
def grading_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, subject = _grading(request, pk)
    initial = {name: getattr(row, name) for name in GradingForm.base_fields}
    form = GradingEditForm(posted(request), initial=initial)
    return _edit(request, form, edit_grading, row, subject, heading="Sửa xếp loại năm")


@require_http_methods(POSTS)
@unit_view("units.change_record")
def grading_delete(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, subject = _grading(request, pk)
    return _delete(request, delete_grading, row, subject, what=f"xếp loại {row}")


@require_http_methods(POSTS)
@unit_view("units.change_record")
def eligibility_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """That a person was found eligible, or not, to be considered for a title."""
    form = EligibilityForm(posted(request), for_person=True)
    person = open_person(request, pk)
    return _create(request, form, create_eligibility, person, heading="Ghi kết quả xét danh hiệu", done="Đã ghi.")


@require_http_methods(POSTS)
@unit_view("units.change_record")
def unit_eligibility_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """That a collective was found eligible, or not, to be considered for a title."""
    form = EligibilityForm(posted(request), for_person=False)
    unit = own_unit(request, pk)
    return _create(request, form, create_eligibility, unit, heading="Ghi kết quả xét danh hiệu", done="Đã ghi.")


def _eligibility(request: UnitRequest, pk: UUID) -> tuple[TitleEligibility, Subject]:
    row = get_object_or_404(TitleEligibility.objects.select_related("unit", "person__unit", "title"), pk=pk)
    return row, open_row(request, row)


@require_http_methods(POSTS)
@unit_view("units.change_record")
def eligibility_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, subject = _eligibility(request, pk)
    initial = {name: getattr(row, name) for name in EligibilityForm.base_fields}
    initial |= {"title": row.title.code, "is_eligible": "yes" if row.is_eligible else "no"}
    form = EligibilityEditForm(posted(request), initial=initial, for_person=bool(row.person_id))
    return _edit(request, form, edit_eligibility, row, subject, heading="Sửa kết quả xét danh hiệu")


@require_http_methods(POSTS)
@unit_view("units.change_record")
def eligibility_delete(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, subject = _eligibility(request, pk)
    return _delete(request, delete_eligibility, row, subject, what=f"kết quả xét {eligibility_words(row)}")


@require_http_methods(POSTS)
@unit_view("units.change_record")
def initiative_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """An initiative with all authors in sight, each with a share."""
    person = open_person(request, pk)
    form = InitiativeForm(posted(request))

    def act() -> None:
        values = form.cleaned_data
        create_initiative(
            person, form.particulars(), share=values["share"], others=values["others"], actor=request.actor, day=today()
        )

    return answer_form(
        request,
        form,
        act,
        heading="Ghi sáng kiến",
        submit="Ghi vào hồ sơ",
        done="Đã ghi sáng kiến.",
        **subject_context(person),
    )


def _initiative(request: UnitRequest, pk: UUID) -> tuple[Initiative, Person]:
    row = get_object_or_404(Initiative.objects.select_related("unit"), pk=pk)
    row.person = open_person(request, row.person_id)
    return row, row.person


@require_http_methods(POSTS)
@unit_view("units.change_record")
def initiative_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, person = _initiative(request, pk)
    names = [name for name in InitiativeEditForm.base_fields if name != "reason"]
    form = InitiativeEditForm(posted(request), initial={name: getattr(row, name) for name in names})

    def act() -> None:
        values = form.cleaned_data
        edit_initiative(
            row, form.particulars(), share=values["share"], reason=values["reason"], actor=request.actor, day=today()
        )

    return answer_form(
        request, form, act, heading="Sửa sáng kiến", submit="Lưu", done="Đã lưu.", **subject_context(person)
    )


@require_http_methods(POSTS)
@unit_view("units.change_record")
def initiative_delete(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, person = _initiative(request, pk)
    return _delete(request, delete_initiative, row, person, what=f"sáng kiến «{row.title}»")


@require_http_methods(POSTS)
@unit_view("units.change_discipline")
def discipline_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A disciplinary decision, its form chosen from the ladder of its day."""
    person = open_person(request, pk)
    form = DisciplineForm(posted(request), employment=person.employment)
    return _create(request, form, create_discipline, person, heading="Ghi quyết định kỷ luật", done="Đã ghi.")


def _discipline(request: UnitRequest, pk: UUID) -> tuple[DisciplinaryAction, Person]:
    row = get_object_or_404(DisciplinaryAction.objects.select_related("unit"), pk=pk)
    row.person = open_person(request, row.person_id)
    return row, row.person


@require_http_methods(POSTS)
@unit_view("units.change_discipline")
def discipline_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, person = _discipline(request, pk)
    initial = {name: getattr(row, name) for name in ("form", "decision_number", "decided_on", "effective_until")}
    form = DisciplineEditForm(posted(request), initial=initial, employment=person.employment)
    return _edit(request, form, edit_discipline, row, person, heading="Sửa quyết định kỷ luật")


@require_http_methods(POSTS)
@unit_view("units.change_discipline")
def discipline_delete(request: UnitRequest, pk: UUID) -> HttpResponse:
    row, person = _discipline(request, pk)
    what = f"quyết định kỷ luật số {row.decision_number} ({form_label(row.form).lower()})"
    return _delete(request, delete_discipline, row, person, what=what)
