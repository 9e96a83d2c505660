"""How allauth behaves here: mail through the outbox, no sign-up, our words, secrets sealed at rest."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from units.clock import today
from units.devices import describe_device
from units.models import User
from units.second_factor import list_factors, mark_second_factor, needs_second_factor
from units.secret_box import seal, unseal
from units.services.letters import post_letter
from units.sessions import BEGAN, DEVICE, IDLE

PURPOSE = "second-factor"
# Values of a provider's claim are lists of words; what is no list says nothing.
AMR = "amr"
WRONG_SIGN_IN = "Tên đăng nhập hoặc mật khẩu không đúng. Nhập lại, hoặc đặt lại mật khẩu."


def display_name(user: User) -> str:
    return user.display_name


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = DefaultAccountAdapter.error_messages | {
        # allauth speaks no Vietnamese; what its pages here can never say stands below as well, so that nothing slips.
        "account_inactive": "Tài khoản đã ngừng hoạt động. Liên hệ quản trị đơn vị để được mở lại.",
        "cannot_remove_primary_email": "Địa chỉ chính không bỏ được. Đổi sang địa chỉ khác trước.",
        "duplicate_email": "Địa chỉ này đang là địa chỉ của tài khoản. Nhập địa chỉ khác.",
        "email_password_mismatch": WRONG_SIGN_IN,
        "email_taken": "Địa chỉ này không dùng được. Nhập địa chỉ khác.",
        "enter_current_password": "Mật khẩu hiện tại không đúng. Nhập lại mật khẩu đang dùng.",
        "incorrect_code": "Mã không đúng hoặc đã hết hạn. Nhập mã mới nhất trên thiết bị.",
        "incorrect_password": "Mật khẩu không đúng. Nhập lại mật khẩu đang dùng.",
        "invalid_login": WRONG_SIGN_IN,
        "invalid_or_expired_key": "Đường dẫn hoặc mã không còn hiệu lực. Yêu cầu gửi lại rồi dùng thư mới nhất.",
        "invalid_password_reset": "Đường dẫn đặt lại mật khẩu không còn hiệu lực.",
        "max_email_addresses": "Đang có một địa chỉ chờ xác nhận. Xác nhận hoặc chờ hết hạn rồi đổi tiếp.",
        "phone_password_mismatch": WRONG_SIGN_IN,
        "phone_taken": "Số này đang thuộc một tài khoản khác.",
        "rate_limited": "Gửi quá nhiều yêu cầu trong thời gian ngắn. Chờ vài phút rồi làm lại.",
        "same_as_current": "Giá trị mới phải khác giá trị đang dùng.",
        "select_only_one": "Chỉ chọn một mục.",
        "too_many_login_attempts": "Nhập sai quá nhiều lần. Chờ ít phút rồi thử lại, hoặc đặt lại mật khẩu.",
        "unknown_email": "Không có tài khoản nào dùng địa chỉ này.",
        "unknown_phone": "Không có tài khoản nào dùng số này.",
        "unverified_primary_email": "Địa chỉ cần được xác nhận trước.",
        "username_blacklisted": "Tên đăng nhập này không dùng được. Chọn tên khác.",
        "username_password_mismatch": WRONG_SIGN_IN,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in, and note in the session what a person needs to recognise it and when it ends."""
        super().login(request, user)
        roles = user.memberships.on(today()).values_list("role", flat=True)
        is_guarded = any(needs_second_factor(role) for role in roles)
        request.session[BEGAN] = time.time()
        request.session[DEVICE] = describe_device(request.headers.get("user-agent", ""))
        request.session[IDLE] = (
            settings.SESSION_IDLE_SECONDS_SECOND_FACTOR if is_guarded else settings.SESSION_IDLE_SECONDS
        )
        if getattr(request, "provider_used_second_factor", False):
            mark_second_factor(request, user, type="provider")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox, so that a mail server that is away loses nothing and slows no page."""
        message = self.render_mail(template_prefix, email, {"email": email, "site": settings.SITE_ADDRESS} | context)
        post_letter(email, message.subject, str(message.body))

    def send_notification_mail(
        self, template_prefix: str, user: User, context: dict[str, Any] | None = None, email: str | None = None
    ) -> None:
        """What was changed in an account, without address and browser of whoever did it."""
        recipient = email or EmailAddress.objects.get_primary_email(user) or user.email
        if recipient:
            self.send_mail(template_prefix, recipient, {"user": user} | (context or {}))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002  allauth's signature
        return reverse("units:my-account")

    def get_email_verification_redirect_url(self, email_address: Any) -> str:  # noqa: ARG002  allauth's signature
        return reverse("units:my-account")


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Tài khoản dùng hai yếu tố không thêm được địa chỉ thư ở đây.",
        "cannot_delete_authenticator": (
            "Vai trò đang giữ cần yếu tố xác thực thứ hai, nên chưa gỡ được cách duy nhất còn lại. "
            "Thêm một cách khác trước, rồi gỡ cách này."
        ),
        "cannot_generate_recovery_codes": "Chưa có ứng dụng mã hay khóa truy cập nào, nên chưa tạo được mã dự phòng.",
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
        "unverified_email": "Xác nhận địa chỉ thư trước, rồi bật yếu tố xác thực thứ hai.",
    }

    def encrypt(self, text: str) -> str:
        return seal(text, PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text, PURPOSE)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        if len(list_factors(user)) > 1:
            return True
        return not any(needs_second_factor(one.role) for one in user.memberships.on(today()))

    def generate_authenticator_name(self, user: User, type: str) -> str:  # noqa: A002  allauth's signature
        number = Authenticator.objects.filter(user=user, type=type).count() + 1
        return f"Khóa truy cập {number}"

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)


class ProviderAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "connected_other": "Tài khoản ở hệ thống đăng nhập tập trung này đang gắn với người khác.",
        "disconnect_last": "Đặt mật khẩu trước khi bỏ gắn.",
        "email_taken": "Địa chỉ này thuộc một tài khoản đã có; %s chưa gắn được. Đăng nhập bằng tài khoản đó trước.",
        "invalid_token": "Trả lời của hệ thống đăng nhập tập trung không hợp lệ. Đăng nhập lại.",
        "no_password": "Tài khoản chưa có mật khẩu.",
        "no_verified_email": "Tài khoản chưa có địa chỉ thư đã xác nhận.",
    }

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002  allauth's signature
        return False

    def authenticate_by_email(self, sociallogin: Any) -> tuple[User, str] | None:
        """An account whose own address was verified here and is the one that the provider has verified."""
        for address in sociallogin.email_addresses:
            known = EmailAddress.objects.filter(email=address.email.lower(), verified=True).select_related("user")
            if address.verified is True and (found := known.first()):
                return found.user, address.email
        return None

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.state.get("process") != "login":
            raise ImmediateHttpResponse(redirect("units:home"))
        if not sociallogin.is_existing:
            raise ImmediateHttpResponse(_refuse_unknown(request))
        claims = (sociallogin.account.extra_data or {}).get("id_token") or {}
        used = claims.get(AMR)
        request.provider_used_second_factor = isinstance(used, list) and any(  # type: ignore[attr-defined]
            value in settings.OIDC_SECOND_FACTOR_AMR for value in used
        )

    def on_authentication_error(self, request: HttpRequest, *args: Any, **options: Any) -> None:  # noqa: ARG002  allauth's signature
        raise ImmediateHttpResponse(provider_failed(request))


def provider_failed(request: HttpRequest) -> HttpResponse:
    """Back to sign-in, where other ways stand."""
    messages.error(
        request,
        f"Chưa đăng nhập được bằng {settings.OIDC_NAME}: máy chủ xác thực không trả lời hoặc trả lời không hợp lệ. "
        "Thử lại, hoặc đăng nhập bằng mật khẩu.",
    )
    return redirect("units:sign-in")


def _refuse_unknown(request: HttpRequest) -> HttpResponse:
    """The same answer for nobody, for an unverified address and for somebody without an account."""
    messages.error(
        request,
        f"Tài khoản vừa xác thực ở {settings.OIDC_NAME} chưa gắn với tài khoản nào ở đây, nên chưa đăng nhập được. "
        "Tài khoản mở theo lời mời: liên hệ quản trị đơn vị.",
    )
    return redirect("units:sign-in")
