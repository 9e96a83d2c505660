"""The life of a nomination as one flat table: from which states, to which, with which right, under which words."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class NominationState(TextChoices):
    DRAFT = "draft", "Bản nháp"
    SUBMITTED = "submitted", "Chờ thủ trưởng duyệt"
    RETURNED = "returned", "Trả lại bổ sung"
    FORWARDED = "forwarded", "Chờ Thường trực thẩm tra"
    ACCEPTED = "accepted", "Trình Hội đồng"
    RECOGNISED = "recognised", "Đã công nhận"
    DECLINED = "declined", "Không được công nhận"
    WITHDRAWN = "withdrawn", "Đã rút"
    REVOKED = "revoked", "Đã thu hồi công nhận"


# A frozen copy of another unit's nomination, laid by the act of sending it to a conference. It has no life of its own:
# no action leads from here, and `Nomination.objects` leaves it out (`Nomination.cases` does not).
CROSSED = "crossed"
CROSSED_LABEL = "Đơn vị khác gửi Hội nghị"
# In which a case may stand before a council.
BEFORE_COUNCIL = (NominationState.ACCEPTED.value, CROSSED)


class Action(StrEnum):
    SUBMIT = "submit"
    WITHDRAW = "withdraw"
    FORWARD = "forward"
    SEND_BACK = "send-back"
    RETURN = "return"
    ACCEPT = "accept"
    RECOGNISE = "recognise"
    DECLINE = "decline"
    REVOKE = "revoke"


class Place(StrEnum):
    """Where the one who acts has to work. A wider scope lets people see, not act for those below."""

    OWN = "own"  # the unit that nominates
    ADDRESSEE = "addressee"  # the unit to which its plan says nominations are sent
    DECIDER = "decider"  # the unit that issues the decision, as that action checks itself


@dataclass(frozen=True, slots=True)
class Transition:
    sources: tuple[NominationState, ...]
    target: NominationState
    permission: str
    label: str
    place: Place = Place.OWN


_S = NominationState

TRANSITIONS: dict[Action, Transition] = {
    Action.SUBMIT: Transition((_S.DRAFT, _S.RETURNED), _S.SUBMITTED, "exemplars.submit_nomination", "Trình thủ trưởng"),
    Action.WITHDRAW: Transition(
        (_S.DRAFT, _S.SUBMITTED, _S.RETURNED), _S.WITHDRAWN, "exemplars.withdraw_nomination", "Rút đề nghị"
    ),
    Action.FORWARD: Transition(
        (_S.SUBMITTED,), _S.FORWARDED, "exemplars.forward_nomination", "Duyệt và chuyển cấp trên"
    ),
    Action.SEND_BACK: Transition(
        (_S.SUBMITTED,), _S.RETURNED, "exemplars.send_back_nomination", "Trả lại cán bộ thi đua"
    ),
    Action.RETURN: Transition(
        (_S.FORWARDED,), _S.RETURNED, "exemplars.return_nomination", "Trả lại bổ sung", Place.ADDRESSEE
    ),
    Action.ACCEPT: Transition(
        (_S.FORWARDED,), _S.ACCEPTED, "exemplars.accept_nomination", "Đưa vào trình Hội đồng", Place.ADDRESSEE
    ),
    Action.RECOGNISE: Transition(
        (_S.ACCEPTED,), _S.RECOGNISED, "exemplars.conclude_nomination", "Công nhận theo quyết định", Place.DECIDER
    ),
    Action.DECLINE: Transition(
        (_S.ACCEPTED,), _S.DECLINED, "exemplars.conclude_nomination", "Không công nhận", Place.DECIDER
    ),
    Action.REVOKE: Transition(
        (_S.RECOGNISED,), _S.REVOKED, "exemplars.conclude_nomination", "Thu hồi công nhận", Place.DECIDER
    ),
}

# Where a nomination lies on somebody's desk: the state, whose right it waits for, and what they owe it.
AWAITED: dict[NominationState, tuple[str, str]] = {
    _S.RETURNED: ("exemplars.submit_nomination", "đề nghị bị trả lại, chờ sửa và trình lại"),
    _S.SUBMITTED: ("exemplars.forward_nomination", "đề nghị chờ thủ trưởng duyệt"),
    _S.FORWARDED: ("exemplars.accept_nomination", "đề nghị chờ Thường trực thẩm tra"),
}
# States in which only the unit of the nomination itself has anything to do.
INSIDE_THE_UNIT = (_S.RETURNED, _S.SUBMITTED)

# The order in which a person sees the way of a nomination.
STEPS: tuple[tuple[NominationState, str], ...] = (
    (_S.DRAFT, "Lập"),
    (_S.SUBMITTED, "Thủ trưởng duyệt"),
    (_S.FORWARDED, "Thường trực thẩm tra"),
    (_S.ACCEPTED, "Hội đồng"),
    (_S.RECOGNISED, "Quyết định"),
)

# Fields that a nomination must fill before it is submitted, under the names that people see.
REQUIRED_TO_SUBMIT: dict[str, str] = {
    "duties": "Nhiệm vụ được giao",
    "achievements": "Thành tích tiêu biểu",
    "initiatives": "Sáng kiến, mô hình, cách làm mới",
}
