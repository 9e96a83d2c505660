"""The whole text of a plan, each stretch with the items that were read from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from campaigns.models import PlanDraftItem


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of one line that the same items speak of; none for words that nobody read."""

    words: str
    items: tuple[PlanDraftItem, ...]
    is_last_of: tuple[PlanDraftItem, ...]
    """Items whose words end here: their numbers stand behind."""


@dataclass(frozen=True, slots=True)
class TextLine:
    number: int
    stretches: tuple[Stretch, ...]

    @property
    def is_blank(self) -> bool:
        return not any(one.words.strip() for one in self.stretches)

    @property
    def is_read(self) -> bool:
        return any(one.items for one in self.stretches)


def cut_lines(text: str, items: Sequence[PlanDraftItem], first: int, last: int) -> list[TextLine]:
    """The lines from `first` to `last`, both counted from 1 and inclusive, cut where an item begins or ends."""
    lines: list[TextLine] = []
    start = 0
    marked = [item for item in items if item.line and item.end > item.start]
    for number, words in enumerate(text.split("\n"), 1):
        if number > last:
            break
        end = start + len(words)
        if number >= first:
            here = [item for item in marked if item.start < end and start < item.end]
            lines.append(TextLine(number, tuple(_cut(text, start, end, here))))
        start = end + 1
    return lines


def _cut(text: str, start: int, end: int, items: Sequence[PlanDraftItem]) -> list[Stretch]:
    edges = {start, end} | {edge for item in items for edge in (item.start, item.end) if start < edge < end}
    places = sorted(edges)
    return [
        Stretch(
            text[one:other],
            tuple(item for item in items if item.start <= one < item.end),
            tuple(item for item in items if one < item.end <= other),
        )
        for one, other in pairwise(places)
    ]
