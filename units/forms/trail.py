"""Narrowing a trail."""

from typing import Any

from django import forms

from units.audit_words import act_label, list_verbs
from units.forms.selects import PlainSelect

WRONG_DAY = "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 20/11/2023."


def _day(label: str) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        error_messages={"invalid": WRONG_DAY},
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )


class PeriodForm(forms.Form):
    """From day to day, both included; an end left open has no bound."""

    since = _day("Từ ngày")
    until = _day("Đến hết ngày")

    # The year 9999 has no day after its last one.
    def clean_until(self) -> Any:
        until = self.cleaned_data["until"]
        if until and until.year > 2999:  # noqa: PLR2004  four digits typed too many
            raise forms.ValidationError(WRONG_DAY)
        return until

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and since > until:
            self.add_error("until", "Ngày cuối ở trước ngày đầu. Đổi một trong hai ngày.")
        return cleaned


class TrailForm(PeriodForm):
    """A period and one kind of act."""

    verb = forms.ChoiceField(
        label="Loại việc",
        required=False,
        error_messages={"invalid_choice": "Chọn một loại việc trong danh sách."},
        widget=PlainSelect,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = [
            (owner, sorted(((verb, act_label(words)) for verb, words in verbs.items()), key=lambda choice: choice[1]))
            for owner, verbs in list_verbs().items()
        ]
        self.fields["verb"].choices = [("", "Tất cả"), *groups]  # type: ignore[attr-defined]


class UnitTrailForm(TrailForm):
    below = forms.BooleanField(label="Gồm cả đơn vị cấp dưới", required=False)
