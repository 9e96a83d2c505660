"""Forms of indicators: what they are, their levels, what a unit reports of them, and the filters of the overview."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.forms.clusters import WordsField
from campaigns.measures import WrongValueError, parse_value, type_value
from campaigns.models import Direction, Indicator, Measure, Obligation, ReportDuty
from campaigns.selectors.target_facts import TargetFact, TargetStanding, show_period
from campaigns.selectors.target_overview import OverviewFilter
from campaigns.selectors.targets import find_period
from campaigns.services.indicator_reports import ReportedValue
from campaigns.services.targets import IndicatorWords, Level
from units.forms.fields import DayField, StaticChoices, UnitField, reason_field
from units.forms.selects import PlainSelect
from units.models import Unit

YES_OR_NO = [("", "Chưa ghi"), ("yes", "Có"), ("no", "Không")]
HINTS = {Measure.PERCENT: "Ví dụ 98,5", Measure.COUNT: "Số nguyên, ví dụ 1250", Measure.NUMBER: "Ví dụ 12,75"}
TO_ALL, TO_KIND, TO_UNIT = "all", "kind", "unit"


class ValueField(forms.CharField):
    """A value of a measure as people write it."""

    def __init__(self, measure: str, **options: Any) -> None:
        self.measure = measure
        if measure == Measure.YES_NO:
            options["widget"] = forms.Select(choices=YES_OR_NO)
        else:
            options["widget"] = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
            options.setdefault("help_text", HINTS[Measure(measure)])
        options.setdefault("error_messages", {"required": "Chưa ghi số liệu."})
        super().__init__(max_length=40, **options)

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_value(self.measure, typed)
        except WrongValueError as wrong:
            raise ValidationError(str(wrong)) from wrong


class IndicatorForm(forms.Form):
    title = WordsField(
        label="Chỉ tiêu", max_length=300, help_text="Ví dụ: Tỷ lệ bản án hành chính được theo dõi việc thi hành"
    )
    code = forms.SlugField(
        label="Mã",
        max_length=40,
        help_text="Chữ không dấu, số, gạch nối; ví dụ AN-HC. Cùng mã ở các năm thì số liệu được đặt cạnh nhau.",
        error_messages={"invalid": "Mã chỉ gồm chữ không dấu, số và dấu gạch nối."},
    )
    measure = StaticChoices(label="Cách tính", empty="Chọn cách tính", choices=Measure.choices)
    measured_in = WordsField(
        label="Đơn vị tính",
        max_length=40,
        required=False,
        help_text="Ví dụ: vụ, việc, triệu đồng. Tỷ lệ phần trăm và có hoặc không thì để trống.",
    )
    direction = StaticChoices(
        label="Hướng",
        empty="Chọn hướng",
        choices=Direction.choices,
        help_text="Chỉ tiêu có hoặc không luôn là đúng bằng mức giao.",
    )
    half_year = StaticChoices(label="Trong báo cáo 6 tháng", empty="Chọn", choices=ReportDuty.choices)
    yearly = StaticChoices(label="Trong báo cáo năm", empty="Chọn", choices=ReportDuty.choices)
    citation = WordsField(
        label="Căn cứ", max_length=200, required=False, help_text="Điểm, mục của kế hoạch; ví dụ II.1.1"
    )

    def __init__(self, *args: Any, indicator: Indicator | None = None, **options: Any) -> None:
        if indicator:
            options["initial"] = {name: getattr(indicator, name) for name in self.base_fields}
        else:
            options["initial"] = {"half_year": ReportDuty.OPTIONAL, "yearly": ReportDuty.REQUIRED}
        super().__init__(*args, **options)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("measure") in (Measure.COUNT, Measure.NUMBER) and not data.get("measured_in"):
            self.add_error("measured_in", "Ghi đơn vị tính của số này, ví dụ: vụ, việc.")
        if {data.get("half_year"), data.get("yearly")} == {ReportDuty.NONE}:
            self.add_error("yearly", "Chỉ tiêu phải có trong ít nhất một loại báo cáo.")
        return data

    def words(self) -> IndicatorWords:
        return IndicatorWords(**{name: self.cleaned_data[name] for name in self.base_fields})


class IndicatorEndForm(forms.Form):
    ended_on = DayField(label="Thôi dùng từ ngày")
    reason = reason_field(help_text="Báo cáo gửi từ ngày này không còn chỉ tiêu; số liệu đã báo cáo vẫn giữ.")


class TargetForm(forms.Form):
    """The level, and for whom. Day and reason belong to a change; the service says when they are needed."""

    to = forms.ChoiceField(
        label="Giao cho",
        choices=[(TO_ALL, "Mọi đơn vị được giao báo cáo"), (TO_KIND, "Một loại đơn vị"), (TO_UNIT, "Một đơn vị")],
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn giao cho ai.", "invalid_choice": "Chọn một mục trong danh sách."},
    )
    unit_kind = StaticChoices(
        label="Loại đơn vị, khi giao cho một loại", empty="Chọn loại đơn vị", choices=[], required=False
    )
    addressee = UnitField(
        label="Đơn vị, khi giao cho một đơn vị",
        max_length=200,
        required=False,
        help_text="Ghi mã hoặc tên. Mức của riêng đơn vị thay mức của loại và mức chung.",
    )
    is_followed = forms.BooleanField(
        label="Chỉ theo dõi, không giao mức", required=False, help_text="Đơn vị báo cáo số liệu mà không đối chiếu."
    )
    applies_from = DayField(
        label="Áp dụng từ ngày",
        required=False,
        help_text="Chỉ ghi khi đổi mức đã giao, hoặc khi đã có số liệu báo cáo; để trống là từ hôm nay. "
        "Báo cáo gửi trước ngày này giữ mức cũ.",
    )
    reason = forms.CharField(
        label="Lý do đổi",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Cần khi đổi mức đã giao, hoặc khi đã có số liệu báo cáo. Đơn vị được giao đọc nguyên văn.",
    )

    def __init__(self, *args: Any, indicator: Indicator, root: Unit, kinds: Sequence[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        unit_words = indicator.unit_words
        level = ValueField(
            indicator.measure, label=f"Mức giao ({unit_words})" if unit_words else "Mức giao", required=False
        )
        self.fields["level"] = level
        self.fields["addressee"].root = root  # type: ignore[attr-defined]
        kind = self.fields["unit_kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  declared above
        kind.choices = [("", "Chọn loại đơn vị"), *kinds]
        for name in ("unit_kind", "addressee", "level"):
            self.fields[name].says_empty = True  # type: ignore[attr-defined]  # needed or not by what is chosen
        self.order_fields(["to", "unit_kind", "addressee", "level", "is_followed", "applies_from", "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {TO_KIND: ("unit_kind", "Chọn loại đơn vị."), TO_UNIT: ("addressee", "Ghi mã hoặc tên đơn vị.")}
        name, words = needed.get(data.get("to", ""), ("", ""))
        if name and not data.get(name) and name not in self.errors:
            self.add_error(name, words)
        if "level" not in self.errors and (data.get("level") is None) != bool(data.get("is_followed")):
            self.add_error("level", "Ghi mức giao, hoặc chọn chỉ theo dõi và để trống mức giao.")
        return data

    def wanted(self) -> Level:
        data = self.cleaned_data
        return Level(
            level=data["level"],
            addressee=data["addressee"] if data["to"] == TO_UNIT else None,
            unit_kind=data["unit_kind"] if data["to"] == TO_KIND else "",
            applies_from=data["applies_from"],
            reason=data["reason"],
        )


class IndicatorReportForm(forms.Form):
    """The indicators of one report: a value and words for each. Nothing has to be complete before it is sent."""

    def __init__(self, *args: Any, facts: Sequence[TargetFact], **options: Any) -> None:
        initial: dict[str, Any] = {}
        for one in facts:
            key, measure = one.indicator.pk, one.indicator.measure
            initial[f"value_{key}"] = "" if one.value is None else type_value(measure, one.value)
            initial[f"note_{key}"] = one.note
        super().__init__(*args, **options)
        self.initial, self.facts = initial, facts
        for one in facts:
            unit_words = one.indicator.unit_words
            field = ValueField(
                one.indicator.measure,
                label=f"{one.indicator.title}{f' ({unit_words})' if unit_words else ''}",
                required=False,
            )
            if one.is_required:
                field.needed_later = "gửi"  # type: ignore[attr-defined]  # read by the field template
            self.fields[f"value_{one.indicator.pk}"] = field
            self.fields[f"note_{one.indicator.pk}"] = WordsField(
                label=f"Thuyết minh: {one.indicator.title}", max_length=500, required=False
            )

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"fact": one, "value": self[f"value_{one.indicator.pk}"], "note": self[f"note_{one.indicator.pk}"]}
            for one in self.facts
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one in self.facts:
            value, note = f"value_{one.indicator.pk}", f"note_{one.indicator.pk}"
            if data.get(note) and data.get(value) is None and value not in self.errors:
                self.add_error(value, "Có thuyết minh mà chưa có số liệu.")
        return data

    def values(self) -> dict[int, ReportedValue]:
        return {
            one.indicator.pk: ReportedValue(value, self.cleaned_data[f"note_{one.indicator.pk}"])
            for one in self.facts
            if (value := self.cleaned_data[f"value_{one.indicator.pk}"]) is not None
        }


def _name_report(report: Obligation) -> str:
    period = find_period(report)
    return f"{report.title} ({show_period(period.year, period.half)})"


class _ReportChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return _name_report(obj)


class _ReportChoices(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return _name_report(obj)


class IndicatorReportsForm(forms.Form):
    """Which reports of a plan hold its indicators."""

    reports = _ReportChoices(
        label="Báo cáo ghi số liệu chỉ tiêu",
        queryset=Obligation.objects.none(),
        required=False,
        help_text="Báo cáo của chính đơn vị. Báo cáo tổng hợp của đơn vị trưởng khu vực, cụm, khối thì không chọn.",
        error_messages={"invalid_choice": "Chọn trong danh sách. Tải lại trang và chọn lại."},
    )

    def __init__(self, *args: Any, reports: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["reports"]
        assert isinstance(field, forms.ModelMultipleChoiceField)  # noqa: S101  declared above
        field.queryset = reports
        self.initial["reports"] = [one.pk for one in reports if one.holds_indicators]


class OverviewForm(forms.Form):
    """What the overview shows; an address that names something unknown is answered as if it named nothing."""

    obligation = _ReportChoice(
        label="Báo cáo", queryset=Obligation.objects.none(), required=False, empty_label="Tất cả", widget=PlainSelect
    )
    indicator = forms.ModelChoiceField(
        label="Chỉ tiêu", queryset=Indicator.objects.none(), required=False, empty_label="Tất cả", widget=PlainSelect
    )
    branch = forms.ModelChoiceField(
        label="Đơn vị trực thuộc",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Tất cả",
        widget=PlainSelect,
    )
    standing = StaticChoices(label="Kết quả", empty="Tất cả", choices=TargetStanding.choices, required=False)

    def __init__(self, *args: Any, obligations: Any, indicators: Any, branches: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("obligation", obligations), ("indicator", indicators), ("branch", branches)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = rows

    def chosen(self) -> OverviewFilter:
        self.is_valid()
        data = self.cleaned_data
        return OverviewFilter(
            obligation=data.get("obligation"),
            indicator=data.get("indicator"),
            branch=data.get("branch"),
            standing=data.get("standing") or "",
        )
