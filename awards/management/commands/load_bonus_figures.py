"""Add the shipped figures of bonus money that the database does not have yet."""

from typing import Any

from django.core.management.base import BaseCommand

from awards.services.bonus import load_bonus_figures


class Command(BaseCommand):
    help = "Nạp các mức tiền thưởng còn thiếu, sau khi đã nạp danh mục; mức đã có được giữ nguyên."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã thêm {load_bonus_figures()} mức tiền thưởng.")
