"""The mean of a candidate's points, exact and as people read it."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Mean:
    """`str()` gives two decimals, rounded half up: 83.625 reads 83,63. Nothing is decided by what is rounded."""

    exact: Fraction

    @property
    def is_rounded(self) -> bool:
        return self.exact * 100 != self._hundredths

    @property
    def _hundredths(self) -> int:
        return int(self.exact * 100 + Fraction(1, 2))

    def __str__(self) -> str:
        whole, rest = divmod(self._hundredths, 100)
        return f"{whole},{rest:02d}"


def mean_of(points: str | Fraction, denominator: int) -> Mean | None:
    """Points by the number that the rule divides by, `None` when that is nothing."""
    return Mean(Fraction(points) / denominator) if denominator else None
