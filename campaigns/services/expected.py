"""The addressee's side of what units owe across the fence, kept beside each change of an assignment.

An obligation may be owed to a unit that is not above the one who owes it: the head of a cluster, a department of
the ministry. Its assignments lie out of the addressee's sight, so the addressee keeps a line of its own for each.
"""

from collections.abc import Iterable, Sequence

from campaigns.models import Assignment, ExpectedWork, ExtensionState, Obligation
from campaigns.services.crossing import both_sides


def expect_work(assignments: Iterable[Assignment]) -> int:
    """Write the addressee's line for each assignment that lies out of its sight; those that stand are left alone.

    Units, obligations and addressees must be loaded. Needs a scope that holds every addressee.
    """
    fresh = [
        ExpectedWork(
            unit=one.obligation.owed_to,
            assignment=one.pk,
            obligation=one.obligation,
            ower=one.unit,
            last_day=one.last_day,
            done_at=one.done_at,
            document_number=one.document_number,
            document_date=one.document_date,
        )
        for one in assignments
        if not one.obligation.owed_to.contains(one.unit.path)
    ]
    standing = set(
        ExpectedWork.objects.filter(assignment__in=[one.assignment for one in fresh]).values_list(
            "assignment", flat=True
        )
    )
    missing = [one for one in fresh if one.assignment not in standing]
    ExpectedWork.objects.bulk_create(missing)
    return len(missing)


def expect_obligations(obligations: Sequence[Obligation]) -> int:
    """`expect_work` for everything owed under `obligations`."""
    return expect_work(
        Assignment.objects.filter(obligation__in=obligations, merged_into__isnull=True).select_related(
            "unit", "obligation__owed_to"
        )
    )


def tell_addressee(assignment: Assignment) -> None:
    """Bring the addressee's line up to date when the assignment lies out of its sight. Unit must be loaded.

    Called by every act that changes an assignment or asks for more time, in the act's own transaction.
    """
    if assignment.obligation.owed_to.contains(assignment.unit.path):
        return
    asked = assignment.extension_requests.filter(state=ExtensionState.ASKED).first()
    with both_sides():
        ExpectedWork.objects.filter(assignment=assignment.pk).update(
            last_day=assignment.last_day,
            done_at=assignment.done_at,
            document_number=assignment.document_number,
            document_date=assignment.document_date,
            request=asked.pk if asked else None,
            until=asked.until if asked else None,
            reason=asked.reason if asked else "",
        )


def tell_addressees(obligation: Obligation) -> None:
    """Bring every addressee's line of an obligation up to date, after many of its assignments changed at once.

    Says the days and whether it is done; requests for time are told one by one (`tell_addressee`).
    """
    with both_sides():
        lines = {one.assignment: one for one in ExpectedWork.objects.filter(obligation=obligation)}
        for assignment in Assignment.objects.filter(pk__in=list(lines)):
            line = lines[assignment.pk]
            line.last_day, line.done_at = assignment.last_day, assignment.done_at
            line.document_number, line.document_date = assignment.document_number, assignment.document_date
        ExpectedWork.objects.bulk_update(
            lines.values(), ["last_day", "done_at", "document_number", "document_date"], batch_size=500
        )
