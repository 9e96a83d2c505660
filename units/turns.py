"""One after the other, where no row stands that could be locked: a first entry, or two tables that share a number."""

from django.db import connection


def wait_turn(matter: str) -> None:
    """Wait until nobody else is at `matter`, and keep it until the transaction ends; needs a transaction.

    What was read before may be old: ask again afterwards. Two matters may share a turn by chance, which only waits.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [matter])
