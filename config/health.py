"""Two questions of a supervisor, answered without session, login or long waits.

`/healthz`: which part is down. `/readyz`: may requests be sent here (database reached, schema up to date)?
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import psycopg
import redis
from django.conf import settings
from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from config.heartbeat import KEY, redis_client

# libpq's shortest effective limit.
DATABASE_TIMEOUT_SECONDS: Final = 2


@dataclass(frozen=True)
class Finding:
    part: str
    ok: bool
    reason: str

    def __str__(self) -> str:
        return f"{self.part}: {'ok' if self.ok else 'down'}, {self.reason}"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return _answer(request, [_check(part, probe) for part, probe in PROBES.items()])


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    findings = [_check("database", _database)]
    if findings[0].ok:
        findings.append(_check("schema", _schema))
    return _answer(request, findings)


def _answer(request: HttpRequest, findings: list[Finding]) -> HttpResponse:
    healthy = all(finding.ok for finding in findings)
    status = 200 if healthy else 503
    if request.get_preferred_type(["application/json", "text/plain"]) == "text/plain":
        lines = "".join(f"{finding}\n" for finding in findings)
        return HttpResponse(lines, content_type="text/plain; charset=utf-8", status=status)
    parts = {finding.part: {"ok": finding.ok, "reason": finding.reason} for finding in findings}
    return JsonResponse({"ok": healthy, "parts": parts}, status=status)


def _check(part: str, probe: Callable[[], str]) -> Finding:
    """Reasons name the kind of failure only: an error's text may hold addresses, and anyone may ask."""
    try:
        return Finding(part, ok=True, reason=probe())
    except _DownError as problem:
        return Finding(part, ok=False, reason=str(problem))
    except (DatabaseError, InterfaceError, psycopg.Error, redis.RedisError, OSError) as problem:
        return Finding(part, ok=False, reason=f"no answer ({type(problem).__name__})")


class _DownError(Exception):
    pass


def _database() -> str:
    # A connection of its own: the request's may be broken, or hang, in ways that only a new one can tell.
    parameters: dict[str, Any] = {
        **connection.get_connection_params(),
        "connect_timeout": DATABASE_TIMEOUT_SECONDS,
        "options": f"-c statement_timeout={DATABASE_TIMEOUT_SECONDS * 1000}",
    }
    with psycopg.connect(**parameters) as database:
        database.execute("SELECT 1")
    return "answers"


def _redis() -> str:
    redis_client(settings.REDIS_URL).ping()
    return "answers"


def _worker() -> str:
    if not redis_client(settings.REDIS_URL).exists(KEY):
        raise _DownError("no heartbeat: no worker is taking tasks")
    return "heartbeat seen"


@cache
def _schema() -> str:
    # Only a yes is kept (an exception is not): the migrations a process knows do not grow while it runs.
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _DownError("migrations are not applied")
    return "current"


PROBES: Final[dict[str, Callable[[], str]]] = {"database": _database, "redis": _redis, "worker": _worker}
