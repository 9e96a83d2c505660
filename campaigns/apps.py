"""What we compete for, and by when."""

from django.apps import AppConfig

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.reorganising import Share
from units.roles import Door, Role, RolePermissions


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Phong trào thi đua"
    doors = (
        Door("Việc phải làm", "campaigns:assignment-list", "campaigns.view_assignment"),
        Door("Phong trào", "campaigns:campaign-list", "campaigns.view_campaign"),
    )
    reorganisation_share = Share(
        count="campaigns.selectors.reorganisation.count_moved", carry="campaigns.services.reorganisation.carry_over"
    )
    role_permissions: RolePermissions = {
        "campaigns.view_campaign": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "campaigns.view_assignment": {Role.CLERK, Role.HEAD, Role.SECRETARIAT},
        "campaigns.complete_assignment": {Role.CLERK},
        "campaigns.request_extension": {Role.CLERK, Role.HEAD},
        "campaigns.answer_extension": {Role.SECRETARIAT},
    }
    audit_verbs: AuditVerbs = {
        "complete": "Báo hoàn thành việc: văn bản số {document_number}",
        "request-extension": "Đề nghị gia hạn: đến hết ngày {until}",
        "grant-extension": "Đồng ý gia hạn",
        "decline-extension": "Không đồng ý gia hạn",
        "take-over-assignment": "Nhận việc phải làm khi sắp xếp tổ chức: từ {source}, từ ngày {on}",
        "merge-assignment": "Gộp việc phải làm khi sắp xếp tổ chức: {heir} đã có việc này, từ ngày {on}",
    }
    audit_subjects: AuditSubjects = {
        "campaigns.assignment": AuditSubject("việc", ("obligation__title",)),
        "campaigns.extensionrequest": AuditSubject("việc", ("assignment__obligation__title",)),
    }
