"""Pages of dossiers."""

from uuid import UUID

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from reports.models import DossierState
from reports.models.jobs import PaperJob
from reports.selectors.dossiers import list_dossiers_for, list_nominations_for
from reports.services.dossiers import record_download, request_dossier
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError


@require_POST
@unit_view("reports.request_dossier")
def dossier_request(request: UnitRequest, pk: UUID) -> HttpResponse:
    nomination = get_object_or_404(list_nominations_for(request.actor.unit.path), pk=pk)
    try:
        job = request_dossier(nomination, actor=request.actor)
    except RefusedError as refusal:
        context = {"nomination": nomination, "refusal": refusal}
        return render(request, "reports/dossier_refused.html", context, status=422)
    return redirect("reports:dossier-detail", pk=job.pk)


@require_GET
@unit_view("reports.view_dossier")
def dossier_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The whole page, or for htmx only the part that moves."""
    job = get_object_or_404(list_dossiers_for(request.actor.unit.path), pk=pk)
    template = "reports/dossier_detail.html#progress" if request.htmx else "reports/dossier_detail.html"
    return render(request, template, {"job": job, "nomination": job.nomination})


@require_GET
@unit_view("reports.download_dossier")
def dossier_download(request: UnitRequest, pk: UUID) -> FileResponse:
    job = get_object_or_404(list_dossiers_for(request.actor.unit.path), pk=pk, state=DossierState.DONE)
    response = send_file(job, f"Hồ sơ {job.nomination.nominee_name} {job.nomination.year}.pdf")
    record_download(job, actor=request.actor)
    return response


def send_file(job: PaperJob, name: str) -> FileResponse:
    """The finished file as an attachment; a file that is gone is not found."""
    try:
        stream = job.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Tệp không còn trong kho lưu trữ. Yêu cầu lập lại từ trang đề nghị hoặc phiên họp.") from error
    response = FileResponse(stream, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
