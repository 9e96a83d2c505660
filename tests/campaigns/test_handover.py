"""One mail handed to a real mail server: what is written down when, and what a refusal leaves."""

import smtplib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campaigns.models import Assignment, DigestState, DirectReminder, ReminderLetter, ReturnLetter
from campaigns.services.direct_reminders import remind_now, send_direct_reminder
from campaigns.services.filings import return_submission, save_submission, send_submission, start_submission
from campaigns.services.papers import add_paper
from campaigns.services.reminders import prepare_letters, send_letter
from campaigns.services.return_letters import send_return_letter
from config.serve import free_port
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, pdf, user
from units.roles import Role
from units.scoping import maintenance_scope

pytestmark = pytest.mark.django_db


class Office:
    """A mail server that answers as a test says, and remembers what it took."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.to_address = "250 OK"
        self.to_text = "250 OK"
        self.asked = threading.Event()

    async def handle_RCPT(self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: object) -> str:  # noqa: N802
        envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        self.asked.set()
        if self.to_text == "hang up":
            assert server.transport is not None
            server.transport.close()
            return "421 gone"
        if self.to_text.startswith("2"):
            self.taken.append((envelope.original_content or b"").decode())
        return self.to_text


@pytest.fixture
def office(settings: Any) -> Iterator[Office]:
    handler, port = Office(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, enable_SMTPUTF8=True)
    controller.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    yield handler
    controller.stop()


class Promised:
    """One letter of any kind, and its sending."""

    def __init__(
        self, row: ReminderLetter | DirectReminder | ReturnLetter, prefix: str, send: Callable[[], bool]
    ) -> None:
        self.row, self.prefix, self.send = row, prefix, send

    @property
    def state(self) -> str:
        self.row.refresh_from_db()
        return self.row.state


def promise_day(tree: Tree) -> Promised:
    prepare_letters(day=DAY, at=AT)
    row = ReminderLetter.objects.get()
    return Promised(row, "digest", lambda: send_letter(row.pk, day=DAY, at=AT))


def promise_direct(tree: Tree) -> Promised:
    owed = Assignment.objects.select_related("unit", "obligation__owed_to").get()
    remind_now(owed, actor=actor(tree.bureau, Role.SECRETARIAT), day=DAY)
    row = DirectReminder.objects.get()
    return Promised(row, "reminder", lambda: send_direct_reminder(row.pk, day=DAY))


def promise_return(tree: Tree) -> Promised:
    clerk = actor(tree.branch, Role.CLERK)
    submission = start_submission(Assignment.objects.select_related("unit").get(), actor=clerk, at=AT)
    save_submission(submission, document_number="1/BC", document_date=DAY, message="", actor=clerk)
    add_paper(submission, pdf(), paper="", actor=clerk, at=AT)
    send_submission(submission, actor=clerk, at=AT)
    return_submission(submission, reasons="Thiếu chữ ký", actor=actor(tree.bureau, Role.SECRETARIAT), at=AT)
    row = ReturnLetter.objects.get(recipient__username="clerk")
    return Promised(row, "returned", lambda: send_return_letter(row.pk))


@pytest.fixture(params=[promise_day, promise_direct, promise_return])
def letter(request: pytest.FixtureRequest, settings: Any) -> Iterator[Promised]:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    with maintenance_scope("tests read every unit"):
        tree = Tree()
        obligation(campaign(tree.bureau), "VIEC", tree.branch, last_day=DAY, papers=[])
        user("clerk", (tree.branch, Role.CLERK))
        yield request.param(tree)


def test_a_mail_that_was_taken_is_sent(office: Office, letter: Promised) -> None:
    assert letter.send()
    (text,) = office.taken
    assert f"<{letter.prefix}-{letter.row.pk}@thidua>" in text
    assert letter.state == DigestState.SENT
    assert letter.row.handed_over_at is not None


def test_an_address_that_does_not_exist_is_not_tried_again(office: Office, letter: Promised) -> None:
    office.to_address = "550 no such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        letter.send()
    assert letter.state == DigestState.REFUSED
    # Where a letter bears no day of its own, when it was tried tells the operator of it while it is news.
    assert (letter.row.handed_over_at is None) == isinstance(letter.row, ReminderLetter)


@pytest.mark.parametrize(("to_address", "to_text"), [("451 later", "250 OK"), ("250 OK", "451 later")])
def test_what_the_server_puts_off_waits(office: Office, letter: Promised, to_address: str, to_text: str) -> None:
    office.to_address, office.to_text = to_address, to_text
    with pytest.raises(smtplib.SMTPException):
        letter.send()
    assert letter.state == DigestState.WAITING
    office.to_address = office.to_text = "250 OK"
    assert letter.send()
    assert len(office.taken) == 1


def test_a_server_that_hangs_up_after_the_text_leaves_it_unsure(office: Office, letter: Promised) -> None:
    office.to_text = "hang up"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        letter.send()
    assert letter.state == DigestState.SENDING
    assert letter.send() is False


def test_a_server_that_is_away_changes_nothing(office: Office, letter: Promised, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    with pytest.raises(ConnectionRefusedError):
        letter.send()
    assert letter.state == DigestState.WAITING
    assert letter.row.handed_over_at is None
