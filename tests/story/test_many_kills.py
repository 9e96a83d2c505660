"""A hundred kills while the morning's letters are prepared and sent: nobody is told twice, and nobody is left out.

What is killed, always with SIGKILL and at moments that a seed chooses: the worker's pool children (most of the kills:
the parent forks another at once, so a hundred fit into a minute), the whole worker with its children, and Redis,
which keeps nothing on disk. What is real: the worker, beat, the database, Redis, and the mail catcher, whose folder
is the judge. What is hurried: a promise that was lost with Redis is sent again when its lease of minutes is over, so
the test lets leases run out at once; two children then often hold the same promise, which is one more trial.

No mail server can be asked afterwards whether it took a text when its answer was lost. Such a letter is held to less:
at most one mail that day, marked as unsure, and what it says is told again in the next day's letter.
"""

import os
import random
import re
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
import redis
from celery import Celery

from config.heartbeat import redis_client
from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser  # needs the whole installation, not the browser

SEED = 20231113
PEOPLE = 300
PREPARING_KILLS = 10
CHILD_KILLS = 100
WORKER_KILLS = 2
REDIS_KILLS = 4
CHILDREN = 4
READY = " ready."

PEOPLE_WITH_WORK = f"""
from datetime import date, timedelta
from campaigns.models import Assignment, Campaign, Obligation
from units.clock import today
from units.models import Membership, Unit, User
from units.scoping import maintenance_scope
with maintenance_scope("the test gives many people the same late work"):
    # Nothing else is due there, so that a letter speaks of this work alone.
    unit = Unit.objects.get(code="CTHADS-CBA")
    campaign = Campaign.objects.get(code="TNG-DHTT-2023")
    duty = Obligation.objects.create(campaign=campaign, code="NHIEU-LAN-DUNG", title="Việc để nhắc nhiều người",
        kind="report", owed_to=campaign.issuer, last_day=today() - timedelta(days=1), citation="Thử")
    Assignment.objects.create(obligation=duty, unit=unit, last_day=duty.last_day)
    people = User.objects.bulk_create([User(username=f"nhac{{n}}", display_name=f"Người Mẫu {{n}}",
        email=f"nhac{{n}}@example.vn") for n in range({PEOPLE})])
    Membership.objects.bulk_create([Membership(user=one, unit=unit, role="clerk", valid_from=date(2020, 1, 1))
        for one in people])
"""
TOMORROW = """
from datetime import timedelta
from campaigns.services.reminders import prepare_letters
from units.clock import now, today
from units.scoping import maintenance_scope
with maintenance_scope("the test turns the page of the calendar"):
    prepare_letters(day=today() + timedelta(days=1), at=now() + timedelta(days=1))
"""
TOLD = """
from collections import Counter
from campaigns.models import Reminder
from units.scoping import maintenance_scope
with maintenance_scope("the test counts what people were told"):
    told = Counter(Reminder.objects.filter(assignment__obligation__code="NHIEU-LAN-DUNG",
        recipient__username__startswith="nhac").values_list("recipient__username", flat=True))
    print(len(told), max(told.values()))
"""
CLEAR_AWAY = """
from campaigns.models import Obligation
from units.models import Membership, User
from units.scoping import maintenance_scope
with maintenance_scope("the test takes the work back and closes the accounts"):
    Obligation.objects.filter(code="NHIEU-LAN-DUNG").delete()
    Membership.objects.filter(user__username__startswith="nhac").delete()
    User.objects.filter(username__startswith="nhac").update(is_active=False)
"""
MESSAGE_ID = re.compile(rb"^Message-ID: <digest-([0-9a-f-]{36})@thidua>", re.MULTILINE)


def _below(number: int) -> list[int]:
    with suppress(OSError):
        return [int(child) for child in Path(f"/proc/{number}/task/{number}/children").read_text().split()]
    return []


class Trial:
    """The installation, the moments, and how to look at letters from outside."""

    def __init__(self, stack: Stack) -> None:
        self.stack, self.moments = stack, random.Random(SEED)  # noqa: S311 — not a secret
        self.celery = Celery(broker=stack.environment["REDIS_URL"])
        self.kills: Counter[str] = Counter()

    def call(self, task: str) -> None:
        with suppress(Exception):  # Redis may be dead at this moment, and that is the point
            self.celery.send_task(task, queue="default", retry=False)

    def pause(self, most: float) -> None:
        time.sleep(self.moments.uniform(0, most))

    def children(self) -> list[int]:
        """The processes that do the tasks: below the worker, which its keeper starts again when it gives up."""
        return [task for worker in _below(self.stack.processes["worker"].pid) for task in _below(worker)]

    def kill_child(self) -> None:
        with suppress(ProcessLookupError, IndexError):
            os.kill(self.moments.choice(self.children()), signal.SIGKILL)
            self.kills["child"] += 1

    def kill_worker(self) -> None:
        with suppress(ProcessLookupError):
            self.stack.kill_worker()
            self.kills["worker"] += 1
        self.start_worker()

    def start_worker(self) -> None:
        """Start it and wait until it takes work: killed before that it has nothing to lose."""
        begun = self.stack.log("worker").count(READY)
        self.stack.start_worker()
        wait_until(lambda: self.stack.log("worker").count(READY) > begun, 60, what="the worker to be ready")

    def kill_redis(self) -> None:
        os.kill(int((self.stack.home / "redis" / "server.pid").read_text()), signal.SIGKILL)
        self.kills["redis"] += 1
        self.stack.start_redis()

    def end_leases(self) -> None:
        """Let the sweeper send again what no message stands for any more; while some do, more would only pile up."""
        with suppress(redis.RedisError):
            if redis_client(self.stack.environment["REDIS_URL"]).llen("default"):
                return
        self.stack.ask(
            "UPDATE units_outboxmessage SET sent_at = now() - interval '1 hour', tries = 0 "
            "WHERE done_at IS NULL AND sent_at IS NOT NULL"
        )
        self.call("units.tasks.sweep_outbox")

    def open_promises(self) -> int:
        ((number,),) = self.stack.ask(
            "SELECT count(*) FROM units_outboxmessage WHERE key LIKE 'digest:%' AND done_at IS NULL"
        )
        assert isinstance(number, int)
        return number

    def letters(self, days_ahead: int = 0) -> dict[str, str]:
        """State of each letter to the people of this test, by its id."""
        day = date.fromisoformat(self.stack.environment["DEMONSTRATION_DAY"]) + timedelta(days=days_ahead)
        rows = self.stack.ask(
            "SELECT l.id::text, l.state FROM campaigns_reminderletter l JOIN units_user u ON u.id = l.recipient_id "
            "WHERE starts_with(u.username, 'nhac') AND l.day = %s",
            day,
        )
        return {str(key): str(state) for key, state in rows}

    def mails(self) -> Counter[str]:
        """How often each letter lies in the mail catcher's folder."""
        found: Counter[str] = Counter()
        for path in self.stack.mail_dir.glob("*.eml"):
            if match := MESSAGE_ID.search(path.read_bytes()):
                found[match[1].decode()] += 1
        return found

    def drain(self) -> None:
        def settled() -> bool:
            self.end_leases()
            time.sleep(1)
            return self.open_promises() == 0

        wait_until(settled, 300, what="every promise to be settled")


@pytest.fixture
def trial(stack: Stack) -> Iterator[Trial]:
    shell(stack, PEOPLE_WITH_WORK)
    usual = stack.commands["worker"]
    at = usual.index("--concurrency") + 1
    stack.stop_process("worker")
    stack.commands["worker"] = [*usual[:at], str(CHILDREN), *usual[at + 1 :]]
    trial = Trial(stack)
    trial.start_worker()
    yield trial
    stack.start_redis()
    with suppress(ProcessLookupError):
        stack.stop_process("worker")
    stack.commands["worker"] = usual
    stack.start_worker()
    shell(stack, CLEAR_AWAY)
    for path in stack.mail_dir.glob("*.eml"):
        if b"\nTo: nhac" in path.read_bytes():
            path.unlink()


def shell(stack: Stack, code: str) -> str:
    return stack.manage("shell", "--no-imports", "-v0", "-c", code).strip()


def test_nobody_is_told_twice_and_nobody_is_left_out(trial: Trial, record_property: Callable[..., None]) -> None:
    for _ in range(PREPARING_KILLS):
        trial.call("campaigns.tasks.prepare_reminders")
        trial.pause(0.4)
        trial.kill_child()
    wait_until(
        lambda: trial.call("campaigns.tasks.prepare_reminders") or time.sleep(1) or len(trial.letters()) == PEOPLE,
        180,
        what="a letter for everybody",
    )

    others = [trial.kill_worker] * WORKER_KILLS + [trial.kill_redis] * REDIS_KILLS
    trial.moments.shuffle(others)
    breaks = sorted(trial.moments.sample(range(CHILD_KILLS), len(others)))
    while trial.kills["child"] < PREPARING_KILLS + CHILD_KILLS:
        if breaks and trial.kills["child"] - PREPARING_KILLS >= breaks[0]:
            breaks.pop(0)
            others.pop()()
        if trial.kills["child"] % 10 == 0:
            trial.end_leases()
        trial.pause(0.12)
        trial.kill_child()
    at_work = sum(state == "waiting" for state in trial.letters().values())
    trial.drain()

    letters, mails = trial.letters(), trial.mails()
    states = Counter(letters.values())
    assert trial.kills["child"] + trial.kills["worker"] + trial.kills["redis"] >= 100
    assert set(states) <= {"sent", "sending"}, states
    assert {key: mails[key] for key in letters if mails[key] > 1} == {}, "somebody was told twice"
    assert {key for key, state in letters.items() if state == "sent" and mails[key] != 1} == set()
    unsure = {key for key, state in letters.items() if state == "sending"}
    # An answer is lost in a window of a few milliseconds: seldom, or something else is wrong.
    assert len(unsure) <= PEOPLE // 10

    trial.stack.ask(
        "UPDATE campaigns_reminderletter SET handed_over_at = now() - interval '1 hour' WHERE state = 'sending'"
    )
    shell(trial.stack, TOMORROW)
    trial.drain()
    again, mails = trial.letters(1), trial.mails()
    assert len(again) == len(unsure), "only what stayed unsure is told again"
    assert all(mails[key] == 1 for key in again)
    # The page of reminders: each person has the thing once, whatever happened to the mail.
    assert shell(trial.stack, TOLD) == f"{PEOPLE} 1"
    for name, value in {
        **trial.kills,
        "letters": PEOPLE,
        "unsure": len(unsure),
        "left at the last kill": at_work,
    }.items():
        record_property(name, value)
