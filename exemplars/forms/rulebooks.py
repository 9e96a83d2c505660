"""Forms of a unit's own criteria. They keep whatever was typed: the checks of the draft say what does not fit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from exemplars import rules
from exemplars.forms.predicates import Choices, PredicateForm, needed

DAY_HELP = "Ví dụ 01/01/2024"
_DAY_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d")


def _words(
    label: str, *, most: int = 300, rows: int = 0, help_text: str = "", is_needed: bool = False
) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    field = forms.CharField(label=label, required=False, max_length=most, help_text=help_text, widget=widget)
    return needed(field) if is_needed else field


def read_day(typed: str) -> str:
    """A day as ISO text, or what was typed where it is none."""
    for form in _DAY_FORMS:
        try:
            return datetime.strptime(typed.strip(), form).date().isoformat()  # noqa: DTZ007  a day has no zone
        except ValueError:
            continue
    return typed.strip()


def show_day(kept: object) -> str:
    try:
        return f"{date.fromisoformat(str(kept)):%d/%m/%Y}"
    except ValueError:
        return str(kept or "")


class RulebookAddForm(forms.Form):
    title = forms.CharField(
        label="Tên bản quy định",
        max_length=300,
        help_text="Ví dụ: Tiêu chuẩn điển hình tiên tiến của Cục năm 2024. Sửa lại được sau.",
        error_messages={"required": "Ghi tên bản quy định."},
    )


class RulebookFileForm(forms.Form):
    file = forms.FileField(
        label="Tệp bản quy định (TOML)",
        help_text=f"Tệp đã xuất từ phần mềm, không quá {rules.MOST_BYTES // 1000} kB.",
        allow_empty_file=True,
        error_messages={"required": "Chọn một tệp."},
        widget=forms.ClearableFileInput(attrs={"accept": ".toml"}),
    )


class RulebookHeadForm(forms.Form):
    title = _words("Tên bản quy định", is_needed=True)
    valid_from = _words("Hiệu lực từ ngày", most=20, help_text=DAY_HELP, is_needed=True)
    valid_to = _words("Hiệu lực đến hết ngày", most=20, help_text="Để trống nếu chưa định ngày hết hiệu lực.")
    plan_title = _words(
        "Văn bản ban hành tiêu chuẩn", help_text="Kế hoạch, quyết định hoặc quy chế của đơn vị.", is_needed=True
    )
    plan_number = _words("Số, ký hiệu", most=60)
    plan_issued_month = _words(
        "Năm và tháng ban hành", most=7, help_text="Ví dụ 2024-02; chỉ biết năm thì ghi 2024.", is_needed=True
    )
    plan_issued_on = _words("Ngày ban hành", most=20, help_text=DAY_HELP)
    plan_note = _words("Ghi chú về văn bản", most=1000, rows=2, help_text="Bắt buộc khi để trống số, ký hiệu.")
    version = forms.IntegerField(widget=forms.HiddenInput)

    @classmethod
    def initial_of(cls, content: Mapping[str, Any]) -> dict[str, Any]:
        plan = content.get("plan", {})
        initial = {"title": content.get("title", ""), "valid_from": show_day(content.get("valid_from"))}
        initial["valid_to"] = show_day(content.get("valid_to"))
        initial |= {f"plan_{key}": plan.get(key, "") for key in ("title", "number", "issued_month", "note")}
        return initial | {"plan_issued_on": show_day(plan.get("issued_on"))}

    def head(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "title": typed["title"],
            "valid_from": read_day(typed["valid_from"]),
            "valid_to": read_day(typed["valid_to"]) or None,
        }

    def plan(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "title": typed["plan_title"],
            "number": typed["plan_number"],
            "issued_month": typed["plan_issued_month"],
            "issued_on": read_day(typed["plan_issued_on"]) or None,
            "note": typed["plan_note"] or None,
        }


class RecognitionForm(forms.Form):
    code = forms.ChoiceField(label="Hình thức", required=False)
    label = _words("Tên ghi trên kết quả đối chiếu", help_text="Để trống là lấy tên trong danh mục.")
    first_day = _words("Ngày đầu giai đoạn", most=20, help_text="Để trống cả hai ngày nếu xét hằng năm.")
    last_day = _words("Ngày cuối giai đoạn", most=20)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, titles: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.titles = dict(titles)
        self.fields["code"].choices = [("", "Chọn trong danh mục"), *titles]  # type: ignore[attr-defined]
        needed(self.fields["code"])

    @classmethod
    def initial_of(cls, one: Mapping[str, Any]) -> dict[str, Any]:
        period = one.get("period", {})
        days = {key: show_day(period.get(key)) for key in ("first_day", "last_day")}
        return {"code": one.get("code", ""), "label": one.get("label", "")} | days

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        days = {key: read_day(typed[key]) for key in ("first_day", "last_day")}
        return {
            "code": typed["code"],
            "label": typed["label"] or self.titles.get(typed["code"], ""),
            "period": days if any(days.values()) else None,
        }


class CriterionAddForm(forms.Form):
    kind = forms.ChoiceField(
        label="Phép kiểm",
        choices=[(one.kind, one.label) for one in rules.ENTRIES],
        error_messages={"invalid_choice": "Chọn một phép kiểm trong danh sách."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CriterionForm(PredicateForm):
    """One criterion with its predicate."""

    code = _words("Mã", most=20, help_text="Ngắn, không trùng, ví dụ B-C1.", is_needed=True)
    label = _words("Nội dung tiêu chuẩn, bằng lời của đơn vị", most=1000, rows=3, is_needed=True)
    document = _words("Văn bản căn cứ", help_text="Ghi đủ số, ký hiệu, ví dụ Nghị định 98/2023/NĐ-CP.", is_needed=True)
    clause = _words("Điều khoản", most=100, help_text="Ví dụ khoản 1 Điều 24.", is_needed=True)
    applies_to = forms.MultipleChoiceField(
        label="Áp dụng cho",
        required=False,
        choices=[("person", "Cá nhân"), ("collective", "Tập thể")],
        widget=forms.CheckboxSelectMultiple,
    )
    only_if = forms.BooleanField(label="Chỉ xét người đứng đầu đơn vị", required=False)
    recognitions = forms.MultipleChoiceField(
        label="Thuộc hình thức công nhận", required=False, widget=forms.CheckboxSelectMultiple
    )
    remedy = _words("Khi chưa đạt thì làm gì", most=1000, rows=2, is_needed=True)
    unconfirmed = _words(
        "Chỗ chưa đối chiếu với văn bản gốc", most=500, help_text="Để trống khi đã đối chiếu; ghi gì thì hiện nhãn."
    )

    def __init__(self, *args: Any, one: Mapping[str, Any], recognitions: Choices, **options: Any) -> None:
        super().__init__(*args, predicate=one.get("predicate", {}), **options)
        self.fields["recognitions"].choices = recognitions  # type: ignore[attr-defined]

    @classmethod
    def initial_of(cls, one: Mapping[str, Any], number_of: Iterable[int]) -> dict[str, Any]:
        """`number_of`: the recognitions that hold it."""
        citation = one.get("citation", {})
        initial = {key: one.get(key, "") for key in ("code", "label", "remedy", "unconfirmed")}
        initial |= {"document": citation.get("document", ""), "clause": citation.get("clause", "")}
        initial |= {"applies_to": one.get("applies_to", []), "only_if": "only_if" in one}
        initial |= {"recognitions": [str(number) for number in number_of]}
        return initial | cls.initial_of_predicate(one.get("predicate", {}))

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            "code": typed["code"],
            "label": typed["label"],
            "citation": {"document": typed["document"], "clause": typed["clause"]},
            "applies_to": typed["applies_to"],
            "only_if": "heads_unit" if typed["only_if"] else None,
            "remedy": typed["remedy"],
            "unconfirmed": typed["unconfirmed"] or None,
            "predicate": self.predicate_values(),
        }

    def numbers(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["recognitions"]]


class PartAddForm(forms.Form):
    kind = forms.ChoiceField(
        label="Phép kiểm của điều kiện mới",
        error_messages={"invalid_choice": "Chọn một phép kiểm trong danh sách."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_have_parts: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = rules.ENTRIES if may_have_parts else rules.OFFERED
        self.fields["kind"].choices = [(one.kind, one.label) for one in offered]  # type: ignore[attr-defined]


class QuotaForm(forms.Form):
    """A cap: at most a share of those who hold one title may be put forward for another."""

    title = forms.ChoiceField(label="Danh hiệu, hình thức bị giới hạn", required=False)
    label = _words("Tên ghi trên trang", help_text="Để trống là lấy tên trong danh mục.")
    base = forms.ChoiceField(label="Tính trên số người, tập thể đạt", required=False)
    percent = _words("Tối đa bao nhiêu phần trăm", most=3, help_text="Số nguyên từ 1 đến 100.", is_needed=True)
    rounding = forms.ChoiceField(
        label="Khi không chẵn thì", required=False, choices=[(one.value, one.label) for one in rules.Rounding]
    )
    at_least_one = forms.BooleanField(label="Đơn vị ít người vẫn được ít nhất 1", required=False)
    document = _words("Văn bản căn cứ", is_needed=True)
    clause = _words("Điều khoản", most=100, is_needed=True)
    unconfirmed = _words(
        "Chỗ chưa đối chiếu với văn bản gốc", most=500, help_text="Để trống khi đã đối chiếu; ghi gì thì hiện nhãn."
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, titles: Choices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.titles = dict(titles)
        for name in ("title", "base"):
            kept = str(self.initial.get(name, ""))
            stray = [(kept, f"{kept} (không có trong danh mục)")] if kept and kept not in self.titles else []
            self.fields[name].choices = [("", "Chọn trong danh mục"), *titles, *stray]  # type: ignore[attr-defined]
            needed(self.fields[name])
        self.fields["percent"].widget.attrs["inputmode"] = "numeric"

    @classmethod
    def initial_of(cls, one: Mapping[str, Any]) -> dict[str, Any]:
        citation = one.get("citation", {})
        initial = {key: one.get(key, "") for key in ("title", "label", "base", "percent", "unconfirmed")}
        initial |= {"document": citation.get("document", ""), "clause": citation.get("clause", "")}
        return initial | {"rounding": one.get("rounding", ""), "at_least_one": one.get("at_least_one", False)}

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        percent = typed["percent"].strip()
        return {
            "title": typed["title"],
            "label": typed["label"] or self.titles.get(typed["title"], ""),
            "base": typed["base"],
            "percent": int(percent) if percent.isascii() and percent.isdigit() else percent,
            "rounding": typed["rounding"] or rules.Rounding.DOWN.value,
            "at_least_one": typed["at_least_one"],
            "citation": {"document": typed["document"], "clause": typed["clause"]},
            "unconfirmed": typed["unconfirmed"] or None,
        }
