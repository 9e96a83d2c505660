"""What must have been loaded for nominees to be judged as meant: `manage.py check --deploy --database default`."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError


@register(Tags.database, deploy=True)
def check_readings_are_loaded(
    app_configs: Any,  # noqa: ARG001  Django's signature
    databases: Sequence[str] | None = None,
    **options: Any,  # noqa: ARG001  same
) -> list[CheckMessage]:
    """Without them special cases are refused, and what follows a merger stays open."""
    from exemplars.models import MergerReading, SpecialCaseReading

    if not databases:
        return []
    try:
        is_loaded = MergerReading.objects.exists() and SpecialCaseReading.objects.exists()
    except DatabaseError:
        return []  # the check of the catalogue says that the database does not answer, and `migrate` makes the tables
    hint = "Chạy manage.py load_readings, hoặc thêm ở trang «Cách hiểu khi quy định để ngỏ»."
    return [] if is_loaded else [Caution("Chưa nạp cách hiểu khi quy định để ngỏ.", hint=hint, id="exemplars.W001")]
