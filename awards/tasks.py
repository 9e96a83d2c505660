"""Jobs of councils and decisions."""

from uuid import UUID

from celery import shared_task

from awards.services import publications
from campaigns.services.handover import NotOursError
from units.scoping import maintenance_scope
from units.services import outbox


@shared_task
def send_result_letter(*, letter_id: str, outbox_key: str) -> None:
    with maintenance_scope("A letter is sent by the system, in no unit's name."):
        try:
            publications.send_result_letter(UUID(letter_id))
        except NotOursError:
            return
    outbox.finish(outbox_key)
