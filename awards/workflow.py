"""The life of a drafted decision as one flat table: from which states, to which, with which right."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class DraftState(TextChoices):
    DRAFTED = "drafted", "Dự thảo"
    NUMBERED = "numbered", "Đã lấy số, chờ ký"
    SIGNED = "signed", "Đã ký ban hành"
    VOID = "void", "Đã hủy dự thảo"


class DraftAction(StrEnum):
    CHANGE = "change"
    NUMBER = "number"
    SIGN = "sign"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class DraftTransition:
    sources: tuple[DraftState, ...]
    target: DraftState
    permission: str


_S = DraftState

DRAFT_TRANSITIONS: dict[DraftAction, DraftTransition] = {
    DraftAction.CHANGE: DraftTransition((_S.DRAFTED,), _S.DRAFTED, "awards.change_draft"),
    DraftAction.NUMBER: DraftTransition((_S.DRAFTED,), _S.NUMBERED, "awards.number_draft"),
    DraftAction.SIGN: DraftTransition((_S.NUMBERED,), _S.SIGNED, "awards.sign_draft"),
    DraftAction.VOID: DraftTransition((_S.DRAFTED, _S.NUMBERED), _S.VOID, "awards.void_draft"),
}
