"""Forms of what people say beside the record: proposals, special cases, results in movements."""

from django import forms

from units.forms.fields import DayField


class ProposalForm(forms.Form):
    number = forms.CharField(
        label="Số văn bản đề nghị",
        max_length=60,
        help_text="Ví dụ 45/TTr-CTHADS",
        error_messages={"required": "Chưa ghi số văn bản. Ghi như trên tờ trình hoặc công văn đề nghị."},
    )
    proposed_on = DayField(label="Ngày văn bản đề nghị")
