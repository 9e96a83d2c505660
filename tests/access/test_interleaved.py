"""A thousand people through four connections; and everything that runs outside a page."""

import queue
import random
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.core.checks import run_checks
from django.db import ProgrammingError, connection, connections, transaction
from django.http import HttpRequest, StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from config.celery import app as celery
from tests.builders import person, unit, user
from units import checks
from units.frame import UnitRequest, unit_view
from units.management.commands import verify_audit
from units.models import Membership, Person, Unit
from units.roles import Role
from units.scoping import ScopeMissingError, council_scope, maintenance_scope, unit_scope

PEOPLE, UNITS, CONNECTIONS = 1_000, 20, 4


class Sabotaged(Exception):  # noqa: N818  thrown in the middle of a scope
    pass


def bare(cursor: Any) -> tuple[str, str]:
    """The persona and the bound that a connection holds between two people."""
    cursor.execute("SELECT current_user, coalesce(current_setting('app.lo', true), '')")
    found: tuple[str, str] = cursor.fetchone()
    return found


def seen_by(path: str) -> set[UUID]:
    with unit_scope(path), connection.cursor() as cursor:
        cursor.execute("SELECT id FROM units_person")
        return {key for (key,) in cursor.fetchall()}


# Each takes a unit's path and says what was seen there, or None where the work was meant to fail.
def in_a_transaction(path: str) -> set[UUID] | None:
    with transaction.atomic():
        return seen_by(path)


def in_a_session(path: str) -> set[UUID] | None:
    return seen_by(path)


def with_an_error(path: str) -> set[UUID] | None:
    with pytest.raises(Sabotaged), transaction.atomic(), unit_scope(path):
        raise Sabotaged
    return None


def with_a_refused_statement(path: str) -> set[UUID] | None:
    with pytest.raises(ProgrammingError), unit_scope(path), connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    return None


def with_a_rollback(path: str) -> set[UUID] | None:
    with transaction.atomic():
        found = seen_by(path)
        transaction.set_rollback(True)
    return found


def with_a_broken_transaction(path: str) -> set[UUID] | None:
    with pytest.raises(ProgrammingError), transaction.atomic(), unit_scope(path), connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    return None


WORK = (
    in_a_transaction,
    in_a_session,
    with_an_error,
    with_a_refused_statement,
    with_a_rollback,
    with_a_broken_transaction,
)


def through_four_connections(jobs: list[Callable[[], None]]) -> list[str]:
    """Four threads, each with one connection of its own that every job it takes goes through; failures by name."""
    waiting: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    failed: list[str] = []
    backends: set[int] = set()

    def serve() -> None:
        try:
            while True:
                job = waiting.get_nowait()
                try:
                    job()
                except AssertionError as error:
                    failed.append(str(error))
                with connection.cursor() as cursor:
                    if bare(cursor) != ("thidua_login", ""):
                        failed.append(f"left behind: {bare(cursor)}")
                    backends.add(connection.connection.info.backend_pid)
        except queue.Empty:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=serve) for _ in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert backends
    return failed


@pytest.mark.django_db(transaction=True)
def test_a_thousand_people_on_four_connections_see_their_own_rows() -> None:
    places = [unit(f"NGUOI-{number}", f"00010001{number + 1:04d}") for number in range(UNITS)]
    owned: dict[str, set[UUID]] = {}
    with maintenance_scope("test rows"):
        for place in places:
            owned[place.path] = {person(place).pk for _ in range(3)}
    choose = random.Random(1)  # noqa: S311  an order, not a secret

    def job(place: Unit, work: Callable[[str], set[UUID] | None]) -> Callable[[], None]:
        def run() -> None:
            seen = work(place.path)
            assert seen is None or seen == owned[place.path], f"{work.__name__} at {place.path}"

        return run

    jobs = [job(choose.choice(places), choose.choice(WORK)) for _ in range(PEOPLE)]
    assert through_four_connections(jobs) == []


@pytest.mark.django_db(transaction=True)
def test_requests_of_many_accounts_on_four_connections_never_mix() -> None:
    """Real requests through the handler: each page names its own unit's person and nobody else's."""
    places = [unit(f"TRANG-{number}", f"00010001{number + 1:04d}") for number in range(UNITS)]
    pages: list[tuple[Client, Unit, UUID, UUID]] = []
    with maintenance_scope("test rows"):
        people = {place.pk: person(place, f"Người Mẫu {number}") for number, place in enumerate(places)}
    for number, place in enumerate(places):
        client = Client(raise_request_exception=False)
        client.force_login(user(f"canbo{number}", (place, Role.CLERK)))
        stranger = places[(number + 1) % UNITS]
        pages.append((client, place, people[place.pk].pk, people[stranger.pk].pk))

    def job(client: Client, place: Unit, own: UUID, foreign: UUID) -> Callable[[], None]:
        def run() -> None:
            # A client is one browser: it is copied, for four may look at once.
            browser = Client(raise_request_exception=False)
            browser.cookies.update(client.cookies)
            page = browser.get(f"/people/{own}/")
            assert page.status_code == 200, f"own person at {place}: {page.status_code}"
            assert browser.get(f"/people/{foreign}/").status_code == 404, f"stranger opened from {place}"

        return run

    assert through_four_connections([job(*pages[number % UNITS]) for number in range(200)]) == []


# --- what is answered after the view has returned ----------------------------------------------------


def test_rows_streamed_after_the_scope_has_ended_are_refused(db: None) -> None:
    """A generator that reads when the answer is already on its way reads nothing: it fails instead of leaking."""
    place = unit("DONG", "0001")
    with maintenance_scope("test rows"):
        person(place)
    client = user("canbo.dong", (place, Role.CLERK))

    def lines() -> Iterator[str]:
        yield from (one.full_name for one in Person.objects.all())

    def ready(found: Any) -> Iterator[str]:
        yield from (one.full_name for one in found)

    @unit_view("units.view_person_record")
    def late(request: UnitRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(lines())

    @unit_view("units.view_person_record")
    def lazy(request: UnitRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(ready(Person.objects.all()))

    @unit_view("units.view_person_record")
    def read(request: UnitRequest) -> StreamingHttpResponse:
        return StreamingHttpResponse(ready(list(Person.objects.all())))

    def ask(view: Any) -> StreamingHttpResponse:
        request: HttpRequest = RequestFactory().get("/")
        request.user, request.session = client, {}  # type: ignore[assignment]
        answer: StreamingHttpResponse = view(request)
        return answer

    with pytest.raises(ScopeMissingError):
        list(ask(late))
    # Built inside the scope but read after it: PostgreSQL refuses the bare login.
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        list(ask(lazy))
    assert b"".join(ask(read)) == "Lường Thị Mẫu".encode()
    assert path("x", late)


@pytest.mark.django_db(transaction=True)
def test_a_cursor_of_the_server_does_not_outlive_the_scope() -> None:
    place = unit("CON-TRO", "0001")
    with maintenance_scope("test rows"):
        for _ in range(3):
            person(place)
    with transaction.atomic():
        with unit_scope(place.path):
            rows = iter(Person.objects.order_by("pk").iterator(chunk_size=1))
            first = next(rows)
        with council_scope({}):
            # What one persona opened stays what that persona saw: nothing of the next one's comes in, or goes out.
            assert {first.pk, *(one.pk for one in rows)} <= seen_keys(place)
    with pytest.raises(ProgrammingError), connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM units_person")


def seen_keys(place: Unit) -> set[UUID]:
    return seen_by(place.path)


# --- tasks, commands, checks ------------------------------------------------------------------------


def test_every_task_and_command_that_reads_tenant_rows_names_its_scope() -> None:
    """A module of tasks or a command either enters a scope or imports no tenant model's manager.

    The scope itself is what fails closed when one is forgotten (the tests above); this finds it before the night does.
    """
    tasks = {task.__module__ for name, task in celery.tasks.items() if not name.startswith("celery.")}
    files = [Path(*module.split(".")).with_suffix(".py") for module in tasks]
    files += [one for one in Path().glob("*/management/commands/*.py") if one.name != "__init__.py"]
    assert len(files) > 5
    needy = [
        str(file)
        for file in files
        if ".objects" in file.read_text(encoding="utf-8")
        and "_scope(" not in file.read_text(encoding="utf-8")
        and any(name in file.read_text(encoding="utf-8") for name in _tenant_names())
    ]
    assert needy == []
    assert verify_audit.Command is not None


def _tenant_names() -> set[str]:
    from units.fence import list_tenant_models

    return {f"{model.__name__}.objects" for model in list_tenant_models()}


@pytest.mark.django_db(transaction=True)
def test_a_task_without_a_scope_fails_closed_on_a_bare_connection() -> None:
    with pytest.raises(ScopeMissingError):
        Person.objects.count()
    with pytest.raises(ProgrammingError, match="permission denied"), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM units_person")
    assert Membership.objects.count() == 0


@pytest.mark.filterwarnings("ignore:Overriding setting DATABASES")
@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"OPTIONS": {"prepare_threshold": 5}}, ["units.E001"]),
        ({"OPTIONS": {"server_side_binding": True}}, ["units.E001"]),
        ({"OPTIONS": {"pool": True}}, ["units.E002"]),
        ({"DISABLE_SERVER_SIDE_CURSORS": True}, ["units.E003"]),
        ({"OPTIONS": {"assume_role": "thidua_unit"}}, ["units.E004"]),
        ({"PORT": "6432"}, ["units.W001"]),
        ({}, []),
    ],
)
def test_a_connection_that_carries_one_persons_state_to_the_next_is_refused(
    settings: Any, changes: dict[str, Any], found: list[str]
) -> None:
    settings.DATABASES = {"default": settings.DATABASES["default"] | {"OPTIONS": {}} | changes}
    assert [one.id for one in checks.check_no_prepared_plans(None)] == found


@pytest.mark.django_db
def test_the_deployment_check_asks_the_catalogue() -> None:
    def ask() -> list[str | None]:
        found = run_checks(tags=["database"], databases=["default"], include_deployment_checks=True)
        return [one.id for one in found if (one.id or "").startswith("units.")]

    assert ask() == []
    assert checks.check_catalogue(None, databases=None) == []
