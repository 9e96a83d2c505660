"""Print how much of what a person found in some plans the reader finds, and how much of what it finds is right."""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from campaigns.management.commands.read_plan import UNREADABLE, known_documents
from campaigns.planreader import UnreadablePlanError, read_file, read_plan
from campaigns.planreader.measuring import FIVE_PLANS, Entry, Score, file_of, read_expected, read_gold, score, table


class Command(BaseCommand):
    help = (
        "Đo phần mềm đọc kế hoạch trên các tệp trong FOLDER: độ phủ và độ chính xác theo từng kế hoạch và từng loại. "
        "Đáp án lấy từ --gold, nếu không có thì từ gold.toml trong FOLDER, rồi từ các tệp .json cùng tên với tệp kế "
        "hoạch (dạng của read_plan --json), nếu không có nữa thì từ đáp án năm kế hoạch gốc."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="Thư mục chứa các tệp kế hoạch.")
        parser.add_argument("--gold", type=Path, help="Tệp TOML ghi những gì người đọc đã thấy.")
        parser.add_argument("--details", action="store_true", help="In từng mục bị sót và từng mục sai.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            self.stderr.write(f"«{folder}» không phải thư mục. Chọn thư mục chứa các tệp kế hoạch.")
            sys.exit(UNREADABLE)
        rows: dict[str, dict[str, Score]] = {}
        register = known_documents()
        for entry in _answers(folder, options["gold"]):
            path = file_of(entry, folder)
            if path is None:
                self.stderr.write(f"Thiếu tệp «{entry['file']}» trong «{folder}». Kế hoạch này không được đo.")
                continue
            try:
                text = read_file(path)
            except UnreadablePlanError as error:
                self.stderr.write(str(error))
                sys.exit(UNREADABLE)
            started = time.perf_counter()
            reading = read_plan(text, register=register)
            spent = (time.perf_counter() - started) * 1000
            rows[path.name] = score(reading, entry)
            self.stdout.write(f"{path.name}: đọc trong {spent:.0f} ms")
        self.stdout.write("\n".join(table(rows)))
        if options["details"]:
            self._tell(rows)

    def _tell(self, rows: dict[str, dict[str, Score]]) -> None:
        for name, scores in rows.items():
            for kind, one in scores.items():
                for missed in one.missed:
                    self.stdout.write(f"SÓT  {name} {kind}: {missed}")
                for wrong in one.wrong:
                    self.stdout.write(f"SAI  {name} {kind}: {wrong}")


def _answers(folder: Path, gold: Path | None) -> list[Entry]:
    own = folder / "gold.toml"
    if gold or own.exists():
        return read_gold(gold or own)
    return read_expected(folder) or read_gold(FIVE_PLANS)
