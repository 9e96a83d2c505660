"""Addresses of nominations."""

from django.urls import path

from exemplars.views import proposing, reading, workbooks, writing

app_name = "exemplars"
urlpatterns = [
    path("nominations/", reading.nomination_list, name="nomination-list"),
    path("nominations/workbook/", workbooks.nomination_list_workbook, name="nomination-list-workbook"),
    path("nominations/add/", writing.nomination_add, name="nomination-add"),
    path("nominations/<uuid:pk>/", reading.nomination_detail, name="nomination-detail"),
    path("nominations/<uuid:pk>/trail/", reading.nomination_trail, name="nomination-trail"),
    path(
        "nominations/<uuid:pk>/trail/workbook/",
        workbooks.nomination_trail_workbook,
        name="nomination-trail-workbook",
    ),
    path("nominations/<uuid:pk>/edit/", writing.nomination_edit, name="nomination-edit"),
    path("nominations/<uuid:pk>/evidence/", writing.evidence_add, name="evidence-add"),
    path("nominations/<uuid:pk>/check/", writing.nomination_check, name="nomination-check"),
    path("nominations/<uuid:pk>/submit/", writing.nomination_submit, name="nomination-submit"),
    path("nominations/<uuid:pk>/withdraw/", writing.nomination_withdraw, name="nomination-withdraw"),
    path("nominations/<uuid:pk>/attest/", reading.nomination_attest, name="nomination-attest"),
    path("nominations/<uuid:pk>/forward/", reading.nomination_forward, name="nomination-forward"),
    path("nominations/<uuid:pk>/send-back/", reading.nomination_send_back, name="nomination-send-back"),
    path("nominations/<uuid:pk>/return/", reading.nomination_return, name="nomination-return"),
    path("nominations/<uuid:pk>/accept/", reading.nomination_accept, name="nomination-accept"),
    path("nominations/<uuid:pk>/propose/", proposing.nomination_propose, name="nomination-propose"),
    path("evidence/<uuid:pk>/download/", reading.evidence_download, name="evidence-download"),
    path("evidence/<uuid:pk>/remove/", writing.evidence_remove, name="evidence-remove"),
]
