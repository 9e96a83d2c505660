"""Whether a certificate was revoked, as lists say that the operator laid in a folder (CRL); nothing is fetched."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

SUFFIXES = {".crl", ".pem"}


class Revocation(StrEnum):
    STANDING = "standing"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the lists say of a certificate: `on` is the day of the list, or of the revocation; nothing when unknown."""

    outcome: Revocation = Revocation.UNKNOWN
    on: datetime | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    lists: tuple[x509.CertificateRevocationList, ...] = ()

    def as_asn1(self) -> list[Any]:
        from asn1crypto import crl

        return [crl.CertificateList.load(one.public_bytes(Encoding.DER)) for one in self.lists]

    def find_revoked(self, issuer: str, serial: int) -> datetime | None:
        """When any list of the issuer says that the certificate was revoked.

        An old list, or one whose signature nobody can check, counts too: it lies in the operator's folder, and a
        revocation is for good. (One on hold may return; then the newer list stands in the folder alone.)
        """
        named = (one for one in self.lists if name_key(one.issuer) == issuer)
        found = (one.get_revoked_certificate_by_serial_number(serial) for one in named)
        return min((one.revocation_date_utc for one in found if one is not None), default=None)

    def find_newest(self, issuer: str, at: datetime) -> datetime | None:
        """The day of the newest list of the issuer that holds at `at`."""
        return max(
            (one.last_update_utc for one in self.lists if name_key(one.issuer) == issuer and _holds(one, at)),
            default=None,
        )

    def check(
        self, certificate: x509.Certificate, at: datetime, *, is_told: bool, is_covered: Callable[[], bool]
    ) -> Checked:
        """What the lists say at `at`. `is_told`: a validator found a certificate of the chain revoked; `is_covered`
        asks one whether valid lists of every issuer up to a trusted root say nothing against it."""
        issuer = name_key(certificate.issuer)
        revoked_on = self.find_revoked(issuer, certificate.serial_number)
        if is_told or revoked_on:
            return Checked(Revocation.REVOKED, revoked_on)
        newest = self.find_newest(issuer, at)
        return Checked(Revocation.STANDING, newest) if newest and is_covered() else Checked()


def _holds(one: x509.CertificateRevocationList, at: datetime) -> bool:
    return one.last_update_utc <= at and (one.next_update_utc or datetime.max.replace(tzinfo=UTC)) >= at


def name_key(name: x509.Name) -> str:
    """An issuer's whole name, short enough to be kept with a signature."""
    return sha256(name.public_bytes()).hexdigest()


def read_lists(place: str) -> Lists:
    """All `*.crl` and `*.pem` of a folder, or one file; none for an empty place. What cannot be read raises."""
    if not place:
        return Lists()
    path = Path(place)
    files = sorted(one for one in path.iterdir() if one.suffix in SUFFIXES) if path.is_dir() else [path]
    return _read(tuple((str(one), one.stat().st_mtime_ns) for one in files))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, int], ...]) -> Lists:
    return Lists(tuple(_load(Path(name).read_bytes()) for name, _ in files))


def _load(content: bytes) -> x509.CertificateRevocationList:
    if content.lstrip().startswith(b"-----BEGIN"):
        return x509.load_pem_x509_crl(content)
    return x509.load_der_x509_crl(content)


def check_again(record: dict[str, Any], lists: Lists) -> Checked:
    """What stands of the kept `record` of a signature when the lists of today are asked once more.

    A list that came later may tell of a revocation; that nothing was found then stays a fact of that day.
    """
    serial = record.get("serial", "")
    issuer = record.get("issuer_key", "")
    revoked_on = lists.find_revoked(issuer, int(serial, 16)) if issuer and serial else None
    if revoked_on:
        return Checked(Revocation.REVOKED, revoked_on)
    on = record.get("revocation_on", "")
    return Checked(Revocation(record.get("revocation", Revocation.UNKNOWN)), datetime.fromisoformat(on) if on else None)
