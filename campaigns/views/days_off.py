"""The roots' table of days off and working days."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.calendar import list_public_holidays, short_day
from campaigns.forms.planning import CalendarDayForm
from campaigns.models import CalendarDay
from campaigns.selectors.days_off import count_touched, list_calendar_days
from campaigns.services.days_off import add_calendar_day, remove_calendar_day
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted

PAGE_SIZE = 50


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Bảng ngày nghỉ chỉ sửa được ở đơn vị cao nhất của hệ thống.")


@require_GET
@unit_view("campaigns.view_calendar_day")
def calendar_day_list(request: UnitRequest) -> HttpResponse:
    """What was decided, and what is computed for this year and the next."""
    day, actor = today(), request.actor
    computed = list_public_holidays(day.year, day.year + 1)
    context = {
        "page": Paginator(list_calendar_days(), PAGE_SIZE).get_page(request.GET.get("page")),
        "off": list(computed.off.items()),
        "worked": sorted(computed.worked),
        "day": day,
        "may_edit": actor.unit.is_root and actor.may("campaigns.add_calendar_day"),
    }
    return render(request, "campaigns/calendar_day_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.add_calendar_day")
def calendar_day_add(request: UnitRequest) -> HttpResponse:
    _require_root(request)
    form = CalendarDayForm(posted(request))

    def add() -> None:
        made = add_calendar_day(**form.cleaned_data, actor=request.actor, at=database_now())
        if touched := count_touched(made.day):
            messages.warning(
                request,
                f"{touched} việc đã giao có ngày cuối cùng đúng ngày {short_day(made.day)}. Thời hạn đã tính không tự "
                "đổi; cơ quan phát động xem và gia hạn nếu cần.",
            )

    return answer_form(
        request,
        form,
        add,
        heading="Ghi ngày nghỉ hoặc ngày làm việc",
        submit="Ghi vào bảng",
        back=reverse("campaigns:calendar-day-list"),
        done="Đã ghi. Các thời hạn tính từ nay theo ngày này.",
        trail=("Ngày nghỉ", reverse("campaigns:calendar-day-list")),
    )


@require_POST
@unit_view("campaigns.remove_calendar_day")
def calendar_day_remove(request: UnitRequest, pk: int) -> HttpResponse:
    _require_root(request)
    one = get_object_or_404(CalendarDay, pk=pk)
    remove_calendar_day(one, actor=request.actor)
    messages.success(request, f"Đã bỏ ngày {short_day(one.day)} khỏi bảng.")
    return redirect("campaigns:calendar-day-list")
