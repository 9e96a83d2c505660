"""What the navigation says of nominations."""

from exemplars.selectors.nominations import ask_waiting, find_awaited_state
from exemplars.workflow import AWAITED
from units.actors import Actor
from units.addresses import address_of
from units.frame import Desk, Rows


def find_waiting(actor: Actor) -> Desk | None:
    """Nominations on the actor's desk, with the list that shows just them."""
    state, asked = find_awaited_state(actor), ask_waiting(actor)
    if state is None or asked is None:
        return None
    address = f"{address_of('exemplars:nomination-list')}?state={state.value}"
    return Desk(AWAITED[state][1], (Rows(asked, address),))
