"""The text of a plan in three shapes of equal length: a place in one is the same place in the others.

`shown` is what people read (NFC, one kind of newline and space, line numbers as in the file). `plain` has no
markup, one kind of dash, quote and slash, and a space for each newline. `low` is `plain` in small letters with one
placement of tones.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

_DASHES: Final = "‐‑‒–—―−－"
_DOUBLE_QUOTES: Final = "“”„‟«»″"
_SINGLE_QUOTES: Final = "‘’‚‛′"
_PLAIN: Final = str.maketrans(
    {
        **dict.fromkeys(_DASHES, "-"),
        **dict.fromkeys(_DOUBLE_QUOTES, '"'),
        **dict.fromkeys(_SINGLE_QUOTES, "'"),
        **dict.fromkeys("⁄∕／", "/"),
        **dict.fromkeys("*~`#_", " "),  # markup of text that was a formatted document
    }
)
# Where the tone stands on oa, oe, uy at the end of a syllable is a matter of taste; "quý" has only one way.
_OLD_TONES: Final = dict(
    zip(
        ["oà", "oá", "oả", "oã", "oạ", "oè", "oé", "oẻ", "oẽ", "oẹ", "uỳ", "uý", "uỷ", "uỹ", "uỵ"],
        ["òa", "óa", "ỏa", "õa", "ọa", "òe", "óe", "ỏe", "õe", "ọe", "ùy", "úy", "ủy", "ũy", "ụy"],
        strict=True,
    )
)
_SOUTHERN: Final = (("gởi", "gửi"), ("Gởi", "Gửi"))
_OLD_TONE: Final = re.compile(rf"(?<!q)(?:{'|'.join(_OLD_TONES)})(?!\w)")


@dataclass(frozen=True, slots=True, eq=False)
class Text:
    """Compared by identity: what is remembered about a text would otherwise be found by all its letters."""

    shown: str
    plain: str
    low: str
    line_starts: tuple[int, ...]

    def line_at(self, place: int) -> int:
        """The number of the line, counted from 1 as an editor does."""
        return bisect_right(self.line_starts, place)

    def quote(self, start: int, end: int) -> str:
        """The words as they stand, a sentence broken over lines put together."""
        return " ".join(self.shown[start:end].split())


@lru_cache(maxsize=2)
def memory(text: Text) -> dict[Any, Any]:  # noqa: ARG001  the key of what is remembered
    """What readers of one text remember of it, each under keys that begin with a name of its own: the same stretch is
    looked at for duties, quotas and indicators in turn."""
    return {}


def normalise(raw: str) -> Text:
    """Equal texts for files that differ only in encoding form, newlines, and kinds of space."""
    unified = unicodedata.normalize("NFC", raw).replace("\r\n", "\n").replace("\r", "\n")
    shown = _UNSEEN.sub(lambda match: _shown(match.group()), unified)
    plain = shown.translate(_PLAIN).replace("\n", " ")
    for written, meant in _SOUTHERN:
        plain = plain.replace(written, meant)
    low = plain.lower()
    if len(low) != len(plain):
        low = "".join(_lower(char) for char in plain)
    low = _OLD_TONE.sub(lambda match: _OLD_TONES[match.group()], low)
    starts = [0, *(place + 1 for place, char in enumerate(shown) if char == "\n")]
    return Text(shown, plain, low, tuple(starts))


# Whatever is no letter, mark, digit, symbol or plain space: it is looked at one by one.
_UNSEEN: Final = re.compile(r"[^\w \n\t!-/:-@\[-`{-~]")


def _shown(char: str) -> str:
    if char in "\n\t":
        return char
    category = unicodedata.category(char)
    if category == "Cf":
        return ""
    return " " if category[0] == "Z" or category in {"Cc", "Cs"} else char


def _lower(char: str) -> str:
    """Small letters one for one: a letter whose small form is two characters stays."""
    small = char.lower()
    return small if len(small) == 1 else char


def fold_words(text: str) -> str:
    """Letters and digits only, for comparing words whatever stands between them."""
    return " ".join(re.findall(r"\w+", normalise(text).low))
