"""Minutes before the first signature: drafted, written, sent, recalled; and after it, the draft of a correction."""

import hashlib
from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localtime

from awards.models import (
    Ballot,
    BallotState,
    Minutes,
    MinutesKind,
    MinutesSignature,
    MinutesState,
    SignatureState,
    Sitting,
    SittingState,
)
from awards.selectors.minutes_facts import MinutesFacts, find_faults, find_hour_of_closing, gather_minutes
from awards.services.minutes_letters import tell_secretaries, tell_signers
from awards.signing import make_signable
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import flush_file

Render = Callable[[MinutesFacts], bytes]
MISSING = {
    MinutesKind.MEETING: ("Phiên họp chưa kết thúc.", "Kết thúc phiên họp rồi lập biên bản họp."),
    MinutesKind.COUNT: ("Lượt bỏ phiếu chưa kiểm phiếu.", "Kiểm phiếu rồi lập biên bản kiểm phiếu."),
}


@transaction.atomic
def draft_minutes(sitting: Sitting, *, ballot: Ballot | None, actor: Actor) -> Minutes:
    """Begin the minutes of a closed sitting, or of the count of `ballot`. Refused while there is a version that stands.

    What the last recalled version said in words is taken over.
    """
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("unit", "council").get(pk=sitting.pk)
    kind = MinutesKind.COUNT if ballot else MinutesKind.MEETING
    is_ready = ballot.state == BallotState.COUNTED if ballot else sitting.state == SittingState.CLOSED
    if not is_ready:
        why, remedy = MISSING[kind]
        raise RefusedError("Chưa lập được biên bản.", why=why, remedy=remedy)
    before = Minutes.objects.filter(sitting=sitting, ballot=ballot, kind=kind).order_by("-version").first()
    if before and before.state != MinutesState.RECALLED:
        raise RefusedError(
            f"{before} đã được lập.",
            why=f"Bản {before.version}: {before.get_state_display().lower()}.",
            remedy="Mở bản đó để viết tiếp, rút lại, hoặc lập biên bản điều chỉnh.",
        )
    if before:
        return _next_version(before, actor=actor)
    closed = find_hour_of_closing(sitting) if ballot is None else None
    minutes = Minutes.objects.create(
        unit=sitting.unit,
        sitting=sitting,
        ballot=ballot,
        kind=kind,
        began_at=sitting.starts_at if ballot is None else None,
        ended_at=localtime(closed).time().replace(second=0, microsecond=0) if closed else None,
    )
    record_act("draft-minutes", minutes, actor=actor, version=1)
    return minutes


def _next_version(before: Minutes, *, actor: Actor, corrects: Minutes | None = None, reason: str = "") -> Minutes:
    # The number stays with the paper that carried it: a correction is a paper of its own.
    minutes = Minutes.objects.create(
        unit=before.unit,
        sitting=before.sitting,
        ballot=before.ballot,
        kind=before.kind,
        version=before.version + 1,
        corrects=corrects or before.corrects,
        reason=reason or before.reason,
        number="" if corrects else before.number,
        began_at=before.began_at,
        ended_at=before.ended_at,
        course=before.course,
        opinions=before.opinions,
    )
    record_act("draft-minutes", minutes, actor=actor, version=minutes.version)
    return minutes


def lock_minutes(minutes: Minutes) -> Minutes:
    return (
        Minutes.objects.select_for_update(of=("self",))
        .select_related("sitting__council", "sitting__unit", "ballot", "unit", "corrects")
        .get(pk=minutes.pk)
    )


def require_state(minutes: Minutes, *states: str, remedy: str) -> None:
    if minutes.state not in states:
        raise RefusedError(
            "Biên bản không còn ở bước này.",
            why=f"Bản {minutes.version}: {minutes.get_state_display().lower()}.",
            remedy=remedy,
        )


@transaction.atomic
def write_minutes(
    minutes: Minutes,
    *,
    number: str,
    course: str,
    opinions: str,
    actor: Actor,
    began_at: time | None = None,
    ended_at: time | None = None,
) -> Minutes:
    """Keep what a person may say in a draft: number, hours, course of the meeting, opinions. Never a figure."""
    minutes = lock_minutes(minutes)
    require_state(minutes, MinutesState.DRAFT, remedy="Đã gửi ký thì rút lại trước khi sửa.")
    minutes.number, minutes.course, minutes.opinions = number, nfc(course).strip(), nfc(opinions).strip()
    minutes.began_at, minutes.ended_at = began_at, ended_at
    minutes.save(update_fields=["number", "course", "opinions", "began_at", "ended_at"])
    record_act("write-minutes", minutes, actor=actor, version=minutes.version)
    return minutes


@transaction.atomic
def send_minutes(minutes: Minutes, *, render: Render, actor: Actor, at: datetime) -> Minutes:
    """Make the paper, keep its bytes and name who has to sign. Refused while anything in it does not hold."""
    minutes = lock_minutes(minutes)
    require_state(minutes, MinutesState.DRAFT, remedy="Tải lại trang để xem tình trạng hiện nay.")
    facts = gather_minutes(minutes)
    faults = find_faults(facts)
    if faults:
        raise RefusedError(
            "Chưa gửi ký được biên bản.",
            why=" ".join(faults),
            remedy="Viết bổ sung ở trang này; số liệu chỉ đổi được ở điểm danh, chương trình và kiểm phiếu.",
        )
    keep_bytes(minutes, make_signable(render(facts)))
    minutes.state, minutes.sent_at, minutes.sent_sha256 = MinutesState.SENT, at, minutes.sha256
    minutes.save(update_fields=["state", "sent_at", "sent_sha256", "sha256", "file"])
    MinutesSignature.objects.bulk_create(
        MinutesSignature(
            unit=minutes.unit, minutes=minutes, member=one.member, order=order, duty=one.duty, name=one.name
        )
        for order, one in enumerate(facts.signers, 1)
    )
    tell_signers(minutes)
    record_act("send-minutes", minutes, actor=actor, version=minutes.version, sha256=minutes.sha256)
    return minutes


def keep_bytes(minutes: Minutes, content: bytes) -> None:
    """Put bytes on the disk under a name of their own, before the row that points to them commits."""
    minutes.sha256 = hashlib.sha256(content).hexdigest()
    minutes.file.save(f"{minutes.sha256[:16]}.pdf", ContentFile(content), save=False)
    flush_file(Path(minutes.file.path))


def read_bytes(minutes: Minutes) -> bytes:
    """The kept bytes, or a refusal when they are not those that were kept."""
    try:
        with minutes.file.open("rb") as file:
            content: bytes = file.read()
    except OSError:
        content = b""
    if hashlib.sha256(content).hexdigest() != minutes.sha256:
        raise RefusedError(
            "Tệp biên bản trên máy chủ không còn đúng như khi lưu.",
            why="Mã băm của tệp khác mã đã ghi, hoặc không còn tệp.",
            remedy="Không ký, không dùng tệp này; báo người quản trị khôi phục từ bản sao lưu.",
        )
    return content


@transaction.atomic
def recall_minutes(minutes: Minutes, *, actor: Actor) -> Minutes:
    """Take back what nobody has signed yet and begin its next version. After a signature only a correction follows."""
    minutes = lock_minutes(minutes)
    require_state(
        minutes,
        MinutesState.SENT,
        remedy="Đã có chữ ký thì không rút, không sửa được nữa: lập biên bản điều chỉnh, ghi lý do.",
    )
    minutes.state = MinutesState.RECALLED
    minutes.save(update_fields=["state"])
    record_act("recall-minutes", minutes, actor=actor, version=minutes.version)
    return _next_version(minutes, actor=actor)


@transaction.atomic
def correct_minutes(minutes: Minutes, *, reason: str, actor: Actor) -> Minutes:
    """Begin a correction of minutes that somebody has signed; they stay as they are, and the correction names them."""
    # The sitting's row stands before all versions: two corrections may not begin at once.
    Sitting.objects.select_for_update(of=("self",)).get(pk=minutes.sitting_id)
    minutes = lock_minutes(minutes)
    require_state(
        minutes,
        MinutesState.SIGNING,
        MinutesState.COMPLETE,
        remedy="Chưa ai ký thì rút lại để sửa, không cần biên bản điều chỉnh.",
    )
    later = Minutes.objects.filter(
        sitting=minutes.sitting, ballot=minutes.ballot, kind=minutes.kind, version__gt=minutes.version
    )
    if later.exists():
        raise RefusedError(
            "Biên bản này đã có bản sau.",
            why="Chỉ điều chỉnh bản mới nhất.",
            remedy="Mở bản mới nhất từ trang phiên họp.",
        )
    minutes_of_correction = _next_version(minutes, actor=actor, corrects=minutes, reason=reason)
    record_act("correct-minutes", minutes, actor=actor, version=minutes.version, reason=reason)
    return minutes_of_correction


def finish_when_signed(minutes: Minutes, *, at: datetime) -> None:
    """After a signature: nothing changes any more, and with the last one the minutes are complete."""
    waiting = MinutesSignature.objects.filter(minutes=minutes).exclude(state=SignatureState.SIGNED).exists()
    minutes.state = MinutesState.SIGNING if waiting else MinutesState.COMPLETE
    minutes.completed_at = None if waiting else at
    minutes.save(update_fields=["state", "completed_at"])
    if not waiting:
        tell_secretaries(minutes, at=at)
