"""Values of the isolation proof's rows of the register that nobody can guess: rights, transfers, imports."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from units.roles import Role

_DAY = date(2023, 6, 1)
_LAST = date(2023, 6, 30)


def bundle_permission() -> Any:
    """guardian's name of the bundle that an inspection team is granted."""
    from django.contrib.auth.models import Permission
    from django.contrib.contenttypes.models import ContentType

    from units.models import Unit

    kind = ContentType.objects.get_for_model(Unit)
    made, _ = Permission.objects.get_or_create(content_type=kind, codename="inspection", defaults={"name": "Đoàn"})
    return made


def circumstance_values(place: Any) -> dict[str, Any]:
    """A review, which may go on; of one person only one begins on a day, and two units write about who moved."""
    days = int.from_bytes(place.code.encode()) % 1_000
    return {"kind": "discipline", "first_day": date(2020, 1, 1) + timedelta(days)}


def grant_values(place: Any) -> dict[str, Any]:
    """A right that is over: it stands in lists and opens nothing."""
    return {
        "permission": bundle_permission(),
        "user": place.accounts[Role.STAFF],
        "office": place.duties[Role.STAFF],
        "given_by": place.duties[Role.HEAD],
        "valid_from": _DAY,
        "valid_to": _LAST,
    }


def delegation_values(place: Any) -> dict[str, Any]:
    return {
        "delegator": place.duties[Role.HEAD],
        "delegate": place.duties[Role.STAFF],
        "form": "-",
        "scope": "head-all",
        "valid_from": _DAY,
        "valid_to": _LAST,
    }


def transfer_values(place: Any) -> dict[str, Any]:
    """To any other unit; the world makes offers and transfers fit each other afterwards."""
    from units.models import Unit

    return {"receiving": Unit.objects.exclude(pk=place.unit.pk).order_by("-path").first(), "state": "offered"}


def import_values(place: Any) -> dict[str, Any]:
    return {
        "kind": "people",
        "state": "preview",
        "asked_at": datetime(2023, 6, 1, tzinfo=UTC),
        "counts": {"new": 1},
        "rows_total": 1,
        "rows_done": 1,
        "asked_by": place.accounts[Role.CLERK],
    }


def import_line_values(place: Any) -> dict[str, Any]:
    return {"verdict": "new", "number": 1, "typed": {"full_name": place.mark()}, "values": {"full_name": place.mark()}}
