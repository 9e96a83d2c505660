"""What the upgrade makes of campaigns that stood before: one vocabulary of kinds, and whole phases marked."""

from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from campaigns.models import Campaign, Phase
from tests.builders import Tree
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def upgrade() -> Any:
    (path,) = Path("campaigns/migrations").glob("*_cascade.py")
    return import_module(f"campaigns.migrations.{path.stem}")


def old(code: str, kind: str) -> Campaign:
    return Campaign.objects.create(
        code=code,
        title=code,
        kind=kind,
        issuer=Tree().bureau if not Campaign.objects.exists() else Campaign.objects.all()[0].issuer,
        plan_name="Kế hoạch",
        opens_on=date(2021, 1, 1),
        closes_on=date(2025, 12, 31),
    )


def test_kinds_of_either_vocabulary_become_those_of_the_one(upgrade: Any) -> None:
    before = ["phased", "exemplars", "cluster", "cluster-year", "thematic", "period"]
    for number, kind in enumerate(before):
        old(f"C-{number}", kind)
    with maintenance_scope("an upgrade sees every row"), connection.schema_editor(atomic=False) as editor:
        upgrade.rename_kinds(None, editor)
    after = list(Campaign.objects.order_by("code").values_list("kind", flat=True))
    assert after == ["drive", "period", "regular", "regular", "thematic", "period"]


def test_campaigns_are_found_by_their_words_afterwards(upgrade: Any) -> None:
    old("Đúng hạn", "period")
    Campaign.objects.update(folded_words="")
    with maintenance_scope("an upgrade sees every row"), connection.schema_editor(atomic=False) as editor:
        upgrade.fold_words(apps, editor)
    assert Campaign.objects.get().folded_words.startswith("dung han")


def test_a_phase_of_the_whole_time_is_marked_and_no_other(upgrade: Any) -> None:
    one = old("C", "period")
    days = {"dau": (date(2021, 1, 1), date(2023, 12, 31)), "cuoi": (date(2024, 1, 1), date(2025, 12, 31))}
    for code, (first, last) in days.items():
        Phase.objects.create(campaign=one, code=code, title=code, opens_on=first, closes_on=last, citation="I")
    other = old("D", "period")
    Phase.objects.create(
        campaign=other, code="ca", title="Cả giai đoạn", opens_on=one.opens_on, closes_on=one.closes_on, citation="I"
    )
    with maintenance_scope("an upgrade sees every row"), connection.schema_editor(atomic=False) as editor:
        upgrade.mark_whole(None, editor)
    assert list(Phase.objects.filter(is_whole=True).values_list("code", flat=True)) == ["ca"]
