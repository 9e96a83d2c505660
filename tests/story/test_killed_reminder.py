"""The worker is killed, or loses Redis, while the mail server keeps it waiting: each letter is sent, once."""

import os
import signal
from pathlib import Path
from urllib.parse import urlsplit

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
STATES = "SELECT state FROM campaigns_reminderletter ORDER BY state"
OPEN_PROMISES = "SELECT count(*) FROM units_outboxmessage WHERE starts_with(key, 'digest:') AND done_at IS NULL"
LEASE_IS_OVER = (
    "UPDATE units_outboxmessage SET sent_at = now() - interval '1 hour' WHERE done_at IS NULL AND sent_at IS NOT NULL"
)
CONNECTED = "01"


@pytest.fixture
def letters(stack: Stack) -> "Letters":
    """The demonstration's letters of the day, all sent, as the state to begin from."""
    letters = Letters(stack)
    wait_until(
        lambda: "sent" in letters.states() and letters.open_promises() == 0, 300, what="the installation's own letters"
    )
    return letters


class Letters:
    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def states(self) -> list[str]:
        return [state for (state,) in self.stack.ask(STATES)]

    def open_promises(self) -> int:
        [(number,)] = self.stack.ask(OPEN_PROMISES)
        return int(number)

    def mails(self) -> int:
        return len(list(self.stack.mail_dir.glob("*.eml")))

    def ask_anew_of_a_silent_mail_server(self) -> int:
        """All letters but one are promised again; returns how many stay sent, once the worker waits for an answer."""
        os.killpg(self.stack.processes["mail"].pid, signal.SIGSTOP)
        self.stack.manage("shell", "--no-imports", "-v0", "-c", START_OVER)
        kept = self.states().count("sent")
        wait_until(self.is_worker_waiting, what="the worker to call the mail server")
        return kept

    def is_worker_waiting(self) -> bool:
        """Whether somebody on this machine is connected to the mail server, which says nothing."""
        port = f":{urlsplit(self.stack.environment['EMAIL_URL']).port:04X}"
        lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return any(remote.endswith(port) and state == CONNECTED for _, _, remote, state, *_ in lines)

    def let_the_mail_server_go_on(self) -> None:
        os.killpg(self.stack.processes["mail"].pid, signal.SIGCONT)


def test_a_worker_killed_while_it_waits_for_the_mail_server_loses_no_letter(stack: Stack, letters: Letters) -> None:
    before, everyone = letters.mails(), len(letters.states())
    kept = letters.ask_anew_of_a_silent_mail_server()
    stack.kill_worker()
    assert "sending" not in letters.states(), "no text was on its way"
    letters.let_the_mail_server_go_on()
    stack.ask(LEASE_IS_OVER)
    stack.start_worker()
    wait_until(lambda: letters.open_promises() == 0, 180, what="every promise to be settled")
    assert letters.states().count("sent") == everyone
    assert letters.mails() - before == everyone - kept


def test_a_worker_without_redis_to_acknowledge_to_sends_each_letter_once(stack: Stack, letters: Letters) -> None:
    """Whether Celery comes through that or ends and is started again, nobody notices."""
    before, everyone = letters.mails(), len(letters.states())
    kept = letters.ask_anew_of_a_silent_mail_server()
    so_far = len(stack.log("worker"))
    stack.stop_redis()
    try:
        wait_until(lambda: "Connection to broker lost" in stack.log("worker")[so_far:], what="the loss to be noticed")
        letters.let_the_mail_server_go_on()
        wait_until(lambda: letters.mails() > before, 180, what="the letter that was under way")
    finally:
        stack.start_redis()
    stack.ask(LEASE_IS_OVER)
    wait_until(lambda: letters.open_promises() == 0, 180, what="every promise to be settled")
    assert letters.states().count("sent") == everyone
    assert letters.mails() - before == everyone - kept
    assert stack.processes["worker"].poll() is None
