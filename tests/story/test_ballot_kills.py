"""Two hundred ballots while everything is killed: no paper is lost, none doubled, none opened before its time.

Six members vote in two hundred ballots at once through the real web processes; each sends a paper until the product
says for certain that it was received. Meanwhile web processes, the database's own processes (which brings the whole
server down and up again), the worker and Redis die by SIGKILL, at moments tied to the number of papers received so
that every run kills as often. The counting dies twice on its way and goes on where it stopped.
"""

import json
import os
import random
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from tests.stack import REPOSITORY, Stack, wait_until

pytestmark = pytest.mark.browser  # needs the whole installation, not the browser

BALLOTS = 200
SEED = 20231113
RECEIVED = "Đã nhận phiếu của đồng chí"
WEB_EVERY, DATABASE_EVERY, OTHERS_EVERY = 60, 170, 390
COUNT_KILLS = 2

GROUND = f"""
import json
from datetime import date
from awards.models import CouncilMember
from awards.services.ballots import add_ballot, open_ballot
from awards.services.sittings import add_agenda_item, add_sitting, record_attendance
from awards.models import VotingRule
from tests.awards.room import LIGHT, RULE, accepted, copy_of, council_of, passphrases, signed_in
from tests.builders import actor, obligation
from campaigns.models import Campaign
from units.clock import today
from units.models import AwardTitle, Unit
from units.roles import Role
from units.scoping import maintenance_scope
with maintenance_scope("the test seats a council of its own"):
    place = Unit.objects.get(code="CTHADS-CBA")
    plan = Campaign.objects.create(code="PHIEU-THU", title="Thử", kind="period", issuer=place, plan_name="Thử",
        opens_on=date(2021, 1, 1), closes_on=date(2025, 12, 31))
    obligation(plan, "DE-NGHI", place, kind="nomination", last_day=date(2023, 12, 31), awards=["grassroots-annual"])
    plan.title_of_tests = AwardTitle.objects.get(code="grassroots-annual")
    secretariat = actor(place, Role.SECRETARIAT)
    council = council_of(place)
    sitting = add_sitting(council, title="Bỏ phiếu khi mất điện", held_on=today(), place="Cục", actor=secretariat)
    cases = [accepted(plan, place, f"Người Mẫu {{number}}") for number in (1, 2)]
    for case in cases:
        add_agenda_item(sitting, case, actor=secretariat)
    members = list(CouncilMember.objects.filter(council=council).order_by("order"))
    record_attendance(sitting, absences={{members[-1].pk: "Đi công tác"}}, actor=secretariat)
    rule = VotingRule.objects.get(code=RULE)
    pattern = add_ballot(sitting, title="Mẫu", rule=rule, seats=None, actor=secretariat)
    pattern = open_ballot(pattern, passphrases=passphrases(pattern), actor=secretariat, day=today(), cost=LIGHT)
    ballots = [str(copy_of(pattern).pk) for _ in range({BALLOTS})]
    print(json.dumps({{
        "ballots": ballots,
        "cases": [str(case.pk) for case in cases],
        "sessions": [signed_in(member).cookies["sessionid"].value for member in members[:-1]],
    }}))
"""
LOOK = """
import json, sys
from awards.models import Ballot, Tally, Urn
from units.scoping import maintenance_scope
with maintenance_scope("the test looks at the urns"):
    mine = Ballot.objects.filter(sitting__title="Bỏ phiếu khi mất điện").exclude(marks=[])
    urns = {one.ballot_id: len(one.papers) for one in Urn._base_manager.filter(ballot__in=mine)}
    tallies = Tally.objects.filter(ballot__in=mine)
    print(json.dumps({
        "uneven": [str(one.pk) for one in mine if one.pk in urns and urns[one.pk] != len(one.marks)],
        "marks": sum(len(one.marks) for one in mine),
        "states": sorted({one.state for one in mine}),
        "papers": [one.count_input["papers"] for one in tallies],
    }))
"""
COUNT = """
from awards.models import Ballot
from awards.services.ballots import close_ballot
from awards.services.counting import count_ballot
from tests.awards.room import SECRET
from units.actors import act_as
from units.clock import now
from units.models import Membership
from units.roles import Role
from units.scoping import maintenance_scope
with maintenance_scope("the test counts"):
    place = Membership.objects.filter(unit__code="CTHADS-CBA", role=Role.SECRETARIAT, user__username__contains="CBA")
    actor = act_as(place.select_related("user", "unit").get())
    mine = Ballot.objects.filter(sitting__title="Bỏ phiếu khi mất điện").exclude(marks=[])
    for ballot in mine.filter(state="open"):
        close_ballot(ballot, actor=actor)
    for ballot in mine.filter(state="closed"):
        holders = [one["id"] for one in ballot.terms["holders"]][1:]
        count_ballot(ballot, passphrases={key: SECRET.format(key) for key in holders}, actor=actor, at=now())
"""
CLEAR_AWAY = """
from units.models import Membership, User
from units.scoping import maintenance_scope
with maintenance_scope("the test closes its accounts"):
    ours = User.objects.filter(username__contains="CTHADS-CBA")
    Membership.objects.filter(user__in=ours).update(valid_to="2023-01-01")
    ours.update(is_active=False)
"""


def votes_of(number: int) -> tuple[str, str]:
    words = ("yes", "no", "blank")
    return words[number % 3], words[number // 3]


def send(request: Request) -> tuple[int, str]:
    """Status and text of the answer; 0 where the connection broke and nobody knows."""
    try:
        with urlopen(request, timeout=60) as answer:  # noqa: S310  our own address
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
    except (OSError, HTTPException):
        return 0, ""


def below(number: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    return []


class Storm:
    """Voters at work, and what dies meanwhile."""

    def __init__(self, stack: Stack, ground: dict[str, list[str]]) -> None:
        self.stack, self.ground = stack, ground
        self.moments = random.Random(SEED)  # noqa: S311  not a secret
        self.kills: Counter[str] = Counter()
        self.received, self.unsure = 0, 0
        self.lock = threading.Lock()

    def vote_everywhere(self, number: int) -> None:
        """One member goes from ballot to ballot, each in an order of their own, and gives up nowhere."""
        order = list(self.ground["ballots"])
        random.Random(number).shuffle(order)  # noqa: S311  not a secret
        token = secrets.token_hex(16)
        cookies = {"sessionid": self.ground["sessions"][number], "csrftoken": token}
        choices = dict(zip(self.ground["cases"], votes_of(number), strict=True))
        form = {f"vote-{case}": vote for case, vote in choices.items()} | {"csrfmiddlewaretoken": token}
        data = urlencode(form).encode()
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        for ballot in order:
            address = f"{self.stack.url}/sittings/ballots/{ballot}/cast/"
            self.vote(Request(address, data=data, headers=headers))  # noqa: S310  our own address

    def vote(self, request: Request) -> None:
        until = time.monotonic() + 120
        while time.monotonic() < until:
            status, text = send(request)
            if status in (200, 409) and RECEIVED in text:
                with self.lock:
                    self.received += 1
                return
            assert status == 0 or status >= 500, (status, text[:2000])
            with self.lock:
                self.unsure += 1
            time.sleep(0.3)
        raise AssertionError(f"{request.full_url} never said that the paper was received")

    def kill_web(self) -> None:
        with suppress(ProcessLookupError, IndexError):
            os.kill(self.moments.choice(below(self.stack.processes["web"].pid)), signal.SIGKILL)
            self.kills["web"] += 1

    def kill_database(self) -> None:
        """Kill the process that serves one connection: the server ends all others, recovers and goes on."""
        postmaster = int((self.stack.home / "postgres" / "postmaster.pid").read_text().split()[0])
        clients = [one for one in below(postmaster) if b"thidua" in Path(f"/proc/{one}/cmdline").read_bytes()]
        with suppress(ProcessLookupError, IndexError):
            os.kill(self.moments.choice(clients), signal.SIGKILL)
            self.kills["database"] += 1

    def kill_worker_and_redis(self) -> None:
        with suppress(ProcessLookupError):
            self.stack.kill_worker()
            self.kills["worker"] += 1
        os.kill(int((self.stack.home / "redis" / "server.pid").read_text()), signal.SIGKILL)
        self.kills["redis"] += 1
        self.stack.start_redis()
        self.stack.start_worker()

    def rage(self, voters: list[threading.Thread]) -> None:
        done: Counter[Callable[[], None]] = Counter()
        every = {self.kill_web: WEB_EVERY, self.kill_database: DATABASE_EVERY, self.kill_worker_and_redis: OTHERS_EVERY}
        while any(one.is_alive() for one in voters):
            for kill, step in every.items():
                if self.received >= (done[kill] + 1) * step:
                    done[kill] += 1
                    time.sleep(self.moments.uniform(0, 0.05))
                    kill()
            time.sleep(0.01)


def shell(stack: Stack, code: str) -> str:
    return stack.manage("shell", "--no-imports", "-v0", "-c", code).strip()


def count_and_die(stack: Stack, after: float) -> None:
    """Count in a process of its own and kill it on the way, soon after it has counted one ballot more."""

    def tallies() -> int:
        return int(stack.ask("SELECT count(*) FROM awards_tally")[0][0])

    before = tallies()
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "manage.py", "shell", "--no-imports", "-v0", "-c", COUNT],
        cwd=REPOSITORY,
        env=stack.environment,
    )
    try:
        wait_until(lambda: tallies() > before or process.poll() is not None, 120, what="a ballot to be counted")
        time.sleep(after)
    finally:
        process.kill()
    assert process.wait() == -signal.SIGKILL, "the count was over before it could be killed"


@pytest.fixture
def storm(stack: Stack) -> Iterator[Storm]:
    yield Storm(stack, json.loads(shell(stack, GROUND).splitlines()[-1]))
    stack.start_redis()
    if stack.processes.get("worker") is None:
        stack.start_worker()
    health = Request(f"{stack.url}/healthz")  # noqa: S310  our own address
    wait_until(lambda: send(health)[0] == 200, 60, what="the web process")
    shell(stack, CLEAR_AWAY)


def test_no_paper_is_lost_doubled_or_opened_early(storm: Storm, record_property: Callable[..., None]) -> None:
    failures: list[BaseException] = []

    def run(number: int) -> None:
        try:
            storm.vote_everywhere(number)
        except BaseException as error:  # noqa: BLE001  a thread's failure is the test's
            failures.append(error)

    members = len(storm.ground["sessions"])
    voters = [threading.Thread(target=run, args=(number,)) for number in range(members)]
    for voter in voters:
        voter.start()
    storm.rage(voters)
    for voter in voters:
        voter.join()
    assert not failures, failures[0]
    assert storm.kills["web"] >= 15, storm.kills
    assert storm.kills["database"] >= 5, storm.kills
    assert storm.kills["worker"] >= 2, storm.kills
    assert storm.kills["redis"] >= 2, storm.kills

    voted = json.loads(shell(storm.stack, LOOK))
    assert voted == {"uneven": [], "marks": BALLOTS * members, "states": ["open"], "papers": []}

    for turn in range(COUNT_KILLS):
        count_and_die(storm.stack, 0.05 + 0.1 * turn)
    shell(storm.stack, COUNT)
    found = json.loads(shell(storm.stack, LOOK))
    assert found["states"] == ["counted"]
    expected = sorted(votes_of(number) for number in range(members))
    cases = storm.ground["cases"]
    for papers in found["papers"]:
        answers = [next(iter(one.values())) for one in papers]
        assert sorted(tuple(one.get(case, "blank") for case in cases) for one in answers) == expected
    assert len(found["papers"]) == BALLOTS
    for name, value in {**storm.kills, "sent again": storm.unsure}.items():
        record_property(name, value)
