"""Forms of a dated edition of a reading."""

from typing import Any

from django import forms

from exemplars.models import SpecialCaseDecider, TitleLevel
from units.forms.fields import DayField, reason_field

FOLLOWS = (("yes", "Có, tính cho đơn vị mới"), ("no", "Không tính"))


def _follows(label: str, help_text: str) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=[("", "Chọn"), *FOLLOWS],
        coerce=lambda value: value == "yes",
        error_messages={"required": "Chưa chọn. Chọn «Có» hoặc «Không tính»."},
    )


class _ReadingForm(forms.Form):
    valid_from = DayField(label="Hiệu lực từ ngày")
    valid_to = DayField(
        label="Đến hết ngày",
        required=False,
        help_text="Để trống khi chưa biết. Có ghi thì sau ngày ấy không có cách hiểu nào cho tới khi thêm bản nữa.",
    )
    citation = forms.CharField(
        label="Căn cứ",
        max_length=300,
        help_text="Số văn bản, điều, khoản. Chưa có văn bản thì ghi rõ là quy ước.",
        error_messages={"required": "Chưa ghi căn cứ. Chưa có văn bản thì ghi rõ là quy ước."},
    )
    note = forms.CharField(
        label="Nội dung, lý do",
        max_length=400,
        help_text="Một hai câu cho người đọc sau này.",
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Chưa ghi nội dung. Viết một câu nói vì sao hiểu như vậy."},
    )
    confirmed = forms.BooleanField(label="Cơ quan có thẩm quyền đã xác nhận cách hiểu này", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", f"Ngày cuối phải từ ngày {first:%d/%m/%Y} trở đi.")
        return cleaned


class MergerReadingForm(_ReadingForm):
    honours_of_a_period = _follows(
        "Khen thưởng trong giai đoạn",
        "Khen thưởng, công nhận mà đơn vị cũ đạt trong giai đoạn có tính cho đơn vị nhận sáp nhập không.",
    )
    discipline = _follows(
        "Kỷ luật trước ngày sáp nhập",
        "Kỷ luật người của đơn vị cũ, quyết định trước ngày sáp nhập, có tính cho đơn vị nhận sáp nhập không.",
    )
    valid_from = DayField(
        label="Áp dụng cho các lần sáp nhập từ ngày",
        help_text="Tính theo ngày sáp nhập, không theo ngày nhập. Ví dụ 01/07/2025",
    )
    field_order = ["honours_of_a_period", "discipline", "valid_from", "valid_to", "citation", "note", "confirmed"]


class SpecialCaseReadingForm(_ReadingForm):
    level = forms.ChoiceField(label="Cấp của danh hiệu", choices=TitleLevel)
    decided_by = forms.ChoiceField(
        label="Nơi quyết định",
        choices=[("", "Chọn"), *SpecialCaseDecider.choices],
        help_text="Thủ trưởng nơi này cho đi tiếp hoặc không khi Hội đồng trình theo diện đặc biệt.",
    )
    valid_from = DayField(
        label="Áp dụng cho trường hợp trình từ ngày",
        help_text="Tính theo ngày trình; trường hợp đã trình giữ nơi quyết định cũ. Ví dụ 01/01/2024",
    )
    field_order = ["level", "decided_by", "valid_from", "valid_to", "citation", "note", "confirmed"]


class MergerReadingEditForm(MergerReadingForm):
    reason = reason_field()
    field_order = [*MergerReadingForm.field_order, "reason"]


class SpecialCaseReadingEditForm(SpecialCaseReadingForm):
    """The level stays: an edition of another level is another one."""

    level = None  # type: ignore[assignment]  # Django's way to leave out a field of the base
    reason = reason_field()
    field_order = [*SpecialCaseReadingForm.field_order, "reason"]
