"""Fields that several forms share: days, years, reasons, and a unit named by what a clerk types."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from units.forms.selects import PlainSelect
from units.forms.trail import WRONG_DAY
from units.models import Unit
from units.selectors.people import NAMED, find_units

EARLIEST, LATEST = 1930, 2999
WRONG_YEAR = "Năm ghi bằng bốn chữ số, ví dụ 2023."


class DayField(forms.DateField):
    """A day as people write it; four digits typed too many or too few are told."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Ví dụ 20/11/2023")
        options.setdefault("error_messages", {"invalid": WRONG_DAY})
        options.setdefault("widget", forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(**options)

    def clean(self, value: Any) -> Any:
        day = super().clean(value)
        if day and not EARLIEST <= day.year <= LATEST:
            raise ValidationError(WRONG_DAY)
        return day


class YearField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("help_text", "Ví dụ 2023")
        messages = {"invalid": WRONG_YEAR, "min_value": WRONG_YEAR, "max_value": WRONG_YEAR}
        super().__init__(min_value=1945, max_value=2100, error_messages=messages, **options)


def reason_field(label: str = "Lý do", help_text: str = "Được lưu trong nhật ký cùng nội dung trước khi sửa.") -> Any:
    return forms.CharField(label=label, help_text=help_text, max_length=400, widget=forms.Textarea(attrs={"rows": 2}))


class UnitField(forms.CharField):
    """A unit of one's own branch, by code or name; what is typed too little is answered with what it may mean.

    `root` is the unit whose branch is searched, given when the form is made.
    """

    root: Unit

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = find_units(self.root.path, typed)
        if len(found) == 1:
            return found[0]
        if not found:
            raise ValidationError(
                f"Không có đơn vị nào khớp với «{typed}» trong phạm vi của {self.root.name}. "
                "Ghi mã, hoặc tên như trong danh sách đơn vị."
            )
        raise ValidationError(
            f"Có nhiều đơn vị khớp: {'; '.join(f'{one.short_name} ({one.code})' for one in found[:5])}. Ghi mã đơn vị."
        )

    @staticmethod
    def words(unit: Unit) -> str:
        """What stands in the box for a unit: its code, by which it is found again, and the name that people know."""
        return f"{unit.code}{NAMED}{unit.short_name}"


class StaticChoices(forms.ChoiceField):
    """A choice with an empty first line in words."""

    widget = PlainSelect

    def __init__(self, *, empty: str, choices: Any, **options: Any) -> None:
        options.setdefault("error_messages", {"invalid_choice": "Chọn một mục trong danh sách."})
        super().__init__(choices=[("", empty), *choices], **options)
