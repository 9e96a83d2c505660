"""Pages of a kept file as pictures, so that a stranger's file is looked at and never opened in anybody's browser.

Each call starts `picture_child`, a process that knows no secret of ours and is bounded in memory, time and output: a
file made to exhaust its reader costs a few seconds once, and then its hash is remembered. A page takes a fraction of
a second, so it is drawn while its reader waits; nothing drawn is kept here, browsers keep it under an ETag. A Word file
is laid out on sheets first, which takes seconds: for an hour the sheets wait in the cache, sealed.
"""

import base64
import hashlib
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db.models.fields.files import FieldFile

from units.refusals import RefusedError
from units.secret_box import SealBrokenError, seal, unseal
from units.uploads import DOCX

CHILD = Path(__file__).with_name("picture_child.py")
# What can be shown, and the word by which the child knows it.
KINDS = {"application/pdf": "pdf", "image/jpeg": "picture", "image/png": "picture", DOCX: "word"}
WIDTHS = (720, 1200)
# Pages beyond it are read in the file itself.
MOST_PAGES = 120
# Of a shape that no sheet of paper has, the height is cut to so many widths.
MOST_HEIGHTS = 5
WAIT_SECONDS = 15
WAIT_LAYING_OUT_SECONDS = 25
# Sheets that are heavier are laid out for every page anew.
MOST_KEPT, KEPT_SECONDS = 4_000_000, 3600
# What a Word file holds and its sheets do not, by the word of the child.
UNSEEN = {
    "chart": "biểu đồ",
    "smart_art": "sơ đồ SmartArt",
    "box": "khung chữ",
    "drawing": "hình vẽ",
    "object": "đối tượng nhúng",
    "formula": "công thức",
    "picture": "ảnh",
    "margin": "đầu trang, chân trang",
    "comment": "bình luận",
    "deletion": "chỗ đã xóa khi theo dõi sửa đổi",
}
MOVED = "moved_box"
SEALED_FOR = "laid-out"
# Drawn otherwise: raise it, and no browser shows what it kept.
DRAWING = "1"
REMEMBERED_SECONDS = 24 * 3600
# The child bounds its own work; when the clock on the wall runs out first, the machine may just be busy.
BUSY_SECONDS = 60
# How the child ends when it is not the file that is at fault: a library is missing, or it was called wrongly.
OUR_DEFECTS = (1, 2)
# And why a file cannot be read, where the child knows more than that it broke.
REASONS = {
    4: "Tệp có mật khẩu, hoặc do bản Word trước năm 2007 lưu.",
    5: "Tệp Word quá dài, hoặc khi mở ra quá lớn so với một văn bản thông thường.",
}
BROKEN = "Tệp bị hỏng, hoặc khi mở ra quá lớn so với một văn bản thông thường."

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with the room that its picture takes, so that nothing on the screen jumps as it arrives."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheets:
    """The pages that are shown, and how many the file has.

    Of a Word file the software lays them out itself: then `unseen` names what does not appear, with numbers, and
    `moved` counts boxes whose words stand after the paragraph that holds them.
    """

    shown: tuple[Sheet, ...]
    total: int
    is_laid_out: bool = False
    unseen: tuple[str, ...] = ()
    moved: int = 0

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.shown)


def can_show(media_type: str) -> bool:
    return media_type in KINDS


def picture_etag(sha256: str, page: int, width: int) -> str:
    return '"' + hashlib.sha256(f"{sha256}.{page}.{width}.{DRAWING}".encode()).hexdigest()[:32] + '"'


def read_sheets(file: FieldFile, media_type: str, sha256: str) -> Sheets:
    """Sizes of the pages. Raises `RefusedError` for what cannot be shown."""
    if media_type == DOCX:
        said, _ = _lay_out(file, sha256)
    else:
        said = json.loads(_draw(_kind(media_type), lambda: _read(file), sha256, 0, 0))
    width = WIDTHS[-1]
    shown = tuple(
        Sheet(number, width, max(1, round(width * min(high / wide, MOST_HEIGHTS))))
        for number, (wide, high) in enumerate(said["sizes"], start=1)
        if wide > 0 and high > 0
    )
    unseen = said.get("unseen", {})
    named = tuple(f"{unseen[kind]} {words}" for kind, words in UNSEEN.items() if kind in unseen)
    return Sheets(shown, said["pages"], media_type == DOCX, named, unseen.get(MOVED, 0))


def draw_page(file: FieldFile, media_type: str, sha256: str, page: int, width: int) -> bytes:
    """One page as WebP, `width` points wide or less. Raises `RefusedError` for what cannot be shown."""
    if not 1 <= page <= MOST_PAGES or width not in WIDTHS:
        raise LookupError(page)
    if media_type == DOCX:
        return _draw("pdf", lambda: _lay_out(file, sha256)[1], sha256, page, width)
    return _draw(_kind(media_type), lambda: _read(file), sha256, page, width)


def _kind(media_type: str) -> str:
    if media_type not in KINDS:
        raise RefusedError(
            "Loại tệp này không xem được trên màn hình.",
            why="Phần mềm chỉ hiện trang của tệp PDF, Word (.docx) và ảnh.",
            remedy="Tải tệp về để đọc.",
        )
    return KINDS[media_type]


def _lay_out(file: FieldFile, sha256: str) -> tuple[dict[str, Any], bytes]:
    """The sheets of a Word file as a PDF, with what is said of them."""
    key = f"laid-out:{sha256}:{DRAWING}"
    laid = _unsealed(cache.get(key), sha256)
    if laid is None:
        laid = _draw("word", lambda: _read(file), sha256, 0, 0)
        if len(laid) <= MOST_KEPT:
            cache.set(key, seal(f"{sha256}{base64.b64encode(laid).decode()}", SEALED_FOR), KEPT_SECONDS)
    words, _, pdf = laid.partition(b"\n")
    return json.loads(words), pdf


def _unsealed(kept: str | None, sha256: str) -> bytes | None:
    """What was kept for this very file; sheets of another under its name, or of a lost key, are none."""
    try:
        opened = unseal(kept, SEALED_FOR) if kept else ""
    except SealBrokenError:
        return None
    return base64.b64decode(opened[len(sha256) :]) if opened.startswith(sha256) else None


def _read(file: FieldFile) -> bytes:
    try:
        with file.open("rb") as kept:
            content: bytes = kept.read()
    except OSError as error:
        logger.exception("page_file_missing")
        raise RefusedError(
            "Không hiện được trang này trên màn hình.",
            why="Không đọc được tệp trong kho của phần mềm.",
            remedy="Báo người quản trị hệ thống, kèm tên tệp.",
        ) from error
    return content


def _draw(kind: str, read: Callable[[], bytes], sha256: str, page: int, width: int) -> bytes:
    """What the child makes of the file that `read` fetches; what ended it once is not tried again for a while."""
    key, busy = f"no-picture:{sha256}:{page}", f"no-picture-now:{sha256}:{page}"
    known = cache.get(key)
    if known:
        raise _too_much(known)
    if cache.get(busy):
        raise _too_slow()
    content = read()
    try:
        done = subprocess.run(  # noqa: S603  our own script with our own words
            [sys.executable, "-P", str(CHILD), kind, str(page), str(width), str(MOST_PAGES)],
            input=content,
            capture_output=True,
            timeout=WAIT_LAYING_OUT_SECONDS if kind == "word" else WAIT_SECONDS,
            check=False,
            # It finds libraries where this process does, and nothing else of ours.
            env={"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        )
    except subprocess.TimeoutExpired as error:
        cache.set(busy, 1, BUSY_SECONDS)
        raise _too_slow() from error
    if done.returncode or not done.stdout:
        if done.returncode in OUR_DEFECTS:
            logger.error("page_not_drawn", extra={"said": done.stderr[-300:].decode(errors="replace")})
        else:
            cache.set(key, done.returncode or 1, REMEMBERED_SECONDS)
        raise _too_much(done.returncode)
    drawn: bytes = done.stdout
    return drawn


def _too_much(ended: int) -> RefusedError:
    return RefusedError(
        "Không hiện được trang này trên màn hình.",
        why=REASONS.get(ended, BROKEN),
        remedy="Tải tệp về để đọc, hoặc báo Thường trực để đơn vị nộp lại tệp.",
    )


def _too_slow() -> RefusedError:
    return RefusedError(
        "Chưa hiện được trang này trên màn hình.",
        why="Vẽ trang quá lâu: máy chủ đang bận, hoặc trang quá nặng.",
        remedy="Đợi một phút rồi mở lại; vẫn không được thì tải tệp về để đọc.",
    )
