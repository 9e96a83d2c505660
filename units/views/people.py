"""Pages of people: the list, one person's record, and what is written about them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import today
from units.discipline_file import form_label, lapses_on
from units.forms.fields import UnitField
from units.forms.people import (
    ContactForm,
    PartyForm,
    PersonCreateForm,
    PersonEditForm,
    PersonFilterForm,
    PostingEditForm,
    PostingEndForm,
    PostingForm,
)
from units.frame import UnitRequest, unit_view
from units.models import Circumstance, DisciplinaryAction, PartyMembership, Person, PersonContact, Posting, Unit
from units.paging import MOST_ROWS, BoundedPaginator, ByIds
from units.refusals import RefusedError
from units.selectors.people import find_people, find_units, with_posts
from units.selectors.record import list_ledger
from units.selectors.search import MOST_FOUND
from units.services.audit import record_act
from units.services.people import (
    DuplicateError,
    create_person,
    create_posting,
    edit_person,
    edit_posting,
    end_posting,
    write_contact,
    write_party_membership,
)
from units.views.acts import answer_form, posted

PAGE_SIZE = 50
RARE = ("left", "unposted")  # most people of a list work


def open_person(request: UnitRequest, pk: UUID) -> Person:
    """The person of a page that shows their record. Opening one leaves a line in the trail, whatever the page."""
    person = get_object_or_404(Person.objects.select_related("unit"), pk=pk)
    if request.method == "GET":
        record_act("open-record", person, actor=request.actor)
    return person


def address_of(person: Person) -> str:
    return reverse("units:person-detail", args=[person.pk])


@require_GET
@unit_view("units.view_person")
def person_list(request: UnitRequest) -> HttpResponse:
    """People of one's own unit and of those below, by Vietnamese given names. The list itself opens no record."""
    form = PersonFilterForm(request.GET, root=request.actor.unit)
    is_valid = form.is_valid()
    unit = form.cleaned_data.get("unit") or request.actor.unit
    filters = form.filters()
    people = find_people(unit, day=today(), **filters)
    shown = with_posts(Person.objects.select_related("unit"), day=today())
    found = ByIds(people, shown, at_once=filters["standing"] in RARE)
    most = MOST_FOUND if filters["words"] else MOST_ROWS
    page = BoundedPaginator(found, PAGE_SIZE, most=most).get_page(request.GET.get("page"))
    is_narrowed = any(value for name, value in request.GET.items() if name != "page")
    context = {"form": form, "page": page, "unit": unit, "is_narrowed": is_narrowed}
    return render(request, "units/person_list.html", context, status=200 if is_valid else 422)


@require_GET
@unit_view("units.view_person_record")
def person_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """A person's record; of what only some may read, only what the actor's role needs is asked for."""
    person, actor = open_person(request, pk), request.actor
    context: dict[str, Any] = {
        "person": person,
        "postings": list(person.postings.select_related("unit")),
        "gradings": list(person.gradings.select_related("unit")),
        "eligibilities": list(person.titleeligibilitys.select_related("title", "unit")),
        "initiatives": list(person.initiatives.select_related("unit")),
        "honours": list(list_ledger(person=person.pk)),
        "day": today(),
    }
    if actor.may("units.view_discipline"):
        context["disciplines"] = [
            {"row": row, "form": form_label(row.form), "lapses": lapses_on(person.employment, row.form, row.decided_on)}
            for row in DisciplinaryAction.objects.filter(person=person).select_related("unit")
        ]
    if actor.may("units.view_circumstance"):
        context["circumstances"] = list(Circumstance.objects.filter(person=person).select_related("unit"))
    if actor.may("units.view_party"):
        context["party"] = PartyMembership.objects.filter(person=person).first()
    if actor.may("units.view_contact"):
        context["contact"] = PersonContact.objects.filter(person=person).first()
    return render(request, "units/person_detail.html", context)


def _named_unit(request: UnitRequest) -> Unit:
    """The unit from whose list one comes, else one's own."""
    own = request.actor.unit
    found = find_units(own.path, request.GET.get("unit", ""))
    return found[0] if len(found) == 1 else own


@require_http_methods(["GET", "POST"])
@unit_view("units.create_person")
def person_create(request: UnitRequest) -> HttpResponse:
    """Write a person with the first post; somebody who may be the same is shown first."""
    asks_again = "is_another" in request.POST
    form = PersonCreateForm(
        posted(request),
        root=request.actor.unit,
        asks_again=asks_again,
        initial={"unit": UnitField.words(_named_unit(request))},
    )
    refusal: RefusedError | None = None
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        try:
            person = create_person(
                values["unit"],
                form.particulars(),
                position=values["position"],
                is_head=values["is_head"],
                since=values["since"],
                is_another=values.get("is_another", False),
                actor=request.actor,
            )
        except DuplicateError as error:
            refusal = error
            form = PersonCreateForm(request.POST, root=request.actor.unit, asks_again=True)
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã ghi {person.full_name} vào sổ cán bộ.")
            return redirect("units:person-detail", pk=person.pk)
    context = {"form": form, "refusal": refusal, "alike": getattr(refusal, "people", [])}
    return render(request, "units/person_create.html", context, status=422 if request.method == "POST" else 200)


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_person")
def person_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Correct the particulars of a person, with a reason."""
    person = open_person(request, pk)
    form = PersonEditForm(posted(request), initial=PersonEditForm.initial_of(person))
    return answer_form(
        request,
        form,
        lambda: edit_person(person, form.particulars(), reason=form.cleaned_data["reason"], actor=request.actor),
        heading="Sửa thông tin cán bộ",
        submit="Lưu",
        back=address_of(person),
        done="Đã lưu thông tin cán bộ.",
        person=person,
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_party")
def party_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Party membership: read and written only by roles that need it."""
    person = open_person(request, pk)
    standing = PartyMembership.objects.filter(person=person).first()
    initial = {"is_member": bool(standing)}
    if standing:
        initial |= {"joined_on": standing.joined_on, "official_on": standing.official_on}  # type: ignore[dict-item]
    form = PartyForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: write_party_membership(person, **form.cleaned_data, actor=request.actor),
        heading="Đảng viên",
        submit="Lưu",
        back=address_of(person),
        done="Đã lưu thông tin đảng viên.",
        person=person,
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_contact")
def contact_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """How a person is reached: read and written only by roles that need it."""
    person = open_person(request, pk)
    standing = PersonContact.objects.filter(person=person).first()
    initial = {"email": standing.email, "phone": standing.phone} if standing else {}
    form = ContactForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: write_contact(person, **form.cleaned_data, actor=request.actor),
        heading="Liên hệ",
        submit="Lưu",
        back=address_of(person),
        done="Đã lưu thông tin liên hệ.",
        person=person,
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.create_posting")
def posting_create(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Write a post in the person's own unit."""
    person = open_person(request, pk)
    form = PostingForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: create_posting(person, **form.cleaned_data, actor=request.actor),
        heading=f"Ghi chức vụ tại {person.unit.name}",
        submit="Ghi chức vụ",
        back=address_of(person),
        done="Đã ghi chức vụ.",
        person=person,
    )


def _open_posting(request: UnitRequest, pk: UUID) -> Posting:
    posting = get_object_or_404(Posting.objects.select_related("unit"), pk=pk)
    posting.person = open_person(request, posting.person_id)
    return posting


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_posting")
def posting_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Correct a post, with a reason."""
    posting = _open_posting(request, pk)
    initial = {name: getattr(posting, name) for name in PostingForm.base_fields}
    form = PostingEditForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: edit_posting(posting, **form.cleaned_data, actor=request.actor),
        heading=f"Sửa chức vụ tại {posting.unit.name}",
        submit="Lưu",
        back=address_of(posting.person),
        done="Đã lưu chức vụ.",
        person=posting.person,
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.end_posting")
def posting_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End a post; with the last one the account's duties end too, and the page says so beforehand."""
    posting = _open_posting(request, pk)
    form = PostingEndForm(posted(request), initial={"last_day": today()})
    others = Posting.objects.filter(person=posting.person, valid_to__isnull=True).exclude(pk=posting.pk)
    warning = "" if others.exists() else "Đây là chức vụ cuối cùng: tư cách đăng nhập gắn với người này cũng kết thúc."
    return answer_form(
        request,
        form,
        lambda: end_posting(posting, **form.cleaned_data, actor=request.actor),
        heading=f"Kết thúc chức vụ {posting.position}",
        submit="Kết thúc chức vụ",
        back=address_of(posting.person),
        done="Đã kết thúc chức vụ.",
        person=posting.person,
        warning=warning,
    )
