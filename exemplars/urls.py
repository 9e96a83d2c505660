"""Addresses of nominations."""

from django.urls import path

from exemplars.views import candidates, coach, proposing, reading, special_cases, workbooks, writing

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
    path(
        "nominations/<uuid:pk>/special-case/propose/", special_cases.special_case_propose, name="special-case-propose"
    ),
    path("nominations/<uuid:pk>/special-case/grant/", special_cases.special_case_grant, name="special-case-grant"),
    path("nominations/<uuid:pk>/special-case/refuse/", special_cases.special_case_refuse, name="special-case-refuse"),
    path("criteria/units/<uuid:pk>/year/", candidates.unit_year, name="unit-year"),
    path("criteria/units/<uuid:pk>/movement/", candidates.movement_record, name="movement-record"),
    path("criteria/candidates/<uuid:pk>/nominate/", candidates.candidate_nominate, name="candidate-nominate"),
    path("criteria/people/<uuid:pk>/", coach.person_criteria, name="person-criteria"),
    path("criteria/units/<uuid:pk>/", coach.unit_criteria, name="unit-criteria"),
    path("evidence/<uuid:pk>/download/", reading.evidence_download, name="evidence-download"),
    path("evidence/<uuid:pk>/remove/", writing.evidence_remove, name="evidence-remove"),
]
