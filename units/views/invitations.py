"""Opening an invitation: pages for somebody who has no account yet."""

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import now, today
from units.forms.accounts import FirstPasswordForm
from units.frame import SESSION_MEMBERSHIP, show_actor
from units.models import Invitation, User
from units.refusals import RefusedError
from units.services.invitations import (
    GONE,
    accept_with_new_account,
    accept_with_own_account,
    find_invitation,
    find_invited,
)
from units.services.sign_in import LINK_ADDRESS
from units.views.limits import limited

# Where the link waits while its reader signs in: in the session, so that no further address carries it.
SESSION_LINK = "invitation"


@require_GET
@limited(LINK_ADDRESS, methods=frozenset({"GET"}))
@never_cache
def invitation_open(request: HttpRequest, token: str) -> HttpResponse:
    """Take the link out of the address."""
    request.session[SESSION_LINK] = token
    return redirect("units:invitation-accept")


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters("password1", "password2")
@never_cache
def invitation_accept(request: HttpRequest) -> HttpResponse:
    """Show what is offered, and take it up: with a new account, or with the one that has this address."""
    if request.user.is_authenticated:
        show_actor(request)
    token = request.session.get(SESSION_LINK, "")
    invitation = find_invitation(token, at=now()) if token else None
    if invitation is None:
        return _render(request, None, refusal=GONE)
    invited = find_invited(invitation)
    if request.method == "GET":
        return _render(request, invitation, invited=invited, form=FirstPasswordForm())
    try:
        if invited is None:
            return _accept_as_new(request, invitation, token)
        return _accept_as_known(request, invitation, invited, token)
    except RefusedError as refusal:
        return _render(request, invitation, invited=invited, refusal=refusal, form=FirstPasswordForm())


def _accept_as_new(request: HttpRequest, invitation: Invitation, token: str) -> HttpResponse:
    form = FirstPasswordForm(request.POST)
    if not form.is_valid():
        return _render(request, invitation, form=form, status=422)
    user = accept_with_new_account(token, password=form.cleaned_data["password1"], at=now(), day=today())
    if request.user.is_authenticated:
        logout(request)
    request.session.pop(SESSION_LINK, None)
    # The password was chosen this minute: setting up a second factor need not ask for it again.
    record_authentication(request, user, "password", reauthenticated=True)
    response: HttpResponse = perform_login(request, Login(user=user))
    messages.success(request, f"Đã mở tài khoản. Tên đăng nhập: {user.username}; cũng đăng nhập được bằng địa chỉ thư.")
    return response


def _accept_as_known(request: HttpRequest, invitation: Invitation, invited: User, token: str) -> HttpResponse:
    if request.user != invited:
        return _render(request, invitation, invited=invited, status=403)
    membership = accept_with_own_account(token, user=invited, at=now(), day=today())
    request.session.pop(SESSION_LINK, None)
    request.session[SESSION_MEMBERSHIP] = str(membership.pk)
    messages.success(request, f"Đã nhận tư cách {membership.get_role_display()}, {membership.unit.short_name}.")
    return redirect("units:home")


def _render(
    request: HttpRequest,
    invitation: Invitation | None,
    *,
    invited: User | None = None,
    form: FirstPasswordForm | None = None,
    refusal: RefusedError | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "invitation": invitation,
        "invited": invited,
        "is_me": invited is not None and request.user == invited,
        "form": form,
        "refusal": refusal,
    }
    return render(request, "units/invitation_accept.html", context, status=422 if refusal else status)
