"""The second fence between units: PostgreSQL's own row policies, written from the models after every migration.

While a scope is open the application's login has stepped into a persona (`units.scoping`); only personas hold rights
on tenant tables, and a policy lets each see its own rows. The form of the policies is the one that measured well: a
path range against a bare `current_setting`, one role per persona, no OR across personas.

`apply_fence` rewrites all of it and changes nothing when run again; `units.fence_gate` asks the catalogue whether
anything stands open. Both run as the owner of the schema.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper

from units.scoping import follows_person, ties_person

LOGIN = "thidua_login"
UNIT, COUNCIL, MAINTENANCE = "thidua_unit", "thidua_council", "thidua_maintenance"
PERSONAS = (UNIT, COUNCIL, MAINTENANCE)
# Before this version of PostgreSQL only the owner of a table rewrites it.
FIRST_WITH_MAINTAIN = 170000
# Owns the functions below and nothing else; row policies do not bind it, and nobody acts as it.
DEFINER = "thidua_definer"
# Functions that look past the row policies, each bounding itself by the scope in force, and the one table each reads.
# Only a unit may call them. The gate refuses every other function of such power.
BOUNDED_FUNCTIONS: Mapping[str, str] = {"search_people(text,integer,text)": "units_person"}


@dataclass(frozen=True, slots=True)
class Keeping:
    """What a function of triggers keeps true: columns of `table`, out of the rows of `source` that it stands behind."""

    source: str
    table: str
    columns: tuple[str, ...]
    triggers: int


# Functions that write past the row policies what follows from rows just written, and nothing that a writer may choose:
# whoever writes a post need not see the person (`units/migrations/0017_posts_of_a_person.py`). Nobody may call them.
KEEPING_FUNCTIONS: Mapping[str, Keeping] = {
    "keep_posts_of_person()": Keeping(
        "units_posting", "units_person", ("posted_until", "headed_until", "posted_from"), triggers=3
    )
}


def _range(column: str) -> str:
    return f"{column} >= current_setting('app.lo') COLLATE \"C\" AND {column} < current_setting('app.hi') COLLATE \"C\""


_RANGE = _range("unit_path")
# A row about a person is read where the person works today too; two ranges of the same row are two index scans.
_READABLE = f"({_RANGE}) OR ({_range('holder_path')})"

# Ids that were put before the council in force, one setting for each notion ("nomination", "person", …).
_GRANTED_FUNCTION = """
CREATE OR REPLACE FUNCTION scope_granted(notion text) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS $$ SELECT unnest(string_to_array(current_setting('app.granted_' || notion), ',')::uuid[]) $$
"""

# A row about a person is read where that person works today. So whoever merely holds the key of a stranger's person
# could put a line into another unit's record, and by a tie of their own (a post, a past service) make it look earned.
# A unit writes about people who work in its scope, or who have held a post there or left from there: the last two
# keep corrections and old decisions about people who went on. It looks a person up by their key, once a row, and asks
# nothing where the person of a row stays the same. The answer is one for a stranger and for nobody at all.
KNOWN_PERSON = "person_is_known"
_KNOWN_PERSON_FUNCTION = f"""
CREATE OR REPLACE FUNCTION require_known_person() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.person_id = OLD.person_id THEN
            RETURN NEW;
        END IF;
    END IF;
    IF EXISTS (SELECT FROM public.units_person WHERE id = NEW.person_id AND {_RANGE})
        OR EXISTS (SELECT FROM public.units_posting WHERE person_id = NEW.person_id AND {_RANGE})
        OR EXISTS (SELECT FROM public.units_pastservice WHERE person_id = NEW.person_id AND {_RANGE})
    THEN
        RETURN NEW;
    END IF;
    RAISE insufficient_privilege
        USING MESSAGE = format('a row of %s is about a person whom no unit in scope knows', TG_TABLE_NAME);
END
$$
"""  # noqa: S608  our own names


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
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [DEFINER])
        if cursor.fetchone() is None:
            # Only an administrator of the server can make such a role.
            raise GapError([f"thiếu vai {DEFINER}: chạy lại config/deploy/roles.sql bằng quyền quản trị rồi migrate"])
        cursor.execute(_GRANTED_FUNCTION)
        cursor.execute(f"GRANT EXECUTE ON FUNCTION scope_granted(text) TO {COUNCIL}")
        cursor.execute(_KNOWN_PERSON_FUNCTION)
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:  # noqa: SLF001
                for statement in _rights(model):
                    cursor.execute(statement)
        cursor.execute(f"GRANT SELECT ON django_migrations TO {LOGIN}")
    with transaction.atomic(), connection.cursor() as cursor:
        _hand_over_functions(cursor)


def _hand_over_functions(cursor: CursorWrapper) -> None:
    """Give the functions above to the role that no policy binds, and their use to units alone, or to nobody.

    The role may create nothing: it holds that right for the moment in which it takes a function over.
    """
    for function, table in BOUNDED_FUNCTIONS.items():
        if _hand_over(cursor, function):
            cursor.execute(f'GRANT SELECT ON "{table}" TO {DEFINER}')
            cursor.execute(f"SET LOCAL ROLE {DEFINER}")
            cursor.execute(f"GRANT EXECUTE ON FUNCTION {function} TO {UNIT}")
            cursor.execute("RESET ROLE")
    for function, kept in KEEPING_FUNCTIONS.items():
        if _hand_over(cursor, function):
            cursor.execute(f'GRANT SELECT ON "{kept.source}", "{kept.table}" TO {DEFINER}')
            cursor.execute(f'GRANT UPDATE ({", ".join(kept.columns)}) ON "{kept.table}" TO {DEFINER}')


def _hand_over(cursor: CursorWrapper, function: str) -> bool:
    """Make the definer own `function`, which nobody may call then; False where it does not exist."""
    cursor.execute("SELECT proowner::regrole::text FROM pg_proc WHERE oid = to_regprocedure(%s)", [function])
    row = cursor.fetchone()
    if row is None:
        return False  # this migration went back to a time before the function
    if row[0] != DEFINER:
        cursor.execute(f"GRANT CREATE ON SCHEMA public TO {DEFINER}")
        cursor.execute(f"ALTER FUNCTION {function} OWNER TO {DEFINER}")
        cursor.execute(f"REVOKE CREATE ON SCHEMA public FROM {DEFINER}")
    cursor.execute(f"SET LOCAL ROLE {DEFINER}")
    cursor.execute(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {', '.join((LOGIN, *PERSONAS))}")
    cursor.execute("RESET ROLE")
    return True


def _rights(model: type[models.Model]) -> Iterator[str]:
    table = f'"{model._meta.db_table}"'  # noqa: SLF001
    acts = _acts(model)
    everybody = ", ".join((LOGIN, *PERSONAS))
    yield f"REVOKE ALL ON {table} FROM {everybody}, {DEFINER}"
    if _is_closed(model):
        return
    if not is_tenant(model):
        yield f"GRANT {acts} ON {table} TO {everybody}"
        return
    yield f"GRANT {acts} ON {table} TO {MAINTENANCE if _is_own(model) else f'{UNIT}, {MAINTENANCE}'}"
    if getattr(model, "is_rewritten", False) and connection.pg_version >= FIRST_WITH_MAINTAIN:  # type: ignore[attr-defined]
        yield f"GRANT MAINTAIN ON {table} TO {MAINTENANCE}"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY"
    yield from _policy(table, "maintenance_scope", "ALL", MAINTENANCE, using="true", check="true")
    if _is_own(model):
        yield from _own_policy(model, table)
        return
    yield from _unit_policies(model, table)
    yield from _council_policies(model, table)
    if ties_person(model):
        yield _known_person_trigger(table)


def _known_person_trigger(table: str) -> str:
    """Ask about the person of each row, also where `holder_path` says that they work in the scope.

    The key of that path may wait for the end of the transaction: until then it could lie, serve as a tie for a row that
    tells the truth, and be gone before anybody asks.
    """
    when = f"NEW.person_id IS NOT NULL AND current_user IN ('{UNIT}', '{COUNCIL}', '{LOGIN}')"
    return (
        f"CREATE OR REPLACE TRIGGER {KNOWN_PERSON} BEFORE INSERT OR UPDATE OF person_id ON {table} FOR EACH ROW"
        f" WHEN ({when}) EXECUTE FUNCTION require_known_person()"
    )


def _unit_policies(model: type[models.Model], table: str) -> Iterator[str]:
    if not follows_person(model):
        yield from _policy(table, "unit_scope", "ALL", UNIT, using=_RANGE, check=_RANGE)
        return
    yield f"DROP POLICY IF EXISTS unit_scope ON {table}"
    yield from _policy(table, "unit_read", "SELECT", UNIT, using=_READABLE, check="")
    yield from _policy(table, "unit_insert", "INSERT", UNIT, using="", check=_RANGE)
    yield from _policy(table, "unit_update", "UPDATE", UNIT, using=_RANGE, check=_RANGE)
    yield from _policy(table, "unit_delete", "DELETE", UNIT, using=_RANGE, check="")


def _is_own(model: type[models.Model]) -> bool:
    return bool(getattr(model, "own_of", ""))


def _own_policy(model: type[models.Model], table: str) -> Iterator[str]:
    """Rows of one person: whoever acts as that person in a council of the row's unit, and no unit at all."""
    field: Any = model._meta.get_field(model.own_of)  # type: ignore[attr-defined]  # noqa: SLF001
    owner = field.column
    own = f"\"{owner}\"::text = current_setting('app.actor') AND {_RANGE}"
    yield f"GRANT SELECT, INSERT, UPDATE, DELETE ON {table} TO {COUNCIL}"
    yield from _policy(table, "own_scope", "ALL", COUNCIL, using=own, check=own)


def _is_closed(model: type[models.Model]) -> bool:
    """Tables that libraries bring along and that nobody may use: rights by group or on anything at all would be a
    second system of permissions beside roles and dated grants."""
    label = model._meta.label_lower  # noqa: SLF001
    return label.startswith(("guardian.", "auth.group"))


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
            yield f"GRANT {act}{_council_columns(model) if act == 'SELECT' else ''} ON {table} TO {COUNCIL}"
            yield from _policy(table, name, act, COUNCIL, using=using, check=check)
        else:
            yield f"DROP POLICY IF EXISTS {name} ON {table}"


def _council_columns(model: type[models.Model]) -> str:
    """The columns that a council reads when the model hides some (`council_hidden`), else none named: all."""
    hidden = getattr(model, "council_hidden", ())
    columns = [f'"{field.column}"' for field in model._meta.concrete_fields if field.name not in hidden]  # noqa: SLF001
    return f" ({', '.join(columns)})" if hidden else ""


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
