"""Addresses of councils, ballots and decisions: the member's side, the secretariat's under council/, decisions."""

from django.urls import path

from awards.views import ballots, casting, decisions, results, review, sittings, workbooks

app_name = "awards"
urlpatterns = [
    path("sittings/", review.sitting_list, name="sitting-list"),
    path("sittings/workbook/", workbooks.sitting_list_workbook, name="sitting-list-workbook"),
    path("sittings/<uuid:pk>/", review.sitting_detail, name="sitting-detail"),
    path("sittings/<uuid:pk>/workbook/", workbooks.sitting_detail_workbook, name="sitting-detail-workbook"),
    path("sittings/items/<uuid:pk>/", review.item_review, name="item-review"),
    path("sittings/items/<uuid:pk>/evidence/<uuid:evidence>/", review.item_evidence, name="item-evidence"),
    path("sittings/ballots/<uuid:pk>/", casting.ballot_paper, name="ballot-paper"),
    path("sittings/ballots/<uuid:pk>/check/", casting.ballot_check, name="ballot-check"),
    path("sittings/ballots/<uuid:pk>/cast/", casting.ballot_cast, name="ballot-cast"),
    path("sittings/ballots/<uuid:pk>/result/", casting.ballot_result, name="ballot-result"),
    path("sittings/ballots/<uuid:pk>/papers/", casting.ballot_papers, name="ballot-papers"),
    path("council/sittings/", sittings.council_sitting_list, name="council-sitting-list"),
    path("council/workbook/", workbooks.council_list_workbook, name="council-list-workbook"),
    path("council/sittings/workbook/", workbooks.council_sitting_list_workbook, name="council-sitting-list-workbook"),
    path("council/sittings/<uuid:pk>/agenda/workbook/", workbooks.agenda_workbook, name="agenda-workbook"),
    path("council/sittings/<uuid:pk>/attendance/workbook/", workbooks.attendance_workbook, name="attendance-workbook"),
    path("council/sittings/<uuid:pk>/ballots/workbook/", workbooks.ballot_list_workbook, name="ballot-list-workbook"),
    path("council/<uuid:pk>/sittings/add/", sittings.council_sitting_add, name="council-sitting-add"),
    path("council/sittings/<uuid:pk>/", sittings.council_sitting_detail, name="council-sitting-detail"),
    path("council/sittings/<uuid:pk>/agenda/order/", sittings.agenda_order, name="agenda-order"),
    path("council/sittings/<uuid:pk>/agenda/add/<uuid:nomination>/", sittings.agenda_item_add, name="agenda-item-add"),
    path(
        "council/sittings/<uuid:pk>/agenda/<uuid:item>/remove/", sittings.agenda_item_remove, name="agenda-item-remove"
    ),
    path("council/sittings/<uuid:pk>/attendance/", sittings.attendance_record, name="attendance-record"),
    path("council/sittings/<uuid:pk>/close/", sittings.sitting_close, name="sitting-close"),
    path("council/sittings/<uuid:pk>/ballots/add/", ballots.ballot_add, name="ballot-add"),
    path("council/sittings/ballots/<uuid:pk>/", ballots.council_ballot_detail, name="council-ballot-detail"),
    path("council/sittings/ballots/<uuid:pk>/discard/", ballots.ballot_discard, name="ballot-discard"),
    path("council/sittings/ballots/<uuid:pk>/open/", ballots.ballot_open, name="ballot-open"),
    path("council/sittings/ballots/<uuid:pk>/close/", ballots.ballot_close, name="ballot-close"),
    path("council/sittings/ballots/<uuid:pk>/abandon/", ballots.ballot_abandon, name="ballot-abandon"),
    path("council/sittings/ballots/<uuid:pk>/count/", ballots.ballot_count, name="ballot-count"),
    path("council/sittings/ballots/<uuid:pk>/papers/", ballots.council_ballot_papers, name="council-ballot-papers"),
    path("decisions/", decisions.decision_list, name="decision-list"),
    path("decisions/workbook/", workbooks.decision_list_workbook, name="decision-list-workbook"),
    path("decisions/<uuid:pk>/", decisions.decision_detail, name="decision-detail"),
    path("decisions/<uuid:pk>/workbook/", workbooks.decision_detail_workbook, name="decision-detail-workbook"),
    path("decisions/<uuid:pk>/revoke/", decisions.decision_revoke, name="decision-revoke"),
    path("decisions/<uuid:pk>/publish/", decisions.decision_publish, name="decision-publish"),
    path("results/", results.result_list, name="result-list"),
    path("results/read/", results.results_mark_read, name="results-mark-read"),
    path("decisions/issue/<uuid:pk>/", decisions.decision_issue, name="decision-issue"),
    path("decisions/conclude/<uuid:pk>/", decisions.ballot_conclude, name="ballot-conclude"),
]
