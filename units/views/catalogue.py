"""The public catalogues: titles with their order of precedence and who decides them, and legal documents."""

from collections.abc import Iterable
from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from units.clock import now, today
from units.forms.record import DocumentEditForm, TitleEditForm
from units.frame import UnitRequest, unit_view
from units.models import AwardTitle, LegalDocument
from units.services.catalogue import edit_document, edit_title
from units.views.acts import answer_form, posted

LADDERS = {
    "person-titles": "Danh hiệu thi đua của cá nhân",
    "collective-titles": "Danh hiệu thi đua của tập thể",
    "commendations": "Hình thức khen thưởng",
    "memorials": "Kỷ niệm chương",
    "exemplar-annual": "Điển hình tiên tiến hằng năm",
    "exemplar-period": "Điển hình tiên tiến của giai đoạn",
}
LEVELS = {
    "grassroots": "Cơ sở",
    "ministry": "Bộ",
    "sector": "Ngành",
    "province": "Tỉnh",
    "state": "Nhà nước",
}
DOCUMENT_KINDS = {
    "law": "Luật",
    "decree": "Nghị định",
    "circular": "Thông tư",
    "decision": "Quyết định",
    "directive": "Chỉ thị",
    "plan": "Kế hoạch",
    "official-letter": "Công văn",
}


@require_GET
@unit_view("units.view_title")
def title_list(request: UnitRequest) -> HttpResponse:
    """Titles by ladder, lowest first, with who decides them today and before."""
    titles = AwardTitle.objects.prefetch_related("authorities").order_by("ladder", "rank", "code")
    ladders = [
        {"label": LADDERS.get(ladder, ladder or "Ngoài các thang"), "titles": _described(rows)}
        for ladder, rows in groupby(titles, key=lambda title: title.ladder)
    ]
    order = [*LADDERS.values()]
    ladders.sort(key=lambda one: order.index(one["label"]) if one["label"] in order else len(order))
    context = {"ladders": ladders, "may_edit": _may_edit(request), "day": today()}
    return render(request, "units/title_list.html", context)


def _described(titles: Iterable[AwardTitle]) -> list[dict[str, object]]:
    return [
        {"title": title, "level": LEVELS.get(title.level, title.level), "authorities": list(title.authorities.all())}
        for title in titles
    ]


def _may_edit(request: UnitRequest) -> bool:
    return request.actor.may("units.edit_title") and request.actor.unit.is_root


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Danh mục dùng chung chỉ sửa được ở đơn vị cao nhất của hệ thống.")


@require_GET
@unit_view("units.view_title")
def document_list(request: UnitRequest) -> HttpResponse:
    """The legal documents that plans, criteria and decisions cite."""
    documents = [
        {"document": one, "kind": DOCUMENT_KINDS.get(one.kind, one.kind)} for one in LegalDocument.objects.all()
    ]
    return render(request, "units/document_list.html", {"documents": documents, "may_edit": _may_edit(request)})


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_title")
def title_edit(request: UnitRequest, pk: int) -> HttpResponse:
    """Mend a title that no text had confirmed, with a reason."""
    _require_root(request)
    title = get_object_or_404(AwardTitle, pk=pk)
    names = [name for name in TitleEditForm.base_fields if name != "reason"]
    form = TitleEditForm(posted(request), initial={name: getattr(title, name) for name in names})
    return answer_form(
        request,
        form,
        lambda: edit_title(title, form.values(), reason=form.cleaned_data["reason"], actor=request.actor, at=now()),
        heading=f"Sửa mục danh mục: {title.name}",
        submit="Lưu",
        back=reverse("units:title-list"),
        done="Đã lưu mục danh mục.",
        warning=title.note,
        trail=("Danh mục", reverse("units:title-list")),
    )


@require_http_methods(["GET", "POST"])
@unit_view("units.edit_document")
def document_edit(request: UnitRequest, pk: int) -> HttpResponse:
    """Mend a legal document that no text had confirmed, with a reason."""
    _require_root(request)
    document = get_object_or_404(LegalDocument, pk=pk)
    names = [name for name in DocumentEditForm.base_fields if name != "reason"]
    form = DocumentEditForm(posted(request), initial={name: getattr(document, name) for name in names})
    return answer_form(
        request,
        form,
        lambda: edit_document(
            document, form.values(), reason=form.cleaned_data["reason"], actor=request.actor, at=now()
        ),
        heading=f"Sửa văn bản {document.number}",
        submit="Lưu",
        back=reverse("units:document-list"),
        done="Đã lưu văn bản.",
        warning=document.note,
        trail=("Văn bản căn cứ", reverse("units:document-list")),
    )
