"""PAdES signatures of a PDF: adding one, reading them, and judging a file that somebody signed elsewhere.

Every signature is an incremental update: what was there stays byte for byte, so earlier signatures keep their value.
pyHanko takes half a second to load; only a process that signs pays for it.
"""

import io
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from typing import Any

import pikepdf
from cryptography import x509

from awards.signing.identity import CertificateFacts, Identity, describe
from awards.signing.revocation import Checked, name_key
from awards.signing.trust import Roots, Trust, to_asn1
from units.refusals import RefusedError

SIGNED_AND_GROWING = 3
"""Flags of a form that holds signatures and may only be appended to."""


@dataclass(frozen=True, slots=True)
class SignatureFacts:
    """One signature of a file. `is_whole`: nothing was added after it but further signatures.

    `issuer` is the key of the issuer's whole name, by which lists of revoked certificates are asked again later;
    `stamped_at` is what a time-stamping authority says that the roots know.
    """

    certificate: CertificateFacts
    said_at: datetime | None
    is_intact: bool
    is_whole: bool
    covers_all: bool
    trust: Trust
    issuer: str
    checked: Checked
    stamped_at: datetime | None


def make_signable(pdf: bytes) -> bytes:
    """`pdf` with an empty form, the place where signatures are listed.

    Against a file without one nobody can tell a first signature from another change.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root.AcroForm = document.make_indirect(
            pikepdf.Dictionary(Fields=pikepdf.Array([]), SigFlags=SIGNED_AND_GROWING)
        )
        document.save(out, deterministic_id=True)
    return out.getvalue()


def add_signature(pdf: bytes, identity: Identity, *, field: str, reason: str, stamp_url: str = "") -> bytes:
    """`pdf` with one more signature (PAdES, SHA-256), written behind its last byte.

    It has no picture on the page: the page was made for the archive and names the signers itself. `stamp_url` is of
    an authority that says when (RFC 3161); one that does not answer in time refuses the signature.
    """
    from asn1crypto.keys import PrivateKeyInfo
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store: Any = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([to_asn1(one) for one in identity.chain])
    der = identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = signers.SimpleSigner(
        signing_cert=to_asn1(identity.certificate), signing_key=PrivateKeyInfo.load(der), cert_registry=store
    )
    if not stamp_url:
        return sign_with(pdf, signer, field=field, reason=reason)
    from pyhanko.sign.timestamps import HTTPTimeStamper, TimestampRequestError

    try:
        return sign_with(pdf, signer, field=field, reason=reason, stamper=HTTPTimeStamper(stamp_url))
    except (TimestampRequestError, OSError, ValueError, TimeoutError) as error:
        raise RefusedError(
            "Chưa ký được: không lấy được dấu thời gian.",
            why="Máy chủ đặt là chữ ký phải kèm dấu thời gian, nhưng nơi cấp dấu không trả lời đúng.",
            remedy="Thử lại sau ít phút; nếu vẫn vậy thì báo người quản trị máy chủ.",
        ) from error


def sign_with(pdf: bytes, signer: Any, *, field: str, reason: str, stamper: Any = None) -> bytes:
    """The same with a signer of pyHanko, whose key may sit in a token."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers
    from pyhanko.sign.fields import SigSeedSubFilter

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    taken = {one.field_name for one in writer.prev.embedded_signatures}
    meta = signers.PdfSignatureMetadata(
        field_name=next(name for name in _names(field) if name not in taken),
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        reason=reason,
    )
    out = io.BytesIO()
    signers.sign_pdf(writer, meta, signer=signer, timestamper=stamper, output=out)
    return out.getvalue()


def _names(field: str) -> Iterator[str]:
    """The name that was asked for, or the first with a number that no other tool has used."""
    yield field
    yield from (f"{field}-{number}" for number in count(2))


def read_signatures(pdf: bytes, *, roots: Roots, at: datetime) -> list[SignatureFacts]:
    """Every signature of a file in the order in which they were made."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    reader = PdfFileReader(io.BytesIO(pdf))
    return [_read(one, roots, at) for one in reader.embedded_regular_signatures]


def _read(embedded: Any, roots: Roots, at: datetime) -> SignatureFacts:
    from pyhanko.sign.diff_analysis import ModificationLevel
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko.sign.validation.settings import KeyUsageConstraints

    usage = KeyUsageConstraints(key_usage={"digital_signature", "non_repudiation"}, match_all_key_usages=False)
    status = validate_pdf_signature(embedded, signer_validation_context=roots.context(at), key_usage_settings=usage)

    def is_covered() -> bool:
        strict = roots.context(at, asks_revocation=True)
        again = validate_pdf_signature(embedded, strict, key_usage_settings=usage, skip_diff=True)
        return bool(status.trusted and again.trusted)

    level = status.modification_level
    covers_all = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
    certificate = x509.load_der_x509_certificate(status.signing_cert.dump())
    stamp = status.timestamp_validity
    return SignatureFacts(
        certificate=describe(certificate),
        said_at=status.signer_reported_dt,
        is_intact=bool(status.intact and status.valid),
        is_whole=covers_all or (level is not None and level <= ModificationLevel.FORM_FILLING),
        covers_all=covers_all,
        # A revoked certificate led to a root as well: that is how its list was found.
        trust=roots.judge(is_trusted=status.trusted or status.revoked),
        issuer=name_key(certificate.issuer),
        checked=roots.lists.check(certificate, at, is_told=status.revoked, is_covered=is_covered),
        stamped_at=stamp.timestamp if stamp and stamp.intact and stamp.valid and stamp.trusted else None,
    )


def record_of(facts: SignatureFacts, at: datetime) -> dict[str, Any]:
    """What a row keeps of a signature read at `at`, as JSON."""
    certificate = asdict(facts.certificate)
    return {
        **{key: value.isoformat() if isinstance(value, datetime) else value for key, value in certificate.items()},
        "said_at": _iso(facts.said_at),
        "trust": facts.trust.value,
        "issuer_key": facts.issuer,
        "revocation": facts.checked.outcome.value,
        "revocation_on": _iso(facts.checked.on),
        "read_at": _iso(at),
        "stamped_at": _iso(facts.stamped_at),
    }


def _iso(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def check_addition(before: bytes, after: bytes, *, roots: Roots, at: datetime) -> SignatureFacts:
    """The one signature that `after` adds to `before`, or a refusal that says what is wrong.

    `after` must begin with every byte of `before`, add one signature that covers the whole file, and change nothing
    of what the page shows but a signature's own picture.
    """
    if after == before:
        raise RefusedError(
            "Tệp vừa tải lên chưa có chữ ký mới.",
            why="Tệp giống hệt bản đã tải về.",
            remedy="Ký tệp bằng công cụ của đồng chí, lưu lại, rồi tải bản đã ký lên.",
        )
    if not after.startswith(before):
        raise RefusedError(
            "Tệp vừa tải lên không phải là bản hiện nay của biên bản được ký thêm.",
            why="Phần đầu tệp phải giữ nguyên từng byte của bản tải về. Có thể công cụ đã ghi lại cả tệp, hoặc người "
            "khác đã ký sau khi đồng chí tải về.",
            remedy="Tải lại bản hiện nay, ký bằng cách thêm chữ ký (không «in ra PDF», không «lưu thành tệp mới»).",
        )
    try:
        found = _review(before, after, roots, at)
    except RefusedError:
        raise
    except Exception as error:
        # A stranger's bytes: the library raises a dozen kinds of its own and whatever its readers stumble over.
        raise RefusedError(
            "Không đọc được chữ ký trong tệp vừa tải lên.",
            why="Phần thêm vào sau bản gốc không đúng dạng chữ ký của tệp PDF.",
            remedy="Ký lại bản tải về bằng công cụ khác, hoặc ký bằng tệp chứng thư, ký mực.",
        ) from error
    return found


def _review(before: bytes, after: bytes, roots: Roots, at: datetime) -> SignatureFacts:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel
    from pyhanko.sign.diff_analysis.policy_api import SuspiciousModification

    first = PdfFileReader(io.BytesIO(before))
    reader = PdfFileReader(io.BytesIO(after))
    embedded = list(reader.embedded_regular_signatures)
    if len(embedded) != len(list(first.embedded_regular_signatures)) + 1:
        raise RefusedError(
            "Tệp vừa tải lên phải có đúng một chữ ký mới.",
            why=f"Đếm được {len(embedded)} chữ ký, không phải "
            f"{len(list(first.embedded_regular_signatures)) + 1} như phải có.",
            remedy="Tải lại bản hiện nay và ký một lần.",
        )
    changed = DEFAULT_DIFF_POLICY.review_file(reader, first.xrefs.total_revisions - 1)
    if isinstance(changed, SuspiciousModification) or changed.modification_level > ModificationLevel.FORM_FILLING:
        raise RefusedError(
            "Tệp vừa tải lên có thay đổi khác ngoài chữ ký.",
            why="Ngoài chữ ký mới, nội dung hoặc chú thích của trang đã bị thay đổi.",
            remedy="Tải lại bản hiện nay, chỉ ký, không ghi chú hay sửa gì khác.",
        )
    facts = [_read(one, roots, at) for one in embedded]
    if not all(one.is_intact and one.is_whole for one in facts) or not facts[-1].covers_all:
        raise RefusedError(
            "Chữ ký trong tệp vừa tải lên không toàn vẹn.",
            why="Nội dung tệp không khớp với chữ ký, hoặc chữ ký không bao trùm cả tệp.",
            remedy="Tải lại bản hiện nay và ký lại.",
        )
    return facts[-1]
