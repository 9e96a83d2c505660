"""Forms of a unit's own criteria. They keep whatever was typed: the checks of the draft say what does not fit."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms

from exemplars import rules
from exemplars.rules import Parameter, Takes

Choices = list[tuple[str, str]]
LEVELS: Choices = [
    ("grassroots", "Cơ sở"),
    ("ministry", "Bộ"),
    ("sector", "Ngành"),
    ("province", "Tỉnh"),
    ("state", "Nhà nước"),
]
DAY_HELP = "Ví dụ 01/01/2024"
_DAY_FORMS = ("%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d")
_ABSENT: tuple[Any, ...] = ("", None, [])


def _words(label: str, *, most: int = 300, rows: int = 0, help_text: str = "", needed: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput()
    field = forms.CharField(label=label, required=False, max_length=most, help_text=help_text, widget=widget)
    return _needed(field) if needed else field


def _needed(field: Any) -> Any:
    """Empty may be saved and not published; the field's template says so."""
    field.needed_later = "ban hành"
    return field


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
    title = _words("Tên bản quy định", needed=True)
    valid_from = _words("Hiệu lực từ ngày", most=20, help_text=DAY_HELP, needed=True)
    valid_to = _words("Hiệu lực đến hết ngày", most=20, help_text="Để trống nếu chưa định ngày hết hiệu lực.")
    plan_title = _words(
        "Văn bản ban hành tiêu chuẩn", help_text="Kế hoạch, quyết định hoặc quy chế của đơn vị.", needed=True
    )
    plan_number = _words("Số, ký hiệu", most=60)
    plan_issued_month = _words(
        "Năm và tháng ban hành", most=7, help_text="Ví dụ 2024-02; chỉ biết năm thì ghi 2024.", needed=True
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
        _needed(self.fields["code"])

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
        choices=[(one.kind, one.label) for one in rules.OFFERED],
        error_messages={"invalid_choice": "Chọn một phép kiểm trong danh sách."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class CriterionForm(forms.Form):
    """One criterion with the parameters of its predicate, whose names begin with `p_`."""

    code = _words("Mã", most=20, help_text="Ngắn, không trùng, ví dụ B-C1.", needed=True)
    label = _words("Nội dung tiêu chuẩn, bằng lời của đơn vị", most=1000, rows=3, needed=True)
    document = _words("Văn bản căn cứ", help_text="Ghi đủ số, ký hiệu, ví dụ Nghị định 98/2023/NĐ-CP.", needed=True)
    clause = _words("Điều khoản", most=100, help_text="Ví dụ khoản 1 Điều 24.", needed=True)
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
    remedy = _words("Khi chưa đạt thì làm gì", most=1000, rows=2, needed=True)
    unconfirmed = _words(
        "Chỗ chưa đối chiếu với văn bản gốc", most=500, help_text="Để trống khi đã đối chiếu; ghi gì thì hiện nhãn."
    )
    kind = forms.ChoiceField(
        label="Phép kiểm",
        required=False,
        help_text="Đổi phép kiểm rồi bấm lưu, trang mở lại với các tham số của phép kiểm mới.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        one: Mapping[str, Any],
        recognitions: Choices,
        choices: Mapping[Takes, Choices],
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.predicate: dict[str, Any] = dict(one.get("predicate", {}))
        self.entry = rules.BY_KIND.get(self.predicate.get("kind", ""), rules.OFFERED[0])
        self.recognition_names = dict(choices[Takes.RECOGNITION])
        self.fields["recognitions"].choices = recognitions  # type: ignore[attr-defined]
        if self.entry.is_composite:
            del self.fields["kind"]
        else:
            offered = [(entry.kind, entry.label) for entry in rules.OFFERED]
            self.fields["kind"].choices = offered  # type: ignore[attr-defined]
            _needed(self.fields["kind"])
        for parameter in self.entry.parameters:
            field = _field_of(parameter, choices, self.predicate.get(parameter.key))
            self.fields[f"p_{parameter.key}"] = _needed(field) if parameter.required else field

    @classmethod
    def initial_of(cls, one: Mapping[str, Any], number_of: Iterable[int]) -> dict[str, Any]:
        """`number_of`: the recognitions that hold it."""
        citation, predicate = one.get("citation", {}), one.get("predicate", {})
        initial = {key: one.get(key, "") for key in ("code", "label", "remedy", "unconfirmed")}
        initial |= {"document": citation.get("document", ""), "clause": citation.get("clause", "")}
        initial |= {"applies_to": one.get("applies_to", []), "only_if": "only_if" in one}
        initial |= {"recognitions": [str(number) for number in number_of], "kind": predicate.get("kind", "")}
        entry = rules.BY_KIND.get(predicate.get("kind", ""))
        for parameter in entry.parameters if entry else ():
            default: Any = parameter.default if parameter.takes is Takes.FLAG else ""
            initial[f"p_{parameter.key}"] = predicate.get(parameter.key, default)
        return initial

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
            "predicate": self._predicate(),
        }

    @property
    def changes_kind(self) -> bool:
        return bool(self.cleaned_data.get("kind")) and self.cleaned_data["kind"] != self.entry.kind

    def numbers(self) -> list[int]:
        return [int(number) for number in self.cleaned_data["recognitions"]]

    def _predicate(self) -> dict[str, Any]:
        """The parameters as typed; those that another kind takes too go along when the kind changes."""
        if self.entry.is_composite:
            return self.predicate
        kind = self.cleaned_data.get("kind") or self.entry.kind
        taken = {parameter.key: parameter.takes for parameter in rules.BY_KIND[kind].parameters}
        found: dict[str, Any] = {"kind": kind}
        for parameter in self.entry.parameters:
            value = _typed(parameter, self.cleaned_data[f"p_{parameter.key}"])
            if value is not None and taken.get(parameter.key) is parameter.takes:
                found[parameter.key] = value
        if "recognition" in found:
            found["label"] = self.recognition_names.get(found["recognition"], "")
        return found


def _typed(parameter: Parameter, value: Any) -> Any:
    """The value for the document; None leaves the key out."""
    if parameter.takes is Takes.FLAG:
        return None if value is parameter.default else value
    if parameter.takes is Takes.SUBJECT:
        return value if value == rules.Subject.UNIT.value else None
    if value in _ABSENT:
        return "" if parameter.required and not isinstance(value, list) else ([] if parameter.required else None)
    if parameter.takes is Takes.NUMBER:
        text = str(value).strip()
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else text  # noqa: PLR2004  bounded
    return value


def _field_of(parameter: Parameter, choices: Mapping[Takes, Choices], kept: Any) -> forms.Field:
    said: dict[str, Any] = {"label": parameter.label, "required": False, "help_text": parameter.help}
    if parameter.takes is Takes.FLAG:
        return forms.BooleanField(**said)
    if parameter.takes is Takes.NUMBER:
        return forms.CharField(max_length=20, widget=forms.TextInput(attrs={"inputmode": "numeric"}), **said)
    offered = choices[parameter.takes]
    known = {code for code, _ in offered}
    if parameter.takes in MULTIPLE:
        stray = [(code, code) for code in kept or [] if code not in known] if isinstance(kept, list) else []
        return forms.MultipleChoiceField(choices=[*offered, *stray], widget=forms.CheckboxSelectMultiple, **said)
    stray = [(kept, f"{kept} (không có trong danh mục)")] if isinstance(kept, str) and kept not in {*known, ""} else []
    if parameter.takes is Takes.SUBJECT:
        return forms.ChoiceField(choices=offered, **said)
    empty = "Chọn" if parameter.required else "Không chọn"
    return forms.ChoiceField(choices=[("", empty), *offered, *stray], **said)


MULTIPLE = frozenset({Takes.AWARDS, Takes.EMPLOYMENTS, Takes.LEVELS, Takes.BODIES, Takes.LEAVE_KINDS})


def list_choices(content: Mapping[str, Any], known: rules.Surroundings) -> dict[Takes, Choices]:
    """What each kind of parameter is chosen from: the draft's ladders, the catalogue, plans, the words of the facts."""
    titles = known.titles
    steps: dict[str, dict[str, str]] = {}
    for ladder in content.get("ladder", []):
        for step in ladder.get("steps", []):
            steps.setdefault(ladder.get("kind", ""), {}).setdefault(step.get("code", ""), step.get("label", ""))
    awards = [(code, one.name) for code, one in titles.items() if not one.is_recognition]
    return {
        Takes.TITLE: list(steps.get("title", {}).items()),
        Takes.GRADING: list(steps.get("grading", {}).items()),
        Takes.MOVEMENT: list(steps.get("movement", {}).items()),
        Takes.DISCIPLINE: list(steps.get("discipline", {}).items()),
        Takes.AWARD: awards,
        Takes.AWARDS: awards,
        Takes.RECOGNITION: [(code, one.name) for code, one in titles.items() if one.is_recognition],
        Takes.DISCIPLINE_OF: [("nominee", "Chính người được xét"), ("staff", "Người do tập thể trực tiếp quản lý")],
        Takes.EMPLOYMENTS: [(one.value, one.label.capitalize()) for one in rules.Employment],
        Takes.LEVELS: LEVELS,
        Takes.BODIES: [(one.value, one.label) for one in rules.Body],
        Takes.LEAVE_KINDS: [(one.value, one.label.capitalize()) for one in rules.LeaveKind],
        Takes.INDICATOR: list(known.indicators.items()),
        Takes.CAMPAIGN: list(known.campaigns.items()),
        Takes.SUBJECT: [("nominee", "Cá nhân, tập thể được xét"), ("unit", "Đơn vị do cá nhân đứng đầu")],
    }


def describe_predicate(predicate: Mapping[str, Any], choices: Mapping[Takes, Choices]) -> str:
    """A predicate with its parameters in words, on one line."""
    entry = rules.BY_KIND.get(str(predicate.get("kind", "")))
    if entry is None:
        return str(predicate.get("kind", ""))
    if entry.is_composite:
        parts = "; ".join(describe_predicate(part, choices) for part in predicate.get("parts", []))
        return f"{entry.label}: {parts}"
    said = [
        _said(parameter, _shown(parameter, predicate[parameter.key], choices))
        for parameter in entry.parameters
        if parameter.key in predicate
    ]
    return f"{entry.label} ({'; '.join(said)})" if said else entry.label


def _said(parameter: Parameter, value: str) -> str:
    """ "ít nhất mấy lần" with its number is "ít nhất 2 lần"; other labels stand before their value."""
    label = parameter.label.lower()
    if parameter.takes is Takes.NUMBER and "mấy" in label:
        return label.replace("mấy", value or "?")
    return f"{label}: {value}"


def _shown(parameter: Parameter, value: Any, choices: Mapping[Takes, Choices]) -> str:
    if isinstance(value, bool):
        return "có" if value else "không"
    names = dict(choices.get(parameter.takes, []))
    if isinstance(value, list):
        return ", ".join(names.get(one, str(one)) for one in value)
    return names.get(value, str(value)) or "chưa chọn"
