"""Screens of clusters: the public list and pages, keeping them, contact points, the hand-over, what others owe here."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from campaigns.forms.clusters import (
    ClusterForm,
    ContactForm,
    DecisionForm,
    HandoverForm,
    MemberForm,
    RoleForm,
    YearForm,
)
from campaigns.models import (
    Cluster,
    ClusterFile,
    ClusterHandover,
    ClusterKind,
    ClusterMember,
    ClusterRole,
    ClusterYear,
    ScoreSheet,
    SheetSide,
)
from campaigns.selectors.clusters import (
    find_acting_head,
    find_handover,
    list_clusters,
    list_contacts,
    list_members,
    list_years,
    may_keep,
)
from campaigns.selectors.inspections import list_notices, list_plans
from campaigns.selectors.opinions import list_pledges, list_requests, list_rounds
from campaigns.services.clusters import (
    add_cluster_member,
    choose_cluster_role,
    create_cluster,
    create_cluster_year,
    delete_contact_point,
    edit_cluster_year,
    edit_contact_point,
    remove_cluster_member,
)
from campaigns.services.handovers import announce_handover, cancel_handover, preview_handover
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.services.audit import record_on_duty
from units.views.acts import answer_form, posted
from units.views.downloads import send_file

PAGE_SIZE = 25
SHOWN = 10


def find_year(pk: int) -> ClusterYear:
    return get_object_or_404(list_years(), pk=pk)


def trail_to(year: ClusterYear) -> tuple[str, str]:
    """The crumb of a form that belongs to a year."""
    return str(year), year.get_absolute_url()


# Public pages


@require_GET
@unit_view("campaigns.view_cluster")
def cluster_list(request: UnitRequest) -> HttpResponse:
    page = Paginator(list_clusters(), PAGE_SIZE).get_page(request.GET.get("page"))
    may_create = request.actor.may("campaigns.change_cluster") and request.actor.unit.is_root
    return render(request, "campaigns/clusters/cluster_list.html", {"page": page, "may_create": may_create})


@require_GET
@unit_view("campaigns.view_cluster")
def cluster_detail(request: UnitRequest, code: str) -> HttpResponse:
    """A cluster's history by year."""
    cluster = get_object_or_404(list_clusters(), code=code)
    page = Paginator(list(cluster.years.all()), PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"cluster": cluster, "page": page, "may_keep": may_keep(request.actor, cluster)}
    return render(request, "campaigns/clusters/cluster_detail.html", context)


def render_year(request: UnitRequest, year: ClusterYear, status: int = 200, **extra: Any) -> HttpResponse:
    actor = request.actor
    members = list_members(year)
    own = next((one for one in members if one.member_id == actor.unit.pk), None)
    head = find_acting_head(year)
    leads = head is not None and head.pk == actor.unit.pk
    context: dict[str, Any] = {
        "year": year,
        "members": members,
        "campaigns": year.campaigns.select_related("issuer").order_by("-opens_on", "title"),
        "own": own,
        "head": head,
        "leads": leads,
        "handover": find_handover(year),
        "may_keep": may_keep(actor, year.cluster),
        "day": today(),
    }
    # A guest may look at the unit's work, and is no member to whom others gave their addresses.
    if own and not actor.grant and actor.may("campaigns.view_contact_point"):
        context["contacts"] = list(list_contacts(year, actor.unit))
        context["has_contact"] = any(one.member_id == actor.unit.pk for one in context["contacts"])
    if (own or leads) and actor.may("campaigns.view_cluster_work"):
        context |= _own_work(request, year)
    if actor.may("campaigns.score_by_inspection"):
        context["team_sheets"] = _team_sheets(request, year)
    return render(request, "campaigns/clusters/year_detail.html", context | extra, status=status)


def _own_work(request: UnitRequest, year: ClusterYear) -> dict[str, Any]:
    """The unit's own papers of the year, the newest of each kind; each kind has its own page number."""
    unit = request.actor.unit
    kinds = {
        "plans": list_plans().filter(unit=unit, year=year),
        "notices": list_notices().filter(unit=unit, year=year),
        "rounds": list_rounds().filter(unit=unit, year=year),
        "requests": list_requests().filter(unit=unit, year=year),
        "pledges": list_pledges().filter(unit=unit, year=year),
    }
    work: dict[str, Any] = {
        name: Paginator(rows, SHOWN).get_page(request.GET.get(name)) for name, rows in kinds.items()
    }
    sheet = ScoreSheet.objects.filter(unit=unit, year=year, side=SheetSide.MEMBER).first()
    return work | {"sheet": sheet, "sees_work": True}


def _team_sheets(request: UnitRequest, year: ClusterYear) -> list[ScoreSheet]:
    """Sheets that a member of an inspection team scores here, whether or not the unit belongs to the cluster."""
    sheets = ScoreSheet.objects.filter(unit=request.actor.unit, year=year, side=SheetSide.TEAM)
    return list(sheets.select_related("about").order_by("about__path"))


@require_GET
@unit_view("campaigns.view_cluster")
def cluster_year_detail(request: UnitRequest, pk: int) -> HttpResponse:
    """Members, head and deputies of a year; for its members also what they exchange."""
    return render_year(request, find_year(pk))


# Keeping clusters


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Danh sách khu vực, cụm, khối do cơ quan đứng đầu hệ thống ghi.")


def kept_year(request: UnitRequest, pk: int) -> ClusterYear:
    _require_root(request)
    return get_object_or_404(list_years(), pk=pk, cluster__keeper=request.actor.unit)


def _kept_member(request: UnitRequest, pk: int) -> ClusterMember:
    _require_root(request)
    members = ClusterMember.objects.select_related("member", "year__cluster__keeper")
    return get_object_or_404(members, pk=pk, year__cluster__keeper=request.actor.unit)


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def cluster_create(request: UnitRequest) -> HttpResponse:
    _require_root(request)
    form = ClusterForm(posted(request))

    def act() -> None:
        create_cluster(
            code=form.cleaned_data["code"],
            name=form.cleaned_data["name"],
            kind=ClusterKind(form.cleaned_data["kind"]),
            actor=request.actor,
        )

    return answer_form(
        request,
        form,
        act,
        heading="Lập khu vực, cụm, khối thi đua",
        submit="Lập",
        back=reverse("campaigns:cluster-list"),
        done="Đã lập. Mở trang để thêm năm đầu tiên.",
        trail=("Khu vực, cụm, khối", reverse("campaigns:cluster-list")),
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def cluster_year_create(request: UnitRequest, code: str) -> HttpResponse:
    """Begin a year with the members of the year before."""
    _require_root(request)
    cluster = get_object_or_404(Cluster.objects.select_related("keeper"), code=code, keeper=request.actor.unit)
    form = YearForm(posted(request), initial={"year": today().year})
    return answer_form(
        request,
        form,
        lambda: create_cluster_year(cluster, year=form.cleaned_data["year"], values=form.values(), actor=request.actor),
        heading=f"Thêm năm cho {cluster}",
        submit="Thêm năm",
        back=cluster.get_absolute_url(),
        done="Đã thêm năm, lấy các thành viên của năm trước. Ghi trưởng và phó theo quyết định.",
        trail=(cluster.name, cluster.get_absolute_url()),
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def cluster_year_edit(request: UnitRequest, pk: int) -> HttpResponse:
    year = kept_year(request, pk)
    form = DecisionForm(posted(request), initial={name: getattr(year, name) for name in DecisionForm.base_fields})
    return answer_form(
        request,
        form,
        lambda: edit_cluster_year(year, form.values(), actor=request.actor),
        heading="Ghi quyết định cử trưởng, phó",
        submit="Lưu",
        back=year.get_absolute_url(),
        done="Đã lưu quyết định.",
        trail=trail_to(year),
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def cluster_member_add(request: UnitRequest, pk: int) -> HttpResponse:
    year = kept_year(request, pk)
    form = MemberForm(posted(request), root=request.actor.unit)
    return answer_form(
        request,
        form,
        lambda: add_cluster_member(year, form.cleaned_data["member"], actor=request.actor, day=today()),
        heading="Thêm thành viên",
        submit="Thêm",
        back=year.get_absolute_url(),
        done="Đã thêm thành viên.",
        trail=trail_to(year),
    )


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def cluster_role_choose(request: UnitRequest, pk: int) -> HttpResponse:
    member = _kept_member(request, pk)
    form = RoleForm(posted(request), initial={"role": member.role})
    return answer_form(
        request,
        form,
        lambda: choose_cluster_role(member, ClusterRole(form.cleaned_data["role"]), actor=request.actor),
        heading=f"Vai trò của {member.member}",
        submit="Lưu",
        back=member.year.get_absolute_url(),
        done="Đã ghi vai trò.",
        template="campaigns/clusters/choice.html",
        trail=trail_to(member.year),
        choice=form["role"],
    )


@require_POST
@unit_view("campaigns.change_cluster")
def cluster_member_remove(request: UnitRequest, pk: int) -> HttpResponse:
    member = _kept_member(request, pk)
    year, name = member.year, member.member.short_name
    try:
        remove_cluster_member(member, actor=request.actor)
    except RefusedError as refusal:
        return render_year(request, year, 422, refusal=refusal)
    messages.success(request, f"Đã bỏ {name} khỏi danh sách.")
    return redirect(year)


# The hand-over


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.change_cluster")
def handover_announce(request: UnitRequest, pk: int) -> HttpResponse:
    """What would move, in numbers, and the day on which it will."""
    year = kept_year(request, pk)
    form = HandoverForm(posted(request), year=year)
    moved = preview_handover(year, today())
    return answer_form(
        request,
        form,
        lambda: announce_handover(
            year, form.cleaned_data["to_year"], on=form.cleaned_data["on"], actor=request.actor, day=today(), at=now()
        ),
        heading="Công bố ngày bàn giao",
        submit="Công bố",
        back=year.get_absolute_url(),
        done="Đã công bố; phần mềm chuyển việc vào ngày đã ghi.",
        template="campaigns/clusters/handover_announce.html",
        year=year,
        moved=moved,
        head=find_acting_head(year),
    )


@require_POST
@unit_view("campaigns.change_cluster")
def handover_cancel(request: UnitRequest, pk: int) -> HttpResponse:
    _require_root(request)
    handovers = ClusterHandover.objects.select_related("from_year__cluster__keeper")
    handover = get_object_or_404(handovers, pk=pk, from_year__cluster__keeper=request.actor.unit)
    try:
        cancel_handover(handover, actor=request.actor)
    except RefusedError as refusal:
        return render_year(request, find_year(handover.from_year_id), 422, refusal=refusal)
    messages.success(request, "Đã hủy lịch bàn giao; không có gì thay đổi.")
    return redirect(handover.from_year)


# Contact points


@require_http_methods(["GET", "POST"])
@unit_view("campaigns.edit_contact_point")
def contact_point_edit(request: UnitRequest, pk: int) -> HttpResponse:
    year = find_year(pk)
    own = list_contacts(year, request.actor.unit).filter(member=request.actor.unit).first()
    initial = {name: getattr(own, name) for name in ContactForm.base_fields} if own else {}
    form = ContactForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: edit_contact_point(year, form.cleaned_data, actor=request.actor),
        heading="Đầu mối liên lạc của đơn vị",
        submit="Lưu",
        back=year.get_absolute_url(),
        done="Đã lưu đầu mối liên lạc; các thành viên khác thấy ở trang này.",
        trail=trail_to(year),
    )


@require_POST
@unit_view("campaigns.edit_contact_point")
def contact_point_delete(request: UnitRequest, pk: int) -> HttpResponse:
    year = find_year(pk)
    try:
        delete_contact_point(year, actor=request.actor)
    except RefusedError as refusal:
        return render_year(request, year, 422, refusal=refusal)
    messages.success(request, "Đã xóa đầu mối liên lạc của đơn vị ở mọi thành viên.")
    return redirect(year)


# What others owe here


@require_GET
@unit_view("campaigns.view_cluster_work")
def cluster_file_download(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    kept = get_object_or_404(ClusterFile.objects.select_related("unit"), pk=pk)
    record_on_duty("download-cluster-file", actor=request.actor, file=str(kept.pk))
    return send_file(kept.file, kept.file_name)
