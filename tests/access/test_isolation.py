"""`manage.py check_isolation`, for real; and that it finds a fence that was opened on purpose."""

import io
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from config import embedded
from exemplars.apps import ExemplarsConfig
from units import frame
from units.isolation.address_book import Address, list_addresses
from units.isolation.addresses import Expedition
from units.isolation.pages import harmless, listening
from units.isolation.rows import MARKER, RowError
from units.isolation.statements import try_statements
from units.isolation.tally import Tally
from units.isolation.world import World, throw_away
from units.models import AuditEntry, Person, Unit, User
from units.scoping import maintenance_scope

Sabotage = Callable[[str, str], None]


def check(*options: str) -> tuple[int, dict[str, Any]]:
    answer = io.StringIO()
    try:
        call_command("check_isolation", "--json", *options, stdout=answer)
    except SystemExit as left:
        return int(left.code or 0), json.loads(answer.getvalue())
    return 0, json.loads(answer.getvalue())


@pytest.fixture
def sabotage(servers: embedded.Services, settings: Any, transactional_db: None) -> Iterator[Sabotage]:
    """Open the fence as the server's administrator, and close it again."""
    closing: list[str] = []

    def run(statement: str) -> None:
        embedded.run_sql(settings.TEST_SERVERS_HOME, statement, database=settings.TEST_DATABASE_NAME)

    def open_fence(statement: str, undo: str) -> None:
        closing.append(undo)
        run(statement)

    yield open_fence
    for undo in reversed(closing):
        run(undo)


@pytest.mark.django_db(transaction=True)
def test_no_statement_leaks_and_the_proof_leaves_nothing_behind() -> None:
    code, report = check("--only", "statements")
    assert report["found"] == []
    assert (code, report["leaks"]) == (0, 0)
    assert report["probes"] >= 5_000
    assert sum(one["probes"] for one in report["by_kind"].values()) == report["probes"]
    with maintenance_scope("what a proof may have left"):
        assert [one.objects.count() for one in (Unit, User, Person, AuditEntry)] == [0, 0, 0, 0]


def is_tried(address: Address) -> bool:
    """Lists, with what is filtered and searched there, and what stands behind their rows.

    All addresses are for the command: they take minutes. Rights on every one are held by the matrix beside this file.
    """
    return address.name.endswith(("-list", "-detail", ":unit-record"))


@pytest.mark.django_db
def test_no_page_of_any_app_leaks_where_a_second_factor_is_asked_for(settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    tally, tried = Tally(), [one for one in list_addresses() if is_tried(one)]
    with harmless(), throw_away(), listening():
        expedition = Expedition(World(), tally)
        for address in tried:
            expedition.try_one(address)
    assert tally.found == []
    assert not tally.broken
    assert {name: reason for name, reason in tally.unopened.items() if not reason} == {}
    assert {"units", "campaigns", "exemplars", "awards", "reports"} <= {name.split(":")[0] for name in tally.opened}
    assert {"address", "anonymous", "existence", "form", "page", "role", "search", "write"} == set(tally.probes)


def test_what_is_said_to_open_for_nobody_is_an_address() -> None:
    said = {name for config in apps.get_app_configs() for name in getattr(config, "isolation_unopened", {})}
    assert said - {one.name for one in list_addresses()} == set()


@pytest.mark.django_db(transaction=True)
def test_its_transaction_could_not_commit() -> None:
    """Even if something inside committed, PostgreSQL itself refuses."""
    from django.db import IntegrityError, transaction

    from units.isolation.world import make_uncommittable

    with pytest.raises(IntegrityError), transaction.atomic():
        make_uncommittable()


def leaks_of(*tables: str) -> Tally:
    """The statements against a few tables: enough to see one leak."""
    tally = Tally()
    with throw_away():
        try_statements(World(tables), tally)
    return tally


OPENINGS = {
    "a table without its policies": (
        'ALTER TABLE "units_grading" DISABLE ROW LEVEL SECURITY',
        'ALTER TABLE "units_grading" ENABLE ROW LEVEL SECURITY',
        {"select", "select-all", "count", "aggregate", "copy-out", "update", "delete", "insert", "move"},
    ),
    "a policy that lets all pass": (
        'CREATE POLICY hole ON "units_grading" FOR SELECT TO thidua_unit USING (true)',
        'DROP POLICY hole ON "units_grading"',
        {"select", "select-all", "count", "aggregate", "copy-out"},
    ),
    "a view with its owner's rights": (
        "CREATE VIEW hole AS SELECT * FROM units_grading; GRANT SELECT ON hole TO thidua_unit",
        "DROP VIEW hole",
        {"view"},
    ),
    "a function with its owner's rights": (
        (
            "CREATE FUNCTION hole(word text) RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = public"
            " AS 'SELECT decision_number::text FROM units_grading WHERE decision_number LIKE word || ''%''';"
            " GRANT EXECUTE ON FUNCTION hole(text) TO thidua_unit"
        ),
        "DROP FUNCTION hole(text)",
        {"function"},
    ),
    "a right to empty the table": (
        'GRANT TRUNCATE ON "units_grading" TO thidua_unit',
        'REVOKE TRUNCATE ON "units_grading" FROM thidua_unit',
        {"truncate"},
    ),
    "a right outside every scope": (
        (
            'GRANT SELECT ON "units_grading" TO thidua_login; CREATE POLICY hole ON "units_grading" TO thidua_login'
            " USING (true)"
        ),
        'DROP POLICY hole ON "units_grading"; REVOKE ALL ON "units_grading" FROM thidua_login',
        {"bare-login", "select-all", "after-scope"},
    ),
    "a path that may lie": (
        'ALTER TABLE "units_grading" DROP CONSTRAINT "units_grading_unit_path_fence"',
        (
            'ALTER TABLE "units_grading" ADD CONSTRAINT "units_grading_unit_path_fence"'
            " FOREIGN KEY (unit_id, unit_path) REFERENCES units_unit (id, path) ON UPDATE CASCADE"
        ),
        {"lying-path"},
    ),
    "a record that takes lines about strangers": (
        'ALTER TABLE "units_grading" DISABLE TRIGGER person_is_known',
        'ALTER TABLE "units_grading" ENABLE TRIGGER person_is_known',
        {"stranger"},
    ),
    "a sequence that all may read": (
        "GRANT SELECT ON SEQUENCE units_auditentry_id_seq TO thidua_unit",
        "REVOKE SELECT ON SEQUENCE units_auditentry_id_seq FROM thidua_unit",
        {"sequence"},
    ),
}


@pytest.mark.parametrize("opening", OPENINGS)
def test_an_opened_fence_is_found(sabotage: Sabotage, opening: str) -> None:
    statement, undo, kinds = OPENINGS[opening]
    sabotage(statement, undo)
    tally = leaks_of("units_grading")
    assert kinds <= set(tally.leaks), opening


@pytest.mark.django_db
def test_pages_that_look_past_their_unit_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages run with the maintenance persona instead of their unit's: word, key and existence all tell."""
    monkeypatch.setattr(frame, "unit_scope", lambda _: maintenance_scope("a fence opened on purpose"))
    tally, tried = Tally(), {"units:person-detail", "exemplars:nomination-list"}
    with harmless(), throw_away(), listening():
        expedition = Expedition(World(), tally)
        for address in list_addresses():
            if address.name in tried:
                expedition.try_one(address)
    assert {"page", "address", "existence", "search"} <= set(tally.leaks)
    assert tried == tally.opened


def test_the_command_exits_with_1_on_a_leak(sabotage: Sabotage) -> None:
    sabotage(*OPENINGS["a table without its policies"][:2])
    code, report = check("--table", "units_grading")
    assert code == 1
    assert report["leaks"] > 0
    assert any("units_grading" in one for one in report["found"])


def test_a_table_that_nobody_knows_is_not_called_free_of_leaks() -> None:
    with pytest.raises(CommandError, match="units_grade"):
        check("--table", "units_grade")
    with pytest.raises(CommandError, match="--only addresses"):
        check("--table", "units_grading", "--only", "addresses")


@pytest.mark.django_db
def test_a_tenant_table_that_takes_no_row_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExemplarsConfig, "isolation_rows", {"exemplars.remark": lambda _: {"text": None}})
    with throw_away(), pytest.raises(RowError, match=r"exemplars\.remark.*isolation_rows"):
        World()


@pytest.mark.django_db
def test_every_tenant_table_has_a_row_at_every_place_and_most_a_marker() -> None:
    with throw_away():
        world = World()
        assert {model for model in apps.get_models() if hasattr(model, "unit_path")} == set(world.tables)
        without = set()
        query = 'SELECT t::text FROM "{}" t WHERE "{}" = %s'
        with maintenance_scope("rows are looked at"), connection.cursor() as cursor:
            for model in world.tables:
                for code, place in world.places.items():
                    row = place.rows[model]
                    assert row.unit_path == place.unit.path  # type: ignore[attr-defined]
                    cursor.execute(query.format(model._meta.db_table, model._meta.pk.column), [row.pk])
                    if code not in {one.group(1) for one in MARKER.finditer(cursor.fetchone()[0])}:
                        without.add(model._meta.label_lower)
        # These hold no words at all; their keys are looked for instead.
        assert without <= {"awards.attendance", "awards.agendaitem", "awards.urn", "awards.decisionline"} | {
            "campaigns.scoresheet",
            "campaigns.titleregistration",
            "campaigns.reminder",
            "campaigns.remindersettings",
            "campaigns.returnletter",
            "awards.invitationletter",
            "awards.minutesletter",
            "awards.caseletter",
            "awards.revokedline",
            "awards.tellersheet",
            "exemplars.qualifyingrun",
            "exemplars.whatifunit",
            "units.partymembership",
            "units.reorganisationsource",
        }, without
