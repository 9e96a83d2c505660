"""A worker killed while the mail server keeps it waiting: nothing went out yet, so the letter is sent, once."""

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


def test_a_worker_killed_while_it_waits_for_the_mail_server_loses_no_letter(stack: Stack) -> None:
    def shell(code: str) -> str:
        return stack.manage("shell", "--no-imports", "-v0", "-c", code).strip()

    def sent() -> int:
        return len(list(stack.mail_dir.glob("*.eml")))

    wait_until(
        lambda: "sent" in shell(STATES) and shell(OPEN_PROMISES) == "0", 120, what="the installation's own letters"
    )
    before, letters = sent(), len(shell(STATES).split(","))
    mail_server = stack.processes["mail"].pid
    os.killpg(mail_server, signal.SIGSTOP)
    shell(START_OVER)
    kept = shell(STATES).count("sent")
    wait_until(
        lambda: "campaigns.tasks.send_letter" in stack.log("worker").rsplit("prepare_reminders", 1)[-1],
        what="the worker to call the mail server",
    )
    stack.kill_worker()
    assert "sending" not in shell(STATES), "no text was on its way"
    os.killpg(mail_server, signal.SIGCONT)
    shell(LEASE_IS_OVER)
    stack.start_worker()
    wait_until(lambda: shell(OPEN_PROMISES) == "0", 60, what="every promise to be settled")
    assert shell(STATES).count("sent") == letters
    assert sent() - before == letters - kept
