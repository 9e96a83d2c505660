"""A worker killed while the mail server holds its call: that day's digest is never sent a second time."""

import os
import signal

import pytest

from tests.stack import Stack, wait_until

pytestmark = pytest.mark.browser  # needs the whole installation, not the browser

START_OVER = """
from campaigns.models import ReminderDigest
from campaigns.tasks import prepare_reminders
from units.scoping import maintenance_scope
with maintenance_scope("the test asks for a new digest of the day"):
    ReminderDigest.objects.exclude(recipient__username="canbo.daitu").delete()
    prepare_reminders()
"""
STATES = """
from campaigns.models import ReminderDigest
from units.scoping import maintenance_scope
with maintenance_scope("the test looks at digests"):
    print(sorted(ReminderDigest.objects.values_list("state", flat=True)))
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


def test_a_worker_killed_while_sending_sends_no_second_mail(stack: Stack) -> None:
    def shell(code: str) -> str:
        return stack.manage("shell", "--no-imports", "-v0", "-c", code).strip()

    wait_until(
        lambda: "sent" in shell(STATES) and shell(OPEN_PROMISES) == "0", 120, what="the installation's own digests"
    )
    before = len(list(stack.mail_dir.glob("*.eml")))
    mail_server = stack.processes["mail"].pid
    os.killpg(mail_server, signal.SIGSTOP)
    shell(START_OVER)
    kept = shell(STATES).count("sent")
    wait_until(lambda: "sending" in shell(STATES), what="the worker to call the mail server")
    interrupted = shell(STATES).count("sending")
    stack.kill_worker()
    os.killpg(mail_server, signal.SIGCONT)
    shell(LEASE_IS_OVER)
    stack.start_worker()
    wait_until(lambda: shell(OPEN_PROMISES) == "0", 60, what="every promise to be settled")
    states = shell(STATES)
    assert states.count("sending") == interrupted, "what was interrupted stays marked, for a person to see"
    sent = len(list(stack.mail_dir.glob("*.eml"))) - before
    assert sent == states.count("sent") - kept
