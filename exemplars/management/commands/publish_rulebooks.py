"""Publish the rulebooks that come with the program, for every issuer that stands in the register."""

from typing import Any

from django.core.management.base import BaseCommand

from exemplars.services.rulebooks import publish_shipped


class Command(BaseCommand):
    help = (
        "Ban hành các bản quy định tiêu chuẩn đi kèm phần mềm cho những cơ quan đã có trong sổ đơn vị. "
        "Chạy lại không thay đổi gì; bản đã ban hành giữ nguyên."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for edition in publish_shipped():
            self.stdout.write(f"{edition.code}, bản {edition.edition}: {edition.title}")
