"""Forms of a decision in its steps: drafting, revoking, numbering, signing, publishing."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms

from awards.forms import DecisionForm
from awards.models import DecisionLine
from awards.selectors.decisions import obstacle_of
from awards.services.revocation_drafts import RevocationWording
from units.forms.fields import DayField, reason_field
from units.models import RevocationKind
from units.selectors.signing import Signer

WHOLE, NAMED = "whole", "named"


class DraftForm(DecisionForm):
    """What the secretariat words: subject and who is to sign. Number and day come from the records clerk."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        del self.fields["number"], self.fields["signed_on"]

    def wording(self) -> dict[str, Any]:
        values = self.cleaned_data
        signer = values.get("delegation") or Signer((values["signer_title"],), values["signer_name"])
        return {"subject": values["subject"], "signer": signer}


class RevocationForm(DraftForm):
    """What the secretariat words of a revocation, and what it takes back."""

    extent = forms.ChoiceField(
        label="Phạm vi thu hồi",
        choices=[(WHOLE, "Toàn bộ quyết định"), (NAMED, "Chỉ các dòng chọn dưới đây")],
        widget=forms.RadioSelect,
    )
    lines = forms.MultipleChoiceField(
        label="Các dòng thu hồi",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Chỉ chọn khi không thu hồi toàn bộ. Dòng không còn giá trị thì không có ở đây.",
    )
    kind = forms.ChoiceField(label="Hình thức", choices=[("", "Chọn hình thức"), *RevocationKind.choices])
    reason = forms.CharField(
        label="Lý do",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Hiện cạnh dòng bị thu hồi trong sổ khen thưởng.",
    )
    clause = forms.CharField(
        label="Căn cứ", max_length=300, help_text="Văn bản, điều, khoản làm căn cứ thu hồi, như sẽ ghi trên quyết định."
    )
    field_order = ["extent", "lines", "kind", "reason", "clause", "subject", "delegation"]

    def __init__(self, *args: Any, lines: Iterable[DecisionLine], **options: Any) -> None:
        super().__init__(*args, **options)
        offered: Any = self.fields["lines"]
        offered.choices = [(str(one.pk), _name_line(one)) for one in lines if not obstacle_of(one)]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("extent") == NAMED and not cleaned.get("lines") and "lines" not in self.errors:
            self.add_error("lines", "Chưa chọn dòng nào. Chọn ít nhất một dòng, hoặc chọn thu hồi toàn bộ.")
        if cleaned.get("extent") == WHOLE and cleaned.get("lines"):
            self.add_error("lines", "Đã chọn thu hồi toàn bộ nên không chọn từng dòng. Bỏ một trong hai.")
        return cleaned

    def chosen(self) -> list[UUID] | None:
        """The lines named, or None for the whole decision."""
        if self.cleaned_data["extent"] == WHOLE:
            return None
        return [UUID(pk) for pk in self.cleaned_data["lines"]]

    def revocation(self) -> RevocationWording:
        values = self.cleaned_data
        return RevocationWording(
            **self.wording(), kind=values["kind"], reason=values["reason"], clause=values["clause"]
        )


class NumberForm(forms.Form):
    number = forms.CharField(label="Số, ký hiệu", max_length=60, help_text="Ví dụ 45/QĐ-CTHADS")
    dated = DayField(label="Ngày văn bản", help_text="Ngày ghi trên quyết định. Ví dụ 22/12/2023")

    clean_number = DecisionForm.clean_number


class SigningForm(forms.Form):
    scan = forms.FileField(
        label="Bản chụp quyết định đã ký, đóng dấu", help_text="PDF, JPG hoặc PNG, đủ mọi trang và danh sách kèm theo."
    )


class VoidForm(forms.Form):
    reason = reason_field("Lý do hủy dự thảo", "Được lưu trong nhật ký.")


class PublicationForm(forms.Form):
    published_on = DayField(label="Ngày công bố", help_text="Ngày gửi kết quả tới đơn vị, cá nhân. Ví dụ 25/12/2023")


def _name_line(line: DecisionLine) -> str:
    honour = line.honour
    return f"{line.order}. {honour.subject_name}, {honour.subject_unit}: {honour.title} {honour.year}"
