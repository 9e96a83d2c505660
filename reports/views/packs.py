"""Pages of the pack of a sitting."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from awards.models import Sitting
from awards.selectors.councils import list_council_sittings
from reports.models import DossierState
from reports.selectors.packs import list_packs
from reports.services.packs import record_pack_download, request_sitting_pack, require_taking_part
from reports.views.dossiers import send_file
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


def _refuse(request: UnitRequest, sitting: Sitting, refusal: RefusedError) -> HttpResponse:
    context = {"sitting": sitting, "refusal": refusal}
    return render(request, "reports/sitting_pack_refused.html", context, status=422)


@require_POST
@unit_view("reports.request_sitting_pack")
def sitting_pack_request(request: UnitRequest, pk: UUID) -> HttpResponse:
    sitting = get_object_or_404(list_council_sittings(request.actor.unit), pk=pk)
    try:
        job = request_sitting_pack(sitting, actor=request.actor)
    except RefusedError as refusal:
        return _refuse(request, sitting, refusal)
    return redirect("reports:sitting-pack-detail", pk=job.pk)


@require_GET
@unit_view("reports.view_sitting_pack")
def sitting_pack_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The whole page, or for htmx only the part that moves."""
    job = get_object_or_404(list_packs(request.actor.unit), pk=pk)
    template = "reports/sitting_pack_detail.html#progress" if request.htmx else "reports/sitting_pack_detail.html"
    return render(request, template, {"job": job, "sitting": job.sitting})


@require_GET
@unit_view("reports.download_sitting_pack")
def sitting_pack_download(request: UnitRequest, pk: UUID) -> HttpResponseBase:
    job = get_object_or_404(list_packs(request.actor.unit), pk=pk, state=DossierState.DONE)
    try:
        require_taking_part(job.sitting, actor=request.actor)
    except RefusedError as refusal:
        return _refuse(request, job.sitting, refusal)
    response: FileResponse = send_file(job, f"Phiên họp {job.sitting.held_on:%d-%m-%Y}.pdf")
    record_pack_download(job, actor=request.actor)
    return response
