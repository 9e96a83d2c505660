"""What somebody lacks for a recognition: judged live from the record, with or without a nomination."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import uuid4

from exemplars import rules
from exemplars.models import Nomination, RulebookEdition
from exemplars.selectors.editions import Judge, choose_judge, list_editions
from exemplars.selectors.facts import Asked, gather_cases
from exemplars.selectors.nominations import list_nominations_for
from exemplars.workflow import NominationState
from units.models import Person, Unit

OVER = (NominationState.WITHDRAWN,)


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Advice:
    """One judgement sorted by what a clerk can do about it."""

    judge: Judge
    nomination: Nomination | None
    findings: tuple[rules.Finding, ...]

    def _of(self, status: rules.Status, awaits: rules.Awaits | None = None) -> list[rules.Finding]:
        return [one for one in self.findings if one.status is status and (awaits is None or one.awaits is awaits)]

    @property
    def unmet(self) -> list[rules.Finding]:
        return self._of(rules.Status.UNMET)

    @property
    def lacking(self) -> list[rules.Finding]:
        return self._of(rules.Status.UNDETERMINED, rules.Awaits.RECORD)

    @property
    def waiting(self) -> list[rules.Finding]:
        return self._of(rules.Status.UNDETERMINED, rules.Awaits.PEOPLE)

    @property
    def met(self) -> list[rules.Finding]:
        return self._of(rules.Status.MET)

    @property
    def is_lost(self) -> bool:
        return any(one.first_possible is None for one in self.unmet)

    @property
    def earliest(self) -> date | None:
        """The first day on which all that is unmet could be met."""
        days = [one.first_possible for one in self.unmet if one.first_possible]
        return None if self.is_lost else max(days, default=None)


def list_choices(unit: Unit, year: int, kind: rules.NomineeKind) -> list[Choice]:
    """Recognitions for which criteria of `unit` or a unit above judge that year: an edition is read once."""
    editions = list_editions(None)
    codes = list(dict.fromkeys(code for one in editions for code in one.recognitions))
    found = [judge for code in codes if (judge := _judge(editions, unit, code, year, kind))]
    return [Choice(judge.recognition.code, judge.recognition.label) for judge in found]


def _judge(
    editions: Sequence[RulebookEdition], unit: Unit, code: str, year: int, kind: rules.NomineeKind
) -> Judge | None:
    judge = choose_judge(editions, unit, code, year)
    return judge if judge and judge.applies_to(kind) else None


def advise(subject: Person | Unit, recognition: str, year: int, *, reader_path: str, day: date) -> Advice | None:
    """What the criteria say of a person, whose unit must be loaded, or of a unit; None without criteria.

    A nomination that people of the unit at `reader_path` may open brings what its head and others have said.
    """
    is_person = isinstance(subject, Person)
    unit = subject.unit if isinstance(subject, Person) else subject
    kind = rules.NomineeKind.PERSON if is_person else rules.NomineeKind.COLLECTIVE
    judge = _judge(list_editions([recognition]), unit, recognition, year, kind)
    if judge is None:
        return None
    nomination = find_nomination(subject, recognition, judge.span.years, reader_path)
    asked = Asked(
        key=uuid4(),
        recognition=recognition,
        span=judge.span,
        year=None if judge.period else year,
        unit=unit.pk,
        person=subject.pk if is_person else None,
        employment=subject.employment if isinstance(subject, Person) else "",
        nomination=nomination.pk if nomination else None,
    )
    case = gather_cases([asked], day=day)[asked.key]
    return Advice(judge, nomination, rules.assess(judge.rulebook, case).findings)


def find_nomination(
    subject: Person | Unit, recognition: str, years: Sequence[int], reader_path: str
) -> Nomination | None:
    about = {"person": subject.pk} if isinstance(subject, Person) else {"collective": subject.pk}
    found = list_nominations_for(reader_path).filter(**about, recognition__code=recognition, year__in=list(years))
    return found.exclude(state__in=OVER).order_by("-year", "-saved_at").first()


# What only some may read of a person; the right that each needs.
NARROW: Final[Mapping[type[rules.Predicate], str]] = {
    rules.NoDiscipline: "units.view_discipline",
    rules.LeaveBelow: "units.view_circumstance",
    rules.NotUnderReview: "units.view_circumstance",
}


def veil(
    findings: Sequence[rules.Finding], rulebook: rules.Rulebook, may: Callable[[str], bool]
) -> tuple[rules.Finding, ...]:
    """The findings for whoever `may`: a criterion about what they may not read says met or unmet, and no more."""
    veiled = {one.code for one in rulebook.criteria if any(not may(right) for right in narrow_rights_of(one.predicate))}
    return tuple(
        one._replace(reason="", remedy="", evidence=(), missing="", outlook="") if one.code in veiled else one
        for one in findings
    )


def narrow_rights_of(predicate: rules.Predicate) -> set[str]:
    """Rights that read what it, or anything it is made of, is judged by."""
    parts: tuple[rules.Predicate, ...] = getattr(predicate, "parts", ())
    own = {NARROW[type(predicate)]} if type(predicate) in NARROW else set()
    return own.union(*(narrow_rights_of(part) for part in parts))
