"""Print what a plan's text says: duties, quotas, phases, citations, and what a person should look at."""

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from campaigns.calendar import short_day
from campaigns.planreader import (
    Due,
    DueKind,
    KnownDocument,
    Obligation,
    PlanReading,
    UnreadablePlanError,
    as_json,
    read_file,
    read_plan,
)
from units.catalogue_file import read_legal_documents

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Đọc văn bản của một kế hoạch (TXT, DOCX, PDF có chữ): việc phải làm, hạn, số trang, số lượng, đợt, văn bản "
        "viện dẫn và những chỗ cần xem lại. Không cần cơ sở dữ liệu. Mã thoát 2 khi không đọc được tệp."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE", help="Tệp kế hoạch.")
        parser.add_argument("--json", action="store_true", help="In một đối tượng JSON thay cho lời.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reading = read_plan(read_file(options["file"]), register=known_documents())
        except UnreadablePlanError as error:
            self.stderr.write(str(error))
            sys.exit(UNREADABLE)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(reading), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_words(reading)))


def known_documents() -> list[KnownDocument]:
    """The register as it is shipped: the command has no database."""
    return [KnownDocument(row.number, row.type, row.issued_on, row.subject) for row in read_legal_documents()]


def _words(reading: PlanReading) -> list[str]:
    header = reading.header
    lines = [
        f"Số: {header.number or '(không thấy)'}",
        f"Nơi ban hành: {header.issuer or '(không thấy)'}",
        f"Địa danh: {header.place or '(không thấy)'}",
        f"Ngày ban hành: {short_day(header.issued_on) if header.issued_on else '(không đủ)'}",
        f"Tên: {header.title or '(không thấy)'}",
        "",
        f"Việc phải làm: {len(reading.obligations)}",
    ]
    for one in reading.obligations:
        lines += _obligation(one)
    lines += ["", f"Số lượng được đề nghị: {len(reading.quotas)}"]
    for quota in reading.quotas:
        lines.append(
            f"  dòng {quota.line}: {quota.title or '(không rõ danh hiệu)'}, {quota.group or ''}: không quá "
            f"{quota.at_most}"
        )
    lines += ["", f"Đợt: {len(reading.phases)}"]
    for phase in reading.phases:
        first, last = (short_day(day) if day else "?" for day in (phase.first, phase.last))
        lines.append(f"  dòng {phase.line}: {phase.name}, {first} - {last}")
    lines += ["", f"Văn bản viện dẫn: {len(reading.citations)}"]
    for citation in reading.citations:
        dated = f" ngày {short_day(citation.date)}" if citation.date else ""
        lines.append(f"  dòng {citation.line}: {citation.kind} {citation.number or citation.title}{dated}")
    lines += ["", f"Cần xem lại: {len(reading.warnings)}"]
    lines += [f"  dòng {warning.line} [{warning.code}]: {warning.message}" for warning in reading.warnings]
    return lines


def _obligation(one: Obligation) -> list[str]:
    limits = "; ".join(f"{limit.paper} không quá {limit.at_most} trang" for limit in one.page_limits)
    return [
        f"  dòng {one.line}: {one.what}",
        f"    Ai làm: {one.who or '(không rõ)'}. Hạn: {due_words(one.due)}."
        + (f" Số trang: {limits}." if limits else ""),
        *([f"    Xem lại: {', '.join(one.warnings)}"] if one.warnings else []),
    ]


def due_words(due: Due) -> str:
    day = short_day(due.on) if due.on else ""
    if due.kind is None:
        return "không nêu"
    if due.kind is DueKind.ABSOLUTE:
        return f"{'trước ngày ' if due.excludes_named_day else ''}{day or '(ngày không đọc được)'}"
    if due.kind is DueKind.RANGE:
        return " - ".join(short_day(bound) if bound else "?" for bound in (due.first, due.last))
    if due.kind is DueKind.RELATIVE and due.days is not None:
        unit = "ngày làm việc" if due.working_days else "ngày"
        side = "trước" if due.days < 0 else "sau"
        return f"{abs(due.days)} {unit} {side}: {due.anchor}" + (f" ({day})" if day else "")
    return f"{due.anchor or ''}" + (f" ({day})" if day else "")
