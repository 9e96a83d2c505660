"""From a checked draft to its campaign, by the way that every plan goes."""

import re
from collections import Counter
from datetime import date, datetime

from django.db import transaction
from django.urls import reverse

from campaigns.calendar import short_day
from campaigns.models import Campaign, DraftState, ItemKind, ItemVerdict, PlanDraft, PlanDraftItem
from campaigns.plan_building import bearers, plan_obligation, plan_phase, plan_quota
from campaigns.plan_file import Plan
from campaigns.plan_item_indicators import plan_indicator
from campaigns.plan_items import missing_parts
from campaigns.plan_parts import Citation
from campaigns.plan_phases import describe_overlaps
from campaigns.services.cascade import require_answerable
from campaigns.services.launch import UnknownUnitError, launch_campaign, list_addressed
from campaigns.services.plan_drafts import list_foreign, lock_draft, require_open
from units.actors import Actor
from units.folding import fold
from units.models import LegalDocument, Unit
from units.refusals import RefusedError
from units.services.audit import record_act
from units.turns import wait_turn

_LONGEST_CODE = 60
_LONGEST_CLAUSE = 100


@transaction.atomic
def launch_plan_draft(draft: PlanDraft, *, actor: Actor, day: date, at: datetime) -> Campaign:
    """Write the campaign of what was accepted, and nothing else; the draft is closed and points to it.

    Refuses while an item waits for an answer, while the header was not checked or lacks something, while phases
    overlap or leave the campaign's time, while somebody addressed is unknown, gone, or outside the actor's branch,
    and when the plan's campaign stands already.
    """
    locked = lock_draft(draft)
    require_open(locked, actor)
    items = list(PlanDraftItem.objects.filter(draft=locked).order_by("order"))
    _require_answers(locked, items)
    accepted = [item for item in items if item.verdict == ItemVerdict.ACCEPTED]
    _refuse(locked, _header_problems(locked), "Mở phần đầu kế hoạch, bổ sung rồi lưu.", "plan-draft-edit")
    issuer = locked.issuer
    if issuer is None:
        raise LookupError("The header was checked with an issuer.")
    if locked.responds_to:
        require_answerable(locked.responds_to, issuer)
    problems = _phase_problems(locked, accepted) + _work_problems(locked, accepted, actor.unit, day)
    problems += _indicator_problems(accepted)
    _refuse(locked, problems, "Sửa hoặc bỏ các mục đó rồi lập lại.", "plan-draft-detail")
    plan = _plan_of(locked, issuer, accepted)
    _require_new(plan.code)
    try:
        campaign = launch_campaign(plan, day=day, cluster_year=locked.cluster_year)
    except UnknownUnitError as error:
        raise RefusedError("Chưa lập được phong trào.", why=str(error), remedy="Sửa mục có đơn vị đó.") from error
    locked.state, locked.campaign, locked.launched_at = DraftState.LAUNCHED, campaign, at
    locked.save(update_fields=["state", "campaign", "launched_at"])
    record_act("launch-plan-draft", locked, actor=actor, number=locked.number, items=len(accepted))
    return campaign


def _require_answers(draft: PlanDraft, items: list[PlanDraftItem]) -> None:
    pending = [item for item in items if item.verdict == ItemVerdict.PENDING]
    if pending:
        raise RefusedError(
            f"Còn {len(pending)} mục chưa được xem, nên chưa lập được phong trào.",
            why="Không nội dung nào của văn bản được đưa vào phong trào khi chưa có người xem.",
            remedy="Nhận, sửa hoặc bỏ từng mục còn chờ.",
            way_out=(f"{draft.get_absolute_url()}?show=pending", "Xem các mục còn chờ"),
        )
    if not any(item.kind == ItemKind.OBLIGATION and item.verdict == ItemVerdict.ACCEPTED for item in items):
        raise RefusedError(
            "Chưa lập được phong trào.",
            why="Chưa nhận việc phải làm nào, nên phong trào sẽ không giao việc cho ai.",
            remedy="Nhận ít nhất một việc phải làm.",
        )


def _refuse(draft: PlanDraft, problems: list[str], remedy: str, page: str) -> None:
    if problems:
        raise RefusedError(
            "Chưa lập được phong trào.",
            why=" ".join(problems),
            remedy=remedy,
            way_out=(
                (reverse(f"campaigns:{page}", kwargs={"pk": draft.pk}), "Mở phần đầu kế hoạch")
                if page == "plan-draft-edit"
                else None
            ),
        )


def _header_problems(draft: PlanDraft) -> list[str]:
    needed = {
        "số kế hoạch": draft.number,
        "nơi ban hành": draft.issuer,
        "ngày ban hành": draft.issued_on,
        "tên phong trào": draft.title,
        "loại phong trào": draft.kind,
        "ngày bắt đầu": draft.opens_on,
        "ngày kết thúc": draft.closes_on,
    }
    missing = [name for name, value in needed.items() if not value]
    problems = [f"Phần đầu kế hoạch còn thiếu: {', '.join(missing)}."] if missing else []
    if not missing and not draft.header_checked:
        problems.append("Chưa có người xem và lưu phần đầu kế hoạch.")
    return problems


def _phase_problems(draft: PlanDraft, accepted: list[PlanDraftItem]) -> list[str]:
    opens_on, closes_on = draft.opens_on, draft.closes_on
    if opens_on is None or closes_on is None:
        raise LookupError("The header was checked with both days.")
    phases = [
        plan_phase(item.data, "", Citation("", ""))
        for item in accepted
        if item.kind == ItemKind.PHASE and not missing_parts(item.kind, item.data)
    ]
    problems = [
        f"Đợt «{phase.name}» ({short_day(phase.opens_on)} – {short_day(phase.closes_on)}) ra ngoài thời gian phong "
        f"trào ({short_day(opens_on)} – {short_day(closes_on)})."
        for phase in phases
        if phase.opens_on < opens_on or phase.closes_on > closes_on
    ]
    return problems + describe_overlaps(tuple(phases), opens_on, closes_on)


def _work_problems(draft: PlanDraft, accepted: list[PlanDraftItem], top: Unit, day: date) -> list[str]:
    phases = {item.order for item in accepted if item.kind == ItemKind.PHASE}
    problems = []
    for item in accepted:
        gaps = missing_parts(item.kind, item.data) or list_foreign(item.data, top)
        if item.kind == ItemKind.OBLIGATION and not gaps:
            if item.data["phase"] is not None and item.data["phase"] not in phases:
                gaps.append("Đợt của việc này không được nhận.")
            gaps = gaps or _standing_problems(draft, item, top, day)
        place = draft.place_of(item)
        problems += [f"{place[0].upper()}{place[1:]}: {gap}" for gap in gaps]
    return problems


def _indicator_problems(accepted: list[PlanDraftItem]) -> list[str]:
    """Two of one code would be one indicator."""
    found = [item for item in accepted if item.kind == ItemKind.INDICATOR and not missing_parts(item.kind, item.data)]
    codes = Counter(plan_indicator(item.data, "").code for item in found)
    return [
        f"Có {count} chỉ tiêu cùng mã «{code}»: ghi mã khác cho từng chỉ tiêu."
        for code, count in codes.items()
        if count > 1
    ]


def _standing_problems(draft: PlanDraft, item: PlanDraftItem, top: Unit, day: date) -> list[str]:
    if draft.issuer is None or draft.opens_on is None:
        raise LookupError("The header was checked with an issuer and both days.")
    try:
        addressed = list_addressed(
            bearers(item.data), day, own=draft.cluster_year, issuer=draft.issuer, number=draft.opens_on.year
        )
    except UnknownUnitError as error:
        return [str(error)]
    strange = [unit.short_name for unit in addressed if not top.contains(unit.path)]
    if strange:
        return [f"Ngoài phạm vi của {top.short_name}: {', '.join(strange)}."]
    return [] if addressed else ["Không có đơn vị nào thuộc loại đã chọn để giao việc."]


def _plan_of(draft: PlanDraft, issuer: Unit, accepted: list[PlanDraftItem]) -> Plan:
    if draft.issued_on is None or draft.opens_on is None or draft.closes_on is None:
        raise LookupError("The header was checked with all days.")
    cite_as = f"{_kind_of_paper(draft.number)} số {draft.number} ngày {short_day(draft.issued_on)}"
    by_kind = {kind: [item for item in accepted if item.kind == kind] for kind in ItemKind}
    phases = {item.order: f"D{item.order:03d}" for item in by_kind[ItemKind.PHASE]}
    quotas = {item.order: f"S{item.order:03d}" for item in by_kind[ItemKind.QUOTA]}

    def cite(item: PlanDraftItem) -> Citation:
        item.draft = draft
        return Citation(cite_as, item.cited_as[:_LONGEST_CLAUSE])

    return Plan(
        code=code_of(issuer, draft.number, draft.issued_on),
        issuer=issuer.code,
        title=draft.title,
        kind=draft.kind,
        number=draft.number,
        issued_on=draft.issued_on,
        issued_from=draft.issued_on,
        issued_until=draft.issued_on,
        issue_note=None,
        cite_as=cite_as,
        opens_on=draft.opens_on,
        closes_on=draft.closes_on,
        basis=_basis(by_kind[ItemKind.BASIS]),
        awards=(),
        cluster=None,
        phases=tuple(plan_phase(item.data, phases[item.order], cite(item)) for item in by_kind[ItemKind.PHASE]),
        obligations=tuple(
            plan_obligation(item.data, f"V{item.order:03d}", cite(item), phases=phases, issuer=issuer.code)
            for item in by_kind[ItemKind.OBLIGATION]
        ),
        quotas=tuple(
            plan_quota(item.data, quotas[item.order], cite(item), codes=quotas) for item in by_kind[ItemKind.QUOTA]
        ),
        remarks=(),
        theme=draft.theme,
        content_areas=tuple(draft.content_areas),
        method=draft.method,
        scope=draft.scope,
        responds_to=draft.responds_to.code if draft.responds_to else None,
        indicators=tuple(plan_indicator(item.data, cite(item).clause) for item in by_kind[ItemKind.INDICATOR]),
    )


def _kind_of_paper(number: str) -> str:
    return "Kế hoạch" if "/KH" in number.upper() else "Văn bản"


def _basis(items: list[PlanDraftItem]) -> tuple[str, ...]:
    """A document that the register has stands by its number, by which papers cite it; another in the plan's words."""
    numbers = [item.data["number"] for item in items if item.data["number"]]
    known = set(LegalDocument.objects.filter(number__in=numbers).values_list("number", flat=True))
    return tuple(item.data["number"] if item.data["number"] in known else item.data["words"] for item in items)


def code_of(issuer: Unit, number: str, issued_on: date) -> str:
    """The campaign's code: issuer, the plan's own number, year. The same plan read again comes to the same code."""
    words = re.sub(r"[^A-Z0-9]+", "-", fold(number.replace("/", " ")).upper()).strip("-")
    return f"{issuer.code}-{words}"[: _LONGEST_CODE - 5].rstrip("-") + f"-{issued_on.year}"


def _require_new(code: str) -> None:
    """Refuse a plan whose campaign stands; two who launch the same at once come one after the other."""
    wait_turn(f"campaign:{code}")
    standing = Campaign.objects.filter(code=code).first()
    if standing is not None:
        raise RefusedError(
            f"Phong trào của kế hoạch này đã có: «{standing.title}».",
            why="Đơn vị ban hành, số và năm của kế hoạch trùng với phong trào đó.",
            remedy="Xem lại số kế hoạch, hoặc bỏ bản đang xem lại này.",
            way_out=(reverse("campaigns:campaign-detail", kwargs={"code": code}), "Mở phong trào đó"),
        )
