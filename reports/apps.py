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
        "reports.preview_minutes": {Role.SECRETARIAT},
        "reports.send_minutes": {Role.SECRETARIAT},
        "reports.view_draft_paper": {Role.SECRETARIAT, Role.RECORDS},
        "reports.view_certificate": {Role.SECRETARIAT, Role.RECORDS},
        "reports.request_certificates": {Role.SECRETARIAT, Role.RECORDS},
        "reports.reprint_certificate": {Role.SECRETARIAT, Role.RECORDS},
        "reports.view_certificate_job": {Role.SECRETARIAT, Role.RECORDS},
        "reports.resume_certificates": {Role.SECRETARIAT, Role.RECORDS},
        "reports.download_certificates": {Role.SECRETARIAT, Role.RECORDS},
        "reports.view_certificate_layout": {Role.SECRETARIAT, Role.RECORDS},
        "reports.add_certificate_layout": {Role.SECRETARIAT, Role.RECORDS},
        "reports.edit_certificate_layout": {Role.SECRETARIAT, Role.RECORDS},
        "reports.set_certificate_printer": {Role.SECRETARIAT, Role.RECORDS},
        "reports.view_campaign_report": {Role.STAFF, Role.SECRETARIAT, Role.HEAD},
    }
    isolation_unopened: Unopened = {
        "reports:campaign-report-rows": "cần nói rõ con số muốn xem (measure)",
        "reports:campaign-report-rows-workbook": "cần nói rõ con số muốn xem (measure)",
    }
    isolation_rows: RowValues = {
        "reports.dossierjob": lambda _: {"state": "done"},
        "reports.certificatejob": lambda _: {"state": "done", "reason": "Lý do thử", "first": None, "part": 1},
        "reports.certificatelayout": lambda _: {"page": "a4-wide", "stock": "plain", "blocks": {}, "artwork": ""},
        "reports.sittingpack": lambda _: {"state": "done"},
    }
    audit_verbs: AuditVerbs = {
        "request-dossier": "Yêu cầu lập hồ sơ PDF",
        "download-dossier": "Tải hồ sơ PDF",
        "request-sitting-pack": "Yêu cầu lập tập tài liệu phiên họp",
        "download-sitting-pack": "Tải tập tài liệu phiên họp",
        "refuse-sitting-pack": "Từ chối giao tập tài liệu phiên họp cho người không tham gia một trường hợp",
        "download-bonus-paper": "Tải bảng tính tiền thưởng",
        "download-draft-paper": "Tải bản trình ký của dự thảo quyết định",
        "request-certificates": "Lập giấy theo quyết định số {number}: {lines} giấy",
        "reprint-certificate": "In lại giấy theo quyết định số {number}: {name}. Lý do: {reason}",
        "resume-certificates": "Lập tiếp giấy theo quyết định số {number}: {parts} phần",
        "download-certificates": "Tải tệp giấy khen, bằng chứng nhận",
        "add-certificate-layout": "Lập mẫu trình bày giấy: {title}",
        "edit-certificate-layout": "Sửa mẫu trình bày giấy: {title}",
        "set-certificate-printer": "Ghi số dịch của máy in {name}: phải {right} mm, xuống {down} mm",
    }
    audit_subjects: AuditSubjects = {
        "reports.dossierjob": AuditSubject("hồ sơ của", ("nomination__nominee_name",)),
        "reports.certificatejob": AuditSubject("giấy theo quyết định số", ("decision__number",)),
        "reports.certificatelayout": AuditSubject("mẫu giấy", ("title__name",)),
        "reports.certificateprinter": AuditSubject("máy in", ("name",)),
        "reports.sittingpack": AuditSubject("tập tài liệu phiên họp", ("sitting__title",)),
    }

    def ready(self) -> None:
        from reports import checks  # noqa: F401  register themselves

    def audit_unseen(self, reader_path: str) -> Q:
        """Entries about dossiers of other units' drafts."""
        from exemplars.selectors.nominations import list_unseen
        from reports.models import DossierJob

        return Q(subject_id__in=DossierJob.objects.filter(nomination__in=list_unseen(reader_path)).values("pk"))
