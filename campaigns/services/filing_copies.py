"""What a unit files, as those hold it who do not stand above it: laid by the act of sending, brought up to date after.

The addressee out of sight gets one, and whomever the plan lets have copies, such as the deputies of a cluster.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from campaigns.models import ClusterFile, Obligation, ReceivedAs, ReceivedFiling, ReceivedPaper, Submission
from campaigns.selectors.filings import list_exemplars, list_papers, list_submissions, list_titles
from campaigns.services.crossing import both_sides
from units.actors import Actor
from units.models import Unit
from units.services.audit import record_act

ANSWERS = ("state", "received_label", "received_at", "answered_label", "answered_at", "answer")
SENT = ("version", "document_number", "document_date", "message", "sent_label", "sent_at", "counted_at", "receipt_code")


def find_receivers(submission: Submission) -> list[tuple[Unit, ReceivedAs]]:
    """Who gets a copy: the addressee and those named for copies, unless they see the unit's own rows."""
    obligation, sender = submission.assignment.obligation, submission.unit
    wanted = [(obligation.owed_to, ReceivedAs.ADDRESSEE)]
    wanted += [(unit, ReceivedAs.COPY) for unit in obligation.copies_to.all() if unit.pk != obligation.owed_to_id]
    return [(unit, how) for unit, how in wanted if not unit.contains(sender.path)]


def lay_copies(submission: Submission, *, actor: Actor, at: datetime) -> int:
    """Lay a copy with every receiver that has none of this version; return how many. In the act of sending."""
    receivers = find_receivers(submission)
    if not receivers:
        return 0
    papers, lines = list(list_papers(submission)), describe_lines(submission)
    with both_sides():
        standing = set(ReceivedFiling.objects.filter(submission=submission.pk).values_list("unit_id", flat=True))
        fresh = [(unit, how) for unit, how in receivers if unit.pk not in standing]
        for unit, how in fresh:
            filing = ReceivedFiling.objects.create(
                unit=unit,
                submission=submission.pk,
                assignment=submission.assignment_id,
                obligation=submission.assignment.obligation,
                sender=submission.unit,
                received_as=how,
                lines=lines,
                last_day=submission.assignment.last_day,
                **{name: getattr(submission, name) for name in (*SENT, *ANSWERS)},
            )
            for paper in papers:
                kept = ClusterFile.objects.create(
                    unit=unit,
                    file=paper.file.name,
                    file_name=paper.file_name,
                    media_type=paper.media_type,
                    size=paper.size,
                    sha256=paper.sha256,
                    added_at=at,
                )
                ReceivedPaper.objects.create(
                    unit=unit,
                    filing=filing,
                    paper=paper.paper,
                    file=kept,
                    pages=paper.pages,
                    is_estimated=paper.is_estimated,
                )
            source = submission.unit.short_name
            record_act("take-filing", filing, actor=actor, source=source, version=filing.version)
    return len(fresh)


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
    return sum(lay_copies(one, actor=actor, at=at) for one in missing)


def describe_lines(submission: Submission) -> list[dict[str, Any]]:
    """What a registration registers, in words that mean the same on the other side of the fence."""
    titles = [
        {"what": str(line.title), "quantity": line.quantity, "names": [one.name for one in line.subjects.all()]}
        for line in list_titles(submission)
    ]
    exemplars = [
        {
            "what": f"Điển hình {line}",
            "quantity": line.quantity,
            "names": [line.responsible_name],
            "words": line.activities,
        }
        for line in list_exemplars(submission)
    ]
    return titles + exemplars
