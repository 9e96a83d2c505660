"""Add the shipped readings of what plans and the law leave open, where the database has none yet."""

from typing import Any

from django.core.management.base import BaseCommand

from exemplars.services.readings import load_readings


class Command(BaseCommand):
    help = "Nạp các cách hiểu còn thiếu về chỗ quy định để ngỏ; cách hiểu đã có được giữ nguyên."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã thêm {load_readings()} cách hiểu về chỗ quy định để ngỏ.")
