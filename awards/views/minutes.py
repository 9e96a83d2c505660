"""Minutes on screen for the secretariat: drafted, written, recalled, corrected, ink recorded."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.forms.minutes import CorrectionForm, InkForm, MinutesForm
from awards.models import Minutes, MinutesScan, MinutesState
from awards.selectors.ballots import list_council_ballots
from awards.selectors.councils import list_council_sittings
from awards.selectors.minutes import AWAITED, FROZEN, describe_signatures, list_council_minutes, list_scans
from awards.selectors.minutes_facts import find_faults, gather_minutes
from awards.services.minutes import correct_minutes, draft_minutes, recall_minutes, write_minutes
from awards.services.minutes_signing import record_ink
from awards.views.sittings import render_sitting
from units.clock import now
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.services.audit import record_act
from units.views.acts import answer_form, posted
from units.views.downloads import send_file


def get_minutes(request: UnitRequest, pk: UUID) -> Minutes:
    return get_object_or_404(list_council_minutes(request.actor.unit), pk=pk)


def file_name(minutes: Minutes) -> str:
    """What a downloaded paper is called: kind, day of the sitting, version."""
    return f"bien-ban-{minutes.kind}-{minutes.sitting.held_on:%Y-%m-%d}-ban-{minutes.version}.pdf"


@require_POST
@unit_view("awards.draft_minutes")
def minutes_draft(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Begin the minutes of a sitting; with `ballot` in the form, those of its count."""
    sitting = get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)
    asked = request.POST.get("ballot", "")
    ballots = {str(one.pk): one for one in list_council_ballots(request.actor.unit).filter(sitting=sitting)}
    if asked and asked not in ballots:
        raise Http404
    try:
        minutes = draft_minutes(sitting, ballot=ballots.get(asked), actor=request.actor)
    except RefusedError as refusal:
        return render_sitting(request, sitting, status=422, refusal=refusal)
    return redirect("awards:council-minutes-detail", pk=minutes.pk)


@require_GET
@unit_view("awards.view_sitting")
def council_minutes_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    return render_minutes(request, get_minutes(request, pk))


def render_minutes(
    request: UnitRequest, minutes: Minutes, *, status: int = 200, refusal: RefusedError | None = None
) -> HttpResponse:
    """One version: what still keeps it from being sent, or who has signed it and how."""
    is_draft = minutes.state == MinutesState.DRAFT
    facts = gather_minutes(minutes) if is_draft else None
    newest = list_council_minutes(request.actor.unit).filter(
        sitting=minutes.sitting, ballot=minutes.ballot, kind=minutes.kind
    )
    versions = list(newest)
    context = {
        "minutes": minutes,
        "sitting": minutes.sitting,
        "facts": facts,
        "faults": find_faults(facts) if facts else [],
        "signatures": describe_signatures(minutes),
        "scans": list(list_scans(minutes)),
        "versions": versions,
        "is_draft": is_draft,
        "is_awaited": minutes.state in AWAITED,
        "may_recall": minutes.state == MinutesState.SENT,
        "may_correct": minutes.state in FROZEN and versions[0].pk == minutes.pk,
        "refusal": refusal,
    }
    return render(request, "awards/minutes/council_detail.html", context, status=status)


@require_http_methods(["GET", "POST"])
@unit_view("awards.write_minutes")
def minutes_write(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Words and hours of a draft."""
    minutes = get_minutes(request, pk)
    form = MinutesForm(posted(request), minutes=minutes)
    return answer_form(
        request,
        form,
        lambda: write_minutes(minutes, **form.cleaned_data, actor=request.actor),
        heading=f"Viết phần lời: {minutes.get_kind_display()}",
        submit="Lưu",
        back=_address(minutes),
        done="Đã lưu.",
        template="awards/minutes/act.html",
        minutes=minutes,
    )


def _address(minutes: Minutes) -> str:
    return reverse("awards:council-minutes-detail", args=[minutes.pk])


@require_POST
@unit_view("awards.recall_minutes")
def minutes_recall(request: UnitRequest, pk: UUID) -> HttpResponse:
    minutes = get_minutes(request, pk)
    try:
        following = recall_minutes(minutes, actor=request.actor)
    except RefusedError as refusal:
        return render_minutes(request, minutes, status=422, refusal=refusal)
    messages.success(request, f"Đã rút bản {minutes.version}. Sửa rồi gửi ký bản {following.version}.")
    return redirect("awards:council-minutes-detail", pk=following.pk)


@require_http_methods(["GET", "POST"])
@unit_view("awards.correct_minutes")
def minutes_correct(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Begin a correction; the signed paper stays as it is."""
    minutes = get_minutes(request, pk)
    form = CorrectionForm(posted(request))
    return answer_form(
        request,
        form,
        lambda: correct_minutes(minutes, reason=form.cleaned_data["reason"], actor=request.actor),
        heading="Lập biên bản điều chỉnh",
        submit="Lập biên bản điều chỉnh",
        back=reverse("awards:council-sitting-detail", args=[minutes.sitting_id]) + "#bien-ban",
        done="Đã lập biên bản điều chỉnh. Mở bản đó để viết và gửi ký.",
        template="awards/minutes/act.html",
        minutes=minutes,
        warning="Biên bản đã ký giữ nguyên; biên bản điều chỉnh ghi rõ thay cho bản nào, vì sao, và được ký riêng.",
    )


@require_http_methods(["GET", "POST"])
@unit_view("awards.record_ink")
def ink_record(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Keep a scan of the paper signed in ink; the people on it are asked to confirm."""
    minutes = get_minutes(request, pk)
    form = InkForm(posted(request), request.FILES or None, minutes=minutes)
    return answer_form(
        request,
        form,
        lambda: record_ink(
            minutes,
            signatures=list(form.cleaned_data["people"]),
            file=form.cleaned_data["file"],
            actor=request.actor,
            at=now(),
        ),
        heading="Ghi bản ký mực",
        submit="Lưu bản quét",
        back=_address(minutes),
        done="Đã lưu bản quét. Người ký xác nhận ở trang biên bản của mình thì biên bản mới được coi là đã ký.",
        template="awards/minutes/act.html",
        minutes=minutes,
        has_file=True,
    )


@require_GET
@unit_view("awards.view_sitting")
def council_minutes_paper(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    """The kept paper with the signatures that it has, as a download."""
    minutes = get_object_or_404(list_council_minutes(request.actor.unit).exclude(file=""), pk=pk)
    return send_minutes_file(request, minutes)


@require_GET
@unit_view("awards.view_sitting")
def council_minutes_scan(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    scans = MinutesScan.objects.filter(minutes__sitting__council__unit=request.actor.unit)
    return send_scan(request, get_object_or_404(scans.select_related("minutes__unit"), pk=pk))


def send_minutes_file(request: UnitRequest, minutes: Minutes) -> HttpResponseBase:
    record_act("download-minutes", minutes, actor=request.actor, version=minutes.version)
    return send_file(minutes.file, file_name(minutes))


def send_scan(request: UnitRequest, scan: MinutesScan) -> HttpResponseBase:
    record_act("download-minutes", scan.minutes, actor=request.actor, version=scan.minutes.version)
    return send_file(scan.file, scan.file_name)
