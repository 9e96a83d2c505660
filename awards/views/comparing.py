"""A case beside up to three others of the same sitting."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from awards.frame import CouncilRequest, council_view
from awards.models import SittingState
from awards.selectors.comparison import compare_cases
from awards.selectors.councils import list_review_items, list_sittings
from units.refusals import RefusedError
from units.services.audit import record_acts

FEWEST, MOST = 2, 4


@require_GET
@council_view("awards.review_item")
def cases_compare(request: CouncilRequest, pk: UUID) -> HttpResponse:
    """The cases whose keys are sent side by side, and the list to choose them from.

    The list holds what the member may read; a key that is not in it is not found.
    """
    sitting = get_object_or_404(list_sittings(), pk=pk, state=SittingState.PLANNED)
    items = list(list_review_items(sitting))
    wanted = set(request.GET.getlist("case"))
    chosen = [item for item in items if str(item.pk) in wanted]
    if len(chosen) < len(wanted):
        raise Http404
    refusal = _refuse(len(chosen))
    is_shown = FEWEST <= len(chosen) <= MOST
    if is_shown:
        # What the table shows comes out of the dossiers.
        record_acts("open", [(item.nomination, {}) for item in chosen], actor=request.actor)
    context = {
        "sitting": sitting,
        "items": items,
        "chosen": {item.pk for item in chosen},
        "comparison": compare_cases(chosen) if is_shown else None,
        "refusal": refusal,
        "most": MOST,
    }
    return render(request, "awards/cases_compare.html", context, status=422 if refusal else 200)


def _refuse(chosen: int) -> RefusedError | None:
    if chosen <= MOST:
        return None
    return RefusedError(
        f"Đồng chí chọn {chosen} trường hợp; mỗi lần so sánh nhiều nhất {MOST}.",
        why="Nhiều cột hơn thì chữ không còn đọc được.",
        remedy="Bỏ bớt dấu chọn ở danh sách dưới rồi bấm So sánh.",
    )
