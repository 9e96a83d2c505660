"""The dated readings: brought in from their file, added and mended by the office that keeps them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from exemplars.models import DatedReading, MergerReading, SpecialCaseReading
from exemplars.reading_file import read_readings
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_on_duty
from units.services.catalogue import edit_shared
from units.turns import wait_turn


@transaction.atomic
def load_readings() -> int:
    """Add the readings of the file that are not there yet; return how many were new.

    One that stands already is left as it is, and one whose days are taken is not added: the office has written another
    edition for them.
    """
    added = 0
    for row in read_readings():
        if not _overlapping(row, row.valid_from, row.valid_to).exists():
            row.save(force_insert=True)
            added += 1
    return added


@transaction.atomic
def add_reading(reading: MergerReading | SpecialCaseReading, *, actor: Actor) -> None:
    """Add a dated edition. What was judged and stored keeps what it read; whatever is judged next reads this.

    An edition without an end that began earlier ends the day before. Refuses days that another edition has, and
    everybody but the root whose catalogues are shared.
    """
    if not actor.unit.is_root:
        raise RefusedError(
            "Cách hiểu dùng chung chỉ sửa được ở đơn vị cấp cao nhất.",
            why=f"{actor.unit.name} là đơn vị cấp dưới.",
            remedy="Gửi đề nghị kèm văn bản tới Thường trực Hội đồng của cơ quan cấp trên cùng.",
        )
    wait_turn(_turn(reading))
    first = reading.valid_from
    editions = list(_editions(reading).order_by("valid_from"))
    before = next((one for one in editions if one.valid_to is None and one.valid_from < first), None)
    if before is not None:
        before.valid_to = first - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    later = "Cho hiệu lực từ sau ngày {begins} thì bản ấy tự hết vào hôm trước; hoặc ghi ngày cuối trước ngày ấy."
    _require_free(_overlapping(reading, first, reading.valid_to), "Chưa thêm được cách hiểu", later)
    reading.save(force_insert=True)
    record_on_duty("add-reading", actor=actor, reading=str(reading), since=first.isoformat(), citation=reading.citation)


@transaction.atomic
def edit_reading(reading: DatedReading, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime) -> None:
    """Mend an edition that nobody has confirmed yet, or note that it was confirmed.

    What was judged and stored keeps what it read. Refuses days that another edition has, and everybody but the root
    whose catalogues are shared.
    """
    wait_turn(_turn(reading))
    locked: DatedReading = type(reading)._base_manager.select_for_update().get(pk=reading.pk)  # noqa: SLF001  as below
    wanted = type(reading)(**{**reading.matter, **values})
    others = _overlapping(wanted, wanted.valid_from, wanted.valid_to).exclude(pk=locked.pk)
    free = "Ghi ngày đầu, ngày cuối không chạm vào bản ấy; bản ấy chưa được xác nhận thì sửa được ngày của nó trước."
    _require_free(others, "Chưa sửa được cách hiểu", free)
    what = edit_shared(locked, values, reason=reason, actor=actor, at=at)
    record_on_duty("edit-reading", actor=actor, reading=str(locked), what=what, reason=reason)


def _turn(reading: DatedReading) -> str:
    return f"reading:{type(reading).__name__}"


def _require_free(overlapping: QuerySet[Any], what: str, when_open: str) -> None:
    """`when_open` is the remedy against an edition without an end."""
    taken = overlapping.order_by("valid_from").first()
    if taken is not None:
        begins = f"{taken.valid_from:%d/%m/%Y}"
        end = f"đến hết {taken.valid_to:%d/%m/%Y}" if taken.valid_to else "chưa có ngày kết thúc"
        raise RefusedError(
            f"{what}: khoảng ngày đã có bản khác.",
            why=f"Bản đã có: hiệu lực từ {begins}, {end}.",
            remedy="Chọn khoảng ngày không trùng bản nào." if taken.valid_to else when_open.format(begins=begins),
        )


def _editions(reading: DatedReading) -> QuerySet[Any]:
    return type(reading)._base_manager.filter(**reading.matter)  # noqa: SLF001  the documented unfiltered manager


def _overlapping(reading: DatedReading, first: date, last: date | None) -> QuerySet[Any]:
    taken = _editions(reading).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    return taken if last is None else taken.filter(valid_from__lte=last)
