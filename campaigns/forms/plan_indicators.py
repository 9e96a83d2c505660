"""The form of an indicator among the items of a draft: what is counted, and a level for each who is addressed."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from campaigns.forms.clusters import WordsField
from campaigns.forms.plan_items import Group, ItemForm
from campaigns.measures import YES_NO, WrongValueError, parse_value
from campaigns.models import Direction, Measure, ReportDuty
from units.forms.fields import StaticChoices, UnitField
from units.models import Unit

SPARE_TARGETS = 2


class IndicatorItemForm(ItemForm):
    title = WordsField(
        label="Chỉ tiêu", max_length=300, help_text="Ví dụ: Tỷ lệ bản án hành chính được theo dõi việc thi hành"
    )
    code = forms.SlugField(
        label="Mã",
        max_length=40,
        required=False,
        help_text="Bỏ trống thì đặt theo tên chỉ tiêu. Cùng mã ở các năm thì số liệu được đặt cạnh nhau.",
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số và dấu gạch nối."},
    )
    measure = forms.ChoiceField(label="Cách tính", choices=Measure.choices)
    measured_in = WordsField(
        label="Đơn vị tính",
        max_length=40,
        required=False,
        help_text="Ví dụ: vụ, việc, sáng kiến. Tỷ lệ phần trăm và có hoặc không thì để trống.",
    )
    direction = StaticChoices(
        label="Hướng",
        empty="Chọn hướng",
        choices=Direction.choices,
        required=False,
        help_text="Chỉ tiêu có hoặc không luôn là đúng bằng mức giao.",
    )
    half_year = forms.ChoiceField(label="Trong báo cáo 6 tháng", choices=ReportDuty.choices)
    yearly = forms.ChoiceField(label="Trong báo cáo năm", choices=ReportDuty.choices)

    def __init__(self, *args: Any, top: Unit, kinds: Sequence[tuple[str, str]], targets: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self.target_rows = range(targets + SPARE_TARGETS)
        for row in self.target_rows:
            self.fields[f"given_{row}"] = StaticChoices(
                label=f"Mức {row + 1}: giao cho",
                empty="Bỏ trống",
                choices=[("all", "Mọi đơn vị được giao báo cáo"), ("unit", "Một đơn vị, ghi ở ô dưới"), *kinds],
                required=False,
            )
            unit = UnitField(
                label=f"Mức {row + 1}: đơn vị",
                max_length=200,
                required=False,
                help_text="Mã hoặc tên, khi giao cho một đơn vị",
            )
            unit.root = top
            self.fields[f"unit_{row}"] = unit
            self.fields[f"level_{row}"] = WordsField(
                label=f"Mức {row + 1}: mức giao",
                max_length=40,
                required=False,
                help_text="Ví dụ 95 hoặc 98,5; «có» với chỉ tiêu có hoặc không; bỏ trống thì chỉ theo dõi",
            )

    def groups(self) -> list[Group]:
        targets = [name for row in self.target_rows for name in (f"given_{row}", f"unit_{row}", f"level_{row}")]
        named = (
            ("Chỉ tiêu", ["title", "code", "measure", "measured_in", "direction", "half_year", "yearly"]),
            ("Mức giao", targets),
        )
        return [(legend, [self[name] for name in names]) for legend, names in named]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for row in self.target_rows:
            self._clean_target(cleaned, row)
        return cleaned

    def _clean_target(self, said: dict[str, Any], row: int) -> None:
        given, unit, level = (said.get(f"{name}_{row}") for name in ("given", "unit", "level"))
        if given == "unit" and not unit and f"unit_{row}" not in self.errors:
            self.add_error(f"unit_{row}", "Ghi đơn vị được giao mức này.")
        if given != "unit" and unit:
            self.add_error(f"given_{row}", "Chọn «Một đơn vị» nếu giao riêng cho đơn vị đã ghi, hoặc xóa đơn vị.")
        if not given and level:
            self.add_error(f"given_{row}", "Chọn mức này giao cho ai.")
        if not level or "measure" not in said:
            return
        level = said[f"level_{row}"] = _YES_WORDS.get(level.lower(), level) if said["measure"] == YES_NO else level
        try:
            parse_value(said["measure"], level)
        except WrongValueError as wrong:
            self.add_error(f"level_{row}", str(wrong))

    def as_data(self, before: dict[str, Any]) -> dict[str, Any]:
        said = self.cleaned_data
        plain = ("title", "code", "measure", "measured_in", "direction", "half_year", "yearly")
        rows = [(said[f"given_{row}"], said[f"unit_{row}"], said[f"level_{row}"]) for row in self.target_rows]
        targets = [
            {
                "kind": "" if given in ("all", "unit") else given,
                "unit": unit.code if given == "unit" else "",
                "level": level or None,
            }
            for given, unit, level in rows
            if given
        ]
        return before | {name: said[name] for name in plain} | {"code": said["code"].upper(), "targets": targets}


_YES_WORDS = {"có": "yes", "không": "no"}
_SHOWN_YES = {"yes": "có", "no": "không"}


def indicator_initial(data: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What the form starts with; `names` gives how a unit stands in a box, by its code."""
    initial = {name: value for name, value in data.items() if name not in ("targets", "who")}
    for row, one in enumerate(data["targets"]):
        initial[f"given_{row}"] = "unit" if one["unit"] else one["kind"] or "all"
        initial[f"unit_{row}"] = names.get(one["unit"], one["unit"])
        initial[f"level_{row}"] = _SHOWN_YES.get(one["level"] or "", one["level"])
    return initial
