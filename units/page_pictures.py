"""Pages of a kept file as pictures, so that a stranger's file is looked at and never opened in anybody's browser.

Each call starts `picture_child`, a process that knows no secret of ours and is bounded in memory, time and output: a
file made to exhaust its reader costs a few seconds once, and then its hash is remembered. A page takes a fraction of
a second, so it is drawn while its reader waits; nothing drawn is kept here, browsers keep it under an ETag.
"""

import hashlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.cache import cache
from django.db.models.fields.files import FieldFile

from units.refusals import RefusedError

CHILD = Path(__file__).with_name("picture_child.py")
# What can be shown, and the word by which the child knows it.
KINDS = {"application/pdf": "pdf", "image/jpeg": "picture", "image/png": "picture"}
WIDTHS = (720, 1200)
# Pages beyond it are read in the file itself.
MOST_PAGES = 120
# Of a shape that no sheet of paper has, the height is cut to so many widths.
MOST_HEIGHTS = 5
WAIT_SECONDS = 15
# Drawn otherwise: raise it, and no browser shows what it kept.
DRAWING = "1"
REMEMBERED_SECONDS = 24 * 3600
# The child bounds its own work; when the clock on the wall runs out first, the machine may just be busy.
BUSY_SECONDS = 60
# How the child ends when it is not the file that is at fault: a library is missing, or it was called wrongly.
OUR_DEFECTS = (1, 2)

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with the room that its picture takes, so that nothing on the screen jumps as it arrives."""

    number: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Sheets:
    """The pages that are shown, and how many the file has."""

    shown: tuple[Sheet, ...]
    total: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.shown)


def can_show(media_type: str) -> bool:
    return media_type in KINDS


def picture_etag(sha256: str, page: int, width: int) -> str:
    return '"' + hashlib.sha256(f"{sha256}.{page}.{width}.{DRAWING}".encode()).hexdigest()[:32] + '"'


def read_sheets(file: FieldFile, media_type: str, sha256: str) -> Sheets:
    """Sizes of the pages. Raises `RefusedError` for what cannot be shown."""
    said: dict[str, Any] = json.loads(_draw(file, media_type, sha256, 0, 0))
    width = WIDTHS[-1]
    shown = tuple(
        Sheet(number, width, max(1, round(width * min(high / wide, MOST_HEIGHTS))))
        for number, (wide, high) in enumerate(said["sizes"], start=1)
        if wide > 0 and high > 0
    )
    return Sheets(shown, said["pages"])


def draw_page(file: FieldFile, media_type: str, sha256: str, page: int, width: int) -> bytes:
    """One page as WebP, `width` points wide or less. Raises `RefusedError` for what cannot be shown."""
    if not 1 <= page <= MOST_PAGES or width not in WIDTHS:
        raise LookupError(page)
    return _draw(file, media_type, sha256, page, width)


def _draw(file: FieldFile, media_type: str, sha256: str, page: int, width: int) -> bytes:
    if media_type not in KINDS:
        raise RefusedError(
            "Loại tệp này không xem được trên màn hình.",
            why="Phần mềm chỉ hiện trang của tệp PDF và ảnh.",
            remedy="Tải tệp về để đọc.",
        )
    key, busy = f"no-picture:{sha256}:{page}", f"no-picture-now:{sha256}:{page}"
    if cache.get(key):
        raise _too_much()
    if cache.get(busy):
        raise _too_slow()
    try:
        with file.open("rb") as kept:
            content = kept.read()
    except OSError as error:
        logger.exception("page_file_missing")
        raise RefusedError(
            "Không hiện được trang này trên màn hình.",
            why="Không đọc được tệp trong kho của phần mềm.",
            remedy="Báo người quản trị hệ thống, kèm tên tệp.",
        ) from error
    try:
        done = subprocess.run(  # noqa: S603  our own script with our own words
            [sys.executable, "-P", str(CHILD), KINDS[media_type], str(page), str(width), str(MOST_PAGES)],
            input=content,
            capture_output=True,
            timeout=WAIT_SECONDS,
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
            cache.set(key, 1, REMEMBERED_SECONDS)
        raise _too_much()
    drawn: bytes = done.stdout
    return drawn


def _too_much() -> RefusedError:
    return RefusedError(
        "Không hiện được trang này trên màn hình.",
        why="Tệp bị hỏng, hoặc khi mở ra quá lớn so với một văn bản thông thường.",
        remedy="Tải tệp về để đọc, hoặc báo Thường trực để đơn vị nộp lại tệp.",
    )


def _too_slow() -> RefusedError:
    return RefusedError(
        "Chưa hiện được trang này trên màn hình.",
        why="Vẽ trang quá lâu: máy chủ đang bận, hoặc trang quá nặng.",
        remedy="Đợi một phút rồi mở lại; vẫn không được thì tải tệp về để đọc.",
    )
