"""Pages of the ledger: an award of the past, its correction, its revocation, and whole decisions of past years."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from units.clock import today
from units.forms.record import (
    MORE_ROWS,
    MOST_ROWS,
    DecisionForm,
    DecisionRows,
    HonourCorrectForm,
    HonourForm,
    HonourRevokeForm,
)
from units.frame import UnitRequest, unit_view
from units.models import Honour, Person, Unit
from units.refusals import RefusedError
from units.selectors.people import NAMED
from units.services.honours import (
    Row,
    Verdict,
    correct_honour,
    create_honour,
    create_honours,
    judge_rows,
    revoke_honour,
)
from units.services.record import Subject
from units.views.acts import answer_form, posted
from units.views.people import open_person
from units.views.record import POSTS, open_row, own_unit, subject_context

OFFERED = 300


def _create(request: UnitRequest, subject: Subject) -> HttpResponse:
    form = HonourForm(posted(request), for_person=isinstance(subject, Person))

    def act() -> None:
        values = form.cleaned_data
        create_honour(
            subject,
            title=values["title"],
            year=values["year"],
            paper=form.paper(),
            said=form.said(),
            actor=request.actor,
            day=today(),
        )

    return answer_form(
        request,
        form,
        act,
        heading="Ghi khen thưởng từ quyết định giấy",
        submit="Ghi vào sổ khen thưởng",
        done="Đã ghi vào sổ khen thưởng.",
        catalogue=True,
        **subject_context(subject),
    )


@require_http_methods(POSTS)
@unit_view("units.create_honour")
def honour_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """An award of a person, entered from its paper decision."""
    return _create(request, open_person(request, pk))


@require_http_methods(POSTS)
@unit_view("units.create_honour")
def unit_honour_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """An award of a collective, entered from its paper decision."""
    return _create(request, own_unit(request, pk))


def _open_honour(request: UnitRequest, pk: UUID) -> tuple[Honour, Subject]:
    honour = get_object_or_404(Honour.objects.select_related("title", "unit", "person__unit"), pk=pk)
    return honour, open_row(request, honour)


@require_http_methods(POSTS)
@unit_view("units.correct_honour")
def honour_correct(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Mend an entry by a new one; the old one stays beside it with the reason."""
    honour, subject = _open_honour(request, pk)
    names = [name for name in HonourForm.base_fields if name != "title"]
    initial = {name: getattr(honour, name) for name in names} | {"title": honour.title.code}
    form = HonourCorrectForm(posted(request), initial=initial, for_person=isinstance(subject, Person))

    def act() -> None:
        values = form.cleaned_data
        correct_honour(
            honour,
            title=values["title"],
            year=values["year"],
            paper=form.paper(),
            said=form.said(),
            reason=values["reason"],
            actor=request.actor,
            day=today(),
        )

    return answer_form(
        request,
        form,
        act,
        heading="Đính chính một lần khen thưởng",
        submit="Ghi dòng đính chính",
        done="Đã ghi dòng đính chính; dòng cũ vẫn được giữ.",
        catalogue=True,
        **subject_context(subject),
    )


@require_http_methods(POSTS)
@unit_view("units.revoke_honour")
def honour_revoke(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take an honour back under a decision; the entry stays and counts no longer."""
    honour, subject = _open_honour(request, pk)
    form = HonourRevokeForm(posted(request))

    def act() -> None:
        values = form.cleaned_data
        revoke_honour(
            honour,
            kind=values["kind"],
            paper=form.paper(),
            reason=values["reason"],
            actor=request.actor,
            day=today(),
        )

    return answer_form(
        request,
        form,
        act,
        heading=f"Tước, hủy bỏ: {honour.title} năm {honour.year}",
        submit="Ghi quyết định thu hồi",
        done="Đã ghi quyết định thu hồi.",
        is_risky=True,
        **subject_context(subject),
    )


@require_http_methods(POSTS)
@unit_view("units.create_honour")
def past_decision_create(request: UnitRequest) -> HttpResponse:
    """A decision of past years with its whole list: check every row, then write all or none."""
    form, rows = DecisionForm(posted(request)), DecisionRows(posted(request), prefix="row")
    if request.method != "POST":
        return _render(request, form, rows)
    if "more" in request.POST:
        return _render(request, DecisionForm(initial=_typed(request)), _with_more(request))
    if not (form.is_valid() and rows.is_valid()):
        return _render(request, form, rows, status=422)
    typed = [row.row() for row in rows if row.cleaned_data.get("typed", "").strip()]
    if "save" in request.POST:
        return _save_decision(request, form, rows, typed)
    verdicts = judge_rows(typed, **_question(request, form))
    bad = any(one.problem for one in verdicts) or not verdicts
    return _render(request, form, rows, verdicts=verdicts, status=422 if bad else 200)


def _save_decision(request: UnitRequest, form: DecisionForm, rows: Any, typed: list[Row]) -> HttpResponse:
    try:
        honours = create_honours(typed, **_question(request, form))
    except RefusedError as refusal:
        verdicts = getattr(refusal, "verdicts", None)
        return _render(request, form, rows, verdicts=verdicts, refusal=refusal, status=422)
    number = form.cleaned_data["decision_number"]
    messages.success(request, f"Đã ghi {len(honours)} dòng của Quyết định số {number} vào sổ khen thưởng.")
    return redirect("units:past-decision-create")


def _question(request: UnitRequest, form: DecisionForm) -> dict[str, Any]:
    values = form.cleaned_data
    return {
        "title": values["title"],
        "year": values["year"],
        "paper": form.paper(),
        "actor": request.actor,
        "day": today(),
    }


def _typed(request: UnitRequest) -> dict[str, Any]:
    return {name: request.POST.get(name, "") for name in DecisionForm.base_fields}


def _with_more(request: UnitRequest) -> Any:
    """The same rows with empty ones added at the end."""
    data = request.POST.copy()
    shown = data.get("row-TOTAL_FORMS", "")
    data["row-TOTAL_FORMS"] = str(min(int(shown) + MORE_ROWS if shown.isdecimal() else MORE_ROWS, MOST_ROWS))
    return DecisionRows(data, prefix="row")


def _render(
    request: UnitRequest,
    form: DecisionForm,
    rows: Any,
    *,
    verdicts: list[Verdict] | None = None,
    refusal: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    path = request.actor.unit.path
    offered = [f"{code}{NAMED}{name}" for code, name in _first_people()]
    offered += [f"{unit.code}{NAMED}{unit.name}" for unit in Unit.objects.below(path)[:OFFERED]]
    judged = iter(verdicts or ())
    lines = [{"form": row, "verdict": next(judged, None) if _is_filled(row) else None} for row in rows]
    context = {
        "form": form,
        "rows": rows,
        "lines": lines,
        "offered": offered,
        "refusal": refusal,
        "verdicts": verdicts,
        "wrong": sum(bool(one.problem) for one in verdicts or ()),
        "may_save": bool(verdicts) and not any(one.problem for one in verdicts or ()),
        "most": MOST_ROWS,
    }
    return render(request, "units/past_decision.html", context, status=status)


def _first_people() -> list[tuple[str, str]]:
    return list(Person.objects.values_list("staff_code", "full_name")[:OFFERED])


def _is_filled(form: Any) -> bool:
    return bool(form.is_bound and (form.data.get(form.add_prefix("typed")) or "").strip())
