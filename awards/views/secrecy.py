"""What keeps a ballot secret, in plain words."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from units.frame import show_actor


@require_GET
@login_required
def ballot_secrecy(request: HttpRequest) -> HttpResponse:
    """Open to every account: what is protected, from whom, and what is not."""
    show_actor(request)
    return render(request, "awards/secrecy.html")
