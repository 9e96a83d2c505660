"""Certificates: laid out to the millimetre, made in the background, verified by anybody with and without a network."""

import base64
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from awards.models import Decision
from awards.services.publications import publish_decision
from reports.layouts import CODE, first_blocks, lay_out_page, store_blocks
from reports.models import Certificate, CertificateJob, CertificateLayout, CertificatePrinter, DossierState
from reports.services import certificates as service
from reports.services.certificates import code_of, request_certificates
from reports.statements import StatementError, list_verifying_keys, read_statement
from reports.tasks import build_certificates
from tests.awards.room import Room, signed_in
from tests.awards.test_decision_revocations import BOTH, revoke
from tests.awards.test_decisions import issue
from tests.reports.reading import text_of
from units.clock import now, today
from units.models import AuditEntry, OutboxMessage
from units.refusals import RefusedError
from units.scoping import unit_scope

pytestmark = pytest.mark.django_db

CHECKER = Path(__file__).parents[2] / "docs" / "kiem-chung" / "kiem_chung.py"
NEW_KEY = base64.urlsafe_b64encode(b"another key of tests, as long...").decode()


@pytest.fixture
def decision(room: Room) -> Decision:
    return issue(room, room.counted(*BOTH))


def make(job: CertificateJob) -> bytes:
    build_certificates(job=str(job.pk), outbox_key=f"certificates:{job.pk}:{job.attempt}")
    job.refresh_from_db()
    assert (job.state, job.steps_done) == (DossierState.DONE, job.steps_total)
    with job.file.open("rb") as stream:
        content: bytes = stream.read()
    return content


def check(folder: Path, code: str, keys: dict[str, str]) -> tuple[int, str]:
    file = folder / "keys.json"
    file.write_text(json.dumps(keys), encoding="utf-8")
    command = [sys.executable, "-I", str(CHECKER), str(file), code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")  # noqa: S603  our own program
    return done.returncode, done.stdout


def test_a_whole_decision_becomes_one_file_and_one_certificate_is_reprinted(room: Room, decision: Decision) -> None:
    client = signed_in(room.records)
    printer = CertificatePrinter.objects.create(unit=room.tree.bureau, name="Máy 1", offset_x="1.5", offset_y="-2.0")
    asked = client.post(reverse("reports:certificates-request", args=[decision.pk]), {"printer": printer.pk})
    job = CertificateJob.objects.get()
    assert asked["Location"] == reverse("reports:certificate-job-detail", args=[job.pk])
    assert "<progress" in client.get(asked["Location"]).content.decode()
    assert OutboxMessage.objects.filter(key=f"certificates:{job.pk}:1").exists()
    first, second = (line.honour.subject_name for line in decision.lines.order_by("order"))
    pdf = make(job)
    assert (job.pages, job.snapshot["offset"]) == (2, ["1.5", "-2.0"])
    page = text_of(pdf, page=1)
    for words in (first, "Quyết định số 45/QĐ-CTHADS", "Người Ký Mẫu", "CỤC TRƯỞNG", "Độc lập - Tự do - Hạnh phúc"):
        assert words in page
    assert second in text_of(pdf, page=2)
    got = client.get(reverse("reports:certificates-download", args=[job.pk]))
    assert b"".join(got.streaming_content) == pdf  # type: ignore[attr-defined]

    line = decision.lines.get(order=2)
    before = Certificate.objects.get(line=line)
    again = reverse("reports:certificate-reprint", args=[line.pk])
    assert client.post(again, {"reason": ""}).status_code == 422
    assert client.post(again, {"reason": "Bản trước bị rách"}).status_code == 302
    reprint = CertificateJob.objects.get(line=line)
    assert second in text_of(make(reprint), page=1)
    assert reprint.snapshot["pages"][0]["texts"][CODE] == code_of(before)
    assert Certificate.objects.count() == 2
    assert AuditEntry.objects.get(verb="reprint-certificate").detail["reason"] == "Bản trước bị rách"
    listed = client.get(reverse("reports:certificate-list", args=[decision.pk])).content.decode()
    assert "in lại 1 lần" in listed


def test_a_long_decision_is_made_in_parts_and_goes_on_at_the_part_that_failed(
    room: Room, decision: Decision, settings: Any
) -> None:
    settings.CERTIFICATES_A_PART = 1
    client = signed_in(room.records)
    asked = client.post(reverse("reports:certificates-request", args=[decision.pk]))
    first, second = CertificateJob.objects.order_by("part")
    page = asked["Location"]
    assert page == reverse("reports:certificate-job-detail", args=[first.pk])
    promised = set(OutboxMessage.objects.filter(task=service.TASK).values_list("key", flat=True))
    assert promised == {first.outbox_key, second.outbox_key}
    make(first)
    words = client.get(page).content.decode()
    assert "xong 1 trên 2 phần" in words
    assert "Đã xong 1 trên 2 giấy" in words
    kept, second.snapshot["forms"] = second.snapshot["forms"], {}
    second.save()
    build_certificates(job=str(second.pk), outbox_key=second.outbox_key)
    assert (
        "Lập tiếp 1 phần còn thiếu"
        in client.get(reverse("reports:certificate-job-detail", args=[second.pk])).content.decode()
    )
    second.refresh_from_db()
    second.snapshot["forms"] = kept
    second.save()
    resume = reverse("reports:certificates-resume", args=[first.pk])
    assert client.post(resume)["Location"] == page
    assert client.post(resume).status_code == 422
    first.refresh_from_db()
    second.refresh_from_db()
    assert [(one.state, one.attempt) for one in (first, second)] == [("done", 1), ("waiting", 2)]
    # The promise that failed before changes nothing any more.
    build_certificates(job=str(second.pk), outbox_key=f"certificates:{second.pk}:1")
    assert CertificateJob.objects.get(pk=second.pk).state == "waiting"
    pdf = make(second)
    names = [line.honour.subject_name for line in decision.lines.order_by("order")]
    assert [name in text_of(pdf) for name in names] == [False, True]
    got = client.get(reverse("reports:certificates-download", args=[second.pk]))
    assert "phần 2" in unquote(got["Content-Disposition"])
    listed = client.get(reverse("reports:certificate-list", args=[decision.pk])).content.decode()
    assert "2 giấy, 2 phần" in listed
    assert AuditEntry.objects.get(verb="resume-certificates").detail["parts"] == 1


def test_the_page_of_a_run_costs_the_same_for_many_parts(room: Room, decision: Decision, settings: Any) -> None:
    client = signed_in(room.records)
    counts = []
    for size in (2, 1):
        settings.CERTIFICATES_A_PART = size
        job = request_certificates(decision, printer=None, actor=room.records)
        pages = [
            reverse("reports:certificate-job-detail", args=[job.pk]),
            reverse("reports:certificate-list", args=[decision.pk]),
        ]
        client.get(pages[0])
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
    assert counts[:2] == counts[2:]


def test_stock_that_is_printed_gets_only_what_varies_moved_by_the_printer(room: Room, decision: Decision) -> None:
    from decimal import Decimal

    texts = dict.fromkeys(first_blocks("a4-wide"), "x")
    plain = lay_out_page(first_blocks("a4-wide"), stock="plain", texts=texts, offset=(Decimal(0), Decimal(0)))
    printed = lay_out_page(first_blocks("a4-wide"), stock="printed", texts=texts, offset=(Decimal("1.5"), Decimal(-2)))
    assert {one["key"] for one in plain} - {one["key"] for one in printed} == {"nation", "issuer", "verb", "title"}
    name = next(one for one in plain if one["key"] == "name")
    moved = next(one for one in printed if one["key"] == "name")
    assert (moved["x"], moved["y"]) == (name["x"] + 1.5, name["y"] - 2)

    CertificateLayout.objects.create(
        unit=room.tree.bureau,
        title=room.plan.title_of_tests,
        stock="printed",
        page="a4-tall",
        blocks=store_blocks(first_blocks("a4-tall")),
    )
    pdf = make(request_certificates(decision, printer=None, actor=room.secretariat))
    assert "Độc lập" not in text_of(pdf)
    assert "Người Ký Mẫu" in text_of(pdf)


def test_a_unit_moves_blocks_words_them_and_measures_its_printer(room: Room) -> None:
    client = signed_in(room.secretariat)
    title = room.plan.title_of_tests
    answer = client.post(
        reverse("reports:certificate-layout-add"), {"title": title.pk, "page": "a4-wide", "stock": "plain"}
    )
    assert answer.status_code == 302
    layout = CertificateLayout.objects.get()
    page = reverse("reports:certificate-layout-edit", args=[layout.pk])
    form = client.get(page).context["form"]
    typed = {name: field.initial for name, field in form.fields.items() if field.initial not in (None, False)}
    typed |= {"stock": "printed", "name-x": "31,5", "merit-words": "Đạt {danh hiệu} năm {năm}"}
    assert client.post(page, typed).status_code == 302
    layout.refresh_from_db()
    assert (layout.stock, layout.blocks["name"]["x"]) == ("printed", 31.5)
    refused = client.post(page, typed | {"name-x": "200"})
    assert refused.status_code == 422
    assert "vượt mép phải" in refused.content.decode()
    added = client.post(
        reverse("reports:certificate-printer-add"), {"name": "Máy 2", "offset_x": "1,5", "offset_y": "-0,5"}
    )
    assert added.status_code == 302
    printer = CertificatePrinter.objects.get()
    calibration = reverse("reports:certificate-layout-calibration", args=[layout.pk])
    words = text_of(client.get(calibration, {"printer": str(printer.pk)}).content)
    assert "dịch phải 1,5 mm, xuống -0,5 mm" in words
    assert f"Đạt {title.name} năm" in words
    assert "TRANG CANH CHỈNH" in words


def test_the_statement_is_checked_without_us_and_survives_a_new_key(
    room: Room, decision: Decision, tmp_path: Path, settings: Any
) -> None:
    request_certificates(decision, printer=None, actor=room.records)
    certificate = Certificate.objects.select_related("line__honour").first()
    assert certificate is not None
    code, old = code_of(certificate), list_verifying_keys()[0]
    settings.CERTIFICATE_KEYS = [NEW_KEY, f"public:{old.public}"]
    assert [one.signs for one in list_verifying_keys()] == [True, False]
    assert read_statement(certificate.statement).name == certificate.line.honour.subject_name
    published = Client().get(reverse("reports:verifying-keys-file")).json()
    status, said = check(tmp_path, code, published)
    assert status == 0
    assert certificate.line.honour.subject_name in said
    assert f"đúng vào ngày {decision.signed_on.isoformat()}" in said

    payload, _, signature = code.rpartition("#")[2].partition(".")
    padded = payload + "=" * (-len(payload) % 4)
    other = base64.urlsafe_b64decode(padded).decode().replace("45/QĐ", "46/QĐ").encode()
    forged = f"{base64.urlsafe_b64encode(other).decode().rstrip('=')}.{signature}"
    assert check(tmp_path, forged, published)[0] == 1
    assert check(tmp_path, code, {name: key for name, key in published.items() if name != old.id})[0] == 1
    assert check(tmp_path, code[:-9] + "!", published)[0] == 2
    with pytest.raises(StatementError):
        read_statement(forged)
    settings.CERTIFICATE_KEYS = []
    with pytest.raises(RefusedError, match="chưa có khóa"):
        request_certificates(decision, printer=None, actor=room.records)


def test_the_checker_asks_openssl_where_there_is_no_library(room: Room, decision: Decision, tmp_path: Path) -> None:
    request_certificates(decision, printer=None, actor=room.records)
    certificate = Certificate.objects.first()
    assert certificate is not None
    public = {one.id: one.public for one in list_verifying_keys()}
    (tmp_path / "keys.json").write_text(json.dumps(public))
    # -S: no packages, hence no cryptography.
    command = [sys.executable, "-I", "-S", str(CHECKER), str(tmp_path / "keys.json")]
    good, bad = certificate.statement, certificate.statement[:-4] + "AAAA"
    codes = [subprocess.run([*command, one], capture_output=True, check=False).returncode for one in (good, bad)]  # noqa: S603
    assert codes == [0, 1]


def test_anybody_asks_by_the_code_and_learns_of_a_revocation_and_of_nothing_else(
    room: Room, decision: Decision
) -> None:
    cache.clear()
    request_certificates(decision, printer=None, actor=room.records)
    line, other = decision.lines.order_by("order")
    anybody = Client()
    page = reverse("reports:certificate-verify", args=[line.certificate.token])
    answer = anybody.get(page)
    words = answer.content.decode()
    assert answer.status_code == 200
    assert "còn giá trị vào ngày" in words
    assert line.honour.subject_name in words
    assert other.honour.subject_name not in words
    assert str(decision.pk) not in words
    assert "no-store" in answer["Cache-Control"]
    assert anybody.get(reverse("reports:certificate-verify", args=["khong-co"])).status_code == 404
    revocation = revoke(room, decision, line)
    assert "còn giá trị vào ngày" in anybody.get(page).content.decode()
    publish_decision(revocation, published_on=today(), actor=room.records, at=now())
    after = anybody.get(page).content.decode()
    assert "Không còn giá trị" in after
    assert "đã thu hồi theo Quyết định số" in after
    standing = anybody.get(reverse("reports:certificate-verify", args=[other.certificate.token]))
    assert "còn giá trị vào ngày" in standing.content.decode()
    with unit_scope(room.tree.bureau.path):
        job = request_certificates(decision, printer=None, actor=room.records)
    assert [one["texts"]["name"] for one in job.snapshot["pages"]] == [other.honour.subject_name]
    assert len(line.certificate.token) >= 22


def test_one_address_asks_only_so_often(room: Room) -> None:
    from units.services import sign_in

    cache.clear()
    anybody = Client()
    page = reverse("reports:certificate-verify", args=["khong-co"])
    for _ in range(sign_in.LIMITS[sign_in.VERIFY_ADDRESS].tries):
        sign_in.count_try(sign_in.VERIFY_ADDRESS, "127.0.0.1")
    assert anybody.get(page).status_code == 429
    cache.clear()


def test_a_job_that_breaks_off_says_so_and_a_new_one_is_asked_for(room: Room, decision: Decision) -> None:
    job = request_certificates(decision, printer=None, actor=room.records)
    job.snapshot["forms"] = {}
    job.save()
    build_certificates(job=str(job.pk), outbox_key=f"certificates:{job.pk}:1")
    job.refresh_from_db()
    assert (job.state, job.failure) == (DossierState.FAILED, service.BROKEN_OFF)
    page = signed_in(room.records).get(reverse("reports:certificate-job-detail", args=[job.pk])).content.decode()
    assert "lập lại" in page
    assert settings.CERTIFICATE_KEYS
