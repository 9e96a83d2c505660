"""Reads of plans that are being checked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from campaigns.calendar import list_uncovered
from campaigns.measures import YES_NO
from campaigns.models import Cluster, ClusterYear, ItemKind, ItemVerdict, ObligationKind, PlanDraft, PlanDraftItem
from campaigns.plan_bearers import EVERY, OWN, KnownUnit, as_part
from campaigns.plan_building import plan_phase
from campaigns.plan_copy import Change, list_cautions, list_changes, list_doubts
from campaigns.plan_item_indicators import DIRECTION_WORDS, MEASURE_WORDS, REPORT_WORDS, target_words
from campaigns.plan_items import due_words, missing_parts, quota_words, unit_codes
from campaigns.plan_parts import Citation
from campaigns.plan_phases import DOOR_WORDS, describe_overlaps
from campaigns.planreader import KnownDocument
from campaigns.selectors.cluster_copies import list_bearer_changes, list_strangers
from campaigns.selectors.clusters import Places, list_kept_clusters, read_places
from campaigns.selectors.days_off import dates_of, dates_of_plan
from units.folding import fold
from units.models import AwardTitle, LegalDocument, Unit, UnitKind
from units.selectors.people import NAMED

# How much of the plan stands around the words an item came from.
AROUND = 240
ITEMS_ON_A_PAGE = 25


def page_of_item(order: int) -> int:
    """The page of a draft's items that holds the one of this order; orders leave no gap."""
    return (order - 1) // ITEMS_ON_A_PAGE + 1


def list_plan_drafts(unit: Unit) -> QuerySet[PlanDraft]:
    """The drafts of `unit` itself, newest first; `waiting` counts the items nobody has answered."""
    waiting = Count("items", filter=Q(items__verdict=ItemVerdict.PENDING))
    return (
        PlanDraft.objects.filter(unit=unit)
        .select_related(
            "unit", "issuer", "campaign", "origin__issuer", "responds_to", "added_by", "cluster_year__cluster"
        )
        .annotate(waiting=waiting)
        .order_by("-added_at", "id")
    )


def list_items_of(unit: Unit) -> QuerySet[PlanDraftItem]:
    return PlanDraftItem.objects.filter(unit=unit).select_related(
        "unit", "draft__unit", "draft__issuer", "draft__origin"
    )


def list_known_documents() -> list[KnownDocument]:
    """The register of legal documents as far as a reader compares citations with it."""
    return [
        KnownDocument(one.number, one.kind, one.issued_on, one.subject) for one in LegalDocument.objects.order_by("pk")
    ]


def list_known_units(top: Unit, day: date) -> list[KnownUnit]:
    """Units at or below `top` that stand on `day`: one query."""
    return [
        KnownUnit(
            unit.code,
            unit.kind,
            (fold(unit.name), fold(unit.short_name)),
            is_child=len(unit.path) == len(top.path) + Unit.PATH_STEP,
        )
        for unit in Unit.objects.below(top.path).existing_on(day)
    ]


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The words an item came from, and what stands before and after them on their lines."""

    before: str
    marked: str
    after: str


def cut_excerpt(text: str, start: int, end: int) -> Excerpt:
    """Whole lines around the words, as far as they are not long."""
    first = max(text.rfind("\n", 0, start) + 1, start - AROUND)
    last = text.find("\n", end)
    last = min(len(text) if last < 0 else last, end + AROUND)
    cut_before = "… " if first and text[first - 1] != "\n" else ""
    cut_after = " …" if last < len(text) and text[last] != "\n" else ""
    return Excerpt(cut_before + text[first:start], text[start:end], text[end:last] + cut_after)


NO_WORDS = Excerpt("", "", "")


@dataclass(frozen=True, slots=True)
class ShownItem:
    """An item as the page shows it: in words, with what is missing and what the reader warned about."""

    item: PlanDraftItem
    excerpt: Excerpt
    heading: str
    facts: Sequence[tuple[str, str]]
    gaps: Sequence[str]
    warnings: Sequence[str]
    changes: Sequence[Change] = ()


def show_items(draft: PlanDraft, items: Sequence[PlanDraftItem]) -> list[ShownItem]:
    """The items with their sentences; one query for the names of all units they mean, one for those of clusters.

    Of a draft made from a campaign, the old beside the new in place of sentences: two queries more, and of a cluster's
    three.
    """
    codes = {code for item in items for data in (item.data, item.before) for code in _codes(data)}
    names = dict(Unit.objects.filter(code__in=codes).values_list("code", "short_name"))
    parts = [part for item in items if (part := as_part(item.data.get("cluster"))) and part.of not in (OWN, EVERY)]
    clusters = dict(Cluster.objects.filter(code__in={part.of for part in parts}).values_list("code", "name"))
    compared = _compare(draft, items, names)
    return [
        ShownItem(
            item=item,
            excerpt=cut_excerpt(draft.text, item.start, item.end) if item.line else NO_WORDS,
            heading=_heading(item.data),
            facts=_facts(item, names, clusters),
            gaps=missing_parts(item.kind, item.data),
            warnings=[
                *_unsure(item),
                *(one["message"] for one in draft.warnings if is_about(one, item)),
                *compared[item.pk][1],
            ],
            changes=compared[item.pk][0],
        )
        for item in items
    ]


def _compare(
    draft: PlanDraft, items: Sequence[PlanDraftItem], names: Mapping[str, str]
) -> Mapping[UUID, tuple[list[Change], list[str]]]:
    """Changes and cautions of each item of a draft that was made from a campaign; nothing for another draft."""
    if draft.origin is None or draft.opens_on is None or draft.closes_on is None:
        return {item.pk: ([], []) for item in items}
    old, new = dates_of(draft.origin), dates_of_plan(draft.issued_on, draft.opens_on, draft.closes_on)
    places = _read_both_years(draft)
    return {
        item.pk: (
            [
                *list_changes(item.kind, item.before, item.data, old=old, new=new),
                *(list_bearer_changes(item, names, places) if item.kind == ItemKind.OBLIGATION else ()),
            ],
            [
                *list_doubts(item.kind, item.before, item.data),
                *list_cautions(item.kind, item.data, new),
                *(list_strangers(item, names, places) if places else ()),
            ],
        )
        for item in items
    }


def _read_both_years(draft: PlanDraft) -> tuple[Places, Places] | None:
    """Who held which place in the cluster of the old campaign, and who will; None for a draft that is no cluster's."""
    if draft.origin is None or draft.cluster_year is None:
        return None
    old = draft.origin.cluster_years.filter(cluster=draft.cluster_year.cluster_id).first()
    return (read_places(old), read_places(draft.cluster_year)) if old else None


def describe_draft_phases(draft: PlanDraft) -> tuple[list[str], list[tuple[date, date]]]:
    """Which phases that were not dropped overlap, in words, and which days of the campaign lie in none. One query."""
    if draft.opens_on is None or draft.closes_on is None or draft.closes_on < draft.opens_on:
        return [], []
    rows = draft.items.filter(kind=ItemKind.PHASE).exclude(verdict=ItemVerdict.DROPPED)
    phases = tuple(
        plan_phase(item.data, "", Citation("", "")) for item in rows if not missing_parts(item.kind, item.data)
    )
    spans = [(phase.opens_on, phase.closes_on) for phase in phases]
    overlaps = describe_overlaps(phases, draft.opens_on, draft.closes_on)
    return overlaps, list_uncovered(draft.opens_on, draft.closes_on, spans)


def _unsure(item: PlanDraftItem) -> list[str]:
    """What was filled in without the plan's words having been understood, until a person has mended the item."""
    if item.is_mended:
        return []
    if (
        item.kind == ItemKind.INDICATOR
        and item.data["who"]
        and not any(one["kind"] or one["unit"] for one in item.data["targets"])
    ):
        words = (
            f"Văn bản ghi «{item.data['who']}» nhưng phần mềm chưa nhận ra loại đơn vị hay đơn vị nào, nên đang giao "
            "cho mọi đơn vị. Nếu giao cho nơi khác, bấm «Sửa» để ghi."
        )
        return [words]
    if not item.data.get("to") or item.data["owed_to"]:
        return []
    words = (
        f"Văn bản ghi gửi về «{item.data['to']}» nhưng phần mềm chưa nhận ra đơn vị nào, nên đang để là đơn vị phát "
        "động. Nếu gửi về nơi khác, bấm «Sửa» để ghi."
    )
    return [words]


def is_about(warning: Mapping[str, Any], item: PlanDraftItem) -> bool:
    """Whether the reader's warning points into the words of the item; one without words is told by its line."""
    if not item.line:
        return False
    if warning["start"] is None:
        return bool(warning["line"] == item.line)
    return bool(item.start <= warning["start"] < max(item.end, item.start + 1))


def list_loose_warnings(draft: PlanDraft) -> list[Mapping[str, Any]]:
    """What the reader warned about outside the words of every item."""
    items = list(draft.items.only("draft", "unit_path", "line", "start", "end"))
    return [one for one in draft.warnings if not any(is_about(one, item) for item in items)]


def _codes(data: Mapping[str, Any]) -> list[str]:
    return [code for code in (*unit_codes(data), data.get("owed_to"), *data.get("copies_to", ())) if code]


def _heading(data: Mapping[str, Any]) -> str:
    return str(data.get("title") or data.get("name") or data.get("words") or "(chưa có tên)")


def _facts(item: PlanDraftItem, names: Mapping[str, str], clusters: Mapping[str, str]) -> list[tuple[str, str]]:
    data = item.data
    if item.kind == "phase":
        return [
            ("Thời gian", due_words({"type": "range", "first": data["first"], "last": data["last"]})),
            *(
                (label, due_words({"type": "range", "first": days[0], "last": days[1]}))
                for door, label in DOOR_WORDS.items()
                if (days := (data.get("doors") or {}).get(door))
            ),
        ]
    if item.kind == "quota":
        kinds = ", ".join(UnitKind(kind).label for kind in data["unit_kinds"])
        return [("Không quá", quota_words(data)), ("Loại đơn vị", kinds or "mọi loại")]
    if item.kind == "indicator":
        return _indicator_facts(data, names)
    if item.kind == "obligation":
        return _obligation_facts(data, names, clusters)
    return []


def _indicator_facts(data: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    said = f" (văn bản ghi: «{data['who']}»)" if data["who"] else ""
    for_whom = [f"{_addressee(one, names)}: {target_words(data, one)}" for one in data["targets"]]
    measured_in = f", đơn vị tính: {data['measured_in']}" if data["measured_in"] else ""
    direction = DIRECTION_WORDS.get(data["direction"], "chưa chọn") if data["measure"] != YES_NO else ""
    return [
        ("Mức giao", ("; ".join(for_whom) or "chưa ghi") + said),
        ("Cách tính", MEASURE_WORDS[data["measure"]] + measured_in),
        *([("Hướng", direction)] if direction else []),
        ("Trong báo cáo", f"6 tháng: {REPORT_WORDS[data['half_year']]}; năm: {REPORT_WORDS[data['yearly']]}"),
    ]


def _addressee(target: Mapping[str, Any], names: Mapping[str, str]) -> str:
    if target["unit"]:
        return names.get(target["unit"], target["unit"])
    return str(UnitKind(target["kind"]).label) if target["kind"] else "mọi đơn vị được giao báo cáo"


def _obligation_facts(
    data: Mapping[str, Any], names: Mapping[str, str], clusters: Mapping[str, str]
) -> list[tuple[str, str]]:
    who = [UnitKind(kind).label for kind in data["kinds"]]
    if who:
        who[-1] += f" thuộc {names.get(data['within'], data['within'] or '?')}"
    who += [names.get(code, code) for code in data["units"]]
    who += [part.words(clusters)] if (part := as_part(data.get("cluster"))) else []
    said = f" (văn bản ghi: «{data['who']}»)" if data["who"] else ""
    to = names.get(data["owed_to"], data["owed_to"]) or "đơn vị phát động"
    said_to = f" (văn bản ghi: «{data['to']}»)" if data["to"] else ""
    facts = [
        ("Ai làm", (", ".join(who) or "chưa chọn đơn vị") + said),
        ("Thời hạn", due_words(data["due"])),
        ("Gửi về", to + said_to),
        ("Loại việc", ObligationKind(data["kind"]).label + (", không bắt buộc" if data["optional"] else "")),
    ]
    if data.get("copies_to"):
        facts.append(("Gửi thêm bản sao cho", ", ".join(names.get(code, code) for code in data["copies_to"])))
    papers = "; ".join(
        paper["name"]
        + (f" không quá {paper['max_pages']} trang" if paper["max_pages"] else "")
        + ("" if paper.get("required", True) else " (nếu có)")
        for paper in data["papers"]
    )
    return [*facts, ("Giấy tờ", papers)] if papers else facts


def list_unit_words(data: Mapping[str, Any]) -> dict[str, str]:
    """How each unit of an item stands in a box where people type units, by its code."""
    units = Unit.objects.filter(code__in=_codes(data))
    return {unit.code: f"{unit.code}{NAMED}{unit.short_name}" for unit in units}


def list_kind_choices(top: Unit, data: Mapping[str, Any], day: date) -> list[tuple[str, str]]:
    """The kinds of unit that stand at or below `top`, and those that the item has already."""
    standing = Unit.objects.below(top.path).existing_on(day).order_by().values_list("kind", flat=True).distinct()
    held = {one["kind"] for one in data.get("targets", ())}
    known = {*standing, *data.get("kinds", ()), *data.get("unit_kinds", ()), *held}
    return [(kind.value, str(kind.label)) for kind in UnitKind if kind.value in known]


def list_phase_choices(draft: PlanDraft) -> list[tuple[int, str]]:
    """The phases of the draft that were not dropped, by their order."""
    items = draft.items.filter(kind=ItemKind.PHASE).exclude(verdict=ItemVerdict.DROPPED).order_by("order")
    return [(item.order, item.data["name"] or f"Đợt ở dòng {item.line}") for item in items]


def list_cluster_choices(top: Unit) -> list[tuple[str, str]]:
    """In which regions, clusters and blocks a duty may name its bearers by their place."""
    said = [(OWN, "Khu vực, cụm, khối chọn ở phần đầu kế hoạch"), (EVERY, "Mọi khu vực, cụm, khối trong năm")]
    return said + list(list_kept_clusters(top).values_list("code", "name"))


def list_cluster_years(top: Unit) -> QuerySet[ClusterYear]:
    """The years of clusters that `top` or a unit below it looks after, the newest first."""
    return ClusterYear.objects.filter(cluster__keeper__in=Unit.objects.below(top.path)).select_related("cluster")


def list_awards(day: date, held: Sequence[str] = ()) -> list[tuple[str, str]]:
    """What of the catalogue may be asked for on `day`, and what of `held` is asked for already."""
    stands = (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    titles = AwardTitle.objects.filter(stands | Q(code__in=held))
    return list(titles.values_list("code", "name"))
