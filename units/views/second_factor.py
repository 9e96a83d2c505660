"""What allauth's pages of one's own account lack here."""

import base64
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import views as totp
from allauth.mfa.totp.internal.auth import clear_totp_secret
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from units.clock import today
from units.forms.second_factor import ReplaceTOTPForm
from units.models import User
from units.second_factor import list_factors, mark_second_factor
from units.services.accounts import replace_code_app
from units.views.account import View, own_page

_remove = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))


def _one_at_a_time(view: View) -> View:
    """Let two removals of one account wait for each other, so that neither takes the other for what is left."""

    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            User.objects.select_for_update().get(username=request.user.get_username())
            return view(request, *args, **kwargs)

    return held


@_one_at_a_time
def passkey_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a passkey, unless it is the last second factor of somebody whose duty needs one."""
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    adapter = get_adapter()
    if not adapter.can_delete_authenticator(passkey):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")
    removed: HttpResponseBase = _remove(request, pk=pk)
    return removed


@_one_at_a_time
def code_app_remove(request: HttpRequest) -> HttpResponseBase:
    """Remove the code app, unless it is the last second factor of somebody whose duty needs one (422)."""
    removed: HttpResponseBase = totp.deactivate_totp(request)
    if request.method == "POST" and removed.status_code == HTTPStatus.OK:
        removed.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return removed


@require_http_methods(["GET", "POST"])
@own_page
@reauthentication_required(app="allauth.mfa")  # type: ignore[untyped-decorator]  # allauth has no types
def code_app_replace(request: HttpRequest) -> HttpResponseBase:
    """Go on with the code app of another phone: the new one counts, and the old one stops, in the same moment."""
    user = request.user
    if not isinstance(user, User) or Authenticator.Type.TOTP not in {one.type for one in list_factors(user)}:
        return redirect("mfa_activate_totp")
    form = ReplaceTOTPForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        replaced = replace_code_app(user, form.secret, at=timezone.now(), day=today())
        clear_totp_secret(request)
        mark_second_factor(request, user, id=replaced.pk, type=replaced.type, reauthenticated=True)
        messages.success(
            request, "Đã đổi sang ứng dụng mã trên điện thoại mới. Mã trên điện thoại cũ không còn dùng được."
        )
        return redirect("mfa_index")
    adapter = get_adapter()
    drawn = adapter.build_totp_svg(adapter.build_totp_url(user, form.secret))
    context = {"form": form, "picture": f"data:image/svg+xml;base64,{base64.b64encode(drawn.encode()).decode()}"}
    return render(request, "units/code_app_replace.html", context, status=422 if form.errors else 200)


def changeable_password(request: HttpRequest) -> HttpResponseBase:
    """Change the password; somebody who has none yet sets one through the letter of a reset."""
    if isinstance(request.user, User) and not request.user.has_usable_password():
        return redirect("account_reset_password")
    changed: HttpResponseBase = account.password_change(request)
    return changed
