"""One statement asked of PostgreSQL at a savepoint, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import Error
from django.db.backends.utils import CursorWrapper

from units.isolation.rows import MARKER

FORBIDDEN = "42501"
_POINT = "isolation"
# Released as well: savepoints left standing would pile up until the server has no room for their locks.
_BACK = f"ROLLBACK TO SAVEPOINT {_POINT}; RELEASE SAVEPOINT {_POINT}"
# A server that is out of room, going down or broken has refused nothing.
_NO_ANSWER = ("08", "53", "57", "58", "XX", "?")


@dataclass(frozen=True)
class Answer:
    """What came of one statement: its error's code or nothing, how many rows, and every word of it."""

    state: str
    count: int
    text: str

    @property
    def is_refused(self) -> bool:
        return self.state == FORBIDDEN

    @property
    def changed(self) -> bool:
        return not self.state and self.count > 0

    def names(self, codes: frozenset[str]) -> bool:
        """Whether a word of a place other than `codes` stands in it."""
        return any(found.group(1).lower() not in codes for found in MARKER.finditer(self.text))


class Asker:
    """Runs each statement at a savepoint that is always rolled back, so that none sees what another did."""

    def __init__(self, cursor: CursorWrapper) -> None:
        self._cursor = cursor

    def ask(self, query: str, *values: Any) -> Answer:
        return self.ask_in_turn((query, values))

    def ask_in_turn(self, *statements: tuple[str, Sequence[Any]]) -> Answer:
        """Several statements at one savepoint; the answer is the last one's, or the first error's."""
        self._cursor.execute(f"SAVEPOINT {_POINT}")
        try:
            for query, values in statements:
                self._cursor.execute(query, values or None)
            rows = self._cursor.fetchall() if self._cursor.description else []
            return Answer("", self._cursor.rowcount, "\n".join(str(row) for row in rows))
        except Error as error:
            return _refusal(error)
        finally:
            self._cursor.execute(_BACK)

    def copy(self, query: str) -> Answer:
        self._cursor.execute(f"SAVEPOINT {_POINT}")
        try:
            # Through psycopg's own cursor: Django has no word for COPY.
            with self._cursor.cursor.copy(query) as stream:
                text = b"".join(bytes(part) for part in stream).decode() if "STDOUT" in query else ""
            return Answer("", text.count("\n"), text)
        except (Error, psycopg.Error) as error:
            return _refusal(error)
        finally:
            self._cursor.execute(_BACK)


def _refusal(error: BaseException) -> Answer:
    cause = error.__cause__ if isinstance(error, Error) else error
    state = str(getattr(cause, "sqlstate", None) or "?")
    if state.startswith(_NO_ANSWER) and state != "57014":
        raise error
    said = getattr(cause, "diag", None)
    words = [str(getattr(said, name, "") or "") for name in ("message_detail", "message_hint", "context")]
    return Answer(state, 0, "\n".join([str(error), *words]))
