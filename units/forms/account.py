"""Forms of the account."""

from typing import Any

from django.contrib.auth.forms import AuthenticationForm


class SignInForm(AuthenticationForm):
    """Sign in by name and password; the refusal never says which of the two was wrong."""

    error_messages = {
        "invalid_login": (
            "Tên đăng nhập hoặc mật khẩu không đúng, nên chưa đăng nhập được. "
            "Kiểm tra chế độ gõ tiếng Việt và phím Caps Lock rồi nhập lại."
        ),
        "inactive": "Tài khoản đã ngừng hoạt động. Liên hệ bộ phận quản trị của đơn vị để được mở lại.",
    }

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["username"].label = "Tên đăng nhập"
        self.fields["password"].label = "Mật khẩu"
