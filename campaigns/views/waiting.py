"""What the navigation says of submissions and of campaigns that came down."""

from campaigns.selectors.board import BoardState
from campaigns.selectors.cascade import list_unacknowledged_in
from campaigns.selectors.filings import list_waiting
from units.actors import Actor
from units.addresses import address_of
from units.clock import today
from units.frame import Desk, Rows
from units.prepared import Asked


def find_waiting(actor: Actor) -> Desk | None:
    """Submissions sent to the actor's unit that nobody received yet."""
    if not actor.may("campaigns.receive_submission"):
        return None
    address = f"{address_of('campaigns:filing-board')}?state={BoardState.SENT.value}&past=on"
    return Desk("bản nộp chờ tiếp nhận", (Rows(Asked(list_waiting, (actor.unit,)), address),))


def find_unacknowledged(actor: Actor) -> Desk | None:
    """Running campaigns that the actor's unit has received and not acknowledged."""
    if not actor.may("campaigns.acknowledge_campaign"):
        return None
    asked = Asked(list_unacknowledged_in, ([actor.unit], today()))
    found = Rows(asked, address_of("campaigns:campaign-receipt-list"))
    return Desk("phong trào chờ xác nhận đã nhận", (found,))
