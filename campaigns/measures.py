"""Indicators as numbers: what a clerk may type, how it is shown, and whether it meets its target.

Knows plain decimals only. `measure` and `direction` are the values of `models.targets.Measure` and `Direction`.
"""

import re
from decimal import Decimal
from typing import Final

PERCENT, COUNT, NUMBER, YES_NO = "percent", "count", "number", "yes-no"
MORE, LESS, EXACT = "more", "less", "exact"
DIRECTIONS: Final = frozenset({MORE, LESS, EXACT})

YES, NO = Decimal(1), Decimal(0)
MOST_DIGITS: Final = 15  # before the comma
PLACES: Final = {PERCENT: 2, COUNT: 0, NUMBER: 4, YES_NO: 0}
MOST_PERCENT: Final = Decimal(1000)

_EXAMPLES: Final = {
    PERCENT: "Ghi một số từ 0 đến 1000 với nhiều nhất hai chữ số lẻ, ví dụ 98,5.",
    COUNT: "Ghi một số nguyên từ 0 trở lên, ví dụ 1250.",
    NUMBER: "Ghi một số với nhiều nhất bốn chữ số lẻ, ví dụ 12,75.",
    YES_NO: "Chọn Có hoặc Không.",
}
_PLAIN: Final = re.compile(r"-?[0-9]+(?:[.,][0-9]+)?")
# Groups of three divided by points or by single spaces, and then only a comma may begin the fraction.
_GROUPED: Final = re.compile(r"-?[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+)(?:,[0-9]+)?")
_EITHER_WAY: Final = re.compile(r"-?[1-9][0-9]{0,2}\.[0-9]{3}")
_YES_WORDS: Final = {"yes": YES, "no": NO}


class WrongValueError(ValueError):
    """What was typed is no value of the measure; the message says what is."""


def parse_value(measure: str, typed: str) -> Decimal:
    """What a clerk typed, exactly. «98,5» and «98.5» are the same; points or spaces may divide thousands.

    One point before three digits («1.234») is a thousand where only whole numbers are counted; elsewhere it could be
    either and is refused, because a guess would be wrong by a factor of a thousand.
    """
    text = " ".join(typed.replace("\u00a0", " ").replace("−", "-").split())
    if measure == YES_NO:
        if text not in _YES_WORDS:
            raise WrongValueError(_EXAMPLES[YES_NO])
        return _YES_WORDS[text]
    if measure == PERCENT:
        text = text.removesuffix("%").rstrip()
    value = _read(measure, text)
    _check(measure, value)
    return value


def _read(measure: str, text: str) -> Decimal:
    if measure != COUNT and _EITHER_WAY.fullmatch(text):
        raise WrongValueError(
            f"«{text}» có thể là {text.replace('.', '')} hoặc {text.replace('.', ',')}. Ghi rõ một trong hai số đó."
        )
    if _GROUPED.fullmatch(text):
        return Decimal(text.replace(".", "").replace(" ", "").replace(",", "."))
    if _PLAIN.fullmatch(text):
        return Decimal(text.replace(",", "."))
    raise WrongValueError(_EXAMPLES[measure])


def _check(measure: str, value: Decimal) -> None:
    if abs(value) >= Decimal(10) ** MOST_DIGITS:
        raise WrongValueError(f"Số quá lớn: ghi nhiều nhất {MOST_DIGITS} chữ số trước dấu phẩy.")
    exponent = value.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES[measure]:
        raise WrongValueError(_EXAMPLES[measure])
    if measure != NUMBER and value < 0:
        raise WrongValueError(_EXAMPLES[measure])
    if measure == PERCENT and value > MOST_PERCENT:
        raise WrongValueError(_EXAMPLES[measure])


def type_value(measure: str, value: Decimal) -> str:
    """A value as it stands in a box to be changed: what `parse_value` reads back as the same value."""
    if measure == YES_NO:
        return "yes" if value else "no"
    return _plain(value)


def show_value(measure: str, value: Decimal, measured_in: str = "") -> str:
    """A value in words: decimal comma, points between thousands, no idle zeros, with what it is measured in."""
    if measure == YES_NO:
        return "Có" if value else "Không"
    whole, _, fraction = _plain(abs(value)).partition(",")
    grouped = f"{int(whole):,}".replace(",", ".")
    number = f"{'-' if value < 0 else ''}{grouped}{',' if fraction else ''}{fraction}"
    return f"{number} {measured_in}".rstrip()


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace(".", ",")


def show_target(measure: str, direction: str, level: Decimal, measured_in: str = "") -> str:
    """A target in words: «từ 95 % trở lên», «không quá 3 vụ», «đúng 100 %», «Có»."""
    shown = show_value(measure, level, measured_in)
    if measure == YES_NO:
        return shown
    if direction == MORE:
        return f"từ {shown} trở lên"
    return f"không quá {shown}" if direction == LESS else f"đúng {shown}"


def show_change(measure: str, value: Decimal, before: Decimal | None, measured_in: str = "") -> str:
    """How a value differs from the one of the year before; empty where there is none to compare with."""
    if before is None:
        return ""
    if value == before:
        return "như năm trước"
    if measure == YES_NO:
        return f"năm trước: {show_value(measure, before)}"
    words = "tăng" if value > before else "giảm"
    # A difference of two percentages is no percentage of anything.
    unit = "điểm phần trăm" if measure == PERCENT else measured_in
    return f"{words} {show_value(measure, abs(value - before), unit)}"


def is_met(direction: str, value: Decimal | None, level: Decimal | None) -> bool | None:
    """Whether a value meets its target; None while either is not known."""
    if value is None or level is None:
        return None
    if direction == MORE:
        return value >= level
    return value <= level if direction == LESS else value == level
