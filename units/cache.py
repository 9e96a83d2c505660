"""A cache that never stands in the way: while Redis is away each process counts for itself."""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

# How long a process stays with its own counts before it asks Redis again.
PAUSE_SECONDS = 5.0


class ForgivingRedisCache(RedisCache):
    """Redis while it answers, this process's memory while it does not.

    Limits on sign-in stay limits then, one for each web process instead of one for all, and nobody waits for Redis
    more than once in a few seconds.
    """

    def __init__(self, server: Any, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache("without-redis", {**params, "OPTIONS": {}})
        self._away_until = 0.0

    def _ask(self, act: Callable[..., Any], instead: Callable[..., Any], *args: Any, **options: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return act(*args, **options)
            except RedisError:
                self._away_until = time.monotonic() + PAUSE_SECONDS
                logger.warning("cache_without_redis")
        return instead(*args, **options)

    def add(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().add, self._own.add, *args, **options)

    def get(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().get, self._own.get, *args, **options)

    def set(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().set, self._own.set, *args, **options)

    def incr(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().incr, self._own.incr, *args, **options)

    def delete(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().delete, self._own.delete, *args, **options)

    def touch(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().touch, self._own.touch, *args, **options)

    def has_key(self, *args: Any, **options: Any) -> Any:
        return self._ask(super().has_key, self._own.has_key, *args, **options)
