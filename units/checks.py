"""What must hold of the settings and of the database for the second fence to stand.

`manage.py check` looks at the settings; `manage.py check --deploy --database default` also asks the catalogue, as the
migration does and `manage.py check_fence`.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError

from units.roles import Role

# The usual port of PgBouncer; PostgreSQL itself answers on another.
POOLER_PORT = "6432"


@register
def check_no_prepared_plans(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """No plan, role or setting of one person may reach the next one on the same connection."""
    return [message for alias, database in settings.DATABASES.items() for message in _look_at(alias, database)]


def _look_at(alias: str, database: Mapping[str, Any]) -> Iterator[CheckMessage]:
    options = database.get("OPTIONS", {})
    if options.get("prepare_threshold") is not None or options.get("server_side_binding"):
        # A plan prepared in one scope carries that scope's bounds into the next one, and is thousands of times slower.
        yield Error(
            f"Kết nối «{alias}» giữ sẵn câu lệnh trên máy chủ dữ liệu.",
            hint="Bỏ prepare_threshold và server_side_binding; nếu có bộ gom kết nối, tắt prepared statements.",
            id="units.E001",
        )
    if options.get("pool"):
        # A scope gives up a connection whose persona is unknown by closing it; a pool would hand it to the next one.
        yield Error(
            f"Kết nối «{alias}» dùng bộ gom kết nối của Django.",
            hint="Bỏ OPTIONS['pool']; dùng CONN_MAX_AGE để giữ kết nối của từng tiến trình.",
            id="units.E002",
        )
    if database.get("DISABLE_SERVER_SIDE_CURSORS"):
        # Only a pooler that changes the server's session between transactions needs this setting.
        yield Error(
            f"Kết nối «{alias}» được đặt cho bộ gom kết nối theo từng giao dịch.",
            hint=(
                "Vai và phạm vi đặt ngoài giao dịch sẽ sang người khác. Nối thẳng tới PostgreSQL, hoặc đặt bộ gom ở "
                "chế độ session với server_reset_query = DISCARD ALL, rồi bỏ DISABLE_SERVER_SIDE_CURSORS."
            ),
            id="units.E003",
        )
    if options.get("assume_role"):
        yield Error(
            f"Kết nối «{alias}» vào sẵn một vai.",
            hint="Bỏ OPTIONS['assume_role']: vai chỉ được đặt khi vào phạm vi, và hết cùng phạm vi.",
            id="units.E004",
        )
    if str(database.get("PORT", "")) == POOLER_PORT:
        yield Caution(
            f"Kết nối «{alias}» có vẻ đi qua PgBouncer (cổng {POOLER_PORT}).",
            hint="Chỉ dùng được ở chế độ session, với server_reset_query = DISCARD ALL và max_prepared_statements = 0.",
            id="units.W001",
        )


@register
def check_second_factor_required(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """An installation behind https is a real one; the requirement is turned off for demonstrations only."""
    if not settings.SECURE or settings.REQUIRE_SECOND_FACTOR:
        return []
    return [
        Caution(
            "Bản chạy thật không đòi yếu tố xác thực thứ hai.",
            hint="Bỏ REQUIRE_SECOND_FACTOR khỏi môi trường, hoặc đặt REQUIRE_SECOND_FACTOR=1.",
            id="units.W002",
        )
    ]


@register
def check_true_clock(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """A real installation tells the true day: its deadlines decide about people."""
    found: list[CheckMessage] = []
    if settings.DEMONSTRATION_CLOCK_FILE and (settings.SECURE or not settings.DEMONSTRATION_DAY):
        found.append(
            Error(
                "Bản chạy thật được trỏ tới một tệp dời ngày (DEMONSTRATION_CLOCK_FILE).",
                hint="Bỏ DEMONSTRATION_CLOCK_FILE khỏi môi trường; tệp ấy chỉ dùng cho bản trình diễn.",
                id="units.E008",
            )
        )
    if settings.SECURE and settings.DEMONSTRATION_DAY:
        found.append(
            Caution(
                f"«Hôm nay» của bản chạy thật bị đặt thành {settings.DEMONSTRATION_DAY}.",
                hint="Bỏ DEMONSTRATION_DAY khỏi môi trường để dùng ngày thật.",
                id="units.W004",
            )
        )
    return found


@register
def check_second_factor_roles(app_configs: Any, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """A role that is misspelt is a role that needs nothing; a list that is empty requires nothing of anybody."""
    known = ", ".join(Role.values)
    found: list[CheckMessage] = [
        Error(
            f"SECOND_FACTOR_ROLES có vai trò không tồn tại: «{role}».",
            hint=f"Các mã vai trò: {known}.",
            id="units.E007",
        )
        for role in settings.SECOND_FACTOR_ROLES
        if role not in Role.values
    ]
    if settings.REQUIRE_SECOND_FACTOR and not settings.SECOND_FACTOR_ROLES:
        found.append(
            Caution(
                "Yếu tố xác thực thứ hai được đòi hỏi nhưng không vai trò nào phải dùng: SECOND_FACTOR_ROLES để trống.",
                hint=f"Bỏ SECOND_FACTOR_ROLES khỏi môi trường để dùng mặc định, hoặc ghi các mã vai trò: {known}.",
                id="units.W003",
            )
        )
    return found


@register(Tags.database, deploy=True)
def check_catalogue(app_configs: Any, databases: Sequence[str] | None = None, **options: Any) -> list[CheckMessage]:  # noqa: ARG001  Django's signature
    """The gate of the catalogue, before a deployment takes its first request."""
    from units.fence_gate import list_gaps

    if not databases:
        return []
    try:
        gaps = list_gaps()
    except DatabaseError as error:
        return [Error(f"Không hỏi được danh mục của cơ sở dữ liệu: {error}", id="units.E005")]
    hint = "Chạy manage.py migrate bằng tài khoản chủ sở hữu; nếu còn, xem docs/operations.md."
    return [Error(f"Hàng rào giữa các đơn vị có chỗ hở. {gap}", hint=hint, id="units.E006") for gap in gaps]
