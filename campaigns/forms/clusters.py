"""Forms of clusters: their years, members, contact points and hand-over."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from campaigns.models import Campaign, ClusterKind, ClusterRole, ClusterYear
from units.folding import nfc
from units.forms.fields import DayField, StaticChoices, UnitField, YearField
from units.models import Unit


class WordsField(forms.CharField):
    """Typed words in one form of Unicode, spaces tidied."""

    def clean(self, value: Any) -> Any:
        return super().clean(" ".join(nfc(value).split()) if isinstance(value, str) else value)


class ClusterForm(forms.Form):
    name = WordsField(label="Tên", max_length=200, help_text="Ví dụ: Khu vực thi đua các tỉnh miền núi phía Bắc")
    kind = StaticChoices(label="Loại", empty="Chọn loại", choices=ClusterKind.choices)
    code = forms.SlugField(
        label="Mã",
        max_length=60,
        help_text="Chữ không dấu, số và dấu gạch nối; ví dụ KVTD-MNPB",
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số và dấu gạch nối."},
    )


class DecisionForm(forms.Form):
    """The decision that names head and deputies; empty until it is there."""

    decision_number = WordsField(
        label="Số quyết định cử trưởng, phó", max_length=60, required=False, help_text="Ví dụ 2257/QĐ-BTP"
    )
    decided_on = DayField(label="Ngày quyết định", required=False)
    decision_issuer = WordsField(label="Cơ quan ban hành", max_length=200, required=False)

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in DecisionForm.base_fields}


class YearForm(DecisionForm):
    year = YearField(label="Năm")

    field_order = ("year",)


class MemberForm(forms.Form):
    member = UnitField(
        label="Đơn vị", max_length=200, help_text="Ghi mã, hoặc tên như trong danh sách đơn vị; ví dụ STP-YBI"
    )

    def __init__(self, *args: Any, root: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["member"].root = root  # type: ignore[attr-defined]


class RoleForm(forms.Form):
    role = forms.ChoiceField(label="Vai trò", choices=ClusterRole.choices, widget=forms.RadioSelect)


class ContactForm(forms.Form):
    full_name = WordsField(label="Họ và tên người liên hệ", max_length=120)
    position = WordsField(label="Chức vụ", max_length=120)
    email = forms.EmailField(
        label="Thư điện tử công vụ",
        required=False,
        help_text="Chỉ các thành viên của năm này thấy; bị xóa khi hết năm.",
        error_messages={"invalid": "Địa chỉ thư chưa đúng dạng, ví dụ ten@example.vn."},
    )
    phone = WordsField(
        label="Điện thoại cơ quan",
        max_length=30,
        required=False,
        help_text="Chỉ các thành viên của năm này thấy; bị xóa khi hết năm.",
    )


class _CampaignField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.title} ({obj.plan_number or obj.plan_name}, {obj.issuer})"


class CampaignForm(forms.Form):
    """A campaign that is taken up as the work of a year."""

    campaign = _CampaignField(
        Campaign.objects.none(),
        label="Phong trào",
        empty_label="Chọn phong trào",
        help_text="Phong trào của một thành viên hoặc của cơ quan quản lý, diễn ra trong năm này.",
        error_messages={"required": "Chọn một phong trào.", "invalid_choice": "Chọn một phong trào trong danh sách."},
    )

    def __init__(self, *args: Any, campaigns: QuerySet[Campaign], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]


class _HeadField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """A year to hand over to, by the unit that will take over."""

    def label_from_instance(self, obj: Any) -> str:
        heads = [str(one.member) for one in obj.members.all() if one.role == ClusterRole.HEAD]
        return f"năm {obj.year}: {heads[0] if heads else 'chưa ghi đơn vị trưởng'}"


class HandoverForm(forms.Form):
    to_year = _HeadField(
        ClusterYear.objects.none(),
        label="Giao cho đơn vị trưởng của",
        empty_label=None,
        error_messages={"invalid_choice": "Chọn một năm trong danh sách."},
    )
    on = DayField(label="Bàn giao từ ngày", help_text="Ví dụ 01/01/2022; phần mềm tự chuyển việc vào ngày này.")

    def __init__(self, *args: Any, year: ClusterYear, **options: Any) -> None:
        super().__init__(*args, **options)
        later = ClusterYear.objects.filter(cluster=year.cluster_id, year__gt=year.year)
        self.fields["to_year"].queryset = later.prefetch_related("members__member").order_by("year")  # type: ignore[attr-defined]


def require_later_than(first: Any, last: Any) -> None:
    if first and last and last < first:
        raise ValidationError("Ngày cuối ở trước ngày đầu. Đổi một trong hai ngày.")
