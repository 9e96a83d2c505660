"""Judge every stored assessment once more from its own facts and edition; report what differs."""

import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exemplars.services.replay import replay_assessments
from units.scoping import maintenance_scope

DIFFERS = 1


class Command(BaseCommand):
    help = (
        "Đối chiếu lại mọi kết quả đã lưu, từ dữ kiện và bản quy định đã lưu cùng, rồi báo chỗ khác. "
        "Mã thoát 1 khi có chỗ khác. Với --json, mỗi dòng một đối tượng JSON, dòng cuối là tổng số."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="In từng chỗ khác thành một dòng JSON.")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = different = 0
        with maintenance_scope("Stored assessments of every unit are judged again."):
            for pk, differences in replay_assessments():
                checked += 1
                different += bool(differences)
                for one in differences:
                    if options["json"]:
                        self.stdout.write(json.dumps(one.to_json(), ensure_ascii=False))
                    else:
                        place = f"tiêu chuẩn {one.criterion}" if one.criterion else "toàn bộ"
                        self.stdout.write(f"{pk}, {place}: đã lưu {one.stored}; nay {one.now}")
        if options["json"]:
            self.stdout.write(json.dumps({"checked": checked, "different": different}))
        else:
            self.stdout.write(f"Đã đối chiếu lại {checked} kết quả, {different} kết quả khác.")
        if different:
            sys.exit(DIFFERS)
