"""Ask the database's catalogue whether any table, view, function or role stands open between units."""

import sys
from typing import Any

from django.core.management.base import BaseCommand

from units.fence_gate import list_gaps


class Command(BaseCommand):
    help = "Kiểm tra hàng rào giữa các đơn vị trong cơ sở dữ liệu; thoát với mã 1 nếu có chỗ hở."

    def handle(self, *args: Any, **options: Any) -> None:
        gaps = list_gaps()
        for gap in gaps:
            self.stdout.write(gap)
        if gaps:
            sys.exit(1)
        self.stdout.write("Không có chỗ hở.")
