"""The record of people and units: gradings, eligibility, initiatives, discipline.

Every change leaves a line in the trail; what is taken away is taken away with a reason.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import IntegrityError, transaction

from units.actors import Actor
from units.discipline_file import find_ladder
from units.models import (
    AwardTitle,
    DisciplinaryAction,
    Employment,
    Grading,
    Initiative,
    Person,
    SubjectRecord,
    TenantModel,
    TitleEligibility,
    TitleSubject,
    Unit,
)
from units.refusals import RefusedError
from units.selectors.people import match_people, postings_on
from units.services.audit import record_act
from units.services.people import require_keeper

Subject = Person | Unit


def about(subject: Subject) -> dict[str, Any]:
    """The columns that say whom a row is about, and the unit that keeps it."""
    if isinstance(subject, Person):
        return {"unit": subject.unit, "person": subject, "collective": None}
    return {"unit": subject, "person": None, "collective": subject}


def unit_of_the_day(person: Person, day: date, actor: Actor) -> Unit:
    """Where the person worked on `day`, when the actor keeps that unit's rows; else where they work now."""
    posting = postings_on([person], day).get(person.pk)
    return posting.unit if posting and actor.unit.contains(posting.unit_path) else person.unit


def traced(row: SubjectRecord) -> TenantModel:
    """What a line of the trail is about: the person whose record it is, or the row of a unit."""
    return row.person or row


def require_past(day: date, *, today: date) -> None:
    if day > today:
        raise RefusedError(f"Ngày quyết định {day:%d/%m/%Y} ở sau hôm nay.", remedy="Xem lại ngày trên quyết định.")


def require_fitting(title: AwardTitle, subject: Subject, day: date) -> None:
    """Refuse a title that is not for this kind of subject, or that did not exist on `day`."""
    wanted = TitleSubject.PERSON if isinstance(subject, Person) else TitleSubject.COLLECTIVE
    if title.subject not in (wanted, TitleSubject.BOTH):
        kind = "cá nhân" if wanted == TitleSubject.PERSON else "tập thể"
        raise RefusedError(f"{title.name} không dành cho {kind}.", remedy=f"Chọn danh hiệu, hình thức của {kind}.")
    if (title.valid_from and day < title.valid_from) or (title.valid_to and day > title.valid_to):
        raise RefusedError(
            f"{title.name} không áp dụng ngày {day:%d/%m/%Y}.", remedy="Xem lại ngày, hoặc chọn danh hiệu khác."
        )


def _save_once(row: TenantModel, refusal: RefusedError) -> None:
    """Save in a savepoint: another clerk may have written the same since we looked."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise refusal from None


def _graded(name: str, year: int) -> RefusedError:
    return RefusedError(
        f"{name} đã có kết quả xếp loại năm {year}.", remedy="Sửa dòng xếp loại đã có, hoặc ghi năm khác."
    )


@transaction.atomic
def create_grading(
    subject: Subject, *, year: int, grade: str, decision_number: str, decided_on: date, actor: Actor, day: date
) -> Grading:
    """Write the grading of a year; refuses a second one for the same year."""
    require_past(decided_on, today=day)
    owner = about(subject)
    refusal = _graded(name_of(subject), year)
    if Grading.objects.filter(person=owner["person"], collective=owner["collective"], year=year).exists():
        raise refusal
    row = Grading(**owner, year=year, grade=grade, decision_number=decision_number, decided_on=decided_on)
    _save_once(row, refusal)
    record_act("create-grading", traced(row), actor=actor, year=year, grade=row.get_grade_display())
    return row


@transaction.atomic
def edit_grading(
    row: Grading, *, year: int, grade: str, decision_number: str, decided_on: date, reason: str, actor: Actor, day: date
) -> Grading:
    """Correct a grading; the value before and the reason stay in the trail."""
    require_keeper(row, actor)
    require_past(decided_on, today=day)
    before = str(row)
    row.year, row.grade, row.decision_number, row.decided_on = year, grade, decision_number, decided_on
    _save_once(row, _graded(name_of(row.person or row.unit), year))
    record_act("edit-grading", traced(row), actor=actor, before=before, after=str(row), reason=reason)
    return row


@transaction.atomic
def delete_grading(row: Grading, *, reason: str, actor: Actor) -> None:
    require_keeper(row, actor)
    record_act("delete-grading", traced(row), actor=actor, before=str(row), reason=reason)
    row.delete()


def name_of(subject: Subject) -> str:
    return subject.full_name if isinstance(subject, Person) else subject.name


def _found_eligible(name: str, title: AwardTitle, year: int) -> RefusedError:
    return RefusedError(
        f"{name} đã có kết quả xét {title.name} năm {year}.", remedy="Sửa dòng đã có, hoặc ghi năm khác."
    )


@transaction.atomic
def create_eligibility(
    subject: Subject,
    *,
    title: AwardTitle,
    year: int,
    is_eligible: bool,
    decision_number: str,
    decided_on: date,
    actor: Actor,
    day: date,
) -> TitleEligibility:
    """Write that somebody was found eligible, or not, for a title in a year; refuses a second finding."""
    require_past(decided_on, today=day)
    require_fitting(title, subject, decided_on)
    owner = about(subject)
    refusal = _found_eligible(name_of(subject), title, year)
    same = TitleEligibility.objects.filter(person=owner["person"], collective=owner["collective"])
    if same.filter(title=title, year=year).exists():
        raise refusal
    row = TitleEligibility(
        **owner,
        title=title,
        year=year,
        is_eligible=is_eligible,
        decision_number=decision_number,
        decided_on=decided_on,
    )
    _save_once(row, refusal)
    record_act("create-eligibility", traced(row), actor=actor, title=title.name, year=year)
    return row


@transaction.atomic
def edit_eligibility(  # noqa: PLR0913  the columns of a finding, and the reason
    row: TitleEligibility,
    *,
    title: AwardTitle,
    year: int,
    is_eligible: bool,
    decision_number: str,
    decided_on: date,
    reason: str,
    actor: Actor,
    day: date,
) -> TitleEligibility:
    """Correct a finding of eligibility; the value before and the reason stay in the trail."""
    require_keeper(row, actor)
    require_past(decided_on, today=day)
    require_fitting(title, row.person or row.unit, decided_on)
    before = eligibility_words(row)
    row.title, row.year, row.is_eligible = title, year, is_eligible
    row.decision_number, row.decided_on = decision_number, decided_on
    _save_once(row, _found_eligible(name_of(row.person or row.unit), title, year))
    after = eligibility_words(row)
    record_act("edit-eligibility", traced(row), actor=actor, before=before, after=after, reason=reason)
    return row


@transaction.atomic
def delete_eligibility(row: TitleEligibility, *, reason: str, actor: Actor) -> None:
    require_keeper(row, actor)
    record_act("delete-eligibility", traced(row), actor=actor, before=eligibility_words(row), reason=reason)
    row.delete()


def eligibility_words(row: TitleEligibility) -> str:
    return f"{row.title.name} {row.year}: {'đủ điều kiện' if row.is_eligible else 'chưa đủ điều kiện'}"


@transaction.atomic
def create_initiative(
    person: Person,
    particulars: dict[str, Any],
    *,
    share: int,
    others: Sequence[tuple[str, int]],
    actor: Actor,
    day: date,
) -> list[Initiative]:
    """Write one initiative for `person` and the `others`, each named by staff code or full name, with a share.

    The shares make one hundred together or less: an author who works outside the actor's units stands in the record
    of another. Refuses a name that is not found or not clear, and an initiative written already.
    """
    require_past(particulars["decided_on"], today=day)
    authors = [(person, share), *_find_authors(others)]
    _require_shares(sum(part for _, part in authors))
    if len({author.pk for author, _ in authors}) < len(authors):
        raise RefusedError("Một người được ghi hai lần trong danh sách tác giả.", remedy="Bỏ dòng ghi trùng.")
    same = Initiative.objects.filter(title=particulars["title"], decision_number=particulars["decision_number"])
    standing = same.filter(person__in=[author for author, _ in authors]).select_related("person").first()
    if standing:
        raise RefusedError(
            f"Sáng kiến này đã được ghi cho {standing.person.full_name} theo cùng quyết định.",
            remedy="Mở hồ sơ để xem dòng đã có và sửa nếu cần.",
        )
    work, rows = uuid4(), []
    for author, part in authors:
        row = Initiative(unit=author.unit, person=author, work=work, share=part, **particulars)
        row.save(force_insert=True)
        record_act("create-initiative", author, actor=actor, title=row.title, year=row.year)
        rows.append(row)
    return rows


def _find_authors(others: Sequence[tuple[str, int]]) -> list[tuple[Person, int]]:
    found = match_people([who for who, _ in others]) if others else {}
    for who, _ in others:
        if len(found[who]) != 1:
            number = f"có {len(found[who])} người khớp" if found[who] else "không tìm thấy ai"
            raise RefusedError(
                f"Đồng tác giả «{who}»: {number} trong phạm vi của đồng chí.",
                remedy="Ghi mã cán bộ. Người ở đơn vị khác thì đơn vị đó ghi phần của họ.",
            )
    return [(found[who][0], share) for who, share in others]


def _require_shares(total: int) -> None:
    if total > 100:  # noqa: PLR2004  per cent
        raise RefusedError(
            f"Tổng tỷ lệ đóng góp của các tác giả là {total}%, quá một trăm.", remedy="Ghi lại tỷ lệ của từng người."
        )


@transaction.atomic
def edit_initiative(
    row: Initiative, particulars: dict[str, Any], *, share: int, reason: str, actor: Actor, day: date
) -> Initiative:
    """Correct an initiative in the rows of all its authors that the actor keeps; the share is this author's alone."""
    require_keeper(row, actor)
    require_past(particulars["decided_on"], today=day)
    others = list(Initiative.objects.filter(work=row.work).exclude(pk=row.pk).select_related("person", "unit"))
    _require_shares(share + sum(other.share for other in others))
    row.share = share
    for one in (row, *others):
        if actor.unit.contains(one.unit_path):
            for name, value in particulars.items():
                setattr(one, name, value)
            one.save()
            record_act("edit-initiative", one.person, actor=actor, title=one.title, reason=reason)
    return row


@transaction.atomic
def delete_initiative(row: Initiative, *, reason: str, actor: Actor) -> None:
    """Take one author's part away."""
    require_keeper(row, actor)
    record_act("delete-initiative", row.person, actor=actor, title=row.title, reason=reason)
    row.delete()


def last_day_of_discipline(person: Person, form: str, decided_on: date) -> date | None:
    """Until when a form counts by the dated rule; refuses one that did not exist for this employment on that day."""
    employment = Employment(person.employment)
    ladder = find_ladder(employment, decided_on)
    if ladder is None:
        raise RefusedError(
            f"Chưa có quy định về hình thức kỷ luật {employment.label.lower()} cho ngày {decided_on:%d/%m/%Y}.",
            remedy="Xem lại ngày quyết định và đối tượng của cán bộ.",
        )
    found = ladder.form(form)
    if found is None:
        raise RefusedError(
            f"Hình thức này không có trong quy định áp dụng cho {employment.label.lower()} ngày {decided_on:%d/%m/%Y}.",
            why=f"Căn cứ: {ladder.citation}.",
            remedy=f"Chọn một trong: {', '.join(one.label.lower() for one in ladder.forms)}.",
        )
    return found.last_day(decided_on)


@transaction.atomic
def create_discipline(
    person: Person,
    *,
    form: str,
    decision_number: str,
    decided_on: date,
    effective_until: date | None,
    actor: Actor,
    day: date,
) -> DisciplinaryAction:
    """Write a disciplinary decision, kept by the unit of its day. Without a last day the dated rule gives it."""
    require_past(decided_on, today=day)
    lapses = last_day_of_discipline(person, form, decided_on)
    same = DisciplinaryAction.objects.filter(person=person, decision_number=decision_number, decided_on=decided_on)
    if same.exists():
        raise RefusedError("Quyết định này đã được ghi cho người này.", remedy="Sửa dòng đã có nếu cần.")
    row = DisciplinaryAction(
        unit=unit_of_the_day(person, decided_on, actor),
        person=person,
        form=form,
        decision_number=decision_number,
        decided_on=decided_on,
        effective_until=effective_until or lapses,
    )
    row.save(force_insert=True)
    record_act("create-discipline", person, actor=actor, number=decision_number)
    return row


@transaction.atomic
def edit_discipline(
    row: DisciplinaryAction,
    *,
    form: str,
    decision_number: str,
    decided_on: date,
    effective_until: date | None,
    reason: str,
    actor: Actor,
    day: date,
) -> DisciplinaryAction:
    """Correct a disciplinary decision; the number before and the reason stay in the trail."""
    require_keeper(row, actor)
    require_past(decided_on, today=day)
    lapses = last_day_of_discipline(row.person, form, decided_on)
    before = row.decision_number
    row.form, row.decision_number, row.decided_on = form, decision_number, decided_on
    row.effective_until = effective_until or lapses
    row.save(update_fields=["form", "decision_number", "decided_on", "effective_until"])
    record_act("edit-discipline", row.person, actor=actor, number=before, reason=reason)
    return row


@transaction.atomic
def delete_discipline(row: DisciplinaryAction, *, reason: str, actor: Actor) -> None:
    require_keeper(row, actor)
    record_act("delete-discipline", row.person, actor=actor, number=row.decision_number, reason=reason)
    row.delete()
