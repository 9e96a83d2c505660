"""How often a name may be tried with a wrong password before it has to wait."""

import logging

from django.core.cache import cache
from django.utils.crypto import salted_hmac
from redis.exceptions import RedisError

from units.folding import nfc

logger = logging.getLogger(__name__)

TRIES = 10
WAIT_SECONDS = 300


def may_try(username: str) -> bool:
    """Count one try at `username` and say whether its password may be looked at.

    Counted before the password is checked, so that many guesses at once are no way round. The count lives in Redis
    and is forgotten with it; without Redis people can still sign in.
    """
    key = _key(username)
    try:
        cache.add(key, 0, WAIT_SECONDS)
        return cache.incr(key) <= TRIES
    except ValueError:
        # The count ended between the two steps, and with it the wait.
        return True
    except RedisError:
        logger.warning("sign_in_not_counted")
        return True


def forget_tries(username: str) -> None:
    """Begin again after the right password."""
    try:
        cache.delete(_key(username))
    except RedisError:
        logger.warning("sign_in_not_counted")


def _key(username: str) -> str:
    """Names are nobody's business in Redis; spellings that the database takes for one name count as one."""
    return f"sign-in:{salted_hmac('units.sign-in', nfc(username).casefold()).hexdigest()}"
