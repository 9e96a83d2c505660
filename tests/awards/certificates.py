"""An authority of the tests with certificates of invented people, and readers that know nothing of pyHanko."""

import re
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, pkcs12
from cryptography.x509.oid import NameOID

PASSWORD = "mật khẩu thử"
CONTENTS = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


@dataclass(frozen=True)
class Issued:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    chain: tuple[x509.Certificate, ...] = ()

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    def bundle(self, password: str = PASSWORD) -> bytes:
        return pkcs12.serialize_key_and_certificates(
            b"ky", self.key, self.certificate, self.chain, BestAvailableEncryption(password.encode())
        )


def issue(name: str, by: Issued | None = None, *, days: tuple[int, int] = (-1, 30), signs: bool = True) -> Issued:
    """A certificate of `name`; without `by` it is a root of its own. `days` are counted from now."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    usage = dict.fromkeys(
        (
            "digital_signature",
            "content_commitment",
            "key_encipherment",
            "data_encipherment",
            "key_agreement",
            "key_cert_sign",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ),
        False,
    )
    usage |= (
        {"key_cert_sign": True, "crl_sign": True}
        if by is None
        else {"digital_signature": signs, "key_agreement": not signs}
    )
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(by.certificate.subject if by else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) + timedelta(days=days[0]))
        .not_valid_after(datetime.now(UTC) + timedelta(days=days[1]))
        .add_extension(x509.BasicConstraints(ca=by is None, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**usage), critical=True)
        .sign(by.key if by else key, hashes.SHA256())
    )
    return Issued(certificate, key, (by.certificate,) if by else ())


def list_revoked(by: Issued, *revoked: Issued, days: tuple[int, int] = (-1, 30), since: int = -2) -> bytes:
    """The list (PEM) that `by` publishes of its `revoked` certificates. Days are counted from now."""
    today = datetime.now(UTC)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(today + timedelta(days=days[0]))
        .next_update(today + timedelta(days=days[1]))
    )
    for one in revoked:
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(one.certificate.serial_number)
            .revocation_date(today + timedelta(days=since))
            .build()
        )
    return builder.sign(by.key, hashes.SHA256()).public_bytes(Encoding.PEM)


def openssl_verifies(pdf: bytes, root: Issued, folder: Path) -> list[bool]:
    """Each signature of a file, verified by openssl over the bytes that its ByteRange names, up to `root`."""
    (folder / "root.pem").write_bytes(root.pem)
    return [_verify(pdf, tuple(map(int, found.groups())), folder) for found in CONTENTS.finditer(pdf)]


def _verify(pdf: bytes, spans: tuple[int, ...], folder: Path) -> bool:
    first, length, second, rest = spans
    (folder / "signed").write_bytes(pdf[first : first + length] + pdf[second : second + rest])
    hex_text = pdf[first + length : second].strip(b"<>")
    der = bytes.fromhex(hex_text.decode())
    (folder / "cms").write_bytes(der[: _length(der)])
    done = subprocess.run(  # noqa: S603
        [
            *("openssl", "cms", "-verify", "-binary", "-inform", "DER", "-in", folder / "cms"),
            *("-content", folder / "signed", "-CAfile", folder / "root.pem", "-purpose", "any", "-out", "/dev/null"),
        ],
        capture_output=True,
        check=False,
    )
    return done.returncode == 0


def _length(der: bytes) -> int:
    """How long the DER value is: the room for a signature is filled up with zeros."""
    if der[1] < 0x80:
        return 2 + der[1]
    many = der[1] & 0x7F
    return 2 + many + int.from_bytes(der[2 : 2 + many], "big")
