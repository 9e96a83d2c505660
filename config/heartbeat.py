"""The worker's sign of life: a key in Redis that outlives a missed beat or two, and not a dead worker.

Wired in `config/celery.py` by `app.steps["consumer"].add(HeartbeatStep)`.
"""

import logging
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import redis
from celery import bootsteps
from redis.backoff import NoBackoff
from redis.retry import Retry

KEY: Final = "thidua:worker-heartbeat"
EVERY_SECONDS: Final = 3.0
EXPIRES_SECONDS: Final = 10

logger = logging.getLogger(__name__)


def redis_client(url: str, *, timeout: float = 1.0) -> "redis.Redis":
    """A client that answers or fails within `timeout`; understands Celery's spelling of a socket."""
    limits: dict[str, Any] = {
        "socket_timeout": timeout,
        "socket_connect_timeout": timeout,
        # The library's own retries would turn one second into many.
        "retry": Retry(NoBackoff(), 0),
    }
    parts = urlsplit(url)
    if parts.scheme == "redis+socket":
        number = int(parse_qs(parts.query).get("virtual_host", ["0"])[0])
        return redis.Redis(unix_socket_path=parts.path, db=number, **limits)
    return redis.Redis.from_url(url, **limits)


class HeartbeatStep(bootsteps.StartStopStep):
    """Part of the consumer, not of the worker: it beats only while the worker is connected."""

    requires = ("celery.worker.consumer.tasks:Tasks",)

    def __init__(self, parent: Any, **options: Any) -> None:
        super().__init__(parent, **options)
        self.timer_entry: Any = None

    def start(self, parent: Any) -> None:
        from django.conf import settings

        client = redis_client(settings.REDIS_URL)
        beat(client)
        self.timer_entry = parent.timer.call_repeatedly(EVERY_SECONDS, beat, (client,))

    def stop(self, parent: Any) -> None:
        if self.timer_entry is not None:
            parent.timer.cancel(self.timer_entry)
            self.timer_entry = None


def beat(client: "redis.Redis") -> None:
    try:
        client.set(KEY, "1", ex=EXPIRES_SECONDS)
    except redis.RedisError as problem:
        # The consumer notices the same outage and reconnects; the missing key already tells operators.
        logger.debug("heartbeat not written: %s", type(problem).__name__)
