"""Certificates: laid out by a unit, made for a decision, each with a code that anybody verifies."""

import base64
import io
import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, TypeVar
from uuid import UUID

import pikepdf
import segno
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q

from awards.models import Decision, DecisionLine
from awards.selectors.decisions import find_keeper
from reports.join import Joined
from reports.layouts import CODE, Block, lay_out_page, store_blocks
from reports.models import Certificate, CertificateJob, CertificatePrinter
from reports.models.certificates import SIZES
from reports.selectors.certificates import Form, find_forms, find_issuer, list_printable_lines, write_texts
from reports.services.jobs import build_job, report_progress, restart_jobs
from reports.statements import Claims, may_sign, sign_statements
from units.actors import Actor
from units.addresses import address_of
from units.clock import now, today
from units.pdf import render_pdf
from units.refusals import RefusedError
from units.services import outbox
from units.services.audit import record_act

T = TypeVar("T")
TASK = "reports.tasks.build_certificates"
TOKEN_BYTES = 16
# Pages rendered at once: progress is shown and memory given back after so many.
CHUNK = 40
TOO_LONG = (
    "Việc lập giấy quá thời gian cho phép nên đã dừng. Yêu cầu lập lại; nếu vẫn không được, báo bộ phận quản trị."
)
BROKEN_OFF = (
    "Việc lập giấy dừng giữa chừng do lỗi của hệ thống; dữ liệu không bị ảnh hưởng. "
    "Yêu cầu lập lại; nếu vẫn không được, báo bộ phận quản trị kèm giờ ghi trên trang này."
)


@transaction.atomic
def request_certificates(decision: Decision, *, printer: CertificatePrinter | None, actor: Actor) -> CertificateJob:
    """Promise the certificates of every line that stands, in the order of the list, in files of a fixed size at most;
    return the first of their jobs.

    Refuses another unit than the issuer, a decision that revokes, one of which nothing stands, and an installation
    without a key to sign with. Lasting: each line has its code from now on.
    """
    _require_printable(decision, actor)
    lines = list_printable_lines(decision)
    if not lines:
        raise RefusedError(
            "Không còn dòng nào của quyết định này có giá trị nên không có giấy để in.",
            remedy="Xem danh sách kèm theo và quyết định thu hồi, đính chính.",
        )
    job = _promise(decision, lines, printer, actor)
    record_act("request-certificates", job, actor=actor, number=decision.number, lines=len(lines))
    return job


@transaction.atomic
def reprint_certificate(
    line: DecisionLine, *, printer: CertificatePrinter | None, reason: str, actor: Actor
) -> CertificateJob:
    """Promise the certificate of one line once more, with the same code; the reason stays in the trail."""
    decision = line.decision
    _require_printable(decision, actor)
    standing = [one for one in list_printable_lines(decision) if one.pk == line.pk]
    if not standing:
        raise RefusedError(
            "Dòng này của quyết định không còn giá trị nên không in lại giấy được.",
            remedy="Xem danh sách kèm theo và quyết định thu hồi, đính chính.",
        )
    job = _promise(decision, standing, printer, actor, line=line, reason=reason)
    name = standing[0].honour.subject_name
    record_act("reprint-certificate", job, actor=actor, number=decision.number, name=name, reason=reason)
    return job


def _require_printable(decision: Decision, actor: Actor) -> None:
    if find_keeper(decision.unit, today()).pk != actor.unit.pk:
        raise RefusedError(
            f"{actor.unit.name} không in giấy của quyết định này được.",
            why=f"Quyết định do {decision.unit.name} ban hành.",
            remedy=f"Đề nghị {decision.unit.name} in.",
        )
    if decision.revokes_id is not None:
        raise RefusedError(
            "Quyết định thu hồi không có giấy kèm theo.", remedy="Mở quyết định công nhận còn giá trị để in giấy."
        )
    if not may_sign():
        raise RefusedError(
            "Chưa in được giấy vì hệ thống chưa có khóa ký mã kiểm chứng.",
            why="Mỗi giấy mang một mã để ai cũng kiểm tra được quyết định.",
            remedy="Đề nghị quản trị máy chủ đặt CERTIFICATE_KEYS theo hướng dẫn vận hành, rồi làm lại.",
        )


def _promise(
    decision: Decision,
    lines: Sequence[DecisionLine],
    printer: CertificatePrinter | None,
    actor: Actor,
    **more: Any,
) -> CertificateJob:
    at = now()
    certificates = _ensure_certificates(decision, lines, at)
    forms = find_forms(actor.unit, {line.honour.title_id for line in lines})
    jobs: list[CertificateJob] = []
    for number, some in enumerate(_split(lines, settings.CERTIFICATES_A_PART), 1):
        job = CertificateJob(
            unit=actor.unit,
            decision=decision,
            first=jobs[0] if jobs else None,
            part=number,
            steps_total=len(some),
            asked_by=actor.account,
            asked_at=at,
            moved_at=at,
            snapshot=_freeze(decision, some, certificates, forms, printer),
            **more,
        )
        jobs.append(job)
    CertificateJob.objects.bulk_create(jobs)
    outbox.promise_each(TASK, {job.outbox_key: {"job": str(job.pk)} for job in jobs})
    return jobs[0]


def resume_certificates(job: CertificateJob, *, actor: Actor) -> CertificateJob:
    """Promise anew the parts of a run that failed or that nobody works on; what is done stays. Returns the first part.

    Refuses a run of which every part is done or under way.
    """
    first = job.first or job
    with transaction.atomic():
        parts = CertificateJob.objects.filter(Q(pk=first.pk) | Q(first=first)).order_by("part")
        again = restart_jobs(parts.select_for_update(of=("self",)), task=TASK, at=now())
        if not again:
            raise RefusedError(
                "Không có phần nào phải lập lại.",
                why="Các phần đã lập xong hoặc đang được lập.",
                remedy="Tải lại trang để xem tình trạng mới nhất.",
            )
        record_act("resume-certificates", first, actor=actor, number=job.decision.number, parts=len(again))
    return first


def _ensure_certificates(decision: Decision, lines: Sequence[DecisionLine], at: datetime) -> dict[UUID, Certificate]:
    """The certificate of every line; those not printed before get their code. Two who ask at once agree on one."""
    made = {one.line_id for one in Certificate.objects.filter(line__in=lines)}
    fresh = [line for line in lines if line.pk not in made]
    claims = [
        Claims(
            decision.number,
            decision.signed_on.isoformat(),
            decision.unit.code,
            line.honour.title.code,
            line.honour.year,
            line.honour.subject_name,
        )
        for line in fresh
    ]
    Certificate.objects.bulk_create(
        [
            Certificate(
                unit=decision.unit,
                unit_path=decision.unit.path,
                line=line,
                token=secrets.token_urlsafe(TOKEN_BYTES),
                statement=statement,
                made_at=at,
            )
            for line, statement in zip(fresh, sign_statements(claims), strict=True)
        ],
        ignore_conflicts=True,
    )
    return {one.line_id: one for one in Certificate.objects.filter(line__in=lines)}


def code_of(certificate: Certificate) -> str:
    """What the code spells: the address to ask, and after the hash, which is never sent, the signed statement."""
    path = address_of("reports:certificate-verify", certificate.token)
    return f"{settings.SITE_ADDRESS}{path}#{certificate.statement}"


def _freeze(
    decision: Decision,
    lines: Sequence[DecisionLine],
    certificates: Mapping[UUID, Certificate],
    forms: Mapping[int, Form],
    printer: CertificatePrinter | None,
) -> dict[str, Any]:
    issuer = find_issuer(decision.unit, decision.signed_on)
    pages = []
    for line in lines:
        title = line.honour.title_id
        texts = write_texts(line, decision, issuer, forms[title].blocks) | {CODE: code_of(certificates[line.pk])}
        pages.append({"form": str(title), "texts": texts})
    return {
        "pages": pages,
        "forms": {str(title): _freeze_form(form) for title, form in forms.items()},
        "offset": [str(printer.offset_x), str(printer.offset_y)] if printer else ["0", "0"],
    }


def _freeze_form(form: Form) -> dict[str, Any]:
    has_artwork = form.layout is not None and bool(form.layout.artwork)
    return {
        "page": form.page,
        "stock": form.stock,
        "blocks": store_blocks(form.blocks),
        "artwork": form.layout.artwork.name if has_artwork and form.layout else "",
        "artwork_type": form.layout.artwork_type if has_artwork and form.layout else "",
    }


def build_certificates(pk: UUID, *, outbox_key: str) -> None:
    """Make the file and mark it done, once; the page shows how far it has come."""
    build_job(CertificateJob, pk, outbox_key=outbox_key, make=_make, too_long=TOO_LONG, broken_off=BROKEN_OFF)


def _make(job: CertificateJob) -> Joined:
    progress = report_progress(job)
    snapshot, parts, done = job.snapshot, [], 0
    for form, pages in groupby(snapshot["pages"], key=lambda page: page["form"]):
        frozen = snapshot["forms"][form]
        for chunk in _split(list(pages), CHUNK):
            parts.append(render_pages(frozen, [page["texts"] for page in chunk], offset=snapshot["offset"]))
            done += len(chunk)
            progress(done, f"giấy {done} trên {job.steps_total}")
    return _join(parts, job.asked_at)


def _split(rows: Sequence[T], size: int) -> Iterable[Sequence[T]]:
    return (rows[first : first + size] for first in range(0, len(rows), size))


def render_pages(frozen: Mapping[str, Any], texts: Sequence[Mapping[str, str]], *, offset: Sequence[str]) -> bytes:
    """One PDF of certificates of one form, a page each."""
    blocks = {key: Block(**values) for key, values in frozen["blocks"].items()}
    moved = (Decimal(offset[0]), Decimal(offset[1]))
    pages = []
    for one in texts:
        page = lay_out_page(blocks, stock=frozen["stock"], texts=one, offset=moved)
        for block in page:
            if block["key"] == CODE:
                block["picture"] = draw_code(one[CODE])
        pages.append(page)
    wide, high = SIZES[frozen["page"]]
    context = {"pages": pages, "wide": wide, "high": high, "artwork": _read_artwork(frozen)}
    return render_pdf("reports/paper/certificate.html", context)


def draw_code(text: str) -> str:
    """A picture of it in lines: level M still reads with 15 % lost, and the border is the quiet zone readers need."""
    picture: str = segno.make(text, error="m", micro=False).svg_data_uri(border=4, omitsize=True)
    return picture


def _read_artwork(frozen: Mapping[str, Any]) -> str:
    """The unit's picture as it travels inside the document; none on stock that has it already."""
    if not frozen["artwork"] or frozen["stock"] != "plain":
        return ""
    with default_storage.open(frozen["artwork"], "rb") as stream:
        return f"data:{frozen['artwork_type']};base64,{base64.b64encode(stream.read()).decode()}"


def _join(parts: Sequence[bytes], as_of: datetime) -> Joined:
    with pikepdf.new() as joined:
        opened = [pikepdf.open(io.BytesIO(part)) for part in parts]
        for one in opened:
            joined.pages.extend(one.pages)
        joined.Root.Lang = pikepdf.String("vi")
        joined.docinfo["/Title"] = "Giấy kèm theo quyết định khen thưởng"
        joined.docinfo["/CreationDate"] = as_of.strftime("D:%Y%m%d%H%M%S")
        buffer = io.BytesIO()
        joined.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        for one in opened:
            one.close()
        return Joined(pdf=buffer.getvalue(), pages=len(joined.pages))


def record_certificates_download(job: CertificateJob, *, actor: Actor) -> None:
    record_act("download-certificates", job, actor=actor, sha256=job.sha256)
