"""Forms of leave and reviews."""

from django import forms

from units.forms.fields import DayField, StaticChoices, reason_field
from units.models import REVIEWS, CircumstanceKind

_LEAVE = [(kind.value, kind.label) for kind in CircumstanceKind if kind not in REVIEWS]
_REVIEWS = [(kind.value, kind.label) for kind in CircumstanceKind if kind in REVIEWS]


class CircumstanceForm(forms.Form):
    kind = StaticChoices(
        label="Nội dung", empty="Chọn nội dung", choices=[("Nghỉ dài ngày", _LEAVE), ("Bị xem xét", _REVIEWS)]
    )
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
