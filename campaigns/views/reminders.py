"""What one was reminded of, and on which days a unit wants to be."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.calendar import USUAL_NOTICE_DAYS
from campaigns.forms.planning import ReminderSettingsForm
from campaigns.models import OverduePace, ReminderSettings
from campaigns.selectors.reminders import (
    count_open_reminded,
    count_unread,
    list_digests_of_others,
    list_reminded,
    list_return_letters,
)
from campaigns.services.reminders import edit_reminder_settings, mark_reminders_read
from units.clock import database_now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted

PAGE_SIZE = 20


@require_GET
@unit_view("campaigns.view_reminder")
def reminder_list(request: UnitRequest) -> HttpResponse:
    """Every word of reminding to the one who acts about units in sight, by the work that it is about."""
    user, day = request.actor.account, today()
    context = {
        "page": Paginator(list_reminded(user, day), PAGE_SIZE).get_page(request.GET.get("page")),
        "open": count_open_reminded(user, day),
        "digests": Paginator(list_digests_of_others(user), PAGE_SIZE).get_page(request.GET.get("told")),
        "returned": Paginator(list_return_letters(user), PAGE_SIZE).get_page(request.GET.get("returned")),
        "unread": count_unread(user),
        "day": day,
        "may_choose": request.actor.may("campaigns.edit_reminder_settings"),
    }
    return render(request, "campaigns/reminder_list.html", context)


@require_POST
@unit_view("campaigns.mark_reminders_read")
def reminders_mark_read(request: UnitRequest) -> HttpResponse:
    number = mark_reminders_read(actor=request.actor, at=database_now())
    messages.success(request, f"Đã đánh dấu {number} nhắc việc là đã đọc." if number else "Không còn nhắc việc mới.")
    return redirect("campaigns:reminder-list")


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.edit_reminder_settings")
def reminder_settings_edit(request: UnitRequest) -> HttpResponse:
    """Choose the days for one's own unit."""
    standing = ReminderSettings.objects.filter(unit=request.actor.unit).first()
    initial = {
        "notice_days": standing.notice_days if standing else list(USUAL_NOTICE_DAYS),
        "overdue": standing.overdue if standing else OverduePace.WEEKLY,
    }
    form = ReminderSettingsForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: edit_reminder_settings(**form.cleaned_data, actor=request.actor, at=database_now()),
        heading="Ngày nhắc việc của đơn vị",
        submit="Lưu ngày nhắc",
        back=reverse("campaigns:reminder-list"),
        done="Đã lưu ngày nhắc việc của đơn vị.",
        template="campaigns/reminder_settings.html",
    )
