"""Tables of how many: a row of headings, and below it for each group, award, or both, the most that may be chosen.

Khối | Tối đa        Đơn vị | Cờ thi đua | Bằng khen        Hình thức | Tập thể | Cá nhân
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from campaigns.planreader import tables
from campaigns.planreader.reading import Quota, Span
from campaigns.planreader.structure import Block
from campaigns.planreader.text import Text

_AWARD: Final = re.compile(
    r"(?<!\w)(?:cờ|bằng khen|giấy khen|huân chương|kỷ niệm chương|huy hiệu|chiến sĩ thi đua|lao động tiên tiến"
    r"|lao động xuất sắc|danh hiệu|cstđ|lđtt)(?!\w)"
)
_MOST: Final = re.compile(
    r"tối đa|không (?:vượt )?quá|nhiều nhất|mức khống chế"
    r"|(?:số|được) (?:lượng )?(?:được )?(?:đề nghị|giới thiệu|bầu|chọn|xét|suy tôn|khen)"
)
_NUMBER_HEAD: Final = re.compile(
    r"số lượng|số (?:tập thể|cá nhân|cờ|suất)|tỷ lệ|chỉ tiêu (?:khen|phân bổ)|^tập thể|^cá nhân"
)
_GROUP: Final = re.compile(r"đơn vị|khối|cụm|nhóm|đối tượng|loại|cơ quan|danh hiệu|hình thức|khu vực|tập thể|cấp")
_NO_GROUP: Final = re.compile(r"(?:s?tt|số tt|số thứ tự|ghi chú|#)\W*$")
_VALUE: Final = re.compile(
    r"(?:không\s+(?:vượt\s+)?quá|tối\s+đa|≤)?\s*(?P<n>\d{1,4})\s*(?:(?P<share>%)(?P<of>[^\d]{0,80})?|(?P<unit>[^\W\d_][^\d]{0,40})?)"
)
_SUM: Final = re.compile(r"(?:tổng|cộng|tổng cộng|tổng số)(?!\w)")
_LONGEST_HEAD: Final = 80


@dataclass(frozen=True, slots=True)
class QuotaColumns:
    """Which column names for whom, which hold numbers, and the award that each of these stands for."""

    group: int
    numbers: tuple[int, ...]
    heads: tuple[str, ...]


def columns_of(text: Text, block: Block, *, is_reward: bool) -> QuotaColumns | None:
    """What the columns hold, if this row heads a table of quotas; `is_reward`: awards are spoken of above it."""
    heads = [" ".join(text.low[start:end].split()) for start, end in block.cells]
    if any(len(head) > _LONGEST_HEAD or re.search(r"\d", head) for head in heads):
        return None
    if tables.columns_of(text, block) is not None:
        return None
    group = next((i for i, head in enumerate(heads) if _GROUP.search(head) and not _NO_GROUP.match(head)), None)
    if group is None:
        return None
    numbers = tuple(
        index
        for index, head in enumerate(heads)
        if index != group and not _NO_GROUP.match(head) and _holds_number(head, is_reward=is_reward)
    )
    shown = tuple(text.quote(start, end) for start, end in block.cells)
    return QuotaColumns(group, numbers, shown) if numbers else None


def _holds_number(head: str, *, is_reward: bool) -> bool:
    return bool(_MOST.search(head) or _AWARD.search(head) or (is_reward and _NUMBER_HEAD.search(head)))


def row_quotas(text: Text, block: Block, columns: QuotaColumns, title: str) -> Iterator[Quota]:
    """One quota for each number of the row; a row of sums adds nothing."""
    if len(block.cells) <= max(columns.group, *columns.numbers):
        return
    name = text.quote(*block.cells[columns.group]).strip(" -:")
    if not any(char.isalpha() for char in name) or _SUM.match(name.lower()):
        return
    for column in columns.numbers:
        value = _VALUE.fullmatch(text.low[slice(*block.cells[column])].strip(" .;"))
        if value is None or int(value["n"]) == 0:
            continue
        yield _quota(text, block, columns, column, name, title, value)


def _quota(
    text: Text, block: Block, columns: QuotaColumns, column: int, name: str, title: str, value: re.Match[str]
) -> Quota:
    head = columns.heads[column]
    if _AWARD.search(name.lower()):  # the rows are awards: the column says for whom
        award, group = name, "" if _MOST.search(head.lower()) or "số lượng" in head.lower() else head
    else:
        award, group = (head if _AWARD.search(head.lower()) else title), name
    is_percent = bool(value["share"]) or "tỷ lệ" in head.lower()
    if is_percent:
        group = f"% {(value['of'] or '').strip() or group}".strip()
    elif unit := (value["unit"] or "").strip():
        group = f"{unit} {group}".strip()
    span = Span(block.start, block.end)
    return Quota(
        award or None,
        group or None,
        int(value["n"]),
        text.line_at(block.start),
        text.quote(span.start, span.end),
        span,
        is_percent,
    )
