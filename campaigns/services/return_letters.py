"""Telling the unit that what it filed was returned: a mail to each of its clerks, and a line among their reminders."""

from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from campaigns.calendar import short_day
from campaigns.models import DigestState, ReturnLetter, Submission
from campaigns.selectors.reminders import find_listeners
from campaigns.services.mailings import promise_mailings, send_mailing
from campaigns.workflow import SubmissionState
from units.clock import today


def promise_return_letters(submission: Submission) -> int:
    """Write one letter to each listener of the unit and promise the mails; return how many people are told.

    In the transaction that returns the version, which is returned once; so nobody is told twice. Listeners are the
    unit's clerks, or its heads where it has no clerk. Needs a scope that holds the unit.
    """
    people = find_listeners({submission.unit_id}, today()).get(submission.unit_id, [])
    letters = [
        ReturnLetter(
            unit=submission.unit,
            unit_path=submission.unit.path,
            submission=submission,
            recipient=person,
            state=DigestState.WAITING if person.email else DigestState.NO_ADDRESS,
        )
        for person in people
    ]
    ReturnLetter.objects.bulk_create(letters)
    promise_mailings("campaigns.tasks.send_return_letter", letters)
    return len(letters)


def send_return_letter(letter_id: UUID) -> bool:
    """Send one; return whether a mail was handed over now. Who left the unit, or has sent anew, is told nothing."""
    found = ReturnLetter.objects.select_related(
        "recipient",
        "unit",
        "submission__assignment__obligation__owed_to",
        "submission__assignment__obligation__campaign",
    )
    return send_mailing(found, letter_id, lambda one: _write_mail(one) if _holds_still(one) else None)


def _holds_still(letter: ReturnLetter) -> bool:
    submission = letter.submission
    if submission.state != SubmissionState.RETURNED or submission.assignment.done_at is not None:
        return False
    return letter.recipient in find_listeners({letter.unit_id}, today()).get(letter.unit_id, [])


def _write_mail(letter: ReturnLetter) -> EmailMessage:
    submission = letter.submission
    assignment, obligation = submission.assignment, submission.assignment.obligation
    body = render_to_string(
        "campaigns/return_letter.txt",
        {
            "letter": letter,
            "submission": submission,
            "obligation": obligation,
            "returned_on": short_day(timezone.localdate(submission.answered_at)),
            "last_day": short_day(assignment.last_day) if assignment.last_day else "",
            "site": settings.SITE_ADDRESS,
            "path": assignment.get_absolute_url(),
        },
    )
    return EmailMessage(
        subject=f"Bản nộp bị trả lại: {obligation.title}"[:180],
        body=body,
        to=[letter.recipient.email],
        headers=letter.mail_headers,
    )
