"""Handing one mail to the mail server so that as little as possible stays unknown when somebody is killed.

Until the text is on its way no mail can have gone out, and after the server's answer one has. Only in between nobody
can know; so the word "on its way" is written down after connecting, signing in and naming the addresses, right before
the text, and the word "taken" right after the answer.
"""

import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.smtp import EmailBackend

from campaigns.models import DigestState
from units.services import outbox

OK = 250
PERMANENT = 500


class NotOursError(RuntimeError):
    """Another worker sends this letter."""


class Settle(Protocol):
    """Moves one letter on and commits, if it still is where the caller left it; returns whether it was."""

    def __call__(self, state: DigestState, *, was: DigestState) -> bool: ...


def send_once(mail: EmailMessage, settle: Settle) -> None:
    """Take one waiting letter to `SENT`, whoever is killed on the way.

    An address that the server refuses for good leaves `REFUSED`; where nothing went out the letter waits again. Either
    raises, so that it stands in the log. `NotOursError`: another worker was faster.
    """
    sending = Sending(settle)
    try:
        hand_over(mail, before_text=sending.begin, after_answer=sending.end)
    except smtplib.SMTPRecipientsRefused as refusal:
        if min(code for code, _ in refusal.recipients.values()) >= PERMANENT:
            settle(DigestState.REFUSED, was=DigestState.WAITING)
        raise
    except (*outbox.NOT_HANDED_OVER, smtplib.SMTPDataError):
        # The server said no, or was never reached: nothing is on its way. Only who began may take it back.
        if sending.begun:
            settle(DigestState.WAITING, was=DigestState.SENDING)
        raise


@dataclass
class Sending:
    """The two words that one worker writes down about one letter."""

    settle: Settle
    begun: bool = False

    def begin(self) -> None:
        """Commit that the text is going out. Of two workers one gets further than this."""
        if not self.settle(DigestState.SENDING, was=DigestState.WAITING):
            raise NotOursError
        self.begun = True

    def end(self) -> None:
        self.settle(DigestState.SENT, was=DigestState.SENDING)


def hand_over(mail: EmailMessage, *, before_text: Callable[[], None], after_answer: Callable[[], None]) -> None:
    """Send `mail`. `before_text` may raise, and then nothing is sent."""
    if settings.EMAIL_BACKEND != "django.core.mail.backends.smtp.EmailBackend":
        before_text()
        mail.connection = get_connection()
        mail.send()
        after_answer()
        return
    carrier = _Carrier()
    try:
        carrier.open()
        carrier.connection.before_text, carrier.connection.after_answer = before_text, after_answer
        carrier.send_messages([mail])
    finally:
        carrier.close()


class _Telling:
    """Tells when the text goes out and when it was taken."""

    before_text: Callable[[], None]
    after_answer: Callable[[], None]

    def data(self, msg: Any) -> tuple[int, bytes]:
        """The step of a sending that hands over the text; smtplib calls it once a mail, after the addresses."""
        self.before_text()
        answer: tuple[int, bytes] = super().data(msg)  # type: ignore[misc]  # of smtplib
        if answer[0] == OK:
            self.after_answer()
        return answer


class _TellingSMTP(_Telling, smtplib.SMTP):
    pass


class _TellingSMTPOverTLS(_Telling, smtplib.SMTP_SSL):
    pass


class _Carrier(EmailBackend):
    connection: Any

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TellingSMTPOverTLS if self.use_ssl else _TellingSMTP
