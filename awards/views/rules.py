"""The dated rules of counting: what every council of the system uses, kept at its top."""

from itertools import groupby

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from awards.forms.rules import RuleForm
from awards.models import VotingRule
from awards.services.rules import add_rule
from units.clock import today
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
        "may_add": request.actor.may("awards.add_rule") and request.actor.unit.is_root,
        "day": today(),
    }
    return render(request, "awards/council/rule_list.html", context)


@require_http_methods(["GET", "POST"])
@unit_view("awards.add_rule")
def rule_add(request: UnitRequest, pk: int) -> HttpResponse:
    """Add a dated edition of a rule, starting from one that stands."""
    if not request.actor.unit.is_root:
        raise PermissionDenied("Cách tính dùng chung chỉ sửa được ở đơn vị cao nhất của hệ thống.")
    edition = get_object_or_404(VotingRule, pk=pk)
    dated = ("valid_from", "valid_to", "confirmed", "citation")
    names = [name for name in RuleForm.base_fields if name not in dated]
    form = RuleForm(posted(request), initial={name: getattr(edition, name) for name in names})
    return answer_form(
        request,
        form,
        lambda: add_rule(edition, form.cleaned_data, actor=request.actor),
        heading=f"Bản quy định mới: {edition.title}",
        submit="Thêm bản quy định",
        back=reverse("awards:rule-list"),
        done="Đã thêm bản quy định. Lượt bỏ phiếu đã mở giữ cách tính lúc mở.",
        template="awards/council/rule_add.html",
        edition=edition,
    )
