"""Addresses of campaigns."""

from django.urls import path

from campaigns.views import work, workbooks

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
    path("campaigns/<slug:code>/workbook/", workbooks.campaign_detail_workbook, name="campaign-detail-workbook"),
]
