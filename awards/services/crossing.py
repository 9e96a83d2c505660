"""Cases that cross to the conference of a cluster: sent and withdrawn by a member, received, returned and answered.

Everything is found and checked in the actor's own scope; `campaigns.services.crossing.both_sides` is entered for the
rows of the other side alone. The sender's row is always locked first, then what lies with the leading unit: the case,
its sitting, the copy. Without the copy's lock nobody says that it stands on no agenda. Where the original nomination is
locked, to be sent or to be given back, that comes before all of these.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import FileField
from django.utils.timezone import localdate

from awards.models import (
    OPEN_FILINGS,
    AgendaItem,
    Ballot,
    CaseFiling,
    CaseLetterKind,
    FilingState,
    ReceivedCase,
    Sitting,
    SittingState,
)
from awards.selectors.crossing import SENDABLE, FrozenHonour, find_asking, list_sendable, list_untold
from awards.services.case_letters import tell_lead, tell_senders
from awards.services.sittings import RUNNING, remove_agenda_item
from campaigns.models import ClusterYear
from campaigns.selectors.clusters import find_acting_head
from campaigns.services.crossing import both_sides, require_head, require_membership
from exemplars.models import Evidence, Nomination
from exemplars.selectors.nominations import find_latest_assessment, list_evidence
from exemplars.workflow import CROSSED
from units.actors import Actor
from units.models import TenantModel, Unit
from units.refusals import RefusedError
from units.selectors.organisation import stands_on
from units.selectors.record import list_honours
from units.services.audit import record_act

R = TypeVar("R", bound=TenantModel)
RELOAD = "Tải lại trang để xem tình trạng mới nhất."


@transaction.atomic
def send_case(
    year: ClusterYear, nomination: Nomination, *, papers: Collection[UUID], actor: Actor, at: datetime
) -> CaseFiling:
    """Send a nomination to the year's conference: a frozen copy is laid with the unit that leads, with these papers.

    What crosses is what a council reads: texts, the findings of the last assessment without what it read, standing
    honours, special cases. Refuses a unit outside the cluster, a year without a head, what `list_sendable` does not
    name, and a second sending while one stands.
    """
    require_membership(year, actor.unit)
    lead = find_acting_head(year)
    if lead is None:
        raise RefusedError(
            f"{year} chưa có đơn vị trưởng để nhận.",
            why="Hội nghị do đơn vị trưởng chủ trì.",
            remedy="Đề nghị cơ quan quản lý khu vực, cụm, khối ghi đơn vị trưởng theo quyết định.",
        )
    nomination = _lock_sendable(year, nomination, actor)
    kept = list(list_evidence(nomination).filter(pk__in=list(papers)))
    filing = CaseFiling(
        unit=nomination.unit,
        year=year,
        nomination=nomination,
        sender=actor.unit,
        addressee=lead,
        sent_label=actor.label,
        sent_at=at,
        evidence=[str(one.pk) for one in kept],
    )
    try:
        with transaction.atomic():
            filing.save(force_insert=True)
    except IntegrityError:
        raise _refuse_unsendable(nomination, year) from None
    record_act("send-case", filing, actor=actor, conference=str(year), lead=lead.short_name, papers=len(kept))
    _lay_copy(filing, nomination, kept, actor=actor)
    return filing


def _lock_sendable(year: ClusterYear, nomination: Nomination, actor: Actor) -> Nomination:
    found = (
        Nomination.objects.select_for_update(of=("self",))
        .select_related("unit", "recognition")
        .filter(pk=nomination.pk)
        .first()
    )
    if found is None or not list_sendable(year, actor.unit).filter(pk=found.pk).exists():
        raise _refuse_unsendable(nomination, year)
    return found


def _refuse_unsendable(nomination: Nomination, year: ClusterYear) -> RefusedError:
    if CaseFiling.objects.filter(nomination=nomination, year=year).exclude(state__in=_OVER).exists():
        return RefusedError(
            f"{nomination.nominee_name} đã được gửi tới Hội nghị này.",
            why="Mỗi đề nghị có một bản đứng tên trước Hội nghị; bản đã gửi không sửa được.",
            remedy="Mở lần gửi trong danh sách; nếu cần gửi bản khác, rút bản đã gửi trước khi mở bỏ phiếu.",
        )
    return RefusedError(
        f"Chưa gửi được {nomination.nominee_name} tới Hội nghị {year}.",
        why="Chỉ gửi được đề nghị của đơn vị và đơn vị trực thuộc, thủ trưởng đã duyệt, chưa có kết luận, đúng năm và "
        "đúng danh hiệu mà phong trào của khu vực, cụm, khối xét.",
        remedy="Xem danh sách «Có thể gửi»; nếu thiếu danh hiệu, liên hệ đơn vị chủ trì.",
    )


_OVER = (FilingState.RETURNED, FilingState.WITHDRAWN)


def _lay_copy(filing: CaseFiling, nomination: Nomination, papers: Sequence[Evidence], *, actor: Actor) -> None:
    lead = filing.addressee
    assessment = find_latest_assessment(nomination)
    special = list(nomination.special_cases.all())
    honours = list_honours(person=nomination.person_id, collective=nomination.collective_id)
    frozen = [FrozenHonour.freeze(one) for one in honours]
    own = nomination.origin_id or nomination.unit_id
    with both_sides():
        copy = _clone(
            nomination,
            lead,
            state=CROSSED,
            origin_id=own,
            created_by=actor.account,
            saved_at=filing.sent_at,
            forwarded_at=filing.sent_at,
            signature={},
        )
        for one in (*papers, *special):
            _clone(one, lead, nomination=copy)
        if assessment is not None:
            # What the criteria read stays at home: a council reads findings.
            _clone(assessment, lead, nomination=copy, question={})
        case = ReceivedCase.objects.create(
            unit=lead,
            filing=filing.pk,
            year=filing.year,
            sender=filing.sender,
            nomination=copy,
            honours=frozen,
            sent_label=filing.sent_label,
            sent_at=filing.sent_at,
        )
        record_act("take-case", case, actor=actor, source=filing.sender.short_name, nominee=copy.nominee_name)
        tell_lead([filing], CaseLetterKind.ARRIVED, lead=lead, actor=actor, at=filing.sent_at)


def _clone(row: R, unit: Unit, **changes: Any) -> R:
    """The same row as `unit` holds it: a key of its own; of a file the same bytes."""
    deferred = row.get_deferred_fields() - set(changes)
    values = {
        one.attname: str(getattr(row, one.attname)) if isinstance(one, FileField) else getattr(row, one.attname)
        for one in row._meta.concrete_fields  # noqa: SLF001  Django documents _meta as public
        if one.attname not in {"id", "unit_id", "unit_path"} | deferred and one.name not in changes
    }
    copy = type(row)(id=uuid4(), unit=unit, **{**values, **changes})
    copy.save(force_insert=True)
    return copy


@transaction.atomic
def withdraw_case(filing: CaseFiling, *, actor: Actor, at: datetime) -> CaseFiling:
    """Take a case back. It leaves the agenda on which it stands; refused once a ballot that asks about it opened."""
    filing = _lock_own(filing, actor, localdate(at))
    if filing.state not in OPEN_FILINGS:
        raise RefusedError(
            "Không rút được lần gửi này.", why=f"Tình trạng: {filing.get_state_display().lower()}.", remedy=RELOAD
        )
    with both_sides():
        case = _lock_case(filing.pk)
        _take_off_agenda(case, actor=actor)
        _write(filing, case, state=FilingState.WITHDRAWN, answered_label=actor.label, answered_at=at)
        record_act("lose-case", case, actor=actor, source=filing.sender.short_name)
        tell_lead([filing], CaseLetterKind.WITHDRAWN, lead=case.unit, actor=actor, at=at)
    record_act("withdraw-case", filing, actor=actor, conference=str(filing.year))
    return filing


def _lock_own(filing: CaseFiling, actor: Actor, day: date) -> CaseFiling:
    """Lock what the actor's unit sent. When the sender ended, whoever keeps its archive stands for it."""
    locked = (
        CaseFiling.objects.select_for_update(of=("self",))
        .select_related("sender", "addressee", "year__cluster", "nomination", "unit")
        .get(pk=filing.pk)
    )
    sender = locked.sender
    is_heir = not stands_on(sender, day) and actor.unit.contains(sender.path)
    if sender.pk != actor.unit.pk and not is_heir:
        raise RefusedError(
            f"{actor.unit} không rút được trường hợp này.",
            why=f"{sender} đã gửi; đơn vị khác chỉ xem.",
            remedy=f"Liên hệ {sender} nếu cần.",
        )
    return locked


def _take_off_agenda(case: ReceivedCase, *, actor: Actor) -> None:
    """Inside `both_sides`. The sitting is locked before the copy, as everywhere."""
    standing = AgendaItem.objects.filter(nomination=case.nomination, sitting__state=SittingState.PLANNED)
    for item in standing.select_related("sitting"):
        Sitting.objects.select_for_update(of=("self",)).get(pk=item.sitting_id)
        if Ballot.objects.filter(sitting=item.sitting_id, state__in=RUNNING).exists():
            raise RefusedError(
                "Không rút được: chương trình Hội nghị đã chốt.",
                why="Đơn vị chủ trì đã mở bỏ phiếu; danh sách bầu giữ nguyên cho tới khi kiểm phiếu.",
                remedy="Liên hệ thư ký Hội nghị.",
            )
        _require_unasked(case)
        remove_agenda_item(item, actor=actor)
    if _lock_agenda(case):
        raise RefusedError("Đơn vị chủ trì vừa đưa trường hợp này vào chương trình.", remedy=f"{RELOAD} Rồi rút lại.")
    _require_unasked(case)


def _lock_agenda(case: ReceivedCase) -> bool:
    """Whether the case stands on the agenda of a sitting; until the transaction ends nobody puts it on another."""
    copy = Nomination.cases.select_for_update(of=("self",)).get(pk=case.nomination_id)
    return AgendaItem.objects.filter(nomination=copy, sitting__state=SittingState.PLANNED).exists()


def _require_unasked(case: ReceivedCase) -> None:
    if find_asking(case.nomination) is not None:
        # Both sides are told this: how the leading unit names its ballots is its own.
        raise RefusedError(
            "Không rút, không trả lại được: Hội nghị đã mở bỏ phiếu về trường hợp này.",
            why="Danh sách bầu giữ nguyên từ khi mở bỏ phiếu; kết quả trả lời trường hợp này.",
            remedy="Chờ đơn vị chủ trì gửi kết quả.",
        )


@transaction.atomic
def receive_cases(year: ClusterYear, cases: Collection[UUID], *, actor: Actor, at: datetime) -> list[ReceivedCase]:
    """Confirm having these cases; from now on they may go onto the agenda. Returns those received now.

    Refuses whoever does not lead the year's work, an empty choice, and cases that their senders have meanwhile
    withdrawn or may no longer send.
    """
    require_head(year, find_acting_head(year), actor.unit)
    asked = ReceivedCase.objects.filter(unit=actor.unit, year=year, pk__in=list(cases), state=FilingState.SENT)
    keys = list(asked.order_by("filing").values_list("filing", flat=True))
    if not keys:
        raise RefusedError(
            "Chưa có trường hợp nào để tiếp nhận.",
            why="Chưa chọn trường hợp nào, hoặc đơn vị gửi đã rút.",
            remedy="Tải lại trang, chọn trường hợp rồi bấm Tiếp nhận.",
        )
    received = []
    with both_sides():
        filings = _lock_filings(keys)
        if len(filings) < len(keys):
            raise _missing()
        for filing in filings:
            case = _lock_case(filing.pk)
            _require_still_sent(filing, case)
            _write(filing, case, state=FilingState.RECEIVED, received_label=actor.label, received_at=at)
            record_act("receive-case", filing, actor=actor, lead=actor.unit.short_name)
            received.append(case)
        tell_senders(filings, CaseLetterKind.RECEIVED, actor=actor, at=at)
    for case in received:
        record_act("receive-case", case, actor=actor, lead=actor.unit.short_name)
    return received


def _require_still_sent(filing: CaseFiling, case: ReceivedCase) -> None:
    if filing.state != FilingState.SENT:
        raise RefusedError(f"{filing.sender} vừa rút {case.nomination.nominee_name}.", remedy=RELOAD)
    if filing.nomination.state not in SENDABLE:
        raise RefusedError(
            f"Chưa tiếp nhận được {case.nomination.nominee_name}.",
            why=f"Ở {filing.sender}, đề nghị này nay không còn ở bước gửi Hội nghị.",
            remedy="Trả lại đơn vị gửi kèm lý do; đơn vị gửi lại khi đề nghị được duyệt.",
        )


@transaction.atomic
def return_case(case: ReceivedCase, *, reason: str, actor: Actor, at: datetime) -> ReceivedCase:
    """Give a case back with a reason; the sender may send it again. Refused while it stands on an agenda, and once
    a ballot asked about it. A unit that led the year before a hand-over still gives back what it holds."""
    with both_sides():
        filing = next(iter(_lock_filings([case.filing])), None)
        if filing is None:
            raise _missing()
        locked = _lock_case(case.filing)
        if locked.unit_id != actor.unit.pk or locked.state not in OPEN_FILINGS:
            raise RefusedError(
                "Không trả lại được trường hợp này.",
                why=f"Tình trạng: {locked.get_state_display().lower()}.",
                remedy=RELOAD,
            )
        if _lock_agenda(locked):
            raise RefusedError(
                f"{locked.nomination.nominee_name} đang ở trong chương trình họp.",
                remedy="Bỏ trường hợp này ra khỏi chương trình rồi trả lại.",
            )
        _require_unasked(locked)
        _give_back(filing, locked, reason, actor=actor, at=at)
        tell_senders([filing], CaseLetterKind.RETURNED, actor=actor, at=at)
    return locked


def _give_back(filing: CaseFiling, case: ReceivedCase, reason: str, *, actor: Actor, at: datetime) -> None:
    """Inside `both_sides`, rows locked."""
    _write(filing, case, state=FilingState.RETURNED, answer=reason[:2000], answered_label=actor.label, answered_at=at)
    record_act("return-case", filing, actor=actor, lead=case.unit.short_name, reason=reason)
    record_act("return-case", case, actor=actor, lead=case.unit.short_name, reason=reason)


@transaction.atomic
def announce_cases(sitting: Sitting, *, actor: Actor, at: datetime) -> list[ReceivedCase]:
    """Tell every sender what the counts of a sitting said of its cases; returns those told.

    It stands with the original nomination as a proposal and changes no state of it: a decision is made by whoever
    has the authority. May be repeated after a later count, and tells what is new. Refused while a ballot is under
    way, and when there is nothing new to tell.
    """
    with both_sides():
        filings = _lock_filings(case.filing for case, _ in list_untold(sitting))
    sitting = Sitting.objects.select_for_update(of=("self",)).select_related("unit").get(pk=sitting.pk)
    if Ballot.objects.filter(sitting=sitting, state__in=RUNNING).exists():
        raise RefusedError(
            "Đang có lượt bỏ phiếu chưa kiểm phiếu.",
            why="Kết quả gửi các đơn vị phải là kết quả đã kiểm.",
            remedy="Đóng và kiểm phiếu, rồi gửi kết quả.",
        )
    # Asked again under the locks; what was counted in between is told the next time.
    results = {case.filing: words for case, words in list_untold(sitting)}
    told, cases = [one for one in filings if one.pk in results], []
    with both_sides():
        for filing in told:
            case = _lock_case(filing.pk)
            _write(filing, case, state=FilingState.ANNOUNCED, results=results[filing.pk], announced_at=at)
            record_act("announce-case", filing, actor=actor, lead=sitting.unit.short_name, told=_in_words(filing))
            cases.append(case)
        tell_senders(told, CaseLetterKind.ANNOUNCED, actor=actor, at=at)
    if not cases:
        raise RefusedError(
            "Không có kết quả mới để gửi.",
            why="Chưa kiểm phiếu trường hợp nào của đơn vị khác, hoặc kết quả hiện có đã gửi.",
            remedy="Kiểm phiếu trước; sau mỗi lượt mới có thể gửi lại.",
        )
    record_act("announce-cases", sitting, actor=actor, cases=len(cases))
    return cases


def _in_words(filing: CaseFiling) -> str:
    return "; ".join(f"{one['ballot']}: {one['words'].lower()} ({one['figures']})" for one in filing.results)


def return_all(unit: Unit, *, reason: str, actor: Actor, at: datetime) -> int:
    """Give back whatever `unit` holds and no ballot asked about, because it ends; return how many."""
    with both_sides():
        held = ReceivedCase.objects.filter(unit=unit, state__in=OPEN_FILINGS)
        filings = {one.pk: one for one in _lock_filings(held.values_list("filing", flat=True))}
        cases = [_lock_case(key) for key in filings]
        free = [one for one in cases if find_asking(one.nomination) is None]
        for case in free:
            _give_back(filings[case.filing], case, reason, actor=actor, at=at)
        tell_senders([filings[one.filing] for one in free], CaseLetterKind.RETURNED, actor=actor, at=at)
    return len(free)


@transaction.atomic
def mark_reopened(nomination: Nomination, *, actor: Actor, at: datetime) -> None:
    """Mark on both sides that what lies with a conference is older than the mending of its original, and tell the lead.

    Called when the nomination is given back, in that transaction, the nomination locked. Moves nothing: the conference
    decides what it votes on. What was announced is over; what is marked keeps its day and nobody is told again.
    """
    asked = CaseFiling.objects.filter(nomination=nomination, state__in=OPEN_FILINGS, reopened_at__isnull=True)
    keys = list(asked.values_list("pk", flat=True))
    if not keys:
        return
    with both_sides():
        # Looked at under the lock: one may have been withdrawn, returned or announced while it was waited for.
        filings = [one for one in _lock_filings(keys) if one.state in OPEN_FILINGS and one.reopened_at is None]
        for filing in filings:
            case = _lock_case(filing.pk)
            _write(filing, case, reopened_at=at)
            record_act("outdate-case", case, actor=actor, source=filing.sender.short_name)
            tell_lead([filing], CaseLetterKind.REOPENED, lead=case.unit, actor=actor, at=at)
    for filing in filings:
        record_act("reopen-case", filing, actor=actor, conference=str(filing.year), lead=filing.addressee.short_name)


def _lock_filings(keys: Iterable[UUID]) -> list[CaseFiling]:
    """In the order of their keys, whoever locks them."""
    found = CaseFiling.objects.select_for_update(of=("self",)).filter(pk__in=list(keys)).order_by("pk")
    return list(found.select_related("unit", "sender", "addressee", "year__cluster", "nomination"))


def _lock_case(filing: UUID) -> ReceivedCase:
    locked = ReceivedCase.objects.select_for_update(of=("self",)).filter(filing=filing)
    found = locked.select_related("unit", "sender", "year__cluster", "nomination").first()
    if found is None:
        raise _missing()
    return found


def _missing() -> RefusedError:
    return RefusedError(
        "Không tìm thấy bản tương ứng ở đơn vị bên kia.",
        why="Bản này chỉ còn để tra cứu.",
        remedy="Liên hệ đơn vị đó để gửi lại nếu cần.",
    )


def _write(filing: CaseFiling, case: ReceivedCase, **values: Any) -> None:
    """The same on both sides."""
    for row in (filing, case):
        for name, value in values.items():
            setattr(row, name, value)
        row.save(update_fields=list(values))
