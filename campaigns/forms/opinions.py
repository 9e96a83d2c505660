"""Forms of opinions and pledges."""

from django import forms

from campaigns.forms.clusters import WordsField
from campaigns.forms.inspections import file_field
from campaigns.models import Verdict
from units.forms.fields import DayField


class RoundForm(forms.Form):
    title = WordsField(label="Tên dự thảo", max_length=200, help_text="Ví dụ: Dự thảo Kế hoạch hoạt động năm 2021")
    about = forms.CharField(
        label="Nội dung cần góp ý", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    last_day = DayField(label="Góp ý đến hết ngày")
    file = file_field("Bản dự thảo")


class AnswerForm(forms.Form):
    verdict = forms.ChoiceField(
        label="Ý kiến",
        choices=Verdict.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một ý kiến."},
    )
    words = forms.CharField(
        label="Nội dung ý kiến",
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Phải ghi khi không nhất trí hoặc có ý kiến khác.",
    )


class PledgeForm(forms.Form):
    title = WordsField(label="Tên giao ước", max_length=200, help_text="Ví dụ: Giao ước thi đua năm 2021")
    text = forms.CharField(
        label="Nội dung giao ước",
        max_length=12000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Các thành viên ký đúng nội dung này; sau khi gửi thì không sửa.",
    )


class SignForm(forms.Form):
    position = WordsField(label="Chức vụ như in trên văn bản", max_length=120)
    is_sure = forms.BooleanField(
        label="Tôi đã đọc và ký giao ước này thay mặt đơn vị; ký rồi thì không rút lại.",
        error_messages={"required": "Đánh dấu xác nhận để ký."},
    )
