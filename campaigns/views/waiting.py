"""What the navigation says of submissions and of campaigns that came down."""

from django.urls import reverse

from campaigns.selectors.board import BoardState
from campaigns.selectors.cascade import count_unacknowledged
from campaigns.selectors.filings import count_waiting
from units.actors import Actor
from units.clock import today
from units.frame import Waiting


def find_waiting(actor: Actor) -> Waiting | None:
    """Submissions sent to the actor's unit that nobody received yet."""
    if not actor.may("campaigns.receive_submission"):
        return None
    address = f"{reverse('campaigns:filing-board')}?state={BoardState.SENT.value}"
    return Waiting(count_waiting(actor.unit), "bản nộp chờ tiếp nhận", address)


def find_unacknowledged(actor: Actor) -> Waiting | None:
    """Running campaigns that the actor's unit has received and not acknowledged."""
    if not actor.may("campaigns.acknowledge_campaign"):
        return None
    number = count_unacknowledged(actor.unit, today())
    return Waiting(number, "phong trào chờ xác nhận đã nhận", reverse("campaigns:campaign-receipt-list"))
