"""The whole proof, from building the world to throwing it away."""

from units.isolation.addresses import try_addresses
from units.isolation.pages import harmless
from units.isolation.statements import try_statements
from units.isolation.tally import Tally
from units.isolation.world import World, throw_away


def prove_isolation(only: str | None = None) -> Tally:
    """Try every table and every address. Changes nothing: the transaction is rolled back whatever happens."""
    tally = Tally()
    # The folder for files comes first: rows of the world carry some.
    with harmless(), throw_away():
        world = World()
        if only != "addresses":
            try_statements(world, tally)
        if only != "statements":
            try_addresses(world, tally)
    return tally
