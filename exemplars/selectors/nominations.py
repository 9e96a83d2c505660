"""Reads of nominations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.db.models import Case, F, Max, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils.functional import cached_property

from campaigns.selectors.reorganisation import list_kept_campaigns
from campaigns.selectors.work import find_nomination_assignment
from exemplars.models import Assessment, Evidence, Nomination, Remark, RulebookEdition, SpecialCase, SpecialCaseState
from exemplars.selectors.editions import find_judge
from exemplars.workflow import AWAITED, CROSSED, INSIDE_THE_UNIT, NominationState, Place
from units.actors import Actor
from units.folding import fold
from units.models import AuditEntry, Unit
from units.paging import MOST_ROWS, count_bounded, read_together, scalar_counts
from units.prepared import Asked
from units.selectors.organisation import list_above_on
from units.selectors.search import search_people
from units.selectors.transfers import list_past_services

# Drafts belong to the unit that writes them; others see a nomination once it was put to them.
UNSEEN_ABOVE = (NominationState.DRAFT, NominationState.WITHDRAWN)
# Words that name more units or people than this are no way to their nominations.
FEW_UNITS = FEW_PEOPLE = 300


def list_nominations() -> QuerySet[Nomination]:
    """Nominations in sight with everything a line or a page head shows."""
    return Nomination.objects.select_related(
        "unit", "person", "collective", "campaign__issuer", "recognition", "created_by"
    )


def list_cases() -> QuerySet[Nomination]:
    """The same with copies that other units sent to a conference; whose they are is loaded."""
    return Nomination.cases.select_related(
        "unit", "person", "collective", "campaign__issuer", "recognition", "created_by", "origin"
    )


def _list_lines() -> QuerySet[Nomination]:
    """What one line of a list shows, and nothing else: reading whole rows takes as long as finding them."""
    return Nomination.objects.select_related("unit", "recognition").only(
        "nominee_name", "year", "state", "unit__short_name", "recognition__name"
    )


def list_nominations_for(unit_path: str) -> QuerySet[Nomination]:
    """What people of the unit at `unit_path` may open: all of their own, and from below what was handed on."""
    return list_nominations().exclude(~Q(unit_path=unit_path), state__in=UNSEEN_ABOVE)


def list_unseen(unit_path: str) -> QuerySet[Nomination]:
    """Nominations in sight of the scope that people of the unit at `unit_path` may nevertheless not open."""
    return Nomination.objects.filter(~Q(unit_path=unit_path), state__in=UNSEEN_ABOVE).order_by()


def find_place(nomination: Nomination, place: Place) -> Unit | None:
    """The unit whose people act there, or None where the action itself looks. One query for an addressee."""
    if place is Place.OWN:
        return nomination.unit
    if place is Place.DECIDER:
        return None
    assignment = find_nomination_assignment(
        nomination.campaign_id, nomination.unit, nomination.recognition.code, nomination.year
    )
    return assignment.obligation.owed_to if assignment else nomination.campaign.issuer


@dataclass(frozen=True, slots=True)
class Subjects:
    """Whom words name: people in sight, and units. `is_cut` says that the words name more people than are held."""

    people: Sequence[UUID]
    units: "Sequence[UUID] | QuerySet[Unit, UUID]"
    is_cut: bool

    @property
    def are_few(self) -> bool:
        """Whether all of them are held as ids, so that their nominations are some thousands at most."""
        return not isinstance(self.units, QuerySet)


def find_subjects(words: str, scope_path: str) -> Subjects | None:
    """People and units at or below `scope_path` whose name has all of `words`; None when there is no word.

    Few units are held as ids, which leads the database to their rows; words that many units share lead nowhere, and
    the newest nominations are looked through instead.
    """
    folded = fold(words).split()
    if not folded:
        return None
    named = Unit.objects.below(scope_path).order_by()
    for word in folded:
        named = named.filter(folded_name__holds=word)
    found = search_people(" ".join(folded), at_most=FEW_PEOPLE)
    left = list_past_services(" ".join(folded)).order_by().values_list("person_id", flat=True)[:FEW_PEOPLE]
    units = list(named.values_list("pk", flat=True)[: FEW_UNITS + 1])
    return Subjects(
        [*found.ids, *left], units if len(units) <= FEW_UNITS else named.values_list("pk", flat=True), found.is_cut
    )


def narrow_nominations(
    queryset: QuerySet[Nomination], unit_path: str, subjects: Subjects | None, state: str
) -> QuerySet[Nomination]:
    """Keep what is for or from `subjects`, in `state`, out of what people of the unit at `unit_path` may open."""
    if subjects:
        # A collective is put forward by its own unit alone.
        queryset = queryset.filter(Q(person__in=subjects.people) | Q(unit__in=subjects.units))
    if state:
        queryset = queryset.filter(state=state)
    if state in UNSEEN_ABOVE:
        queryset = queryset.filter(unit_path=unit_path)  # follows already; said so that the database sees it
    return queryset


def find_awaited_state(actor: Actor) -> NominationState | None:
    """The state in which nominations lie on the desk of this role, or None when they never do."""
    return next((state for state, (permission, _) in AWAITED.items() if actor.may(permission)), None)


def _waits_for(actor: Actor, state: NominationState) -> Q:
    """Said in columns that the indexes of lists hold, so that rows are read only for the page that is shown."""
    if state in INSIDE_THE_UNIT:
        return Q(state=state, unit_path=actor.unit.path)
    # The heir of a unit that ended looks after its campaigns, which keep the name of who issued them.
    return Q(state=state, campaign__in=list_kept_campaigns(actor.unit))


def ask_waiting(actor: Actor) -> Asked | None:
    """Nominations that stand still until the actor does something; None for a role that never has any."""
    state = find_awaited_state(actor)
    if state is None:
        return None
    if state in INSIDE_THE_UNIT:
        return Asked(_list_inside, (state.value, actor.unit))
    return Asked(_list_in_campaigns, (state.value, list_kept_campaigns(actor.unit)))


def _list_inside(state: str, unit: Unit) -> QuerySet[Nomination]:
    return Nomination.objects.filter(state=state, unit_path=unit.path)


def _list_in_campaigns(state: str, campaigns: Sequence[int]) -> QuerySet[Nomination]:
    return Nomination.objects.filter(state=state, campaign__in=campaigns)


class WaitingFirst:
    """A list with what waits for the actor on top, `waits` set on each row; the order of both parts is kept.

    Two lists one behind the other, because sorting by whether a row waits would read every row. Each page is first
    found by its ids, which the indexes hold, and only its own rows are read: sorting and skipping whole rows with
    their texts costs many times as much. `known` is the number of `found` where the caller has counted them already,
    up to some bound.
    """

    def __init__(self, found: QuerySet[Nomination], actor: Actor, *, known: int) -> None:
        state = find_awaited_state(actor)
        waits = _waits_for(actor, state) if state else None
        self._known = known
        self._waiting = found.filter(waits) if waits else None
        self._rest = found.exclude(waits) if waits else found

    @cached_property
    def _ahead(self) -> int:
        return 0 if self._waiting is None else count_bounded(self._waiting)

    def count_up_to(self, most: int) -> int:
        return min(self._known, most)

    def __getitem__(self, part: slice) -> list[Nomination]:
        waiting: list[UUID] = []
        if self._waiting is not None and part.start < self._ahead:
            waiting = list(self._waiting.values_list("pk", flat=True)[part])
        start, stop = max(part.start - self._ahead, 0), max(part.stop - self._ahead, 0)
        rest = list(self._rest.values_list("pk", flat=True)[start:stop]) if stop else []
        return _read_lines(waiting, rest)


class NamedFirst:
    """The newest of what words have found, up to `most`; among them what waits for the actor stands on top.

    The names are asked for once: page and number are taken from the ids, and whether a row waits is read with them.
    What `are_few` subjects have is read by their ids and sorted; the newest of all are not gone through for it.
    """

    def __init__(self, found: QuerySet[Nomination], actor: Actor, *, most: int, are_few: bool) -> None:
        state = find_awaited_state(actor)
        waits = Case(When(_waits_for(actor, state), then=True), default=False) if state else Value(False)
        if are_few:
            # The database would follow the index of the newest past 140,000 rows to meet 500 of three hundred people;
            # by a sum that no index holds it sorts their 4,000: 10 ms for 25.
            found = found.order_by((F("saved_at") + timedelta(0)).desc(), "pk")
        rows = list(found.annotate(stands_first=waits).values_list("pk", "stands_first")[: most + 1])
        self._number = len(rows)
        self._waiting = {pk for pk, stands_first in rows[:most] if stands_first}
        self._ids = sorted((pk for pk, _ in rows[:most]), key=lambda pk: pk not in self._waiting)

    def count_up_to(self, most: int) -> int:
        return min(self._number, most)

    def __getitem__(self, part: slice) -> list[Nomination]:
        shown = self._ids[part]
        return _read_lines([pk for pk in shown if pk in self._waiting], [pk for pk in shown if pk not in self._waiting])


def _read_lines(waiting: Sequence[UUID], rest: Sequence[UUID]) -> list[Nomination]:
    rows = with_verdict(_list_lines()).in_bulk([*waiting, *rest])
    shown = [rows[pk] for pk in (*waiting, *rest) if pk in rows]
    for nomination in shown:
        nomination.waits = nomination.pk in waiting  # type: ignore[attr-defined]
    return shown


def with_verdict(queryset: QuerySet[Nomination]) -> QuerySet[Nomination]:
    """Add `verdict`, what the latest stored assessment says or None before the first, and `special_case`, its state."""
    latest = Assessment.objects.filter(nomination=OuterRef("pk")).order_by("-assessed_at", "-pk")
    special = find_special_case("pk")
    return queryset.annotate(verdict=Subquery(latest.values("verdict")[:1]), special_case=special)


def list_undecided_special_cases(unit: Unit) -> QuerySet[SpecialCase]:
    """Cases that wait for `unit` to decide, the oldest first, their nominations loaded; without those that are over.

    What crossed to a conference is a picture of the case: it is decided where the nomination lies.
    """
    over = (NominationState.WITHDRAWN, NominationState.DECLINED, NominationState.RECOGNISED, CROSSED)
    found = SpecialCase.objects.filter(decider=unit, state=SpecialCaseState.PROPOSED)
    found = found.exclude(nomination__state__in=over)
    return found.select_related("nomination__unit", "nomination__recognition").order_by("proposed_at", "pk")


def find_special_case(nomination: str) -> Subquery:
    """The state of the latest special case of the nomination that the outer query names, or None."""
    cases = SpecialCase.objects.filter(nomination=OuterRef(nomination)).order_by("-proposed_at", "-pk")
    return Subquery(cases.values("state")[:1])


def count_by_state(unit: Unit) -> dict[str, int]:
    """How many of the nominations that people of `unit` may open stand in each state, each up to a bound; one query.

    Above `units.paging.MOST_ROWS` the number says only that there are more.
    """
    seen = [state.value for state in NominationState if state not in UNSEEN_ABOVE]
    own = [state.value for state in UNSEEN_ABOVE]
    rows, most = Nomination.objects.all(), MOST_ROWS + 1
    counted = read_together(
        [
            *scalar_counts(rows, "state", seen, most),
            *scalar_counts(rows.filter(unit_path=unit.path), "state", own, most),
        ]
    )
    numbers = dict(zip([*seen, *own], counted, strict=True))
    return {state.value: numbers[state.value] for state in NominationState}


def list_evidence(nomination: Nomination) -> QuerySet[Evidence]:
    return nomination.evidence.filter(removed_at__isnull=True)


def list_open_remarks(nomination: Nomination) -> list[Remark]:
    """What the last return asked to mend."""
    last_round = Remark.objects.filter(nomination=nomination).aggregate(last=Max("round"))["last"]
    return list(Remark.objects.filter(nomination=nomination, round=last_round or 0))


def find_latest_assessment(nomination: Nomination) -> Assessment | None:
    """The newest stored assessment, edition loaded, without what it read: a council may not see that column."""
    return nomination.assessments.select_related("edition").defer("question").first()


def find_edition(issuer: Unit, recognition: str, year: int) -> RulebookEdition | None:
    """The edition that judges the recognition for that year; see `exemplars.selectors.editions.find_judge`."""
    judge = find_judge(issuer, recognition, year)
    return judge.edition if judge else None


def list_recognitions(issuer: Unit) -> set[str]:
    """Codes for which a unit at or above `issuer` has published criteria: above it today, or on its last day."""
    above = list_above_on(issuer, issuer.valid_to or date.max)
    editions = RulebookEdition.objects.filter(issuer__in=above).values_list("recognitions", flat=True)
    return {code for codes in editions for code in codes}


def list_trail(subject: UUID) -> QuerySet[AuditEntry]:
    return AuditEntry.objects.filter(subject_id=subject).order_by("-id")
