"""Forms of written opinions and of papers by hand."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from awards.forms import DayField
from awards.models import CouncilMember, WrittenEnvelope
from units.folding import nfc


class PaperReasonForm(forms.Form):
    """Why a ballot is held on paper. Left empty, it is not."""

    reason = forms.CharField(
        label="Vì sao bỏ phiếu bằng giấy",
        max_length=300,
        help_text="Ví dụ: phòng họp không có mạng. Lý do in trong biên bản và kết quả.",
    )

    def clean_reason(self) -> str:
        return nfc(self.cleaned_data["reason"]).strip()


class EnvelopeForm(forms.Form):
    """A closed envelope of an absent member."""

    member = forms.ChoiceField(label="Thành viên vắng")
    received_on = DayField(label="Ngày nhận bì", help_text="Ví dụ 20/12/2023")

    def __init__(
        self, *args: Any, members: Sequence[CouncilMember], envelopes: Iterable[WrittenEnvelope], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        there = {one.member_id for one in envelopes if one.withdrawn_at is None}
        self.members = {str(one.pk): one for one in members}
        self.waiting = [one for one in members if one.pk not in there]
        self.fields["member"].choices = [  # type: ignore[attr-defined]
            ("", "Chọn thành viên"),
            *((key, str(one)) for key, one in self.members.items()),
        ]

    def chosen(self) -> CouncilMember:
        return self.members[self.cleaned_data["member"]]


class IssuedForm(forms.Form):
    """How many papers were handed out."""

    issued = forms.IntegerField(
        label="Số phiếu đã phát ra",
        min_value=0,
        max_value=9999,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"invalid": "Ghi số phiếu bằng chữ số, ví dụ 13.", "min_value": "Ghi từ 0 trở lên."},
    )
