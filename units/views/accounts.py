"""Pages of an administrator: accounts, invitations, and what is granted and taken away."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from units.clock import now, today
from units.forms.accounts import AccountFilterForm, ChangeEmailForm, DutyForm, InviteForm, ReasonForm
from units.frame import UnitRequest, unit_view
from units.models import Invitation, Unit, User
from units.refusals import RefusedError
from units.selectors.accounts import current_ids, find_waiting_email, list_accounts, list_invitations, memberships_below
from units.services import accounts, invitations

PAGE_SIZE = 50
# Suggestions for a box; where there are more units than this, a part of the name finds them.
SUGGESTED = 400


@require_GET
@unit_view("units.view_account")
def account_list(request: UnitRequest) -> HttpResponse:
    """Accounts with a duty in the own subtree."""
    form = AccountFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = list_accounts(request.actor.unit.path, day=today(), **chosen)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = [one for account in page for one in account.shown]  # type: ignore[attr-defined]
    context = {
        "page": page,
        "form": form,
        "current": current_ids(shown, today()),
        "is_narrowed": any(chosen.values()),
        "waiting": list_invitations(at=now(), state="waiting").count(),
    }
    return render(request, "units/account_list.html", context, status=200 if form.is_valid() else 422)


@require_GET
@unit_view("units.view_account")
def account_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """One account: who it is, its duties in the own subtree, and what may be done."""
    return render(request, "units/account_detail.html", _account_context(request, pk))


def _account_context(request: UnitRequest, pk: UUID) -> dict[str, Any]:
    account = get_object_or_404(list_accounts(request.actor.unit.path, day=today()), pk=pk)
    shown = account.shown  # type: ignore[attr-defined]
    return {
        "account": account,
        "current": current_ids(shown, today()),
        "is_own": account == request.actor.user,
        "waiting_email": find_waiting_email(account),
        "is_bound": SocialAccount.objects.filter(user=account).exists(),
    }


@require_http_methods(["GET", "POST"])
@unit_view("units.invite_account")
def account_invite(request: UnitRequest) -> HttpResponse:
    """Offer a duty by mail to somebody new, or to somebody who has an account elsewhere."""
    form = InviteForm(request.POST or None, path=request.actor.unit.path)
    refusal = None
    if request.method == "POST" and form.is_valid():
        email, name = form.cleaned_data["email"], form.cleaned_data["display_name"]
        try:
            invitations.invite_account(email, name, form.duty(), at=now(), actor=request.actor)
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, f"Đã gửi lời mời tới {email}.")
            return redirect("units:invitation-list")
    return _render_duty(request, "units/account_invite.html", form, refusal)


@require_http_methods(["GET", "POST"])
@unit_view("units.grant_membership")
def membership_grant(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Give a known account one more duty."""
    context = _account_context(request, pk)
    form = DutyForm(request.POST or None, path=request.actor.unit.path)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            accounts.grant_membership(context["account"], form.duty(), actor=request.actor)
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã giao tư cách và gửi thư báo cho chủ tài khoản.")
            return redirect("units:account-detail", pk=pk)
    return _render_duty(request, "units/membership_grant.html", form, refusal, **context)


def _render_duty(
    request: UnitRequest, template: str, form: DutyForm, refusal: RefusedError | None, **context: Any
) -> HttpResponse:
    units = list(Unit.objects.below(request.actor.unit.path).existing_on(today())[: SUGGESTED + 1])
    context |= {"form": form, "refusal": refusal, "units": units if len(units) <= SUGGESTED else []}
    return render(request, template, context, status=422 if refusal or form.errors else 200)


@require_http_methods(["GET", "POST"])
@unit_view("units.end_membership")
def membership_end(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take a duty away, at once."""
    membership = get_object_or_404(memberships_below(request.actor.unit.path).select_related("user"), pk=pk)
    return _with_reason(
        request,
        membership.user,
        lambda reason: accounts.end_membership(membership, reason=reason, day=today(), actor=request.actor),
        title="Kết thúc tư cách",
        words=f"{membership.get_role_display()}, {membership.unit.name}: thôi có hiệu lực ngay.",
        done="Đã kết thúc tư cách.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.deactivate_account")
def account_deactivate(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Close an account and sign it out everywhere."""
    account = _account_context(request, pk)["account"]
    return _with_reason(
        request,
        account,
        lambda reason: accounts.deactivate_account(account, reason=reason, day=today(), actor=request.actor),
        title="Ngừng hoạt động tài khoản",
        words="Mọi phiên đăng nhập của tài khoản kết thúc ngay và không đăng nhập lại được cho tới khi mở lại.",
        done="Tài khoản đã ngừng hoạt động.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.activate_account")
def account_activate(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Open a closed account again."""
    account = _account_context(request, pk)["account"]
    return _with_reason(
        request,
        account,
        lambda reason: accounts.activate_account(account, reason=reason, day=today(), actor=request.actor),
        title="Mở lại tài khoản",
        words="Tài khoản đăng nhập lại được, với các tư cách còn hiệu lực.",
        done="Đã mở lại tài khoản.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.change_email")
def email_change(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Write another address to an account; its owner confirms it by the letter sent there."""
    account = _account_context(request, pk)["account"]
    form = ChangeEmailForm(request.POST or None)
    return _with_reason(
        request,
        account,
        lambda reason: accounts.change_email(
            account, form.cleaned_data["email"], reason=reason, day=today(), actor=request.actor
        ),
        form=form,
        title="Đổi địa chỉ thư",
        words="Hãy xác minh đúng người trước. Địa chỉ cũ và địa chỉ mới đều nhận được thư; địa chỉ mới có hiệu lực khi "
        "người này mở đường dẫn trong thư, trong vòng 1 ngày.",
        done="Đã gửi thư xác nhận tới địa chỉ mới và thư báo tới địa chỉ cũ.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.reset_second_factor")
def second_factor_reset(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Take away the second factor of somebody who lost their device."""
    account = _account_context(request, pk)["account"]
    return _with_reason(
        request,
        account,
        lambda reason: accounts.reset_second_factor(account, reason=reason, day=today(), actor=request.actor),
        title="Gỡ yếu tố xác thực thứ hai",
        words="Dùng khi người này mất thiết bị. Hãy xác minh đúng người trước; mọi phiên đăng nhập kết thúc ngay "
        "và người này thiết lập lại ở lần đăng nhập sau.",
        done="Đã gỡ yếu tố xác thực thứ hai và gửi thư báo.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.unlink_account")
def account_unlink(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Unbind an account from the identity provider."""
    account = _account_context(request, pk)["account"]
    return _with_reason(
        request,
        account,
        lambda reason: accounts.unlink_account(account, reason=reason, day=today(), actor=request.actor),
        title=f"Bỏ gắn với {settings.OIDC_NAME}",
        words="Dùng khi gắn nhầm người hoặc người này không còn tài khoản ở máy chủ xác thực. Mọi phiên đăng nhập kết "
        "thúc ngay; lần sau người này đăng nhập bằng mật khẩu, chưa có mật khẩu thì đặt bằng «Quên mật khẩu».",
        done="Đã bỏ gắn và gửi thư báo.",
    )


def _with_reason(
    request: UnitRequest,
    account: User,
    act: Callable[[str], None],
    *,
    title: str,
    words: str,
    done: str,
    form: ReasonForm | None = None,
) -> HttpResponse:
    """Ask for the reason, do it, and say so; a refusal keeps what was typed."""
    form = form or ReasonForm(request.POST or None)
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data["reason"])
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, done)
            return redirect("units:account-detail", pk=account.pk)
    context = {"account": account, "form": form, "refusal": refusal, "title": title, "words": words}
    return render(request, "units/account_reason.html", context, status=422 if refusal or form.errors else 200)


@require_GET
@unit_view("units.view_account")
def invitation_list(request: UnitRequest) -> HttpResponse:
    """Invitations of the own subtree, newest first."""
    return _render_invitations(request)


def _render_invitations(request: UnitRequest, refusal: RefusedError | None = None) -> HttpResponse:
    page = Paginator(list_invitations(at=now()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "now": now(), "refusal": refusal}
    return render(request, "units/invitation_list.html", context, status=422 if refusal else 200)


@require_POST
@unit_view("units.resend_invitation")
def invitation_resend(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Send a new link; the old one ends."""
    invitation = get_object_or_404(Invitation.objects.all(), pk=pk)
    try:
        invitations.resend_invitation(invitation, at=now(), actor=request.actor)
    except RefusedError as refusal:
        return _render_invitations(request, refusal)
    messages.success(request, f"Đã gửi lại lời mời tới {invitation.email}; đường dẫn cũ không còn hiệu lực.")
    return redirect("units:invitation-list")


@require_POST
@unit_view("units.withdraw_invitation")
def invitation_withdraw(request: UnitRequest, pk: UUID) -> HttpResponse:
    """End an offer that nobody has taken up."""
    invitation = get_object_or_404(Invitation.objects.all(), pk=pk)
    try:
        invitations.withdraw_invitation(invitation, at=now(), actor=request.actor)
    except RefusedError as refusal:
        return _render_invitations(request, refusal)
    messages.success(request, f"Đã thu hồi lời mời gửi tới {invitation.email}.")
    return redirect("units:invitation-list")
