"""Forms of minutes: words and hours of a draft, the reason of a correction, the three ways of signing."""

from datetime import time
from typing import Any

from django import forms
from django.views.decorators.debug import sensitive_variables

from awards.forms.councils import WordsField
from awards.models import Minutes, MinutesKind, MinutesSignature, SignatureState

LONGEST = 20_000
HOURS = ["%H:%M", "%Hh%M", "%H giờ %M"]


class HourField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=HOURS,
            required=False,
            widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
            error_messages={"invalid": "Ghi giờ và phút, ví dụ 8:30."},
            **options,
        )
        self.needed_later = "gửi ký"


class MinutesForm(forms.Form):
    """What the secretary may say in minutes. There is no field for a figure."""

    number = WordsField(
        label="Số biên bản", max_length=60, required=False, help_text="Ví dụ 02/BB-HĐTĐKT. Để trống thì chừa chỗ."
    )
    began_at = HourField(label="Phiên họp bắt đầu lúc", help_text="Ví dụ 8:30.")
    ended_at = HourField(label="Phiên họp kết thúc lúc")
    course = forms.CharField(
        label="Diễn biến phiên họp",
        required=False,
        max_length=LONGEST,
        help_text="Mỗi đoạn một dòng. Không ghi số phiếu: số liệu lấy từ kết quả kiểm phiếu.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    opinions = forms.CharField(
        label="Ý kiến thảo luận",
        required=False,
        max_length=LONGEST,
        help_text="Không ghi ai bỏ phiếu thế nào: bỏ phiếu kín.",
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    def __init__(self, *args: Any, minutes: Minutes, **options: Any) -> None:
        initial = {name: getattr(minutes, name) for name in ("number", "began_at", "ended_at", "course", "opinions")}
        super().__init__(*args, **options | {"initial": initial})
        if minutes.kind == MinutesKind.COUNT:
            # The trail knows when the ballot was opened and counted.
            del self.fields["began_at"], self.fields["ended_at"]
            self.fields["course"].label = "Diễn biến kiểm phiếu"
            self.fields["opinions"].label = "Kiến nghị của Ban kiểm phiếu"

    def clean_ended_at(self) -> time | None:
        began, ended = self.cleaned_data.get("began_at"), self.cleaned_data.get("ended_at")
        if began and ended and ended <= began:
            raise forms.ValidationError("Giờ kết thúc phải sau giờ bắt đầu.")
        return ended


class CorrectionForm(forms.Form):
    reason = WordsField(
        label="Lý do điều chỉnh",
        max_length=400,
        help_text="In ở đầu biên bản điều chỉnh, ví dụ: ghi thiếu ý kiến của đồng chí phụ trách công đoàn.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NameConfirmation(forms.Form):
    name_confirmed = forms.BooleanField(
        label="Chứng thư là của tôi dù tên ghi trong chứng thư khác tên trong biên bản",
        required=False,
        help_text="Chỉ đánh dấu khi phần mềm báo tên khác nhau.",
    )


class CertificateForm(NameConfirmation):
    """A certificate for one signature. Neither file nor password is ever shown again or kept."""

    certificate = forms.FileField(
        label="Tệp chứng thư",
        help_text="Tệp .p12 hoặc .pfx. Chỉ dùng cho lần ký này, không được lưu.",
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}),
        error_messages={"required": "Chọn tệp chứng thư.", "empty": "Tệp đã chọn không có nội dung."},
    )
    password = forms.CharField(
        label="Mật khẩu của tệp chứng thư",
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Ghi mật khẩu của tệp chứng thư."},
    )
    field_order = ("certificate", "password", "name_confirmed")

    @sensitive_variables()
    def secret(self) -> tuple[bytes, str]:
        file = self.cleaned_data["certificate"]
        # One byte more than is ever needed: the service refuses what is too long.
        return file.read(MOST_READ), self.cleaned_data["password"]


MOST_READ = 200 * 1024


class SignedFileForm(NameConfirmation):
    signed = forms.FileField(
        label="Bản đã ký",
        help_text="Tệp PDF tải về từ trang này, đã thêm chữ ký số.",
        widget=forms.FileInput(attrs={"accept": ".pdf"}),
        error_messages={"required": "Chọn tệp PDF đã ký.", "empty": "Tệp đã chọn không có nội dung."},
    )
    field_order = ("signed", "name_confirmed")

    def __init__(self, *args: Any, most: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.most = most

    def clean_signed(self) -> Any:
        file = self.cleaned_data["signed"]
        if file.size > self.most:
            raise forms.ValidationError(
                f"Tệp nặng quá {self.most // 1024 // 1024} MB. Tải lại bản hiện nay và ký, không quét."
            )
        return file


class InkForm(forms.Form):
    """A scan of the paper that was signed in ink, and whose ink is on it."""

    file = forms.FileField(
        label="Bản quét biên bản đã ký",
        help_text="PDF hoặc JPG, thấy rõ chữ ký.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg"}),
        error_messages={"required": "Chọn bản quét.", "empty": "Tệp đã chọn không có nội dung."},
    )
    people: "forms.ModelMultipleChoiceField[MinutesSignature]" = forms.ModelMultipleChoiceField(
        label="Có chữ ký của",
        queryset=None,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một người ký."},
    )

    def __init__(self, *args: Any, minutes: Minutes, **options: Any) -> None:
        super().__init__(*args, **options)
        waiting = MinutesSignature.objects.filter(minutes=minutes).exclude(state=SignatureState.SIGNED)
        self.fields["people"].queryset = waiting  # type: ignore[attr-defined]
