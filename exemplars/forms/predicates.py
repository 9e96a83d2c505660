"""Fields for a predicate and its parameters, and the same in words. They keep whatever was typed."""

from collections.abc import Mapping
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
_ABSENT: tuple[Any, ...] = ("", None, [])


class PredicateForm(forms.Form):
    """The kind of one predicate and its parameters, whose names begin with `p_`; parts have pages of their own."""

    kind = forms.ChoiceField(
        label="Phép kiểm",
        required=False,
        help_text="Đổi phép kiểm rồi bấm lưu, trang mở lại với các tham số của phép kiểm mới.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        predicate: Mapping[str, Any],
        choices: Mapping[Takes, Choices],
        may_have_parts: bool = True,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.predicate: dict[str, Any] = dict(predicate)
        self.entry = rules.BY_KIND.get(self.predicate.get("kind", ""), rules.OFFERED[0])
        self.recognition_names = dict(choices[Takes.RECOGNITION])
        offered = [one for one in rules.ENTRIES if may_have_parts or one == self.entry or not one.is_composite]
        self.fields["kind"].choices = [(one.kind, one.label) for one in offered]  # type: ignore[attr-defined]
        needed(self.fields["kind"])
        for parameter in self.entry.parameters:
            field = _field_of(parameter, choices, self.predicate.get(parameter.key))
            self.fields[f"p_{parameter.key}"] = needed(field) if parameter.required else field

    @classmethod
    def initial_of_predicate(cls, predicate: Mapping[str, Any]) -> dict[str, Any]:
        initial = {"kind": predicate.get("kind", "")}
        entry = rules.BY_KIND.get(predicate.get("kind", ""))
        for parameter in entry.parameters if entry else ():
            default: Any = parameter.default if parameter.takes is Takes.FLAG else ""
            initial[f"p_{parameter.key}"] = predicate.get(parameter.key, default)
        return initial

    @property
    def changes_kind(self) -> bool:
        return bool(self.cleaned_data.get("kind")) and self.cleaned_data["kind"] != self.entry.kind

    def predicate_values(self) -> dict[str, Any]:
        """The predicate as typed. One that gets parts becomes the first of them; one that loses them is the first."""
        kind = self.cleaned_data.get("kind") or self.entry.kind
        parts = self.predicate.get("parts", [])
        if rules.BY_KIND[kind].is_composite:
            return {"kind": kind, "parts": parts if self.entry.is_composite else [self._typed_as(self.entry.kind)]}
        if self.entry.is_composite:
            return next((dict(one) for one in parts if one.get("kind") == kind), {"kind": kind})
        return self._typed_as(kind)

    def _typed_as(self, kind: str) -> dict[str, Any]:
        """The parameters as typed; those that another kind takes too go along when the kind changes."""
        taken = {parameter.key: parameter.takes for parameter in rules.BY_KIND[kind].parameters}
        found: dict[str, Any] = {"kind": kind}
        for parameter in self.entry.parameters:
            value = _typed(parameter, self.cleaned_data[f"p_{parameter.key}"])
            if value is not None and taken.get(parameter.key) is parameter.takes:
                found[parameter.key] = value
        if "recognition" in found:
            found["label"] = self.recognition_names.get(found["recognition"], "")
        return found


def needed(field: Any) -> Any:
    """Empty may be saved and not published; the field's template says so."""
    field.needed_later = "ban hành"
    return field


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
        parts = (describe_predicate(part, choices) for part in predicate.get("parts", []))
        return f"{entry.label}: {'; '.join(parts) or 'chưa có thành phần'}"
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
