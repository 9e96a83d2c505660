"""Passing work that a unit owes to another unit, with everything that was asked and filed for it."""

from campaigns.models import (
    Assignment,
    DirectReminder,
    ExemplarRegistration,
    ExpectedWork,
    IndicatorValue,
    ReceivedFiling,
    RegisteredSubject,
    ReturnLetter,
    Submission,
    SubmissionPaper,
    TitleRegistration,
)
from units.models import Unit


def carry_assignment(assignment: Assignment, heir: Unit) -> None:
    """Let `heir` owe it and go on where the unit stopped: every version goes along, drafts and returned ones too.

    What addressees out of sight hold names the heir as the one who owes. Needs a scope that holds both sides.
    """
    home = {"unit": heir, "unit_path": heir.path}
    assignment.unit, assignment.unit_path = heir, heir.path
    assignment.save(update_fields=["unit", "unit_path"])
    assignment.extension_requests.update(**home)
    filed = Submission.objects.filter(assignment=assignment)
    for model in (SubmissionPaper, TitleRegistration, ExemplarRegistration, IndicatorValue):
        model.objects.filter(submission__in=filed).update(**home)
    RegisteredSubject.objects.filter(registration__submission__in=filed).update(**home)
    DirectReminder.objects.filter(assignment=assignment).update(**home)
    ReturnLetter.objects.filter(submission__in=filed).update(**home)
    filed.update(**home)


def name_sender(assignment: Assignment, heir: Unit) -> None:
    """Let addressees out of sight know who owes it now. In the scope that sees every unit."""
    ExpectedWork.objects.filter(assignment=assignment.pk).update(ower=heir)
    ReceivedFiling.objects.filter(assignment=assignment.pk).update(sender=heir)
