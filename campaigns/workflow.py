"""The life of what a unit files as one flat table: from which states, to which, with which right, by whom."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class SubmissionState(TextChoices):
    DRAFT = "draft", "Đang soạn"
    SENT = "sent", "Đã gửi, chờ tiếp nhận"
    RECEIVED = "received", "Đã tiếp nhận"
    APPROVED = "approved", "Đã duyệt"
    RETURNED = "returned", "Bị trả lại"
    WITHDRAWN = "withdrawn", "Đã rút"


class FilingAction(StrEnum):
    SEND = "send-submission"
    WITHDRAW = "withdraw-submission"
    RECEIVE = "receive-submission"
    RETURN = "return-submission"
    APPROVE = "approve-submission"


class FilingPlace(StrEnum):
    """Where the one who acts has to work."""

    OWN = "own"  # the unit that files
    ADDRESSEE = "addressee"  # the unit that is owed, or one above it


@dataclass(frozen=True, slots=True)
class FilingTransition:
    sources: tuple[SubmissionState, ...]
    target: SubmissionState
    permission: str
    label: str
    place: FilingPlace = FilingPlace.OWN


_S = SubmissionState

TRANSITIONS: dict[FilingAction, FilingTransition] = {
    FilingAction.SEND: FilingTransition((_S.DRAFT,), _S.SENT, "campaigns.send_submission", "Gửi"),
    FilingAction.WITHDRAW: FilingTransition(
        (_S.DRAFT, _S.SENT), _S.WITHDRAWN, "campaigns.withdraw_submission", "Rút lại"
    ),
    FilingAction.RECEIVE: FilingTransition(
        (_S.SENT,), _S.RECEIVED, "campaigns.receive_submission", "Tiếp nhận", FilingPlace.ADDRESSEE
    ),
    FilingAction.RETURN: FilingTransition(
        (_S.SENT, _S.RECEIVED), _S.RETURNED, "campaigns.return_submission", "Trả lại", FilingPlace.ADDRESSEE
    ),
    # Registrations alone are approved; a report is received.
    FilingAction.APPROVE: FilingTransition(
        (_S.SENT, _S.RECEIVED), _S.APPROVED, "campaigns.approve_submission", "Duyệt", FilingPlace.ADDRESSEE
    ),
}

# What was handed in and stands: the unit has done what it owes.
STANDING = (_S.SENT, _S.RECEIVED, _S.APPROVED)
