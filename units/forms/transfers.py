"""Forms of transfers."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from units.folding import nfc
from units.forms.organisation import day_field


class TransferForm(forms.Form):
    """Where to is chosen before; here the new post and the paper."""

    position = forms.CharField(
        label="Chức vụ, chức danh ở đơn vị mới", max_length=120, help_text="Như ghi trong quyết định điều động."
    )
    is_head = forms.BooleanField(label="Là người đứng đầu đơn vị mới", required=False)
    last_day = day_field("Ngày làm việc cuối ở đơn vị hiện nay", "Ngày hôm sau bắt đầu ở đơn vị mới. Ví dụ 30/6/2025")
    decision_number = forms.CharField(label="Số quyết định điều động", max_length=60, help_text="Ví dụ 125/QĐ-CTHADS")
    decided_on = day_field("Ngày quyết định", "Ví dụ 16/6/2025")

    def clean_position(self) -> str:
        return " ".join(nfc(self.cleaned_data["position"]).split())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        decided_on, last_day = cleaned.get("decided_on"), cleaned.get("last_day")
        if decided_on and last_day and (decided_on - last_day).days > 1:
            self.add_error(
                "decided_on",
                ValidationError("Quyết định ký sau ngày chuyển. Xem lại hai ngày trên quyết định."),
            )
        return cleaned


class ReceiveForm(forms.Form):
    """The answer of the receiving unit when it says yes."""

    staff_code = forms.CharField(
        label="Mã cán bộ ở đơn vị mới", max_length=20, required=False, help_text="Để trống nếu giữ mã cũ."
    )


class DeclineForm(forms.Form):
    """And when it says no."""

    reason = forms.CharField(
        label="Lý do không tiếp nhận",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Đơn vị cũ sẽ đọc lý do này.",
        error_messages={"required": "Ghi lý do để đơn vị cũ biết phải sửa gì."},
    )
