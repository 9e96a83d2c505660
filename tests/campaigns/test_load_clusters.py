"""The command that brings clusters and scoring tables into an installation that launched its plans before."""

import io

import pytest
from django.core.management import call_command

from campaigns.models import Cluster, ExpectedWork, ScoreTemplate
from campaigns.plan_file import read_shipped_plans
from campaigns.services.launch import launch_campaign
from tests.builders import DAY
from units.register_rules import list_north_2021
from units.scoping import maintenance_scope
from units.services.register import load_register

pytestmark = pytest.mark.django_db


def load() -> str:
    said = io.StringIO()
    call_command("load_clusters", stdout=said)
    return said.getvalue()


def test_an_older_installation_gets_what_is_missing_once() -> None:
    with maintenance_scope("a plan is launched for every unit at once"):
        load_register(list_north_2021())
        launch_campaign(next(plan for plan in read_shipped_plans() if plan.cluster), day=DAY)
        lines = ExpectedWork.objects.count()
        ExpectedWork.objects.all().delete()
        for cluster in Cluster.objects.all():
            cluster.years.all().delete()
            cluster.delete()
    assert f"thêm {lines} dòng" in load()
    assert "thêm 0 dòng" in load()
    assert Cluster.objects.get().years.get().members.count() == 28
    assert ScoreTemplate.objects.count() == 1


def test_an_empty_installation_gets_the_tables_only() -> None:
    assert "Có 0 khu vực" in load()
    assert ScoreTemplate.objects.count() == 1
