"""The verbs of a submission. Each locks what it changes, checks state, right and place, writes, and leaves a line.

The assignment is locked before its submission, always in this order.
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from campaigns.models import (
    Assignment,
    Door,
    ExemplarRegistration,
    FilingKind,
    IndicatorValue,
    RegisteredSubject,
    Submission,
    SubmissionPaper,
    TitleRegistration,
)
from campaigns.receipt_codes import make_code, show_code
from campaigns.selectors.filings import (
    describe_excess,
    find_counted_at,
    fits_place,
    is_registration,
    list_papers,
    list_submissions,
    list_titles,
    list_wanted,
)
from campaigns.selectors.targets import list_missing_values
from campaigns.services.doors import require_door
from campaigns.services.expected import tell_addressee
from campaigns.services.filing_copies import lay_copies, tell_receivers
from campaigns.services.return_letters import promise_return_letters
from campaigns.workflow import TRANSITIONS, FilingAction, FilingPlace, SubmissionState
from units.actors import Actor
from units.folding import nfc
from units.refusals import RefusedError
from units.services.audit import record_act

CODE_TRIES = 3


def lock_assignment(assignment: Assignment) -> Assignment:
    return (
        Assignment.objects.select_for_update(of=("self",))
        .select_related("unit", "obligation__owed_to", "obligation__campaign")
        .get(pk=assignment.pk)
    )


def lock_submission(submission: Submission) -> Submission:
    """The submission as it stands, its assignment locked with it."""
    lock_assignment(submission.assignment)
    return list_submissions().select_for_update(of=("self",)).get(pk=submission.pk)


def require_open(submission: Submission, actor: Actor) -> None:
    """Refuse a change to what is no draft of the actor's own unit."""
    if submission.unit_id != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không sửa được bản nộp này.",
            why=f"Bản nộp là của {submission.unit}.",
            remedy=f"Liên hệ {submission.unit} nếu cần.",
        )
    if not submission.is_open:
        raise RefusedError(
            "Bản nộp này không còn sửa được.",
            why=f"Tình trạng hiện nay: «{submission.get_state_display()}».",
            remedy="Rút lại khi chưa được tiếp nhận, hoặc lập bản mới sau khi bị trả lại.",
        )


def _require(submission: Submission, action: FilingAction, actor: Actor) -> None:
    """Refuse an action that the table does not allow in this state, not to this actor, or not to their unit."""
    transition = TRANSITIONS[action]
    if not actor.may(transition.permission):
        raise RefusedError(
            f"Tư cách đang làm việc không được «{transition.label}».", remedy="Đổi sang tư cách có nhiệm vụ này."
        )
    if not fits_place(submission, transition.place, actor.unit):
        owed_to = submission.assignment.obligation.owed_to
        place = submission.unit if transition.place is FilingPlace.OWN else owed_to
        raise RefusedError(
            f"{actor.unit} không «{transition.label}» bản nộp này được.",
            why=f"Việc này thuộc {place}; đơn vị khác chỉ xem.",
            remedy=f"Liên hệ {place} nếu cần.",
        )
    if submission.state not in transition.sources:
        raise RefusedError(
            f"Không thể «{transition.label}» lúc này.",
            why=f"Tình trạng hiện nay: «{submission.get_state_display()}».",
            remedy="Tải lại trang để xem tình trạng mới nhất.",
        )


def _move(submission: Submission, action: FilingAction, *, actor: Actor, fields: dict[str, Any], **said: Any) -> None:
    submission.state = TRANSITIONS[action].target
    for name, value in fields.items():
        setattr(submission, name, value)
    submission.save(update_fields=["state", *fields])
    record_act(action.value, submission, actor=actor, version=submission.version, **said)


@transaction.atomic
def start_submission(assignment: Assignment, *, actor: Actor, at: datetime) -> Submission:
    """Open a draft: the first version, or the next one after a version was returned or withdrawn.

    A next version begins with the papers, registrations and values of the one before. A draft that stands is given
    back. Refuses nominations, what another unit owes, and what was handed in already.
    """
    assignment = lock_assignment(assignment)
    if assignment.unit_id != actor.unit.pk or assignment.merged_into_id is not None:
        raise RefusedError(
            f"{actor.unit} không nộp thay cho {assignment.unit} được.",
            why="Mỗi đơn vị nộp phần việc của mình.",
            remedy=f"Liên hệ {assignment.unit} nếu cần.",
        )
    if not assignment.obligation.takes_submissions:
        raise RefusedError(
            "Việc này không gửi bằng bản nộp.",
            why="Đề nghị được chuyển bằng hồ sơ đề nghị; sự kiện không có giấy tờ thì chỉ ghi nhận.",
            remedy="Mở việc để xem cách thực hiện.",
        )
    last = Submission.objects.filter(assignment=assignment, is_latest=True).select_for_update().first()
    if last is not None and last.is_open:
        return last
    if assignment.done_at is not None:
        raise RefusedError(
            "Việc này đã được gửi.",
            why="Mỗi lúc chỉ có một bản nộp còn hiệu lực.",
            remedy="Muốn thay, rút bản đã gửi khi chưa được tiếp nhận.",
        )
    if last is not None:
        last.is_latest = False
        last.save(update_fields=["is_latest"])
    submission = Submission.objects.create(
        unit=assignment.unit,
        assignment=assignment,
        version=last.version + 1 if last else 1,
        document_number=last.document_number if last else "",
        document_date=last.document_date if last else None,
        message=last.message if last else "",
        drafted_by=actor.account,
        drafted_at=at,
    )
    if last is not None:
        _copy(last, submission)
    record_act("start-submission", submission, actor=actor, version=submission.version)
    return submission


def _copy(last: Submission, fresh: Submission) -> None:
    """Papers refer to the same stored files; registrations become rows of the new version."""
    unit = fresh.unit
    papers = list(list_papers(last))
    for paper in papers:
        paper.pk, paper.unit, paper.submission = SubmissionPaper().pk, unit, fresh
        paper.unit_path = unit.path
    SubmissionPaper.objects.bulk_create(papers)
    for line in list_titles(last):
        subjects = list(line.subjects.all())
        copied = TitleRegistration.objects.create(unit=unit, submission=fresh, title=line.title, quantity=line.quantity)
        RegisteredSubject.objects.bulk_create(
            [
                RegisteredSubject(
                    unit=unit,
                    unit_path=unit.path,
                    registration=copied,
                    person_id=one.person_id,
                    collective_id=one.collective_id,
                    name=one.name,
                )
                for one in subjects
            ]
        )
    exemplars = list(last.exemplars.all())
    for one in exemplars:
        one.pk, one.unit, one.unit_path, one.submission = ExemplarRegistration().pk, unit, unit.path, fresh
    ExemplarRegistration.objects.bulk_create(exemplars)
    values = list(last.indicator_values.all())
    for value in values:
        value.pk, value.unit, value.unit_path, value.submission = IndicatorValue().pk, unit, unit.path, fresh
    IndicatorValue.objects.bulk_create(values)


@transaction.atomic
def save_submission(
    submission: Submission, *, document_number: str, document_date: date | None, message: str, actor: Actor
) -> Submission:
    """Keep number and date of the document and the words that go along."""
    submission = lock_submission(submission)
    require_open(submission, actor)
    submission.document_number = nfc(document_number).strip()
    submission.document_date, submission.message = document_date, nfc(message).strip()
    submission.save(update_fields=["document_number", "document_date", "message"])
    return submission


def list_missing_parts(submission: Submission, at: datetime) -> list[tuple[str, str]]:
    """What must be there before sending at `at`: anchors of the page with what to say."""
    missing = []
    if not submission.document_number or submission.document_date is None:
        missing.append(("van-ban", "Số, ký hiệu và ngày của văn bản: chưa ghi."))
    for wanted in list_wanted(submission):
        if wanted.is_missing:
            missing.append(("giay-to", f"{wanted.name}: chưa có tệp."))
        excess = describe_excess(submission.assignment.obligation, wanted.name, wanted.max_pages, wanted.pages)
        if excess:
            missing.append(("giay-to", excess))
    kind = submission.assignment.obligation.filing_kind
    if kind == FilingKind.TITLES and not submission.titles.exists():
        missing.append(("danh-hieu", "Danh hiệu đăng ký: chưa có dòng nào."))
    if kind == FilingKind.EXEMPLARS and not submission.exemplars.exists():
        missing.append(("dien-hinh", "Điển hình đăng ký xây dựng: chưa có dòng nào."))
    if kind not in (FilingKind.TITLES, FilingKind.EXEMPLARS) and not list_papers(submission).exists():
        text = "Tệp văn bản: chưa có tệp nào."
        if not missing or missing[-1][0] != "giay-to":
            missing.append(("giay-to", text))
    missing += [
        ("chi-tieu", f"Chỉ tiêu «{one.indicator}»: chưa có số liệu.") for one in list_missing_values(submission, at)
    ]
    return missing


@transaction.atomic
def send_submission(submission: Submission, *, actor: Actor, at: datetime) -> Submission:
    """Hand a draft in: it gets a receipt with a code, and what the unit owed is done.

    Refuses an unfinished one, naming all that is missing, and a registration while the campaign takes none. Late is
    marked, never refused.
    """
    assignment = lock_assignment(submission.assignment)
    submission = list_submissions().select_for_update(of=("self",)).get(pk=submission.pk)
    _require(submission, FilingAction.SEND, actor)
    if assignment.done_at is not None:
        raise RefusedError(
            "Việc này đã được ghi nhận hoàn thành.",
            why=f"Văn bản đã gửi: {assignment.document_number}." if assignment.document_number else "",
            remedy="Không cần gửi thêm. Bản đang soạn có thể bỏ.",
        )
    missing = list_missing_parts(submission, at)
    if missing:
        raise RefusedError(
            "Bản nộp chưa đủ để gửi.",
            why=" ".join(text for _, text in missing),
            remedy="Bổ sung rồi gửi lại; những gì đã ghi và đã tải lên vẫn còn.",
        )
    counted_at = find_counted_at(assignment, at)
    # What was in before and came back for mending keeps its time.
    if is_registration(submission) and counted_at == at:
        obligation = assignment.obligation
        phases = [obligation.phase_id] if obligation.phase_id else []
        require_door(Door.REGISTER, obligation.campaign, phases=phases, day=localdate(at), assignment=assignment)
    fields = {"sent_at": at, "sent_label": actor.label, "counted_at": counted_at}
    _move_with_code(submission, actor=actor, fields=fields)
    assignment.done_at = at
    assignment.document_number, assignment.document_date = submission.document_number, submission.document_date
    assignment.save(update_fields=["done_at", "document_number", "document_date"])
    tell_addressee(assignment)
    lay_copies(submission, actor=actor, at=at)
    return submission


def _move_with_code(submission: Submission, *, actor: Actor, fields: dict[str, Any]) -> None:
    """Codes are drawn by lot; the database refuses one that was given out, and another is drawn."""
    for left in reversed(range(CODE_TRIES)):
        code = make_code()
        try:
            with transaction.atomic():
                _move(
                    submission,
                    FilingAction.SEND,
                    actor=actor,
                    fields=fields | {"receipt_code": code},
                    code=show_code(code),
                )
        except IntegrityError:
            if not left:
                raise
        else:
            return


def _reopen(assignment: Assignment) -> None:
    assignment.done_at, assignment.document_number, assignment.document_date = None, "", None
    assignment.save(update_fields=["done_at", "document_number", "document_date"])
    tell_addressee(assignment)


@transaction.atomic
def withdraw_submission(submission: Submission, *, actor: Actor) -> Submission:
    """Take back what was not received yet, or give a draft up. It stays on record; what was owed is open again."""
    assignment = lock_assignment(submission.assignment)
    submission = list_submissions().select_for_update(of=("self",)).get(pk=submission.pk)
    if submission.state == SubmissionState.RECEIVED:
        raise RefusedError(
            "Bản nộp đã được tiếp nhận nên không rút được nữa.",
            why=f"{submission.received_label} đã tiếp nhận.",
            remedy=f"Liên hệ {submission.assignment.obligation.owed_to} để được trả lại.",
        )
    _require(submission, FilingAction.WITHDRAW, actor)
    was_sent = submission.state == SubmissionState.SENT
    _move(submission, FilingAction.WITHDRAW, actor=actor, fields={})
    if was_sent:
        _reopen(assignment)
        tell_receivers(submission)
    return submission


@transaction.atomic
def receive_submission(submission: Submission, *, actor: Actor, at: datetime) -> Submission:
    """The one who is owed confirms having it; from now on it can be returned, but not withdrawn."""
    submission = lock_submission(submission)
    _require(submission, FilingAction.RECEIVE, actor)
    _move(
        submission,
        FilingAction.RECEIVE,
        actor=actor,
        fields={"received_at": at, "received_label": actor.label},
        code=submission.shown_code,
    )
    tell_receivers(submission)
    return submission


@transaction.atomic
def return_submission(submission: Submission, *, reasons: str, actor: Actor, at: datetime) -> Submission:
    """Give it back with reasons: this version stays as it is, the unit owes a new one, and its clerks are told."""
    assignment = lock_assignment(submission.assignment)
    submission = list_submissions().select_for_update(of=("self",)).get(pk=submission.pk)
    _require(submission, FilingAction.RETURN, actor)
    reasons = nfc(reasons).strip()
    if not reasons:
        raise RefusedError(
            "Chưa ghi lý do trả lại.",
            why="Đơn vị cần biết phải sửa gì và vì sao.",
            remedy="Ghi lý do rồi trả lại.",
        )
    if submission.unit.valid_to is not None and submission.unit.valid_to < localdate(at):
        raise RefusedError(
            f"{submission.unit} đã thôi hoạt động nên không trả lại được.",
            why="Không còn ai ở đơn vị đó để sửa và gửi lại.",
            remedy="Tiếp nhận bản này, và làm việc với đơn vị kế thừa nếu cần bổ sung.",
        )
    fields = {"answer": reasons, "answered_at": at, "answered_label": actor.label}
    _move(submission, FilingAction.RETURN, actor=actor, fields=fields)
    _reopen(assignment)
    tell_receivers(submission)
    promise_return_letters(submission)
    return submission


@transaction.atomic
def approve_submission(submission: Submission, *, actor: Actor, at: datetime) -> Submission:
    """Agree to a registration. What was not received yet is received by it."""
    submission = lock_submission(submission)
    _require(submission, FilingAction.APPROVE, actor)
    if not is_registration(submission):
        raise RefusedError(
            "Chỉ bản đăng ký mới cần duyệt.",
            why=f"Đây là «{submission.assignment.obligation.filing_kind.label}», chỉ cần tiếp nhận.",
            remedy="Tiếp nhận bản nộp.",
        )
    fields: dict[str, Any] = {"answered_at": at, "answered_label": actor.label}
    if submission.received_at is None:
        fields |= {"received_at": at, "received_label": actor.label}
    _move(submission, FilingAction.APPROVE, actor=actor, fields=fields)
    tell_receivers(submission)
    return submission
