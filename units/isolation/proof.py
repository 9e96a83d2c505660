"""The whole proof, from building the world to throwing it away."""

from collections.abc import Collection

from units.isolation.addresses import try_addresses
from units.isolation.pages import harmless
from units.isolation.statements import try_statements
from units.isolation.tally import Tally
from units.isolation.world import World, throw_away


def prove_isolation(only: str | None = None, tables: Collection[str] = ()) -> Tally:
    """Try every table and every address. Changes nothing: the transaction is rolled back whatever happens.

    With `tables`, statements against these alone: for somebody who works on one of them.
    """
    tally = Tally()
    # The folder for files comes first: rows of the world carry some.
    with harmless(), throw_away():
        world = World(tables)
        if only != "addresses":
            try_statements(world, tally)
        if only != "statements" and not tables:
            try_addresses(world, tally)
    return tally
