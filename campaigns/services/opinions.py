"""Opinions on drafts, and pledges: the head asks every member, each answers once, everybody's copy says so."""

import uuid
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from campaigns.calendar import closing_instant, short_day
from campaigns.models import (
    ClusterPledge,
    ClusterYear,
    OpinionAnswer,
    OpinionRequest,
    OpinionRound,
    PledgeSignature,
    Verdict,
)
from campaigns.selectors.clusters import find_acting_head, list_member_units
from campaigns.services.crossing import both_sides, copy_file, keep_file, require_head, require_membership
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


@transaction.atomic
def ask_opinion(
    year: ClusterYear,
    file: "UploadedFile[bytes]",
    *,
    title: str,
    about: str,
    last_day: date,
    actor: Actor,
    day: date,
    at: datetime,
) -> OpinionRound:
    """Put a draft to every other member, who may answer until the end of `last_day`.

    Refuses whoever does not lead the year's work, a day that has passed, and a cluster without other members.
    """
    require_head(year, find_acting_head(year), actor.unit)
    if last_day < day:
        raise RefusedError(f"Ngày {short_day(last_day)} đã qua.", remedy="Ghi hôm nay hoặc một ngày sau hôm nay.")
    others = [unit for unit in list_member_units(year) if unit.pk != actor.unit.pk]
    if not others:
        raise RefusedError(f"{year} chưa có thành viên nào khác.", remedy="Kiểm tra danh sách thành viên.")
    said: dict[str, Any] = {"title": nfc(title).strip(), "about": nfc(about).strip(), "last_day": last_day}
    draft = keep_file(file, actor.unit, at=at)
    asked = OpinionRound.objects.create(unit=actor.unit, year=year, draft=draft, sent_at=at, **said)
    OpinionAnswer.objects.bulk_create(OpinionAnswer(unit=actor.unit, round=asked, member=unit) for unit in others)
    record_act("ask-opinion", asked, actor=actor, units=len(others), until=last_day.isoformat())
    with both_sides():
        for unit in others:
            request = OpinionRequest.objects.create(
                unit=unit,
                round=asked.pk,
                year=year,
                head=actor.unit,
                draft=copy_file(draft, unit, at=at),
                sent_at=at,
                **said,
            )
            record_act("receive-draft", request, actor=actor, source=actor.unit.short_name)
    return asked


@transaction.atomic
def answer_opinion(
    request: OpinionRequest, *, verdict: Verdict, words: str, actor: Actor, at: datetime
) -> OpinionRequest:
    """Answer a draft before the end of its last day, by the database's instant. A later answer replaces the former.

    Refuses an answer after the deadline, and one that disagrees or is of another kind without words.
    """
    request = OpinionRequest.objects.select_for_update(of=("self",)).select_related("unit", "head").get(pk=request.pk)
    if request.unit_id != actor.unit.pk:
        raise RefusedError(f"Ý kiến này do {request.unit} trả lời.", remedy=f"Liên hệ {request.unit}.")
    if at >= closing_instant(request.last_day):
        raise RefusedError(
            f"Đã hết hạn góp ý từ hết ngày {short_day(request.last_day)}.",
            why=f"Thời hạn do {request.head} đặt.",
            remedy=f"Gửi ý kiến bằng văn bản tới {request.head}.",
        )
    written = nfc(words).strip()
    if verdict != Verdict.AGREE and not written:
        raise RefusedError("Chưa ghi nội dung ý kiến.", remedy="Nói rõ chỗ nào chưa nhất trí và nên sửa thế nào.")
    said: dict[str, Any] = {
        "verdict": verdict,
        "words": written,
        "answered_by": actor.account.display_name,
        "answered_at": at,
    }
    for name, value in said.items():
        setattr(request, name, value)
    request.save(update_fields=list(said))
    record_act("answer-opinion", request, actor=actor)
    with both_sides():
        OpinionAnswer.objects.filter(round=request.round, member=actor.unit).update(**said)
    return request


@transaction.atomic
def open_pledge(year: ClusterYear, *, title: str, text: str, actor: Actor, at: datetime) -> ClusterPledge:
    """Lay the text of a pledge with every member, to be signed. It is not changed after.

    Refuses whoever does not lead the year's work.
    """
    require_head(year, find_acting_head(year), actor.unit)
    said: dict[str, Any] = {
        "pledge": uuid.uuid4(),
        "year": year,
        "head": actor.unit,
        "title": nfc(title).strip(),
        "text": nfc(text).strip(),
        "opened_at": at,
    }
    own = ClusterPledge.objects.create(unit=actor.unit, **said)
    record_act("open-pledge", own, actor=actor)
    with both_sides():
        for unit in list_member_units(year):
            if unit.pk != actor.unit.pk:
                copy = ClusterPledge.objects.create(unit=unit, **said)
                record_act("receive-pledge", copy, actor=actor, source=actor.unit.short_name)
    return own


@transaction.atomic
def sign_pledge(pledge: ClusterPledge, *, position: str, actor: Actor, at: datetime) -> PledgeSignature:
    """Sign for the unit, in the name of who acts. Every member's copy lists it. Signed once, not taken back.

    Refuses a unit that does not belong to the cluster that year, and one that signed.
    """
    pledge = (
        ClusterPledge.objects.select_for_update(of=("self",))
        .select_related("unit", "year__cluster__keeper")
        .get(pk=pledge.pk)
    )
    if pledge.unit_id != actor.unit.pk:
        raise RefusedError(f"Bản này của {pledge.unit}.", remedy="Mở bản của đơn vị mình để ký.")
    require_membership(pledge.year, actor.unit)
    standing = pledge.signatures.filter(member=actor.unit).first()
    if standing:
        raise RefusedError(
            f"{actor.unit} đã ký giao ước này.", why=f"Người ký: {standing.signed_by}.", remedy="Không cần ký lại."
        )
    said: dict[str, Any] = {
        "member": actor.unit,
        "signed_by": actor.account.display_name,
        "position": nfc(position).strip(),
        "signed_at": at,
    }
    with both_sides():
        for copy in ClusterPledge.objects.filter(pledge=pledge.pledge).select_related("unit"):
            PledgeSignature.objects.get_or_create(copy=copy, member=actor.unit, defaults={"unit": copy.unit} | said)
    signature = pledge.signatures.get(member=actor.unit)
    record_act("sign-pledge", pledge, actor=actor, who=signature.signed_by)
    return signature
