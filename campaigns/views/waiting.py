"""What the navigation says of submissions."""

from django.urls import reverse

from campaigns.selectors.board import BoardState
from campaigns.selectors.filings import count_waiting
from units.actors import Actor
from units.frame import Waiting


def find_waiting(actor: Actor) -> Waiting | None:
    """Submissions sent to the actor's unit that nobody received yet."""
    if not actor.may("campaigns.receive_submission"):
        return None
    address = f"{reverse('campaigns:filing-board')}?state={BoardState.SENT.value}"
    return Waiting(count_waiting(actor.unit), "bản nộp chờ tiếp nhận", address)
