"""Voting and deciding at the doors of the phases of the cases."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from awards.selectors.ballots import check_ballot
from awards.services.ballots import open_ballot
from campaigns.models import Obligation, PhaseDoor
from tests.awards.room import LIGHT, Room, passphrases, signed_in
from tests.awards.test_decisions import WON, issue
from tests.builders import phase
from units.clock import today
from units.refusals import RefusedError

pytestmark = pytest.mark.django_db


def shut(room: Room, door: str) -> PhaseDoor:
    """The door of the year of the cases, open from tomorrow on for a week."""
    year = phase(room.plan, "2023", date(2023, 1, 1), date(2023, 12, 31))
    Obligation.objects.filter(campaign=room.plan).update(phase=year)
    first = today() + timedelta(days=1)
    return PhaseDoor.objects.create(phase=year, door=door, opens_on=first, closes_on=first + timedelta(days=7))


def test_a_ballot_does_not_open_while_the_phase_does_not_vote(room: Room) -> None:
    door = shut(room, "vote")
    ballot = room.ballot()
    (obstacle,) = check_ballot(ballot, day=today()).obstacles
    for words in ("không bỏ phiếu vào ngày", "Đợt «Đợt 2023» bỏ phiếu từ ngày", f"hỏi {room.tree.bureau}"):
        assert words in obstacle
    with pytest.raises(RefusedError, match="Chưa mở được lượt bỏ phiếu") as refused:
        open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
    assert obstacle in refused.value.why
    door.opens_on = today()
    door.save()
    assert check_ballot(ballot, day=today()).obstacles == ()
    opened = open_ballot(ballot, passphrases=passphrases(ballot), actor=room.secretariat, day=today(), cost=LIGHT)
    assert opened.state == "open"


def test_no_decision_is_dated_outside_the_days_of_deciding(room: Room) -> None:
    ballot = room.counted(*WON)
    door = shut(room, "decide")
    with pytest.raises(RefusedError, match="không ra quyết định vào ngày") as refused:
        issue(room, ballot)
    assert "Đợt «Đợt 2023» ra quyết định từ ngày" in refused.value.why
    answer = signed_in(room.records).post(
        reverse("awards:decision-issue", args=[ballot.pk]),
        {
            "number": "45/QĐ-CTHADS",
            "signed_on": f"{today():%d/%m/%Y}",
            "subject": "Về việc công nhận",
            "signer_name": "Người Ký Mẫu",
            "signer_title": "Cục trưởng",
        },
    )
    assert answer.status_code == 422
    assert "không ra quyết định vào ngày" in answer.content.decode()
    door.opens_on = today()
    door.save()
    assert issue(room, ballot).number == "45/QĐ-CTHADS"
