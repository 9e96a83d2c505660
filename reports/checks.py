"""What must hold of the settings for certificates to be printed and verified: `manage.py check`, `check --deploy`."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from reports.statements import StatementError, list_verifying_keys


@register
def check_certificate_keys(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """Every key is one, told at the start and not at the first certificate."""
    try:
        list_verifying_keys()
    except StatementError as problem:
        hint = (
            "Mỗi khóa tạo bằng: openssl rand -base64 32. Khóa đã nghỉ ghi public: rồi khóa công khai ở trang /verify/."
        )
        return [Error(f"CERTIFICATE_KEYS không đọc được: {problem}", hint=hint, id="reports.E001")]
    return []


@register
def check_certificates_a_part(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """A file of no certificates would never come to an end."""
    if settings.CERTIFICATES_A_PART >= 1:
        return []
    hint = "Ghi một số từ 1 trở lên, hoặc bỏ khỏi môi trường để dùng 500."
    return [Error(f"CERTIFICATES_A_PART là {settings.CERTIFICATES_A_PART}.", hint=hint, id="reports.E002")]


@register(Tags.security, deploy=True)
def check_certificates_are_signed(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  same
    try:
        signs = any(key.signs for key in list_verifying_keys())
    except StatementError:
        return []
    hint = "Tạo khóa bằng: openssl rand -base64 32, ghi vào CERTIFICATE_KEYS."
    return [] if signs else [Caution("Chưa có khóa nên không in được giấy có mã.", hint=hint, id="reports.W001")]
