"""Forms of councils: the term, seats, substitutes."""

from datetime import date
from typing import Any

from django import forms

from awards.forms import DayField
from awards.models import Council, CouncilMember, Seat
from awards.services.councils import CouncilDecision
from awards.services.seats import SeatTerms
from units.folding import nfc
from units.uploads import ALLOWED, EXTENSIONS

ACCEPT = ",".join(name for names in EXTENSIONS.values() for name in names)


class WordsField(forms.CharField):
    """Typed words in one form of Unicode, spaces tidied."""

    def clean(self, value: Any) -> Any:
        return super().clean(" ".join(nfc(value).split()) if isinstance(value, str) else value)


class NumberField(WordsField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Số, ký hiệu quyết định")
        options.setdefault("help_text", "Ví dụ 15/QĐ-CTHADS")
        super().__init__(max_length=60, **options)


class DecisionFields(forms.Form):
    """The paper behind a change of a council's term."""

    number = NumberField()
    decided_on = DayField(label="Ngày quyết định", help_text="Ví dụ 16/01/2023")
    file = forms.FileField(
        label="Bản quyết định",
        required=False,
        help_text=f"Tệp {ALLOWED}.",
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def __init__(self, *args: Any, day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.day = day

    def clean_decided_on(self) -> date:
        day: date = self.cleaned_data["decided_on"]
        if day > self.day:
            raise forms.ValidationError("Ngày quyết định ở sau hôm nay. Xem lại ngày trên quyết định.")
        return day

    def decision(self) -> CouncilDecision:
        values = self.cleaned_data
        return CouncilDecision(values["number"], values["decided_on"], values.get("file"))


class CouncilForm(DecisionFields):
    name = WordsField(label="Tên Hội đồng", max_length=200)
    valid_from = DayField(label="Hoạt động từ ngày", help_text="Thường là ngày quyết định có hiệu lực.")
    valid_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu quyết định không ghi.")
    field_order = ("name", "number", "decided_on", "file", "valid_from", "valid_to")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày kết thúc ở trước ngày bắt đầu. Đổi một trong hai ngày.")
        decided = cleaned.get("decided_on")
        if first and decided and first < decided:
            self.add_error("valid_from", "Hội đồng không hoạt động trước ngày ký quyết định thành lập.")
        return cleaned


class RenewalForm(DecisionFields):
    valid_to = DayField(label="Gia hạn đến hết ngày", required=False, help_text="Để trống nếu quyết định không ghi.")
    field_order = ("number", "decided_on", "file", "valid_to")


class EndingForm(DecisionFields):
    last_day = DayField(label="Ngày hoạt động cuối cùng", help_text="Hội đồng còn hoạt động đến hết ngày này.")
    field_order = ("number", "decided_on", "file", "last_day")


class ConferenceForm(forms.Form):
    number = NumberField(label="Văn bản triệu tập số")
    decided_on = DayField(label="Ngày văn bản")
    valid_to = DayField(label="Hội nghị của năm kết thúc hết ngày", help_text="Thường là 31/12 của năm thi đua.")


class SeatForm(forms.Form):
    """What the decision writes of one member."""

    seat = forms.ChoiceField(label="Chức danh trong Hội đồng", choices=Seat.choices)
    position = WordsField(
        label="Chức vụ", max_length=120, help_text="Ghi như trong quyết định, ví dụ: Phó Cục trưởng; Chủ tịch Công đoàn"
    )
    order = forms.IntegerField(
        label="Thứ tự trong danh sách",
        min_value=1,
        max_value=999,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": "Ghi một số nguyên, ví dụ 3.", "min_value": "Ghi từ 1 trở lên."},
    )
    is_secretary = forms.BooleanField(label="Là thư ký", required=False)
    is_teller = forms.BooleanField(label="Thuộc Ban kiểm phiếu", required=False)
    valid_from = DayField(label="Từ ngày")
    document = NumberField(label="Theo văn bản số")

    def terms(self) -> SeatTerms:
        values = self.cleaned_data
        return SeatTerms(**values | {"seat": Seat(values["seat"])})

    @staticmethod
    def for_council(council: Council, *, day: date, order: int) -> dict[str, Any]:
        """What the form begins with for a new member."""
        first = max(day, council.valid_from) if council.members.exists() else council.valid_from
        return {"seat": Seat.MEMBER, "order": order, "valid_from": first, "document": council.founding_number}

    @staticmethod
    def for_member(member: CouncilMember, *, day: date) -> dict[str, Any]:
        return {
            "seat": member.seat,
            "position": member.position,
            "order": member.order,
            "is_secretary": member.is_secretary,
            "is_teller": member.is_teller,
            "valid_from": day,
        }


class SeatEndForm(forms.Form):
    last_day = DayField(label="Ngày cuối cùng giữ chức danh", help_text="Vẫn là thành viên đến hết ngày này.")
    document = NumberField(label="Theo văn bản số")


class SubstituteForm(forms.Form):
    position = WordsField(label="Chức vụ của người thay", max_length=120)
    document = NumberField(label="Theo văn bản số", help_text="Văn bản cử người thay hoặc quyết định thành lập.")
