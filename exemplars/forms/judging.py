"""Forms of what people say beside the record: proposals, special cases, results in movements."""

from django import forms

from exemplars.models import MovementGrade
from units.forms.fields import DayField, YearField


class ProposalForm(forms.Form):
    number = forms.CharField(
        label="Số văn bản đề nghị",
        max_length=60,
        help_text="Ví dụ 45/TTr-CTHADS",
        error_messages={"required": "Chưa ghi số văn bản. Ghi như trên tờ trình hoặc công văn đề nghị."},
    )
    proposed_on = DayField(label="Ngày văn bản đề nghị")


class SpecialCaseForm(forms.Form):
    reason = forms.CharField(
        label="Lý do trình theo diện đặc biệt",
        max_length=2000,
        help_text="Thành tích nổi bật tới mức nào, vì sao vẫn nên công nhận dù còn tiêu chuẩn chưa đạt.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    clause = forms.CharField(
        label="Điều khoản cho phép", max_length=200, help_text="Ví dụ Kế hoạch tháng 02/2023, II.2.2.3.b"
    )
    minutes_number = forms.CharField(label="Số biên bản Hội đồng", max_length=60)
    minutes_on = DayField(label="Ngày biên bản Hội đồng")


class SpecialDecisionForm(forms.Form):
    words = forms.CharField(
        label="Ý kiến quyết định",
        max_length=1000,
        help_text="Ghi căn cứ; được lưu và hiện cùng đề nghị.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class MovementForm(forms.Form):
    year = YearField(label="Năm")
    result = forms.ChoiceField(label="Kết quả phong trào thi đua", choices=MovementGrade.choices)
    decision_number = forms.CharField(label="Số văn bản", max_length=60, help_text="Ví dụ 12/QĐ-CTHADS")
    decided_on = DayField(label="Ngày văn bản")
