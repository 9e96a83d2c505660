"""What holds for every answer."""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from units.second_factor import SecondFactorMissingError
from units.views.account import second_factor_needed
from units.views.errors import not_by_address


class AnswersMiddleware:
    """Pages of a signed-in person stay out of every cache; the address of an action answers in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            response = not_by_address(request)
        # The session cookie, not the user: asking for the user would cost a query on pages that need none.
        if request.COOKIES and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """A duty that waits for a second factor answers with the way to it, whatever was asked."""
        if isinstance(exception, SecondFactorMissingError):
            return second_factor_needed(request, exception.membership)
        return None
