"""Forms of the account."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError
from django.views.decorators.debug import sensitive_variables

from units.services.sign_in import forget_tries, may_try


class SignInForm(AuthenticationForm):
    """Sign in by name and password; the refusal never says which of the two was wrong, nor whether the name exists."""

    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng, nên chưa đăng nhập được. "
            "Kiểm tra chế độ gõ tiếng Việt và phím Caps Lock rồi nhập lại."
        ),
        "wait": (
            "Tên đăng nhập này đã bị nhập sai mật khẩu nhiều lần, nên tạm thời chưa đăng nhập được. "
            "Chờ năm phút rồi thử lại; nếu quên mật khẩu, liên hệ bộ phận quản trị của đơn vị."
        ),
        "inactive": "Tài khoản đã ngừng hoạt động. Liên hệ bộ phận quản trị của đơn vị để được mở lại.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username")
        if not username or not self.cleaned_data.get("password"):
            return super().clean()
        if not may_try(username):
            raise ValidationError(self.error_messages["wait"], code="wait")
        cleaned = super().clean()
        forget_tries(username)
        return cleaned
