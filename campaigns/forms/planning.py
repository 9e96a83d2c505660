"""Forms about events, days off and reminders."""

from django import forms

from campaigns.calendar import CHOOSABLE_NOTICE_DAYS
from campaigns.models import CalendarDayKind, OverduePace

WRONG_DAY = "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 17/02/2023."


class DayField(forms.DateField):
    """A day that is typed."""

    def __init__(self, label: str) -> None:
        super().__init__(
            label=label,
            help_text="Ví dụ 17/02/2023",
            error_messages={"invalid": WRONG_DAY},
            widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        )


class AnchorEventForm(forms.Form):
    happened_on = DayField(label="Sự kiện diễn ra ngày")
    note = forms.CharField(
        label="Ghi chú",
        max_length=500,
        required=False,
        help_text="Ví dụ: theo Biên bản số 12/BB-KVTĐ.",
    )


class AnchorEventCorrectForm(forms.Form):
    happened_on = DayField(label="Ngày đúng")
    reason = forms.CharField(
        label="Lý do đính chính", max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text="Ghi sai vì sao."
    )


class CalendarDayForm(forms.Form):
    day = DayField(label="Ngày")
    kind = forms.ChoiceField(label="Là", choices=CalendarDayKind.choices)
    name = forms.CharField(label="Lý do", max_length=120, help_text="Ví dụ: Nghỉ hoán đổi dịp Quốc khánh.")
    citation = forms.CharField(label="Văn bản quyết định", max_length=200, help_text="Số, ngày và cơ quan ban hành.")


class ReminderSettingsForm(forms.Form):
    notice_days = forms.TypedMultipleChoiceField(
        label="Nhắc trước hạn",
        coerce=int,
        choices=[(day, f"{day} ngày trước" if day else "Đúng ngày cuối cùng") for day in CHOOSABLE_NOTICE_DAYS],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Chọn ít nhất một ngày."},
    )
    overdue = forms.ChoiceField(label="Khi đã quá hạn", choices=OverduePace.choices, widget=forms.RadioSelect)
