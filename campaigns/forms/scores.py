"""The form of one column of a score sheet: points for each item, and words beside them."""

from collections.abc import Mapping
from typing import Any

from django import forms

from campaigns.models import ScoreColumn, ScoreSheet, ScoreTemplate
from campaigns.scoring import ScoreItem, find_wrong, show_points
from campaigns.selectors.scores import find_previous, read_template
from campaigns.services.scores import Score


class PointsField(forms.DecimalField):
    """Points as people write them, with a decimal comma or point, within what the item may get."""

    def __init__(self, item: ScoreItem, **options: Any) -> None:
        wrong = f"Ghi điểm là một số từ 0 đến {show_points(item.highest)}, ví dụ 9,5."
        super().__init__(
            widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
            error_messages={"invalid": wrong, "required": "Chưa ghi điểm."},
            **options,
        )
        self.item = item

    def to_python(self, value: Any) -> Any:
        return super().to_python(value.strip().replace(",", ".") if isinstance(value, str) else value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        wrong = find_wrong(self.item, value) if value is not None else ""
        if wrong:
            raise forms.ValidationError(wrong)


class TemplateForm(forms.Form):
    template = forms.ModelChoiceField(
        ScoreTemplate.objects.none(),
        label="Bảng chấm điểm",
        empty_label=None,
        error_messages={"invalid_choice": "Chọn một bảng trong danh sách."},
    )

    def __init__(self, *args: Any, templates: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["template"].queryset = templates  # type: ignore[attr-defined]


class ColumnForm(forms.Form):
    """One column. `groups` gives the template rows: group, then item with its two fields and what went before.

    `reported` is shown beside an item and fills nothing in.
    """

    def __init__(
        self,
        *args: Any,
        sheet: ScoreSheet,
        column: ScoreColumn,
        reported: Mapping[str, Mapping[str, str]],
        **options: Any,
    ) -> None:
        self.reported = reported
        self.table = read_template(sheet.template)
        self.column = column
        entries = {(one.item, one.column): one for one in sheet.entries.all()}
        self.previous = find_previous(sheet, column)
        self.before = {
            item.code: entries[item.code, self.previous].points
            for item in self.table.items
            if self.previous and (item.code, self.previous) in entries
        }
        is_own = column == ScoreColumn.SELF
        initial: dict[str, Any] = {}
        for item in self.table.items:
            standing = entries.get((item.code, column))
            points = standing.points if standing else self.before.get(item.code)
            initial[f"points_{item.code}"] = "" if points is None else show_points(points)
            initial[f"words_{item.code}"] = (standing.evidence if is_own else standing.reason) if standing else ""
        super().__init__(*args, **options)
        self.initial = initial
        for item in self.table.items:
            self.fields[f"points_{item.code}"] = PointsField(item, label=f"Điểm {item.code}: {item.title}")
            self.fields[f"words_{item.code}"] = forms.CharField(
                label=f"{'Minh chứng' if is_own else 'Lý do'} {item.code}",
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 1}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for code, before in self.before.items():
            points = cleaned.get(f"points_{code}")
            if points is not None and points != before and not cleaned.get(f"words_{code}"):
                self.add_error(f"words_{code}", f"Điểm khác {show_points(before)} của cột trước: ghi lý do.")
        return cleaned

    def groups(self) -> list[dict[str, Any]]:
        return [
            {
                "group": group,
                "rows": [
                    {
                        "item": item,
                        "points": self[f"points_{item.code}"],
                        "words": self[f"words_{item.code}"],
                        "before": self.before.get(item.code),
                        "reported": self.reported.get(item.code),
                    }
                    for item in group.items
                ],
            }
            for group in self.table.groups
        ]

    def scores(self) -> dict[str, Score]:
        return {
            item.code: Score(self.cleaned_data[f"points_{item.code}"], self.cleaned_data[f"words_{item.code}"])
            for item in self.table.items
        }
