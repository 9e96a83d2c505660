"""What a unit files, as those hold it who do not stand above it: laid by the act of sending, brought up to date after.

The addressee out of sight gets one, and whomever the plan lets have copies, such as the deputies of a cluster.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from campaigns.models import (
    ClusterFile,
    Obligation,
    ReceivedAs,
    ReceivedFiling,
    ReceivedPaper,
    Submission,
    SubmissionPaper,
)
from campaigns.selectors.filings import Contents, list_submissions, read_contents
from campaigns.services.crossing import both_sides
from units.actors import Actor
from units.models import Unit
from units.services.audit import record_acts

ANSWERS = ("state", "received_label", "received_at", "answered_label", "answered_at", "answer")
SENT = ("version", "document_number", "document_date", "message", "sent_label", "sent_at", "counted_at", "receipt_code")
BATCH = 500  # rows of one statement


def find_receivers(submission: Submission) -> list[tuple[Unit, ReceivedAs]]:
    """Who gets a copy: the addressee and those named for copies, unless they see the unit's own rows."""
    obligation, sender = submission.assignment.obligation, submission.unit
    wanted = [(obligation.owed_to, ReceivedAs.ADDRESSEE)]
    wanted += [(unit, ReceivedAs.COPY) for unit in obligation.copies_to.all() if unit.pk != obligation.owed_to_id]
    return [(unit, how) for unit, how in wanted if not unit.contains(sender.path)]


def lay_copies(submission: Submission, *, actor: Actor, at: datetime) -> int:
    """Lay a copy with every receiver that has none of this version; return how many. In the act of sending."""
    return _lay([submission], actor=actor, at=at)


def _lay(submissions: Sequence[Submission], *, actor: Actor, at: datetime) -> int:
    """`lay_copies` of many: the same number of statements however many there are."""
    wanted = [(one, unit, how) for one in submissions for unit, how in find_receivers(one)]
    if not wanted:
        return 0
    contents = read_contents(list({one.pk: one for one, _, _ in wanted}.values()))
    with both_sides():
        held = ReceivedFiling.objects.filter(submission__in=list(contents))
        standing = set(held.values_list("submission", "unit_id"))
        fresh = [
            (_describe_filing(one, contents[one.pk], unit, how), contents[one.pk].papers)
            for one, unit, how in wanted
            if (one.pk, unit.pk) not in standing
        ]
        papers = [_describe_paper(paper, filing, at) for filing, papers in fresh for paper in papers]
        ReceivedFiling.objects.bulk_create([filing for filing, _ in fresh], batch_size=BATCH)
        ClusterFile.objects.bulk_create([paper.file for paper in papers], batch_size=BATCH)
        ReceivedPaper.objects.bulk_create(papers, batch_size=BATCH)
        record_acts(
            "take-filing",
            [(one, {"source": one.sender.short_name, "version": one.version}) for one, _ in fresh],
            actor=actor,
        )
    return len(fresh)


def _describe_filing(submission: Submission, holds: Contents, unit: Unit, how: ReceivedAs) -> ReceivedFiling:
    return ReceivedFiling(
        unit=unit,
        submission=submission.pk,
        assignment=submission.assignment_id,
        obligation=submission.assignment.obligation,
        sender=submission.unit,
        received_as=how,
        lines=describe_lines(holds),
        last_day=submission.assignment.last_day,
        **{name: getattr(submission, name) for name in (*SENT, *ANSWERS)},
    )


def _describe_paper(paper: SubmissionPaper, filing: ReceivedFiling, at: datetime) -> ReceivedPaper:
    """The paper as the receiver holds it: rows of its own, the same bytes."""
    kept = ClusterFile(
        unit=filing.unit,
        file=paper.file.name,
        file_name=paper.file_name,
        media_type=paper.media_type,
        size=paper.size,
        sha256=paper.sha256,
        added_at=at,
    )
    return ReceivedPaper(
        unit=filing.unit,
        filing=filing,
        paper=paper.paper,
        file=kept,
        pages=paper.pages,
        is_estimated=paper.is_estimated,
    )


def tell_receivers(submission: Submission) -> None:
    """Bring every copy of this version up to what became of it; by every act after the sending."""
    with both_sides():
        answers: dict[str, Any] = {name: getattr(submission, name) for name in ANSWERS}
        ReceivedFiling.objects.filter(submission=submission.pk).update(**answers)


def lay_missing(obligations: Iterable[Obligation], states: Iterable[str], *, actor: Actor, at: datetime) -> int:
    """Lay copies of filings in one of `states` that nobody holds: sent before copies were laid, or owed to another
    unit since. In the scope that sees every unit; says how many were laid."""
    held = ReceivedFiling.objects.filter(received_as=ReceivedAs.ADDRESSEE).values("submission")
    missing = (
        list_submissions()
        .filter(assignment__obligation__in=obligations, is_latest=True, state__in=states)
        .exclude(pk__in=held)
    )
    # By their keys first: what is laid on the way must not change which ones are missing.
    keys = list(missing.order_by("pk").values_list("pk", flat=True))
    number = 0
    for start in range(0, len(keys), BATCH):
        part = list_submissions().filter(pk__in=keys[start : start + BATCH])
        number += _lay(list(part.prefetch_related("assignment__obligation__copies_to")), actor=actor, at=at)
    return number


def describe_lines(holds: Contents) -> list[dict[str, Any]]:
    """What a registration registers, in words that mean the same on the other side of the fence."""
    titles = [
        {"what": str(line.title), "quantity": line.quantity, "names": [one.name for one in line.subjects.all()]}
        for line in holds.titles
    ]
    exemplars = [
        {
            "what": f"Điển hình {line}",
            "quantity": line.quantity,
            "names": [line.responsible_name],
            "words": line.activities,
        }
        for line in holds.exemplars
    ]
    return titles + exemplars
