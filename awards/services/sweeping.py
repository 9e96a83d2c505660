"""Sweeping away what row versions tell: who voted when, which sealed paper came when, what an envelope held."""

import re
import time
from typing import Any

from django.db import connection

from awards.models import Ballot, TellerSheet, Urn

TRIES = 10
PAUSE = 1.0
"""Seconds between two tries: what still reads is mostly short."""
FIRST_NUMBER = re.compile(r"\D*(\d+)")


class NotAllowedError(RuntimeError):
    """The database lets nobody but the owner rewrite these tables; an operator has to."""


class StillReadError(RuntimeError):
    """Some transaction is so old that the database keeps old versions for it; the promise is sent again later."""


def sweep_urns() -> None:
    """Rewrite the tables of urns, ballots and tellers' sheets, so that no old version of a row stands in them any more.

    Runs outside every transaction, in the maintenance scope. PostgreSQL skips a table in silence where the right is
    missing, and carries old versions over in silence while some transaction of this database (a backup, a long
    report, its own upkeep) might still read them. Both are asked, so that a sweep that did nothing is a fault.
    """
    for model in (Urn, Ballot, TellerSheet):
        table = model._meta.db_table  # noqa: SLF001  Django documents _meta as public
        for turn in range(TRIES):
            if not _rewrite(table):
                break
            if turn + 1 < TRIES:
                time.sleep(PAUSE)
        else:
            raise StillReadError(f"VACUUM FULL {table}: a transaction still keeps old versions.")


def _rewrite(table: str) -> int:
    """Rewrite one table; how many old versions the database says that it could not leave out."""
    kept = 0

    def count(notice: Any) -> None:
        nonlocal kept
        # «N dead row versions cannot be removed yet», in whatever language the server speaks.
        if found := FIRST_NUMBER.match(notice.message_detail or ""):
            kept += int(found[1])

    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(current_user, %s, 'MAINTAIN')", [table])
        if not cursor.fetchone()[0]:
            raise NotAllowedError(f"VACUUM FULL {table}: the maintenance persona lacks MAINTAIN (PostgreSQL 17).")
        connection.connection.add_notice_handler(count)
        try:
            cursor.execute(f'VACUUM (FULL, VERBOSE) "{table}"')
        finally:
            connection.connection.remove_notice_handler(count)
    return kept
