"""Reads for the screens of rulebooks: editions with the days on which they hold, drafts, what checks compare with."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from campaigns.models import Indicator
from exemplars import rules
from exemplars.models import Assessment, RulebookDraft, RulebookDraftState, RulebookEdition, RulebookTrial
from exemplars.selectors.nominations import list_nominations_for
from units.models import AwardTitle, LegalDocument, TitleKind, TitleSubject, Unit, User
from units.selectors.organisation import list_above_on

SUBJECTS = {
    TitleSubject.PERSON: frozenset({rules.NomineeKind.PERSON}),
    TitleSubject.COLLECTIVE: frozenset({rules.NomineeKind.COLLECTIVE}),
    TitleSubject.BOTH: frozenset(rules.NomineeKind),
}


@dataclass(frozen=True, slots=True)
class HeldEdition:
    """An edition with the days on which it holds: a later one of its code takes over from its own first day.

    `last_day` before `first_day`: replaced from the start. `is_last`: no later edition of its code.
    """

    edition: RulebookEdition
    first_day: date
    last_day: date | None
    is_last: bool

    @property
    def is_replaced(self) -> bool:
        return self.last_day is not None and self.last_day < self.first_day

    def state(self, day: date) -> str:
        if self.is_replaced:
            return "replaced"
        if day < self.first_day:
            return "coming"
        return "over" if self.last_day is not None and self.last_day < day else "in-force"


def list_held_editions(issuers: Iterable[Any]) -> list[HeldEdition]:
    """Editions of some units, of each code the latest first. One query."""
    rows = RulebookEdition.objects.filter(issuer__in=list(issuers)).select_related("issuer").defer("document")
    found: list[HeldEdition] = []
    ordered = rows.order_by("issuer__path", "code", "valid_from", "edition")
    for _, group in groupby(ordered, key=lambda one: (one.issuer_id, one.code)):
        editions = list(group)
        held = [_hold(one, later) for one, later in zip(editions, [*editions[1:], None], strict=True)]
        found += reversed(held)
    return found


def _hold(edition: RulebookEdition, later: RulebookEdition | None) -> HeldEdition:
    last = edition.valid_to
    if later is not None:
        before = later.valid_from - timedelta(days=1)
        last = before if last is None else min(last, before)
    return HeldEdition(edition, edition.valid_from, last, is_last=later is None)


def find_held_edition(edition: RulebookEdition) -> HeldEdition:
    return next(one for one in list_held_editions([edition.issuer_id]) if one.edition.pk == edition.pk)


def find_newest_edition(held: HeldEdition) -> RulebookEdition | None:
    """The edition of the same code that holds last, where it is another one."""
    if held.is_last:
        return None
    same = RulebookEdition.objects.filter(issuer=held.edition.issuer_id, code=held.edition.code).defer("document")
    return same.order_by("valid_from", "edition").last()


def list_units_above(unit: Unit, day: date) -> list[Any]:
    """Ids of the units above, without the unit itself."""
    return [pk for pk in list_above_on(unit, day) if pk != unit.pk]


def list_issuers_below(unit: Unit) -> list[Any]:
    """Ids of the units below, without the unit itself, that have published any; they are few."""
    below = RulebookEdition.objects.filter(issuer__path__gt=unit.path, issuer__path__lt=f"{unit.path}~")
    return list(below.order_by().values_list("issuer_id", flat=True).distinct())


def list_rulebook_drafts(unit: Unit) -> QuerySet[RulebookDraft]:
    """Drafts of the unit itself that are open; those of units below are their own affair."""
    return RulebookDraft.objects.filter(unit=unit, state=RulebookDraftState.DRAFT)


def list_drafts_to_publish(unit: Unit, reader: User) -> QuerySet[RulebookDraft]:
    """Open drafts that were tried since they were saved last, by somebody else than `reader`: two people look."""
    tried = RulebookTrial.objects.filter(draft=OuterRef("pk"), tried_at__gte=OuterRef("saved_at"))
    return list_rulebook_drafts(unit).filter(Exists(tried)).exclude(saved_by=reader)


def find_trial(draft: RulebookDraft) -> RulebookTrial | None:
    """The last trial of the draft as it stands now, without its rows; None when it changed since."""
    wanted = trial_hash(draft.content)
    return RulebookTrial.objects.filter(draft=draft, content_hash=wanted).defer("rows").first()


def trial_hash(content: dict[str, Any]) -> str:
    return rules.hash_of({key: value for key, value in content.items() if key != "edition"})


def list_tried_years(unit: Unit, recognitions: Sequence[str]) -> list[int]:
    """Years of which the unit sees judged nominations for one of the recognitions, the latest first."""
    judged = list_nominations_for(unit.path).filter(recognition__code__in=recognitions, assessments__isnull=False)
    return list(judged.order_by("-year").values_list("year", flat=True).distinct())


def list_judged(unit: Unit, recognitions: Sequence[str], year: int) -> QuerySet[Assessment]:
    """The newest stored assessment of each nomination of that year in sight."""
    seen = list_nominations_for(unit.path).filter(recognition__code__in=recognitions, year=year)
    newest = Assessment.objects.filter(nomination__in=seen.order_by().values("pk"))
    return newest.order_by("nomination_id", "-assessed_at", "-id").distinct("nomination_id")


def find_surroundings(unit: Unit) -> rules.Surroundings:
    """What the checks of a draft of `unit` compare with, and what its author chooses from. Five queries."""
    titles = {
        one.code: rules.KnownTitle(
            one.name,
            SUBJECTS[TitleSubject(one.subject)],
            rules.Level(one.level),
            is_recognition=one.kind == TitleKind.RECOGNITION,
        )
        for one in AwardTitle.objects.all()
    }
    documents = dict(LegalDocument.objects.filter(valid_to__isnull=False).values_list("number", "valid_to"))
    held = [one for one in list_held_editions([unit.pk]) if not one.is_replaced]
    return rules.Surroundings(
        titles=titles,
        documents={number: last for number, last in documents.items() if last is not None},
        editions=tuple(
            rules.Interval(
                one.edition.code,
                one.edition.edition,
                one.first_day,
                one.last_day,
                frozenset(one.edition.recognitions),
                is_last=one.is_last,
            )
            for one in held
        ),
        indicators=dict(_list_targets_seen(unit, "code", "title")),
        campaigns=dict(_list_targets_seen(unit, "campaign__code", "campaign__title")),
    )


def _list_targets_seen(unit: Unit, *columns: str) -> Iterable[tuple[str, str]]:
    """Of indicators in plans of the unit and of units above or below it; the newest plan's words come last."""
    near = Q(campaign__issuer__path__startswith=unit.path) | Q(campaign__issuer__path__in=unit.paths_above)
    return Indicator.objects.filter(near).order_by("campaign__opens_on", "pk").values_list(*columns)
