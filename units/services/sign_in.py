"""How often something may be tried before one has to wait, and for how long."""

import time
from dataclasses import dataclass
from math import ceil

from django.core.cache import cache
from django.utils.crypto import salted_hmac

from units.folding import nfc


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries from the first one on, within so many seconds."""

    tries: int
    seconds: int


TRIES = 10
WAIT_SECONDS = 300
NAME = "name"
ADDRESS = "address"
SECOND_FACTOR = "second-factor"
RESET_ADDRESS = "reset-address"
RESET_NAME = "reset-name"
LINK_ADDRESS = "link-address"
FEED_ADDRESS = "feed-address"
VERIFY_ADDRESS = "verify-address"
LIMITS = {
    # Wrong passwords for one name, wherever they come from.
    NAME: Limit(TRIES, WAIT_SECONDS),
    # Wrong passwords from one address, whatever the names; a whole office may sit behind one address.
    ADDRESS: Limit(100, WAIT_SECONDS),
    # Wrong codes for one account: 6 of a million in five minutes.
    SECOND_FACTOR: Limit(6, WAIT_SECONDS),
    RESET_ADDRESS: Limit(30, 3600),
    RESET_NAME: Limit(3, 3600),
    # Links of invitations and resets opened from one address.
    LINK_ADDRESS: Limit(60, 3600),
    # Calendars of a whole office read their feeds several times an hour.
    FEED_ADDRESS: Limit(1200, 3600),
    # Certificates that people at one address look up.
    VERIFY_ADDRESS: Limit(300, 3600),
}


def count_try(kind: str, whom: str) -> int:
    """Count one try and return how many seconds to wait before it may go on; 0 means now.

    Counted before anything is checked, so that many guesses at once are no way round. Counts are forgotten with
    Redis; while Redis is away each process keeps its own (`units.cache`).
    """
    limit, key = LIMITS[kind], _key(kind, whom)
    if cache.add(key, 0, limit.seconds):
        cache.set(f"{key}:until", time.time() + limit.seconds, limit.seconds)
    try:
        tries = cache.incr(key)
    except ValueError:
        # The count ended between the two steps, and with it the wait.
        return 0
    if tries <= limit.tries:
        return 0
    until = cache.get(f"{key}:until") or 0
    return max(1, ceil(until - time.time()))


def forget_tries(kind: str, whom: str) -> None:
    """Begin again, after it went well."""
    cache.delete(_key(kind, whom))


def take_back_try(kind: str, whom: str) -> None:
    """Uncount one try that went well, without forgiving the others."""
    try:
        cache.incr(_key(kind, whom), -1)
    except ValueError:
        return


def waiting_words(seconds: int) -> str:
    """How long to wait, as people say it: "40 giây", "5 phút"."""
    return f"{seconds} giây" if seconds < 60 else f"{ceil(seconds / 60)} phút"  # noqa: PLR2004  a minute


def _key(kind: str, whom: str) -> str:
    """Names and addresses are nobody's business in Redis; spellings that the database takes for one count as one."""
    return f"sign-in:{salted_hmac(f'units.sign-in.{kind}', nfc(whom).casefold()).hexdigest()}"
