"""Pages of people."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from units.frame import UnitRequest, unit_view
from units.models import Person
from units.selectors.record import list_honours
from units.services.audit import record_act


@require_GET
@unit_view("units.view_person_record")
def person_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A person's record. Every opening leaves a line in the trail."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    record_act("open-record", person, actor=request.actor)
    context = {
        "person": person,
        "postings": person.postings.select_related("unit"),
        "gradings": person.gradings.all(),
        "honours": list_honours(person=person.pk),
    }
    return render(request, "units/person_detail.html", context)
