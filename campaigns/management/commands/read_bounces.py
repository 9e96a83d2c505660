"""Read reports of mails that came back, from a mailbox or from the mail server's pipe."""

import mailbox
import sys
from collections import Counter
from collections.abc import Iterator
from email import message_from_binary_file, message_from_bytes
from email.message import Message
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from campaigns.bounces import read_bounce
from campaigns.services.bounces import Noted, note_bounce
from units.clock import now
from units.scoping import maintenance_scope

# A report quotes a mail of ours, and those are short.
MOST_BYTES = 2_000_000


class Command(BaseCommand):
    help = (
        "Đọc thư báo không tới (RFC 3464) trong một hộp thư mbox, một thư mục Maildir, một tệp thư, hoặc từ đầu vào "
        "chuẩn («-»), và ghi mã lỗi vào thư đã gửi. Hộp thư giữ nguyên; đọc lại không đổi gì."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default="-", help="mbox, Maildir hoặc tệp thư; «-» là đầu vào chuẩn")

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        told: Counter[str] = Counter()
        with maintenance_scope("bounced mails are noted for every unit at once"):
            for message in _read(path):
                bounce = read_bounce(message)
                told[note_bounce(bounce, at=now()) if bounce else "other"] += 1
        self.stdout.write(
            f"Thư không tới mới: {told[Noted.NEW]}; đã ghi từ trước: {told[Noted.KNOWN]}; không phải thư của phần mềm "
            f"này: {told[Noted.FOREIGN]}; thư khác, bỏ qua: {told['other']}."
        )


def _read(path: str) -> Iterator[Message]:
    if path == "-":
        yield message_from_bytes(sys.stdin.buffer.read(MOST_BYTES))
        return
    place = Path(path)
    if not place.exists():
        raise CommandError(f"Không có «{path}». Ghi đường dẫn tới mbox, thư mục Maildir hoặc tệp thư.")
    if place.is_dir():
        if not (place / "cur").is_dir() or not (place / "new").is_dir():
            raise CommandError(f"«{path}» không phải thư mục Maildir: cần có «cur» và «new».")
        yield from _short(mailbox.Maildir(place, create=False))
    elif place.open("rb").read(5) == b"From ":
        yield from _short(mailbox.mbox(place, create=False))
    else:
        with place.open("rb") as file:
            yield message_from_binary_file(file) if place.stat().st_size <= MOST_BYTES else Message()


def _short(box: "mailbox.Mailbox[Any]") -> Iterator[Message]:
    for key in box.iterkeys():
        with box.get_file(key) as file:
            content = file.read(MOST_BYTES + 1)
        yield message_from_bytes(content) if len(content) <= MOST_BYTES else Message()
