"""Addresses of campaigns."""

from django.urls import path

from campaigns.views import work

app_name = "campaigns"
urlpatterns = [
    path("assignments/", work.assignment_list, name="assignment-list"),
    path("assignments/<uuid:pk>/", work.assignment_detail, name="assignment-detail"),
    path("assignments/<uuid:pk>/complete/", work.assignment_complete, name="assignment-complete"),
    path("assignments/<uuid:pk>/extension/", work.extension_request, name="extension-request"),
    path("extensions/<uuid:pk>/answer/", work.extension_answer, name="extension-answer"),
    path("campaigns/", work.campaign_list, name="campaign-list"),
    path("campaigns/<slug:code>/", work.campaign_detail, name="campaign-detail"),
]
