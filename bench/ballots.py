"""A conference votes: `python bench/ballots.py [SECONDS]`.

Brings up a whole installation in a temporary folder, its database durable as in use, seats a council of 28 voters
with 60 cases and lets all of them vote within SECONDS (60), each at a moment drawn by a seed, by the three requests a
member makes: the paper, the answers to check, the casting. A second ballot is cast by all 28 at once, as when the
chair says «now». Then both are closed and counted with the full cost of the keys.

Prints Markdown: the median and the 95th percentile of each request as the member's browser sees it, the time to
count, and how long papers of nothing but «yes» took beside papers of nothing but «no»: what a watcher of the line could
learn. Times hold for one machine and one moment.
"""

import http.client
import json
import math
import os
import random
import secrets
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

if TYPE_CHECKING:
    from tests.stack import Stack

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
VOTERS, CASES, SECONDS, SEED = 28, 60, 60.0, 20231113
RECEIVED = "Đã nhận phiếu của đồng chí"
STEPS = ("paper", "check", "cast")

GROUND = f"""
import json
from datetime import date
from awards.models import CouncilMember, VotingRule
from awards.services.ballots import add_ballot, open_ballot
from awards.services.sittings import add_agenda_item, add_sitting, record_attendance
from campaigns.models import Campaign
from tests.awards.room import RULE, accepted, copy_of, council_of, passphrases, signed_in
from tests.builders import actor, obligation
from units.clock import today
from units.models import AwardTitle, Unit
from units.roles import Role
from units.scoping import maintenance_scope
with maintenance_scope("a benchmark seats a council"):
    place = Unit.objects.get(code="CTHADS-CBA")
    plan = Campaign.objects.create(code="DO-BO-PHIEU", title="Đo", kind="period", issuer=place, plan_name="Đo",
        opens_on=date(2021, 1, 1), closes_on=date(2025, 12, 31))
    obligation(plan, "DE-NGHI", place, kind="nomination", last_day=date(2023, 12, 31), awards=["grassroots-annual"])
    plan.title_of_tests = AwardTitle.objects.get(code="grassroots-annual")
    secretariat = actor(place, Role.SECRETARIAT)
    council = council_of(place, {VOTERS})
    sitting = add_sitting(council, title="Đo", held_on=today(), place="Cục", actor=secretariat)
    cases = [accepted(plan, place, f"Người Mẫu {{number}}") for number in range({CASES})]
    for case in cases:
        add_agenda_item(sitting, case, actor=secretariat)
    members = list(CouncilMember.objects.filter(council=council).order_by("order"))
    record_attendance(sitting, absences={{}}, actor=secretariat)
    ballot = add_ballot(sitting, title="Đo", rule=VotingRule.objects.get(code=RULE), seats=None, actor=secretariat)
    ballot = open_ballot(ballot, passphrases=passphrases(ballot), actor=secretariat, day=today())
    print(json.dumps({{
        "ballots": [str(ballot.pk), str(copy_of(ballot).pk)],
        "cases": [str(case.pk) for case in cases],
        "sessions": [signed_in(member).cookies["sessionid"].value for member in members],
    }}))
"""
COUNT = """
import json, time
from awards.models import Ballot
from awards.services.ballots import close_ballot
from awards.services.counting import count_ballot
from awards.services.sweeping import sweep_urns
from tests.awards.room import SECRET
from units.actors import act_as
from units.clock import now
from units.models import Membership
from units.roles import Role
from units.scoping import maintenance_scope
with maintenance_scope("a benchmark counts"):
    place = Membership.objects.filter(unit__code="CTHADS-CBA", role=Role.SECRETARIAT, user__username__contains="CBA")
    actor = act_as(place.select_related("user", "unit").get())
    ballot = Ballot.objects.exclude(marks=[]).filter(sitting__title="Đo", state="open").order_by("pk").first()
    begun = time.perf_counter()
    close_ballot(ballot, actor=actor)
    closed = time.perf_counter()
    holders = [one["id"] for one in ballot.terms["holders"]][1:]
    ballot = count_ballot(ballot, passphrases={key: SECRET.format(key) for key in holders}, actor=actor, at=now())
    counted = time.perf_counter()
    sweep_urns()
    swept = time.perf_counter()
    print(json.dumps({"papers": len(ballot.tally.count_input["papers"]), "close": closed - begun,
        "unlock, open and count": counted - closed, "sweep the tables": swept - counted}))
"""


class Member:
    """One voter's browser: a connection, a session, and the times it saw."""

    def __init__(self, url: str, session: str, cases: list[str], vote: str) -> None:
        self.address = urlsplit(url).netloc
        token = secrets.token_hex(16)
        self.headers = {
            "Cookie": f"sessionid={session}; csrftoken={token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        self.form = urlencode({f"vote-{case}": vote for case in cases} | {"csrfmiddlewaretoken": token})
        self.vote, self.times = vote, dict.fromkeys(STEPS, 0.0)
        self.failure = ""

    def ask(self, method: str, path: str, body: str | None = None) -> str:
        connection = http.client.HTTPConnection(self.address, timeout=60)
        try:
            connection.request(method, path, body, self.headers)
            answer = connection.getresponse()
            text = answer.read().decode()
        finally:
            connection.close()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return text

    def go(self, ballot: str, wait: float, think: float) -> None:
        """Vote, thinking `think` seconds over the paper and half as long over the check."""
        try:
            time.sleep(wait)
            place = f"/sittings/ballots/{ballot}/"
            self.timed("paper", "GET", place)
            time.sleep(think)
            self.timed("check", "POST", f"{place}check/", self.form)
            time.sleep(think / 2)
            if RECEIVED not in self.timed("cast", "POST", f"{place}cast/", self.form):
                self.failure = "the product did not say that the paper was received"
        except (OSError, RuntimeError, http.client.HTTPException) as error:
            self.failure = repr(error)

    def timed(self, step: str, method: str, path: str, body: str | None = None) -> str:
        begun = time.perf_counter()
        text = self.ask(method, path, body)
        self.times[step] = time.perf_counter() - begun
        return text


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    import django

    django.setup()
    from config import embedded
    from tests.stack import Stack

    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        stack = Stack(home)
        embedded.stop(home, redis=False)
        embedded.start(home, redis=False, durable=True)
        try:
            stack.start()
            measure(stack, seconds)
        finally:
            stack.close()


def measure(stack: "Stack", seconds: float) -> None:
    ground = json.loads(shell(stack, GROUND))
    calm, rush = ground["ballots"]
    moments = random.Random(SEED)  # noqa: S311  not a secret
    print(f"{VOTERS} voters, {CASES} cases; {web_processes()} web processes\n")
    print("| request | median, ms | p95, ms | most, ms |\n|---|---|---|---|")
    for name, ballot, waits in (
        (f"within {seconds:.0f} s", calm, [moments.uniform(0, seconds) for _ in range(VOTERS)]),
        ("all at once", rush, [0.0] * VOTERS),
    ):
        members = [
            Member(stack.url, session, ground["cases"], "yes" if number % 2 else "no")
            for number, session in enumerate(ground["sessions"])
        ]
        vote(members, ballot, waits, think=min(2.0, seconds / 10) if any(waits) else 0.0)
        for step in STEPS:
            print(row(f"{step}, {name}", [one.times[step] for one in members]))
    print(f"\n«yes» beside «no», casting at once: ratio of medians {beside(members):.2f}")
    for _ in range(2):
        found = json.loads(shell(stack, COUNT))
        papers = found.pop("papers")
        words = ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in found.items())
        print(f"\n{papers} papers: {words}")


def web_processes() -> str:
    return os.environ.get("WEB_CONCURRENCY", "2")


def vote(members: list[Member], ballot: str, waits: list[float], *, think: float) -> None:
    threads = [
        threading.Thread(target=member.go, args=(ballot, wait, think))
        for member, wait in zip(members, waits, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failures = [one.failure for one in members if one.failure]
    if failures:
        raise SystemExit(f"{len(failures)} of {len(members)} papers failed: {failures[0]}")


def row(name: str, times: list[float]) -> str:
    ordered = sorted(times)
    p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    figures = (statistics.median(ordered), p95, ordered[-1])
    return f"| {name} | {' | '.join(f'{one * 1000:.0f}' for one in figures)} |"


def beside(members: list[Member]) -> float:
    times = {
        word: statistics.median(one.times["cast"] for one in members if one.vote == word) for word in ("yes", "no")
    }
    return times["yes"] / times["no"]


def shell(stack: "Stack", code: str) -> str:
    text: str = stack.manage("shell", "--no-imports", "-v0", "-c", code).strip().splitlines()[-1]
    return text


if __name__ == "__main__":
    main()
