"""Time in service, leave, reviews, initiatives and dissolution, as the register tells them.

Readings, where nothing says otherwise:

- A post on record is service; what came before the first one may lie in no register, so the sum is the least it can be.
- A spell of leave, a review, an initiative on record is known; that there is no other is known only where
  `kept_records` says that the register is complete. Until then people are asked.
- A unit is dissolved by a succession of that kind. One that went into another by a merger or was split is not: what it
  did has an heir. Units and their successions are complete, so without an entry none was.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from exemplars import rules
from exemplars.kept_records import is_complete
from exemplars.selectors.among import among
from exemplars.selectors.posts import Post
from units.models import REVIEWS, Circumstance, Initiative, InitiativeLevel, Succession, SuccessionKind

LEVELS = {
    InitiativeLevel.GRASSROOTS: rules.Level.GRASSROOTS,
    # The catalogue knows one level for ministry, sector and province; a criterion that names any of them is answered.
    InitiativeLevel.MINISTRY: rules.Level.MINISTRY,
    InitiativeLevel.STATE: rules.Level.STATE,
}


class Standing:
    """Of some people and units, read at once: two queries for people, one for units."""

    def __init__(self, people: set[UUID], units: set[UUID], posts: Iterable[Post], day: date) -> None:
        self._day = day
        self._service: dict[UUID, list[rules.Service]] = defaultdict(list)
        for post in sorted(posts, key=lambda post: (post.valid_from, post.unit.hex)):
            self._service[post.person].append(rules.Service(post.valid_from, post.valid_to))
        self._initiatives: dict[UUID, list[rules.InitiativeHeld]] = defaultdict(list)
        self._leave: dict[UUID, list[rules.Leave]] = defaultdict(list)
        self._reviews: dict[UUID, list[rules.Review]] = defaultdict(list)
        self._ended: dict[UUID, list[rules.Dissolution]] = defaultdict(list)
        if people:
            self._read_initiatives(people)
            self._read_circumstances(people)
        if units:
            self._read_successions(units)

    def of_person(self, person: UUID, span: rules.Span) -> dict[str, Any]:
        """Fields of `rules.Facts`, `partly` among them."""
        service = self._service.get(person, [])
        known = {
            "service": tuple(service),
            "initiatives": tuple(self._initiatives.get(person, ())),
            "leave": tuple(self._leave.get(person, ())),
            "reviews": tuple(self._reviews.get(person, ())),
        }
        complete = {
            "service": bool(service) and is_complete("service", service[0].since),
            "initiatives": False,
            "leave": is_complete("leave", span.first_day),
            "reviews": is_complete("reviews", self._day),
        }
        # Nothing on record of what may be incomplete is nothing known.
        facts: dict[str, Any] = {name: rows if rows or complete[name] else None for name, rows in known.items()}
        facts["partly"] = frozenset(name for name, rows in known.items() if rows and not complete[name])
        return facts

    def of_unit(self, unit: UUID) -> dict[str, Any]:
        return {"dissolutions": tuple(self._ended.get(unit, ()))}

    def _read_initiatives(self, people: set[UUID]) -> None:
        rows = Initiative.objects.filter(among("person_id", people)).order_by("-year", "pk")
        for person, level, year, decision, on, issuer in rows.values_list(
            "person_id", "level", "year", "decision_number", "decided_on", "issuer"
        ):
            held = rules.InitiativeHeld(LEVELS[InitiativeLevel(level)], year, rules.Source(decision, on, issuer))
            self._initiatives[person].append(held)

    def _read_circumstances(self, people: set[UUID]) -> None:
        rows = Circumstance.objects.filter(among("person_id", people)).order_by("first_day", "pk")
        for person, kind, first, last, decision in rows.values_list(
            "person_id", "kind", "first_day", "last_day", "decision_number"
        ):
            source = rules.Source(decision)
            if kind in REVIEWS:
                self._reviews[person].append(rules.Review(first, last, source))
            else:
                # The database holds that leave has a last day.
                self._leave[person].append(rules.Leave(rules.LeaveKind(kind), first, last or first, source))

    def _read_successions(self, units: set[UUID]) -> None:
        rows = Succession.objects.filter(among("from_unit_id", units), kind=SuccessionKind.DISSOLVE).order_by(
            "on", "pk"
        )
        for unit, on, citation in rows.values_list("from_unit_id", "on", "citation"):
            self._ended[unit].append(rules.Dissolution(on, rules.Source(citation)))
