"""Forms of leave and reviews."""

from typing import Any

from django import forms

from units.forms.fields import DayField, StaticChoices, UnitField, YearField, reason_field
from units.models import REVIEWS, CircumstanceKind, Unit
from units.selectors.circumstances import STATES

_LEAVE = [(kind.value, kind.label) for kind in CircumstanceKind if kind not in REVIEWS]
_REVIEWS = [(kind.value, kind.label) for kind in CircumstanceKind if kind in REVIEWS]


_KINDS = [("Nghỉ dài ngày", _LEAVE), ("Bị xem xét", _REVIEWS)]


class CircumstanceFilterForm(forms.Form):
    """What narrows the list of the branch. Nothing chosen shows every line."""

    unit = UnitField(label="Đơn vị (tên hoặc mã)", required=False, max_length=200)
    kind = StaticChoices(label="Nội dung", empty="Tất cả", choices=_KINDS, required=False)
    state = StaticChoices(label="Tình trạng", empty="Tất cả", choices=list(STATES.items()), required=False)
    year = YearField(label="Có ngày trong năm", required=False, help_text="")

    def __init__(self, *args: Any, root: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].root = root  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """The filters as `list_branch_circumstances` takes them; a wrong one is left out."""
        cleaned = getattr(self, "cleaned_data", {})
        return {name: value for name in ("kind", "state", "year") if (value := cleaned.get(name))}


class CircumstanceForm(forms.Form):
    kind = StaticChoices(label="Nội dung", empty="Chọn nội dung", choices=_KINDS)
    first_day = DayField(label="Từ ngày")
    last_day = DayField(
        label="Đến hết ngày", required=False, help_text="Đợt nghỉ phải có ngày cuối. Việc chưa kết thúc thì để trống."
    )
    decision_number = forms.CharField(
        label="Số văn bản", required=False, max_length=60, help_text="Để trống nếu không có."
    )


class CircumstanceEditForm(CircumstanceForm):
    reason = reason_field("Lý do sửa")


class CircumstanceEndForm(forms.Form):
    last_day = DayField(label="Ngày cuối")
    reason = reason_field("Kết luận, lý do kết thúc", "Được lưu trong nhật ký; chỉ người đọc được mục này mới thấy.")
