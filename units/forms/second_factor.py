"""Forms of the second factor: codes are counted for the account, and the answer says how long to wait."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as base_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.exceptions import ValidationError

from units.services.sign_in import SECOND_FACTOR, count_try, forget_tries, waiting_words

WAIT = "Đã nhập sai mã nhiều lần, nên tạm thời chưa nhận mã. Chờ {wait} rồi nhập mã mới."
CODE_HINT = "6 chữ số trên ứng dụng mã, hoặc một mã dự phòng chưa dùng."


class _Counted:
    """A code of an account: at most a few wrong ones, whichever page asks for it."""

    user: Any
    fields: dict[str, Any]
    hint = CODE_HINT

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label, code.help_text = "Mã xác thực", self.hint
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}

    def clean_code(self) -> str:
        whom = str(self.user.pk)
        if wait := count_try(SECOND_FACTOR, whom):
            raise ValidationError(WAIT.format(wait=waiting_words(wait)), code="wait")
        code: str = super().clean_code()  # type: ignore[misc]
        forget_tries(SECOND_FACTOR, whom)
        return code


class AuthenticateForm(_Counted, base_forms.AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass


class ReauthenticateForm(_Counted, base_forms.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    pass


class ActivateTOTPForm(_Counted, totp_forms.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    hint = "6 chữ số mà ứng dụng đang hiện cho hệ thống này."


class ReplaceTOTPForm(totp_forms.ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The code of the new phone, and one that the account knows already. A sent form is one try, whatever was wrong."""

    current = forms.CharField(
        label="Mã của điện thoại cũ",
        help_text="6 chữ số mà ứng dụng trên điện thoại cũ đang hiện. Mất điện thoại cũ thì nhập một mã dự phòng.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric"}),
    )
    field_order = ["code", "current"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        code = self.fields["code"]
        code.label, code.help_text = "Mã của điện thoại mới", "6 chữ số mà ứng dụng trên điện thoại mới đang hiện."
        code.widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}

    def clean_code(self) -> str:
        if wait := count_try(SECOND_FACTOR, str(self.user.pk)):
            raise ValidationError(WAIT.format(wait=waiting_words(wait)), code="wait")
        code: str = super().clean_code()
        return code

    def clean(self) -> dict[str, Any] | None:
        """A code is good once, so the current one is used up only when the new one was right."""
        typed: dict[str, Any] | None = super().clean()
        if typed and "code" in typed and "current" in typed:
            if self._knows(typed["current"]):
                forget_tries(SECOND_FACTOR, str(self.user.pk))
            else:
                self.add_error("current", get_adapter().validation_error("incorrect_code"))
        return typed

    def _knows(self, code: str) -> bool:
        known = Authenticator.objects.filter(user=self.user).exclude(type=Authenticator.Type.WEBAUTHN)
        return any(one.wrap().validate_code(code) for one in known)


class AddPasskeyForm(webauthn_forms.AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey that also stands for the password: it always asks for a PIN, a finger or a face."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        name, passwordless = self.fields["name"], self.fields["passwordless"]
        name.label, name.help_text, name.max_length = "Tên gọi", "Để phân biệt khi có nhiều khóa.", 60
        passwordless.label = "Dùng được thay cho cả mật khẩu"
        passwordless.help_text = "Thiết bị sẽ hỏi mã PIN, vân tay hoặc khuôn mặt mỗi lần đăng nhập."
        passwordless.initial = True
