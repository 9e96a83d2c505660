"""The second fence between units: PostgreSQL's own row policies, written from the models after every migration.

While a scope is open the application's login has stepped into a persona (`units.scoping`); only personas hold rights
on tenant tables, and a policy lets each see its own rows. The form of the policies is the one that measured well: a
path range against a bare `current_setting`, one role per persona, no OR across personas.

`apply_fence` rewrites all of it and changes nothing when run again; `list_gaps` asks the catalogue whether anything
stands open. Both run as the owner of the schema.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

LOGIN = "thidua_login"
UNIT, COUNCIL, MAINTENANCE = "thidua_unit", "thidua_council", "thidua_maintenance"
PERSONAS = (UNIT, COUNCIL, MAINTENANCE)

_RANGE = "unit_path >= current_setting('app.lo') COLLATE \"C\" AND unit_path < current_setting('app.hi') COLLATE \"C\""

# Ids that were put before the council in force, one setting for each notion ("nomination", "person", …).
_GRANTED_FUNCTION = """
CREATE OR REPLACE FUNCTION scope_granted(notion text) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT unnest(string_to_array(current_setting('app.granted_' || notion), ',')::uuid[]) $$
"""


class GapError(RuntimeError):
    """Something in the database would let one unit reach another's rows."""

    def __init__(self, gaps: list[str]) -> None:
        super().__init__("; ".join(gaps))
        self.gaps = gaps


def is_tenant(model: type[models.Model]) -> bool:
    """Whether rows of `model` belong to a unit."""
    return any(field.name == "unit_path" for field in model._meta.get_fields())  # noqa: SLF001


def list_tenant_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if is_tenant(model)]


def apply_fence() -> None:
    """Give every table its rights and every tenant table its policies."""
    with connection.cursor() as cursor:
        cursor.execute(_GRANTED_FUNCTION)
        cursor.execute(f"GRANT EXECUTE ON FUNCTION scope_granted(text) TO {COUNCIL}")
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:  # noqa: SLF001
                for statement in _rights(model):
                    cursor.execute(statement)
        cursor.execute(f"GRANT SELECT ON django_migrations TO {LOGIN}")


def _rights(model: type[models.Model]) -> Iterator[str]:
    table = f'"{model._meta.db_table}"'  # noqa: SLF001
    acts = _acts(model)
    everybody = ", ".join((LOGIN, *PERSONAS))
    yield f"REVOKE ALL ON {table} FROM {everybody}"
    if not is_tenant(model):
        yield f"GRANT {acts} ON {table} TO {everybody}"
        return
    yield f"GRANT {acts} ON {table} TO {UNIT}, {MAINTENANCE}"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield from _policy(table, "unit_scope", "ALL", UNIT, using=_RANGE, check=_RANGE)
    yield from _policy(table, "maintenance_scope", "ALL", MAINTENANCE, using="true", check="true")
    yield from _council_policies(model, table)


def _acts(model: type[models.Model]) -> str:
    """What the application may do: everything, only add, or only look at what a trigger writes."""
    if getattr(model, "is_read_only", False):
        return "SELECT"
    return "SELECT, INSERT" if getattr(model, "is_append_only", False) else "SELECT, INSERT, UPDATE, DELETE"


def _council_policies(model: type[models.Model], table: str) -> Iterator[str]:
    """What a council reads, and the little that it writes: its own ballot and urn, and lines of the trail.

    What it may change it may also read, because PostgreSQL looks at a row before it changes it.
    """
    changeable = _granted(model, getattr(model, "council_writes", {}))
    readable = " OR ".join(
        filter(
            None,
            (_granted(model, getattr(model, "council_lookups", {})), changeable, getattr(model, "council_reads", "")),
        )
    )
    insertable = _RANGE if getattr(model, "council_inserts", False) else ""
    # A granted row stays in the council's own unit: whoever may change it may not move it to another.
    kept = f"({changeable}) AND {_RANGE}" if changeable else ""
    for name, act, using, check in (
        ("council_scope", "SELECT", readable, ""),
        ("council_update", "UPDATE", changeable, kept),
        ("council_insert", "INSERT", "", insertable),
    ):
        if using or check:
            yield f"GRANT {act} ON {table} TO {COUNCIL}"
            yield from _policy(table, name, act, COUNCIL, using=using, check=check)
        else:
            yield f"DROP POLICY IF EXISTS {name} ON {table}"


def _granted(model: type[models.Model], lookups: Mapping[str, str]) -> str:
    return " OR ".join(_condition(model, lookup.split("__"), notion) for notion, lookup in lookups.items())


def _policy(table: str, name: str, act: str, role: str, *, using: str, check: str) -> Iterator[str]:
    yield f"DROP POLICY IF EXISTS {name} ON {table}"
    clauses = (f" USING ({using})" if using else "") + (f" WITH CHECK ({check})" if check else "")
    yield f"CREATE POLICY {name} ON {table} FOR {act} TO {role}{clauses}"


def _condition(model: type[models.Model], steps: list[str], notion: str) -> str:
    """The SQL of a lookup from a tenant table to a granted notion, along foreign keys."""
    meta = model._meta  # noqa: SLF001
    field: Any = meta.pk if steps[0] == "pk" else meta.get_field(steps[0])
    if len(steps) == 1:
        return f"\"{field.column}\" = ANY (ARRAY(SELECT scope_granted('{notion}')))"
    target = field.related_model
    inner = _condition(target, steps[1:], notion)
    key, table = target._meta.pk.column, target._meta.db_table  # noqa: SLF001
    return f'"{field.column}" IN (SELECT "{key}" FROM "{table}" WHERE {inner})'  # noqa: S608  names of our own models


# Each rule is a query over the catalogue that must return no row; its column says what stands open.
_GATE: tuple[tuple[str, str], ...] = (
    (
        "bảng của đơn vị chưa bật và buộc chính sách theo dòng",
        """
        SELECT c.relname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
        AND a.attname = 'unit_path'
        WHERE c.relkind IN ('r', 'p')
        AND NOT a.attisdropped
        AND c.relnamespace = 'public'::regnamespace
        AND NOT (c.relrowsecurity
        AND c.relforcerowsecurity)
        """,
    ),
    (
        "bảng của đơn vị không có chính sách nào",
        """
        SELECT c.relname
        FROM pg_class c
        WHERE c.relrowsecurity
        AND c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT
        FROM pg_policy p
        WHERE p.polrelid = c.oid)
        """,
    ),
    (
        "chính sách dành cho mọi vai",
        """
        SELECT polname || ' trên ' || polrelid::regclass
        FROM pg_policy
        WHERE 0 = ANY (polroles)
        """,
    ),
    (
        "khung nhìn không theo quyền của người xem",
        """
        SELECT relname
        FROM pg_class
        WHERE relkind = 'v'
        AND relnamespace = 'public'::regnamespace
        AND NOT COALESCE(reloptions::text, '') ILIKE '%security_invoker=true%'
        """,
    ),
    (
        "khung nhìn chép sẵn mà ứng dụng đọc được",
        """
        SELECT relname
        FROM pg_class, unnest(ARRAY['thidua_login', 'thidua_unit', 'thidua_council']) AS role
        WHERE relkind = 'm'
        AND relnamespace = 'public'::regnamespace
        AND has_table_privilege(role, pg_class.oid, 'SELECT')
        """,
    ),
    (
        "quyền vượt qua từng dòng (TRUNCATE, REFERENCES, TRIGGER)",
        """
        SELECT grantee || ' ' || privilege_type || ' ' || table_name
        FROM information_schema.table_privileges
        WHERE table_schema = 'public'
        AND grantee IN ('thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance', 'PUBLIC')
        AND privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
        """,
    ),
    (
        "hàm chạy bằng quyền chủ sở hữu mà không cố định search_path",
        """
        SELECT oid::regprocedure::text
        FROM pg_proc
        WHERE prosecdef
        AND pronamespace = 'public'::regnamespace
        AND NOT COALESCE(proconfig::text, '') LIKE '%search_path=%'
        """,
    ),
    (
        "hàm chạy bằng quyền chủ sở hữu mà ai cũng gọi được",
        """
        SELECT p.oid::regprocedure::text
        FROM pg_proc p, aclexplode(COALESCE(p.proacl, acldefault('f', p.proowner))) AS right_
        WHERE p.prosecdef
        AND p.pronamespace = 'public'::regnamespace
        AND right_.grantee = 0
        """,
    ),
    (
        "vai đăng nhập quá quyền hoặc thừa hưởng quyền",
        """
        SELECT rolname
        FROM pg_roles
        WHERE rolname IN ('thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance')
        AND (rolsuper
        OR rolbypassrls
        OR rolcreaterole
        OR rolcreatedb
        OR (rolname = 'thidua_login'
        AND rolinherit))
        """,
    ),
    (
        "vai đăng nhập thừa hưởng một tư cách",
        """
        SELECT roleid::regrole::text
        FROM pg_auth_members
        WHERE member = 'thidua_login'::regrole
        AND inherit_option
        """,
    ),
    (
        "bảng thuộc sở hữu của vai đăng nhập hoặc tư cách",
        """
        SELECT relname
        FROM pg_class
        WHERE relnamespace = 'public'::regnamespace
        AND relkind IN ('r', 'p', 'v', 'm')
        AND relowner::regrole::text IN ('thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance')
        """,
    ),
    (
        "chính sách bọc current_setting trong truy vấn con",
        """
        SELECT polname || ' trên ' || polrelid::regclass
        FROM pg_policy
        WHERE COALESCE(pg_get_expr(polqual, polrelid), '') || COALESCE(pg_get_expr(polwithcheck, polrelid), '')
        ~* 'select[^)]*current_setting'
        """,
    ),
    (
        "bảng của đơn vị mà vai đăng nhập với tới khi chưa vào phạm vi nào",
        """
        SELECT c.relname
        FROM pg_class c
        WHERE c.relrowsecurity
        AND c.relnamespace = 'public'::regnamespace
        AND has_table_privilege('thidua_login', c.oid, 'SELECT, INSERT, UPDATE, DELETE')
        """,
    ),
)


def list_gaps() -> list[str]:
    """Everything the catalogue shows to stand open, in words; an empty list is the only good answer."""
    with connection.cursor() as cursor:
        return [f"{rule}: {found}" for rule, query in _GATE for found in _column(cursor, query)]


def _column(cursor: CursorWrapper, query: str) -> Iterable[str]:
    cursor.execute(query)
    return [row[0] for row in cursor.fetchall()]
