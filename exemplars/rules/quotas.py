"""Caps on how many may be put forward: a share of a base, rounded in a way that is said, with every step shown."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import Final

from exemplars.rules.document import Section
from exemplars.rules.findings import Citation


class Rounding(StrEnum):
    DOWN = "down"
    NEAREST = "nearest"
    UP = "up"

    @property
    def label(self) -> str:
        return {
            Rounding.DOWN: "làm tròn xuống",
            Rounding.NEAREST: "làm tròn tới số gần nhất, nửa thì lên",
            Rounding.UP: "làm tròn lên",
        }[self]


_WHOLE: Final = 100


@dataclass(frozen=True, slots=True)
class Quota:
    """At most ``percent`` of those who hold ``base`` may be proposed for ``title``.

    Legal texts seldom say how a part of a person is rounded, nor whether a small unit has one all the same: both are
    data (``rounding``, ``at_least_one``), and ``unconfirmed`` says what was not checked against the text.
    """

    title: str
    label: str
    base: str
    percent: int
    rounding: Rounding
    citation: Citation
    at_least_one: bool = False
    unconfirmed: str = ""


@dataclass(frozen=True, slots=True)
class Cap:
    """``words`` is the arithmetic, for whoever asks why."""

    number: int
    words: str


def reckon_cap(quota: Quota, base: int) -> Cap:
    """The cap for a base of so many; nobody in the base means nobody above it. Refuses a negative base."""
    if base < 0:
        raise ValueError("Số người, số tập thể không thể âm.")
    exact = Fraction(base * quota.percent, _WHOLE)
    number = {
        Rounding.DOWN: exact.__floor__(),
        Rounding.NEAREST: (exact + Fraction(1, 2)).__floor__(),
        Rounding.UP: exact.__ceil__(),
    }[quota.rounding]
    words = f"{quota.percent}% của {base} là {_decimal(exact)}"
    if exact.denominator != 1:
        words += f", {quota.rounding.label} thành {number}"
    if quota.at_least_one and base > 0 and number == 0:
        number = 1
        words += ", tối thiểu 1"
    return Cap(number, f"{words}.")


def read_quota(section: Section) -> Quota:
    citation = section.section("citation")
    quota = Quota(
        title=section.text("title"),
        label=section.text("label"),
        base=section.text("base"),
        percent=section.integer("percent"),
        rounding=section.choice("rounding", Rounding),
        citation=Citation(citation.text("document"), citation.text("clause")),
        at_least_one=section.flag("at_least_one", default=False),
        unconfirmed=section.text("unconfirmed") if "unconfirmed" in section else "",
    )
    if not 1 <= quota.percent <= _WHOLE:
        section.refuse("percent", "một số nguyên từ 1 đến 100")
    citation.close()
    section.close()
    return quota


def _decimal(value: Fraction) -> str:
    """A share of a hundredth has at most two places, written with a comma."""
    hundredths = value.numerator * _WHOLE // value.denominator
    whole, rest = divmod(hundredths, _WHOLE)
    return f"{whole},{rest:02d}".rstrip("0").rstrip(",") if rest else str(whole)
