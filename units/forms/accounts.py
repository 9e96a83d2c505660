"""Forms of an administrator."""

import re
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from units.clock import today
from units.folding import nfc
from units.forms.account import DIFFERENT, LENGTH_HINT
from units.models import Person, Unit, User
from units.roles import Role
from units.selectors.accounts import find_people, find_units
from units.services.accounts import Duty

WRONG_EMAIL = "Địa chỉ thư ghi sai dạng. Ví dụ: ten.ho@tinh.gov.vn"
WRONG_DAY = "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 20/11/2023."
# A suggestion ends with the code in brackets: "Chi cục THADS huyện Đại Từ (CC-TNG-DAI-TU)".
_CODE = re.compile(r"\(([\w-]+)\)\s*$")


def _day(label: str, *, required: bool, **options: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=required,
        error_messages={"invalid": WRONG_DAY},
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        **options,
    )


def _meant(text: str) -> str:
    coded = _CODE.search(text)
    return coded[1] if coded else text


class DutyForm(forms.Form):
    """A role in a unit of the own subtree, for a time, perhaps tied to somebody in the register."""

    unit = forms.CharField(
        label="Đơn vị",
        max_length=240,
        help_text="Ghi mã hoặc tên đơn vị; gợi ý hiện ra khi gõ.",
        widget=forms.TextInput(attrs={"list": "unit-choices", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label="Vai trò", choices=[("", "Chọn vai trò"), *Role.offered()])
    person = forms.CharField(
        label="Cán bộ trong sổ",
        required=False,
        max_length=120,
        help_text="Ghi mã cán bộ hoặc họ tên. Tư cách gắn với cán bộ tự kết thúc khi người đó thôi công tác.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    valid_from = _day("Từ ngày", required=True)
    valid_to = _day("Đến hết ngày", required=False, help_text="Để trống nếu chưa biết.")

    def __init__(self, *args: Any, path: str, **options: Any) -> None:
        options.setdefault("initial", {}).setdefault("valid_from", today())
        super().__init__(*args, **options)
        self.path = path

    def clean_unit(self) -> Unit:
        text = _meant(nfc(self.cleaned_data["unit"]).strip())
        found = find_units(self.path, text, day=today())
        if not found:
            raise ValidationError(
                "Không có đơn vị nào như vậy trong phạm vi quản trị. Ghi mã đơn vị, hoặc một phần tên của đơn vị."
            )
        if len(found) > 1:
            raise ValidationError(f"Có nhiều đơn vị khớp. Ghi mã của một đơn vị: {_listed(found)}")
        return found[0]

    def clean_person(self) -> Person | None:
        text = nfc(self.cleaned_data["person"]).strip()
        if not text:
            return None
        found = find_people(_meant(text))
        if not found:
            raise ValidationError("Không có cán bộ nào như vậy trong phạm vi quản trị. Kiểm tra lại, hoặc để trống.")
        if len(found) > 1:
            listed = "; ".join(f"{one.full_name}, {one.unit.short_name} ({one.staff_code})" for one in found)
            raise ValidationError(f"Có nhiều cán bộ khớp, ghi mã của một người: {listed}.")
        return found[0]

    def duty(self) -> Duty:
        """What was chosen, once the form is valid."""
        chosen = self.cleaned_data
        return Duty(chosen["unit"], Role(chosen["role"]), chosen["person"], chosen["valid_from"], chosen["valid_to"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày kết thúc trước ngày bắt đầu. Đổi một trong hai ngày.")
        return cleaned


def _listed(units: list[Unit]) -> str:
    shown = "; ".join(f"{unit.short_name} ({unit.code})" for unit in units[:4])
    return f"{shown}; và các đơn vị khác." if len(units) > 4 else f"{shown}."  # noqa: PLR2004  one more than shown


class InviteForm(DutyForm):
    display_name = forms.CharField(label="Họ và tên", max_length=120)
    email = forms.EmailField(
        label="Thư điện tử",
        error_messages={"invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        max_length=200,
    )
    field_order = ("display_name", "email", "unit", "role", "person", "valid_from", "valid_to")


class ReasonForm(forms.Form):
    """Why something is taken away; the person and the trail are told."""

    reason = forms.CharField(
        label="Lý do",
        max_length=300,
        help_text="Lý do được ghi vào nhật ký và gửi cho chủ tài khoản.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ChangeEmailForm(ReasonForm):
    """Another address for somebody else's account."""

    email = forms.EmailField(
        label="Địa chỉ thư mới",
        max_length=200,
        help_text="Thư xác nhận được gửi tới địa chỉ này. Trước khi được xác nhận, tài khoản vẫn dùng địa chỉ cũ.",
        error_messages={"invalid": WRONG_EMAIL},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("email", "reason")


class AccountFilterForm(forms.Form):
    term = forms.CharField(label="Tên, tên đăng nhập hoặc thư", required=False, max_length=120)
    role = forms.ChoiceField(label="Vai trò", required=False, choices=[("", "Tất cả"), *Role.choices])
    state = forms.ChoiceField(
        label="Tình trạng",
        required=False,
        choices=[
            ("", "Tất cả"),
            ("current", "Đang có tư cách"),
            ("over", "Không còn tư cách"),
            ("closed", "Đã ngừng hoạt động"),
        ],
    )

    def clean_term(self) -> str:
        return nfc(self.cleaned_data["term"]).strip()


class FirstPasswordForm(forms.Form):
    """The password of an account that is being opened."""

    password1 = forms.CharField(
        label="Mật khẩu",
        strip=False,
        help_text=LENGTH_HINT,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="Nhập lại mật khẩu", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password1(self) -> str:
        password: str = self.cleaned_data["password1"]
        validate_password(password, User())
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", DIFFERENT)
        return cleaned
