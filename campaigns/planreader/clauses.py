"""Where in a plan something stands, as the plan numbers it: "II.2.a", "Điều 5.2.a"."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from campaigns.planreader.header import body_start, read_header
from campaigns.planreader.reading import Clause
from campaigns.planreader.structure import ANNEX, Block, Outline, outline
from campaigns.planreader.text import normalise

_PART_RANK, _ROMAN_RANK, _LETTER_RANK = 0, 1, 5
_NUMBER: Final = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,2}")
_ROMAN: Final = re.compile(r"[IVX]{1,5}(?!\w)")


def clauses_of(outlined: Outline) -> tuple[Clause, ...]:
    """Every paragraph that stands under a number, in the order of the text."""
    return tuple(_labelled(outlined))


def _labelled(outlined: Outline) -> Iterator[Clause]:
    in_annex = False
    for block in outlined.blocks:
        in_annex = in_annex or bool(ANNEX.match(outlined.text.low, block.start))
        label = "" if block.in_foot else _label(block)
        if label and in_annex:
            label = f"Phụ lục, {label}"
        yield Clause(block.start, block.end, label)


def _label(block: Block) -> str:
    parts: list[str] = []
    above = ""
    for one in (block, *block.ancestors()):
        own = _component(one)
        # "2.1" under "2" says the two at once.
        if own and not (parts and above.startswith(f"{own}.")):
            parts.append(own)
            above = own
    return ".".join(reversed(parts)).replace(":.", ", ")


def _component(block: Block) -> str:
    if not block.mark or block.rank > _LETTER_RANK:
        return ""
    if block.rank == _PART_RANK:
        return " ".join(block.mark.split()).rstrip(".:").capitalize() + ":"
    if block.rank == _ROMAN_RANK:
        found = _ROMAN.search(block.mark)
    elif block.rank == _LETTER_RANK:
        return block.mark[:1]
    else:
        found = _NUMBER.search(block.mark)
    number = found.group() if found else ""
    return f"Điều {number}" if number and block.mark.lower().startswith("điều") else number


def list_clauses(raw: str) -> tuple[Clause, ...]:
    """The numbering of a plan's text, for one who only asks where a line stands."""
    text = normalise(raw)
    return clauses_of(outline(text, body_start(read_header(text))))


def find_clause(clauses: Sequence[Clause], place: int) -> str:
    """The number under which this place of the text stands; empty where none was read."""
    index = bisect_right(clauses, place, key=lambda one: one.end)
    # A mark stands before the words of its paragraph.
    return clauses[index].label if index < len(clauses) else ""
