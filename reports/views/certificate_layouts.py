"""Pages where a unit lays its certificates out and measures its printers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from reports.forms.certificates import LayoutForm, LayoutStartForm, PrinterForm
from reports.models import CertificatePrinter
from reports.selectors.certificates import (
    form_of,
    list_layouts,
    list_printers,
    list_titles_without_layout,
    sample_texts,
)
from reports.services.certificate_layouts import (
    add_certificate_layout,
    edit_certificate_layout,
    render_calibration,
    set_certificate_printer,
)
from reports.views.campaign_reports import send_paper
from units.clock import today
from units.frame import UnitRequest, unit_view
from units.refusals import RefusedError
from units.views.acts import answer_form, posted


@require_GET
@unit_view("reports.view_certificate_layout")
def certificate_layout_list(request: UnitRequest) -> HttpResponse:
    """Layouts and printers of the unit; a title holds one layout, so their number is bounded by the catalogue."""
    unit = request.actor.unit
    context = {"layouts": list(list_layouts(unit)), "printers": list(list_printers(unit))}
    return render(request, "reports/certificates/layout_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("reports.add_certificate_layout")
def certificate_layout_add(request: UnitRequest) -> HttpResponse:
    form = LayoutStartForm(
        posted(request), titles=list_titles_without_layout(request.actor.unit), initial={"stock": "plain"}
    )
    return answer_form(
        request,
        form,
        lambda: add_certificate_layout(**form.cleaned_data, actor=request.actor),
        heading="Lập mẫu trình bày",
        submit="Lập mẫu",
        back=reverse("reports:certificate-layout-list"),
        done="Đã lập mẫu. Mở mẫu để chỉnh vị trí từng phần và in trang canh chỉnh.",
        trail=("Mẫu giấy khen, bằng chứng nhận", reverse("reports:certificate-layout-list")),
    )


@require_http_methods(["GET", "POST"])
@unit_view("reports.edit_certificate_layout")
def certificate_layout_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Where every block stands, in millimetres."""
    layout = get_object_or_404(list_layouts(request.actor.unit), pk=pk)
    blocks = form_of(layout).blocks
    form = LayoutForm(
        posted(request),
        request.FILES or None,
        page=layout.page,
        blocks=blocks,
        initial={"stock": layout.stock},
    )
    refusal = None
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            edit_certificate_layout(
                layout,
                stock=said["stock"],
                blocks=form.blocks(),
                artwork=said["artwork"],
                drops_artwork=said["drops_artwork"],
                actor=request.actor,
            )
        except RefusedError as error:
            refusal = error
        else:
            messages.success(request, "Đã lưu mẫu. In trang canh chỉnh để so với giấy thật trước khi in hàng loạt.")
            return redirect("reports:certificate-layout-edit", pk=layout.pk)
    context = {
        "layout": layout,
        "form": form,
        "refusal": refusal,
        "printers": list(list_printers(request.actor.unit)),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "reports/certificates/layout_edit.html", context, status=status)


@require_GET
@unit_view("reports.view_certificate_layout")
def certificate_layout_calibration(request: UnitRequest, pk: UUID) -> HttpResponse:
    """Rulers, crosses and a sample, moved as the printer named in the address needs it."""
    unit = request.actor.unit
    layout = get_object_or_404(list_layouts(unit), pk=pk)
    asked = request.GET.get("printer", "")
    printer = next((one for one in list_printers(unit) if str(one.pk) == asked), None)
    form = form_of(layout)
    texts = sample_texts(layout.title, unit, today(), form.blocks)
    content = render_calibration(form, texts=texts, printer=printer)
    return send_paper(content, "application/pdf", f"canh-chinh-{layout.title.code}.pdf")


def _answer_printer(request: UnitRequest, printer: CertificatePrinter | None) -> HttpResponse:
    initial = {"offset_x": 0, "offset_y": 0}
    if printer:
        initial = {"name": printer.name, "offset_x": printer.offset_x, "offset_y": printer.offset_y}  # type: ignore[dict-item]
    form = PrinterForm(posted(request), initial=initial)
    return answer_form(
        request,
        form,
        lambda: set_certificate_printer(printer, **form.cleaned_data, actor=request.actor),
        heading=f"Máy in {printer.name}" if printer else "Ghi máy in",
        submit="Lưu",
        back=reverse("reports:certificate-layout-list"),
        done="Đã lưu số dịch của máy in.",
        trail=("Mẫu giấy khen, bằng chứng nhận", reverse("reports:certificate-layout-list")),
    )


@require_http_methods(["GET", "POST"])
@unit_view("reports.set_certificate_printer")
def certificate_printer_add(request: UnitRequest) -> HttpResponse:
    return _answer_printer(request, None)


@require_http_methods(["GET", "POST"])
@unit_view("reports.set_certificate_printer")
def certificate_printer_edit(request: UnitRequest, pk: UUID) -> HttpResponse:
    return _answer_printer(request, get_object_or_404(list_printers(request.actor.unit), pk=pk))
