"""Prove on this very installation that no unit reaches another's rows."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from units.isolation.proof import prove_isolation
from units.isolation.tally import Tally

KINDS = {
    "page": "trang mở bằng tư cách của đơn vị này",
    "select": "đọc từng dòng của đơn vị khác",
}


class Command(BaseCommand):
    help = (
        "Dựng hai hệ thống đơn vị thử trong một giao dịch luôn được hủy bỏ, thử mọi bảng và mọi địa chỉ từ mọi tư cách; "
        "thoát với mã 1 nếu có chỗ rò rỉ. Không để lại dòng nào."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="In kết quả dạng JSON.")
        parser.add_argument(
            "--only", choices=("statements", "addresses"), help="Chỉ thử câu lệnh SQL, hoặc chỉ thử các địa chỉ."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        tally = prove_isolation(options["only"])
        self.stdout.write(json.dumps(tally.as_dict(), ensure_ascii=False) if options["json"] else _in_words(tally))
        if tally.leaked:
            sys.exit(1)
