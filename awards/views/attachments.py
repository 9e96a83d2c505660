"""Attachments of a case before a council: looked at as pictures of their pages, or downloaded."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_GET

from awards.frame import CouncilRequest, council_view
from awards.models import AgendaItem
from awards.views.review import get_case
from exemplars.models import Evidence
from exemplars.selectors.nominations import list_evidence
from exemplars.views.reading import send_evidence
from units.page_pictures import MOST_PAGES, WIDTHS, draw_page, picture_etag, read_sheets
from units.refusals import RefusedError
from units.services.audit import has_recorded, record_act


def _get(pk: UUID, evidence: UUID) -> tuple[AgendaItem, Evidence]:
    item = get_case(pk)
    return item, get_object_or_404(list_evidence(item.nomination), pk=evidence)


@require_GET
@council_view("awards.review_item")
def item_evidence(request: CouncilRequest, pk: UUID, evidence: UUID) -> HttpResponseBase:
    """An attachment of a case before the council, as a download."""
    item, attachment = _get(pk, evidence)
    record_act("download", item.nomination, actor=request.actor, evidence=str(attachment.pk))
    return send_evidence(attachment)


@require_GET
@council_view("awards.review_item")
def evidence_pages(request: CouncilRequest, pk: UUID, evidence: UUID) -> HttpResponse:
    """The frames into which the pictures of the pages come as they are reached; on their own, or inside the case."""
    item, attachment = _get(pk, evidence)
    sheets, refusal = None, None
    try:
        sheets = read_sheets(attachment.file, attachment.media_type, attachment.sha256)
    except RefusedError as error:
        refusal = error
    else:
        _leave_line(request, item, attachment)
    context = {
        "item": item,
        "sitting": item.sitting,
        "nomination": item.nomination,
        "attachment": attachment,
        "sheets": sheets,
        "refusal": refusal,
        "widths": WIDTHS,
    }
    template = "awards/evidence_pages.html"
    # htmx shows an answer of 422 in place; the words are the same.
    return render(request, f"{template}#pages" if request.htmx else template, context, status=422 if refusal else 200)


@require_GET
@council_view("awards.review_item")
def evidence_page(request: CouncilRequest, pk: UUID, evidence: UUID, number: int) -> HttpResponseBase:
    """The picture of one page. A browser keeps it and asks again each time, so a right that ended ends here too."""
    item, attachment = _get(pk, evidence)
    width = _width(request)
    if not 1 <= number <= MOST_PAGES:
        raise Http404
    etag = picture_etag(attachment.sha256, number, width)
    known = get_conditional_response(request, etag=etag)
    if known is not None:
        return _guarded(known, etag)
    try:
        picture = draw_page(attachment.file, attachment.media_type, attachment.sha256, number, width)
    except RefusedError as refusal:
        return _guarded(HttpResponse(refusal.what, content_type="text/plain; charset=utf-8", status=422))
    _leave_line(request, item, attachment)
    return _guarded(HttpResponse(picture, content_type="image/webp"), etag)


def _leave_line(request: CouncilRequest, item: AgendaItem, attachment: Evidence) -> None:
    """One line in the trail for whoever looks at a file, however many of its pages."""
    detail = {"evidence": str(attachment.pk)}
    if not has_recorded("view-evidence", item.nomination, actor=request.actor, **detail):
        record_act("view-evidence", item.nomination, actor=request.actor, **detail)


def _width(request: HttpRequest) -> int:
    return next((one for one in WIDTHS if str(one) == request.GET.get("w")), WIDTHS[-1])


def _guarded(response: HttpResponseBase, etag: str = "") -> HttpResponseBase:
    response["Cache-Control"] = "private, no-cache" if etag else "private, no-store"
    if etag:
        response["ETag"] = etag
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
