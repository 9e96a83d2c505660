"""Answering requests for more time of units out of sight: the addressee of an obligation need not stand above them."""

from datetime import datetime

from django.db import transaction

from campaigns.models import ExpectedWork, ExtensionRequest, ExtensionState
from campaigns.services.crossing import both_sides
from campaigns.services.work import answer_asked
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act


@transaction.atomic
def answer_expected_extension(
    expected: ExpectedWork, *, grant: bool, answer: str, actor: Actor, at: datetime
) -> ExpectedWork:
    """Answer a request for more time of a unit out of sight, as the one who is owed.

    Refuses a unit that is not the addressee, and a request that was answered or taken back.
    """
    expected = (
        ExpectedWork.objects.select_for_update(of=("self",)).select_related("unit", "obligation").get(pk=expected.pk)
    )
    if expected.unit_id != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không trả lời được đề nghị gia hạn này.",
            why=f"Việc này gửi về {expected.unit}, nên nơi đó trả lời.",
            remedy=f"Liên hệ {expected.unit}.",
        )
    if expected.request is None:
        raise RefusedError(
            "Không còn đề nghị gia hạn nào chờ trả lời.", remedy="Tải lại danh sách để xem tình trạng mới nhất."
        )
    with both_sides():
        request = (
            ExtensionRequest.objects.select_for_update(of=("self",)).select_related("unit").get(pk=expected.request)
        )
        if request.state == ExtensionState.ASKED:
            answer_asked(request, grant=grant, answer=answer, actor=actor, at=at)
    expected.refresh_from_db()
    record_act("grant-extension" if grant else "decline-extension", expected, actor=actor)
    return expected
