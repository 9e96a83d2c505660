"""Signing minutes: with a certificate used once, by a tool outside, or in ink.

Each signature is written behind the bytes that stood, under a lock, so that the one before keeps its value.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from awards.models import (
    Minutes,
    MinutesScan,
    MinutesSignature,
    MinutesState,
    SignatureState,
    SigningWay,
)
from awards.selectors.minutes import AWAITED
from awards.services.minutes import finish_when_signed, keep_bytes, lock_minutes, read_bytes, require_state
from awards.signing import (
    CertificateFacts,
    Revocation,
    Roots,
    add_signature,
    check_addition,
    open_identity,
    read_roots,
    read_signatures,
    reads_as,
    record_of,
)
from awards.signing.identity import HANOI
from awards.signing.pades import SignatureFacts
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import check_upload, flush_file

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.core.files.uploadedfile import UploadedFile

INK_TYPES = ("application/pdf", "image/jpeg")


class NameDiffersError(RefusedError):
    """The certificate names somebody else than the paper does; the signer may say that it is theirs."""

    def __init__(self, certificate: CertificateFacts, signature: MinutesSignature) -> None:
        super().__init__(
            f"Chứng thư mang tên «{certificate.name}», biên bản ghi «{signature.name}».",
            why="Tên khác nhau có thể vì chứng thư ghi thêm chức danh, hoặc vì chọn nhầm tệp của người khác.",
            remedy="Nếu đúng là chứng thư của đồng chí, chọn lại tệp, ghi lại mật khẩu và đánh dấu ô xác nhận.",
        )
        self.certificate = certificate


def field_name(signature: MinutesSignature) -> str:
    return f"ChuKy{signature.order}"


@sensitive_variables()
@transaction.atomic
def sign_minutes(
    signature: MinutesSignature,
    *,
    content: bytes,
    password: str,
    name_confirmed: bool,
    actor: Actor,
    at: datetime,
    machine_time: datetime,
) -> MinutesSignature:
    """Sign with a PKCS#12 file that stays in memory and is forgotten; neither it nor its password is kept anywhere.

    `machine_time` is what the signature itself carries and what a certificate's days are compared with: in a
    demonstration the product's clock stands elsewhere.
    """
    minutes, signature = _lock(signature, actor)
    identity = open_identity(content, password, at=machine_time)
    differs = _check_name(identity.facts, signature, name_confirmed=name_confirmed)
    signed = add_signature(
        read_bytes(minutes),
        identity,
        field=field_name(signature),
        reason=signature.duty,
        stamp_url=settings.SIGNING_TIME_STAMP_URL,
    )
    facts = read_signatures(signed, roots=_roots(), at=machine_time)[-1]
    if not facts.is_intact or facts.certificate.fingerprint != identity.facts.fingerprint:
        raise RefusedError(
            "Chưa ký được: chữ ký vừa tạo không kiểm tra được.",
            remedy="Thử lại; nếu vẫn vậy thì ký bằng công cụ của tổ chức chứng thực rồi tải bản đã ký lên.",
        )
    _require_standing(facts)
    keep_bytes(minutes, signed)
    signature.certificate = record_of(facts, machine_time)
    return _keep(minutes, signature, SigningWay.CERTIFICATE, differs=differs, actor=actor, at=at)


@transaction.atomic
def upload_signed_minutes(
    signature: MinutesSignature,
    *,
    content: bytes,
    name_confirmed: bool,
    actor: Actor,
    at: datetime,
    machine_time: datetime,
) -> MinutesSignature:
    """Take the file that the signer signed with a token or tool of their own: the kept bytes plus one signature."""
    minutes, signature = _lock(signature, actor)
    facts = check_addition(read_bytes(minutes), content, roots=_roots(), at=machine_time)
    _require_standing(facts)
    differs = _check_name(facts.certificate, signature, name_confirmed=name_confirmed)
    keep_bytes(minutes, content)
    signature.certificate = record_of(facts, machine_time)
    return _keep(minutes, signature, SigningWay.OUTSIDE, differs=differs, actor=actor, at=at)


def _require_standing(facts: SignatureFacts) -> None:
    if facts.checked.outcome is not Revocation.REVOKED:
        return
    since = f" từ ngày {facts.checked.on.astimezone(HANOI):%d/%m/%Y}" if facts.checked.on else ""
    raise RefusedError(
        f"Chứng thư của «{facts.certificate.name}» đã bị thu hồi{since}.",
        why="Danh sách thu hồi của tổ chức cấp, do máy chủ giữ, có chứng thư này hoặc chứng thư cấp ra nó.",
        remedy="Ký bằng chứng thư còn hiệu lực, hoặc ký mực. Nếu danh sách ghi sai thì hỏi tổ chức cấp chứng thư.",
    )


def _roots() -> Roots:
    try:
        return read_roots(settings.SIGNING_ROOTS, settings.SIGNING_CRLS)
    except (OSError, ValueError) as error:
        raise RefusedError(
            "Chưa ký được: máy chủ không đọc được danh sách tổ chức cấp tin cậy hoặc danh sách thu hồi chứng thư.",
            why="Tệp hoặc thư mục ghi ở SIGNING_ROOTS, SIGNING_CRLS không đọc được.",
            remedy="Báo người quản trị máy chủ.",
        ) from error


def _lock(signature: MinutesSignature, actor: Actor) -> tuple[Minutes, MinutesSignature]:
    """Lock the minutes and find the signature again; refuse whoever does not sign here, or has."""
    minutes = lock_minutes(signature.minutes)
    signature = MinutesSignature.objects.select_related("member").get(pk=signature.pk)
    if signature.member.user_id != actor.account.pk:
        raise RefusedError(
            "Chưa ký được: đồng chí không có trong danh sách người ký biên bản này.",
            remedy="Biên bản họp do thư ký và người chủ trì ký, biên bản kiểm phiếu do Ban kiểm phiếu ký.",
        )
    require_state(minutes, *AWAITED, remedy="Mở bản mới nhất từ trang phiên họp.")
    if signature.state == SignatureState.SIGNED:
        raise RefusedError(
            "Đồng chí đã ký biên bản này.",
            why=f"Cách ký: {signature.get_way_display().lower()}.",
            remedy="Không cần làm gì thêm.",
        )
    return minutes, signature


def _check_name(certificate: CertificateFacts, signature: MinutesSignature, *, name_confirmed: bool) -> bool:
    if reads_as(certificate.name, [signature.name]):
        return False
    if not name_confirmed:
        raise NameDiffersError(certificate, signature)
    return True


def _keep(
    minutes: Minutes,
    signature: MinutesSignature,
    way: SigningWay,
    *,
    differs: bool,
    actor: Actor,
    at: datetime,
) -> MinutesSignature:
    minutes.save(update_fields=["file", "sha256"])
    signature.state, signature.way, signature.signed_at = SignatureState.SIGNED, way, at
    signature.name_differs, signature.sha256, signature.scan = differs, minutes.sha256, None
    signature.save()
    finish_when_signed(minutes, at=at)
    record_act(
        "sign-minutes", minutes, actor=actor, version=minutes.version, way=way.label.lower(), sha256=minutes.sha256
    )
    return signature


@transaction.atomic
def record_ink(
    minutes: Minutes,
    *,
    signatures: "Collection[MinutesSignature]",
    file: "UploadedFile[bytes]",
    actor: Actor,
    at: datetime,
) -> MinutesScan:
    """Keep a scan of the printed and signed paper; each of `signatures` it shows waits for its person's word."""
    checked = check_upload(file)
    if checked.media_type not in INK_TYPES:
        raise RefusedError(
            "Bản quét phải là PDF hoặc JPG.",
            why=f"Tệp «{checked.name}» thuộc loại khác.",
            remedy="Quét lại biên bản đã ký thành PDF hoặc JPG.",
        )
    minutes = lock_minutes(minutes)
    require_state(minutes, *AWAITED, remedy="Chỉ ghi bản ký mực khi biên bản đang chờ ký.")
    rows = list(MinutesSignature.objects.filter(minutes=minutes, pk__in=[one.pk for one in signatures]))
    if not rows or any(one.state == SignatureState.SIGNED for one in rows):
        raise RefusedError(
            "Chưa ghi được bản ký mực.",
            why="Phải chọn ít nhất một người ký, và chỉ chọn người chưa ký.",
            remedy="Chọn lại người có chữ ký trên bản quét.",
        )
    scan = MinutesScan(
        unit=minutes.unit,
        minutes=minutes,
        file_name=checked.name,
        sha256=checked.sha256,
        recorded_at=at,
        recorded_by=actor.label,
    )
    scan.file.save(checked.sha256[:16], ContentFile(checked.content), save=False)
    flush_file(Path(scan.file.path))
    scan.save(force_insert=True)
    for row in rows:
        row.state, row.way, row.scan = SignatureState.RECORDED, SigningWay.INK, scan
        row.sha256 = checked.sha256
        row.save()
    finish_when_signed(minutes, at=at)
    record_act("record-ink", minutes, actor=actor, version=minutes.version, people=", ".join(one.name for one in rows))
    return scan


@transaction.atomic
def confirm_ink(signature: MinutesSignature, *, actor: Actor, at: datetime) -> MinutesSignature:
    """The person says that the ink on the recorded scan is theirs."""
    minutes, signature = _lock(signature, actor)
    if signature.state != SignatureState.RECORDED:
        raise RefusedError(
            "Chưa có bản ký mực để xác nhận.",
            why="Thư ký chưa ghi bản quét có chữ ký của đồng chí.",
            remedy="Ký bản in và giao thư ký quét, hoặc ký số tại trang này.",
        )
    signature.state, signature.signed_at = SignatureState.SIGNED, at
    signature.save(update_fields=["state", "signed_at"])
    finish_when_signed(minutes, at=at)
    record_act("confirm-ink", minutes, actor=actor, version=minutes.version, way=SigningWay.INK.label.lower())
    return signature


@transaction.atomic
def deny_ink(signature: MinutesSignature, *, actor: Actor) -> MinutesSignature:
    """The person says that it is not: the signature waits again, the scan stays."""
    minutes, signature = _lock(signature, actor)
    if signature.state != SignatureState.RECORDED:
        raise RefusedError("Không có bản ký mực nào đang chờ đồng chí xác nhận.", remedy="Tải lại trang.")
    signature.state, signature.way, signature.scan, signature.sha256 = SignatureState.WAITING, "", None, ""
    signature.save(update_fields=["state", "way", "scan", "sha256"])
    if not MinutesSignature.objects.filter(minutes=minutes).exclude(state=SignatureState.WAITING).exists():
        minutes.state = MinutesState.SENT
        minutes.save(update_fields=["state"])
    record_act("deny-ink", minutes, actor=actor, version=minutes.version)
    return signature
