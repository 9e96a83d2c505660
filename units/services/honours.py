"""Writing awards into the ledger, mending an entry by a new one, taking an honour back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from units.actors import Actor
from units.models import AwardTitle, Honour, HonourRevocation, Person, Posting, TitleKind, Unit, UnitName
from units.refusals import RefusedError
from units.selectors.organisation import names_on
from units.selectors.people import match_people, match_units, postings_on
from units.selectors.record import list_standing_honours
from units.services.audit import record_act
from units.services.people import require_keeper
from units.services.record import Subject, about, require_fitting, require_past, traced, unit_of_the_day


def grant_honour(  # noqa: PLR0913  a line of the ledger has this many columns
    *,
    title: AwardTitle,
    year: int,
    nominee: Person | Unit,
    position: str,
    unit_name: str,
    decision_number: str,
    decided_on: date,
    issuer: str,
    source: UUID,
    actor: Actor,
) -> Honour:
    """Write one award with names, post and unit as they stand on the day of the decision.

    `source` is the nomination; the database refuses a second honour for it. Runs in the transaction of its caller.
    """
    person = nominee if isinstance(nominee, Person) else None
    collective = nominee if isinstance(nominee, Unit) else None
    honour = Honour.objects.create(
        unit=nominee.unit if isinstance(nominee, Person) else nominee,
        person=person,
        collective=collective,
        title=title,
        year=year,
        decision_number=decision_number,
        decided_on=decided_on,
        issuer=issuer,
        subject_name=nominee.full_name if isinstance(nominee, Person) else nominee.name,
        subject_position=position,
        subject_unit=unit_name,
        source=source,
    )
    record_act("grant-honour", honour, actor=actor, title=title.code, year=year, number=decision_number)
    return honour


@dataclass(frozen=True, slots=True)
class Paper:
    """The decision that an honour is entered from."""

    decision_number: str
    decided_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class Frozen:
    """How the paper names its subject. What is left empty is read from the register as of the day of the award."""

    name: str = ""
    position: str = ""
    unit: str = ""


def freeze(subject: Subject, day: date, said: Frozen) -> Frozen:
    """Name, post and unit on `day`: as the paper says, else as posts and dated names of units had them."""
    return _freeze_all([(subject, said)], day)[0]


def _freeze_all(subjects: Sequence[tuple[Subject, Frozen]], day: date) -> list[Frozen]:
    """`freeze` for many: two queries, whatever the number."""
    postings = postings_on([one for one, _ in subjects if isinstance(one, Person)], day)
    units = {posting.unit for posting in postings.values()}
    units |= {one.unit if isinstance(one, Person) else one for one, _ in subjects}
    names = names_on(units, day)
    return [_fill(subject, said, postings.get(subject.pk), names) for subject, said in subjects]


def _fill(subject: Subject, said: Frozen, posting: Posting | None, names: Mapping[UUID, UnitName | Unit]) -> Frozen:
    if isinstance(subject, Unit):
        name = names[subject.pk].name
        return Frozen(said.name or name, "", said.unit or name)
    unit = names[posting.unit_id if posting else subject.unit_id].name
    return Frozen(
        said.name or subject.full_name, said.position or (posting.position if posting else ""), said.unit or unit
    )


@transaction.atomic
def create_honour(
    subject: Subject, *, title: AwardTitle, year: int, paper: Paper, said: Frozen, actor: Actor, day: date
) -> Honour:
    """Enter an award of the past from its decision. Refuses a title that does not fit and a double."""
    _require_possible(subject, title, year, paper, day)
    doubled = find_doubled([subject], title, year, paper)
    if doubled:
        raise _doubled(doubled[subject.pk])
    return _write(subject, title, year, paper, freeze(subject, paper.decided_on, said), actor)


def _require_possible(subject: Subject, title: AwardTitle, year: int, paper: Paper, day: date) -> None:
    require_past(paper.decided_on, today=day)
    if paper.decided_on.year < year:
        raise RefusedError(
            f"Ngày quyết định {paper.decided_on:%d/%m/%Y} trước năm thành tích {year}.", remedy="Xem lại năm và ngày."
        )
    require_fitting(title, subject, paper.decided_on)


def find_doubled(subjects: Sequence[Subject], title: AwardTitle, year: int, paper: Paper) -> dict[UUID, Honour]:
    """Entries that say the same already, by subject. One query.

    A title is held once for a year; a commendation may be given twice in one, so there the decision decides.
    """
    keys = [one.pk for one in subjects]
    standing = list_standing_honours().filter(Q(person__in=keys) | Q(collective__in=keys), title=title, year=year)
    if title.kind == TitleKind.COMMENDATION:
        standing = standing.filter(decision_number=paper.decision_number, decided_on__year=paper.decided_on.year)
    return {one.person_id or one.collective_id: one for one in standing}  # type: ignore[misc]  # the database holds one


def _doubled(honour: Honour) -> RefusedError:
    return RefusedError(
        f"{honour.subject_name} đã có {honour.title.name} năm {honour.year} trong sổ.",
        why=f"Theo Quyết định số {honour.decision_number} ngày {honour.decided_on:%d/%m/%Y} của {honour.issuer}.",
        remedy="Nếu dòng đã có ghi sai, mở hồ sơ và chọn «Đính chính» ở dòng đó.",
    )


def _write(
    subject: Subject,
    title: AwardTitle,
    year: int,
    paper: Paper,
    frozen: Frozen,
    actor: Actor,
    **correction: Any,
) -> Honour:
    owner = about(subject)
    if isinstance(subject, Person):
        owner["unit"] = unit_of_the_day(subject, paper.decided_on, actor)
    honour = Honour.objects.create(
        **owner,
        title=title,
        year=year,
        **asdict(paper),
        subject_name=frozen.name,
        subject_position=frozen.position,
        subject_unit=frozen.unit,
        **correction,
    )
    if not correction:
        record_act(
            "create-honour", traced(honour), actor=actor, title=title.name, year=year, number=paper.decision_number
        )
    return honour


def _lock(honour: Honour, actor: Actor) -> Honour:
    require_keeper(honour, actor)
    locked = Honour.objects.select_for_update(of=("self",)).select_related("title", "unit", "person", "collective")
    honour = locked.get(pk=honour.pk)
    if not honour.stands:
        raise RefusedError("Dòng này đã được đính chính hoặc thu hồi.", remedy="Xem dòng đang có hiệu lực trong hồ sơ.")
    return honour


@transaction.atomic
def correct_honour(
    honour: Honour,
    *,
    title: AwardTitle,
    year: int,
    paper: Paper,
    said: Frozen,
    reason: str,
    actor: Actor,
    day: date,
) -> Honour:
    """Mend an entry by a new one that takes its place; the old one stays, with the reason, and counts no longer."""
    honour = _lock(honour, actor)
    subject = honour.person or honour.collective
    assert subject is not None  # noqa: S101  the database holds one of the two
    _require_possible(subject, title, year, paper, day)
    doubled = find_doubled([subject], title, year, paper).get(subject.pk)
    if doubled and doubled != honour:
        raise _doubled(doubled)
    Honour.objects.filter(pk=honour.pk).update(stands=False)
    frozen = freeze(subject, paper.decided_on, said)
    corrected = _write(subject, title, year, paper, frozen, actor, supersedes=honour, correction_reason=reason)
    record_act(
        "correct-honour", traced(corrected), actor=actor, number=honour.decision_number, year=honour.year, reason=reason
    )
    return corrected


@transaction.atomic
def revoke_honour(honour: Honour, *, kind: str, paper: Paper, reason: str, actor: Actor, day: date) -> HonourRevocation:
    """Take an honour back under a decision of its own; the entry stays and counts no longer."""
    honour = _lock(honour, actor)
    require_past(paper.decided_on, today=day)
    if paper.decided_on < honour.decided_on:
        raise RefusedError(
            f"Quyết định thu hồi ngày {paper.decided_on:%d/%m/%Y} trước quyết định khen thưởng "
            f"ngày {honour.decided_on:%d/%m/%Y}.",
            remedy="Xem lại ngày trên quyết định.",
        )
    revocation = HonourRevocation.objects.create(
        unit=honour.unit,
        person=honour.person,
        collective=honour.collective,
        honour=honour,
        kind=kind,
        reason=reason,
        **asdict(paper),
    )
    Honour.objects.filter(pk=honour.pk).update(stands=False)
    record_act(
        "revoke-honour",
        traced(revocation) if honour.person else honour,
        actor=actor,
        number=paper.decision_number,
        year=honour.year,
        reason=reason,
    )
    return revocation


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a decision's list, as typed: a staff code or name, or the code or name of a unit."""

    typed: str
    is_person: bool
    position: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a row: the subject it names and how it will be written, or why it cannot be."""

    row: Row
    problem: str = ""
    subject: Subject | None = None
    frozen: Frozen | None = None


def judge_rows(
    rows: Sequence[Row], *, title: AwardTitle, year: int, paper: Paper, actor: Actor, day: date
) -> list[Verdict]:
    """A verdict for each row, in order. Six queries, whatever their number; nothing is written."""
    people = match_people([row.typed for row in rows if row.is_person])
    units = match_units(actor.unit.path, [row.typed for row in rows if not row.is_person])
    matched = [people[row.typed] if row.is_person else units[row.typed] for row in rows]
    single: list[Subject] = [found[0] for found in matched if len(found) == 1]
    doubled = find_doubled(single, title, year, paper)
    frozen = dict(
        zip(
            (one.pk for one in single),
            _freeze_all([(one, Frozen()) for one in single], paper.decided_on),
            strict=True,
        )
    )
    verdicts: list[Verdict] = []
    seen: set[UUID] = set()
    for row, found in zip(rows, matched, strict=True):
        problem = _problem(row, found) or _problem_of(found[0], title, year, paper, day, doubled, seen)
        if problem:
            verdicts.append(Verdict(row, problem))
            continue
        subject = found[0]
        seen.add(subject.pk)
        stood = frozen[subject.pk]
        verdicts.append(Verdict(row, "", subject, replace(stood, position=row.position or stood.position)))
    return verdicts


def _problem(row: Row, found: Sequence[Subject]) -> str:
    if not found:
        what = "cán bộ" if row.is_person else "đơn vị"
        return f"Không tìm thấy {what} này trong phạm vi của đồng chí. Ghi mã, hoặc họ tên đầy đủ như trong danh sách."
    if len(found) > 1:
        names = "; ".join(
            f"{one.staff_code} ({one.unit.short_name})" if isinstance(one, Person) else one.code for one in found[:5]
        )
        return f"Có {len(found)} nơi khớp: {names}. Ghi mã thay cho tên."
    return ""


def _problem_of(
    subject: Subject,
    title: AwardTitle,
    year: int,
    paper: Paper,
    day: date,
    doubled: Mapping[UUID, Honour],
    seen: set[UUID],
) -> str:
    if subject.pk in seen:
        return "Đã có ở một dòng phía trên."
    try:
        _require_possible(subject, title, year, paper, day)
    except RefusedError as refusal:
        return str(refusal)
    return str(_doubled(doubled[subject.pk])) if subject.pk in doubled else ""


class RowsError(RefusedError):
    """Some rows of a list cannot be written, so none is; `verdicts` says which and why."""

    def __init__(self, verdicts: list[Verdict]) -> None:
        wrong = sum(bool(one.problem) for one in verdicts)
        super().__init__(
            f"Còn {wrong} dòng chưa ghi được nên chưa dòng nào được ghi.",
            remedy="Sửa hoặc xóa nội dung các dòng được nêu, rồi kiểm tra lại.",
        )
        self.verdicts = verdicts


@transaction.atomic
def create_honours(
    rows: Sequence[Row], *, title: AwardTitle, year: int, paper: Paper, actor: Actor, day: date
) -> list[Honour]:
    """Enter a whole decision of the past: every row or none."""
    if not rows:
        raise RefusedError("Danh sách chưa có dòng nào.", remedy="Ghi ít nhất một cá nhân hoặc tập thể.")
    verdicts = judge_rows(rows, title=title, year=year, paper=paper, actor=actor, day=day)
    if any(one.problem for one in verdicts):
        raise RowsError(verdicts)
    return [
        _write(one.subject, title, year, paper, one.frozen, actor) for one in verdicts if one.subject and one.frozen
    ]
