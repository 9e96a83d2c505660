"""Addresses of dossiers and consolidated reports."""

from django.urls import path

from reports.views import bonus, campaign_reports, dossiers, packs, workbooks

app_name = "reports"
urlpatterns = [
    path("nominations/<uuid:pk>/dossier/", dossiers.dossier_request, name="dossier-request"),
    path("dossiers/<uuid:pk>/", dossiers.dossier_detail, name="dossier-detail"),
    path("dossiers/<uuid:pk>/file/", dossiers.dossier_download, name="dossier-download"),
    path("sittings/<uuid:pk>/pack/", packs.sitting_pack_request, name="sitting-pack-request"),
    path("packs/<uuid:pk>/", packs.sitting_pack_detail, name="sitting-pack-detail"),
    path("packs/<uuid:pk>/file/", packs.sitting_pack_download, name="sitting-pack-download"),
    path("decisions/<uuid:pk>/bonus/paper/", bonus.bonus_paper, name="bonus-paper"),
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
