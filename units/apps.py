"""The register: who we are, who may do what, and the fence between units."""

from django.apps import AppConfig

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.roles import Role, RolePermissions


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị và người"
    role_permissions: RolePermissions = {
        "units.view_person_record": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "units.view_audit": {Role.HEAD, Role.SECRETARIAT, Role.STAFF},
        # Everybody may know who opened their own record.
        "units.view_own_openings": set(Role),
    }
    audit_verbs: AuditVerbs = {
        "open-record": "Mở xem hồ sơ cá nhân",
        "grant-honour": "Ghi vào sổ khen thưởng: Quyết định số {number}, thành tích năm {year}",
    }
    audit_subjects: AuditSubjects = {
        "units.person": AuditSubject("hồ sơ của", ("full_name",)),
        "units.honour": AuditSubject("khen thưởng của", ("subject_name",)),
        "units.membership": AuditSubject("tư cách của", ("user__display_name",)),
    }
