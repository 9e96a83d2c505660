"""What a member keeps for themselves: the mark of having read, taken back, and notes that nobody else reads."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_POST

from awards.forms.readings import NoteForm
from awards.frame import CouncilRequest, council_view
from awards.selectors.councils import list_sittings
from awards.selectors.readings import days_kept, list_notes
from awards.services.readings import erase_notes, take_back_reading, write_note
from awards.views.review import get_case, render_item


@require_POST
@council_view("awards.take_back_reading")
def reading_take_back(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """Count the case as not read. Leads to the list: opening the case again would mark it again."""
    item = get_case(pk)
    take_back_reading(item, actor=request.actor)
    messages.success(request, f"Đã ghi lại là chưa đọc: {item.nomination.nominee_name}.")
    return redirect(f"{reverse('awards:sitting-detail', args=[item.sitting_id])}#truong-hop")


@sensitive_post_parameters("note")
@require_POST
@council_view("awards.write_note")
def note_write(request: CouncilRequest, pk: UUID) -> HttpResponseBase:
    """Keep the member's own words about a case; empty words erase them."""
    item = get_case(pk)
    follow = bool(request.POST.get("follow"))
    form = NoteForm(request.POST)
    if not form.is_valid():
        return render_item(request, item, follow=follow, status=422, form=form)
    write_note(item, form.cleaned_data["note"], actor=request.actor)
    messages.success(request, "Đã lưu ghi chép." if form.cleaned_data["note"] else "Đã xóa ghi chép.")
    return redirect(f"{reverse('awards:item-review', args=[pk])}{'?follow=1' if follow else ''}#ghi-chep")


@require_GET
@council_view("awards.write_note")
def note_list(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """The member's own notes of one sitting, also after it is over, until they are deleted."""
    sitting = get_object_or_404(list_sittings(), pk=pk)
    notes = list_notes(request.actor.account, sitting)
    context = {"sitting": sitting, "notes": notes, "days_kept": days_kept()}
    return render(request, "awards/note_list.html", context)


@require_POST
@council_view("awards.erase_notes")
def notes_erase(request: CouncilRequest, pk: UUID) -> HttpResponse:
    sitting = get_object_or_404(list_sittings(), pk=pk)
    erased = erase_notes(sitting, actor=request.actor)
    messages.success(request, f"Đã xóa {erased} ghi chép." if erased else "Không còn ghi chép nào để xóa.")
    return redirect("awards:note-list", pk=pk)
