"""Codes of receipts: short enough to read out, with a character that betrays a slip.

Thirty-one signs, without those that hands confuse (0 O, 1 I L). The weighted sum of all places is a multiple of 31,
a prime: one wrong sign, or two that changed places, always break it.
"""

import secrets
from typing import Final

SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
BODY: Final = 8
LENGTH: Final = BODY + 1
GROUP: Final = 4
CONFUSED: Final = str.maketrans({" ": "", "-": "", ".": "", "–": ""})


def make_code() -> str:
    body = "".join(secrets.choice(SIGNS) for _ in range(BODY))
    return body + _check_sign(body)


def _check_sign(body: str) -> str:
    """Places weigh 2 to 9, the last sign weighs 1."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in enumerate(body, start=2))
    return SIGNS[-total % len(SIGNS)]


def tidy_code(typed: str) -> str:
    """What was typed, without blanks and hyphens, in capitals."""
    return typed.translate(CONFUSED).upper()


def is_code(code: str) -> bool:
    """Whether a tidy code is one that could have been given out."""
    return len(code) == LENGTH and set(code) <= set(SIGNS) and _check_sign(code[:BODY]) == code[BODY]


def show_code(code: str) -> str:
    """In groups, as people read it: 7KQ2-9F4M-X."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))
