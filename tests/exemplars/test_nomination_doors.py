"""A nomination at the doors of its campaign's phase: put forward and appraised only while they are open."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from campaigns.models import PhaseDoor
from exemplars.services.nominations import (
    accept_nomination,
    forward_nomination,
    return_nomination,
    submit_nomination,
)
from tests.builders import AT, DAY, phase
from tests.exemplars.test_nominations import Story
from units.refusals import RefusedError
from units.scoping import maintenance_scope

OPEN = (date(2023, 11, 1), date(2023, 11, 30))
SHUT = (date(2023, 12, 1), date(2023, 12, 15))


@pytest.fixture
def story(db: None) -> Iterator[Story]:
    with maintenance_scope("tests read every unit"):
        made = Story()
        year = phase(made.campaign, "2023", date(2023, 1, 1), date(2023, 12, 31))
        made.campaign.obligations.update(phase=year)
        yield made


def date_door(story: Story, door: str, days: tuple[date, date]) -> PhaseDoor:
    year = story.campaign.phases.get()
    return PhaseDoor.objects.update_or_create(
        phase=year, door=door, defaults={"opens_on": days[0], "closes_on": days[1]}
    )[0]


def refused(do: Any) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        do()
    return caught.value


def test_open_doors_let_a_nomination_all_the_way(story: Story) -> None:
    date_door(story, "nominate", OPEN)
    date_door(story, "appraise", OPEN)
    nomination = story.forwarded()
    assert accept_nomination(nomination, actor=story.secretariat, day=DAY, at=AT).state == "accepted"


def test_it_is_not_put_forward_while_the_phase_takes_none(story: Story) -> None:
    date_door(story, "nominate", SHUT)
    nomination = story.filled()
    said = refused(lambda: submit_nomination(nomination, actor=story.clerk, day=DAY, at=AT))
    assert "không nhận đề nghị vào ngày 13/11/2023" in said.what
    assert "Đợt «Đợt 2023» nhận đề nghị từ ngày 01/12/2023 đến hết ngày 15/12/2023" in said.why
    assert str(story.tree.bureau) in said.remedy
    nomination.refresh_from_db()
    assert nomination.state == "draft"


def test_it_does_not_leave_the_unit_after_the_door_shut(story: Story) -> None:
    nomination = story.submitted()
    date_door(story, "nominate", SHUT)
    said = refused(lambda: forward_nomination(nomination, actor=story.head, day=DAY, at=AT))
    assert "không nhận đề nghị" in said.what


def test_one_that_was_returned_comes_again_whatever_the_door(story: Story) -> None:
    nomination = story.forwarded()
    return_nomination(nomination, {"duties": "Ghi rõ hơn"}, actor=story.secretariat, at=AT)
    date_door(story, "nominate", SHUT)
    submit_nomination(nomination, actor=story.clerk, day=DAY, at=AT)
    assert forward_nomination(nomination, actor=story.head, day=DAY, at=AT).state == "forwarded"


def test_it_is_neither_accepted_nor_returned_while_nothing_is_appraised(story: Story) -> None:
    nomination = story.forwarded()
    date_door(story, "appraise", SHUT)
    for do in (
        lambda: accept_nomination(nomination, actor=story.secretariat, day=DAY, at=AT),
        lambda: return_nomination(nomination, {"duties": "Ghi rõ hơn"}, actor=story.secretariat, at=AT),
    ):
        assert "không thẩm tra đề nghị vào ngày 13/11/2023" in refused(do).what
    nomination.refresh_from_db()
    assert nomination.state == "forwarded"
