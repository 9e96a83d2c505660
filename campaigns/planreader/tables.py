"""Tables of tasks: a row of headings tells what each column holds, every row below is a duty."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from campaigns.planreader.due_shapes import Frame
from campaigns.planreader.dues import bare_day, find_dues
from campaigns.planreader.reading import NO_DUE, Due, DueKind, Obligation, Span
from campaigns.planreader.structure import Block
from campaigns.planreader.text import Text

_WHAT: Final = re.compile(
    r"^việc$|nội dung|nhiệm vụ|công việc|hoạt động|tên (?:báo cáo|công việc|nhiệm vụ)|việc (?:làm|phải)|hạng mục"
    r"|đầu việc"
)
_WHO: Final = re.compile(
    r"chủ trì|thực hiện|đầu mối|chịu trách nhiệm|phụ trách|phân công|đơn vị|bộ phận|cơ quan|người làm"
)
_WHEN: Final = re.compile(r"thời gian|thời hạn|hạn|tiến độ|hoàn thành|thời điểm|ngày")
_NOT_WHO: Final = re.compile(r"phối hợp|nhận|sản phẩm|ghi chú|kết quả|kinh phí")
_ALWAYS: Final = re.compile(
    r"thường xuyên|hằng (?:năm|quý|tháng)|hàng (?:năm|quý|tháng)|cả năm|trong năm|định kỳ|liên tục"
)
_DIGITS: Final = re.compile(r"\d")
_NO_WORDS: Final = re.compile(r"(?:s?tt|số tt|số thứ tự|stt\.?|#|)\W*")
_AT_MOST: Final = re.compile(r"tối đa|không (?:vượt )?quá|nhiều nhất|số lượng|được (?:đề nghị|giới thiệu|xét|khen)")
_WHOM: Final = re.compile(r"đơn vị|khối|cụm|nhóm|đối tượng|danh hiệu|hình thức|cơ quan|khu vực")
_LONGEST_HEAD: Final = 60
_LONGEST_LABEL: Final = 40


@dataclass(frozen=True, slots=True)
class Columns:
    what: int
    who: int | None
    when: int


def columns_of(text: Text, block: Block, *, is_first: bool = False) -> Columns | None:
    """What the columns hold, if this row is one of headings. Above the first row of a table less is asked of them."""
    heads = [" ".join(text.low[start:end].split()) for start, end in block.cells]
    if any(len(head) > _LONGEST_HEAD for head in heads):
        return None
    when = _column(heads, _WHEN, ())
    what = _column(heads, _WHAT, (when,))
    if is_first and what is None and when is not None and not any(map(_DIGITS.search, heads)):
        # A list of meetings, bodies to be visited and the like: its first column of words.
        what = next((i for i, head in enumerate(heads) if i != when and not _NO_WORDS.fullmatch(head)), None)
    if when is None or what is None:
        return None
    who = next((i for i, head in enumerate(heads) if i not in (what, when) and "chủ trì" in head), None)
    if who is None:
        who = next(
            (
                i
                for i, head in enumerate(heads)
                if i not in (what, when) and _WHO.search(head) and not _NOT_WHO.search(head)
            ),
            None,
        )
    return Columns(what, who, when)


def heads_columns(heads: Sequence[str]) -> bool:
    """Whether cells of a row, as they stand in a file, head a table of tasks with times or of how many at most."""
    low = [" ".join(head.lower().split()) for head in heads]
    if any(len(head) > _LONGEST_HEAD or _DIGITS.search(head) for head in low):
        return False
    when = _column(low, _WHEN, ())
    is_tasks = when is not None and len(low[when]) < _LONGEST_LABEL and _column(low, _WHAT, (when,)) is not None
    return is_tasks or (any(map(_AT_MOST.search, low)) and any(map(_WHOM.search, low)))


def _column(heads: Sequence[str], wanted: re.Pattern[str], taken: Sequence[int | None]) -> int | None:
    return next((index for index, head in enumerate(heads) if index not in taken and wanted.search(head)), None)


def row_obligations(
    text: Text, block: Block, columns: Columns, masked: Sequence[Span], frame: Frame
) -> Iterator[Obligation]:
    if columns_of(text, block) is not None or len(block.cells) <= max(columns.what, columns.when):
        return
    start, end = block.cells[columns.what]
    what = text.quote(start, end).strip(" -")
    if not any(char.isalpha() for char in what):
        return
    who = _cell(text, block, columns.who)
    span = Span(block.start, block.end)
    dues = _dues(text, block.cells[columns.when], masked, frame) or _dues(text, (start, end), masked, frame)
    if not dues and not who and not text.plain[slice(*block.cells[columns.when])].strip():
        return  # a row that names a group of tasks
    for due in dues or [NO_DUE]:
        yield Obligation(who, what, None, due, (), text.line_at(block.start), text.quote(span.start, span.end), span)


def _cell(text: Text, block: Block, column: int | None) -> str | None:
    if column is None or column >= len(block.cells):
        return None
    return text.quote(*block.cells[column]).strip(" -") or None


def _dues(text: Text, cell: tuple[int, int], masked: Sequence[Span], frame: Frame) -> list[Due]:
    found = find_dues(text, cell, masked, frame) or list(bare_day(text, cell, frame))
    if found:
        firmest = max(due.firmness for due in found)
        return [due.due for due in found if due.firmness is firmest]
    if always := _ALWAYS.search(text.low, *cell):
        return [Due(DueKind.RECURRENT, anchor=text.quote(*cell), span=Span(always.start(), always.end()))]
    return []
