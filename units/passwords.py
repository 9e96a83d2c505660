"""What a password must be, in words of the interface's language; Django has no Vietnamese for some of them."""

from django.contrib.auth.password_validation import MinimumLengthValidator


class LongEnoughValidator(MinimumLengthValidator):
    def get_error_message(self) -> str:
        return f"Mật khẩu quá ngắn. Cần ít nhất {self.min_length} ký tự; nên ghép vài từ không liên quan."

    def get_help_text(self) -> str:
        return f"Ít nhất {self.min_length} ký tự."
