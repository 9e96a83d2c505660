"""Fill an empty database with an invented sector of any size, to measure and to try things on."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from exemplars.services.load import SEED, NotEmptyError, Size, TooManyError, load_invented

FEWEST_UNITS = 4
_TELL_EVERY = 100_000


class Command(BaseCommand):
    help = "Nạp một ngành giả định (tên có chữ «Mẫu») vào cơ sở dữ liệu trống, để đo tốc độ và dùng thử."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--units", type=int, default=12_000, help="số đơn vị")
        parser.add_argument("--people", type=int, default=60_000, help="số người")
        parser.add_argument("--honours", type=int, default=300_000, help="số lần khen thưởng")
        parser.add_argument("--nominations", type=int, default=1_000_000, help="số đề nghị")
        parser.add_argument("--seed", default=SEED, help="cùng một chữ cho cùng một nội dung")

    def handle(self, *args: Any, **options: Any) -> None:
        size = Size(**{name: options[name] for name in ("units", "people", "honours", "nominations")})
        if size.units < FEWEST_UNITS or min(size.people, size.honours, size.nominations) < 0:
            raise CommandError(f"Cần ít nhất {FEWEST_UNITS} đơn vị, các số khác không âm.")
        begun = time.monotonic()
        try:
            load_invented(size, tell=self.tell, seed=options["seed"])
        except NotEmptyError:
            raise CommandError(
                "Cơ sở dữ liệu đã có đơn vị hoặc tài khoản nên không nạp dữ liệu giả định vào. "
                "Đặt THIDUA_HOME tới một thư mục mới, chạy migrate rồi chạy lại lệnh này."
            ) from None
        except TooManyError as problem:
            raise CommandError(
                f"Với số người và đơn vị này chỉ lập được {problem.most} đề nghị không trùng nhau. "
                "Giảm --nominations hoặc tăng --people."
            ) from None
        self.stdout.write(f"Đã nạp xong trong {time.monotonic() - begun:.0f} giây.")

    def tell(self, table: str, written: int) -> None:
        if written % _TELL_EVERY == 0:
            self.stdout.write(f"  {table}: {written:,}".replace(",", "."))
            self.stdout.flush()
