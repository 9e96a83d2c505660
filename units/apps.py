"""The register: who we are, who may do what, and the fence between units."""

from collections.abc import Mapping

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.forms import Field

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.roles import Door, Role, RolePermissions

_READERS = {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF, Role.ADMINISTRATOR}


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị và người"
    doors: tuple[Door, ...] = (Door("Cán bộ", "units:person-list", "units.view_person", is_register=True),)
    role_permissions: RolePermissions = {
        "units.view_person": _READERS,
        "units.view_person_record": _READERS,
        # Who keeps people and posts; an administrator does it where accounts are kept.
        "units.create_person": {Role.CLERK, Role.ADMINISTRATOR},
        "units.edit_person": {Role.CLERK, Role.ADMINISTRATOR},
        "units.create_posting": {Role.CLERK, Role.ADMINISTRATOR},
        "units.edit_posting": {Role.CLERK, Role.ADMINISTRATOR},
        "units.end_posting": {Role.CLERK, Role.ADMINISTRATOR},
        # Gradings, eligibility and initiatives, of people and of collectives.
        "units.change_record": {Role.CLERK, Role.RECORDS, Role.ADMINISTRATOR},
        "units.create_honour": {Role.CLERK, Role.RECORDS, Role.ADMINISTRATOR},
        "units.correct_honour": {Role.CLERK, Role.RECORDS},
        "units.revoke_honour": {Role.RECORDS},
        # Only who needs it: whoever prepares, signs or files. Reviewers learn met or unmet from the assessment.
        "units.view_discipline": {Role.CLERK, Role.HEAD, Role.RECORDS},
        "units.change_discipline": {Role.CLERK, Role.RECORDS},
        "units.view_party": {Role.CLERK, Role.HEAD},
        "units.edit_party": {Role.CLERK},
        "units.view_contact": {Role.CLERK, Role.HEAD, Role.ADMINISTRATOR},
        "units.edit_contact": {Role.CLERK, Role.ADMINISTRATOR},
        # The catalogue is public to whoever is signed in; shared values are mended at the roots only.
        "units.view_title": set(Role),
        "units.edit_title": {Role.ADMINISTRATOR},
        "units.edit_document": {Role.ADMINISTRATOR},
        "units.view_audit": {Role.HEAD, Role.SECRETARIAT, Role.STAFF},
        # Everybody may know who opened their own record.
        "units.view_own_openings": set(Role),
    }
    audit_verbs: AuditVerbs = {
        "open-record": "Mở xem hồ sơ cá nhân",
        "grant-honour": "Ghi vào sổ khen thưởng: Quyết định số {number}, thành tích năm {year}",
        "create-person": "Ghi cán bộ vào sổ: mã {code}",
        "edit-person": "Sửa thông tin cán bộ: {what}; lý do: {reason}",
        "create-posting": "Ghi chức vụ: {position}, từ ngày {since}",
        "edit-posting": "Sửa chức vụ: {position}; lý do: {reason}",
        "end-posting": "Kết thúc chức vụ: {position}, ngày cuối {day}",
        "change-party": "Ghi thông tin đảng viên",
        "change-contact": "Ghi thông tin liên hệ",
        "create-grading": "Ghi xếp loại năm: {year}, {grade}",
        "edit-grading": "Sửa xếp loại năm: từ «{before}» thành «{after}»; lý do: {reason}",
        "delete-grading": "Xóa xếp loại năm: {before}; lý do: {reason}",
        "create-eligibility": "Ghi kết quả xét danh hiệu: {title}, năm {year}",
        "edit-eligibility": "Sửa kết quả xét danh hiệu: từ «{before}» thành «{after}»; lý do: {reason}",
        "delete-eligibility": "Xóa kết quả xét danh hiệu: {before}; lý do: {reason}",
        "create-initiative": "Ghi sáng kiến: «{title}», năm {year}",
        "edit-initiative": "Sửa sáng kiến: «{title}»; lý do: {reason}",
        "delete-initiative": "Xóa sáng kiến: «{title}»; lý do: {reason}",
        "create-discipline": "Ghi quyết định kỷ luật: số {number}",
        "edit-discipline": "Sửa quyết định kỷ luật: số {number}; lý do: {reason}",
        "delete-discipline": "Xóa quyết định kỷ luật: số {number}; lý do: {reason}",
        "create-honour": "Ghi khen thưởng từ quyết định giấy: {title} năm {year}, Quyết định số {number}",
        "correct-honour": "Đính chính khen thưởng: Quyết định số {number}, năm {year}; lý do: {reason}",
        "revoke-honour": "Tước, hủy bỏ khen thưởng: năm {year}, Quyết định số {number}; lý do: {reason}",
        "edit-title": "Sửa danh mục danh hiệu: {title}, {what}; lý do: {reason}",
        "edit-document": "Sửa danh mục văn bản: {document}, {what}; lý do: {reason}",
    }
    # That somebody was disciplined is told by the very line about it: such lines are for who may read the thing.
    audit_restricted: Mapping[str, str] = {
        "create-discipline": "units.view_discipline",
        "edit-discipline": "units.view_discipline",
        "delete-discipline": "units.view_discipline",
        "change-party": "units.view_party",
        "change-contact": "units.view_contact",
    }
    audit_subjects: AuditSubjects = {
        "units.person": AuditSubject("hồ sơ của", ("full_name",)),
        "units.honour": AuditSubject("khen thưởng của", ("subject_name",)),
        "units.grading": AuditSubject("xếp loại của", ("person__full_name", "collective__short_name")),
        "units.titleeligibility": AuditSubject("kết quả xét của", ("person__full_name", "collective__short_name")),
        "units.membership": AuditSubject("tư cách của", ("user__display_name",)),
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
