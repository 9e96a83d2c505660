"""The dated rules of counting: what every council of the system uses, kept at its top."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.forms.rules import RuleEditForm, RuleForm
from awards.models import VotingRule
from awards.services.rules import add_rule, edit_rule
from units.clock import now, today
from units.frame import UnitRequest, unit_view
from units.views.acts import answer_form, posted


@require_GET
@unit_view("awards.view_rule")
def rule_list(request: UnitRequest) -> HttpResponse:
    """Every rule with its editions, the newest first."""
    editions = VotingRule.objects.order_by("code", "-valid_from")
    rules = [list(each) for _, each in groupby(editions, key=lambda one: one.code)]
    context = {
        "rules": sorted(rules, key=lambda each: each[0].title),
        "may_edit": request.actor.may("awards.edit_rule") and request.actor.unit.is_root,
        "may_add": request.actor.may("awards.add_rule") and request.actor.unit.is_root,
        "day": today(),
    }
    return render(request, "awards/council/rule_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_rule")
def rule_add(request: UnitRequest, pk: int) -> HttpResponse:
    """Add a dated edition of a rule, starting from one that stands."""
    _require_root(request)
    edition = get_object_or_404(VotingRule, pk=pk)
    dated = ("valid_from", "valid_to", "confirmed", "citation")
    names = [name for name in RuleForm.base_fields if name not in dated]
    form = RuleForm(posted(request), initial={name: getattr(edition, name) for name in names})
    return answer_form(
        request,
        form,
        lambda: add_rule(edition, form.cleaned_data, actor=request.actor),
        heading=f"Bản quy định mới: {edition.title}",
        crumb="Bản quy định mới",
        note="Bản đang để ngỏ ngày hết hiệu lực thì tự hết vào hôm trước ngày bản mới có hiệu lực. "
        "Lượt bỏ phiếu đã mở không đổi.",
        submit="Thêm bản quy định",
        back=reverse("awards:rule-list"),
        done="Đã thêm bản quy định. Lượt bỏ phiếu đã mở giữ cách tính lúc mở.",
        template="awards/council/rule_form.html",
        edition=edition,
    )


@require_http_methods(["GET", "POST"])
@unit_view("awards.edit_rule")
def rule_edit(request: UnitRequest, pk: int) -> HttpResponse:
    """Mend an edition that was not compared with the text yet."""
    _require_root(request)
    edition = get_object_or_404(VotingRule, pk=pk)
    names = list(RuleForm.base_fields)
    form = RuleEditForm(posted(request), initial={name: getattr(edition, name) for name in names})
    return answer_form(
        request,
        form,
        lambda: edit_rule(
            edition,
            {name: form.cleaned_data[name] for name in names},
            reason=form.cleaned_data["reason"],
            actor=request.actor,
            at=now(),
        ),
        heading=f"Sửa: {edition.title}",
        crumb=f"Sửa bản từ {edition.valid_from:%d/%m/%Y}",
        note="Sửa được cho tới khi đánh dấu đã đối chiếu với văn bản gốc. Lượt bỏ phiếu đã mở giữ cách tính lúc mở; "
        "lượt đang chuẩn bị tính theo bản đã sửa.",
        submit="Lưu",
        back=reverse("awards:rule-list"),
        done="Đã sửa bản quy định. Lượt bỏ phiếu đã mở giữ cách tính lúc mở.",
        template="awards/council/rule_form.html",
        edition=edition,
    )


def _require_root(request: UnitRequest) -> None:
    if not request.actor.unit.is_root:
        raise PermissionDenied("Cách tính dùng chung chỉ sửa được ở đơn vị cao nhất của hệ thống.")
