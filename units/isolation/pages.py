"""Requests as a person of the world sends them, and every word of the answer, whatever file it comes in."""

import io
import logging
import re
import tempfile
import traceback
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.template.base import Template
from django.test import Client
from django.test.utils import override_settings

from units.isolation.rows import MARKER, Place
from units.models import User
from units.roles import Role
from units.second_factor import mark_second_factor

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_TOKEN = re.compile(r'(csrfmiddlewaretoken" value=")[^"]*|(X-CSRFToken[^}]*)|nonce="[^"]*"', re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}[:hg]\d{2}(:\d{2}(\.\d+)?)?")
_OK, _REDIRECTS, _BROKEN = range(200, 300), range(300, 400), 500


@dataclass(frozen=True)
class Sender:
    """A person at the door: signed in as one role of one place, or nobody."""

    name: str
    sees: frozenset[str]
    client: Client
    role: Role | None = None


@dataclass(frozen=True)
class Page:
    """An answer. `text` is everything that a reader can get out of it; what was sent itself is no news."""

    status: int
    text: str
    is_html: bool
    location: str
    sent: str
    failure: str = ""
    method: str = "GET"

    @property
    def is_open(self) -> bool:
        """Whether the one who asked got further than "not for you" and "not there"."""
        went_on = self.status in _REDIRECTS and not self.to_sign_in
        return self.status in _OK or self.status in (409, 422) or went_on

    @property
    def to_sign_in(self) -> bool:
        return bool(self.location) and urlsplit(self.location).path == resolve_url(settings.LOGIN_URL)

    @property
    def is_broken(self) -> bool:
        return self.status == _BROKEN

    def strange_words(self, sees: frozenset[str]) -> set[str]:
        found = {one.group(0).lower() for one in MARKER.finditer(self.text) if one.group(1).lower() not in sees}
        return {word for word in found if word not in self.sent.lower()}

    def strange_keys(self, foreign: frozenset[str]) -> set[str]:
        return {key for key in map(str.lower, UUID.findall(self.text)) if key in foreign and key not in self.sent}

    @property
    def bare(self) -> str:
        """The answer without what differs between any two: tokens, times, and what was asked for."""
        text = _CLOCK.sub("", _TOKEN.sub("", self.text))
        for word in filter(None, self.sent.split("\n")):
            text = re.sub(re.escape(word), "·", text, flags=re.IGNORECASE)
        return f"{self.status}\n{text}"


@contextmanager
def harmless() -> Iterator[None]:
    """Files go to a folder that is deleted, mail to memory, and nothing to the log."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="thidua-isolation-"))
        stack.enter_context(
            override_settings(
                MEDIA_ROOT=folder,
                EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend",
                ALLOWED_HOSTS=["testserver"],
                MAIL_CATCHER_DIR="",
                # Asking the office's own provider would leave this machine.
                OIDC_ISSUER="",
                CACHES={"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}},
            )
        )
        logging.disable(logging.CRITICAL)
        stack.callback(logging.disable, logging.NOTSET)
        yield


def sign_in(place: Place, role: Role, sees: frozenset[str]) -> Sender:
    """A person of `place`. An app whose pages ask for more than a password adds it in `isolation_sign_in`."""
    client = Client(raise_request_exception=False)
    user = User.objects.get(pk=place.accounts[role].pk)
    client.force_login(user)
    _use_second_factor(client, user)
    for config in apps.get_app_configs():
        prepare = getattr(config, "isolation_sign_in", None)
        if prepare:
            prepare(client, user)
    return Sender(f"{role.label} của {place.code}", sees, client, role)


def _use_second_factor(client: Client, user: User) -> None:
    """Set a second factor up and note what typing its code notes, so that duties which need one are tried as well.

    Without it their holders would be refused at every door, and the refusals would prove nothing.
    """
    request = HttpRequest()
    request.session, request.user = client.session, user
    factor = TOTP.activate(user, generate_totp_secret()).instance
    RecoveryCodes.activate(user)
    mark_second_factor(request, user, id=factor.pk, type=factor.type)
    request.session.save()


def nobody() -> Sender:
    return Sender("người chưa đăng nhập", frozenset(), Client(raise_request_exception=False))


_rendered: list[str] = []


@contextmanager
def listening() -> Iterator[None]:
    """Keep what templates render: on paper, letters become numbers of glyphs that nobody can search."""
    # As Django's own test runner does; the name is no part of its public face.
    template: Any = Template
    plain = template._render  # noqa: SLF001

    def render(self: Template, context: Any) -> Any:
        text = plain(self, context)
        _rendered.append(str(text))
        return text

    template._render = render  # noqa: SLF001
    try:
        yield
    finally:
        template._render = plain  # noqa: SLF001


def send(sender: Sender, method: str, path: str, data: Mapping[str, Any] | None = None) -> Page:
    """One request at a savepoint that is rolled back by `undone`; the session stays as it was before."""
    _rendered.clear()
    # Each request is undone, so none counts against what may be asked next.
    cache.clear()
    kept = {name: morsel.value for name, morsel in sender.client.cookies.items()}
    ask: Any = sender.client.get if method == "GET" else sender.client.post
    response = ask(path, data or {}, secure=True)
    sender.client.cookies.clear()
    for name, value in kept.items():
        sender.client.cookies[name] = value
    body = b"".join(response.streaming_content) if response.streaming else response.content
    media = response.headers.get("Content-Type", "")
    # The length of a paper changes with the second in which it was made; its words do not.
    told = {name: value for name, value in response.headers.items() if name not in ("Set-Cookie", "Content-Length")}
    headers = "\n".join(f"{name}: {unquote(value)}" for name, value in told.items())
    return Page(
        status=response.status_code,
        text=f"{headers}\n{_words(body, media)}",
        is_html=media.startswith("text/html"),
        location=response.headers.get("Location", ""),
        sent=_sent(path, data or {}),
        failure=_where(getattr(response, "exc_info", None)),
        method=method,
    )


def _where(failure: Any) -> str:
    """The kind of an error and the line it came from; its own words could hold a person's data."""
    if not failure:
        return ""
    frames = traceback.extract_tb(failure[2])
    return f"{failure[0].__name__}, {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}"


def _sent(path: str, data: Mapping[str, Any]) -> str:
    split = urlsplit(path)
    asked = [value for values in parse_qs(split.query).values() for value in values]
    named = [*UUID.findall(split.path), *(one.group(0) for one in MARKER.finditer(split.path))]
    return "\n".join([*named, *asked, *map(str, data.values())]).lower()


def _words(body: bytes, media: str) -> str:
    if "pdf" in media or body.startswith(b"%PDF"):
        return "\n".join(_rendered)
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as book:
            return "\n".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return body.decode(errors="replace")


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


@dataclass
class Form:
    """A form of a page: where it goes, and each control with its value and the values that it offers."""

    method: str
    action: str
    values: dict[str, str] = field(default_factory=dict)
    choices: set[str] = field(default_factory=set)


class FormReader(HTMLParser):
    """Collects the forms of a page and the names that its own links put into the query."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.query_keys: set[str] = set()
        self._select = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("method", "get").lower(), given.get("action", "")))
            self._inside = True
        elif tag == "a" and "?" in given.get("href", ""):
            self.query_keys.update(parse_qs(urlsplit(given["href"]).query, keep_blank_values=True))
        elif self._inside and self.forms:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        form, name = self.forms[-1], given.get("name", "")
        if tag == "select":
            self._select = name
            form.values.setdefault(name, "")
            form.choices.add(name)
        elif tag == "option" and self._select:
            form.values[self._select] = form.values[self._select] or given.get("value", "")
        elif tag in ("input", "textarea") and name and given.get("type") not in ("submit", "file"):
            form.values.setdefault(name, given.get("value", ""))
            if given.get("type") in ("hidden", "radio", "checkbox"):
                form.choices.add(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "form":
            self._inside = False


def read_forms(page: Page) -> FormReader:
    reader = FormReader()
    reader.feed(page.text)
    for form in reader.forms:
        form.values.pop("csrfmiddlewaretoken", None)
        form.choices.discard("csrfmiddlewaretoken")
        if form.method == "get":
            reader.query_keys.update(form.values)
    return reader
