"""Báo cáo tổng hợp của một phong trào, từ cùng số liệu với trang và bảng tính."""

from django.utils import timezone

from reports.documents.facts import Letterhead
from reports.documents.sheet import Sheet, heading
from reports.figures import CampaignSummary, Measure, cells


def lay_out(summary: CampaignSummary) -> Sheet:
    head = Letterhead(summary.superior, summary.unit, summary.place, "")
    return Sheet(
        title="Báo cáo tổng hợp",
        template="reports/paper/campaign_report.html",
        context={
            "summary": summary,
            # A branch that is one office alone has nothing to divide.
            "divided": [branch for branch in summary.branches if any(not line.is_own for line in branch.children)],
            "head": heading(head, timezone.localdate(summary.as_of)),
            "measures": list(Measure),
            "total": cells(summary.total),
        },
    )
