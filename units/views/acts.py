"""One form, one service call, one answer: what most pages of the register do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render

from units.frame import UnitRequest
from units.refusals import RefusedError


def posted(request: UnitRequest) -> QueryDict | None:
    """What was sent, for a form: an empty one that was sent is not the same as one only looked at."""
    return request.POST if request.method == "POST" else None


def answer_form(
    request: UnitRequest,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    heading: str,
    submit: str,
    back: str,
    done: str,
    template: str = "units/act.html",
    **context: Any,
) -> HttpResponse:
    """Show the form, or act and go `back` with `done` said; a refusal answers 422 with everything that was typed."""
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect(back)
    context |= {"form": form, "refusal": refusal, "heading": heading, "submit": submit, "back": back}
    return render(request, template, context, status=422 if request.method == "POST" else 200)
