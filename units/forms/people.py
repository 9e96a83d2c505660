"""Forms of people: the list's filters, particulars, posts, and what only some may read."""

from typing import Any

from django import forms

from units.forms.fields import DayField, StaticChoices, UnitField, reason_field
from units.forms.selects import PlainSelect
from units.models import Employment, Gender, Person, Unit

BELOW = [("branch", "Cả đơn vị cấp dưới"), ("own", "Chỉ đơn vị này")]
STANDING = [("working", "Đang công tác"), ("left", "Đã thôi"), ("unposted", "Chưa ghi chức vụ")]


class PersonFilterForm(forms.Form):
    """What narrows the list of people. Nothing chosen shows everybody of the branch.

    `COMMON` stand in the open, the others fold away until one of them is used.
    """

    COMMON = ("q", "unit", "below")

    q = forms.CharField(label="Họ tên hoặc mã", required=False, max_length=120)
    unit = UnitField(label="Đơn vị (tên hoặc mã)", required=False, max_length=200)
    below = forms.ChoiceField(label="Phạm vi", choices=BELOW, required=False, widget=PlainSelect)
    standing = StaticChoices(label="Tình trạng", empty="Tất cả", choices=STANDING, required=False)
    employment = StaticChoices(label="Đối tượng", empty="Tất cả", choices=Employment.choices, required=False)
    gender = StaticChoices(label="Giới tính", empty="Tất cả", choices=Gender.choices, required=False)
    head = StaticChoices(
        label="Người đứng đầu", empty="Tất cả", choices=[("yes", "Là người đứng đầu"), ("no", "Không")], required=False
    )

    def __init__(self, *args: Any, root: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].root = root  # type: ignore[attr-defined]
        self.fields["q"].widget.attrs["autocomplete"] = "off"

    @property
    def common(self) -> list[forms.BoundField]:
        return [self[name] for name in self.COMMON]

    @property
    def rarer(self) -> list[forms.BoundField]:
        return [field for field in self if field.name not in self.COMMON]

    @property
    def shows_rarer(self) -> bool:
        return any(field.data for field in self.rarer)

    def filters(self) -> dict[str, Any]:
        """The filters as `list_people` takes them; a wrong one is left out."""
        chosen = getattr(self, "cleaned_data", {})
        yes_no: dict[str, bool | None] = {"yes": True, "no": False}
        return {
            "below": chosen.get("below") != "own",
            "words": chosen.get("q", ""),
            "employment": chosen.get("employment", ""),
            "gender": chosen.get("gender", ""),
            "heads": yes_no.get(chosen.get("head", "")),
            "standing": chosen.get("standing", ""),
        }


class ParticularsForm(forms.Form):
    full_name = forms.CharField(label="Họ và tên", max_length=120, help_text="Viết đủ dấu, ví dụ Lường Thị Mẫu.")
    staff_code = forms.CharField(label="Mã cán bộ", max_length=20, help_text="Mã trong hồ sơ cán bộ của đơn vị.")
    birth_date = DayField(label="Ngày sinh", required=False)
    gender = StaticChoices(label="Giới tính", empty="Chọn giới tính", choices=Gender.choices)
    employment = StaticChoices(label="Đối tượng", empty="Chọn đối tượng", choices=Employment.choices)

    def particulars(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ParticularsForm.base_fields}


class PersonCreateForm(ParticularsForm):
    unit = UnitField(
        label="Đơn vị công tác", max_length=300, help_text="Tên hoặc mã đơn vị; đơn vị của đồng chí hoặc cấp dưới."
    )
    position = forms.CharField(label="Chức vụ, chức danh", max_length=120, help_text="Ví dụ Chấp hành viên sơ cấp.")
    since = DayField(label="Giữ chức vụ từ ngày")
    is_head = forms.BooleanField(label="Là người đứng đầu đơn vị", required=False)
    is_another = forms.BooleanField(label="Đã kiểm tra, đây là người khác", required=False)

    def __init__(self, *args: Any, root: Unit, asks_again: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].root = root  # type: ignore[attr-defined]
        if not asks_again:
            del self.fields["is_another"]  # asked only after a possible double was shown


class PersonEditForm(ParticularsForm):
    reason = reason_field("Lý do sửa")

    @staticmethod
    def initial_of(person: Person) -> dict[str, Any]:
        return {name: getattr(person, name) for name in ParticularsForm.base_fields}


class PostingForm(forms.Form):
    position = forms.CharField(label="Chức vụ, chức danh", max_length=120)
    is_head = forms.BooleanField(label="Là người đứng đầu đơn vị", required=False)
    valid_from = DayField(label="Từ ngày")
    valid_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống nếu còn giữ chức vụ.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày thôi giữ chức vụ phải từ ngày bắt đầu trở đi.")
        return cleaned


class PostingEditForm(PostingForm):
    reason = reason_field("Lý do sửa")


class PostingEndForm(forms.Form):
    last_day = DayField(label="Ngày cuối giữ chức vụ")


class PartyForm(forms.Form):
    is_member = forms.BooleanField(label="Là đảng viên", required=False)
    joined_on = DayField(label="Ngày vào Đảng", required=False)
    official_on = DayField(label="Ngày chính thức", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        joined, official = cleaned.get("joined_on"), cleaned.get("official_on")
        if joined and official and official < joined:
            self.add_error("official_on", "Ngày chính thức phải từ ngày vào Đảng trở đi.")
        if (joined or official) and not cleaned.get("is_member"):
            self.add_error("is_member", "Đã ghi ngày thì đánh dấu «Là đảng viên», hoặc xóa các ngày.")
        return cleaned


class ContactForm(forms.Form):
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        help_text="Ví dụ ten@example.vn",
        error_messages={"invalid": "Địa chỉ thư chưa đúng dạng, ví dụ đúng: ten@example.vn."},
    )
    phone = forms.RegexField(
        r"^\+?[0-9 .]{3,19}$",
        label="Điện thoại",
        required=False,
        max_length=20,
        error_messages={"invalid": "Số điện thoại chỉ gồm chữ số, dấu cách, dấu chấm và dấu + ở đầu."},
    )
