"""What the navigation says of submissions."""

from campaigns.selectors.board import BoardState
from campaigns.selectors.filings import list_waiting
from units.actors import Actor
from units.addresses import address_of
from units.frame import Desk, Rows


def find_waiting(actor: Actor) -> Desk | None:
    """Submissions sent to the actor's unit that nobody received yet."""
    if not actor.may("campaigns.receive_submission"):
        return None
    address = f"{address_of('campaigns:filing-board')}?state={BoardState.SENT.value}"
    return Desk("bản nộp chờ tiếp nhận", (Rows(list_waiting(actor.unit), address),))
