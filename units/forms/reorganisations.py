"""The steps of a reorganisation."""

from typing import Any

from django import forms

from units.forms.organisation import CODE_HELP, NameFields, ParticularFields, day_field
from units.models import Reorganisation, SuccessionKind, Unit
from units.roles import Role

KIND_HELP = {
    SuccessionKind.MERGE: "Một hay nhiều đơn vị kết thúc; người và việc chuyển vào một đơn vị đang có hoặc mới lập.",
    SuccessionKind.SPLIT: "Một đơn vị chia thành nhiều đơn vị, hoặc tách ra một phần.",
    SuccessionKind.RENAME: "Đơn vị giữ nguyên, mang tên mới từ một ngày.",
    SuccessionKind.MOVE: "Đơn vị giữ nguyên, về trực thuộc cơ quan khác từ một ngày.",
    SuccessionKind.DISSOLVE: "Đơn vị kết thúc, không có đơn vị làm tiếp; một đơn vị giữ hồ sơ và người.",
}
CARRIED_ROLES = [choice for choice in Role.choices if choice[0] != Role.HEAD]


class KindForm(forms.Form):
    kind = forms.ChoiceField(
        label="Hình thức sắp xếp",
        choices=[(kind.value, kind.label) for kind in KIND_HELP],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn một hình thức sắp xếp."},
    )


class ResultNameForm(NameFields):
    """The new name of a unit that is renamed."""

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class ResultUnitForm(ParticularFields):
    """The particulars of a unit that is set up on the day."""

    code = forms.SlugField(
        label="Mã đơn vị",
        max_length=40,
        help_text=CODE_HELP,
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số và gạch nối."},
    )
    parent = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Trực thuộc",
        empty_label=None,
        help_text="Các cơ quan cấp trên của những đơn vị đã chọn.",
    )
    field_order = ["name", "short_name", "code", "kind", "parent", "place", "province", "has_legal_personality"]

    def __init__(self, *args: Any, parents: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["parent"].queryset = parents  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if Unit.objects.filter(code=code).exists():
            raise forms.ValidationError(f"Mã «{code}» đã có đơn vị khác dùng. Đặt mã khác.")
        return code

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class DecisionForm(forms.Form):
    """When, and under which paper; for units that end also what becomes of accounts and heads."""

    on = day_field("Thực hiện từ ngày", "Ngày đầu tiên của tổ chức mới, ví dụ 01/7/2025.")
    decision_number = forms.CharField(label="Số, ký hiệu quyết định", max_length=60, help_text="Ví dụ 123/QĐ-BTP")
    decided_on = day_field("Ngày quyết định", "Ví dụ 20/6/2025")
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=100, help_text="Ví dụ Bộ trưởng Bộ Tư pháp")
    note = forms.CharField(label="Ghi chú", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))
    roles = forms.MultipleChoiceField(
        label="Tài khoản tiếp tục làm việc ở đơn vị kế thừa",
        choices=CARRIED_ROLES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tài khoản có vai trò không chọn sẽ kết thúc cùng đơn vị cũ.",
    )
    head_from = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Người đứng đầu đơn vị kế thừa",
        required=False,
        empty_label="Chưa xác định, hoặc giữ người đang đứng đầu",
        help_text="Chọn đơn vị cũ mà người đứng đầu tiếp tục đứng đầu; người đứng đầu các đơn vị khác thôi giữ chức.",
    )
    carries_record = forms.TypedChoiceField(
        label="Thành tích nhiều năm liên tục của đơn vị cũ",
        choices=[("", "Chưa xác định"), ("yes", "Được tính cho đơn vị kế thừa"), ("no", "Không được tính")],
        required=False,
        coerce=lambda value: value == "yes",
        empty_value=None,
    )

    def __init__(self, *args: Any, plan: Reorganisation, sources: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        if not plan.ends_units:
            for name in ("roles", "head_from", "carries_record"):
                del self.fields[name]
            return
        self.fields["head_from"].queryset = Unit.objects.filter(pk__in=[unit.pk for unit in sources])  # type: ignore[attr-defined]
        if plan.kind == SuccessionKind.DISSOLVE:
            del self.fields["carries_record"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        on, decided_on = cleaned.get("on"), cleaned.get("decided_on")
        if on and decided_on and decided_on > on:
            self.add_error("decided_on", "Quyết định không thể ký sau ngày thực hiện. Sửa một trong hai ngày.")
        return cleaned


class ConfirmForm(forms.Form):
    """Asked only where units of different kinds come together."""

    mixes_kinds = forms.BooleanField(
        label="Đã đối chiếu quyết định: các đơn vị khác loại này được gộp với nhau là đúng.", required=False
    )


class CancelForm(forms.Form):
    reason = forms.CharField(label="Lý do hủy", max_length=400)
