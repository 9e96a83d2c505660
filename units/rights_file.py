"""Reader of the file that says what a guest's bundle and a delegation's scope hold."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from units.data_file import Entry, Reading
from units.roles import Role, known_permissions, list_permissions

RIGHTS = Path(__file__).parent / "data" / "rights.toml"
# The verbs of permissions that change nothing; a bundle holds no others.
LOOKING = ("view_", "download_")
SIGNED = ("letter", "decision")
DELEGATED_ROLES = (Role.HEAD, Role.CLERK)


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a guest may do."""

    code: str
    title: str
    about: str
    permissions: frozenset[str]


@dataclass(frozen=True, slots=True)
class DelegationScope:
    """How much of a role is delegated, and which kinds of paper ("letter", "decision") are signed under it."""

    code: str
    role: Role
    title: str
    permissions: frozenset[str]
    signs: frozenset[str]


@dataclass(frozen=True, slots=True)
class RightsFile:
    bundles: tuple[Bundle, ...]
    scopes: tuple[DelegationScope, ...]

    def find_bundle(self, code: str) -> Bundle | None:
        return next((one for one in self.bundles if one.code == code), None)

    def find_scope(self, code: str) -> DelegationScope | None:
        return next((one for one in self.scopes if one.code == code), None)


@cache
def read_rights(path: Path = RIGHTS) -> RightsFile:
    """Bundles and scopes in file order. Raises `DataFileError` naming every wrong key."""
    reading = Reading(path)
    top = reading.toml()
    never = frozenset(top.choices("never_delegated", known_permissions()))
    bundles = tuple(_read_bundle(entry) for entry in top.entries("bundle"))
    scopes = tuple(_read_scope(entry, never) for entry in top.entries("scope"))
    top.finish()
    reading.check_unique("[[bundle]]", "code", [one.code for one in bundles])
    reading.check_unique("[[scope]]", "code", [one.code for one in scopes])
    reading.finish()
    return RightsFile(bundles, scopes)


def _read_bundle(entry: Entry) -> Bundle:
    permissions = entry.choices("permissions", known_permissions())
    writing = [one for one in permissions if not one.partition(".")[2].startswith(LOOKING)]
    if writing:
        entry.report("permissions", f"khách chỉ được xem; bỏ {', '.join(writing)}.")
    if not permissions:
        entry.report("permissions", "còn thiếu; cần ít nhất một quyền xem.")
    bundle = Bundle(entry.text("code"), entry.text("title"), entry.text("about"), frozenset(permissions))
    entry.finish()
    return bundle


def _read_scope(entry: Entry, never: frozenset[str]) -> DelegationScope:
    """A scope that lists nothing is the whole role, as it is on the day it is used."""
    role = Role(entry.choice("role", DELEGATED_ROLES) or Role.HEAD)
    whole = list_permissions(role) - never
    permissions = entry.choices("permissions", whole)
    scope = DelegationScope(
        code=entry.text("code"),
        role=role,
        title=entry.text("title"),
        permissions=frozenset(permissions) or whole,
        signs=frozenset(entry.choices("signs", SIGNED)),
    )
    if scope.signs and role != Role.HEAD:
        entry.report("signs", "chỉ thủ trưởng ký văn bản; bỏ khóa này.")
    entry.finish()
    return scope
