"""The gate's rules about functions: which may pass row policies, and that nobody else reaches them."""

from units.fence import BOUNDED_FUNCTIONS, KEEPING_FUNCTIONS

_BOUNDED = ", ".join(f"'{function}'" for function in BOUNDED_FUNCTIONS)
_KEEPING = ", ".join(f"'{function}'" for function in KEEPING_FUNCTIONS)
_KEPT = ", ".join(f"'{kept.table}.{column}'" for kept in KEEPING_FUNCTIONS.values() for column in kept.columns)
_KEPT_BY = ", ".join(
    f"('{function}', '{kept.source}', {kept.triggers})" for function, kept in KEEPING_FUNCTIONS.items()
)

FUNCTION_RULES: tuple[tuple[str, str], ...] = (
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
        "hàm chạy bằng quyền chủ sở hữu mà search_path không để pg_temp sau cùng",
        """
        SELECT oid::regprocedure::text
        FROM pg_proc, unnest(proconfig) AS setting
        WHERE prosecdef
        AND pronamespace = 'public'::regnamespace
        AND setting LIKE 'search_path=%'
        AND setting !~ '^search_path=([a-z_]+, )*pg_temp$'
        """,
    ),
    (
        "hàm vượt qua chính sách theo dòng mà không nằm trong danh sách đã duyệt",
        f"""
        SELECT p.oid::regprocedure::text
        FROM pg_proc p JOIN pg_roles owner ON owner.oid = p.proowner
        WHERE p.prosecdef
        AND p.pronamespace = 'public'::regnamespace
        AND (owner.rolbypassrls OR owner.rolsuper)
        AND NOT p.oid::regprocedure::text IN ({_BOUNDED}, {_KEEPING})
        """,  # noqa: S608  names of our own functions
    ),
    (
        "hàm vượt qua chính sách theo dòng mà không tự giới hạn trong phạm vi đang làm việc",
        f"""
        SELECT oid::regprocedure::text
        FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
        AND oid::regprocedure::text IN ({_BOUNDED})
        AND NOT (prosrc LIKE '%current_setting(''app.lo'')%'
        AND prosrc LIKE '%current_setting(''app.hi'')%')
        """,  # noqa: S608  names of our own functions
    ),
    (
        "hàm chạy bằng quyền chủ sở hữu mà vai không được dùng vẫn gọi được",
        f"""
        SELECT p.oid::regprocedure || ' bởi ' || role
        FROM pg_proc p, unnest(ARRAY['thidua_login', 'thidua_unit', 'thidua_council', 'thidua_maintenance']) AS role
        WHERE p.prosecdef
        AND p.pronamespace = 'public'::regnamespace
        AND has_function_privilege(role, p.oid, 'EXECUTE')
        AND NOT (role = 'thidua_unit' AND p.oid::regprocedure::text IN ({_BOUNDED}))
        """,  # noqa: S608  names of our own functions
    ),
    (
        "hàm giữ số liệu theo dòng vừa ghi mà gọi được, gắn vào bảng khác hoặc không còn chạy",
        f"""
        SELECT kept.name
        FROM (VALUES {_KEPT_BY}) AS kept (name, source, triggers)
        JOIN pg_proc p ON p.oid = to_regprocedure(kept.name)
        WHERE p.prorettype <> 'trigger'::regtype
        OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgfoid = p.oid AND t.tgrelid <> to_regclass(kept.source))
        OR kept.triggers <> (SELECT count(*) FROM pg_trigger t WHERE t.tgfoid = p.oid AND t.tgenabled IN ('O', 'A'))
        """,  # noqa: S608  names of our own functions
    ),
    (
        "vai giữ hàm tìm kiếm có quyền thừa",
        f"""
        SELECT rolname
        FROM pg_roles
        WHERE rolname = 'thidua_definer'
        AND (rolcanlogin
        OR rolsuper
        OR rolcreaterole
        OR rolcreatedb
        OR has_schema_privilege(rolname, 'public', 'CREATE'))
        UNION ALL
        SELECT right_.privilege_type || ' ' || c.relname
        FROM pg_class c, aclexplode(c.relacl) AS right_
        WHERE right_.grantee = 'thidua_definer'::regrole
        AND right_.privilege_type <> 'SELECT'
        UNION ALL
        SELECT right_.privilege_type || ' ' || c.relname || '.' || a.attname
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) AS right_
        WHERE right_.grantee = 'thidua_definer'::regrole
        AND NOT (right_.privilege_type = 'UPDATE' AND c.relname || '.' || a.attname IN ({_KEPT}))
        UNION ALL
        SELECT member::regrole::text
        FROM pg_auth_members
        WHERE roleid = 'thidua_definer'::regrole
        AND (member <> 'thidua_owner'::regrole
        OR inherit_option)
        """,  # noqa: S608  names of our own columns
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
        "hàm chạy bằng quyền quản trị máy chủ",
        """
        SELECT p.oid::regprocedure::text
        FROM pg_proc p JOIN pg_roles r ON r.oid = p.proowner
        WHERE p.prosecdef
        AND p.pronamespace = 'public'::regnamespace
        AND r.rolsuper
        """,
    ),
)
