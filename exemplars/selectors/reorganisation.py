"""What nominations would leave behind when units end."""

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from exemplars.models import Nomination
from exemplars.workflow import NominationState
from units.models import Unit
from units.reorganising import Moved

FIRST = 5
FINISHED = (
    NominationState.RECOGNISED,
    NominationState.DECLINED,
    NominationState.WITHDRAWN,
    NominationState.REVOKED,
)


def list_open_in(sources: Sequence[Unit]) -> QuerySet[Nomination]:
    """Nominations of `sources` that nobody has decided yet."""
    return (
        Nomination.objects.filter(unit__in=sources)
        .exclude(state__in=FINISHED)
        .select_related("person", "collective")
        .order_by("-saved_at", "pk")
    )


def count_moved(sources: Sequence[Unit], *, on: date) -> list[Moved]:  # noqa: ARG001  the form of every share
    found = list_open_in(sources)
    return [
        Moved(
            "Đề nghị đang làm, chưa có quyết định",
            found.count(),
            tuple(one.nominee_name for one in found[:FIRST]),
            "chuyển sang đơn vị kế thừa cùng minh chứng, giữ bước đang làm",
        )
    ]
