"""Workbooks in and out: `python bench/imports.py [ROWS]`.

Brings up a durable server of its own in a temporary folder. In: a table of ROWS people (10,000 unless told) is read,
judged and kept as a preview, judged again with every person in the register, confirmed, and undone; between the two, as
many gradings and as many spells of leave are previewed, confirmed and undone. Out: 100,000 rows
of the register as a workbook, and by how much the process grew. Each step with its time, how much of it this process
worked (the rest is the database, or others on the machine), and its statements. Numbers hold for one machine and one
moment; compare ratios of one run.
"""

import io
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(REPOSITORY))
DEFAULT_ROWS = 10_000
OUT = 100_000
DAY = date(2023, 11, 13)
HEADER = ("STT", "Mã cán bộ", "Họ và tên", "Ngày sinh", "Giới tính", "Đối tượng", "Đơn vị")
# Tables about people whom the register knows: a header, and the cells after the staff code.
ABOUT = {
    "gradings": (
        ("Mã cán bộ", "Năm", "Xếp loại", "Số quyết định", "Ngày quyết định"),
        ("2022", "Hoàn thành tốt nhiệm vụ", "MAU-1", "20/12/2022"),
    ),
    "circumstances": (
        ("Mã cán bộ", "Nội dung", "Từ ngày", "Đến hết ngày", "Số văn bản"),
        ("Nghỉ ốm", "01/03/2022", "30/04/2022", "MAU-1"),
    ),
}


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_ROWS
    with tempfile.TemporaryDirectory(prefix="thidua-bench-") as folder:
        home = Path(folder)
        home.chmod(0o711)
        os.environ.update(
            DJANGO_SETTINGS_MODULE="config.settings", THIDUA_HOME=folder, LOG_LEVEL="ERROR", MEDIA_ROOT=folder
        )
        from config import embedded, local

        local.fill_environment()
        embedded.start(home, redis=False)
        try:
            prepare()
            take_in(rows)
            give_out()
        finally:
            embedded.stop(home)


def prepare() -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity=0"],
        cwd=REPOSITORY,
        env=os.environ,
        check=True,
        capture_output=True,
    )
    import django

    django.setup()


@contextmanager
def timed(what: str) -> Iterator[None]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as queries:
        begun, begun_here = time.perf_counter(), time.process_time()
        yield
        taken, worked = time.perf_counter() - begun, time.process_time() - begun_here
    print(f"{what:<52} {taken:>7.2f} s, {worked:>6.2f} s of this process {len(queries):>6} statements", flush=True)


def make_table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    sheet = book.add_worksheet("Dữ liệu")
    sheet.write_row(0, 0, header)
    for number, row in enumerate(rows, start=1):
        sheet.write_row(number, 0, row)
    book.close()
    return buffer.getvalue()


def take_in(rows: int) -> None:
    from units.actors import Actor, act_as
    from units.imports import read_sheet
    from units.models import ImportBatch, ImportKind, Membership, Unit, User
    from units.roles import Role
    from units.scoping import unit_scope
    from units.services.importing import batches
    from units.services.importing.undoing import undo_import

    batches.AT_ONCE = 10 * rows  # every step in this process, where it can be timed
    unit = Unit.objects.create(
        code="MAU",
        kind="cuc-thads",
        name="Cục Mẫu",
        short_name="Cục Mẫu",
        folded_name="cuc mau",
        place="Nơi Mẫu",
        has_legal_personality=True,
        path="0001",
        valid_from=date(2010, 1, 1),
    )
    user = User.objects.create(username="mau", display_name="Người Mẫu")
    clerk: Actor = act_as(Membership.objects.create(user=user, unit=unit, role=Role.CLERK, valid_from=DAY))
    codes = [f"MAU-{number:05d}" for number in range(rows)]
    content = make_table(
        HEADER,
        (
            (number, code, f"Nông Văn Mẫu {number}", "05/11/1985", "Nam", "Công chức", "")
            for number, code in enumerate(codes)
        ),
    )
    print(f"{rows} people, {len(content) // 1024} KB")
    with unit_scope(unit.path):
        with timed("read alone"):
            read_sheet(content, "a.xlsx", batches.layout_of(ImportKind.PEOPLE))

        def preview(kind: ImportKind = ImportKind.PEOPLE, content: bytes = content) -> ImportBatch:
            return batches.receive_import(kind, content, "a.xlsx", actor=clerk, day=DAY)

        with timed("previewed, everybody new"):
            batch = preview()
        with timed("confirmed: judged again and written"):
            batches.confirm_import(batch, all_or_none=True, actor=clerk, day=DAY)
        with timed("previewed, everybody known"):
            preview()
        for kind, (header, cells) in ABOUT.items():
            table = make_table(header, ((code, *cells) for code in codes))
            with timed(f"{kind}: previewed"):
                another = preview(ImportKind(kind), table)
            with timed(f"{kind}: confirmed"):
                batches.confirm_import(another, all_or_none=True, actor=clerk, day=DAY)
            with timed(f"{kind}: undone"):
                undo_import(another, actor=clerk)
        with timed("undone"):
            undo_import(batch, actor=clerk)


def give_out() -> None:
    from units.models import Person, Unit
    from units.scoping import maintenance_scope, unit_scope
    from units.spreadsheets import CHUNK, CellKind, Column, answer_workbook

    unit = Unit.objects.get()
    with maintenance_scope("a benchmark fills the register"):
        for start in range(0, OUT, 10_000):
            Person.objects.bulk_create(
                Person(
                    unit=unit,
                    staff_code=f"RA-{number}",
                    full_name=f"Nông Văn Mẫu {number}",
                    folded_name="nong van mau",
                    sort_key=f"{number:06d}",
                    gender="male",
                    employment="contract",
                )
                for number in range(start, start + 10_000)
            )
    columns = (Column("Mã"), Column("Tên"), Column("Sinh", CellKind.DAY), Column("Giới"), Column("Diện"), Column("Nơi"))

    def rows() -> Iterator[tuple[object, ...]]:
        for one in Person.objects.select_related("unit").iterator(CHUNK):
            kind = one.get_employment_display()
            yield one.staff_code, one.full_name, one.birth_date, one.get_gender_display(), kind, one.unit.name

    from django.db import transaction

    with unit_scope(unit.path), transaction.atomic():
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with timed(f"{OUT} rows out"):
            response = answer_workbook("Cán bộ", columns, rows())  # type: ignore[arg-type]
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        size = int(response["Content-Length"]) // 1024
        response.file_to_stream.close()
        print(f"{response.rows_written} rows, {size} KB, the process grew by {max(grown, 0) // 1024} MB")


if __name__ == "__main__":
    main()
