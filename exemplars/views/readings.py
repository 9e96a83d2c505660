"""Screens of the dated readings: what every unit of the system is judged by, kept at its top."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from exemplars.forms.readings import (
    MergerReadingEditForm,
    MergerReadingForm,
    SpecialCaseReadingEditForm,
    SpecialCaseReadingForm,
)
from exemplars.models import DatedReading, MergerReading, SpecialCaseReading, TitleLevel
from exemplars.selectors.readings import describe_readings
from exemplars.services.readings import add_reading, edit_reading
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted

# Said before the edition is added, because nobody is asked again.
MERGERS_ARE_JUDGED_ANEW = (
    "Bản mới tính ngay: đề nghị đang làm được đối chiếu lại khi mở trang lần tới, danh sách «Ai đủ điều kiện» được đối "
    "chiếu lại trong đêm. Kết quả đã lưu khi trình, chuyển, chấp nhận giữ nguyên. Quyết định sắp xếp đã nói rõ thì "
    "theo quyết định. Bản đang để ngỏ ngày cuối tự hết vào hôm trước ngày bản mới có hiệu lực."
)
CASES_KEEP_THEIR_DECIDER = (
    "Bản mới tính từ lần trình tới. Trường hợp đã trình vẫn do nơi đã ghi quyết định. Bản đang để ngỏ ngày cuối tự hết "
    "vào hôm trước ngày bản mới có hiệu lực."
)

MENDED_MERGERS_ARE_JUDGED_ANEW = (
    "Bản đã sửa tính ngay: đề nghị đang làm được đối chiếu lại khi mở trang lần tới, danh sách «Ai đủ điều kiện» được "
    "đối chiếu lại trong đêm. Kết quả đã lưu khi trình, chuyển, chấp nhận giữ nguyên. Sửa được cho tới khi đánh dấu cơ "
    "quan có thẩm quyền đã xác nhận."
)
MENDED_CASES_KEEP_THEIR_DECIDER = (
    "Bản đã sửa tính từ lần trình tới. Trường hợp đã trình vẫn do nơi đã ghi quyết định. Sửa được cho tới khi đánh dấu "
    "cơ quan có thẩm quyền đã xác nhận."
)


@require_GET
@unit_view("exemplars.view_reading")
def reading_list(request: UnitRequest) -> HttpResponse:
    """What holds today where plans and the law are silent, with every edition."""
    day = today()
    merger, by_level = describe_readings(day)
    context = {
        "merger": merger,
        "by_level": by_level,
        "is_loaded": any(one.editions for one in (merger, *by_level)),
        "may_edit": request.actor.may("exemplars.edit_reading") and request.actor.unit.is_root,
        "may_add": request.actor.may("exemplars.add_reading") and request.actor.unit.is_root,
        "day": day,
    }
    return render(request, "exemplars/readings/list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.add_reading")
def merger_reading_add(request: UnitRequest) -> HttpResponse:
    form = MergerReadingForm(posted(request))
    heading = "Cách hiểu mới: đơn vị sáp nhập"
    return _answer(request, form, MergerReading, heading=heading, warning=MERGERS_ARE_JUDGED_ANEW)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.add_reading")
def special_case_reading_add(request: UnitRequest) -> HttpResponse:
    level = request.GET.get("level", "")
    form = SpecialCaseReadingForm(
        posted(request), initial={"level": level if level in TitleLevel.values else TitleLevel.GRASSROOTS}
    )
    heading = "Cách hiểu mới: ai quyết định diện đặc biệt"
    return _answer(request, form, SpecialCaseReading, heading=heading, warning=CASES_KEEP_THEIR_DECIDER)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.edit_reading")
def merger_reading_edit(request: UnitRequest, pk: int) -> HttpResponse:
    return _mend(request, MergerReadingEditForm, MergerReading, pk, warning=MENDED_MERGERS_ARE_JUDGED_ANEW)


@require_http_methods(["GET", "POST"])
@unit_view("exemplars.edit_reading")
def special_case_reading_edit(request: UnitRequest, pk: int) -> HttpResponse:
    return _mend(request, SpecialCaseReadingEditForm, SpecialCaseReading, pk, warning=MENDED_CASES_KEEP_THEIR_DECIDER)


def _mend(
    request: UnitRequest,
    form_class: type[MergerReadingEditForm | SpecialCaseReadingEditForm],
    model: type[MergerReading | SpecialCaseReading],
    pk: int,
    *,
    warning: str,
) -> HttpResponse:
    _require_root(request)
    reading = get_object_or_404(model, pk=pk)
    names = [name for name in form_class.base_fields if name != "reason"]
    form = form_class(posted(request), initial={name: _typed(reading, name) for name in names})
    back = reverse("exemplars:reading-list")
    return answer_form(
        request,
        form,
        lambda: edit_reading(
            reading,
            {name: form.cleaned_data[name] for name in names},
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=now(),
        ),
        heading=f"Sửa: {reading}",
        submit="Lưu",
        back=back,
        done="Đã sửa cách hiểu.",
        trail=("Cách hiểu khi quy định để ngỏ", back),
        warning=warning,
    )


def _typed(reading: DatedReading, name: str) -> Any:
    """As the form's field would send it: what has two answers is a select, but for the box of `confirmed`."""
    value = getattr(reading, name)
    return ("yes" if value else "no") if isinstance(value, bool) and name != "confirmed" else value


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Cách hiểu dùng chung chỉ sửa được ở đơn vị cao nhất của hệ thống.")


def _answer(
    request: UnitRequest,
    form: MergerReadingForm | SpecialCaseReadingForm,
    model: type[MergerReading | SpecialCaseReading],
    **words: Any,
) -> HttpResponse:
    _require_root(request)
    back = reverse("exemplars:reading-list")
    return answer_form(
        request,
        form,
        lambda: add_reading(model(**form.cleaned_data), actor=request.actor),
        submit="Thêm cách hiểu",
        back=back,
        done="Đã thêm cách hiểu.",
        trail=("Cách hiểu khi quy định để ngỏ", back),
        **words,
    )
