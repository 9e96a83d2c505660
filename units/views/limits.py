"""Limits on pages that anybody may ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from units.forms.account import client_address
from units.services.sign_in import count_try, waiting_words
from units.views.errors import too_often

View = Callable[..., HttpResponseBase]


def limited(kind: str, *, methods: frozenset[str] = frozenset({"POST"})) -> Callable[[View], View]:
    """Let one address ask only so often; the refusal says how long to wait."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods and (wait := count_try(kind, client_address(request))):
                return too_often(waiting_words(wait))
            return view(request, *args, **kwargs)

        return counted

    return decorate
