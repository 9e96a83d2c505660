"""Jobs of councils."""

from celery import shared_task

from awards.services import sweeping
from units.scoping import maintenance_scope
from units.services import outbox


@shared_task
def sweep_urns(*, ballot: str, outbox_key: str) -> None:
    """After an urn was opened. Doing it twice changes nothing."""
    with maintenance_scope("The tables of urns and ballots are rewritten as a whole, those of every council."):
        sweeping.sweep_urns()
    outbox.finish(outbox_key)
