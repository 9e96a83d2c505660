"""Who is put forward, and why."""

from django.apps import AppConfig

from units.roles import Door, Role, RolePermissions


class ExemplarsConfig(AppConfig):
    name = "exemplars"
    verbose_name = "Đề nghị và tiêu chuẩn"
    doors = (
        Door(
            "Đề nghị",
            "exemplars:nomination-list",
            "exemplars.view_nomination",
            waiting="exemplars.views.waiting.find_waiting",
        ),
    )
    role_permissions: RolePermissions = {
        "exemplars.view_nomination": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "exemplars.add_nomination": {Role.CLERK},
        "exemplars.change_nomination": {Role.CLERK},
        "exemplars.submit_nomination": {Role.CLERK},
        "exemplars.withdraw_nomination": {Role.CLERK},
        "exemplars.attest_nomination": {Role.HEAD},
        "exemplars.forward_nomination": {Role.HEAD},
        "exemplars.send_back_nomination": {Role.HEAD},
        "exemplars.return_nomination": {Role.SECRETARIAT},
        "exemplars.accept_nomination": {Role.SECRETARIAT},
        # Carried out by issuing a decision, never by a button of its own.
        "exemplars.conclude_nomination": {Role.RECORDS},
    }
