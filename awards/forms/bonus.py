"""Forms of the figures behind bonus money."""

from typing import Any

from django import forms

from units.forms.fields import DayField, reason_field
from units.models import AwardTitle, TitleSubject


class _FigureForm(forms.Form):
    valid_from = DayField(label="Áp dụng từ ngày")
    valid_to = DayField(label="Đến hết ngày", required=False)
    citation = forms.CharField(label="Căn cứ", max_length=200, help_text="Văn bản, điều, khoản.")
    note = forms.CharField(label="Còn phải đối chiếu", max_length=400, required=False)
    confirmed = forms.BooleanField(
        label="Đã đối chiếu với văn bản gốc", required=False, help_text="Đã đánh dấu thì không sửa được nữa."
    )
    reason = reason_field("Lý do", "Nêu văn bản đã xem. Được lưu trong nhật ký.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày cuối phải từ ngày đầu trở đi.")
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class BaseSalaryForm(_FigureForm):
    amount = forms.IntegerField(
        label="Mức lương cơ sở (đồng)", min_value=1, max_value=1_000_000_000, help_text="Chỉ ghi chữ số, ví dụ 2340000"
    )
    round_up_to = forms.IntegerField(
        label="Làm tròn lên tới (đồng)", min_value=1, max_value=10_000_000, help_text="Ví dụ 10000"
    )
    rounding_citation = forms.CharField(label="Căn cứ làm tròn", max_length=200)
    field_order = ["amount", "valid_from", "valid_to", "citation", "round_up_to", "rounding_citation"]


class BonusPrincipleForm(_FigureForm):
    within_days = forms.IntegerField(
        label="Khoảng ngày coi là cùng một thời điểm",
        min_value=0,
        max_value=366,
        help_text="Số ngày nhiều nhất giữa hai quyết định; 0 là ký cùng ngày.",
    )
    field_order = ["within_days", "valid_from", "valid_to", "citation"]


class BonusRateForm(_FigureForm):
    title = forms.ModelChoiceField(AwardTitle.objects.all(), label="Danh hiệu, hình thức", empty_label="Chọn")
    subject = forms.ChoiceField(
        label="Đối tượng", choices=[("", "Chọn"), *(one for one in TitleSubject.choices if one[0] != TitleSubject.BOTH)]
    )
    multiple = forms.DecimalField(
        label="Số lần mức lương cơ sở", max_digits=6, decimal_places=3, localize=True, help_text="Ví dụ 1,5"
    )
    field_order = ["title", "subject", "multiple", "valid_from", "valid_to", "citation"]

    def clean_multiple(self) -> Any:
        multiple = self.cleaned_data["multiple"]
        if multiple <= 0:
            raise forms.ValidationError("Hệ số phải lớn hơn 0.")
        return multiple

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        title, subject = cleaned.get("title"), cleaned.get("subject")
        if title and subject and title.subject not in (subject, TitleSubject.BOTH):
            self.add_error("subject", f"Danh mục ghi «{title}» chỉ dành cho {title.get_subject_display().lower()}.")
        return cleaned
