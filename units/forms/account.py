"""Forms of the account: signing in, and what a person changes in their own account."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.views.decorators.debug import sensitive_variables

from units.models import User
from units.selectors.accounts import list_holders
from units.services.sign_in import (
    ADDRESS,
    NAME,
    RESET_NAME,
    count_try,
    forget_tries,
    take_back_try,
    waiting_words,
)

WRONG = (
    "Tên đăng nhập hoặc mật khẩu không đúng, nên chưa đăng nhập được. "
    "Kiểm tra chế độ gõ tiếng Việt và phím Caps Lock rồi nhập lại."
)
WAIT_NAME = (
    "Tên đăng nhập này đã bị nhập sai mật khẩu nhiều lần, nên tạm thời chưa đăng nhập được. "
    "Chờ {wait} rồi thử lại; nếu quên mật khẩu, chọn «Quên mật khẩu» để đặt lại."
)
WAIT_ADDRESS = (
    "Từ mạng này đã có quá nhiều lần nhập sai mật khẩu, nên tạm thời chưa đăng nhập được. Chờ {wait} rồi thử lại."
)
WAIT_RESET = "Đã có nhiều yêu cầu gửi thư tới địa chỉ này. Xem lại hộp thư, kể cả thư rác, hoặc chờ {wait}."
LENGTH_HINT = "Ít nhất 12 ký tự; nên ghép vài từ không liên quan. Không dùng mật khẩu phổ biến."
DIFFERENT = "Hai lần nhập mật khẩu mới khác nhau. Nhập lại cả hai ô."


def client_address(request: HttpRequest) -> str:
    """Whom to count for: the address that the connection or our own proxies name. It is hashed, never logged."""
    return str(get_adapter().get_client_ip(request))


def _name(form: forms.BaseForm, field: str, label: str, **attrs: str) -> None:
    """Our words on a field of allauth, without its placeholder and its link."""
    one = form.fields[field]
    one.label, one.help_text = label, attrs.pop("help_text", "")
    one.widget.attrs.pop("placeholder", None)
    one.widget.attrs |= attrs


class SignInForm(allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Sign in by name or address and password; the refusal never says which was wrong, nor whether the name exists."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self, "login", "Tên đăng nhập hoặc thư điện tử", autocomplete="username", autocapitalize="none")
        _name(self, "password", "Mật khẩu")

    def user_credentials(self) -> dict[str, str]:
        """Either an address or a name, never both: looking twice would take longer where an account exists.

        An address that nobody has confirmed is as good as none.
        """
        login: str = self.cleaned_data["login"]
        if "@" in login and not list_holders(login):
            return {"email": "", "password": self.cleaned_data["password"]}
        return {"email" if "@" in login else "username": login, "password": self.cleaned_data["password"]}

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        name, address = self.cleaned_data.get("login"), client_address(self.request)
        if not name or not self.cleaned_data.get("password"):
            return dict(self.cleaned_data)
        for kind, whom, words in ((NAME, name, WAIT_NAME), (ADDRESS, address, WAIT_ADDRESS)):
            if wait := count_try(kind, whom):
                raise ValidationError(words.format(wait=waiting_words(wait)), code="wait")
        try:
            cleaned: dict[str, Any] = super().clean()
        except ValidationError as error:
            raise ValidationError(WRONG, code="invalid_login") from error
        forget_tries(NAME, name)
        take_back_try(ADDRESS, address)
        return cleaned


class ReauthenticateForm(allauth_forms.ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The password again, before something that decides over the account."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self, "password", "Mật khẩu đang dùng")

    @sensitive_variables()
    def clean_password(self) -> str:
        whom = str(self.user.pk)
        if wait := count_try(NAME, whom):
            raise ValidationError(f"Đã nhập sai nhiều lần. Chờ {waiting_words(wait)} rồi thử lại.", code="wait")
        password: str = super().clean_password()
        forget_tries(NAME, whom)
        return password


class _NewPassword:
    """Our words on the two boxes of a new password."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self, "password1", "Mật khẩu mới", help_text=LENGTH_HINT)  # type: ignore[arg-type]
        _name(self, "password2", "Nhập lại mật khẩu mới")  # type: ignore[arg-type]

    def clean(self) -> dict[str, Any]:
        """In place of allauth's, which says in its own words that the two differ."""
        first, second = self.cleaned_data.get("password1"), self.cleaned_data.get("password2")
        if first and second and first != second:
            self.add_error("password2", DIFFERENT)  # type: ignore[attr-defined]
        return self.cleaned_data


class ChangePasswordForm(_NewPassword, allauth_forms.ChangePasswordForm):  # type: ignore[misc]  # allauth has no types
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self, "oldpassword", "Mật khẩu đang dùng")

    @sensitive_variables()
    def clean_oldpassword(self) -> str:
        whom = str(self.user.pk)
        if wait := count_try(NAME, whom):
            raise ValidationError(f"Đã nhập sai nhiều lần. Chờ {waiting_words(wait)} rồi thử lại.", code="wait")
        password: str = super().clean_oldpassword()
        forget_tries(NAME, whom)
        return password


class ResetPasswordKeyForm(_NewPassword, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]  # allauth has no types
    pass


class ResetPasswordForm(allauth_forms.ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """Ask for a link; the answer is the same whether or not an account has this address."""

    users: list[User]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self, "email", "Thư điện tử của tài khoản")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if wait := count_try(RESET_NAME, email):
            raise ValidationError(WAIT_RESET.format(wait=waiting_words(wait)), code="wait")
        # The link goes to the address as typed, so only to whoever has confirmed it.
        holders = list_holders(email)
        self.users = [one for one in self.users if one.pk in holders]
        return email


class ChangeEmailForm(allauth_forms.AddEmailForm):  # type: ignore[misc]  # allauth has no types
    """A new address; it counts only after the letter sent to it was answered."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        _name(self, "email", "Thư điện tử mới")

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if wait := count_try(RESET_NAME, email):
            raise ValidationError(WAIT_RESET.format(wait=waiting_words(wait)), code="wait")
        return email
