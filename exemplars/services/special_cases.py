"""Special cases: the council proposes although criteria are unmet, the deciding authority decides.

Plans know the special case at the level of the sector, where the council puts it to the minister. Who decides at which
level is a dated reading (`SpecialCaseReading`); the one who proposes names the clause that allows it.
"""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.urls import reverse

from exemplars import rules
from exemplars.models import Nomination, SpecialCase, SpecialCaseDecider, SpecialCaseState, TitleLevel
from exemplars.selectors.nominations import find_latest_assessment, find_place, list_nominations
from exemplars.selectors.readings import find_special_case_reading
from exemplars.services.assessments import assess_nomination
from exemplars.workflow import NominationState, Place
from units.actors import Actor
from units.folding import nfc
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act

OPEN = (NominationState.FORWARDED, NominationState.ACCEPTED)


def find_proposer(nomination: Nomination) -> Unit:
    """The unit whose council speaks of the nomination."""
    return find_place(nomination, Place.ADDRESSEE) or nomination.campaign.issuer


def find_decider(nomination: Nomination, day: date) -> Unit:
    """Who decides a case put on `day`; refuses where no reading of the title's level holds then."""
    level = nomination.recognition.level
    reading = find_special_case_reading(level, day)
    if reading is None:
        name = dict(TitleLevel.choices).get(level, level).lower()
        raise RefusedError(
            "Chưa trình theo diện đặc biệt được.",
            why=f"Ngày {day:%d/%m/%Y} chưa có cách hiểu nào nói ai quyết định diện đặc biệt của danh hiệu cấp {name}.",
            remedy="Đề nghị Thường trực Hội đồng của cơ quan cấp trên cùng thêm cách hiểu cho cấp này, rồi trình lại.",
            way_out=(reverse("exemplars:reading-list"), "Xem các cách hiểu đang có"),
        )
    if reading.decided_by == SpecialCaseDecider.TOP:
        return Unit.objects.get(path=nomination.unit.path[: Unit.PATH_STEP])
    return find_proposer(nomination)


def list_unmet(nomination: Nomination, *, day: date) -> list[rules.Finding]:
    """What stands unmet: judged live where the record is in sight, else as stored last."""
    judged = assess_nomination(nomination, day=day)
    stored = None if judged else find_latest_assessment(nomination)
    findings = judged.assessment.findings if judged else rules.read_findings(stored.findings) if stored else ()
    return [one for one in findings if one.status is rules.Status.UNMET]


def may_propose_special_case(nomination: Nomination, actor: Actor, *, has_unmet: bool) -> bool:
    """Whether the page offers it. `has_unmet` is what the page shows anyway."""
    return (
        has_unmet
        and nomination.state in OPEN
        and actor.may("exemplars.propose_special_case")
        and find_proposer(nomination).pk == actor.unit.pk
    )


@transaction.atomic
def propose_special_case(
    nomination: Nomination,
    *,
    reason: str,
    clause: str,
    minutes_number: str,
    minutes_on: date,
    actor: Actor,
    day: date,
    at: datetime,
) -> SpecialCase:
    """Put the council's proposal to whoever decides. Refuses where nothing is unmet, and while another one stands."""
    nomination = list_nominations().select_for_update(of=("self",)).get(pk=nomination.pk)
    proposer = find_proposer(nomination)
    if not actor.may("exemplars.propose_special_case") or actor.unit.pk != proposer.pk:
        raise RefusedError(
            f"{actor.unit} không trình theo diện đặc biệt cho đề nghị này được.",
            why=f"Hội đồng của {proposer} xét đề nghị này.",
            remedy=f"Liên hệ Thường trực Hội đồng của {proposer}.",
        )
    if nomination.state not in OPEN:
        raise RefusedError(
            "Chưa trình theo diện đặc biệt được lúc này.",
            why=f"Đề nghị đang ở bước «{nomination.get_state_display()}».",
            remedy="Trình khi đề nghị đã được chuyển lên và trước khi có quyết định.",
        )
    if minutes_on > day:
        raise RefusedError(f"Ngày biên bản {minutes_on:%d/%m/%Y} ở sau hôm nay.", remedy="Xem lại ngày trên biên bản.")
    unmet = list_unmet(nomination, day=day)
    if not unmet:
        raise RefusedError(
            "Không có tiêu chuẩn nào chưa đạt nên không phải diện đặc biệt.",
            why="Tiêu chuẩn «cần xem xét» do người có trách nhiệm xác nhận, không cần diện đặc biệt.",
            remedy="Trình Hội đồng như các trường hợp khác.",
        )
    case = SpecialCase(
        unit=nomination.unit,
        nomination=nomination,
        criteria=[one.code for one in unmet],
        reason=nfc(reason).strip(),
        clause=nfc(clause).strip(),
        minutes_number=nfc(minutes_number).strip(),
        minutes_on=minutes_on,
        decider=find_decider(nomination, day),
        proposed_by=actor.account,
        proposed_label=actor.label,
        proposed_at=at,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:
        raise RefusedError(
            "Đề nghị này đã được trình theo diện đặc biệt.", remedy="Tải lại trang để xem trường hợp đã trình."
        ) from None
    record_act("propose-special-case", nomination, actor=actor, clause=case.clause, criteria=case.criteria)
    return case


def grant_special_case(nomination: Nomination, *, words: str, actor: Actor, at: datetime) -> SpecialCase:
    """The deciding authority lets the nominee go on although criteria are unmet; the reason stays."""
    return _decide(nomination, SpecialCaseState.GRANTED, words, actor=actor, at=at)


def refuse_special_case(nomination: Nomination, *, words: str, actor: Actor, at: datetime) -> SpecialCase:
    """The deciding authority does not; the council may propose again."""
    return _decide(nomination, SpecialCaseState.REFUSED, words, actor=actor, at=at)


@transaction.atomic
def _decide(nomination: Nomination, state: SpecialCaseState, words: str, *, actor: Actor, at: datetime) -> SpecialCase:
    case = (
        SpecialCase.objects.select_for_update(of=("self",))
        .select_related("decider")
        .filter(nomination=nomination, state=SpecialCaseState.PROPOSED)
        .first()
    )
    if case is None:
        raise RefusedError(
            "Không có trường hợp đặc biệt nào đang chờ quyết định.", remedy="Tải lại trang để xem tình trạng mới nhất."
        )
    if case.decider_id != actor.unit.pk or not actor.may("exemplars.grant_special_case"):
        raise RefusedError(
            f"{actor.unit} không quyết định trường hợp này.",
            why=f"Thẩm quyền thuộc {case.decider}.",
            remedy=f"Chờ ý kiến của {case.decider}.",
        )
    if case.proposed_by_id == actor.account.pk:
        raise RefusedError(
            "Người đã trình theo diện đặc biệt không tự quyết định được.",
            why="Hội đồng trình, cấp có thẩm quyền quyết định.",
            remedy="Chuyển thủ trưởng quyết định.",
        )
    told = nfc(words).strip()
    if not told:
        raise RefusedError("Chưa ghi ý kiến quyết định.", remedy="Ghi lý do chấp thuận hoặc không chấp thuận.")
    case.state, case.decision_words = state, told
    case.decided_by, case.decided_label, case.decided_at = actor.account, actor.label, at
    case.save(update_fields=["state", "decision_words", "decided_by", "decided_label", "decided_at"])
    verb = "grant-special-case" if state is SpecialCaseState.GRANTED else "refuse-special-case"
    record_act(verb, nomination, actor=actor, words=told)
    return case
