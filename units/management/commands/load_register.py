"""Load the units of the sector: as they stood from 2021, or with the reorganisation of 1/7/2025 on top."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from units.models import Person, UnitKind
from units.scoping import maintenance_scope
from units.services.register import LAST_DAY_2021, count_kinds, load_system_2021, load_system_2025

REORGANISED = date(2025, 7, 1)


class Command(BaseCommand):
    help = (
        "Nạp sổ đơn vị: «2021» là hệ thống từ năm 2021, «2025» thêm lần sắp xếp 01/7/2025. "
        "Chạy lại không nạp hai lần; đơn vị đã có được giữ nguyên."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("system", choices=["2021", "2025"])

    def handle(self, *args: Any, **options: Any) -> None:
        with maintenance_scope("The register holds every unit of the sector."):
            if options["system"] == "2021":
                written = load_system_2021()
                self.stdout.write(f"Đã thêm {written} đơn vị của hệ thống năm 2021.")
                self.print_counts(LAST_DAY_2021)
                return
            changed = load_system_2025()
            self.stdout.write(f"Đã sắp xếp {changed} đơn vị từ ngày {REORGANISED:%d/%m/%Y}.")
            self.print_counts(REORGANISED)
            left = Person.objects.filter(unit__valid_to__lt=REORGANISED).count()
            if left:
                self.stdout.write(
                    f"Còn {left} người ở các đơn vị đã thôi hoạt động; hãy chuyển từng người sang đơn vị nhận."
                )

    def print_counts(self, day: date) -> None:
        self.stdout.write(f"Đơn vị hoạt động ngày {day:%d/%m/%Y}:")
        for kind, number in sorted(count_kinds(day).items()):
            self.stdout.write(f"  {UnitKind(kind).label:<42} {number:>5}")
