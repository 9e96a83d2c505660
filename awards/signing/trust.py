"""Which certificate authorities an office trusts: roots in PEM files that the operator names."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


class Trust(StrEnum):
    """What is known of the issuer of a certificate. Whether it was revoked is not asked: nothing is fetched."""

    KNOWN = "known"
    FOREIGN = "foreign"
    UNASKED = "unasked"


@dataclass(frozen=True, slots=True)
class Roots:
    certificates: tuple[x509.Certificate, ...] = ()

    def context(self, at: datetime) -> Any:
        """Trust in these roots and nothing else: no system store, no network."""
        from pyhanko_certvalidator import ValidationContext

        return ValidationContext(
            trust_roots=[to_asn1(one) for one in self.certificates],
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=at,
        )

    def judge(self, *, is_trusted: bool) -> Trust:
        if not self.certificates:
            return Trust.UNASKED
        return Trust.KNOWN if is_trusted else Trust.FOREIGN


def read_roots(place: str) -> Roots:
    """Roots of a PEM file, or of all `*.pem` and `*.crt` of a folder; none for an empty place.

    What cannot be read raises: an operator who names roots must not end up with none.
    """
    if not place:
        return Roots()
    path = Path(place)
    files = sorted(one for one in path.iterdir() if one.suffix in {".pem", ".crt"}) if path.is_dir() else [path]
    return _read(tuple((str(one), one.stat().st_mtime_ns) for one in files))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, int], ...]) -> Roots:
    return Roots(tuple(one for name, _ in files for one in x509.load_pem_x509_certificates(Path(name).read_bytes())))


def to_asn1(certificate: x509.Certificate) -> Any:
    from asn1crypto import x509 as asn1

    return asn1.Certificate.load(certificate.public_bytes(Encoding.DER))
