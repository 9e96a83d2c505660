"""The verbs of a nomination. Each locks the row, checks state and right, writes, and leaves a line in the trail."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localdate

from campaigns.models import Campaign, Door
from campaigns.selectors.work import find_nomination_assignment
from campaigns.services.doors import require_nomination_door
from campaigns.services.work import mark_nominated, require_in_time
from exemplars.dissolved_units import find_rule
from exemplars.models import Nomination, Remark
from exemplars.returning import tell_followers
from exemplars.selectors.nominations import find_edition, find_place, list_evidence, list_nominations
from exemplars.services.assessments import store_assessment
from exemplars.workflow import REQUIRED_TO_SUBMIT, TRANSITIONS, Action
from units.actors import Actor
from units.folding import fold, nfc
from units.models import AwardTitle, Person, Unit
from units.refusals import RefusedError
from units.selectors.organisation import name_on, stands_on, successor_of
from units.selectors.signing import freeze_signature
from units.services.audit import record_act
from units.services.people import describe_person

# What a clerk writes, in the order of the form; reviewers' remarks use the same names.
TEXT_FIELDS = ("position", "duties", "achievements", "initiatives", "community")


class ConflictError(Exception):
    """Somebody else saved the draft first. `current` is what stands now; nothing of the second save was written."""

    def __init__(self, current: Nomination) -> None:
        super().__init__("stale version")
        self.current = current


def _lock(nomination: Nomination) -> Nomination:
    return list_nominations().select_for_update(of=("self",)).get(pk=nomination.pk)


def _require(nomination: Nomination, action: Action, actor: Actor) -> None:
    """Refuse an action that the table does not allow in this state, not to this actor, or not to their unit."""
    transition = TRANSITIONS[action]
    if not actor.may(transition.permission):
        raise RefusedError(
            f"Tư cách đang làm việc không được «{transition.label}».", remedy="Đổi sang tư cách có nhiệm vụ này."
        )
    place = find_place(nomination, transition.place)
    if place is not None and place.pk != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit} không «{transition.label}» đề nghị này được.",
            why=f"Việc này thuộc {place}; đơn vị khác chỉ xem.",
            remedy=f"Liên hệ {place} nếu cần.",
        )
    if nomination.state not in transition.sources:
        raise RefusedError(
            f"Không thể «{transition.label}» lúc này.",
            why=f"Đề nghị đang ở bước «{nomination.get_state_display()}».",
            remedy="Mở lại đề nghị để xem ai đã làm gì.",
            way_out=(nomination.get_absolute_url(), "Xem tình trạng hiện nay"),
        )


def _move(nomination: Nomination, action: Action, *, actor: Actor, fields: Mapping[str, Any] | None = None) -> None:
    nomination.state = TRANSITIONS[action].target
    nomination.version += 1
    for name, value in (fields or {}).items():
        setattr(nomination, name, value)
    nomination.save(update_fields=["state", "version", *(fields or {})])
    record_act(action.value, nomination, actor=actor)


def _require_standing(unit: Unit, day: date, *, person: Person | None = None) -> None:
    """Refuse a unit that does not stand on `day`, whatever the year of the achievement.

    People are not barred: whoever worked in a unit that is gone is put forward by the unit where they work now, also
    for a year before.
    """
    if stands_on(unit, day):
        return
    called = name_on(unit, day).name
    if unit.valid_from > day:
        raise RefusedError(
            f"{called} chưa hoạt động vào ngày {day:%d/%m/%Y} nên chưa lập được đề nghị.",
            why=f"Đơn vị hoạt động từ ngày {unit.valid_from:%d/%m/%Y}.",
            remedy="Chờ đến ngày đó, hoặc chọn đơn vị đang hoạt động.",
        )
    rule = find_rule(day)
    ended = f"{called} đã thôi hoạt động sau ngày {unit.valid_to:%d/%m/%Y}"
    why = f"{rule.words} ({rule.citation})." if rule else "Đơn vị không còn hoạt động thì không đề nghị được."
    heir = successor_of(unit, day)
    receiver = name_on(heir, day).name if heir else "đơn vị kế thừa"
    if person is not None:
        raise RefusedError(
            f"Hồ sơ của {person.full_name} còn ở {called}, đơn vị này đã thôi hoạt động sau ngày "
            f"{unit.valid_to:%d/%m/%Y}.",
            why=why,
            remedy=f"Chuyển hồ sơ cán bộ sang {receiver} trước, rồi đơn vị đó lập đề nghị.",
        )
    raise RefusedError(
        f"{ended} nên không thể được đề nghị.",
        why=why,
        remedy=f"Thành tích của cá nhân do {receiver} đề nghị; tập thể chỉ đề nghị được đơn vị đang hoạt động.",
    )


def create_nomination(
    campaign: Campaign,
    *,
    recognition: AwardTitle,
    year: int,
    nominee: Person | Unit,
    actor: Actor,
    day: date,
    at: datetime,
) -> Nomination:
    """Open a draft for a person or the collective of the actor's own unit.

    Refuses a year outside the campaign or without criteria, a nominee of another unit, a unit that does not stand on
    `day`, and a second nomination of the same nominee for the same recognition and year.
    """
    if not campaign.opens_on.year <= year <= campaign.closes_on.year:
        raise RefusedError(
            f"Năm {year} nằm ngoài thời gian của phong trào.",
            why=f"Phong trào diễn ra từ năm {campaign.opens_on.year} đến năm {campaign.closes_on.year}.",
            remedy="Chọn một năm trong khoảng đó.",
        )
    if find_edition(campaign.issuer, recognition.code, year) is None:
        raise RefusedError(
            f"Chưa có bản quy định tiêu chuẩn nào cho «{recognition}» năm {year}.",
            remedy="Chọn năm khác, hoặc báo Thường trực Hội đồng để ban hành tiêu chuẩn.",
        )
    person, collective = (nominee, None) if isinstance(nominee, Person) else (None, nominee)
    if (person.unit_id if person else nominee.pk) != actor.unit.pk:
        raise RefusedError(
            f"{nominee} không thuộc {actor.unit}, nên đơn vị không đề nghị được.",
            why="Mỗi đơn vị chỉ đề nghị người và tập thể của mình.",
            remedy="Nếu người này mới chuyển đến, cập nhật nơi công tác trước khi lập đề nghị.",
        )
    nominee_name = nominee.full_name if isinstance(nominee, Person) else nominee.short_name
    _require_standing(actor.unit, day, person=person)
    nomination = Nomination(
        unit=actor.unit,
        campaign=campaign,
        recognition=recognition,
        year=year,
        person=person,
        collective=collective,
        nominee_name=nominee_name,
        folded_nominee=fold(nominee_name),
        position=describe_person(person, min(day, date(year, 12, 31))) if person else "",
        created_by=actor.account,
        created_at=at,
        saved_at=at,
    )
    try:
        with transaction.atomic():
            nomination.save(force_insert=True)
            record_act("create", nomination, actor=actor)
    except IntegrityError as error:
        raise RefusedError(
            f"Đã có một đề nghị «{recognition}» năm {year} cho {nominee}.",
            why="Mỗi cá nhân, tập thể chỉ được đề nghị một lần cho một nội dung trong một năm.",
            remedy="Mở đề nghị đã có trong danh sách Đề nghị để sửa tiếp, hoặc rút đề nghị đó trước.",
        ) from error
    return nomination


@transaction.atomic
def save_nomination(
    nomination: Nomination, texts: Mapping[str, str], *, version: int, actor: Actor, at: datetime
) -> Nomination:
    """Keep what the clerk wrote. Raises `ConflictError` when somebody saved after `version` was read."""
    nomination = _lock(nomination)
    if not nomination.stands_open:
        raise RefusedError(
            "Đề nghị này không còn sửa được.",
            why=f"Đề nghị đang ở bước «{nomination.get_state_display()}».",
            remedy="Nếu cần sửa, đề nghị người đang giữ hồ sơ trả lại bổ sung.",
        )
    if nomination.version != version:
        raise ConflictError(nomination)
    changed = [name for name in TEXT_FIELDS if name in texts and getattr(nomination, name) != nfc(texts[name])]
    if not changed:
        return nomination
    for name in changed:
        setattr(nomination, name, nfc(texts[name]))
    nomination.version += 1
    nomination.saved_at = at
    nomination.save(update_fields=[*changed, "version", "saved_at"])
    record_act("save", nomination, actor=actor, fields=changed)
    return nomination


def list_missing(nomination: Nomination) -> list[tuple[str, str]]:
    """What must be filled before submitting: field names with what to say."""
    missing = [
        (name, f"{label}: chưa ghi. Báo cáo thành tích cần có mục này.")
        for name, label in REQUIRED_TO_SUBMIT.items()
        if not getattr(nomination, name).strip()
    ]
    if not list_evidence(nomination).exists():
        missing.append(("evidence", "Minh chứng: chưa có tệp nào. Đính kèm ít nhất một văn bản chứng minh."))
    return missing


def _asks(nomination: Nomination) -> tuple[int, str, int]:
    return nomination.campaign_id, nomination.recognition.code, nomination.year


def _require_door(nomination: Nomination, day: date, at: datetime) -> None:
    """A nomination leaves its unit for the first time only while its deadline stands and its phase takes any."""
    if nomination.forwarded_at is not None:
        return
    assignment = find_nomination_assignment(
        nomination.campaign_id, nomination.unit, nomination.recognition.code, nomination.year
    )
    if assignment is None:
        raise RefusedError(
            f"Kế hoạch không giao {nomination.unit} đề nghị «{nomination.recognition}» năm {nomination.year}.",
            remedy="Xem lại phong trào đã chọn, hoặc hỏi Thường trực Hội đồng.",
        )
    require_in_time(assignment, at=at)
    require_nomination_door(Door.NOMINATE, _asks(nomination), day=day, assignment=assignment)


@transaction.atomic
def submit_nomination(nomination: Nomination, *, actor: Actor, day: date, at: datetime) -> Nomination:
    """Put the nomination to the unit's head. Refuses an unfinished one, and one after its deadline."""
    nomination = _lock(nomination)
    _require(nomination, Action.SUBMIT, actor)
    _require_standing(nomination.unit, day)
    # Its unit may be the heir by now, which took over a draft that names the unit it replaced.
    if nomination.collective is not None:
        _require_standing(nomination.collective, day)
    missing = list_missing(nomination)
    if missing:
        raise RefusedError(
            "Đề nghị chưa đủ nội dung để trình.",
            why=" ".join(text for _, text in missing),
            remedy="Bổ sung các mục trên rồi trình lại; nội dung đã lưu vẫn còn.",
        )
    _require_door(nomination, day, at)
    Remark.objects.filter(nomination=nomination, resolved_at__isnull=True).update(resolved_at=at)
    _move(nomination, Action.SUBMIT, actor=actor)
    store_assessment(nomination, occasion=Action.SUBMIT, day=day, at=at)
    return nomination


@transaction.atomic
def withdraw_nomination(nomination: Nomination, *, actor: Actor) -> Nomination:
    """Take the nomination back before it leaves the unit; it stays on record, and a new one may be opened."""
    nomination = _lock(nomination)
    _require(nomination, Action.WITHDRAW, actor)
    _move(nomination, Action.WITHDRAW, actor=actor)
    return nomination


@transaction.atomic
def forward_nomination(nomination: Nomination, *, actor: Actor, day: date, at: datetime) -> Nomination:
    """The head, or who stands in, approves and sends it up; the unit's obligation to nominate is met by the first.

    Lasting: form and name of the signature, as they stand today.
    """
    nomination = _lock(nomination)
    _require(nomination, Action.FORWARD, actor)
    _require_standing(nomination.unit, day)
    _require_door(nomination, day, at)
    assignment = find_nomination_assignment(
        nomination.campaign_id, nomination.unit, nomination.recognition.code, nomination.year
    )
    fields = {"forwarded_at": nomination.forwarded_at or at, "signature": freeze_signature(actor, day)}
    _move(nomination, Action.FORWARD, actor=actor, fields=fields)
    store_assessment(nomination, occasion=Action.FORWARD, day=day, at=at)
    if assignment is not None:
        mark_nominated(assignment, actor=actor, at=at)
    return nomination


@transaction.atomic
def _return(
    nomination: Nomination, action: Action, remarks: Mapping[str, str], *, actor: Actor, at: datetime
) -> Nomination:
    nomination = _lock(nomination)
    _require(nomination, action, actor)
    told = {field: nfc(text).strip() for field, text in remarks.items() if text.strip()}
    if not told:
        raise RefusedError(
            "Chưa ghi chỗ nào cần bổ sung.",
            why="Đơn vị cần biết phải sửa gì và vì sao.",
            remedy="Ghi lý do ở ít nhất một mục rồi trả lại.",
        )
    if action is Action.RETURN:
        require_nomination_door(Door.APPRAISE, _asks(nomination), day=localdate(at))
    last = Remark.objects.filter(nomination=nomination).aggregate(last=Max("round"))["last"] or 0
    Remark.objects.bulk_create(
        [
            Remark(
                unit=nomination.unit,
                nomination=nomination,
                round=last + 1,
                field=field,
                text=text,
                made_by=actor.role.label if actor.role else "",
                made_at=at,
            )
            for field, text in told.items()
        ]
    )
    _move(nomination, action, actor=actor)
    tell_followers(nomination, actor=actor, at=at)
    return nomination


def send_back_nomination(
    nomination: Nomination, remarks: Mapping[str, str], *, actor: Actor, at: datetime
) -> Nomination:
    """The unit's head gives it back to the clerk with reasons by field."""
    return _return(nomination, Action.SEND_BACK, remarks, actor=actor, at=at)


def return_nomination(nomination: Nomination, remarks: Mapping[str, str], *, actor: Actor, at: datetime) -> Nomination:
    """The secretariat gives it back to the unit with reasons by field; nothing of it is deleted."""
    return _return(nomination, Action.RETURN, remarks, actor=actor, at=at)


@transaction.atomic
def accept_nomination(nomination: Nomination, *, actor: Actor, day: date, at: datetime) -> Nomination:
    """The secretariat finds the dossier complete: it goes before the council, criteria unmet or not.

    Refuses while the campaign's phase is not appraising.
    """
    nomination = _lock(nomination)
    _require(nomination, Action.ACCEPT, actor)
    if nomination.collective is not None:
        _require_standing(nomination.collective, day)
    require_nomination_door(Door.APPRAISE, _asks(nomination), day=day)
    _move(nomination, Action.ACCEPT, actor=actor)
    store_assessment(nomination, occasion=Action.ACCEPT, day=day, at=at)
    return nomination


@transaction.atomic
def conclude(nomination: Nomination, *, recognised: bool, actor: Actor) -> Nomination:
    """Record what the decision says of the nomination. Called when a decision is issued."""
    nomination = _lock(nomination)
    action = Action.RECOGNISE if recognised else Action.DECLINE
    _require(nomination, action, actor)
    _move(nomination, action, actor=actor)
    return nomination


@transaction.atomic
def revoke_recognition(nomination: Nomination, *, actor: Actor) -> Nomination:
    """Record that a later decision took the recognition back. Called when that decision is issued."""
    nomination = _lock(nomination)
    _require(nomination, Action.REVOKE, actor)
    _move(nomination, Action.REVOKE, actor=actor)
    return nomination
