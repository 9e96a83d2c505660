"""Signing in and out, choosing the duty in which one works, and one's own account."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as allauth_views
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from units.clock import today
from units.duties import list_duties
from units.frame import SESSION_MEMBERSHIP, find_actor, home_address, show_actor
from units.models import AccountSession, Membership
from units.refusals import RefusedError
from units.second_factor import list_factors, needs_second_factor, used_second_factor
from units.services.accounts import end_other_sessions, end_session, unlink_provider
from units.services.rights import record_taking_up
from units.sessions import stored_key

sign_in = allauth_views.login
sign_out = auth_views.LogoutView.as_view(next_page=settings.LOGIN_URL)

View = Callable[..., HttpResponseBase]


def own_page(view: View) -> View:
    """A page of allauth about one's own account, inside our frame."""

    @login_required
    @wraps(view)
    def framed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        show_actor(request)
        return view(request, *args, **kwargs)

    return framed


@require_GET
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send each person to the first page of their duty."""
    return redirect(home_address(find_actor(request)))


@require_GET
@login_required
def help_page(request: HttpRequest) -> HttpResponse:
    request.actor = find_actor(request)  # type: ignore[attr-defined]
    return render(request, "units/help.html")


@require_GET
@login_required
def membership_list(request: HttpRequest) -> HttpResponse:
    """The duties of this account, to choose from."""
    show_actor(request)
    duties = list_duties(request.user)  # type: ignore[arg-type]
    return render(request, "units/membership_list.html", {"duties": duties})


@require_POST
@login_required
def membership_choose(request: HttpRequest) -> HttpResponse:
    """Work in another duty from now on; a duty that is not one's own is ignored."""
    chosen = request.POST.get("membership", "")
    duties = {str(one.pk): one for one in list_duties(request.user)}  # type: ignore[arg-type]
    if chosen in duties:
        # What was said to the duty left behind is nothing to the one taken up: reading the messages drops them.
        list(messages.get_messages(request))
        request.session[SESSION_MEMBERSHIP] = chosen
        request.session.cycle_key()
        duty = duties[chosen]
        membership = duty.actor.membership
        if membership is None or not needs_second_factor(membership.role) or used_second_factor(request):
            record_taking_up(duty.actor)
            messages.success(request, f"Từ bây giờ làm việc với tư cách {duty.title}, {duty.unit.short_name}.")
    return redirect("units:home")


def second_factor_needed(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Why the chosen duty waits, and the way on: set a second factor up, or use the one that stands."""
    request.actor = None  # type: ignore[attr-defined]
    types = {factor.type for factor in list_factors(membership.user)}
    context = {
        "membership": membership,
        "has_codes": Authenticator.Type.TOTP in types,
        "has_passkeys": Authenticator.Type.WEBAUTHN in types,
    }
    return render(request, "units/second_factor_needed.html", context, status=403)


@require_GET
@login_required
def my_account(request: HttpRequest) -> HttpResponse:
    """What belongs to one's own account, and the ways to change it."""
    return _render_account(request)


def _render_account(request: HttpRequest, refusal: RefusedError | None = None) -> HttpResponse:
    show_actor(request)
    context = {
        "refusal": refusal,
        "bound": SocialAccount.objects.filter(user=request.user.pk).first(),
        "factors": list_factors(request.user),  # type: ignore[arg-type]
        "sessions": AccountSession.objects.filter(account=request.user.pk).count(),
        "memberships": getattr(request, "duties", []),
    }
    return render(request, "units/my_account.html", context, status=422 if refusal else 200)


@require_POST
@login_required
def provider_unlink(request: HttpRequest) -> HttpResponse:
    """Forget which account of the identity provider signs in as oneself."""
    try:
        unlink_provider(request.user, day=today())  # type: ignore[arg-type]
    except RefusedError as refusal:
        return _render_account(request, refusal)
    messages.success(request, "Đã bỏ gắn. Từ lần sau đăng nhập bằng mật khẩu.")
    return redirect("units:my-account")


@require_GET
@login_required
def session_list(request: HttpRequest) -> HttpResponse:
    """Where this account is signed in."""
    show_actor(request)
    context = {
        "sessions": AccountSession.objects.filter(account=request.user.pk),
        "here": stored_key(request.session.session_key or ""),
        "hours": settings.SESSION_COOKIE_AGE // 3600,
        "idle_minutes": request.session.get("idle_seconds", settings.SESSION_IDLE_SECONDS) // 60,
    }
    return render(request, "units/session_list.html", context)


@require_POST
@login_required
def session_end(request: HttpRequest, key: str) -> HttpResponse:
    """Sign one of one's own sessions out at once."""
    session = get_object_or_404(AccountSession, account=request.user.pk, session_key=key)
    end_session(session)
    if key == stored_key(request.session.session_key or ""):
        request.session.flush()
        return redirect(settings.LOGIN_URL)
    messages.success(request, "Đã kết thúc phiên đăng nhập trên thiết bị đó.")
    return redirect("units:session-list")


@require_POST
@login_required
def session_end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = end_other_sessions(request.user, here=request.session.session_key or "")  # type: ignore[arg-type]
    messages.success(request, f"Đã kết thúc {ended} phiên đăng nhập khác.")
    return redirect("units:session-list")
