import json
import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from config import embedded, heartbeat
from config.health import healthz, readyz
from tests.stack import Stack, wait_until

# Far below what a connection waits by itself, and far above what a busy machine takes.
FEW_SECONDS = 15


@pytest.fixture
def redis_of_this_run(servers: embedded.Services) -> Iterator[redis.Redis]:
    client = heartbeat.redis_client(settings.REDIS_URL)
    yield client
    client.delete(heartbeat.KEY)


@pytest.mark.django_db
def test_a_missing_worker_is_named_and_the_others_are_not_blamed(redis_of_this_run: redis.Redis) -> None:
    answer = healthz(RequestFactory().get("/healthz"))
    parts = json.loads(answer.content)["parts"]
    assert answer.status_code == 503
    assert {name: part["ok"] for name, part in parts.items()} == {"database": True, "redis": True, "worker": False}
    assert "no worker" in parts["worker"]["reason"]


@pytest.mark.django_db
def test_all_parts_up_is_200_and_is_never_stored(redis_of_this_run: redis.Redis) -> None:
    heartbeat.beat(redis_of_this_run)
    answer = healthz(RequestFactory().get("/healthz"))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_person_in_a_terminal_gets_lines(redis_of_this_run: redis.Redis) -> None:
    answer = healthz(RequestFactory().get("/healthz", headers={"accept": "text/plain"}))
    lines = answer.content.decode().splitlines()
    assert lines[:2] == ["database: ok, answers", "redis: ok, answers"]
    assert lines[2].startswith("worker: down, ")


def test_a_heartbeat_ends_by_itself(redis_of_this_run: redis.Redis) -> None:
    heartbeat.beat(redis_of_this_run)
    assert 0 < redis_of_this_run.ttl(heartbeat.KEY) <= heartbeat.EXPIRES_SECONDS


@pytest.mark.django_db
def test_ready_when_the_schema_is_current() -> None:
    assert readyz(RequestFactory().get("/readyz")).status_code == 200


@pytest.mark.parametrize("view", [healthz, readyz])
def test_only_reading_is_allowed(view: Callable[[HttpRequest], HttpResponse]) -> None:
    assert view(RequestFactory().post("/")).status_code == 405


def ask(stack: Stack, path: str) -> tuple[int, dict[str, bool], float]:
    since = time.monotonic()
    try:
        with urllib.request.urlopen(stack.url + path, timeout=30) as answer:  # noqa: S310 — our own address
            status, body = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        status, body = refused.code, refused.read()
    parts = {name: part["ok"] for name, part in json.loads(body)["parts"].items()}
    return status, parts, time.monotonic() - since


def is_healthy(stack: Stack) -> bool:
    return ask(stack, "/healthz")[0] == 200


@pytest.fixture
def healthy_stack(stack: Stack) -> Iterator[Stack]:
    wait_until(lambda: is_healthy(stack), 60, what="a healthy installation")
    yield stack
    wait_until(lambda: is_healthy(stack), 60, what="the installation's recovery")


def test_a_stopped_redis_is_named_within_seconds_and_comes_back(healthy_stack: Stack) -> None:
    healthy_stack.stop_redis()
    try:
        status, parts, seconds = ask(healthy_stack, "/healthz")
    finally:
        healthy_stack.start_redis()
    assert (status, parts) == (503, {"database": True, "redis": False, "worker": False})
    assert seconds < FEW_SECONDS


def test_a_worker_that_ends_by_itself_is_started_again(healthy_stack: Stack) -> None:
    """So it does when Redis goes away while it acknowledges a task; here it simply dies."""
    keeper = healthy_stack.processes["worker"]
    [worker] = children_of(keeper.pid)
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: children_of(keeper.pid) not in ([], [worker]), what="another worker")
    wait_until(lambda: is_healthy(healthy_stack), heartbeat.EXPIRES_SECONDS + 30, what="its heartbeat")
    assert keeper.poll() is None


def children_of(number: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]


def test_a_stopped_database_is_named_within_seconds_and_comes_back(healthy_stack: Stack) -> None:
    healthy_stack.stop_database()
    try:
        status, parts, seconds = ask(healthy_stack, "/healthz")
        ready, _, _ = ask(healthy_stack, "/readyz")
    finally:
        healthy_stack.start_database()
    assert status == ready == 503
    assert (parts["database"], parts["redis"]) == (False, True)
    assert seconds < FEW_SECONDS


def test_a_killed_worker_is_noticed_when_its_heartbeat_ends(healthy_stack: Stack) -> None:
    healthy_stack.kill_worker()
    try:
        wait_until(lambda: not is_healthy(healthy_stack), heartbeat.EXPIRES_SECONDS + 5, what="the missing heartbeat")
        status, parts, _ = ask(healthy_stack, "/healthz")
    finally:
        healthy_stack.start_worker()
    assert (status, parts) == (503, {"database": True, "redis": True, "worker": False})
