"""Bring clusters of shipped plans and scoring tables up to what ships, and lines of addressees that are missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from campaigns.models import Campaign, Cluster, ScoreTemplate
from campaigns.plan_file import read_shipped_plans
from campaigns.services.clusters import found_cluster, tie_campaign
from campaigns.services.expected import expect_obligations
from campaigns.services.scores import load_score_templates
from units.models import Unit
from units.scoping import maintenance_scope


class Command(BaseCommand):
    help = (
        "Nạp khu vực, cụm, khối của các kế hoạch đã phát động, bảng chấm điểm kèm phần mềm, và việc đơn vị khác phải "
        "gửi về còn thiếu. Chạy lại không đổi gì: năm đã có và bảng đã công bố giữ nguyên."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with maintenance_scope("lines of addressees are written for every unit at once"), transaction.atomic():
            templates = load_score_templates()
            self._tie_clusters()
            lines = sum(expect_obligations(list(one.obligations.all())) for one in Campaign.objects.all())
        self.stdout.write(
            f"Có {Cluster.objects.count()} khu vực, cụm, khối; {ScoreTemplate.objects.count()} bảng chấm điểm "
            f"({templates} mới); thêm {lines} dòng việc đơn vị khác gửi về."
        )

    def _tie_clusters(self) -> None:
        """A plan that was launched before clusters were kept; one whose units are not all in the register waits."""
        for plan in read_shipped_plans():
            campaign = Campaign.objects.filter(code=plan.code).first()
            if plan.cluster is None or campaign is None:
                continue
            units = {unit.code: unit for unit in Unit.objects.filter(code__in=plan.cluster.members)}
            if len(units) == len(plan.cluster.members):
                tie_campaign(found_cluster(plan.cluster, units), campaign)
