"""One mail handed to a real mail server: what is written down when, and what a refusal leaves."""

import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from campaigns.models import DigestState, ReminderLetter
from campaigns.services.reminders import prepare_letters, send_letter
from config.serve import free_port
from tests.builders import AT, DAY, Tree, campaign, obligation, user
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


@pytest.fixture
def letter() -> Iterator[ReminderLetter]:
    with maintenance_scope("tests read every unit"):
        tree = Tree()
        obligation(campaign(tree.bureau), "VIEC", tree.branch, last_day=DAY)
        user("clerk", (tree.branch, Role.CLERK))
        prepare_letters(day=DAY, at=AT)
        yield ReminderLetter.objects.get()


def state_of(letter: ReminderLetter) -> str:
    letter.refresh_from_db()
    return letter.state


def test_a_mail_that_was_taken_is_sent(office: Office, letter: ReminderLetter) -> None:
    assert send_letter(letter.pk, day=DAY, at=AT)
    (text,) = office.taken
    assert f"<digest-{letter.pk}@thidua>" in text
    assert state_of(letter) == DigestState.SENT
    assert letter.handed_over_at is not None
    assert letter.answered_at is not None


def test_an_address_that_does_not_exist_is_not_tried_again(office: Office, letter: ReminderLetter) -> None:
    office.to_address = "550 no such user"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send_letter(letter.pk, day=DAY, at=AT)
    assert state_of(letter) == DigestState.REFUSED
    assert letter.handed_over_at is None


@pytest.mark.parametrize(("to_address", "to_text"), [("451 later", "250 OK"), ("250 OK", "451 later")])
def test_what_the_server_puts_off_waits(office: Office, letter: ReminderLetter, to_address: str, to_text: str) -> None:
    office.to_address, office.to_text = to_address, to_text
    with pytest.raises(smtplib.SMTPException):
        send_letter(letter.pk, day=DAY, at=AT)
    assert state_of(letter) == DigestState.WAITING
    office.to_address = office.to_text = "250 OK"
    assert send_letter(letter.pk, day=DAY, at=AT)
    assert len(office.taken) == 1


def test_a_server_that_hangs_up_after_the_text_leaves_it_unsure(office: Office, letter: ReminderLetter) -> None:
    office.to_text = "hang up"
    with pytest.raises(smtplib.SMTPServerDisconnected):
        send_letter(letter.pk, day=DAY, at=AT)
    assert state_of(letter) == DigestState.SENDING
    assert send_letter(letter.pk, day=DAY, at=AT) is False


def test_a_server_that_is_away_changes_nothing(office: Office, letter: ReminderLetter, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    with pytest.raises(ConnectionRefusedError):
        send_letter(letter.pk, day=DAY, at=AT)
    assert state_of(letter) == DigestState.WAITING
    assert letter.handed_over_at is None
