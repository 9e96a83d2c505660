"""Forms of a sandbox."""

from typing import Any

from django import forms

YEARS = 8


class WhatIfStartForm(forms.Form):
    """What to replay; `year` also names the nominations whose attestations count."""

    recognition = forms.ChoiceField(
        label="Đối chiếu theo hình thức",
        error_messages={"required": "Chọn hình thức.", "invalid_choice": "Chọn hình thức trong danh sách."},
    )
    year = forms.TypedChoiceField(
        label="Thành tích năm",
        coerce=int,
        help_text="Hình thức xét cả giai đoạn thì đọc cả giai đoạn; năm chỉ dùng để lấy xác nhận trong đề nghị.",
        error_messages={"required": "Chọn năm.", "invalid_choice": "Chọn năm trong danh sách."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, recognitions: list[tuple[str, str]], this_year: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["recognition"].choices = recognitions  # type: ignore[attr-defined]
        years = [(year, str(year)) for year in range(this_year, this_year - YEARS, -1)]
        self.fields["year"].choices = years  # type: ignore[attr-defined]
