"""Sweeping away what row versions tell: who voted when, which sealed paper came when, what an envelope held."""

from django.db import connection

from awards.models import Ballot, TellerSheet, Urn


class NotAllowedError(RuntimeError):
    """The database lets nobody but the owner rewrite these tables; an operator has to."""


def sweep_urns() -> None:
    """Rewrite the tables of urns, ballots and tellers' sheets, so that no old version of a row stands in them any more.

    Runs outside every transaction, in the maintenance scope. PostgreSQL skips a table in silence where the right is
    missing; that is asked first, so that a sweep that did nothing is a fault and not a success.
    """
    with connection.cursor() as cursor:
        for model in (Urn, Ballot, TellerSheet):
            table = model._meta.db_table  # noqa: SLF001  Django documents _meta as public
            cursor.execute("SELECT has_table_privilege(current_user, %s, 'MAINTAIN')", [table])
            if not cursor.fetchone()[0]:
                raise NotAllowedError(f"VACUUM FULL {table}: the maintenance persona lacks MAINTAIN (PostgreSQL 17).")
            cursor.execute(f'VACUUM (FULL) "{table}"')
