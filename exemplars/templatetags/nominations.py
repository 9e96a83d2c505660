"""Words of nominations in templates."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any

from django import template

from exemplars.forms import REMARK_FIELDS
from exemplars.models import Nomination
from exemplars.rules import Finding
from exemplars.workflow import STEPS, NominationState

register = template.Library()

# A returned nomination stands again at the first step; a declined or revoked one at the last.
PLACE = {
    NominationState.RETURNED: NominationState.DRAFT,
    NominationState.WITHDRAWN: NominationState.DRAFT,
    NominationState.DECLINED: NominationState.RECOGNISED,
    NominationState.REVOKED: NominationState.RECOGNISED,
}


# What comes next, for whoever reads and has nothing to do just now.
COMING = {
    NominationState.DRAFT: "đơn vị viết xong và trình thủ trưởng.",
    NominationState.RETURNED: "đơn vị bổ sung những chỗ được nêu và trình lại.",
    NominationState.SUBMITTED: "thủ trưởng đơn vị duyệt và chuyển cấp trên.",
    NominationState.FORWARDED: "Thường trực Hội đồng thẩm tra, rồi trả lại bổ sung hoặc đưa vào trình Hội đồng.",
    NominationState.ACCEPTED: "Hội đồng họp và bỏ phiếu, sau đó văn thư ban hành quyết định.",
    NominationState.WITHDRAWN: "đơn vị có thể lập đề nghị mới; đề nghị này được lưu lại.",
}
# What the one who may act does, by the right action.
DOING = (
    ("forward", "xác nhận các tiêu chuẩn cần nhận định và lưu, rồi duyệt và chuyển cấp trên hoặc trả lại."),
    ("accept", "thẩm tra từng mục và minh chứng, rồi đưa vào trình Hội đồng hoặc trả lại bổ sung."),
)


@register.simple_tag
def next_words(nomination: Nomination, may: dict[str, bool], is_own: bool) -> str:  # noqa: FBT001  a template's call
    """What happens to a nomination next: the reader's own part if there is one, else whom it waits for."""
    if is_own and may["submit"]:
        if nomination.state == NominationState.RETURNED:
            return "đồng chí sửa những chỗ được nêu bên dưới rồi trình lại."
        return "đồng chí viết tiếp, kiểm lại rồi trình thủ trưởng."
    for action, words in DOING:
        if may[action] and (is_own or action == "accept"):
            return f"đồng chí {words}"
    return COMING.get(NominationState(nomination.state), "")


@register.filter
def remark_label(field: str) -> str:
    """The name under which people know the field that a remark is about."""
    return REMARK_FIELDS.get(field, "")


@register.filter
def day_words(value: date | str | None) -> str:
    """A day as dd/mm/yyyy, whether it comes from the database or from stored JSON."""
    if not value:
        return ""
    day = date.fromisoformat(value) if isinstance(value, str) else value
    return f"{day:%d/%m/%Y}"


@register.filter
def tally(findings: Sequence[Any]) -> str:
    """How many criteria stand where: "2 đạt · 4 cần xem xét"."""
    counts = Counter(str(finding.status) for finding in findings)
    words = (("met", "đạt"), ("undetermined", "cần xem xét"), ("unmet", "chưa đạt"))
    return " · ".join(f"{counts[status]} {word}" for status, word in words if counts[status])


_WHEN = re.compile(r"\s*(Sớm nhất có thể đạt khi xét năm \d{4}|Không còn đạt được trong [^.]+)\.")


@register.filter
def plain_reason(finding: Finding) -> str:
    """The reason without when it could be met, which the page says on a line of its own."""
    return _WHEN.sub("", finding.reason).strip() if finding.outlook else finding.reason


@register.filter
def still_missing(finding: Finding) -> str:
    """By how much it falls short; empty where the reason has just said so."""
    return "" if "còn thiếu" in finding.reason else finding.missing


@register.inclusion_tag("exemplars/steps.html")
def steps(state: str) -> dict[str, object]:
    """The way of a nomination with the present step marked."""
    order = [step for step, _ in STEPS]
    here = order.index(PLACE.get(NominationState(state), NominationState(state)))
    over = state in (NominationState.RECOGNISED, NominationState.DECLINED, NominationState.REVOKED)
    return {
        "steps": [
            {"label": label, "done": number < here or over, "here": number == here and not over}
            for number, (_, label) in enumerate(STEPS)
        ]
    }


@register.inclusion_tag("exemplars/special_case.html")
def special_cases(nomination: Nomination) -> dict[str, object]:
    """What the council and the deciding authority said although criteria are unmet, wherever a nomination is shown."""
    return {"special_cases": list(nomination.special_cases.select_related("decider"))}
