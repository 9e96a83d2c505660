"""Addresses of nominations and of rulebooks."""

from django.urls import path

from exemplars.views import (
    candidates,
    coach,
    proposing,
    reading,
    rulebook_drafts,
    rulebook_trials,
    rulebooks,
    special_cases,
    what_if_workbooks,
    what_ifs,
    workbooks,
    writing,
)

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
    path("rulebooks/", rulebooks.rulebook_list, name="rulebook-list"),
    path("rulebooks/add/", rulebooks.rulebook_add, name="rulebook-add"),
    path("rulebooks/import/", rulebooks.rulebook_import, name="rulebook-import"),
    path("rulebooks/editions/<int:pk>/", rulebooks.rulebook_detail, name="rulebook-detail"),
    path("rulebooks/editions/<int:pk>/export/", rulebooks.rulebook_export, name="rulebook-export"),
    path("rulebooks/editions/<int:pk>/copy/", rulebooks.rulebook_copy, name="rulebook-copy"),
    path("rulebooks/drafts/<uuid:pk>/", rulebook_drafts.rulebook_draft_detail, name="rulebook-draft-detail"),
    path("rulebooks/drafts/<uuid:pk>/export/", rulebook_drafts.rulebook_draft_export, name="rulebook-draft-export"),
    path("rulebooks/drafts/<uuid:pk>/edit/", rulebook_drafts.rulebook_draft_edit, name="rulebook-draft-edit"),
    path("rulebooks/drafts/<uuid:pk>/discard/", rulebook_drafts.rulebook_draft_discard, name="rulebook-draft-discard"),
    path("rulebooks/drafts/<uuid:pk>/try/", rulebook_trials.rulebook_draft_try, name="rulebook-draft-try"),
    path("rulebooks/drafts/<uuid:pk>/publish/", rulebook_trials.rulebook_draft_publish, name="rulebook-draft-publish"),
    path("rulebooks/drafts/<uuid:pk>/recognitions/add/", rulebook_drafts.recognition_add, name="recognition-add"),
    path(
        "rulebooks/drafts/<uuid:pk>/recognitions/<int:number>/",
        rulebook_drafts.recognition_edit,
        name="recognition-edit",
    ),
    path(
        "rulebooks/drafts/<uuid:pk>/recognitions/<int:number>/remove/",
        rulebook_drafts.recognition_remove,
        name="recognition-remove",
    ),
    path("rulebooks/drafts/<uuid:pk>/criteria/add/", rulebook_drafts.criterion_add, name="criterion-add"),
    path("rulebooks/drafts/<uuid:pk>/criteria/<int:number>/", rulebook_drafts.criterion_edit, name="criterion-edit"),
    path(
        "rulebooks/drafts/<uuid:pk>/criteria/<int:number>/remove/",
        rulebook_drafts.criterion_remove,
        name="criterion-remove",
    ),
    path(
        "rulebooks/drafts/<uuid:pk>/criteria/<int:number>/move/", rulebook_drafts.criterion_move, name="criterion-move"
    ),
    path(
        "rulebooks/drafts/<uuid:pk>/criteria/<int:number>/parts/add/",
        rulebook_drafts.criterion_part_add,
        name="criterion-part-add",
    ),
    path(
        "rulebooks/drafts/<uuid:pk>/criteria/<int:number>/parts/<str:place>/",
        rulebook_drafts.criterion_part_edit,
        name="criterion-part-edit",
    ),
    path(
        "rulebooks/drafts/<uuid:pk>/criteria/<int:number>/parts/<str:place>/remove/",
        rulebook_drafts.criterion_part_remove,
        name="criterion-part-remove",
    ),
    path("rulebooks/drafts/<uuid:pk>/quotas/add/", rulebook_drafts.quota_add, name="quota-add"),
    path("rulebooks/drafts/<uuid:pk>/quotas/<int:number>/", rulebook_drafts.quota_edit, name="quota-edit"),
    path("rulebooks/drafts/<uuid:pk>/quotas/<int:number>/remove/", rulebook_drafts.quota_remove, name="quota-remove"),
    path("rulebooks/editions/<int:pk>/what-if/", what_ifs.what_if_add, name="what-if-add"),
    path("rulebooks/what-ifs/", what_ifs.what_if_list, name="what-if-list"),
    path("rulebooks/what-ifs/<uuid:pk>/", what_ifs.what_if_detail, name="what-if-detail"),
    path("rulebooks/what-ifs/<uuid:pk>/copy/", what_ifs.what_if_copy, name="what-if-copy"),
    path("rulebooks/what-ifs/<uuid:pk>/edit/", what_ifs.what_if_edit, name="what-if-edit"),
    path("rulebooks/what-ifs/<uuid:pk>/start/", what_ifs.what_if_start, name="what-if-start"),
    path("rulebooks/what-ifs/<uuid:pk>/cancel/", what_ifs.what_if_cancel, name="what-if-cancel"),
    path("rulebooks/what-ifs/<uuid:pk>/workbook/", what_if_workbooks.what_if_workbook, name="what-if-workbook"),
    path(
        "rulebooks/what-ifs/<uuid:pk>/units/workbook/",
        what_if_workbooks.what_if_unit_workbook,
        name="what-if-unit-workbook",
    ),
    path(
        "rulebooks/what-ifs/<uuid:pk>/recognitions/<int:number>/",
        what_ifs.what_if_recognition_edit,
        name="what-if-recognition-edit",
    ),
    path(
        "rulebooks/what-ifs/<uuid:pk>/criteria/<int:number>/",
        what_ifs.what_if_criterion_edit,
        name="what-if-criterion-edit",
    ),
    path(
        "rulebooks/what-ifs/<uuid:pk>/criteria/<int:number>/parts/<str:place>/",
        what_ifs.what_if_criterion_part_edit,
        name="what-if-criterion-part-edit",
    ),
    path("rulebooks/what-ifs/<uuid:pk>/quotas/<int:number>/", what_ifs.what_if_quota_edit, name="what-if-quota-edit"),
    path("rulebooks/trials/<uuid:pk>/", rulebook_trials.rulebook_trial_detail, name="rulebook-trial-detail"),
    path(
        "rulebooks/trials/<uuid:pk>/workbook/", rulebook_trials.rulebook_trial_workbook, name="rulebook-trial-workbook"
    ),
]
