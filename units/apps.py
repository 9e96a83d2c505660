"""The register: who we are, who may do what, and the fence between units."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.forms import Field

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.isolation.values import RowValues
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

    isolation_rows: RowValues = {
        "units.awardtitle": lambda _: {"level": "grassroots"},
        "units.auditentry": lambda place: {
            "verb": "open-record",
            "subject_type": "units.person",
            "subject_id": place.row("units.person").pk,
        },
    }

    def ready(self) -> None:
        from units import checks  # noqa: F401  registers itself

        post_migrate.connect(raise_fence, sender=self)
        # Django's own words for an empty box speak of "fields"; these say what to do.
        Field.default_error_messages["required"] = "Chưa điền mục này."


def raise_fence(**signal: object) -> None:
    """After every migration: rights and row policies for every table, then the catalogue is asked for gaps."""
    if "plan" not in signal:
        return  # tables were only emptied, not migrated
    from units.fence import GapError, apply_fence, list_gaps

    apply_fence()
    gaps = list_gaps()
    if gaps:
        raise GapError(gaps)
