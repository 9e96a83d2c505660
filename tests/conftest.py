"""Servers, a database made by the owner and used by the login role, a whole installation, and a browser."""

import fcntl
import gc
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, Page, expect, sync_playwright

from config import embedded
from tests.schema import kept_schema
from tests.stack import Stack
from units.scoping import maintenance_scope

STACK_FOLDERS = (Path(__file__).parent / "story", Path(__file__).parent / "runtime")
CHROMIUM = "/usr/bin/chromium"
CHROMIUM_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def pytest_configure(config: pytest.Config) -> None:
    # How long a step takes says how busy the machine is, not whether a property holds or what a page shows.
    expect.set_options(timeout=20_000)
    hypothesis_settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    hypothesis_settings.load_profile("steady")
    # Tests by the thousand are no rubbish: looking them through again and again took a sixth of their collection.
    gc.disable()
    config.addinivalue_line("markers", "stack: uses the whole installation (set by itself on such tests)")


def pytest_collection_finish(session: pytest.Session) -> None:
    gc.collect()
    gc.freeze()
    gc.enable()
    gc.set_threshold(20_000, 20, 50)


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of the installation: they run after the others, each process with an installation of its own.

    By whole files (`--dist loadfile`), because the tests of a file tell one story. xdist's own grouping
    (`--dist loadgroup`) writes an attribute that pytest 9.2 no longer reads.
    """
    if "stack" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.stack)
        if item.path.parent not in STACK_FOLDERS:
            raise pytest.UsageError(
                f"{item.nodeid} uses the whole installation; config/verify.sh looks for such tests in "
                f"{' and '.join(f'tests/{one.name}' for one in STACK_FOLDERS)} only."
            )


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes minutes comes first: begun last, it would leave the other process without work.

    That is stories with an installation of their own (then files with many tests), and tests that share a world of
    rows for a whole module, which pytest-django would put behind all others.
    """
    if all(item.get_closest_marker("stack") for item in items):
        tests = Counter(item.path for item in items)
        items.sort(key=lambda item: (_shares_installation(item), -tests[item.path]))
    else:
        items.sort(key=lambda item: not _shares_rows(item))


def _shares_installation(item: pytest.Item) -> bool:
    """Whether its `stack` is the one of this file, and not the module's own."""
    info: Any = item
    return bool(info._fixtureinfo.name2fixturedefs["stack"][-1].scope == "session")


def _shares_rows(item: pytest.Item) -> bool:
    """Whether it uses the database by a fixture of its module, without a transaction of its own."""
    names = getattr(item, "fixturenames", ())
    is_marked = item.get_closest_marker("django_db") or item.get_closest_marker("stack")
    return "django_db_setup" in names and "_django_db_helper" not in names and not is_marked


@pytest.fixture(scope="session")
def servers() -> Iterator[embedded.Services]:
    """The run's PostgreSQL and Redis. Each process holds them; the process that began the run stops them."""
    embedded.start(settings.TEST_SERVERS_HOME, durable=False)
    yield embedded.addresses(settings.TEST_SERVERS_HOME, database_name=settings.TEST_DATABASE_NAME)
    connection.close()


@pytest.fixture(scope="session")
def django_db_setup(servers: embedded.Services, django_db_blocker: Any) -> Iterator[None]:
    """A database of this process's own: migrated once per run by the owner, then copied, then used by the login."""
    with django_db_blocker.unblock():
        _migrate_template()
        _copy_template(settings.TEST_DATABASE_NAME)
        connection.ops.execute_sql_flush = _empty_tables
    yield
    with django_db_blocker.unblock():
        connection.close()


def _migrate_template() -> None:
    marker = settings.TEST_SERVERS_HOME / "migrated"
    with (settings.TEST_SERVERS_HOME / "migrating.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if marker.exists():
            return
        login = dict(connection.settings_dict)
        with kept_schema(settings.TEST_SERVERS_HOME):
            connection.settings_dict.update(USER=embedded.OWNER_ROLE, NAME=embedded.DATABASE_NAME)
            try:
                call_command("migrate", verbosity=0, interactive=False)
            finally:
                connection.close()
                connection.settings_dict.update(login)
        marker.touch()


def _copy_template(name: str) -> None:
    """Roles belong to the whole server: two processes that set them at once would meet in the same rows."""
    home = settings.TEST_SERVERS_HOME
    with (home / "migrating.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        embedded.run_sql(home, f'CREATE DATABASE "{name}" TEMPLATE "{embedded.DATABASE_NAME}"')
        embedded.run_sql(home, f'ALTER DATABASE "{name}" OWNER TO {embedded.OWNER_ROLE}')
        embedded.run_sql(home, embedded.ROLES_SQL, variables={"database": name})


# Without triggers and keys: a table that is empty costs nothing, where TRUNCATE writes new files for every one.
EMPTY_ALL = """
SET session_replication_role = replica;
SET lock_timeout = '10s';
DO $$
DECLARE one text;
BEGIN
    FOREACH one IN ARRAY string_to_array('{tables}', ' ') LOOP
        EXECUTE format('DELETE FROM %I', one);
    END LOOP;
END $$;
"""


def _empty_tables(statements: list[str]) -> None:
    """Empty the tables after a transactional test, as the server's administrator: the tests' login lacks the right.

    A test that left a transaction open in some thread fails here by name instead of hanging.
    """
    tables = re.findall(r'"(\w+)"', " ".join(one for one in statements if one.startswith("TRUNCATE")))
    embedded.run_sql(
        settings.TEST_SERVERS_HOME, EMPTY_ALL.format(tables=" ".join(tables)), database=settings.TEST_DATABASE_NAME
    )


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """A whole installation with the demonstration data: real web, worker, beat and mail catcher."""
    home = settings.TEST_HOME / "stack"
    home.mkdir(mode=0o755)
    installation = Stack(home)
    try:
        installation.start()
        yield installation
    finally:
        installation.close()


# A running Playwright makes Django refuse the ORM in the same thread, so the browser lives no longer than one
# module; a module that uses it reaches the data through `stack`.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a page in a new, empty profile: a second person, or one without JavaScript (`java_script_enabled`)."""
    contexts = []

    def open_one(**options: Any) -> Page:
        context = browser.new_context(
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            viewport={"width": 1366, "height": 768},
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def browser_page(open_page: Callable[..., Page]) -> Page:
    return open_page()


@pytest.fixture
def posts_hold(db: None) -> Iterator[None]:
    """What stands beside people of their posts is true at the end of a test, whatever wrote their posts."""
    yield
    with maintenance_scope("test"), connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT person.full_name FROM units_person AS person LEFT JOIN units_posting AS post
            ON post.person_id = person.id GROUP BY person.id
            HAVING (person.posted_until, person.headed_until, person.posted_from) IS DISTINCT FROM (
                max(CASE WHEN post.id IS NOT NULL THEN coalesce(post.valid_to, '9999-12-31') END),
                max(CASE WHEN post.is_head THEN coalesce(post.valid_to, '9999-12-31') END),
                max(post.valid_from)
            )
            """
        )
        assert cursor.fetchall() == []
