"""Doing what is owed, or asking for more time."""

from datetime import date, datetime

from django.db import transaction

from campaigns.calendar import closing_instant, short_day
from campaigns.models import Assignment, ExtensionRequest, ExtensionState, ObligationKind
from campaigns.services.expected import tell_addressee
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act

ASK_FOR_TIME = "Mở Việc phải làm, chọn việc này và gửi đề nghị gia hạn; khi được gia hạn thì thực hiện lại."


def require_in_time(assignment: Assignment, *, at: datetime) -> None:
    """Refuse what comes after the end of the assignment's last day; `at` is the database's instant."""
    last_day = assignment.last_day
    if last_day is None or at < closing_instant(last_day):
        return
    raise RefusedError(
        f"Đã hết hạn từ hết ngày {short_day(last_day)}, nên chưa gửi được.",
        why=f"Thời hạn của việc «{assignment.obligation.title}» do {assignment.obligation.owed_to} đặt ra.",
        remedy=ASK_FOR_TIME,
        way_out=(f"{assignment.get_absolute_url()}#gia-han", "Đề nghị gia hạn"),
    )


def _lock(assignment: Assignment) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("unit", "obligation__owed_to")
        .get(pk=assignment.pk)
    )


@transaction.atomic
def complete_assignment(
    assignment: Assignment, *, document_number: str, document_date: date, actor: Actor, at: datetime
) -> Assignment:
    """Record that the unit sent what it owed, by its document. Late is recorded as late, not refused.

    Nominations are not completed here: they are when the first one leaves the unit.
    """
    assignment = _lock(assignment)
    if assignment.done_at is not None:
        raise RefusedError(
            "Việc này đã được ghi nhận hoàn thành.",
            why=f"Văn bản đã gửi: {assignment.document_number}.",
            remedy="Không cần làm gì thêm.",
        )
    if assignment.obligation.kind == ObligationKind.NOMINATION:
        raise RefusedError(
            "Việc đề nghị được ghi nhận khi hồ sơ được chuyển lên cấp trên.",
            why="Phần mềm tự ghi nhận khi thủ trưởng duyệt và chuyển đề nghị đầu tiên.",
            remedy="Lập đề nghị, trình thủ trưởng duyệt và chuyển.",
        )
    assignment.done_at, assignment.document_number, assignment.document_date = at, document_number, document_date
    assignment.save(update_fields=["done_at", "document_number", "document_date"])
    tell_addressee(assignment)
    record_act("complete", assignment, actor=actor, document_number=document_number)
    return assignment


@transaction.atomic
def mark_nominated(assignment: Assignment, *, actor: Actor, at: datetime) -> None:
    """The unit's first nomination left it: the obligation to nominate is met. Later ones change nothing."""
    assignment = _lock(assignment)
    if assignment.done_at is None:
        assignment.done_at = at
        assignment.save(update_fields=["done_at"])
        tell_addressee(assignment)
        record_act("complete", assignment, actor=actor)


@transaction.atomic
def request_extension(
    assignment: Assignment, *, until: date, reason: str, actor: Actor, at: datetime
) -> ExtensionRequest:
    """Ask the one who is owed for more time. One request at a time; it changes no deadline by itself."""
    assignment = _lock(assignment)
    if assignment.last_day is None:
        raise RefusedError("Việc này chưa có thời hạn nên không cần gia hạn.", remedy="Thực hiện và gửi khi sẵn sàng.")
    if until.year > assignment.last_day.year + 1:
        raise RefusedError(
            f"Ngày xin gia hạn {short_day(until)} quá xa.",
            why=f"Thời hạn hiện nay là hết ngày {short_day(assignment.last_day)}.",
            remedy="Xin gia hạn đến một ngày trong năm đó hoặc năm sau.",
        )
    if until <= assignment.last_day:
        raise RefusedError(
            f"Ngày xin gia hạn phải sau ngày {short_day(assignment.last_day)}.",
            why="Đó là ngày cuối cùng hiện nay.",
            remedy="Chọn một ngày muộn hơn.",
        )
    if assignment.extension_requests.filter(state=ExtensionState.ASKED).exists():
        raise RefusedError(
            "Đơn vị đã có một đề nghị gia hạn đang chờ trả lời.",
            remedy="Chờ trả lời, hoặc liên hệ Thường trực Hội đồng.",
        )
    request = ExtensionRequest.objects.create(
        unit=assignment.unit, assignment=assignment, asked_by=actor.account, asked_at=at, until=until, reason=reason
    )
    tell_addressee(assignment)
    record_act("request-extension", request, actor=actor, until=until.isoformat())
    return request


@transaction.atomic
def answer_extension(
    request: ExtensionRequest, *, grant: bool, answer: str, actor: Actor, at: datetime
) -> ExtensionRequest:
    """Grant or decline. Granting moves the unit's last day; the words of the answer are kept either way.

    Refuses who is neither the unit that is owed nor above it: nobody gives more time to themselves.
    """
    request = (
        ExtensionRequest.objects.select_for_update(of=("self",))
        .select_related("unit", "assignment__obligation__owed_to")
        .get(pk=request.pk)
    )
    owed_to = request.assignment.obligation.owed_to
    if not actor.unit.contains(owed_to.path):
        raise RefusedError(
            f"{actor.unit} không trả lời được đề nghị gia hạn này.",
            why=f"Việc này gửi về {owed_to}, nên nơi đó trả lời.",
            remedy=f"Liên hệ {owed_to}.",
        )
    if request.state != ExtensionState.ASKED:
        raise RefusedError("Đề nghị gia hạn này đã được trả lời.", why=f"Kết quả: {request.get_state_display()}.")
    return answer_asked(request, grant=grant, answer=answer, actor=actor, at=at)


def answer_asked(
    request: ExtensionRequest, *, grant: bool, answer: str, actor: Actor, at: datetime
) -> ExtensionRequest:
    """Write the answer to a locked request that waits for one, in the transaction of whoever may give it."""
    request.state = ExtensionState.GRANTED if grant else ExtensionState.DECLINED
    request.answer, request.answered_at = answer, at
    request.save(update_fields=["state", "answer", "answered_at"])
    assignment = _lock(request.assignment)
    if grant:
        assignment.last_day = request.until
        assignment.deadline_version += 1
        assignment.deadline_moved_at = at
        assignment.save(update_fields=["last_day", "deadline_version", "deadline_moved_at"])
    tell_addressee(assignment)
    record_act("grant-extension" if grant else "decline-extension", request, actor=actor)
    return request
