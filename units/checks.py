"""What must hold of the settings for the second fence to stand."""

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import Error, register


@register
def check_no_prepared_plans(app_configs: Any, **options: Any) -> list[Error]:  # noqa: ARG001  Django's signature
    """A plan prepared in one scope carries that scope's bounds into the next one, and is thousands of times slower."""
    found = []
    for alias, database in settings.DATABASES.items():
        extra = database.get("OPTIONS", {})
        if extra.get("prepare_threshold") is not None or extra.get("server_side_binding"):
            found.append(
                Error(
                    f"Kết nối «{alias}» giữ sẵn câu lệnh trên máy chủ dữ liệu.",
                    hint="Bỏ prepare_threshold và server_side_binding; nếu có bộ gom kết nối, tắt prepared statements.",
                    id="units.E001",
                )
            )
    return found


@register
def check_second_factor_required(app_configs: Any, **options: Any) -> list[checks.Warning]:  # noqa: ARG001  Django's signature
    """An installation behind https is a real one; the requirement is turned off for demonstrations only."""
    if not settings.SECURE or settings.REQUIRE_SECOND_FACTOR:
        return []
    return [
        checks.Warning(
            "Bản chạy thật không đòi yếu tố xác thực thứ hai.",
            hint="Bỏ REQUIRE_SECOND_FACTOR khỏi môi trường, hoặc đặt REQUIRE_SECOND_FACTOR=1.",
            id="units.W001",
        )
    ]
