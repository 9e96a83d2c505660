"""What a certificate says, signed so that anybody verifies it without asking us.

A statement is `<payload>.<signature>` in URL-safe base64: a JSON list of version, key id, number and day of the
decision, code of the issuer, code of the title, year and name, and Ed25519 over exactly these bytes. The checker in
docs/kiem-chung reads the same form on its own.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from functools import cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from django.conf import settings

VERSION = 1
KEY_BYTES = 32
PUBLIC = "public:"


class StatementError(ValueError):
    """Not a statement that one of these keys signed, or a key that is none."""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a statement says; the day as YYYY-MM-DD."""

    number: str
    signed_on: str
    issuer: str
    title: str
    year: int
    name: str


@dataclass(frozen=True, slots=True)
class VerifyingKey:
    """`id` stands in every statement that the key signed. Only the first of the keys signs anew."""

    id: str
    public: str
    signs: bool


@cache
def _read_keys(entries: tuple[str, ...]) -> tuple[tuple[VerifyingKey, Ed25519PublicKey, Ed25519PrivateKey | None], ...]:
    found = []
    for place, entry in enumerate(entries):
        raw = _decode(entry.removeprefix(PUBLIC))
        if len(raw) != KEY_BYTES:
            raise StatementError("Mỗi khóa trong CERTIFICATE_KEYS là 32 byte ghi bằng base64.")
        private = None if entry.startswith(PUBLIC) else Ed25519PrivateKey.from_private_bytes(raw)
        public = private.public_key() if private else Ed25519PublicKey.from_public_bytes(raw)
        bare = public.public_bytes_raw()
        signs = place == 0 and private is not None
        key = VerifyingKey(hashlib.sha256(bare).hexdigest()[:8], _encode(bare), signs=signs)
        found.append((key, public, private))
    return tuple(found)


def _keys() -> tuple[tuple[VerifyingKey, Ed25519PublicKey, Ed25519PrivateKey | None], ...]:
    """CERTIFICATE_KEYS, newest first: seeds of keys, or `public:` and the public part of one that is retired."""
    return _read_keys(tuple(one.strip() for one in settings.CERTIFICATE_KEYS if one.strip()))


def list_verifying_keys() -> list[VerifyingKey]:
    """What everybody may know: the public part of every key, the one in use first."""
    return [key for key, _, _ in _keys()]


def may_sign() -> bool:
    return any(key.signs for key in list_verifying_keys())


def sign_statements(claims: Iterable[Claims]) -> list[str]:
    """Sign with the key in use. Raises `StatementError` where there is none."""
    key, _, private = next(iter(_keys()), (None, None, None))
    if key is None or private is None:
        raise StatementError("Chưa có khóa ký.")
    statements = []
    for one in claims:
        said = [VERSION, key.id, *astuple(one)]
        payload = json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()
        statements.append(f"{_encode(payload)}.{_encode(private.sign(payload))}")
    return statements


def read_statement(statement: str) -> Claims:
    """What it says, if one of the keys signed it; raises `StatementError` otherwise."""
    payload, _, signature = statement.partition(".")
    try:
        said = json.loads(_decode(payload))
        public = next(public for key, public, _ in _keys() if key.id == said[1])
        public.verify(_decode(signature), _decode(payload))
        version, _, *claims = said
    except (ValueError, LookupError, TypeError, StopIteration, InvalidSignature) as error:
        raise StatementError("Chữ ký không khớp.") from error
    if version != VERSION:
        raise StatementError("Phiên bản không đọc được.")
    return Claims(*claims)


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decode(text: str) -> bytes:
    try:
        plain = text.replace("+", "-").replace("/", "_").rstrip("=")
        return base64.b64decode(plain + "=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise StatementError("Không đọc được base64.") from error
