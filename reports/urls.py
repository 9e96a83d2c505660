"""Addresses of dossiers and consolidated reports."""

from django.urls import path

from reports.views import (
    bonus,
    campaign_reports,
    certificate_layouts,
    certificates,
    dossiers,
    drafts,
    minutes,
    packs,
    verification,
    workbooks,
)

app_name = "reports"
urlpatterns = [
    path("nominations/<uuid:pk>/dossier/", dossiers.dossier_request, name="dossier-request"),
    path("dossiers/<uuid:pk>/", dossiers.dossier_detail, name="dossier-detail"),
    path("dossiers/<uuid:pk>/file/", dossiers.dossier_download, name="dossier-download"),
    path("sittings/<uuid:pk>/pack/", packs.sitting_pack_request, name="sitting-pack-request"),
    path("packs/<uuid:pk>/", packs.sitting_pack_detail, name="sitting-pack-detail"),
    path("packs/<uuid:pk>/file/", packs.sitting_pack_download, name="sitting-pack-download"),
    path("decisions/<uuid:pk>/bonus/paper/", bonus.bonus_paper, name="bonus-paper"),
    path("council/minutes/<uuid:pk>/preview/", minutes.minutes_preview, name="minutes-preview"),
    path("council/minutes/<uuid:pk>/send/", minutes.minutes_send, name="minutes-send"),
    path("decisions/drafts/<uuid:pk>/paper/", drafts.draft_paper, name="draft-paper"),
    path("decisions/<uuid:pk>/certificates/", certificates.certificate_list, name="certificate-list"),
    path("decisions/<uuid:pk>/certificates/request/", certificates.certificates_request, name="certificates-request"),
    path("certificates/lines/<uuid:pk>/reprint/", certificates.certificate_reprint, name="certificate-reprint"),
    path("certificates/jobs/<uuid:pk>/", certificates.certificate_job_detail, name="certificate-job-detail"),
    path("certificates/jobs/<uuid:pk>/resume/", certificates.certificates_resume, name="certificates-resume"),
    path("certificates/jobs/<uuid:pk>/file/", certificates.certificates_download, name="certificates-download"),
    path("certificates/layouts/", certificate_layouts.certificate_layout_list, name="certificate-layout-list"),
    path("certificates/layouts/add/", certificate_layouts.certificate_layout_add, name="certificate-layout-add"),
    path(
        "certificates/layouts/<uuid:pk>/", certificate_layouts.certificate_layout_edit, name="certificate-layout-edit"
    ),
    path(
        "certificates/layouts/<uuid:pk>/calibration/",
        certificate_layouts.certificate_layout_calibration,
        name="certificate-layout-calibration",
    ),
    path("certificates/printers/add/", certificate_layouts.certificate_printer_add, name="certificate-printer-add"),
    path(
        "certificates/printers/<uuid:pk>/",
        certificate_layouts.certificate_printer_edit,
        name="certificate-printer-edit",
    ),
    path("verify/", verification.verifying_key_list, name="verifying-key-list"),
    path("verify/keys.json", verification.verifying_keys_file, name="verifying-keys-file"),
    path("verify/<str:token>/", verification.certificate_verify, name="certificate-verify"),
    path("reports/", campaign_reports.campaign_report_list, name="campaign-report-list"),
    path("reports/workbook/", workbooks.campaign_report_list_workbook, name="campaign-report-list-workbook"),
    path("reports/campaigns/<slug:code>/", campaign_reports.campaign_report, name="campaign-report"),
    path("reports/campaigns/<slug:code>/rows/", campaign_reports.campaign_report_rows, name="campaign-report-rows"),
    path(
        "reports/campaigns/<slug:code>/rows/workbook/",
        workbooks.campaign_report_rows_workbook,
        name="campaign-report-rows-workbook",
    ),
    path(
        "reports/campaigns/<slug:code>/workbook/",
        campaign_reports.campaign_report_workbook,
        name="campaign-report-workbook",
    ),
    path("reports/campaigns/<slug:code>/paper/", campaign_reports.campaign_report_paper, name="campaign-report-paper"),
]
