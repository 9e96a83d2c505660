"""The register: who we are, who may do what, and the fence between units."""

from django.apps import AppConfig
from django.forms import Field

from units.roles import Role, RolePermissions


class UnitsConfig(AppConfig):
    name = "units"
    verbose_name = "Đơn vị và người"
    role_permissions: RolePermissions = {
        "units.view_person_record": {Role.CLERK, Role.HEAD, Role.SECRETARIAT, Role.RECORDS, Role.STAFF},
        "units.view_audit": {Role.HEAD, Role.SECRETARIAT, Role.STAFF},
    }

    def ready(self) -> None:
        """Replace Django's own word for an empty box, which speaks of "fields", by one that says what to do."""
        Field.default_error_messages["required"] = "Chưa điền mục này."
