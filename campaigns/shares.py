"""Shares that a plan sets as a most, and the whole number that a share comes to. Pure."""

from typing import Final

ROUNDINGS: Final = {
    "down": "làm tròn xuống",
    "nearest": "làm tròn đến số gần nhất, từ một nửa thì lên",
    "up": "làm tròn lên",
}


def share_of(total: int, percent: int, rounding: str) -> int:
    """How many of `total` a share allows: 15 % of 47 is 7.05, so 7, 7 or 8. In whole numbers, without fractions."""
    parts = total * percent
    if rounding == "up":
        return -(-parts // 100)
    return (parts + 50) // 100 if rounding == "nearest" else parts // 100
