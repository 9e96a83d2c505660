"""Judging stored assessments once more from what they read and the edition that judged them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from exemplars import rules
from exemplars.models import Assessment
from exemplars.selectors.editions import open_rulebook
from exemplars.workflow import CROSSED

CHUNK = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """`criterion` is empty for the assessment as a whole; `stored` and `now` say what each has."""

    assessment: UUID
    nomination: UUID
    criterion: str
    stored: Any
    now: Any

    def to_json(self) -> dict[str, Any]:
        return {
            "assessment": str(self.assessment),
            "nomination": str(self.nomination),
            "criterion": self.criterion,
            "stored": self.stored,
            "now": self.now,
        }


def replay_assessments() -> Iterator[tuple[UUID, list[Difference]]]:
    """Each stored assessment with what differs, one after another: a few hundred rows are held at a time.

    What a finding said is held against what it says now, key by key: a form of later releases may tell more besides.
    """
    # A copy that crossed to a conference holds no question: its original is judged again where it lies.
    rows = (
        Assessment.objects.exclude(nomination__state=CROSSED)
        .order_by("assessed_at", "pk")
        .values_list(
            "pk", "nomination_id", "edition__document", "edition__edition_hash", "question", "findings", "verdict"
        )
    )
    for pk, nomination, document, digest, question, findings, verdict in rows.iterator(chunk_size=CHUNK):
        yield (
            pk,
            [Difference(pk, nomination, *found) for found in _compare(document, digest, question, findings, verdict)],
        )


def _compare(
    document: str, digest: str, question: dict[str, Any], findings: list[dict[str, Any]], verdict: str
) -> Iterator[tuple[str, Any, Any]]:
    try:
        rulebook = open_rulebook(document)
        again = rules.assess(rulebook, rules.load_case(question, rulebook))
    except (rules.DocumentError, rules.NotApplicableError) as error:
        yield "", "đối chiếu được", str(error)
        return
    if rulebook.edition_hash != digest:
        yield "", digest, rulebook.edition_hash
    if again.verdict.value != verdict:
        yield "", verdict, again.verdict.value
    now = {finding.code: finding.to_json() for finding in again.findings}
    stored = {finding["code"]: finding for finding in findings}
    if list(now) != list(stored):
        yield "", list(stored), list(now)
    for code in stored.keys() & now.keys():
        told = {key: now[code].get(key) for key in stored[code]}
        if told != stored[code]:
            yield code, stored[code], told
