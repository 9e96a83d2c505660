"""What allauth's pages of one's own account lack here."""

from allauth.account import views as account
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.views import RemoveWebAuthnView
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse_lazy

from units.models import User

_remove = RemoveWebAuthnView.as_view(success_url=reverse_lazy("mfa_index"))


def passkey_remove(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Remove a passkey, unless it is the last second factor of somebody whose duty needs one."""
    passkey = get_object_or_404(Authenticator, pk=pk, user=request.user, type=Authenticator.Type.WEBAUTHN)
    adapter = get_adapter()
    if not adapter.can_delete_authenticator(passkey):
        messages.error(request, adapter.error_messages["cannot_delete_authenticator"])
        return redirect("mfa_index")
    removed: HttpResponseBase = _remove(request, pk=pk)
    return removed


def changeable_password(request: HttpRequest) -> HttpResponseBase:
    """Change the password; somebody who has none yet sets one through the letter of a reset."""
    if isinstance(request.user, User) and not request.user.has_usable_password():
        return redirect("account_reset_password")
    changed: HttpResponseBase = account.password_change(request)
    return changed
