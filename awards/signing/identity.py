"""A person's certificate with its key (PKCS#12), in memory only, and what a certificate says of its holder."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from units.folding import fold
from units.refusals import RefusedError

MAX_BYTES = 100 * 1024
"""A key, its certificate and a short chain take a few kilobytes."""
LEAST_RSA_BITS = 2048
HANOI = timezone(timedelta(hours=7))
"""Months and days of a certificate as people here read them; Việt Nam has had no summer time since 1975."""
Key = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says: whose it is, who issued it, for how long."""

    name: str
    issuer: str
    serial: str
    valid_from: datetime
    valid_to: datetime
    fingerprint: str


@dataclass(frozen=True, slots=True, repr=False)
class Identity:
    """A key with its certificate. It has no `repr`, so that no log and no error page shows a key."""

    key: Key
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    facts: CertificateFacts


def open_identity(content: bytes, password: str, *, at: datetime) -> Identity:
    """Open a PKCS#12 file for a signature at `at`, or say in words why it cannot sign."""
    if len(content) > MAX_BYTES:
        raise RefusedError(
            f"Tệp chứng thư nặng hơn {MAX_BYTES // 1024} KB nên không được mở.",
            why="Tệp chứng thư của một người chỉ vài KB; có thể đã chọn nhầm tệp.",
            remedy="Chọn tệp có đuôi .p12 hoặc .pfx do tổ chức chứng thực cấp.",
        )
    bundle = _load(content, password)
    key, certificate = bundle.key, bundle.cert
    if key is None or certificate is None:
        raise RefusedError(
            "Tệp chứng thư không có khóa ký hoặc không có chứng thư.",
            why="Chỉ ký được khi tệp có cả hai.",
            remedy="Xuất lại tệp .p12 kèm khóa riêng, hoặc ký bằng thiết bị rồi tải bản đã ký lên.",
        )
    if not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) or (
        isinstance(key, rsa.RSAPrivateKey) and key.key_size < LEAST_RSA_BITS
    ):
        raise RefusedError(
            "Khóa trong tệp chứng thư không đủ mạnh để ký.",
            why=f"Phải là khóa RSA từ {LEAST_RSA_BITS} bit hoặc khóa đường cong elliptic.",
            remedy="Đề nghị tổ chức chứng thực cấp chứng thư mới.",
        )
    _check_days(certificate.certificate, at)
    _check_usage(certificate.certificate)
    chain = tuple(one.certificate for one in bundle.additional_certs)
    return Identity(key, certificate.certificate, chain, describe(certificate.certificate))


def _load(content: bytes, password: str) -> pkcs12.PKCS12KeyAndCertificates:
    try:
        return pkcs12.load_pkcs12(content, password.encode() or None)
    except UnsupportedAlgorithm:
        raise RefusedError(
            "Tệp chứng thư dùng cách mã hóa cũ mà phần mềm không mở.",
            why="Cách mã hóa này đã bị phá.",
            remedy="Xuất lại tệp .p12 với mã hóa AES, hoặc ký bằng công cụ của tổ chức chứng thực rồi tải lên.",
        ) from None
    except ValueError as error:
        # The library tells a wrong password only by its words.
        if "password" not in str(error).lower():
            raise RefusedError(
                "Tệp đã chọn không phải là tệp chứng thư (.p12, .pfx) hoặc đã bị hỏng.",
                remedy="Chọn lại tệp do tổ chức chứng thực cấp.",
            ) from None
        raise RefusedError(
            "Mật khẩu của tệp chứng thư không đúng.",
            why="Phần mềm không giữ tệp và mật khẩu, nên không biết mật khẩu đúng.",
            remedy="Chọn lại tệp và ghi lại mật khẩu; chú ý phím Caps Lock và bộ gõ tiếng Việt.",
        ) from None


def _check_days(certificate: x509.Certificate, at: datetime) -> None:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < first:
        raise RefusedError(
            f"Chứng thư chưa có hiệu lực: có hiệu lực từ {first.astimezone(HANOI):%d/%m/%Y}.",
            why="Chữ ký bằng chứng thư chưa có hiệu lực không có giá trị.",
            remedy="Chờ đến ngày đó, hoặc dùng chứng thư khác.",
        )
    if at > last:
        raise RefusedError(
            f"Chứng thư đã hết hạn ngày {last.astimezone(HANOI):%d/%m/%Y}.",
            why="Chữ ký bằng chứng thư hết hạn không có giá trị.",
            remedy="Gia hạn với tổ chức chứng thực, hoặc dùng chứng thư khác.",
        )


def _check_usage(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not usage.digital_signature and not usage.content_commitment:
        raise RefusedError(
            "Chứng thư không được cấp để ký văn bản.",
            why="Phần mục đích sử dụng của chứng thư không có «chữ ký số».",
            remedy="Dùng chứng thư ký số cá nhân.",
        )


def describe(certificate: x509.Certificate) -> CertificateFacts:
    return CertificateFacts(
        name=_common_name(certificate.subject),
        issuer=_common_name(certificate.issuer),
        serial=f"{certificate.serial_number:X}",
        valid_from=certificate.not_valid_before_utc,
        valid_to=certificate.not_valid_after_utc,
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
    )


def _common_name(name: x509.Name) -> str:
    for kind in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        for one in name.get_attributes_for_oid(kind):
            return str(one.value)
    return name.rfc4514_string()


def reads_as(certified: str, names: Iterable[str]) -> bool:
    """Whether the name in a certificate is one of `names`; case, tone placement and spaces aside."""
    folded = " ".join(fold(certified).split())
    return any(folded == " ".join(fold(one).split()) for one in names)
