"""Check that nobody changed, removed, inserted or reordered a line of the trail."""

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.timezone import localtime

from units.scoping import maintenance_scope
from units.selectors.chain import Breach, Head, Verification, verify_chain


class Command(BaseCommand):
    help = (
        "Kiểm tra nhật ký: mọi mục còn nguyên, không bị sửa, xóa, chèn hay đổi thứ tự. "
        "Mã thoát 1 khi có chuỗi không còn nguyên vẹn."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="In kết quả dạng JSON, gồm mã đầu của từng chuỗi.")
        parser.add_argument(
            "--kept",
            type=Path,
            help="Tệp JSON của lần kiểm tra trước, giữ ở nơi khác; phát hiện cả chuỗi bị lập lại toàn bộ.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kept = _read_kept(options["kept"]) if options["kept"] else {}
        with maintenance_scope("the chains run through every unit"):
            result = verify_chain(kept)
        self.stdout.write(_as_json(result) if options["json"] else _in_words(result))
        if result.breaches:
            sys.exit(1)


def _read_kept(file: Path) -> dict[int, Head]:
    try:
        streams = json.loads(file.read_text(encoding="utf-8"))["streams"]
        return {one["stream"]: Head(one["number"], one["hash"]) for one in streams}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CommandError(
            f"Không đọc được {file}: tệp phải là kết quả của lệnh verify_audit --json lần trước."
        ) from error


def _as_json(result: Verification) -> str:
    streams = [{"stream": stream, **asdict(head)} for stream, head in result.heads.items()]
    report = {
        "entries": result.entries,
        "streams": streams,
        "breaches": [asdict(breach) for breach in result.breaches],
    }
    return json.dumps(report, ensure_ascii=False, cls=DjangoJSONEncoder)


def _in_words(result: Verification) -> str:
    if not result.breaches:
        return f"Nhật ký nguyên vẹn: {result.entries} mục trong {len(result.heads)} chuỗi."
    lines = [_breach_words(breach) for breach in result.breaches]
    return "\n".join(["Nhật ký không còn nguyên vẹn. Mục sai đầu tiên của mỗi chuỗi:", *lines])


def _breach_words(breach: Breach) -> str:
    place = f"Chuỗi {breach.stream}" if breach.stream else "Ngoài chuỗi"
    number = f", số {breach.number}" if breach.number else ""
    entry = f", mục {breach.entry}" if breach.entry else ""
    at = f", ghi lúc {localtime(breach.at):%H:%M:%S %d/%m/%Y}" if breach.at else ""
    return f"- {place}{number}{entry}{at}: {breach.what}."
