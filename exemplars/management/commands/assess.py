"""Judge the cases of a file by the shipped rulebooks: for each criterion whether it is met, and why not yet."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from exemplars.rulebook_files import read_shipped_rulebooks
from exemplars.rules import Assessment, DocumentError, Finding, Status, assess, parse_cases

REFUSED = 2
TOLD = ("code", "status", "citation", "reason", "remedy")


class Command(BaseCommand):
    help = (
        "Đối chiếu các trường hợp [[case]] của một tệp TOML với bản quy định tiêu chuẩn, nói rõ từng tiêu chuẩn đạt, "
        "chưa đạt hay cần xem xét. Không cần cơ sở dữ liệu. Mã thoát 2 khi tệp không đúng mẫu."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.toml", help="Tệp các trường hợp.")
        parser.add_argument("--json", action="store_true", help="In một danh sách JSON, mỗi trường hợp một đối tượng.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            text = _read(options["file"])
            judged = [(one.name, assess(one.rulebook, one.case)) for one in parse_cases(text, read_shipped_rulebooks())]
        except DocumentError as error:
            self.stderr.write(f"{options['file']}: {error}")
            sys.exit(REFUSED)
        if options["json"]:
            answers = [as_json(name, assessment) for name, assessment in judged]
            self.stdout.write(json.dumps(answers, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(line for name, assessment in judged for line in _words(name, assessment)))


def as_json(name: str, assessment: Assessment) -> dict[str, object]:
    return {
        "name": name,
        "verdict": assessment.verdict.value,
        "findings": [_finding_as_json(finding) for finding in assessment.findings],
    }


def _finding_as_json(finding: Finding) -> dict[str, object]:
    """The part of a finding that others read: these five keys and no more. When it could be met ends the remedy."""
    whole = finding.to_json()
    told = {key: whole[key] for key in TOLD}
    if finding.status is Status.UNMET:
        told["remedy"] = f"{finding.remedy} {finding.outlook}".strip()
    return told


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        found = f"một tệp không mở được ({error.strerror})"
        raise DocumentError("", found, "đường dẫn tới một tệp TOML đọc được") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise DocumentError("", "chữ không theo mã UTF-8", "một tệp TOML lưu bằng mã UTF-8", line) from None


def _words(name: str, assessment: Assessment) -> Iterator[str]:
    yield f"{name}: {assessment.verdict.label}"
    for finding in assessment.findings:
        yield f"  {finding.code} {finding.status.label}: {finding.reason}"
        yield f"    Căn cứ: {finding.citation}."
        if finding.status is Status.UNMET:
            yield f"    Còn thiếu: {finding.missing}. {finding.outlook}"
        if finding.status is not Status.MET:
            yield f"    Cần làm: {finding.remedy}"
