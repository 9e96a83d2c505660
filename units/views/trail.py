"""Pages of the trail: of a unit, of a person, and of who opened one's own record."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from units.actors import Actor
from units.audit_words import describe_act, list_restricted
from units.forms.trail import PeriodForm, TrailForm, UnitTrailForm
from units.frame import UnitRequest, unit_view
from units.models import AuditEntry, Person, Unit
from units.paging import BoundedPaginator
from units.selectors.trail import list_openings, list_person_trail, list_unit_trail, name_subjects, within

PAGE_SIZE = 50


def hide_restricted(entries: QuerySet[AuditEntry], actor: Actor) -> QuerySet[AuditEntry]:
    """Leave out the lines whose very verb tells what `actor` may not read."""
    hidden = [verb for verb, permission in list_restricted().items() if not actor.may(permission)]
    return entries.exclude(verb__in=hidden) if hidden else entries


def narrow_trail(entries: QuerySet[AuditEntry], form: PeriodForm) -> QuerySet[AuditEntry] | None:
    """The entries that `form` asks for, or None when it asks for a day that is none."""
    if not form.is_valid():
        return None
    entries = within(entries, form.cleaned_data["since"], form.cleaned_data["until"])
    verb = form.cleaned_data.get("verb")
    return entries.filter(verb=verb) if verb else entries


def render_trail(
    request: UnitRequest,
    entries: QuerySet[AuditEntry],
    form: PeriodForm,
    *,
    template: str = "units/trail.html",
    **context: Any,
) -> HttpResponse:
    """A trail in words, narrowed by `form`; a day that is none answers 422 with the trail as it was."""
    entries = hide_restricted(entries, request.actor)
    narrowed = narrow_trail(entries, form)
    is_valid = narrowed is not None
    page = BoundedPaginator(entries if narrowed is None else narrowed, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    called = name_subjects(shown)
    context |= {
        "page": page,
        "lines": [
            {
                "at": entry.at,
                "who": entry.actor_label,
                "what": describe_act(entry.verb, entry.detail),
                "about": called.get((entry.subject_type, entry.subject_id), ""),
            }
            for entry in shown
        ],
        "form": form,
        "is_narrowed": is_valid and any(form.cleaned_data.values()),
        "trail_is_here": True,
    }
    return render(request, template, context, status=200 if is_valid else 422)


@require_GET
@unit_view("units.view_audit")
def trail(request: UnitRequest) -> HttpResponse:
    """The trail of the unit in which one works."""
    return redirect("units:trail-unit", pk=request.actor.unit.pk)


@require_GET
@unit_view("units.view_audit")
def trail_unit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The trail of one's own unit or of one below it."""
    reader_path = request.actor.unit.path
    unit = get_object_or_404(Unit.objects.below(reader_path), pk=pk)
    form = UnitTrailForm(request.GET)
    below = form.is_valid() and form.cleaned_data["below"]
    entries = list_unit_trail(unit, below=below, reader_path=reader_path)
    return render_trail(
        request, entries, form, unit=unit, heading=f"Nhật ký của {unit.name}", children=list(unit.children.all())
    )


@require_GET
@unit_view("units.view_audit")
def trail_person(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The trail of a person's record and awards."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    heading = f"Nhật ký hồ sơ của {person.full_name}"
    return render_trail(
        request, list_person_trail(person), TrailForm(request.GET), person=person, unit=person.unit, heading=heading
    )


@require_GET
@unit_view("units.view_own_openings")
def my_openings(request: UnitRequest) -> HttpResponse:
    """Who opened the record of the person who asks; nothing about anybody else."""
    duty = request.actor.membership
    person = duty.person_id if duty else None
    entries = list_openings(person) if person else AuditEntry.objects.none()
    return render_trail(
        request,
        entries,
        PeriodForm(request.GET),
        template="units/my_openings.html",
        has_record=bool(person),
        openings_are_here=True,
    )
