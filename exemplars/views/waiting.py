"""What the navigation says of nominations."""

from django.urls import reverse

from exemplars.selectors.nominations import find_awaited_state, list_waiting_for
from exemplars.workflow import AWAITED
from units.actors import Actor
from units.frame import Waiting
from units.paging import count_waiting


def find_waiting(actor: Actor) -> Waiting | None:
    """Nominations on the actor's desk, with the list that shows just them."""
    state = find_awaited_state(actor)
    if state is None:
        return None
    address = f"{reverse('exemplars:nomination-list')}?state={state.value}"
    return Waiting(count_waiting(list_waiting_for(actor)), AWAITED[state][1], address)
