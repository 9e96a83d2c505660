"""The worker is killed, or loses Redis, while the mail server keeps it waiting: each letter is sent, once."""

import os
import signal

import pytest

from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser  # needs the whole installation, not the browser

START_OVER = """
from campaigns.models import ReminderLetter
from campaigns.tasks import prepare_reminders
from units.scoping import maintenance_scope
with maintenance_scope("the test asks for new letters of the day"):
    ReminderLetter.objects.exclude(recipient__username="canbo.daitu").delete()
    prepare_reminders()
"""
STATES = """
from campaigns.models import ReminderLetter
print(sorted(ReminderLetter.objects.values_list("state", flat=True)))
"""
LEASE_IS_OVER = """
from units.models import OutboxMessage
from django.utils import timezone
from datetime import timedelta
OutboxMessage.objects.filter(done_at=None, sent_at__isnull=False).update(sent_at=timezone.now() - timedelta(hours=1))
"""
OPEN_PROMISES = """
from units.models import OutboxMessage
print(OutboxMessage.objects.filter(key__startswith="digest:", done_at=None).count())
"""


@pytest.fixture
def letters(stack: Stack) -> "Letters":
    """The demonstration's letters of the day, all sent, as the state to begin from."""
    letters = Letters(stack)
    wait_until(
        lambda: "sent" in letters.states() and letters.open_promises() == 0, 120, what="the installation's own letters"
    )
    return letters


class Letters:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def shell(self, code: str) -> str:
        return self.stack.manage("shell", "--no-imports", "-v0", "-c", code).strip()

    def states(self) -> str:
        return self.shell(STATES)

    def open_promises(self) -> int:
        return int(self.shell(OPEN_PROMISES))

    def mails(self) -> int:
        return len(list(self.stack.mail_dir.glob("*.eml")))

    def ask_anew_of_a_silent_mail_server(self) -> int:
        """All letters but one are promised again; returns how many stay sent, once the worker waits for an answer."""
        os.killpg(self.stack.processes["mail"].pid, signal.SIGSTOP)
        self.shell(START_OVER)
        kept = self.states().count("sent")
        wait_until(
            lambda: "campaigns.tasks.send_letter" in self.stack.log("worker").rsplit("prepare_reminders", 1)[-1],
            what="the worker to call the mail server",
        )
        return kept

    def let_the_mail_server_go_on(self) -> None:
        os.killpg(self.stack.processes["mail"].pid, signal.SIGCONT)


def test_a_worker_killed_while_it_waits_for_the_mail_server_loses_no_letter(stack: Stack, letters: Letters) -> None:
    before, everyone = letters.mails(), len(letters.states().split(","))
    kept = letters.ask_anew_of_a_silent_mail_server()
    stack.kill_worker()
    assert "sending" not in letters.states(), "no text was on its way"
    letters.let_the_mail_server_go_on()
    letters.shell(LEASE_IS_OVER)
    stack.start_worker()
    wait_until(lambda: letters.open_promises() == 0, 60, what="every promise to be settled")
    assert letters.states().count("sent") == everyone
    assert letters.mails() - before == everyone - kept


def test_a_worker_without_redis_to_acknowledge_to_sends_each_letter_once(stack: Stack, letters: Letters) -> None:
    """Whether Celery comes through that or ends and is started again, nobody notices."""
    before, everyone = letters.mails(), len(letters.states().split(","))
    kept = letters.ask_anew_of_a_silent_mail_server()
    so_far = len(stack.log("worker"))
    stack.stop_redis()
    try:
        wait_until(lambda: "Connection to broker lost" in stack.log("worker")[so_far:], what="the loss to be noticed")
        letters.let_the_mail_server_go_on()
        wait_until(lambda: letters.mails() > before, 60, what="the letter that was under way")
    finally:
        stack.start_redis()
    letters.shell(LEASE_IS_OVER)
    wait_until(lambda: letters.open_promises() == 0, 90, what="every promise to be settled")
    assert letters.states().count("sent") == everyone
    assert letters.mails() - before == everyone - kept
    assert stack.processes["worker"].poll() is None
