"""Answering filings of units out of sight, as the one they are addressed to."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from campaigns.models import ReceivedAs, ReceivedFiling, Submission
from campaigns.selectors.filings import list_submissions
from campaigns.selectors.received import list_filings
from campaigns.services.crossing import both_sides
from campaigns.services.filings import approve_submission, receive_submission, return_submission
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


def receive_filing(filing: ReceivedFiling, *, actor: Actor, at: datetime) -> ReceivedFiling:
    """Confirm having it; the sender sees who and when, and withdraws it no more."""
    return _answer(filing, actor, "receive-filing", lambda one: receive_submission(one, actor=actor, at=at))


def return_filing(filing: ReceivedFiling, *, reasons: str, actor: Actor, at: datetime) -> ReceivedFiling:
    """Give it back with reasons: the sender owes a new version, and its clerks are told."""
    return _answer(
        filing, actor, "return-filing", lambda one: return_submission(one, reasons=reasons, actor=actor, at=at)
    )


def approve_filing(filing: ReceivedFiling, *, actor: Actor, at: datetime) -> ReceivedFiling:
    """Agree to a registration."""
    return _answer(filing, actor, "approve-filing", lambda one: approve_submission(one, actor=actor, at=at))


@transaction.atomic
def _answer(filing: ReceivedFiling, actor: Actor, verb: str, act: Callable[[Submission], Any]) -> ReceivedFiling:
    """Act on the sender's own row, which brings every copy up to date. Refuses whoever holds a mere copy.

    The copy is not locked: the sender's rows are, always first, and what they allow decides.
    """
    filing = list_filings().get(pk=filing.pk)
    if filing.unit_id != actor.unit.pk or filing.received_as != ReceivedAs.ADDRESSEE:
        raise RefusedError(
            f"{actor.unit} không trả lời bản nộp này được.",
            why=f"Bản nộp gửi về {filing.obligation.owed_to}; nơi khác giữ bản sao để biết.",
            remedy=f"Liên hệ {filing.obligation.owed_to} nếu cần.",
        )
    with both_sides():
        submission = list_submissions().filter(pk=filing.submission).first()
        if submission is not None:
            act(submission)
    if submission is None:
        raise RefusedError(
            "Không tìm thấy bản gốc ở đơn vị gửi.",
            why="Bản này chỉ còn là bản sao để tra cứu.",
            remedy=f"Liên hệ {filing.sender} để gửi lại nếu cần.",
        )
    filing = list_filings().get(pk=filing.pk)
    record_act(verb, filing, actor=actor, version=filing.version, source=filing.sender.short_name)
    return filing
