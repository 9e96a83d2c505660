"""Forms of cases that cross to a conference."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django import forms

from exemplars.models import Evidence


class SendCaseForm(forms.Form):
    """Which papers go along; none is ticked beforehand, because each leaves the unit."""

    papers = forms.MultipleChoiceField(
        label="Tệp gửi kèm",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ tệp được chọn mới sang đơn vị chủ trì và thành viên Hội nghị.",
        error_messages={"invalid_choice": "Một tệp đã chọn không còn trong hồ sơ. Tải lại trang rồi chọn lại."},
    )

    def __init__(self, *args: Any, evidence: Sequence[Evidence], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["papers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  declared above
        field.choices = [(str(one.pk), f"{one.get_kind_display()}: {one.file_name}") for one in evidence]

    def chosen(self) -> list[UUID]:
        return [UUID(one) for one in self.cleaned_data["papers"]]


class ReturnCaseForm(forms.Form):
    reason = forms.CharField(
        label="Lý do trả lại",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nêu từng chỗ phải sửa. Đơn vị gửi đọc nguyên văn.",
        error_messages={"required": "Chưa ghi lý do. Đơn vị cần biết phải sửa gì và vì sao."},
    )
