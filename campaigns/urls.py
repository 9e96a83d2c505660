"""Addresses of campaigns."""

from django.urls import path

from campaigns.views import board, filings, work, workbooks

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
    path("assignments/<uuid:pk>/submission/", filings.submission_start, name="submission-start"),
    path("submissions/<uuid:pk>/", filings.submission_detail, name="submission-detail"),
    path("submissions/<uuid:pk>/edit/", filings.submission_edit, name="submission-edit"),
    path("submissions/<uuid:pk>/papers/", filings.paper_add, name="paper-add"),
    path("submissions/<uuid:pk>/titles/", filings.title_register, name="title-register"),
    path("submissions/<uuid:pk>/exemplars/", filings.exemplar_register, name="exemplar-register"),
    path("submissions/<uuid:pk>/check/", filings.submission_check, name="submission-check"),
    path("submissions/<uuid:pk>/send/", filings.submission_send, name="submission-send"),
    path("submissions/<uuid:pk>/withdraw/", filings.submission_withdraw, name="submission-withdraw"),
    path("submissions/<uuid:pk>/receive/", filings.submission_receive, name="submission-receive"),
    path("submissions/<uuid:pk>/return/", filings.submission_return, name="submission-return"),
    path("submissions/<uuid:pk>/approve/", filings.submission_approve, name="submission-approve"),
    path("submission-papers/<uuid:pk>/download/", filings.paper_download, name="paper-download"),
    path("submission-papers/<uuid:pk>/remove/", filings.paper_remove, name="paper-remove"),
    path("title-registrations/<uuid:pk>/drop/", filings.title_drop, name="title-drop"),
    path("exemplar-registrations/<uuid:pk>/drop/", filings.exemplar_drop, name="exemplar-drop"),
    path("receipts/", filings.receipt_check, name="receipt-check"),
    path("filing-board/", board.filing_board, name="filing-board"),
    path("filing-board/workbook/", board.filing_board_workbook, name="filing-board-workbook"),
    path("filing-board/remind/", board.filing_board_remind, name="filing-board-remind"),
    path("assignments/<uuid:pk>/remind/", board.assignment_remind, name="assignment-remind"),
]
