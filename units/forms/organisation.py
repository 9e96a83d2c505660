"""Forms of units: setting one up, correcting it, giving it another name from a day."""

from typing import Any

from django import forms

from units.forms.trail import WRONG_DAY
from units.models import UnitKind

CODE_HELP = "Chữ không dấu, số và gạch nối, ví dụ CTHADS-BKN. Mã không đổi khi đơn vị đổi tên."


def day_field(label: str, help_text: str = "Ví dụ 01/7/2025") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=help_text,
        error_messages={"invalid": WRONG_DAY},
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class NameFields(forms.Form):
    """What a unit is called, in full, for short, and the place its papers name."""

    name = forms.CharField(label="Tên đơn vị", max_length=200, help_text="Tên đầy đủ như trong quyết định.")
    short_name = forms.CharField(
        label="Tên gọi tắt", max_length=120, help_text="Dùng trong danh sách, ví dụ «Cục THADS Thái Nguyên»."
    )
    place = forms.CharField(label="Địa danh trên văn bản", max_length=60, help_text="Ví dụ Thái Nguyên.")


class ParticularFields(NameFields):
    kind = forms.ChoiceField(label="Loại đơn vị", choices=[("", "Chọn loại đơn vị"), *UnitKind.choices])
    province = forms.CharField(label="Tỉnh, thành phố", max_length=60, required=False)
    has_legal_personality = forms.BooleanField(
        label="Có tư cách pháp nhân",
        required=False,
        help_text="Đơn vị có con dấu, tài khoản riêng; quyết định đơn vị được khen thưởng theo thẩm quyền nào.",
    )


class UnitCreateForm(ParticularFields):
    code = forms.SlugField(
        label="Mã đơn vị",
        max_length=40,
        help_text=CODE_HELP,
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số và gạch nối."},
    )
    on = day_field("Hoạt động từ ngày")
    field_order = ["name", "short_name", "code", "kind", "place", "province", "has_legal_personality", "on"]

    def values(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "on"}


class UnitEditForm(ParticularFields):
    """Correcting what was typed wrongly. The reason is kept in the trail."""

    reason = forms.CharField(
        label="Lý do sửa",
        max_length=200,
        help_text="Ví dụ: ghi thiếu dấu so với quyết định thành lập. Lý do được ghi vào nhật ký.",
    )
    field_order = ["name", "short_name", "kind", "place", "province", "has_legal_personality", "reason"]

    def values(self) -> dict[str, Any]:
        return {key: value for key, value in self.cleaned_data.items() if key != "reason"}


class UnitRenameForm(NameFields):
    on = day_field("Mang tên mới từ ngày")
    citation = forms.CharField(
        label="Căn cứ", max_length=200, help_text="Ví dụ: Quyết định số 12/QĐ-BTP ngày 20/6/2025 của Bộ trưởng."
    )

    def values(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in NameFields.base_fields}
