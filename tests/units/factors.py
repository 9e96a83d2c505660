"""What a person's phone and letter box do, for tests of accounts."""

import base64
import hashlib
import hmac
import re
import struct
import time

from django.core import mail
from django.test import Client

from units.models import Letter, LetterState, User
from units.services.letters import send_letter

PASSWORD = "bốn từ không liên quan"


def account_with_password(account: User) -> User:
    account.set_password(PASSWORD)
    account.save()
    return account


def totp(secret: str, *, ahead: int = 0) -> str:
    """The code an authenticator shows now, or some half minutes later; RFC 6238 by hand."""
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30 + ahead), hashlib.sha1
    ).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def set_totp_up(client: Client) -> str:
    """Confirm the password, scan, type the code; return the secret that the phone now holds."""
    page = client.get("/accounts/me/second-factor/codes/add/", follow=True)
    if page.request["PATH_INFO"] == "/accounts/me/confirm/":
        page = client.post(
            "/accounts/me/confirm/",
            {"password": PASSWORD, "next": "/accounts/me/second-factor/codes/add/"},
            follow=True,
        )
    found = re.search(r"<code>([A-Z2-7]{32})</code>", page.content.decode())
    assert found, page.content.decode()
    page = client.post("/accounts/me/second-factor/codes/add/", {"code": totp(found[1])})
    assert page.status_code == 302, page.content.decode()
    return found[1]


def sign_in(name: str, password: str = PASSWORD) -> Client:
    client = Client()
    client.post("/sign-in/", {"login": name, "password": password})
    return client


def read_letters() -> list[mail.EmailMessage]:
    """Let the worker send what was promised, and open the letter box."""
    from django.utils import timezone

    for letter in Letter.objects.filter(state=LetterState.WAITING):
        send_letter(letter.pk, at=timezone.now())
    return mail.outbox


def link_in(letter: mail.EmailMessage) -> str:
    found = re.search(r"https?://[^/\s]+(/\S+)", str(letter.body))
    assert found, letter.body
    return found[1]
