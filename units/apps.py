"""The register: who we are, who may do what, and the fence between units."""

from django.apps import AppConfig

from units.roles import Role, RolePermissions


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị và người"
    role_permissions: RolePermissions = {
        "units.view_person_record": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "units.view_audit": {Role.HEAD, Role.SECRETARIAT, Role.STAFF},
    }
