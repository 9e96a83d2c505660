"""What lists of revoked certificates say at the signing and later, and stamps of time from an authority."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from django.urls import reverse
from pyhanko.sign.timestamps import DummyTimeStamper

from awards.models import Minutes, MinutesSignature
from awards.signing.identity import HANOI
from awards.signing.trust import to_asn1
from tests.awards.certificates import issue, list_revoked
from tests.awards.room import signed_in
from tests.awards.test_minutes_signing import ROOT, kept, minutes, post, signed_outside, upload

__all__ = ["minutes"]
pytestmark = pytest.mark.django_db
STRANGER = issue("Tổ chức chứng thực khác")


@pytest.fixture
def lists(settings: Any, tmp_path: Path) -> Path:
    """The operator's folder of lists; the root of the tests is trusted."""
    (tmp_path / "roots.pem").write_bytes(ROOT.pem)
    settings.SIGNING_ROOTS = str(tmp_path / "roots.pem")
    (tmp_path / "crl").mkdir()
    settings.SIGNING_CRLS = str(tmp_path / "crl")
    return tmp_path / "crl"


def said(minutes: Minutes, signature: MinutesSignature) -> str:
    page = signed_in(signature.member).get(reverse("awards:minutes-detail", args=[minutes.pk]))
    return " ".join(page.content.decode().split())


def test_a_standing_certificate_is_told_with_the_day_of_the_list(minutes: Minutes, lists: Path) -> None:
    secretary = minutes.signatures.all()[0]
    (lists / "to-chuc.crl").write_bytes(list_revoked(ROOT, issue("Người Khác", ROOT)))
    assert post(secretary, issue(secretary.name, ROOT).bundle()).status_code == 302
    day = datetime.now(UTC) - timedelta(days=1)
    assert f"Chứng thư còn hiệu lực theo danh sách ngày {day.astimezone(HANOI):%d/%m/%Y}" in said(minutes, secretary)


@pytest.mark.parametrize("days", [(-1, 30), (-60, -30)], ids=["list in force", "old list"])
@pytest.mark.parametrize("way", [post, upload])
def test_a_revoked_certificate_signs_nothing(minutes: Minutes, lists: Path, way: Any, days: tuple[int, int]) -> None:
    secretary = minutes.signatures.all()[0]
    who = issue(secretary.name, ROOT)
    (lists / "to-chuc.crl").write_bytes(list_revoked(ROOT, who, days=days))
    answer = way(secretary, who.bundle() if way is post else signed_outside(kept(minutes), who))
    assert answer.status_code == 422
    assert f"Chứng thư của «{secretary.name}» đã bị thu hồi từ ngày" in answer.content.decode()
    assert MinutesSignature.objects.get(pk=secretary.pk).state == "waiting"


def test_a_revocation_of_another_authority_s_certificate_is_heeded_without_a_root(
    minutes: Minutes, lists: Path, settings: Any
) -> None:
    settings.SIGNING_ROOTS = ""
    secretary = minutes.signatures.all()[0]
    who = issue(secretary.name, STRANGER)
    (lists / "khac.crl").write_bytes(list_revoked(STRANGER, who))
    assert post(secretary, who.bundle()).status_code == 422


@pytest.mark.parametrize(
    "made",
    [
        dict,
        lambda: {"cu.crl": list_revoked(ROOT, days=(-60, -30))},
        lambda: {"khac.crl": list_revoked(STRANGER)},
        lambda: {"gia.crl": list_revoked(issue("Tổ chức chứng thực thử"))},
    ],
    ids=["none", "old", "of another", "signed by another of that name"],
)
def test_without_a_valid_list_it_says_that_nobody_knows(minutes: Minutes, lists: Path, made: Any) -> None:
    secretary = minutes.signatures.all()[0]
    for name, content in made().items():
        (lists / name).write_bytes(content)
    assert post(secretary, issue(secretary.name, ROOT).bundle()).status_code == 302
    assert "Chưa kiểm tra được thu hồi" in said(minutes, secretary)


@pytest.mark.parametrize(("since", "words"), [(-2, "trước khi ký"), (1, "sau khi ký")])
def test_a_list_that_comes_later_is_read_on_the_page(minutes: Minutes, lists: Path, since: int, words: str) -> None:
    secretary = minutes.signatures.all()[0]
    who = issue(secretary.name, ROOT)
    assert post(secretary, who.bundle()).status_code == 302
    (lists / "sau.crl").write_bytes(list_revoked(ROOT, who, since=since))
    page = said(minutes, secretary)
    assert "Chứng thư đã bị thu hồi từ ngày" in page
    assert words in page
    assert "Chưa kiểm tra được thu hồi" not in page


def test_a_broken_list_refuses_the_signature_and_not_the_page(minutes: Minutes, lists: Path) -> None:
    secretary = minutes.signatures.all()[0]
    (lists / "hong.crl").write_bytes(b"khong phai danh sach")
    answer = post(secretary, issue(secretary.name, ROOT).bundle())
    assert (answer.status_code, "SIGNING_CRLS" in answer.content.decode()) == (422, True)
    assert "Đồng chí cần ký" in said(minutes, secretary)


@pytest.fixture
def authority() -> Iterator[str]:
    """The address of a time-stamping authority on this machine; its certificate is given by the tests' root."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nơi cấp dấu thời gian thử")]))
        .issuer_name(ROOT.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(ROOT.key, hashes.SHA256())
    )
    der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    stamper = DummyTimeStamper(to_asn1(certificate), keys.PrivateKeyInfo.load(der))

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            answer = asyncio.run(stamper.async_request_tsa_response(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Nothing to the terminal."""

    server = HTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_signature_carries_the_stamp_of_the_named_authority(
    minutes: Minutes, lists: Path, settings: Any, authority: str
) -> None:
    settings.SIGNING_TIME_STAMP_URL = authority
    secretary = minutes.signatures.all()[0]
    assert post(secretary, issue(secretary.name, ROOT).bundle()).status_code == 302
    stamped = MinutesSignature.objects.get(pk=secretary.pk).stamped_at
    assert stamped is not None
    assert abs(stamped - datetime.now(UTC)) < timedelta(minutes=5)
    assert f"Dấu thời gian: {stamped.astimezone(HANOI):%H:%M}" in said(minutes, secretary)


def test_an_authority_that_does_not_answer_refuses_the_signature(minutes: Minutes, lists: Path, settings: Any) -> None:
    settings.SIGNING_TIME_STAMP_URL = "http://127.0.0.1:1/"
    secretary = minutes.signatures.all()[0]
    before = kept(minutes)
    answer = post(secretary, issue(secretary.name, ROOT).bundle())
    assert (answer.status_code, "không lấy được dấu thời gian" in answer.content.decode()) == (422, True)
    assert kept(minutes) == before
