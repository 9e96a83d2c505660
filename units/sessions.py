"""Sessions whose keys the database does not hold: a reader of its tables or backups cannot enter as somebody else.

What a session holds is sealed as well, since the set-up of a second factor passes through it. A session ends when it
was idle too long, and at the latest a fixed time after sign-in, however busy it is.
"""

import hashlib
import json
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db
from django.utils import timezone

from units.secret_box import SealBrokenError, seal, unseal

PURPOSE = "session"
# Names inside the session's data.
DEVICE, BEGAN, IDLE = "device", "began", "idle_seconds"
# When a session was last seen is known to ten minutes: one write in that time instead of one a page, and no record of
# when somebody opened which page (a ballot's, say).
SIGHT = timedelta(minutes=10)


def stored_key(session_key: str) -> str:
    """What stands in the table for the key that the cookie carries: 160 bits of its hash, as the column has room for.

    No salt and no slow hash: the key itself is as random as that.
    """
    return hashlib.sha256(session_key.encode()).hexdigest()[:40]


def _sight(now: datetime) -> datetime:
    """The beginning of the ten minutes in which `now` lies."""
    seconds = SIGHT.total_seconds()
    return datetime.fromtimestamp(now.timestamp() // seconds * seconds, UTC)


class SessionStore(db.SessionStore):
    model: Any  # the base class knows the fields of Django's own table only

    @classmethod
    def get_model_class(cls) -> Any:
        from units.models import AccountSession

        return AccountSession

    def _get_session_from_db(self) -> Any:
        key, now = stored_key(self.session_key or ""), timezone.now()
        row: Any = self.model.objects.filter(session_key=key, expire_date__gt=now).first()
        if row is not None and row.account_id and row.seen_at + SIGHT + timedelta(seconds=row.idle_seconds) <= now:
            row = None
        if row is None:
            self._session_key = None
        elif row.seen_at + SIGHT <= now:
            # An update: a session that was ended in between stays ended.
            self.model.objects.filter(session_key=key).update(seen_at=_sight(now))
        return row

    def encode(self, session_dict: dict[str, Any]) -> str:
        return seal(json.dumps(session_dict), PURPOSE)

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        try:
            opened: dict[str, Any] = json.loads(unseal(str(session_data), PURPOSE))
        except (SealBrokenError, ValueError):
            return {}
        return opened

    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        now = timezone.now()
        row: Any = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        row.account_id = data.get(SESSION_KEY)
        row.device = data.get(DEVICE, "")
        row.began_at = datetime.fromtimestamp(data[BEGAN], UTC) if BEGAN in data else now
        row.seen_at = _sight(now)
        row.idle_seconds = data.get(IDLE, settings.SESSION_IDLE_SECONDS)
        row.expire_date = min(row.expire_date, row.began_at + timedelta(seconds=settings.SESSION_COOKIE_AGE))
        return row

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            super().delete(stored_key(key))
