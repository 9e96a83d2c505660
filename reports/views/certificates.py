"""Pages of certificates: printing those of a decision, and printing one again."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from awards.models import Decision, DecisionLine
from awards.selectors.decisions import find_keeper, list_decisions_for, list_lines, obstacle_of
from reports.forms.certificates import PrintForm, ReprintForm
from reports.models import CertificateJob, DossierState
from reports.selectors.certificates import (
    count_reprints,
    gather_runs,
    list_certificate_jobs,
    list_layouts,
    list_printers,
    list_runs,
)
from reports.services.certificates import (
    record_certificates_download,
    reprint_certificate,
    request_certificates,
    resume_certificates,
)
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError

PAGE_SIZE, LAST_JOBS = 50, 10


def _get_kept(request: UnitRequest, pk: UUID) -> Decision:
    """A decision that recognises and that the actor's unit issued or keeps."""
    decision = get_object_or_404(list_decisions_for(request.actor), pk=pk, revokes__isnull=True)
    if find_keeper(decision.unit, today()).pk != request.actor.unit.pk:
        raise Http404
    return decision


def _render_list(
    request: UnitRequest, decision: Decision, form: PrintForm, *, refusal: RefusedError | None = None, status: int = 200
) -> HttpResponse:
    unit = request.actor.unit
    lines = list_lines(decision).select_related("certificate").order_by("order")
    page = Paginator(lines, PAGE_SIZE).get_page(request.GET.get("page"))
    shown = list(page)
    reprints = count_reprints([line.pk for line in shown])
    laid_out = set(list_layouts(unit).values_list("title_id", flat=True))
    context = {
        "decision": decision,
        "page": page,
        "lines": [(line, obstacle_of(line), reprints.get(line.pk, 0)) for line in shown],
        "plain_titles": sorted({str(one.honour.title) for one in shown if one.honour.title_id not in laid_out}),
        "runs": list_runs(unit, decision, most=LAST_JOBS),
        "form": form,
        "refusal": refusal,
    }
    return render(request, "reports/certificates/certificate_list.html", context, status=status)


@require_GET
@unit_view("reports.view_certificate")
def certificate_list(request: UnitRequest, pk: UUID) -> HttpResponse:
    """The certificates of a decision, and what was printed of them."""
    return _render_list(request, _get_kept(request, pk), PrintForm(printers=list_printers(request.actor.unit)))


@require_POST
@unit_view("reports.request_certificates")
def certificates_request(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Ask for all certificates of a decision as one file."""
    decision = _get_kept(request, pk)
    form = PrintForm(request.POST, printers=list_printers(request.actor.unit))
    if not form.is_valid():
        return _render_list(request, decision, form, status=422)
    try:
        job = request_certificates(decision, printer=form.cleaned_data["printer"], actor=request.actor)
    except RefusedError as refusal:
        return _render_list(request, decision, form, refusal=refusal, status=422)
    return redirect("reports:certificate-job-detail", pk=job.pk)


@require_http_methods(["GET", "POST"])
@unit_view("reports.reprint_certificate")
def certificate_reprint(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Print the certificate of one line again, with a reason."""
    line = get_object_or_404(DecisionLine.objects.select_related("honour__title", "decision__unit"), pk=pk)
    decision = _get_kept(request, line.decision_id)
    form = ReprintForm(request.POST or None, printers=list_printers(request.actor.unit))
    refusal = None
    if request.method == "POST" and form.is_valid():
        try:
            job = reprint_certificate(line, **form.cleaned_data, actor=request.actor)
        except RefusedError as error:
            refusal = error
        else:
            return redirect("reports:certificate-job-detail", pk=job.pk)
    context = {
        "form": form,
        "refusal": refusal,
        "heading": f"In lại giấy của {line.honour.subject_name}",
        "submit": "In lại",
        "back": reverse("reports:certificate-list", args=[decision.pk]),
        "trail": (f"Giấy theo quyết định {decision.number}", reverse("reports:certificate-list", args=[decision.pk])),
        "warning": "Giấy in lại mang cùng mã kiểm chứng. Thu hồi bản cũ nếu còn.",
    }
    return render(request, "units/act.html", context, status=422 if request.method == "POST" else 200)


@require_GET
@unit_view("reports.view_certificate_job")
def certificate_job_detail(request: UnitRequest, pk: UUID) -> HttpResponse:
    """All parts of what was asked for, or for htmx only what moves of the page."""
    return _render_job(request, get_object_or_404(list_certificate_jobs(request.actor.unit), pk=pk))


def _render_job(
    request: UnitRequest, job: CertificateJob, *, refusal: RefusedError | None = None, status: int = 200
) -> HttpResponse:
    unit = request.actor.unit
    first = get_object_or_404(list_certificate_jobs(unit), pk=job.first_id) if job.first_id else job
    (run,) = gather_runs(unit, [first])
    template = "reports/certificates/certificate_job.html" + ("#progress" if request.htmx else "")
    context = {"run": run, "job": first, "decision": first.decision, "refusal": refusal}
    return render(request, template, context, status=status)


@require_POST
@unit_view("reports.resume_certificates")
def certificates_resume(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Make the parts anew that could not be made; the others stay."""
    job = get_object_or_404(list_certificate_jobs(request.actor.unit), pk=pk)
    try:
        first = resume_certificates(job, actor=request.actor)
    except RefusedError as refusal:
        return _render_job(request, job, refusal=refusal, status=422)
    return redirect("reports:certificate-job-detail", pk=first.pk)


@require_GET
@unit_view("reports.download_certificates")
def certificates_download(request: UnitRequest, pk: UUID) -> FileResponse:
    job = get_object_or_404(list_certificate_jobs(request.actor.unit), pk=pk, state=DossierState.DONE)
    try:
        stream = job.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Tệp không còn trong kho lưu trữ. Yêu cầu lập lại từ trang giấy của quyết định.") from error
    record_certificates_download(job, actor=request.actor)
    has_parts = job.part > 1 or job.further.exists()
    part = f", phần {job.part}" if has_parts else ""
    name = f"Giấy theo quyết định {job.decision.number}{part}.pdf".replace("/", "-")
    response = FileResponse(stream, as_attachment=True, filename=name, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
