"""What paper and numbers say to the world."""

from django.apps import AppConfig
from django.db.models import Q

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.isolation.values import RowValues, Unopened
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
        # The pack holds every case, also those hidden from a member: the council's desk alone has it.
        "reports.request_sitting_pack": {Role.SECRETARIAT},
        "reports.view_sitting_pack": {Role.SECRETARIAT},
        "reports.download_sitting_pack": {Role.SECRETARIAT},
        "reports.view_bonus_paper": {Role.SECRETARIAT, Role.RECORDS, Role.HEAD},
        "reports.view_campaign_report": {Role.STAFF, Role.SECRETARIAT, Role.HEAD},
    }
    isolation_unopened: Unopened = {
        "reports:campaign-report-rows": "cần nói rõ con số muốn xem (measure)",
        "reports:campaign-report-rows-workbook": "cần nói rõ con số muốn xem (measure)",
    }
    isolation_rows: RowValues = {
        "reports.dossierjob": lambda _: {"state": "done"},
        "reports.sittingpack": lambda _: {"state": "done"},
    }
    audit_verbs: AuditVerbs = {
        "request-dossier": "Yêu cầu lập hồ sơ PDF",
        "download-dossier": "Tải hồ sơ PDF",
        "request-sitting-pack": "Yêu cầu lập tập tài liệu phiên họp",
        "download-sitting-pack": "Tải tập tài liệu phiên họp",
        "refuse-sitting-pack": "Từ chối giao tập tài liệu phiên họp cho người không tham gia một trường hợp",
        "download-bonus-paper": "Tải bảng tính tiền thưởng",
    }
    audit_subjects: AuditSubjects = {
        "reports.dossierjob": AuditSubject("hồ sơ của", ("nomination__nominee_name",)),
        "reports.sittingpack": AuditSubject("tập tài liệu phiên họp", ("sitting__title",)),
    }

    def audit_unseen(self, reader_path: str) -> Q:
        """Entries about dossiers of other units' drafts."""
        from exemplars.selectors.nominations import list_unseen
        from reports.models import DossierJob

        return Q(subject_id__in=DossierJob.objects.filter(nomination__in=list_unseen(reader_path)).values("pk"))
