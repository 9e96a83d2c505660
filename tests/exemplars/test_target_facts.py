"""Targets of plans as facts about units: what each plan asks and each report says, at a constant price."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exemplars import rules
from exemplars.selectors.facts import Asked, gather_cases
from exemplars.selectors.rulebooks import find_surroundings
from tests.builders import DAY
from tests.campaigns.target_scene import TargetScene
from units.models import Unit
from units.scoping import maintenance_scope, unit_scope

YEAR = rules.Span(date(2023, 1, 1), date(2023, 12, 31))


@pytest.fixture
def scene(db: None) -> Iterator[TargetScene]:
    with maintenance_scope("tests read every unit"):
        yield TargetScene()


def ask(unit: Unit) -> Asked:
    return Asked(key=uuid4(), recognition="grassroots-annual", span=YEAR, year=2023, unit=unit.pk)


def test_what_was_asked_and_reported_is_known_for_many_units_at_the_price_of_one(scene: TargetScene) -> None:
    followed = scene.add()
    scene.target(followed, "95")
    with unit_scope(scene.branch.path):
        sent = scene.send("NAM-2023", scene.branch, {followed: "92.5"})
    questions = [ask(scene.branch), ask(scene.sibling), ask(scene.bureau)]
    with CaptureQueriesContext(connection) as few:
        gather_cases(questions[:1], day=DAY)
    with CaptureQueriesContext(connection) as many:
        cases = gather_cases(questions, day=DAY)
    assert len(many) <= len(few) <= 17
    reported, silent, unasked = (cases[one.key].facts.targets for one in questions)
    assert unasked is None
    assert [(one.value, one.level) for one in silent or ()] == [(None, Decimal(95))]
    (fact,) = reported or ()
    assert (fact.value, fact.level, fact.source.decision) == (Decimal("92.5"), Decimal(95), sent.document_number)
    assert fact.campaign == scene.campaign.code


def test_the_author_of_a_rulebook_chooses_among_the_plans_above_and_below(scene: TargetScene) -> None:
    scene.target(scene.add(), "95")
    for unit, expected in ((scene.branch, {"AN-HC"}), (scene.bureau, {"AN-HC"}), (scene.tree.stranger, set())):
        known = find_surroundings(unit)
        assert set(known.indicators) == expected
        assert len(known.campaigns) == len(expected)
