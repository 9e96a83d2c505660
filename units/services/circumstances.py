"""Leave and reviews of a person: written, corrected, ended and taken away, each with a line in the trail.

The trail names days only: what a line is about stays with those who may read the thing itself.
"""

from datetime import date

from django.db import IntegrityError, transaction

from units.actors import Actor
from units.folding import nfc
from units.models import REVIEWS, Circumstance, Person
from units.refusals import RefusedError
from units.services.audit import record_act
from units.services.people import require_keeper
from units.services.record import unit_of_the_day


@transaction.atomic
def create_circumstance(
    person: Person,
    *,
    kind: str,
    first_day: date,
    last_day: date | None,
    decision_number: str,
    actor: Actor,
    day: date,
) -> Circumstance:
    """Write a spell of leave or a review, kept by the unit of its first day."""
    row = Circumstance(unit=unit_of_the_day(person, first_day, actor), person=person)
    _fill(row, kind, first_day, last_day, decision_number, day=day)
    _save(row)
    record_act("create-circumstance", person, actor=actor, since=f"{first_day:%d/%m/%Y}")
    return row


@transaction.atomic
def edit_circumstance(
    row: Circumstance,
    *,
    kind: str,
    first_day: date,
    last_day: date | None,
    decision_number: str,
    reason: str,
    actor: Actor,
    day: date,
) -> Circumstance:
    """Correct what was written; the day before and the reason stay in the trail."""
    require_keeper(row, actor)
    before = row.first_day
    _fill(row, kind, first_day, last_day, decision_number, day=day)
    _save(row)
    record_act("edit-circumstance", row.person, actor=actor, since=f"{before:%d/%m/%Y}", reason=reason)
    return row


@transaction.atomic
def end_circumstance(row: Circumstance, *, last_day: date, reason: str, actor: Actor, day: date) -> Circumstance:
    """Say when a review was concluded, or that a leave ended earlier than was written."""
    require_keeper(row, actor)
    if row.last_day is not None and last_day > row.last_day:
        raise RefusedError(
            f"Dòng này đã có ngày cuối {row.last_day:%d/%m/%Y}, trước ngày vừa ghi.",
            remedy="Kéo dài thì dùng «Sửa» và ghi lý do.",
        )
    if last_day > day:
        raise RefusedError(
            f"Ngày kết thúc {last_day:%d/%m/%Y} ở sau hôm nay.", remedy="Ghi khi việc đã kết thúc, hoặc xem lại ngày."
        )
    _require_order(row.first_day, last_day)
    row.last_day = last_day
    row.save(update_fields=["last_day"])
    record_act("end-circumstance", row.person, actor=actor, day=f"{last_day:%d/%m/%Y}", reason=reason)
    return row


@transaction.atomic
def delete_circumstance(row: Circumstance, *, reason: str, actor: Actor) -> None:
    require_keeper(row, actor)
    record_act("delete-circumstance", row.person, actor=actor, since=f"{row.first_day:%d/%m/%Y}", reason=reason)
    row.delete()


def _fill(
    row: Circumstance, kind: str, first_day: date, last_day: date | None, decision_number: str, *, day: date
) -> None:
    check_days(kind, first_day, last_day, day=day)
    row.kind, row.first_day, row.last_day = kind, first_day, last_day
    row.decision_number = nfc(decision_number).strip()


def check_days(kind: str, first_day: date, last_day: date | None, *, day: date) -> None:
    """Refuse days that a spell of leave or a review cannot have."""
    is_review = kind in REVIEWS
    if last_day is None and not is_review:
        raise RefusedError(
            "Đợt nghỉ phải có ngày cuối.",
            why="Số ngày nghỉ trong năm được tính từ ngày đầu đến ngày cuối.",
            remedy="Ghi ngày cuối theo quyết định; nghỉ thêm hoặc đi làm sớm thì sửa sau.",
        )
    if is_review and first_day > day:
        raise RefusedError(f"Ngày bắt đầu {first_day:%d/%m/%Y} ở sau hôm nay.", remedy="Ghi khi việc đã bắt đầu.")
    if last_day is not None:
        _require_order(first_day, last_day)


def _require_order(first_day: date, last_day: date) -> None:
    if last_day < first_day:
        raise RefusedError(
            f"Ngày cuối {last_day:%d/%m/%Y} ở trước ngày đầu {first_day:%d/%m/%Y}.", remedy="Xem lại hai ngày."
        )


def _save(row: Circumstance) -> None:
    """In a savepoint: another clerk may have written the same since we looked."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise RefusedError(
            f"Người này đã có dòng «{row.get_kind_display()}» từ ngày {row.first_day:%d/%m/%Y}.",
            remedy="Sửa dòng đã có nếu cần.",
        ) from None
