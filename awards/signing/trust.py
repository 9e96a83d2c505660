"""Which certificate authorities an office trusts: roots in PEM files that the operator names."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from awards.signing.revocation import Lists, read_lists


class Trust(StrEnum):
    """What is known of the issuer of a certificate."""

    KNOWN = "known"
    FOREIGN = "foreign"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class Roots:
    """What an office trusts, and the lists of revoked certificates that it has."""

    certificates: tuple[x509.Certificate, ...] = ()
    lists: Lists = field(default_factory=Lists)

    def context(self, at: datetime, *, asks_revocation: bool = False) -> Any:
        """Trust in these roots and nothing else: no system store, no network.

        `asks_revocation`: nothing is trusted of which no list speaks that holds at `at`.
        """
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=[to_asn1(one) for one in self.certificates],
            allow_fetching=False,
            crls=self.lists.as_asn1(),
            revocation_mode="require" if asks_revocation else "soft-fail",
            moment=at,
        )

    def judge(self, *, is_trusted: bool) -> Trust:
        if not self.certificates:
            return Trust.UNASKED
        return Trust.KNOWN if is_trusted else Trust.FOREIGN


def read_roots(place: str, lists: str = "") -> Roots:
    """Roots of a PEM file, or of all `*.pem` and `*.crt` of a folder; none for an empty place. `lists` is where lists
    of revoked certificates lie.

    What cannot be read raises: an operator who names roots must not end up with none.
    """
    return Roots(_read_certificates(place), read_lists(lists))


def _read_certificates(place: str) -> tuple[x509.Certificate, ...]:
    if not place:
        return ()
    path = Path(place)
    files = sorted(one for one in path.iterdir() if one.suffix in {".pem", ".crt"}) if path.is_dir() else [path]
    return _read(tuple((str(one), one.stat().st_mtime_ns) for one in files))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, int], ...]) -> tuple[x509.Certificate, ...]:
    return tuple(one for name, _ in files for one in x509.load_pem_x509_certificates(Path(name).read_bytes()))


def to_asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto import x509 as asn1

    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
