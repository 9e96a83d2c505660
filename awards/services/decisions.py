"""Issuing the decision that carries a count out, or recording that a count recognised nobody."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from awards.models import Ballot, BallotState, Decision, DecisionDraft, DecisionLine
from awards.rule_file import find_delegated_rule, find_signing_rule
from awards.selectors.authority import require_title_authority
from awards.selectors.decisions import concluded_ids, elected_ids, list_decision_delegations
from awards.selectors.drafts import annexed_ids
from awards.terms import ids_of, terms_of
from awards.workflow import DraftState
from campaigns.models import Door
from campaigns.services.doors import require_nomination_door
from exemplars.models import Nomination
from exemplars.services.nominations import conclude
from exemplars.workflow import CROSSED, NominationState
from units.actors import Actor
from units.models import Delegation, Unit
from units.refusals import RefusedError
from units.selectors.organisation import NameLike, names_on, stands_on
from units.selectors.signing import Signer, stand_in_signer
from units.selectors.transfers import find_anywhere
from units.services.audit import record_act
from units.services.honours import grant_honour
from units.turns import wait_turn
from units.uploads import CheckedFile, flush_file

# "KT. CỤC TRƯỞNG", "TL Cục trưởng", "TUQ. …": somebody signs for the head.
DELEGATED = re.compile(r"\s*(KT|TL|TUQ)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SignedDraft:
    """A draft that came back signed, and the paper."""

    draft: DecisionDraft
    scan: CheckedFile


def signer_of(draft: DecisionDraft) -> Signer | Delegation:
    """Whom the draft names to sign it."""
    return draft.delegation or Signer(draft.authority, draft.signer_name)


@transaction.atomic
def issue_decision(
    ballot: Ballot,
    *,
    number: str,
    signed_on: date,
    signer: Signer | Delegation,
    subject: str,
    actor: Actor,
    at: datetime,
    signed: SignedDraft | None = None,
) -> Decision:
    """Write the decision, a line and an honour for each elected nominee, and conclude every decided nomination.

    The head signed it, by name and title; or another did under a delegation, which then names both. Form and name
    stay as they stood on the day of signing. Refuses a unit that may not sign, a signer who may not, a number used in
    the same year, a day that cannot be, one on which the campaign takes no decisions, and a count of which somebody
    else drafts the decision: `signed` is the draft that was. Lasting: a decision issued never changes.
    """
    ballot = lock_counted(ballot)
    _require_undrafted(ballot, signed)
    require_authority(ballot.unit, signed_on)
    _require_day(ballot, signed_on, at)
    signature = find_signature(ballot.unit, signed_on, signer)
    elected = annexed_ids(signed.draft) if signed else elected_ids(ballot)
    if not elected:
        raise RefusedError(
            "Lượt bỏ phiếu này không có trường hợp nào đạt nên không có quyết định công nhận.",
            remedy="Dùng nút ghi nhận kết quả không công nhận ở danh sách.",
        )
    decision = write_decision(
        Decision(
            unit=ballot.unit,
            ballot=ballot,
            number=number,
            signed_on=signed_on,
            signer_name=signature.name,
            signer_title="\n".join(signature.authority),
            delegation=signer if isinstance(signer, Delegation) else None,
            subject=subject,
            issued_at=at,
        ),
        signed=signed,
    )
    nominations = _lock_nominations(ballot)
    require_titles(ballot, signed_on)
    asked = {(one.campaign_id, one.recognition.code, one.year) for one in nominations.values()}
    require_nomination_door(Door.DECIDE, *asked, day=signed_on)
    names = names_on(_units_named(ballot.unit, nominations.values()), signed_on)
    for order, key in enumerate(elected, start=1):
        _recognise(decision, nominations[key], names, order, actor)
    for key in set(nominations).difference(elected):
        conclude(nominations[key], recognised=False, actor=actor)
    record_act("issue-decision", decision, actor=actor, number=number, recognised=len(elected))
    return decision


@transaction.atomic
def conclude_ballot(ballot: Ballot, *, actor: Actor) -> Ballot:
    """Record that a valid count recognised nobody: its nominations are declined, and there is no decision."""
    ballot = lock_counted(ballot)
    if elected_ids(ballot):
        raise RefusedError(
            "Lượt bỏ phiếu này có trường hợp đạt.", remedy="Ban hành quyết định công nhận các trường hợp đó."
        )
    for nomination in _lock_nominations(ballot).values():
        conclude(nomination, recognised=False, actor=actor)
    record_act("conclude-ballot", ballot, actor=actor)
    return ballot


def lock_counted(ballot: Ballot) -> Ballot:
    locked = (
        Ballot.objects.select_for_update(of=("self",))
        .select_related("sitting__council", "unit", "tally")
        .get(pk=ballot.pk)
    )
    if locked.is_proposal:
        raise RefusedError(
            "Lượt này chỉ chọn để đề nghị cấp trên nên không có quyết định của đơn vị.",
            remedy="Gửi danh sách đề nghị cùng biên bản tới cấp có thẩm quyền.",
        )
    require_own_cases(locked)
    if locked.state != BallotState.COUNTED or not locked.tally.result["quorum_met"]:
        raise RefusedError(
            "Lượt bỏ phiếu này chưa có kết quả dùng được.", why=f"Tình trạng: {locked.get_state_display()}."
        )
    issued = Decision.objects.filter(ballot=locked).first()
    if issued is not None:
        raise RefusedError(
            f"Kết quả này đã có quyết định số {issued.number}.", remedy="Mở quyết định đó trong danh sách đã ban hành."
        )
    return locked


def require_own_cases(ballot: Ballot) -> None:
    """Refuse what asked about cases that other units sent to a conference: its result is a proposal, told to them."""
    asked = ids_of(terms_of(ballot).get("candidates", []))
    if Nomination.cases.filter(pk__in=asked, state=CROSSED).exists():
        raise RefusedError(
            "Lượt bỏ phiếu của Hội nghị suy tôn không có quyết định của đơn vị chủ trì.",
            why="Lượt này có trường hợp do đơn vị thành viên gửi; Hội nghị suy tôn, cấp có thẩm quyền quyết định.",
            remedy="Gửi kết quả cho các đơn vị ở trang phiên họp, rồi trình biên bản và danh sách tới cấp quyết định.",
        )


def _require_undrafted(ballot: Ballot, signed: SignedDraft | None) -> None:
    living = DecisionDraft.objects.filter(ballot=ballot).exclude(state=DraftState.VOID)
    if signed:
        living = living.exclude(pk=signed.draft.pk)
    if living.exists():
        raise RefusedError(
            "Kết quả này đã có dự thảo quyết định.",
            why="Quyết định được ghi khi dự thảo đó được ký.",
            remedy="Mở dự thảo trong danh sách để lấy số và ghi bản ký, hoặc hủy dự thảo trước.",
        )


def require_titles(ballot: Ballot, day: date) -> None:
    """Refuse when the unit does not decide a title of those elected on `day`."""
    elected = Nomination.objects.filter(pk__in=elected_ids(ballot)).select_related("recognition")
    require_title_authority(ballot.unit, {one.recognition for one in elected}, day)


def require_authority(unit: Unit, signed_on: date) -> None:
    """Refuse a unit that did not stand on the day, or that the rule of the day does not let sign."""
    if not stands_on(unit, signed_on):
        raise RefusedError(
            f"{unit.name} không hoạt động vào ngày {signed_on:%d/%m/%Y} nên không ban hành được quyết định.",
            why="Chỉ đơn vị đang hoạt động trong ngày ký mới ban hành được quyết định.",
            remedy="Xem lại ngày ký, hoặc trình đơn vị kế thừa ban hành.",
        )
    rule = find_signing_rule(signed_on)
    if rule is None:
        raise RefusedError(
            f"Chưa có quy định về thẩm quyền ký cho ngày {signed_on:%d/%m/%Y}.", remedy="Xem lại ngày ký."
        )
    if rule.requires_legal_personality and not unit.has_legal_personality:
        raise RefusedError(
            f"{unit.name} không có tư cách pháp nhân nên không ban hành được quyết định này.",
            why=f"Căn cứ: {rule.citation}.",
            remedy="Trình đơn vị cấp trên trực tiếp có tư cách pháp nhân ban hành quyết định.",
        )


def find_signature(unit: Unit, signed_on: date, signer: Signer | Delegation) -> Signer:
    """The head as typed; or, under a delegation that stood on the day and covers decisions, who stood in."""
    if isinstance(signer, Signer):
        if DELEGATED.match(signer.authority[0]):
            raise RefusedError(
                f"Quyết định ghi «{signer.authority[0]}» nhưng chưa chọn lần giao ký thay, ủy quyền nào.",
                why="Người ký thay thủ trưởng phải được giao bằng văn bản và lần giao đó được ghi nhận tại đơn vị.",
                remedy="Chọn lần giao ở mục «Ký theo». Nếu chưa có, đề nghị thủ trưởng hoặc quản trị đơn vị ghi nhận.",
            )
        return signer
    standing = list_decision_delegations(unit, signed_on).filter(pk=signer.pk).first()
    if standing is None:
        raise RefusedError(
            f"Lần giao đã chọn không cho ký quyết định của {unit} ngày {signed_on:%d/%m/%Y}.",
            why="Việc giao không có hiệu lực vào ngày ký, hoặc phạm vi giao không gồm quyết định khen thưởng.",
            remedy="Xem lại ngày ký và người ký trên quyết định.",
        )
    rule = find_delegated_rule(signed_on)
    if rule is None or standing.form not in rule.forms:
        raise RefusedError(
            f"Quyết định khen thưởng không ký theo hình thức {standing.form} được.",
            why=f"Căn cứ: {rule.citation}." if rule else "Chưa có quy định cho ngày ký này.",
            remedy="Trình thủ trưởng hoặc người được giao ký thay, ký thừa ủy quyền ký lại quyết định.",
        )
    return stand_in_signer(standing)


def _require_day(ballot: Ballot, signed_on: date, at: datetime) -> None:
    held_on = ballot.sitting.held_on
    if signed_on < held_on:
        raise RefusedError(
            f"Ngày ký {signed_on:%d/%m/%Y} trước ngày họp {held_on:%d/%m/%Y}.", remedy="Xem lại ngày trên quyết định."
        )
    if signed_on > localdate(at):
        raise RefusedError(f"Ngày ký {signed_on:%d/%m/%Y} ở sau hôm nay.", remedy="Xem lại ngày trên quyết định.")


def write_decision(decision: Decision, *, signed: SignedDraft | None = None) -> Decision:
    """Insert it, its scan on the disk before; refuses a number that the unit used in the same year."""
    used = require_free_number(decision.unit, decision.number, decision.signed_on, signed.draft if signed else None)
    if signed:
        decision.scan_name, decision.scan_sha256 = signed.scan.name, signed.scan.sha256
        decision.scan.save(signed.scan.name, ContentFile(signed.scan.content), save=False)
        flush_file(Path(decision.scan.path))
    try:
        # A savepoint: another clerk may have taken the number since we looked.
        with transaction.atomic():
            decision.save(force_insert=True)
    except IntegrityError:
        raise used from None
    return decision


def require_free_number(unit: Unit, number: str, day: date, draft: DecisionDraft | None = None) -> RefusedError:
    """Refuse a number that a decision or another draft of the unit took in that year; return the refusal unraised.

    Until the transaction ends nobody else takes a number of the unit: two tables cannot share one constraint.
    """
    wait_turn(f"decision-number:{unit.pk}")
    used = RefusedError(
        f"Số {number} đã dùng cho một quyết định năm {day.year} của đơn vị.",
        remedy="Xem lại sổ đăng ký văn bản đi và ghi đúng số.",
    )
    others = DecisionDraft.objects.filter(unit=unit, number=number, dated__year=day.year)
    if draft:
        others = others.exclude(pk=draft.pk)
    issued = Decision.objects.filter(unit=unit, number=number, signed_on__year=day.year)
    if issued.exists() or others.exists():
        raise used
    return used


def _lock_nominations(ballot: Ballot) -> dict[str, Nomination]:
    nominations = (
        Nomination.objects.select_for_update(of=("self",))
        .filter(pk__in=concluded_ids(ballot), state=NominationState.ACCEPTED)
        .select_related("person__unit", "collective", "unit", "recognition")
        .order_by("pk")
    )
    found = {str(one.pk): one for one in nominations}
    missing = set(concluded_ids(ballot)).difference(found)
    if missing:
        names = [one["name"] for one in ballot.terms["candidates"] if one["id"] in missing]
        raise RefusedError(
            f"Không còn ở trạng thái trình Hội đồng: {', '.join(names)}.",
            why="Kết quả của các trường hợp này đã được ghi nhận ở nơi khác.",
            remedy="Báo Thường trực Hội đồng kiểm tra trước khi ban hành.",
        )
    return found


def _units_named(issuer: Unit, nominations: Iterable[Nomination]) -> list[Unit]:
    units = [issuer]
    for nomination in nominations:
        units += [nomination.unit, *filter(None, (nomination.collective,))]
    return units


def _recognise(
    decision: Decision, nomination: Nomination, names: Mapping[UUID, NameLike], order: int, actor: Actor
) -> None:
    """Write the award with every unit's name as of the day of the decision."""
    nominee = find_anywhere(nomination.person_id) if nomination.nominee_left else nomination.nominee
    honour = grant_honour(
        title=nomination.recognition,
        year=nomination.year,
        unit=nomination.unit,
        nominee=nominee,
        subject_name=names[nominee.pk].name if isinstance(nominee, Unit) else nomination.nominee_name,
        position=nomination.position,
        unit_name=names[nomination.unit_id].name,
        decision_number=decision.number,
        decided_on=decision.signed_on,
        issuer=names[decision.unit_id].name,
        source=nomination.pk,
        actor=actor,
    )
    DecisionLine.objects.create(
        unit=decision.unit, decision=decision, nomination=nomination, honour=honour, order=order
    )
    conclude(nomination, recognised=True, actor=actor)
