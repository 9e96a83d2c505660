"""What the screens of a draft and of a sandbox share: one sheet of criteria, shown and filled in part by part."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from exemplars import rules
from exemplars.forms.predicates import Choices, PredicateForm, describe_predicate, list_choices
from exemplars.forms.rulebooks import CriterionForm, PartAddForm, QuotaForm, show_day
from exemplars.models import RulebookDraft, WhatIf
from exemplars.services.rulebook_content import find_part
from units.frame import UnitRequest
from units.models import LegalDocument
from units.refusals import RefusedError
from units.views.acts import posted

EXAMPLES = (9, 20, 47)  # numbers that show what rounding does
KINDS = frozenset(kind.value for kind in rules.NomineeKind)
_PLACE = re.compile(r"[1-9]\d?(-[1-9]\d?)*")


@dataclass(frozen=True)
class Sheet:
    """`prefix` stands before the names of its addresses; `grows` is whether parts may come and go."""

    row: RulebookDraft | WhatIf
    known: rules.Surroundings
    problems: list[rules.Problem]
    prefix: str = ""
    grows: bool = True

    @property
    def content(self) -> dict[str, Any]:
        content: dict[str, Any] = self.row.content
        return content

    @cached_property
    def choices(self) -> Mapping[rules.Takes, Choices]:
        return list_choices(self.content, self.known)

    @property
    def titles(self) -> Choices:
        return [(code, one.name) for code, one in self.known.titles.items()]

    def address(self, name: str, *keys: object) -> str:
        return reverse(f"exemplars:{self.prefix}{name}", args=[self.row.pk, *keys])

    def find(self, key: str, number: int) -> dict[str, Any]:
        rows: list[dict[str, Any]] = self.content.get(key, [])
        if not 1 <= number <= len(rows):
            raise Http404
        return rows[number - 1]

    def problems_of(self, part: str, number: int) -> list[str]:
        return [one.words for one in self.problems if one.part == part and one.number == number]

    def describe(self) -> dict[str, Any]:
        """Its recognitions, criteria and caps in words, each with what does not fit yet."""
        return {
            "content": self.content,
            "valid_from": show_day(self.content.get("valid_from")),
            "valid_to": show_day(self.content.get("valid_to")),
            "recognitions": [self._recognition(number) for number in self._numbers("recognition")],
            "criteria": [
                one | {"number": number, "problems": self.problems_of("criterion", number)}
                for number, one in enumerate(describe_criteria(self.content, self.choices), 1)
            ],
            "quotas": [
                describe_quota(self.find("quota", number), self.known)
                | {"number": number, "problems": self.problems_of("quota", number)}
                for number in self._numbers("quota")
            ],
            "problems": self.problems,
            "head_problems": [one for one in self.problems if one.part not in ("criterion", "recognition", "quota")],
        }

    def _numbers(self, key: str) -> range:
        return range(1, len(self.content.get(key, [])) + 1)

    def _recognition(self, number: int) -> dict[str, Any]:
        one = self.find("recognition", number)
        days = {key: show_day(one.get("period", {}).get(key)) for key in ("first_day", "last_day")}
        return {"number": number, "values": one, **days, "problems": self.problems_of("recognition", number)}


def describe_criteria(content: dict[str, Any], choices: Mapping[rules.Takes, Choices]) -> list[dict[str, Any]]:
    """Each criterion with its predicate in words and the recognitions that ask it."""
    recognitions = content.get("recognition", [])
    return [
        {
            "values": one,
            "kinds": [rules.NomineeKind(kind).label for kind in one.get("applies_to", []) if kind in KINDS],
            "predicate": describe_predicate(one.get("predicate", {}), choices),
            "in_all": len(recognitions) > 1 and all(one.get("code") in asked["criteria"] for asked in recognitions),
            "recognitions": [
                asked.get("label") or asked.get("code")
                for asked in recognitions
                if one.get("code") in asked.get("criteria", [])
            ],
        }
        for one in content.get("criterion", [])
    ]


def describe_quota(values: dict[str, Any], known: rules.Surroundings) -> dict[str, Any]:
    """A cap in words, with what rounding does to numbers that do not come out even; unread while it does not fit."""

    def name(code: object) -> str:
        return known.titles[str(code)].name if str(code) in known.titles else str(code or "chưa chọn")

    words = f"Không quá {values.get('percent') or '?'}% số {name(values.get('base'))}"
    try:
        quota = rules.read_quota(rules.Section(values))
    except rules.DocumentError:
        return {"values": values, "words": words, "reckoned": []}
    least = ", tối thiểu 1" if quota.at_least_one else ""
    return {
        "values": values,
        "words": f"{words}; {quota.rounding.label}{least}.",
        "reckoned": [(base, rules.reckon_cap(quota, base)) for base in EXAMPLES],
    }


# One form, one answer


def seen_version(request: UnitRequest) -> int:
    """The version that the page showed; one that was not sent is none that ever stood."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else -1  # noqa: PLR2004  more digits than any count


def retyped(form: Any, row: RulebookDraft | WhatIf) -> Any:
    """What was typed, over the version that stands now: saving once more overwrites it knowingly."""
    form.data = form.data.copy()
    row.refresh_from_db(fields=["version"])
    form.data["version"] = str(row.version)
    return form


def answer_part(
    request: UnitRequest,
    sheet: Sheet,
    form: forms.Form,
    act: Callable[[], Any],
    *,
    back: str = "",
    template: str = "exemplars/rulebooks/act.html",
    done: str = "Đã lưu.",
    **context: Any,
) -> HttpResponse:
    """A form of one part of the sheet: saved as typed, and back; a refusal keeps what was typed."""
    refusal = None
    if not sheet.grows:
        _need_for_replay(form)
    back = back or sheet.row.get_absolute_url()
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except RefusedError as error:
            refusal = error
            form = retyped(form, sheet.row)
        else:
            messages.success(request, done)
            if getattr(form, "changes_kind", False):
                messages.info(request, "Phép kiểm đã đổi: điền các tham số hoặc điều kiện của phép kiểm mới.")
                return redirect(request.path)
            return redirect(back)
    context |= {"form": form, "refusal": refusal, "sheet": sheet, "submit": "Lưu", "back": back}
    return render(request, template, context, status=422 if request.method == "POST" else 200)


def _need_for_replay(form: forms.Form) -> None:
    """A sandbox is never published: what may be left empty for now is needed when everybody is judged by it."""
    for field in form.fields.values():
        if hasattr(field, "needed_later"):
            field.needed_later = "đối chiếu"


def make_criterion_form(request: UnitRequest, sheet: Sheet, number: int) -> CriterionForm:
    one, recognitions = sheet.find("criterion", number), sheet.content["recognition"]
    held = [place for place, asked in enumerate(recognitions, 1) if one.get("code") in asked.get("criteria", [])]
    return CriterionForm(
        posted(request),
        one=one,
        recognitions=[
            (str(place), asked.get("label") or "chưa đặt tên") for place, asked in enumerate(recognitions, 1)
        ],
        choices=sheet.choices,
        initial=CriterionForm.initial_of(one, held) | {"version": sheet.row.version},
    )


def answer_criterion(
    request: UnitRequest, sheet: Sheet, number: int, form: CriterionForm, act: Callable[[], Any]
) -> HttpResponse:
    one = sheet.find("criterion", number)
    return answer_part(
        request,
        sheet,
        form,
        act,
        back=f"{sheet.row.get_absolute_url()}#tieu-chuan-{number}",
        template="exemplars/rulebooks/criterion.html",
        done="Đã lưu tiêu chuẩn.",
        heading=f"Tiêu chuẩn {one.get('code', '')}",
        problems=sheet.problems_of("criterion", number) if request.method == "GET" else [],
        documents=LegalDocument.objects.order_by("number")[:300],
        **_predicate_context(sheet, form, number, ()),
    )


def make_part_form(request: UnitRequest, sheet: Sheet, number: int, place: tuple[int, ...]) -> PredicateForm:
    predicate = open_part(sheet, number, place)
    return PredicateForm(
        posted(request),
        predicate=predicate,
        choices=sheet.choices,
        may_have_parts=len(place) + 1 < rules.MOST_DEPTH,
        initial=PredicateForm.initial_of_predicate(predicate) | {"version": sheet.row.version},
    )


def answer_criterion_part(
    request: UnitRequest,
    sheet: Sheet,
    number: int,
    place: tuple[int, ...],
    form: PredicateForm,
    act: Callable[[], Any],
) -> HttpResponse:
    """One condition inside a predicate made of several."""
    code = sheet.find("criterion", number).get("code", "")
    above = address_of_part(sheet, number, place[:-1])
    return answer_part(
        request,
        sheet,
        form,
        act,
        back=above,
        template="exemplars/rulebooks/part.html",
        done="Đã lưu điều kiện.",
        heading=f"Điều kiện {'.'.join(map(str, place))}",
        criterion=f"Tiêu chuẩn {code}",
        criterion_url=sheet.address("criterion-edit", number),
        **_predicate_context(sheet, form, number, place),
    )


def _predicate_context(sheet: Sheet, form: PredicateForm, number: int, place: tuple[int, ...]) -> dict[str, Any]:
    """The parameters of a predicate, or the conditions that it is made of with the ways to them."""
    context = {"entry": form.entry, "parameters": [field for field in form if field.name.startswith("p_")]}
    if not form.entry.is_composite:
        return context
    parts = form.predicate.get("parts", [])
    context |= {
        "parts": [
            {
                "name": ".".join(map(str, (*place, step))),
                "words": describe_predicate(part, sheet.choices),
                "edit": address_of_part(sheet, number, (*place, step)),
                "remove": sheet.address("criterion-part-remove", number, write_place((*place, step)))
                if sheet.grows
                else "",
            }
            for step, part in enumerate(parts, 1)
        ]
    }
    if sheet.grows:
        may_have_parts = len(place) + 2 < rules.MOST_DEPTH
        context |= {
            "part_form": PartAddForm(
                may_have_parts=may_have_parts, initial={"version": sheet.row.version}, prefix="", auto_id="part_%s"
            ),
            "part_add": sheet.address("criterion-part-add", number) + (f"?in={write_place(place)}" if place else ""),
        }
    return context


def read_place(typed: str) -> tuple[int, ...]:
    """The numbers of a condition inside conditions, from an address: 2-1 is the first of the second."""
    if not _PLACE.fullmatch(typed):
        raise Http404
    return tuple(map(int, typed.split("-")))


def write_place(place: tuple[int, ...]) -> str:
    return "-".join(map(str, place))


def open_part(sheet: Sheet, number: int, place: tuple[int, ...]) -> dict[str, Any]:
    sheet.find("criterion", number)
    try:
        return find_part(sheet.content, number, place)
    except RefusedError:
        raise Http404 from None


def address_of_part(sheet: Sheet, number: int, place: tuple[int, ...]) -> str:
    if not place:
        return sheet.address("criterion-edit", number)
    return sheet.address("criterion-part-edit", number, write_place(place))


def make_quota_form(request: UnitRequest, sheet: Sheet, number: int | None) -> QuotaForm:
    values = sheet.find("quota", number) if number else {"rounding": rules.Rounding.DOWN.value}
    initial = QuotaForm.initial_of(values) | {"version": sheet.row.version}
    return QuotaForm(posted(request), titles=sheet.titles, initial=initial)


def answer_quota(
    request: UnitRequest, sheet: Sheet, number: int | None, form: QuotaForm, act: Callable[[], Any]
) -> HttpResponse:
    """A cap. «Tính thử» shows what is typed on example numbers and saves nothing."""
    template = "exemplars/rulebooks/quota.html"
    words: dict[str, Any] = {
        "heading": "Sửa tỷ lệ tối đa" if number else "Thêm tỷ lệ tối đa",
        "problems": sheet.problems_of("quota", number) if number and request.method == "GET" else [],
    }
    if request.method == "POST" and "reckon" in request.POST and form.is_valid():
        typed = {key: value for key, value in form.values().items() if value is not None}
        words |= {"form": form, "sheet": sheet, "back": sheet.row.get_absolute_url()}
        words |= {"shown": describe_quota(typed, sheet.known), "is_typed": True}
        return render(request, template, words)
    kept = describe_quota(sheet.find("quota", number), sheet.known) if number else None
    return answer_part(request, sheet, form, act, template=template, shown=kept, **words)
