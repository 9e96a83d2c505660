"""What we compete for, and by when."""

from django.apps import AppConfig

from units.audit_words import AuditSubject, AuditSubjects, AuditVerbs
from units.roles import Door, Role, RolePermissions


class CampaignsConfig(AppConfig):
    name = "campaigns"
    verbose_name = "Phong trào thi đua"
    doors = (
        Door("Việc phải làm", "campaigns:assignment-list", "campaigns.view_assignment"),
        Door("Phong trào", "campaigns:campaign-list", "campaigns.view_campaign"),
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
    }
    audit_subjects: AuditSubjects = {
        "campaigns.assignment": AuditSubject("việc", ("obligation__title",)),
        "campaigns.extensionrequest": AuditSubject("việc", ("assignment__obligation__title",)),
    }
