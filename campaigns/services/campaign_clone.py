"""A campaign again in another time: a draft with every date moved, to be looked through like a plan that was read."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from campaigns.measures import type_value
from campaigns.models import (
    Assignment,
    Campaign,
    DraftState,
    Indicator,
    IndicatorTarget,
    ItemKind,
    Obligation,
    Phase,
    PlanDraft,
    PlanDraftItem,
)
from campaigns.plan_bearers import EVERY, OWN, ClusterPart
from campaigns.plan_copy import Move, Period
from campaigns.plan_items import due_words
from campaigns.selectors.targets import list_indicators
from campaigns.services.cluster_clone import ClusterMove, find_cluster_move
from units.actors import Actor
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act

Found = tuple[ItemKind, dict[str, Any]]


@transaction.atomic
def clone_campaign(
    campaign: Campaign, *, opens_on: date, closes_on: date, actor: Actor, day: date, at: datetime
) -> PlanDraft:
    """Open a draft with everything the campaign asked, moved to the new time; each item waits for an answer.

    A cluster's campaign is asked of the members, head and deputies of the new year. Refuses a campaign of another
    branch, a time that is not later, a second draft of the same, and what `find_cluster_move` does.
    """
    _require_own(campaign, actor)
    move = Move(Period(campaign.opens_on, campaign.closes_on), Period(opens_on, closes_on))
    if opens_on <= campaign.opens_on:
        raise RefusedError(
            "Thời gian mới phải sau thời gian của phong trào cũ.",
            why=f"Phong trào cũ bắt đầu ngày {campaign.opens_on:%d/%m/%Y}.",
            remedy="Ghi ngày bắt đầu muộn hơn.",
        )
    places = find_cluster_move(campaign, move.years, actor=actor)
    issuer = _issuer(campaign, places, actor)
    try:
        with transaction.atomic():
            draft = PlanDraft.objects.create(
                unit=actor.unit,
                origin=campaign,
                file_name=f"Lập lại từ {campaign.plan_name}"[:200],
                sha256=_mark_of(campaign),
                text="",
                issuer=issuer,
                title=move.words(campaign.title),
                kind=campaign.kind,
                theme=move.words(campaign.theme),
                content_areas=campaign.content_areas,
                method=campaign.method,
                scope=campaign.scope,
                opens_on=opens_on,
                closes_on=closes_on,
                cluster_year=places.year if places else None,
                added_by=actor.account,
                added_at=at,
            )
    except IntegrityError as error:
        raise _standing_error(campaign, actor) from error
    items = [
        PlanDraftItem(
            unit=actor.unit,
            draft=draft,
            kind=kind,
            order=order,
            line=order,
            quote=_quote(kind, before),
            start=0,
            end=0,
            before=before,
            data=_moved(kind, move.item(kind, before), places, issuer),
        )
        for order, (kind, before) in enumerate(_list_found(campaign, places, actor.unit, day), 1)
    ]
    PlanDraftItem.objects.bulk_create(items)
    record_act("clone-campaign", draft, actor=actor, campaign=campaign.code, items=len(items))
    return draft


def _issuer(campaign: Campaign, places: ClusterMove | None, actor: Actor) -> Unit:
    """A cluster's plan is issued by its head; one of a unit that is gone by the actor's own."""
    if places and places.is_head(campaign.issuer.code):
        return places.head
    return campaign.issuer if campaign.issuer.valid_to is None else actor.unit


def _moved(kind: ItemKind, data: dict[str, Any], places: ClusterMove | None, issuer: Unit) -> dict[str, Any]:
    return places.item(data, issuer) if places and kind == ItemKind.OBLIGATION else data


def _mark_of(campaign: Campaign) -> str:
    """One open draft of a campaign in a unit, whatever its new time."""
    return hashlib.sha256(f"campaign:{campaign.code}".encode()).hexdigest()


def _standing_error(campaign: Campaign, actor: Actor) -> RefusedError:
    standing = PlanDraft.objects.filter(unit=actor.unit, sha256=_mark_of(campaign), state=DraftState.DRAFT).first()
    return RefusedError(
        f"Đã có một bản lập lại của «{campaign}» đang được xem.",
        why="Mỗi phong trào chỉ có một bản lập lại đang xem, để hai người không làm hai lần.",
        remedy="Mở bản đó để làm tiếp, hoặc bỏ bản đó rồi lập lại.",
        way_out=(standing.get_absolute_url(), "Mở bản đang xem")
        if standing
        else (reverse("campaigns:plan-draft-list"), "Mở danh sách"),
    )


def _require_own(campaign: Campaign, actor: Actor) -> None:
    if not actor.unit.contains(campaign.issuer.path):
        raise RefusedError(
            f"{actor.unit} không lập lại được phong trào của {campaign.issuer}.",
            why="Chỉ lập lại được phong trào của đơn vị mình hoặc đơn vị trực thuộc.",
            remedy="Muốn hưởng ứng phong trào đó, lập phong trào riêng và chọn nó ở mục «Hưởng ứng».",
        )


def _quote(kind: ItemKind, before: Mapping[str, Any]) -> str:
    if kind == ItemKind.OBLIGATION:
        return f"{before['title']}: {before['phrase'] or due_words(before['due'])}"
    return str(before.get("words") or before.get("name") or before.get("title"))


# --- what the campaign asked ------------------------------------------------------------------------


def _list_found(campaign: Campaign, places: ClusterMove | None, top: Unit, day: date) -> list[Found]:
    """Everything in the order in which a person looks it through: basis, phases, quotas, indicators, what is due.

    Phases and quotas are named by the place that they have here, which becomes the order of their items.
    """
    found: list[Found] = [(ItemKind.BASIS, {"words": words, "number": words}) for words in campaign.legal_basis]
    phases: dict[int, int] = {}
    for phase in campaign.phases.prefetch_related("doors"):
        found.append((ItemKind.PHASE, _phase(phase)))
        phases[phase.pk] = len(found)
    quotas: dict[int, int] = {}
    for quota in campaign.quotas.prefetch_related("among").order_by("pk"):
        data = {
            "title": quota.title,
            "group": "",
            "at_most": quota.limit,
            "unit_kinds": quota.unit_kinds,
            "tentative": quota.is_tentative,
            "among": [quotas[other.pk] for other in quota.among.all() if other.pk in quotas],
        }
        found.append((ItemKind.QUOTA, data))
        quotas[quota.pk] = len(found)
    found += [(ItemKind.INDICATOR, _indicator(one)) for one in list_indicators(campaign).filter(ended_on__isnull=True)]
    duties = _obligations(campaign, phases, top, day)
    return [*found, *((ItemKind.OBLIGATION, _placed(one, places)) for one in duties)]


def _placed(data: dict[str, Any], places: ClusterMove | None) -> dict[str, Any]:
    """Units that are all the members, the head or the deputies of the old year stand for that place."""
    if data["cluster"] or places is None:
        return data
    part = places.find_part(data)
    return data | {"units": [], "cluster": part.as_data()} if part else data


def _indicator(one: Indicator) -> dict[str, Any]:
    """The indicator with the levels that held last, each for a unit, a kind, or everybody."""
    newest: dict[tuple[str, str], IndicatorTarget] = {}
    for target in one.targets.all():
        newest.setdefault((target.addressee.code if target.addressee else "", target.unit_kind), target)
    return {
        "title": one.title,
        "code": one.code,
        "measure": one.measure,
        "measured_in": one.measured_in,
        "direction": one.direction,
        "half_year": one.half_year,
        "yearly": one.yearly,
        "who": "",
        "targets": [
            {
                "kind": kind,
                "unit": unit,
                "level": type_value(one.measure, target.level) if target.level is not None else None,
            }
            for (unit, kind), target in newest.items()
        ],
    }


def _phase(phase: Phase) -> dict[str, Any]:
    return {
        "name": phase.title,
        "first": phase.opens_on.isoformat(),
        "last": phase.closes_on.isoformat(),
        "doors": {one.door: [one.opens_on.isoformat(), one.closes_on.isoformat()] for one in phase.doors.all()},
    }


def _obligations(campaign: Campaign, phases: Mapping[int, int], top: Unit, day: date) -> list[dict[str, Any]]:
    """One for each duty of the plan; what came again stands once, as the plan said it."""
    seen: set[str] = set()
    found = []
    own = OWN if campaign.cluster_years.exists() else EVERY
    duties = campaign.obligations.select_related("owed_to", "anchor_event").prefetch_related("copies_to")
    for one in duties.order_by("pk"):
        planned = one.planned or _guess(one, top, day)
        if planned["code"] in seen:
            continue
        seen.add(planned["code"])
        found.append(
            {
                "title": planned["title"],
                "kind": one.kind,
                "filing": one.filing,
                "optional": one.is_optional,
                "indicators": one.holds_indicators,
                "awards": one.awards,
                "phase": phases.get(one.phase_id) if one.phase_id else None,
                "who": "",
                "kinds": planned["kinds"],
                "within": planned["within"],
                "units": planned["units"],
                "cluster": planned.get("cluster") or _part_of_heads(one, own),
                "to": "",
                "owed_to": "" if one.owed_to_id == campaign.issuer_id else one.owed_to.code,
                "copies_to": [unit.code for unit in one.copies_to.all()],
                "due": planned["due"],
                "phrase": one.phrase,
                "papers": one.papers,
            }
        )
    return found


def _part_of_heads(one: Obligation, of: str) -> dict[str, str] | None:
    """A campaign from before places were kept says by a mark alone that heads owe the work."""
    return ClusterPart("head", of).as_data() if one.owed_by_heads else None


def _guess(one: Obligation, top: Unit, day: date) -> dict[str, Any]:
    """The same for a campaign that kept no such thing: days and bearers as they stand, whole kinds as kinds."""
    due: dict[str, Any] = {"type": "unstated"}
    if one.anchor_event and one.days_after:
        due = {
            "type": "days-after",
            "days": one.days_after,
            "after": one.anchor_event.title,
            "working": one.counts_working_days,
        }
    elif one.last_day:
        due = {"type": "until-day", "day": one.last_day.isoformat()}
    owing = Assignment.objects.filter(obligation=one, merged_into__isnull=True)
    units = {unit.code: unit.kind for unit in Unit.objects.filter(pk__in=owing.values("unit_id")).order_by("path")}
    kinds = sorted(set(units.values()))
    standing = Unit.objects.below(top.path).existing_on(day).filter(kind__in=kinds).values_list("code", flat=True)
    is_all = len(units) > 1 and set(standing) == set(units)
    return {
        "code": one.code,
        "title": one.title,
        "kinds": kinds if is_all else [],
        "within": top.code if is_all else "",
        "units": [] if is_all or one.owed_by_heads else list(units),
        "due": due,
    }
