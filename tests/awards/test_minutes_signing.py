"""Minutes are signed with certificates that are never kept, by tools outside, and read by validators of others."""

import io
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from awards.models import Minutes, MinutesSignature, MinutesState
from awards.services.minutes import draft_minutes, send_minutes, write_minutes
from awards.services.sittings import close_sitting
from awards.signing import add_signature, open_identity
from reports.views.minutes import render_minutes_paper
from tests.awards.certificates import PASSWORD, Issued, issue, openssl_verifies
from tests.awards.room import Room, signed_in
from tests.builders import AT
from units.models import AuditEntry
from units.refusals import RefusedError

ROOT = issue("Tổ chức chứng thực thử")


@pytest.fixture
def minutes(room: Room, settings: Any, tmp_path: Path) -> Minutes:
    """Minutes of a meeting that wait for secretary and chair."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    close_sitting(room.sitting, actor=room.secretariat)
    draft = draft_minutes(room.sitting, ballot=None, actor=room.secretariat)
    hours: dict[str, Any] = {"began_at": "08:00", "ended_at": "09:00"}
    write_minutes(draft, number="", course="", opinions="", actor=room.secretariat, **hours)
    return send_minutes(draft, render=render_minutes_paper, actor=room.secretariat, at=AT)


def kept(minutes: Minutes) -> bytes:
    return Path(Minutes.objects.get(pk=minutes.pk).file.path).read_bytes()


def certified(signature: MinutesSignature, **more: Any) -> Issued:
    return issue(signature.name, ROOT, **more)


def post(signature: MinutesSignature, bundle: bytes, password: str = PASSWORD, **more: str) -> Any:
    file = SimpleUploadedFile("chung-thu.p12", bundle)
    return signed_in(signature.member).post(
        reverse("awards:minutes-sign", args=[signature.minutes_id]),
        {"certificate": file, "password": password} | more,
    )


def upload(signature: MinutesSignature, content: bytes, **more: str) -> Any:
    return signed_in(signature.member).post(
        reverse("awards:signed-minutes-upload", args=[signature.minutes_id]),
        {"signed": SimpleUploadedFile("da-ky.pdf", content)} | more,
    )


def signed_outside(pdf: bytes, who: Issued, field: str = "NgoaiMayChu") -> bytes:
    """What a person's own tool makes of the downloaded file."""
    identity = open_identity(who.bundle(), PASSWORD, at=who.certificate.not_valid_before_utc)
    return add_signature(pdf, identity, field=field, reason="")


def turned(pdf: bytes) -> bytes:
    """The same with its first page turned, written behind the last byte as a signature is."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_two_certificates_sign_one_after_the_other_and_others_read_both(
    minutes: Minutes, settings: Any, tmp_path: Path
) -> None:
    (tmp_path / "roots.pem").write_bytes(ROOT.pem)
    settings.SIGNING_ROOTS = str(tmp_path / "roots.pem")
    secretary, chair = minutes.signatures.all()
    original = kept(minutes)
    assert post(secretary, certified(secretary).bundle()).status_code == 302
    once = kept(minutes)
    assert Minutes.objects.get(pk=minutes.pk).state == MinutesState.SIGNING
    # The chair's token is out of the server's reach: the file goes out and comes back.
    assert upload(chair, signed_outside(once, certified(chair))).status_code == 302
    twice = kept(minutes)
    assert (once.startswith(original), twice.startswith(once)) == (True, True)
    assert openssl_verifies(twice, ROOT, tmp_path) == [True, True]
    assert openssl_verifies(twice.replace(b"/Lang", b"/Lamg", 1), ROOT, tmp_path) == [False, False]
    minutes.refresh_from_db()
    assert (minutes.state, minutes.sent_sha256 == minutes.sha256) == (MinutesState.COMPLETE, False)
    rows = list(minutes.signatures.all())
    assert [one.certificate["trust"] for one in rows] == ["known", "known"]
    assert [one.certificate["name"] for one in rows] == [secretary.name, chair.name]
    with pikepdf.open(io.BytesIO(twice)) as document:
        assert (document.open_metadata().get("pdfaid:part"), str(document.Root.Lang)) == ("3", "vi")
    (tmp_path / "twice.pdf").write_bytes(twice)
    if shutil.which("pdfsig"):
        told = subprocess.run(  # noqa: S603
            ["pdfsig", "-nocert", tmp_path / "twice.pdf"],  # noqa: S607
            capture_output=True,
            text=True,
            check=False,
        )
        assert told.stdout.count("Signature is Valid") == 2


def test_neither_certificate_file_nor_password_is_kept(minutes: Minutes, tmp_path: Path) -> None:
    secretary = minutes.signatures.first()
    assert secretary is not None
    bundle = certified(secretary).bundle()
    post(secretary, bundle)
    assert MinutesSignature.objects.get(pk=secretary.pk).state == "signed"
    for path in (tmp_path / "media").rglob("*"):
        assert path.is_dir() or bundle[:64] not in path.read_bytes()
    written = " ".join(str(row) for row in AuditEntry.objects.values_list("verb", "detail"))
    assert PASSWORD not in written
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(string_agg(t::text, ''), '') FROM awards_minutessignature t")
        assert PASSWORD not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("made", "password", "said"),
    [
        (lambda name: issue(name, ROOT).bundle(), "sai", "Mật khẩu của tệp chứng thư không đúng."),
        (lambda name: issue(name, ROOT, days=(-9, -2)).bundle(), PASSWORD, "Chứng thư đã hết hạn ngày"),
        (lambda name: issue(name, ROOT, days=(2, 9)).bundle(), PASSWORD, "Chứng thư chưa có hiệu lực"),
        (lambda name: issue(name, ROOT, signs=False).bundle(), PASSWORD, "không được cấp để ký văn bản"),
        (lambda _: b"khong phai chung thu", PASSWORD, "không phải là tệp chứng thư"),
        (lambda _: bytes(101 * 1024), PASSWORD, "Tệp chứng thư nặng hơn 100 KB"),
        (lambda _: issue("Người Khác", ROOT).bundle(), PASSWORD, "Chứng thư mang tên «Người Khác»"),
    ],
    ids=["password", "expired", "not yet", "not for signing", "no certificate", "too big", "name"],
)
def test_a_certificate_that_cannot_sign_is_refused_in_words(
    minutes: Minutes, made: Any, password: str, said: str
) -> None:
    secretary = minutes.signatures.first()
    assert secretary is not None
    answer = post(secretary, made(secretary.name), password)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert password not in answer.content.decode().replace("mật khẩu thử", "") or password == PASSWORD
    assert MinutesSignature.objects.get(pk=secretary.pk).state == "waiting"


def test_another_name_signs_when_the_person_says_that_it_is_theirs_and_nobody_s_root_is_claimed(
    minutes: Minutes,
) -> None:
    secretary = minutes.signatures.first()
    assert secretary is not None
    post(secretary, issue("Mẫu, Chuyên viên", ROOT).bundle(), name_confirmed="on")
    row = MinutesSignature.objects.get(pk=secretary.pk)
    assert (row.state, row.name_differs, row.certificate["trust"]) == ("signed", True, "unasked")
    page = signed_in(secretary.member).get(reverse("awards:minutes-detail", args=[minutes.pk])).content.decode()
    assert "Chữ ký toàn vẹn; chưa xác định được tổ chức cấp" in page


def test_an_uploaded_file_must_be_the_kept_one_plus_one_signature(minutes: Minutes) -> None:
    secretary, chair = minutes.signatures.all()
    original = kept(minutes)
    good = signed_outside(original, certified(secretary))
    # The year of the signature, which it covers itself.
    year = good.index(b"/M (D", len(original)) + 12
    torn = good[:year] + (b"1" if good[year : year + 1] != b"1" else b"2") + good[year + 1 :]
    wrong = {
        "chưa có chữ ký mới": original,
        "không phải là bản hiện nay": good.replace(b"%PDF", b"%PDf", 1),
        "phải có đúng một chữ ký mới": signed_outside(good, certified(secretary), field="ThuHai"),
        "thay đổi khác ngoài chữ ký": signed_outside(turned(original), certified(secretary)),
        "Chữ ký trong tệp vừa tải lên không toàn vẹn": torn,
        "Không đọc được chữ ký": original + good[len(original) :].replace(b"/ByteRange", b"/ByteRangx", 1),
    }
    for said, content in wrong.items():
        answer = upload(secretary, content)
        assert (answer.status_code, said, said in answer.content.decode()) == (422, said, True)
    assert kept(minutes) == original
    assert upload(secretary, good).status_code == 302
    # Whoever took the file before somebody else signed signs again on the newer one.
    stale = upload(chair, signed_outside(original, certified(chair)))
    assert "người khác đã ký sau khi đồng chí tải về" in stale.content.decode().replace("\n", " ")
    assert upload(secretary, good).status_code == 422


def test_bytes_changed_on_the_disk_are_not_signed(minutes: Minutes) -> None:
    secretary = minutes.signatures.first()
    assert secretary is not None
    path = Path(minutes.file.path)
    path.write_bytes(path.read_bytes() + b"\n% them")
    answer = post(secretary, certified(secretary).bundle())
    assert answer.status_code == 422
    assert "không còn đúng như khi lưu" in answer.content.decode()


def test_nobody_signs_in_another_s_place(minutes: Minutes, room: Room) -> None:
    from awards.services.minutes_signing import sign_minutes

    secretary, chair = minutes.signatures.all()
    with pytest.raises(RefusedError, match="không có trong danh sách người ký"):
        sign_minutes(
            chair,
            content=certified(chair).bundle(),
            password=PASSWORD,
            name_confirmed=True,
            actor=room.as_actor(secretary.member),
            at=AT,
            machine_time=AT,
        )
    # The form of the chair's page posted by the secretary signs the secretary's own place, under their own name.
    answer = post(secretary, certified(chair).bundle())
    assert "biên bản ghi" in answer.content.decode()


def test_signing_asks_for_a_fresh_second_factor(minutes: Minutes, settings: Any) -> None:
    settings.REQUIRE_SECOND_FACTOR = True
    settings.SECOND_FACTOR_ROLES = ["member"]
    secretary = minutes.signatures.first()
    assert secretary is not None
    answer = post(secretary, certified(secretary).bundle())
    assert answer.status_code in {302, 403}
    assert MinutesSignature.objects.get(pk=secretary.pk).state == "waiting"
