"""Roles, which permission each role carries, and the doors of the navigation.

Every app declares its own permissions and doors in its `apps.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from django.apps import apps
from django.db.models import TextChoices


class Role(TextChoices):
    """What a person does in a unit; a person may hold several memberships and acts in one at a time."""

    CLERK = "clerk", "Cán bộ thi đua"
    HEAD = "head", "Thủ trưởng đơn vị"
    SECRETARIAT = "secretariat", "Thường trực Hội đồng"
    RECORDS = "records", "Văn thư"
    MEMBER = "member", "Thành viên Hội đồng"
    STAFF = "staff", "Chuyên viên theo dõi"
    ADMINISTRATOR = "administrator", "Quản trị đơn vị"

    @classmethod
    def offered(cls) -> list[tuple[str, str]]:
        """The roles that an administrator gives, as choices of a form. A seat is given where a council is kept."""
        return [(role.value, role.label) for role in cls if role is not cls.MEMBER]


RolePermissions = Mapping[str, set[Role]]


@dataclass(frozen=True, slots=True)
class Door:
    """One entry of the main navigation; shown to roles that hold `permission`.

    `home_of` names the roles that land here instead of at their first door. `waiting` is the dotted path of a
    function that tells what lies behind this door for an actor to do: rows to be counted together with those of the
    other doors (`units.frame.Desk`), or None. What is looked up rather than worked on (`is_register`) comes after the
    work; `roots_only` hides a door below a root. Pages whose address begins with one of `beyond` are reached through
    this door, though they do not stand below its list. Where those of the house come to what lies behind it by their
    work, `permission` names that work; a guest, who does none, is shown the door for `guest_permission`.
    """

    label: str
    url_name: str
    permission: str
    home_of: frozenset[Role] = frozenset()
    waiting: str = ""
    is_register: bool = False
    roots_only: bool = False
    beyond: tuple[str, ...] = ()
    guest_permission: str = ""


@cache
def list_permissions(role: Role) -> frozenset[str]:
    """Collect what `role` may do from every app's `role_permissions`; a permission nobody declared exists nowhere."""
    return frozenset(
        permission
        for config in apps.get_app_configs()
        for permission, roles in getattr(config, "role_permissions", {}).items()
        if role in roles
    )


@cache
def known_permissions() -> frozenset[str]:
    """Every declared permission; a view that names another one is a programming error."""
    return frozenset().union(*(list_permissions(role) for role in Role))
