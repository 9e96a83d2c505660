"""Bring clusters of shipped plans and scoring tables up to what ships, and lines of addressees that are missing."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from campaigns.models import Campaign, Cluster, Obligation, ScoreTemplate
from campaigns.plan_file import read_shipped_plans
from campaigns.services.clusters import found_cluster, tie_campaign
from campaigns.services.expected import expect_obligations
from campaigns.services.filing_copies import lay_missing
from campaigns.services.scores import load_score_templates
from campaigns.workflow import STANDING, SubmissionState
from units.actors import system_actor
from units.clock import now
from units.models import Unit
from units.scoping import maintenance_scope

JOB = "nạp khu vực, cụm, khối"


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
            copies = self._lay_copies()
        self.stdout.write(
            f"Có {Cluster.objects.count()} khu vực, cụm, khối; {ScoreTemplate.objects.count()} bảng chấm điểm "
            f"({templates} mới); thêm {lines} dòng việc đơn vị khác gửi về, {copies} bản nộp cho nơi nhận ngoài nhánh."
        )

    def _lay_copies(self) -> int:
        """Whom a plan lets have copies, where it was launched before that was kept; and what was sent before."""
        for plan in read_shipped_plans():
            for planned in plan.obligations:
                obligations = Obligation.objects.filter(campaign__code=plan.code, code=planned.code, copies_to=None)
                for obligation in obligations if planned.copies_to else ():
                    obligation.copies_to.set(Unit.objects.filter(code__in=planned.copies_to))
        units = Unit.objects.filter(parent__isnull=True)
        return sum(
            lay_missing(
                Obligation.objects.filter(campaign__issuer__in=Unit.objects.below(root.path)),
                (*STANDING, SubmissionState.RETURNED),
                actor=system_actor(root, JOB),
                at=now(),
            )
            for root in units
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
