"""Count a closed ballot from its published papers, by the same counter as the screens."""

import json
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from awards.voting import (
    ContestResult,
    CountInput,
    CountRefusedError,
    CountResult,
    Kind,
    ScoreTally,
    count,
    decimal_words,
    mean_of,
    read_sitting,
    to_json,
)
from awards.voting.json_text import LARGEST_FILE
from awards.voting.shapes import Tally

REFUSED = 2
DENOMINATORS = {"members": "tổng số thành viên", "present": "số có mặt", "valid": "số phiếu hợp lệ"}
HEAD = ("Tên", "Đồng ý", "Không đồng ý", "Trắng", "Tỷ lệ", "Kết quả")
SCORE_HEAD = ("Tên", "Tổng điểm", "Phiếu chấm", "Để trống", "Trung bình", "Tỷ lệ", "Kết quả")


class Command(BaseCommand):
    help = (
        "Đếm một lượt bỏ phiếu từ tệp phiếu JSON: số họp, phiếu hợp lệ, tỷ lệ, ai được chọn. Không cần cơ sở dữ liệu. "
        "Mã thoát 2 khi tệp không đúng mẫu; mẫu tệp ở docs/kiem-phieu."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json", help="Tệp phiếu của lượt bỏ phiếu đã đóng.")
        parser.add_argument("--json", action="store_true", help="In kết quả theo mẫu JSON đã công bố.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sitting = read_sitting(_read(options["file"]))
        except CountRefusedError as refusal:
            self.stderr.write(f"{options['file']}: {refusal}")
            sys.exit(REFUSED)
        result = count(sitting)
        if options["json"]:
            self.stdout.write(json.dumps(to_json(result), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_words(sitting, result)))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            # One byte more than may be: the reader says that it is too much, and no file fills the memory.
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise CountRefusedError("đường dẫn", f"không mở được tệp ({error.strerror}). Kiểm tra tên tệp.") from None


def _words(sitting: CountInput, result: CountResult) -> Iterator[str]:
    met = "đủ" if result.quorum_met else "KHÔNG đủ"
    yield f"Thành viên {sitting.members}, có mặt {sitting.present}: {met} số họp (ít nhất {sitting.quorum})."
    line = f"Phiếu phát ra {sitting.issued}, thu vào {len(sitting.papers)}"
    if sitting.written:
        line += f"; ý kiến bằng văn bản {len(sitting.written)}, {'được' if sitting.count_written else 'không'} tính"
    yield f"{line}."
    yield _basis_words(sitting)
    for contest in result.contests:
        yield ""
        yield from _contest_words(contest)
    if result.warnings:
        yield ""
        yield "Lưu ý:"
        yield from (f"- {_shown(warning)}" for warning in result.warnings)


def _basis_words(sitting: CountInput) -> str:
    base, least = DENOMINATORS[sitting.denominator], sitting.threshold
    if sitting.rules.kind is Kind.SCORE:
        passed = "có ít nhất một điểm" if least is None else f"trung bình từ {least} điểm tối đa trở lên"
        return f"Điểm trung bình là tổng điểm chia cho {base}, ghi tới hai chữ số thập phân; đạt khi {passed}."
    passed = "có ít nhất một phiếu đồng ý" if least is None else f"từ {least} trở lên"
    return f"Tỷ lệ tính trên {base}; đạt khi {passed}."


def _contest_words(result: ContestResult) -> Iterator[str]:
    seats = "" if result.contest.seats is None else f", chọn không quá {result.contest.seats}"
    scale = result.contest.scale
    if scale is not None:
        seats += f", chấm từ 0 đến {decimal_words(scale.most)}, bậc {decimal_words(scale.step)}"
    yield f"{_shown(result.contest.title)} ({_shown(result.contest.id)}){seats}"
    yield f"  Hợp lệ {result.valid}, không hợp lệ {len(result.invalid)}, mẫu số {result.denominator}"
    rows = [
        (_shown(name), *_figures(tally), tally.share, _outcome(result, name))
        for name, tally in result.candidates.items()
    ]
    head = HEAD if result.contest.scale is None else SCORE_HEAD
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    for first, *numbers, last in (head, *rows):
        middle = "  ".join(cell.rjust(width) for cell, width in zip(numbers, widths[1:-1], strict=True))
        yield f"  {first.ljust(widths[0])}  {middle}  {last}"
    for paper in result.invalid:
        yield f"  Không hợp lệ, {_place(result, paper.paper)}: {_shown(paper.reason)}"


def _figures(tally: Tally) -> tuple[str, ...]:
    if isinstance(tally, ScoreTally):
        mean = mean_of(tally.points, tally.denominator)
        return decimal_words(tally.points), str(tally.papers), str(tally.blank), str(mean or "–")
    return str(tally.yes), str(tally.no), str(tally.blank)


def _place(result: ContestResult, index: int) -> str:
    """Name a paper as the file names it: written opinions are numbered on after the papers."""
    return f"papers[{index}]" if index < result.received else f"written[{index - result.received}]"


def _outcome(result: ContestResult, name: str) -> str:
    if name in result.elected:
        return "được chọn"
    if name in result.tied:
        return f"bằng {'phiếu' if result.contest.scale is None else 'điểm'}, cần vòng hai"
    return "đủ tỷ lệ, không được chọn" if result.candidates[name].passed else "không đủ tỷ lệ"


def _shown(text: str) -> str:
    """Show a stranger's text on a terminal: letters whole, and nothing that the terminal would obey."""
    whole = unicodedata.normalize("NFC", text)
    return "".join(one if one.isprintable() else f"\\u{ord(one):04x}" for one in whole)
