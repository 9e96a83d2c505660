"""The personal calendar feed: its page, and the address that a calendar reads."""

from hashlib import sha256

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from campaigns.models import CalendarFeed
from campaigns.selectors.feeds import find_feed
from campaigns.services.feeds import hash_token, renew_calendar_feed, revoke_calendar_feed, write_calendar
from units.clock import now, today
from units.frame import find_actor, show_actor
from units.scoping import unit_scope
from units.services.sign_in import FEED_ADDRESS
from units.views.limits import limited

SAFE_METHODS = frozenset({"GET", "HEAD"})


def _page(request: HttpRequest, **more: object) -> HttpResponse:
    feed = CalendarFeed.objects.filter(user=request.user.pk).first()
    return render(request, "campaigns/calendar_feed.html", {"feed": feed, **more})


@never_cache
@require_GET
@login_required
def calendar_feed(request: HttpRequest) -> HttpResponse:
    """Whether there is an address, since when, and the ways to make another or to close it."""
    show_actor(request)
    return _page(request)


@never_cache
@require_POST
@login_required
def calendar_feed_renew(request: HttpRequest) -> HttpResponse:
    """Make a new address and show it, this once."""
    actor = request.actor = find_actor(request)  # type: ignore[attr-defined]
    with transaction.atomic(), unit_scope(actor.unit.path):
        token = renew_calendar_feed(actor=actor, at=now())
    path = reverse("campaigns:calendar-feed-read", args=[token])
    return _page(request, address=f"{settings.SITE_ADDRESS}{path}")


@require_POST
@login_required
def calendar_feed_revoke(request: HttpRequest) -> HttpResponse:
    actor = find_actor(request)
    with transaction.atomic(), unit_scope(actor.unit.path):
        closed = revoke_calendar_feed(actor=actor)
    if closed:
        messages.success(request, "Đã thu hồi địa chỉ. Lịch nào đang đọc địa chỉ đó sẽ không cập nhật nữa.")
    return redirect("campaigns:calendar-feed")


@require_safe
@limited(FEED_ADDRESS, methods=SAFE_METHODS)
def calendar_feed_read(request: HttpRequest, token: str) -> HttpResponseBase:
    """The calendar behind a secret address. The address is the right; who has none finds nothing."""
    with transaction.atomic():
        feed = find_feed(hash_token(token))
        content = write_calendar(feed.user, day=today()) if feed else None
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, max-age=900"
    response["Content-Disposition"] = 'attachment; filename="viec-phai-lam.ics"'
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = f'"{sha256(content).hexdigest()[:32]}"'
    answer = get_conditional_response(request, etag=response["ETag"], response=response)
    assert answer is not None  # noqa: S101  given a response it returns one
    return answer
