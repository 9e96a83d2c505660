"""Bring titles, those who decide them and legal documents up to date with the files that ship."""

from typing import Any

from django.core.management.base import BaseCommand

from units.models import AwardTitle, LegalDocument
from units.services.register import load_catalogues


class Command(BaseCommand):
    help = (
        "Nạp danh mục danh hiệu, thẩm quyền quyết định và văn bản căn cứ. "
        "Chạy lại thì cập nhật theo tệp kèm phần mềm, trừ mục đã sửa ở màn hình."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        load_catalogues()
        self.stdout.write(
            f"Danh mục có {AwardTitle.objects.count()} danh hiệu, hình thức; {LegalDocument.objects.count()} văn bản."
        )
