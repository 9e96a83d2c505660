"""What must not stand open in the database: rules put to its catalogue after every migration."""

from collections.abc import Iterable

from django.apps import apps
from django.db import connection
from django.db.backends.utils import CursorWrapper

from units.fence import KNOWN_PERSON, UNIT, list_tenant_models
from units.fence_functions import FUNCTION_RULES
from units.scoping import ties_person

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
        SELECT right_.grantee::regrole || ' ' || right_.privilege_type || ' ' || c.relname
        FROM pg_class c, aclexplode(c.relacl) AS right_
        WHERE c.relnamespace = 'public'::regnamespace
        AND right_.grantee IN (SELECT oid FROM pg_roles WHERE rolname IN
        ('thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance'))
        AND right_.privilege_type IN ('TRUNCATE', 'REFERENCES', 'TRIGGER')
        """,
    ),
    (
        "quyền trên bảng hoặc cột dành cho mọi vai",
        """
        SELECT c.relname || ' ' || right_.privilege_type
        FROM pg_class c, aclexplode(c.relacl) AS right_
        WHERE c.relnamespace = 'public'::regnamespace
        AND right_.grantee = 0
        UNION ALL
        SELECT c.relname || '.' || a.attname || ' ' || right_.privilege_type
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) AS right_
        WHERE c.relnamespace = 'public'::regnamespace
        AND (right_.grantee = 0 OR (c.relrowsecurity AND right_.grantee = 'thidua_login'::regrole))
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
    (
        "bảng của đơn vị thiếu khóa ghép buộc đường dẫn đúng với đơn vị",
        """
        SELECT c.relname
        FROM pg_class c JOIN pg_attribute p ON p.attrelid = c.oid AND p.attname = 'unit_path' AND NOT p.attisdropped
        WHERE c.relkind IN ('r', 'p')
        AND c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT
        FROM pg_constraint k JOIN pg_attribute u ON u.attrelid = c.oid AND u.attname = 'unit_id'
        WHERE k.conrelid = c.oid
        AND k.contype = 'f'
        AND k.confrelid = 'units_unit'::regclass
        AND k.conkey = ARRAY[u.attnum, p.attnum]
        AND k.confupdtype = 'c'
        AND k.convalidated
        AND NOT k.condeferrable)
        """,
    ),
    # It may wait while units move (`units/services/custody.py`); a key that waits of itself would let one statement
    # after another read what only the end of the transaction refuses.
    (
        "bảng theo người thiếu khóa ghép buộc đường dẫn đúng với nơi người đó làm việc",
        """
        SELECT c.relname
        FROM pg_class c JOIN pg_attribute p ON p.attrelid = c.oid AND p.attname = 'holder_path' AND NOT p.attisdropped
        WHERE c.relkind IN ('r', 'p')
        AND c.relnamespace = 'public'::regnamespace
        AND NOT EXISTS (SELECT
        FROM pg_constraint k JOIN pg_attribute h ON h.attrelid = c.oid AND h.attname = 'person_id'
        WHERE k.conrelid = c.oid
        AND k.conname = c.relname || '_holder_fence'
        AND k.contype = 'f'
        AND k.confrelid = 'units_person'::regclass
        AND k.conkey = ARRAY[h.attnum, p.attnum]
        AND k.confkey = ARRAY(
        SELECT t.attnum FROM unnest(ARRAY['id', 'unit_path']) WITH ORDINALITY AS named (name, place)
        JOIN pg_attribute t ON t.attrelid = k.confrelid AND t.attname = named.name ORDER BY named.place)
        AND k.confupdtype = 'c'
        AND k.convalidated
        AND k.condeferrable
        AND NOT k.condeferred)
        """,
    ),
    (
        "đường dẫn của đơn vị có thể trống hoặc không so theo từng ký tự",
        """
        SELECT c.relname
        FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname IN ('unit_id', 'unit_path')
        WHERE c.relkind IN ('r', 'p')
        AND c.relnamespace = 'public'::regnamespace
        AND NOT a.attisdropped
        AND c.relrowsecurity
        AND (NOT a.attnotnull OR (a.attname = 'unit_path' AND a.attcollation <> '"C"'::regcollation))
        """,
    ),
    (
        "chính sách bỏ qua khi chưa đặt phạm vi (current_setting có missing_ok)",
        """
        SELECT polname || ' trên ' || polrelid::regclass
        FROM pg_policy
        WHERE COALESCE(pg_get_expr(polqual, polrelid), '') || COALESCE(pg_get_expr(polwithcheck, polrelid), '')
        ~* 'current_setting\\([^)]*,'
        """,
    ),
    (
        "chính sách của đơn vị không giới hạn theo đường dẫn",
        """
        SELECT polname || ' trên ' || polrelid::regclass
        FROM pg_policy, unnest(ARRAY[pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)]) AS rule
        WHERE 'thidua_unit'::regrole = ANY (polroles)
        AND polpermissive
        AND rule IS NOT NULL
        AND NOT (rule LIKE '%unit_path%' AND rule LIKE '%app.lo%' AND rule LIKE '%app.hi%')
        """,
    ),
    (
        "chính sách của Hội đồng không giới hạn theo điều được giao",
        """
        SELECT polname || ' trên ' || polrelid::regclass
        FROM pg_policy, unnest(ARRAY[pg_get_expr(polqual, polrelid), pg_get_expr(polwithcheck, polrelid)]) AS rule
        WHERE 'thidua_council'::regrole = ANY (polroles)
        AND polpermissive
        AND rule IS NOT NULL
        AND NOT (rule LIKE '%scope_granted%' OR rule LIKE '%app.actor%' OR rule LIKE '%app.lo%')
        """,
    ),
    (
        "điều Hội đồng được sửa mà chuyển sang đơn vị khác được",
        """
        SELECT polname || ' trên ' || polrelid::regclass
        FROM pg_policy
        WHERE 'thidua_council'::regrole = ANY (polroles)
        AND polcmd IN ('w', 'a', '*')
        AND NOT COALESCE(pg_get_expr(polwithcheck, polrelid), '') LIKE '%app.lo%'
        """,
    ),
    (
        "hai chính sách mở cùng áp dụng cho một vai, dòng nào lọt một trong hai đều thấy",
        """
        SELECT string_agg(polname, ', ') || ' trên ' || polrelid::regclass
        FROM pg_policy, unnest(polroles) AS role, unnest(
        CASE polcmd WHEN '*' THEN ARRAY['r', 'a', 'w', 'd'] ELSE ARRAY[polcmd::text] END) AS act
        WHERE polpermissive
        AND role <> 'thidua_owner'::regrole
        GROUP BY polrelid, role, act
        HAVING count(*) > 1
        """,
    ),
    (
        "vai đăng nhập hoặc tư cách thuộc một vai khác",
        """
        SELECT member::regrole || ' thuộc ' || roleid::regrole
        FROM pg_auth_members
        WHERE member IN (SELECT oid FROM pg_roles WHERE rolname IN
        ('thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance'))
        AND NOT (member = 'thidua_login'::regrole AND roleid IN (SELECT oid FROM pg_roles WHERE rolname IN
        ('thidua_unit', 'thidua_council', 'thidua_maintenance')))
        """,
    ),
    (
        "tư cách đăng nhập thẳng được",
        """
        SELECT rolname
        FROM pg_roles
        WHERE rolname IN ('thidua_unit', 'thidua_council', 'thidua_maintenance')
        AND rolcanlogin
        """,
    ),
    (
        "vai đăng nhập hoặc tư cách tạo được đối tượng",
        """
        SELECT role || ' trong ' || place
        FROM unnest(ARRAY['thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance']) AS role, LATERAL (
        SELECT nspname AS place FROM pg_namespace
        WHERE nspname !~ '^pg_(temp|toast)' AND has_schema_privilege(role, oid, 'CREATE')
        UNION ALL
        SELECT current_database() WHERE has_database_privilege(role, current_database(), 'CREATE, TEMPORARY')
        ) AS reach
        """,
    ),
    (
        "bảng ngoài lược đồ public mà ứng dụng với tới",
        """
        SELECT c.oid::regclass::text
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
        unnest(ARRAY['thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance']) AS role
        WHERE n.nspname NOT IN ('public', 'information_schema')
        AND n.nspname !~ '^pg_'
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND has_schema_privilege(role, n.oid, 'USAGE')
        """,
    ),
    (
        "bảng ngoài hàng rào trỏ vào bảng của đơn vị",
        """
        SELECT DISTINCT c.relname || ' → ' || t.relname
        FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
        WHERE k.contype = 'f'
        AND c.relnamespace = 'public'::regnamespace
        AND t.relrowsecurity
        AND NOT c.relrowsecurity
        AND NOT c.relname = ANY (%s)
        """,
    ),
)


# The row triggers that stand before both INSERT and UPDATE, do fire, and call what bounds itself by the scope.
_KNOWING = f"""
SELECT t.tgrelid
FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
WHERE t.tgname = '{KNOWN_PERSON}'
AND p.oid = to_regprocedure('require_known_person()')
AND t.tgenabled IN ('O', 'A')
AND t.tgtype & 23 = 23
AND pg_get_triggerdef(t.oid) LIKE '%%WHEN (((new.person_id IS NOT NULL) AND (CURRENT_USER = ANY (%%{UNIT}%%'
AND NOT p.prosecdef
AND p.prosrc LIKE '%%current_setting(''app.lo'')%%'
AND p.prosrc LIKE '%%current_setting(''app.hi'')%%'
AND p.prosrc LIKE '%%insufficient_privilege%%'
"""  # noqa: S608  our own names


_STRANGERS = (
    "bảng mà đơn vị ghi được dòng về người không thuộc đơn vị mình",
    f"""
    SELECT c.relname
    FROM pg_class c
    WHERE c.relkind IN ('r', 'p')
    AND c.relnamespace = 'public'::regnamespace
    AND (c.relname = ANY (%s) OR EXISTS (SELECT FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname = 'holder_path' AND NOT a.attisdropped))
    AND NOT c.oid IN ({_KNOWING})
    """,  # noqa: S608  our own names
)


def list_gaps() -> list[str]:
    """Everything the catalogue shows to stand open, in words; an empty list is the only good answer."""
    with connection.cursor() as cursor:
        return ask_gate(cursor)


def ask_gate(cursor: CursorWrapper) -> list[str]:
    """The same through a cursor of one's own."""
    outside = [
        model._meta.db_table  # noqa: SLF001  Django documents _meta as public
        for model in apps.get_models(include_auto_created=True)
        if getattr(model, "outside_fence_because", "")
    ]
    ties = [model._meta.db_table for model in list_tenant_models() if ties_person(model)]  # noqa: SLF001
    asked = [*((rule, query, outside) for rule, query in (*_GATE, *FUNCTION_RULES)), (*_STRANGERS, ties)]
    return [f"{rule}: {found}" for rule, query, names in asked for found in _column(cursor, query, names)]


def _column(cursor: CursorWrapper, query: str, names: list[str]) -> Iterable[str]:
    cursor.execute(query, [names] if "ANY (%s)" in query else None)
    return [row[0] for row in cursor.fetchall()]
