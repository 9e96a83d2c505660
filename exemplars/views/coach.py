"""«Vì sao chưa»: what a person or a unit lacks for a recognition, and when it could be met."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from exemplars import rules
from exemplars.selectors.coach import advise, list_choices, veil
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.models import Person, Unit
from units.views.people import open_person

EARLIEST, LATEST = 2000, 2100


def read_year(request: UnitRequest) -> int:
    """The year asked for, else the present one; a crooked one is none."""
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isascii() and typed.isdigit() else 0
    return year if EARLIEST <= year <= LATEST else today().year


def _render(request: UnitRequest, subject: Person | Unit, *, address: str) -> HttpResponse:
    unit = subject.unit if isinstance(subject, Person) else subject
    kind = rules.NomineeKind.PERSON if isinstance(subject, Person) else rules.NomineeKind.COLLECTIVE
    year = read_year(request)
    choices = list_choices(unit, year, kind)
    asked = request.GET.get("recognition", "")
    chosen = next((one for one in choices if one.code == asked), choices[0] if choices else None)
    context: dict[str, Any] = {
        "subject": subject,
        "unit": unit,
        "is_person": isinstance(subject, Person),
        "year": year,
        "choices": choices,
        "chosen": chosen,
        "address": address,
    }
    if chosen is not None:
        advice = advise(subject, chosen.code, year, reader_path=request.actor.unit.path, day=today())
        if advice is not None:
            seen = veil(advice.findings, advice.judge.rulebook, request.actor.may)
            context |= {"advice": advice, "groups": _groups(seen)}
    return render(request, "exemplars/coach.html", context)


def _groups(findings: tuple[rules.Finding, ...]) -> list[dict[str, Any]]:
    """Findings by what there is to do, those with most to do first; a group without any is left out."""
    unmet, open_, met = rules.Status.UNMET, rules.Status.UNDETERMINED, rules.Status.MET
    sorts = (
        ("Chưa đạt", "Đối chiếu với sổ thì chưa đạt. Mỗi mục nói còn thiếu gì và sớm nhất khi nào.", unmet, None),
        (
            "Thiếu dữ liệu trong sổ",
            "Chưa ghi đủ để biết đạt hay không. Ghi bổ sung vào sổ.",
            open_,
            rules.Awaits.RECORD,
        ),
        ("Chờ người xác nhận", "Sổ không trả lời được; người có trách nhiệm nhận định.", open_, rules.Awaits.PEOPLE),
        ("Đã đạt", "", met, None),
    )
    groups = [
        {
            "title": title,
            "words": words,
            "is_record": key == (open_, rules.Awaits.RECORD),
            "findings": [one for one in findings if (one.status, one.awaits) == key],
        }
        for title, words, *key_parts in sorts
        for key in [tuple(key_parts)]
    ]
    return [one for one in groups if one["findings"]]


@require_GET
@unit_view("exemplars.view_criteria")
def person_criteria(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A person's standing by the criteria. It reads the record, so opening it leaves a line like the record does."""
    person = open_person(request, pk)
    return _render(request, person, address="exemplars:person-criteria")


@require_GET
@unit_view("exemplars.view_criteria")
def unit_criteria(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A collective's standing by the criteria."""
    unit = get_object_or_404(Unit.objects.below(request.actor.unit.path), pk=pk)
    return _render(request, unit, address="exemplars:unit-criteria")
