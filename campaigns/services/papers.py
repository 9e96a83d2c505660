"""Papers of a submission: checked, counted and kept; and taken away again while it is a draft."""

import io
import logging
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
from django.core.files.base import ContentFile
from django.db import transaction

from campaigns.models import Submission, SubmissionPaper
from campaigns.selectors.filings import describe_excess, list_papers, list_submissions, read_wanted
from campaigns.services.filings import lock_submission, require_open
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import DOCX, CheckedFile, check_upload, flush_file
from units.word_files import count_word_pages, read_claimed_pages

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

logger = logging.getLogger(__name__)

PDF = "application/pdf"
MAX_FILES = 30
ESTIMATE = (
    "Số trang của tệp Word là ước tính khi dựng lại theo thể thức Nghị định 30/2020/NĐ-CP (chữ cỡ 13, dòng đơn); "
    "gửi PDF để có số trang chính xác."
)
SHORTEN = "Rút gọn rồi tải lên lại."


def _count_pages(checked: CheckedFile, *, is_limited: bool) -> tuple[int | None, bool, int | None]:
    """Pages, whether that is an estimate, and what the file says of itself. A picture is one page."""
    if checked.media_type == PDF:
        with pikepdf.open(io.BytesIO(checked.content)) as document:
            return len(document.pages), False, None
    if checked.media_type != DOCX:
        return 1, False, None
    claimed = read_claimed_pages(checked.content)
    # Laying out a long file takes seconds: it is done where a limit hangs on it.
    return (_count_word(checked), True, claimed) if is_limited else (None, True, claimed)


def _count_word(checked: CheckedFile) -> int:
    try:
        return count_word_pages(checked.content)
    except Exception as error:
        # A stranger's file may break a reader in any way.
        logger.warning("word_pages_uncounted", extra={"error": type(error).__name__})
        raise RefusedError(
            f"Phần mềm không đếm được số trang của tệp «{checked.name}».",
            why="Giấy tờ này có giới hạn số trang nên tệp phải đếm được; tệp Word quá dài hoặc khác thường.",
            remedy="Lưu thành PDF rồi tải lên.",
        ) from error


@transaction.atomic
def add_paper(
    submission: Submission, file: "UploadedFile[bytes]", *, paper: str, actor: Actor, at: datetime
) -> SubmissionPaper:
    """Check, count and keep a file for one of the papers that the plan asks for, or for none of them (empty).

    Refuses what `check_upload` refuses, the same file twice for a paper, and a paper longer than the plan allows; then
    nothing was written. The file is on the disk before its row commits.
    """
    obligation = submission.assignment.obligation
    limits = {name: limit for name, limit, _ in read_wanted(obligation)}
    if paper and paper not in limits:
        raise RefusedError(
            f"Kế hoạch không có giấy tờ «{paper}».", remedy="Tải lại trang và chọn giấy tờ trong danh sách."
        )
    require_open(submission, actor)
    limit = limits.get(paper)
    checked = check_upload(file)
    pages, is_estimated, claimed = _count_pages(checked, is_limited=limit is not None)
    submission = lock_submission(submission)
    require_open(submission, actor)
    standing = list(list_papers(submission))
    _require_room(standing, checked, paper)
    before = sum(one.pages or 0 for one in standing if one.paper == paper)
    excess = describe_excess(obligation, paper, limit, before + (pages or 0))
    if excess:
        together = f"Tính cả {before} trang của tệp đã tải lên cho giấy tờ này. " if before else ""
        raise RefusedError(excess, why=together + (ESTIMATE if is_estimated else ""), remedy=SHORTEN)
    row = SubmissionPaper(
        unit=submission.unit,
        submission=submission,
        paper=paper,
        file_name=checked.name,
        media_type=checked.media_type,
        size=len(checked.content),
        sha256=checked.sha256,
        pages=pages,
        is_estimated=is_estimated,
        claimed_pages=claimed,
        added_by=actor.account,
        added_at=at,
    )
    row.file.save(checked.name, ContentFile(checked.content), save=False)
    flush_file(Path(row.file.path))
    row.save(force_insert=True)
    record_act("attach-paper", submission, actor=actor, file=str(row.pk))
    return row


def _require_room(standing: list[SubmissionPaper], checked: CheckedFile, paper: str) -> None:
    if any(one.sha256 == checked.sha256 and one.paper == paper for one in standing):
        raise RefusedError(
            f"Tệp «{checked.name}» đã được tải lên.", remedy="Chọn tệp khác, hoặc bỏ tệp đã có trước khi tải lên lại."
        )
    if len(standing) >= MAX_FILES:
        raise RefusedError(
            f"Mỗi bản nộp có không quá {MAX_FILES} tệp.", remedy="Ghép các trang thành một tệp PDF rồi tải lên."
        )


@transaction.atomic
def remove_paper(paper: SubmissionPaper, *, actor: Actor, at: datetime) -> None:
    """Hide a file from a draft; row and file stay for the record."""
    submission = lock_submission(list_submissions().get(pk=paper.submission_id))
    require_open(submission, actor)
    paper.removed_at = at
    paper.save(update_fields=["removed_at"])
    record_act("detach-paper", submission, actor=actor, file=str(paper.pk))
