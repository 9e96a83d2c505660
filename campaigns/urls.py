"""Addresses of campaigns."""

from django.urls import path

from campaigns.views import anchor_events, days_off, feeds, reminders, work, workbooks

app_name = "campaigns"
urlpatterns = [
    path("assignments/", work.assignment_list, name="assignment-list"),
    path("assignments/workbook/", workbooks.assignment_list_workbook, name="assignment-list-workbook"),
    path("assignments/<uuid:pk>/", work.assignment_detail, name="assignment-detail"),
    path("assignments/<uuid:pk>/complete/", work.assignment_complete, name="assignment-complete"),
    path("assignments/<uuid:pk>/extension/", work.extension_request, name="extension-request"),
    path("extensions/workbook/", workbooks.extension_list_workbook, name="extension-list-workbook"),
    path("extensions/<uuid:pk>/answer/", work.extension_answer, name="extension-answer"),
    path("campaigns/", work.campaign_list, name="campaign-list"),
    path("campaigns/workbook/", workbooks.campaign_list_workbook, name="campaign-list-workbook"),
    path("campaigns/<slug:code>/", work.campaign_detail, name="campaign-detail"),
    path("events/<int:pk>/record/", anchor_events.anchor_event_record, name="anchor-event-record"),
    path("events/<int:pk>/correct/", anchor_events.anchor_event_correct, name="anchor-event-correct"),
    path("days-off/", days_off.calendar_day_list, name="calendar-day-list"),
    path("days-off/add/", days_off.calendar_day_add, name="calendar-day-add"),
    path("days-off/<int:pk>/remove/", days_off.calendar_day_remove, name="calendar-day-remove"),
    path("reminders/", reminders.reminder_list, name="reminder-list"),
    path("reminders/mark-read/", reminders.reminders_mark_read, name="reminders-mark-read"),
    path("reminders/settings/edit/", reminders.reminder_settings_edit, name="reminder-settings-edit"),
    path("accounts/me/calendar/", feeds.calendar_feed, name="calendar-feed"),
    path("accounts/me/calendar/renew/", feeds.calendar_feed_renew, name="calendar-feed-renew"),
    path("accounts/me/calendar/revoke/", feeds.calendar_feed_revoke, name="calendar-feed-revoke"),
    path("calendar/<str:token>/work.ics", feeds.calendar_feed_read, name="calendar-feed-read"),
    path("campaigns/<slug:code>/workbook/", workbooks.campaign_detail_workbook, name="campaign-detail-workbook"),
]
