"""Handing in a workbook and confirming it."""

from collections.abc import Iterable
from typing import Any

from django import forms

from units.models import ImportKind


class ImportForm(forms.Form):
    kind = forms.ChoiceField(
        label="Nhập bảng nào",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một bảng.", "invalid_choice": "Chọn một bảng trong danh sách."},
    )
    file = forms.FileField(
        label="Tệp Excel đã điền (.xlsx)",
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        help_text="Tải lên chỉ để xem trước; sổ chưa thay đổi gì cho tới khi đồng chí xác nhận.",
        error_messages={
            "required": "Chọn tệp Excel đã điền.",
            "empty": "Tệp rỗng (0 byte). Mở tệp trên máy để kiểm tra rồi chọn lại.",
            "missing": "Chọn tệp Excel đã điền.",
        },
    )

    def __init__(self, *args: Any, kinds: Iterable[ImportKind], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(kind.value, kind.label) for kind in kinds]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]
        if len(choices) == 1:
            self.fields["kind"].initial = choices[0][0]


class ConfirmationForm(forms.Form):
    """What to do with a batch that holds refused rows."""

    VALID, ALL = "valid", "all"
    mode = forms.ChoiceField(
        label="Cách ghi",
        widget=forms.RadioSelect,
        choices=[
            (VALID, "Ghi các dòng hợp lệ, bỏ các dòng không nhận"),
            (ALL, "Chỉ ghi khi mọi dòng đều hợp lệ"),
        ],
        initial=VALID,
        error_messages={"required": "Chọn một cách.", "invalid_choice": "Chọn một trong hai cách."},
    )
