"""Signing in and out, and choosing the duty in which one works."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from units.duties import list_duties
from units.forms.account import SignInForm
from units.frame import SESSION_MEMBERSHIP, find_actor, home_address
from units.services.rights import record_taking_up

sign_in = auth_views.LoginView.as_view(
    template_name="units/sign_in.html", authentication_form=SignInForm, redirect_authenticated_user=True
)
sign_out = auth_views.LogoutView.as_view(next_page=settings.LOGIN_URL)


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
    request.actor = find_actor(request)  # type: ignore[attr-defined]
    return render(request, "units/membership_list.html", {"duties": request.duties})  # type: ignore[attr-defined]


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
        record_taking_up(duty.actor)
        messages.success(request, f"Từ bây giờ làm việc với tư cách {duty.title}, {duty.unit.short_name}.")
    return redirect("units:home")
