"""What paper and numbers say to the world."""

from django.apps import AppConfig

from units.roles import Door, Role, RolePermissions


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Hồ sơ và báo cáo"
    doors = (
        Door(
            "Báo cáo",
            "reports:campaign-report-list",
            "reports.view_campaign_report",
            home_of=frozenset({Role.STAFF}),
        ),
    )
    role_permissions: RolePermissions = {
        "reports.request_dossier": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "reports.view_dossier": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "reports.download_dossier": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "reports.view_campaign_report": {Role.STAFF, Role.SECRETARIAT, Role.HEAD},
    }
