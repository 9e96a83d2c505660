"""Small secrets at rest: readable with a key that the database does not hold."""

import base64
from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class SealBrokenError(ValueError):
    """What was read is not what was sealed, or the key it was sealed with is no longer among the keys."""


def seal(text: str, purpose: str) -> str:
    """Encrypt with the first key. What was sealed for one purpose does not open for another."""
    return _box(purpose, _keys()).encrypt(text.encode()).decode()


def unseal(sealed: str, purpose: str) -> str:
    """Decrypt with whichever key fits; raise `SealBrokenError` when none does."""
    try:
        return _box(purpose, _keys()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise SealBrokenError(purpose) from error


def _keys() -> tuple[str, ...]:
    """SECRET_BOX_KEYS, newest first, or the signing key where an office sets no others."""
    return tuple(settings.SECRET_BOX_KEYS) or (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _box(purpose: str, keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([_derive(key, purpose) for key in keys])


def _derive(key: str, purpose: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"thidua.{purpose}".encode()).derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
