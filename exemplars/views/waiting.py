"""What the navigation says of nominations."""

from exemplars.selectors.nominations import find_awaited_state, list_waiting_for
from exemplars.workflow import AWAITED
from units.actors import Actor
from units.addresses import address_of
from units.frame import Desk, Rows


def find_waiting(actor: Actor) -> Desk | None:
    """Nominations on the actor's desk, with the list that shows just them."""
    state = find_awaited_state(actor)
    if state is None:
        return None
    address = f"{address_of('exemplars:nomination-list')}?state={state.value}"
    return Desk(AWAITED[state][1], (Rows(list_waiting_for(actor), address),))
