"""Lines of a registration while it is a draft: titles aimed at, and exemplars to build."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from campaigns.models import ExemplarRegistration, RegisteredSubject, Submission, TitleRegistration
from campaigns.selectors.filings import list_collectives, list_submissions, list_titles_to_register
from campaigns.services.filings import lock_submission, require_open
from units.actors import Actor
from units.folding import nfc
from units.models import AwardTitle, Person, TitleSubject, Unit
from units.refusals import RefusedError
from units.selectors.record import list_nominable

MAX_LINES = 100


def _require_subjects(title: AwardTitle, quantity: int, people: Sequence[Person], collectives: Sequence[Unit]) -> None:
    if people and title.subject == TitleSubject.COLLECTIVE:
        raise RefusedError(f"«{title}» chỉ dành cho tập thể.", remedy="Bỏ chọn cá nhân rồi ghi lại.")
    if collectives and title.subject == TitleSubject.PERSON:
        raise RefusedError(f"«{title}» chỉ dành cho cá nhân.", remedy="Bỏ chọn tập thể rồi ghi lại.")
    named = len(people) + len(collectives)
    if named > quantity:
        raise RefusedError(
            f"Đã chọn {named} tên nhưng số lượng đăng ký là {quantity}.",
            why="Số lượng không được ít hơn số tên đã chọn; có thể nhiều hơn khi chưa rõ tên.",
            remedy="Tăng số lượng, hoặc bỏ bớt tên.",
        )


@transaction.atomic
def register_title(
    submission: Submission,
    *,
    title: AwardTitle,
    quantity: int,
    people: Sequence[Person],
    collectives: Sequence[Unit],
    actor: Actor,
    day: date,
) -> TitleRegistration:
    """Write the line of a title, in the place of an earlier one. Names may stay open, the number may not.

    Refuses a title that the catalogue does not have on `day`, names of the wrong kind or of another unit, and more
    names than the number.
    """
    submission = lock_submission(submission)
    require_open(submission, actor)
    if not list_titles_to_register(day).filter(pk=title.pk).exists():
        raise RefusedError(
            f"Danh mục không có «{title}» vào ngày {day:%d/%m/%Y}.", remedy="Chọn một danh hiệu khác trong danh sách."
        )
    _require_subjects(title, quantity, people, collectives)
    own = set(
        list_nominable(submission.unit, day).filter(pk__in=[one.pk for one in people]).values_list("pk", flat=True)
    )
    strangers = [one.full_name for one in people if one.pk not in own]
    known = {one.pk for one in list_collectives(submission.unit, day)}
    strangers += [one.short_name for one in collectives if one.pk not in known]
    if strangers:
        raise RefusedError(
            f"{', '.join(strangers)} không thuộc {submission.unit}.",
            why="Mỗi đơn vị đăng ký cho người và tập thể của mình.",
            remedy="Bỏ chọn những tên này rồi ghi lại.",
        )
    TitleRegistration.objects.filter(submission=submission, title=title).delete()
    line = TitleRegistration.objects.create(unit=submission.unit, submission=submission, title=title, quantity=quantity)
    names = [RegisteredSubject(registration=line, person=one, name=one.full_name) for one in people]
    names += [RegisteredSubject(registration=line, collective=one, name=one.short_name) for one in collectives]
    for one in names:
        one.unit, one.unit_path = submission.unit, submission.unit.path
    RegisteredSubject.objects.bulk_create(names)
    return line


@transaction.atomic
def drop_title(line: TitleRegistration, *, actor: Actor) -> Submission:
    submission = lock_submission(list_submissions().get(pk=line.submission_id))
    require_open(submission, actor)
    line.delete()
    return submission


@transaction.atomic
def register_exemplar(
    submission: Submission,
    *,
    scope: str,
    field: str,
    quantity: int,
    activities: str,
    responsible: Person,
    actor: Actor,
    day: date,
) -> ExemplarRegistration:
    """Add a line. Refuses a leader who does not work in the unit on `day`."""
    submission = lock_submission(submission)
    require_open(submission, actor)
    if not list_nominable(submission.unit, day).filter(pk=responsible.pk).exists():
        raise RefusedError(
            f"{responsible} không thuộc {submission.unit}.",
            why="Lãnh đạo phụ trách là người đang công tác ở đơn vị đăng ký.",
            remedy="Chọn người khác.",
        )
    if submission.exemplars.count() >= MAX_LINES:
        raise RefusedError(f"Mỗi bản đăng ký có không quá {MAX_LINES} dòng.", remedy="Gộp các dòng cùng lĩnh vực.")
    return ExemplarRegistration.objects.create(
        unit=submission.unit,
        submission=submission,
        scope=scope,
        field=nfc(field).strip(),
        quantity=quantity,
        activities=nfc(activities).strip(),
        responsible=responsible,
        responsible_name=responsible.full_name,
    )


@transaction.atomic
def drop_exemplar(line: ExemplarRegistration, *, actor: Actor) -> Submission:
    submission = lock_submission(list_submissions().get(pk=line.submission_id))
    require_open(submission, actor)
    line.delete()
    return submission
