"""Add the shipped ways of counting that the database does not have yet."""

from typing import Any

from django.core.management.base import BaseCommand

from awards.services.rules import load_voting_rules


class Command(BaseCommand):
    help = "Nạp các cách tính kết quả bỏ phiếu còn thiếu; cách tính đã có được giữ nguyên."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Đã thêm {load_voting_rules()} cách tính kết quả bỏ phiếu.")
