"""The money of an award, exactly: a multiple of the base salary, raised to the next round sum."""

from decimal import Decimal
from fractions import Fraction
from math import ceil


def bonus_of(multiple: Decimal, base: int, round_up_to: int) -> int:
    """In đồng. No float and no division that could lose a part."""
    return ceil(Fraction(multiple) * base / round_up_to) * round_up_to
