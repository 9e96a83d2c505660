"""Screens of a sandbox: the list, what is supposed, and how its parts are changed."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from exemplars import rules
from exemplars.forms.predicates import describe_predicate, list_choices
from exemplars.forms.rulebooks import RecognitionForm, RulebookHeadForm, show_day
from exemplars.forms.what_if import WhatIfStartForm
from exemplars.models import RulebookEdition, WhatIf, WhatIfUnit
from exemplars.selectors.what_ifs import (
    find_known,
    in_use,
    list_sandbox_problems,
    list_what_ifs,
    name_changes,
    sum_branches,
)
from exemplars.services.what_ifs import (
    add_what_if,
    cancel_what_if,
    copy_what_if,
    edit_what_if,
    edit_what_if_criterion,
    edit_what_if_criterion_part,
    edit_what_if_quota,
    edit_what_if_recognition,
    start_what_if,
)
from exemplars.views.sheets import (
    Sheet,
    answer_criterion,
    answer_criterion_part,
    answer_part,
    answer_quota,
    describe_quota,
    make_criterion_form,
    make_part_form,
    make_quota_form,
    read_place,
    seen_version,
)
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.models import Unit
from units.refusals import RefusedError
from units.views.acts import posted

PAGE_SIZE = 25
LINES = 50


def get_what_if(request: UnitRequest, pk: UUID) -> WhatIf:
    return get_object_or_404(list_what_ifs(request.actor.unit), pk=pk)


def open_sandbox(what_if: WhatIf) -> Sheet:
    known = find_known(what_if.unit)
    problems = list_sandbox_problems(what_if.content, known) if what_if.stands_open else []
    return Sheet(what_if, known, problems, prefix="what-if-", grows=False)


@require_GET
@unit_view("exemplars.view_what_if")
def what_if_list(request: UnitRequest) -> HttpResponse:
    """The sandboxes of the unit, each with the places where it departs from its edition: many share one title."""
    page = Paginator(list_what_ifs(request.actor.unit), PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    editions = {one.edition_id: one.edition.document for one in shown}
    originals = {pk: rules.read_rulebook_file(document.encode()).values for pk, document in editions.items()}
    rows = [{"one": one, "parts": name_changed_parts(originals[one.edition_id], one.content)} for one in shown]
    return render(request, "exemplars/what_ifs/list.html", {"page": page, "rows": rows})


@require_POST
@unit_view("exemplars.add_what_if")
def what_if_add(request: UnitRequest, pk: int) -> HttpResponse:
    """A sandbox of that edition."""
    edition = get_object_or_404(RulebookEdition, pk=pk)
    what_if = add_what_if(edition, actor=request.actor, day=today(), at=now())
    messages.success(request, "Đã lập giả định. Sửa những chỗ muốn thử, rồi chọn hình thức và năm để đối chiếu.")
    return redirect(what_if)


@require_POST
@unit_view("exemplars.copy_what_if")
def what_if_copy(request: UnitRequest, pk: UUID) -> HttpResponse:
    what_if = copy_what_if(get_what_if(request, pk), actor=request.actor, day=today(), at=now())
    messages.success(request, "Đã lập giả định mới, giữ các thay đổi của lần trước.")
    return redirect(what_if)


@require_GET
@unit_view("exemplars.view_what_if")
def what_if_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """What is supposed; how far the replay has come; who gains and who loses, one unit further down at a time."""
    what_if = get_what_if(request, pk)
    if request.htmx and what_if.is_moving:
        return render(request, "exemplars/what_ifs/detail.html#progress", {"what_if": what_if})
    response = render_what_if(request, what_if)
    if request.htmx:
        response["HX-Refresh"] = "true"
    return response


def render_what_if(
    request: UnitRequest, what_if: WhatIf, *, refusal: RefusedError | None = None, form: WhatIfStartForm | None = None
) -> HttpResponse:
    sheet = open_sandbox(what_if)
    original = rules.read_rulebook_file(what_if.edition.document.encode()).values
    context: dict[str, Any] = {
        "what_if": what_if,
        "is_own": what_if.asked_by_id == request.actor.account.pk,
        "changes": describe_changes(original, sheet),
        "refusal": refusal,
        "asked": label_of(what_if),
    }
    if what_if.stands_open:
        context |= sheet.describe() | {"start_form": form or _start_form(request, sheet, original)}
    elif what_if.state == "done":
        context |= _find_results(request, what_if, original)
    return render(
        request, "exemplars/what_ifs/detail.html", context, status=422 if refusal or (form and form.errors) else 200
    )


def _start_form(request: UnitRequest, sheet: Sheet, original: dict[str, Any]) -> WhatIfStartForm:
    codes = {one.get("code") for one in original["recognition"]}
    offered = [(one["code"], one.get("label", "")) for one in sheet.content["recognition"] if one.get("code") in codes]
    this_year = today().year
    initial = {"version": sheet.row.version, "year": this_year}
    return WhatIfStartForm(posted(request), recognitions=offered, this_year=this_year, initial=initial)


def label_of(what_if: WhatIf) -> str:
    named = {one.get("code"): one.get("label") for one in what_if.content.get("recognition", [])}
    return str(named.get(what_if.recognition) or what_if.recognition)


def describe_changes(original: dict[str, Any], sheet: Sheet) -> list[tuple[str, str, str]]:
    """What is supposed otherwise, in words: where, as it is, as supposed."""
    choices = list_choices(original, sheet.known)
    supposed = sheet.content
    rows = [
        *((words, show_day(original.get(key)), show_day(supposed.get(key))) for words, key in _INTERVAL),
        *_pairs(original, supposed, "recognition", "Hình thức", _period_words),
        *_pairs(
            original,
            supposed,
            "criterion",
            "Tiêu chuẩn",
            lambda one: _criterion_words(one, describe_predicate(one.get("predicate", {}), choices)),
        ),
        *_pairs(
            original, supposed, "quota", "Tỷ lệ tối đa", lambda one: str(describe_quota(one, sheet.known)["words"])
        ),
    ]
    dropped = [(where, "có xét", "bỏ, không xét") for where in _name_dropped(supposed)]
    return [(where, was or "không ghi", now or "không ghi") for where, was, now in rows if was != now] + dropped


def name_changed_parts(original: dict[str, Any], supposed: dict[str, Any]) -> list[str]:
    """Where the content departs from its edition, without saying how."""
    rows = [
        *((words, str(original.get(key)), str(supposed.get(key))) for words, key in _INTERVAL),
        *_pairs(original, supposed, "recognition", "Hình thức", _period_words),
        *_pairs(original, supposed, "criterion", "Tiêu chuẩn", rules.hash_of),
        *_pairs(original, supposed, "quota", "Tỷ lệ tối đa", rules.hash_of),
    ]
    return list(dict.fromkeys([*(where for where, was, now in rows if was != now), *_name_dropped(supposed)]))


def _name_dropped(supposed: dict[str, Any]) -> list[str]:
    held = {code for one in in_use(supposed)[0]["criterion"] if (code := one.get("code"))}
    return [f"Tiêu chuẩn {one.get('code', '')}" for one in supposed["criterion"] if one.get("code") not in held]


_INTERVAL = (("Hiệu lực từ", "valid_from"), ("Hiệu lực đến hết", "valid_to"))


def _pairs(
    original: dict[str, Any], supposed: dict[str, Any], key: str, noun: str, say: Callable[[dict[str, Any]], str]
) -> list[tuple[str, str, str]]:
    """The sandbox neither adds nor removes nor moves, so both lists go side by side."""
    both = zip(original.get(key, []), supposed.get(key, []), strict=False)
    return [(f"{noun} {new.get('code') or new.get('label', '')}", say(old), say(new)) for old, new in both]


def _period_words(one: dict[str, Any]) -> str:
    period = one.get("period")
    if not period:
        return "xét hằng năm"
    return f"giai đoạn {show_day(period.get('first_day'))} – {show_day(period.get('last_day'))}"


def _criterion_words(one: dict[str, Any], predicate: str) -> str:
    kinds = " và ".join(rules.NomineeKind(kind).label for kind in one.get("applies_to", [])) or "chưa chọn"
    heads = " đứng đầu đơn vị" if one.get("only_if") else ""
    return f"{predicate}. Áp dụng cho {kinds}{heads}"


def _find_results(request: UnitRequest, what_if: WhatIf, original: dict[str, Any]) -> dict[str, Any]:
    """The branches below one unit, and who gains and loses in that unit itself."""
    asked, top = request.GET.get("unit", ""), request.actor.unit
    unit = top if not asked else get_object_or_404(Unit.objects.below(top.path), pk=_read_key(asked))
    branches = sum_branches(what_if, unit)
    own = WhatIfUnit.objects.filter(what_if=what_if, about=unit).first()
    page = Paginator(own.changes if own else [], LINES).get_page(request.GET.get("page"))
    labels = {one["code"]: one.get("label", "") for one in [*original["criterion"], *what_if.content["criterion"]]}
    turned = sorted(what_if.criteria.items(), key=lambda item: (-sum(item[1]), item[0]))
    return {
        "unit": unit,
        "is_top": unit.pk == top.pk,
        "above": list(Unit.objects.filter(path__in=_paths_between(top.path, unit.path)).order_by("path")),
        "branch_page": Paginator(branches, LINES).get_page(request.GET.get("branches")),
        "own": own,
        "page": page,
        "lines": name_changes([(unit, one) for one in page.object_list]),
        "criteria_turned": [(code, labels.get(code, ""), better, worse) for code, (better, worse) in turned],
        "has_caps": any(one.base is not None for one in branches) or (own is not None and own.base is not None),
    }


def _paths_between(top: str, path: str) -> list[str]:
    """From the one down to, and without, the other."""
    return [path[:end] for end in range(len(top), len(path), Unit.PATH_STEP)]


def _read_key(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError:
        return UUID(int=0)


@require_POST
@unit_view("exemplars.start_what_if")
def what_if_start(request: UnitRequest, pk: UUID) -> HttpResponse:
    what_if = get_what_if(request, pk)
    original = rules.read_rulebook_file(what_if.edition.document.encode()).values
    form = _start_form(request, open_sandbox(what_if), original)
    if not form.is_valid():
        return render_what_if(request, what_if, form=form)
    chosen = form.cleaned_data
    try:
        start_what_if(
            what_if,
            chosen["recognition"],
            chosen["year"],
            version=seen_version(request),
            actor=request.actor,
            day=today(),
            at=now(),
        )
    except RefusedError as refusal:
        what_if.refresh_from_db()
        return render_what_if(request, what_if, refusal=refusal, form=form)
    return redirect(what_if)


@require_POST
@unit_view("exemplars.cancel_what_if")
def what_if_cancel(request: UnitRequest, pk: UUID) -> HttpResponse:
    what_if = get_what_if(request, pk)
    try:
        cancel_what_if(what_if, actor=request.actor, at=now())
    except RefusedError as refusal:
        return render_what_if(request, get_what_if(request, pk), refusal=refusal)
    messages.success(request, "Đã dừng. Kết quả dở dang đã xóa.")
    return redirect(what_if)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_what_if")
def what_if_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    what_if = get_what_if(request, pk)
    initial = RulebookHeadForm.initial_of(what_if.content) | {"version": what_if.version}
    form = RulebookHeadForm(posted(request), initial=initial)
    return answer_part(
        request,
        open_sandbox(what_if),
        form,
        lambda: edit_what_if(what_if, form.head(), form.plan(), **_by(request)),
        heading="Phần đầu và khoảng hiệu lực giả định",
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_what_if")
def what_if_recognition_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    what_if = get_what_if(request, pk)
    sheet = open_sandbox(what_if)
    initial = RecognitionForm.initial_of(sheet.find("recognition", number)) | {"version": what_if.version}
    form = RecognitionForm(posted(request), titles=sheet.titles, initial=initial)
    return answer_part(
        request,
        sheet,
        form,
        lambda: edit_what_if_recognition(what_if, number, form.values(), **_by(request)),
        heading="Sửa hình thức công nhận",
        problems=sheet.problems_of("recognition", number),
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_what_if")
def what_if_criterion_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    what_if = get_what_if(request, pk)
    sheet = open_sandbox(what_if)
    form = make_criterion_form(request, sheet, number)
    return answer_criterion(
        request,
        sheet,
        number,
        form,
        lambda: edit_what_if_criterion(what_if, number, form.values(), form.numbers(), **_by(request)),
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_what_if")
def what_if_criterion_part_edit(request: UnitRequest, pk: UUID, number: int, place: str) -> HttpResponse:
    what_if = get_what_if(request, pk)
    sheet, where = open_sandbox(what_if), read_place(place)
    form = make_part_form(request, sheet, number, where)
    return answer_criterion_part(
        request,
        sheet,
        number,
        where,
        form,
        lambda: edit_what_if_criterion_part(what_if, number, where, form.predicate_values(), **_by(request)),
    )


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.change_what_if")
def what_if_quota_edit(request: UnitRequest, pk: UUID, number: int) -> HttpResponse:
    what_if = get_what_if(request, pk)
    sheet = open_sandbox(what_if)
    form = make_quota_form(request, sheet, number)
    return answer_quota(
        request, sheet, number, form, lambda: edit_what_if_quota(what_if, number, form.values(), **_by(request))
    )


def _by(request: UnitRequest) -> dict[str, Any]:
    return {"version": seen_version(request), "actor": request.actor, "at": now()}
