"""Forms of campaigns."""

from typing import Any

from django import forms


class CompletionForm(forms.Form):
    document_number = forms.CharField(
        label="Số, ký hiệu văn bản đã gửi", max_length=60, help_text="Ví dụ 15/KH-CCTHADS"
    )
    document_date = forms.DateField(
        label="Ngày văn bản",
        help_text="Ví dụ 17/02/2023",
        error_messages={
            "invalid": "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 17/02/2023."
        },
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today

    def clean_document_date(self) -> Any:
        day = self.cleaned_data["document_date"]
        if day > self.today:
            raise forms.ValidationError("Ngày văn bản ở sau hôm nay. Xem lại ngày trên văn bản đã gửi.")
        return day


class ExtensionForm(forms.Form):
    until = forms.DateField(
        label="Xin gia hạn đến hết ngày",
        help_text="Ví dụ 27/11/2023",
        error_messages={
            "invalid": "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 27/11/2023."
        },
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="Lý do",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Nêu việc gì còn vướng và khi nào xong.",
    )


class ExtensionAnswerForm(forms.Form):
    grant = forms.TypedChoiceField(
        label="Trả lời",
        choices=[("yes", "Cho gia hạn"), ("no", "Không gia hạn")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn cho gia hạn hoặc không."},
    )
    answer = forms.CharField(
        label="Ý kiến trả lời", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
