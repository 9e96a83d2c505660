"""How Vietnamese text is compared, sorted and made safe: pure functions from text to text."""

import re
import unicodedata
from typing import Final

# Marks as they stand in decomposed text.
_GRAVE, _HOOK, _TILDE, _ACUTE, _DOT_BELOW = "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"
_BREVE, _CIRCUMFLEX, _HORN = "\u0306", "\u0302", "\u031b"

# The order of a Vietnamese dictionary: level tone, huyền, hỏi, ngã, sắc, nặng.
_TONES: Final = {_GRAVE: "1", _HOOK: "2", _TILDE: "3", _ACUTE: "4", _DOT_BELOW: "5"}
# Place of each marked letter behind its plain one: a ă â, d đ, e ê, o ô ơ, u ư.
_VARIANTS: Final = {
    ("a", _BREVE): "1",
    ("a", _CIRCUMFLEX): "2",
    ("e", _CIRCUMFLEX): "1",
    ("o", _CIRCUMFLEX): "1",
    ("o", _HORN): "2",
    ("u", _HORN): "1",
}
_LETTERS_WITH_VARIANTS: Final = frozenset("adeou")

_MAX_NAME_BYTES: Final = 255  # the limit of ext4, NTFS and ZIP tools alike
_MAX_EXTENSION_BYTES: Final = 20
_SEPARATORS_AND_RESERVED: Final = re.compile(r'[/\\⁄∕⧵<>:"|?*]+')
_NAMELESS: Final = "tep-dinh-kem"


def nfc(text: str) -> str:
    """The one form in which text is stored: composed, so that equal words are equal bytes."""
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The searched form: no case, no diacritics, đ as d, single spaces.

    Without its marks a syllable no longer shows where the tone stood, so "Hoà" and "Hòa", "uỷ" and "ủy" meet.
    Compatibility forms (full-width letters, ligatures) and invisible characters of pasted text fold away too.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold()).casefold()
    kept = (char for char in decomposed if not unicodedata.combining(char))
    # The zero character is no text and the database refuses it; other controls are spaces.
    visible = "".join(char for char in kept if char != "\0" and unicodedata.category(char) != "Cf")
    return " ".join(visible.replace("đ", "d").split())


def name_sort_key(full_name: str) -> str:
    """A plain ASCII-ordered key for names: given name (the last word), then middle, then family name.

    Compared byte by byte (COLLATE "C"), keys follow the Vietnamese alphabet letter by letter and, where two
    syllables have the same letters, the order of tones. Where the tone is written does not matter.

    Shape: ``given!middle!family``; a word is its letters, "-", its tones, "."; a letter that has marked
    sisters carries its place among them (a0 ă1 â2). Every separator sorts before every letter and digit,
    so a shorter name comes before a longer one.
    """
    words = [key for word in full_name.split() if (key := _word_key(word))]
    if not words:
        return ""
    family, middle, given = "".join(words[:1]), "".join(words[1:-1]), words[-1]
    if len(words) == 1:
        family = ""
    return f"{given}!{middle}!{family}"


def _word_key(word: str) -> str:
    letters: list[str] = []
    tones: list[str] = []
    for char in unicodedata.normalize("NFD", word.casefold()):
        if char in _TONES:
            tones.append(_TONES[char])
        elif char == "đ":
            letters.append("d1")
        elif char in _LETTERS_WITH_VARIANTS:
            letters.append(f"{char}0")
        elif unicodedata.combining(char):
            _mark(letters, char)
        elif char.isalnum():
            letters.append(char)
    return f"{''.join(letters)}-{''.join(tones)}." if letters else ""


def _mark(letters: list[str], mark: str) -> None:
    """Move the last letter to its marked place; a mark that Vietnamese does not have changes nothing."""
    place = _VARIANTS.get((letters[-1][0], mark)) if letters else None
    if place:
        letters[-1] = letters[-1][0] + place


def clean_filename(name: str) -> str:
    """A file name that is safe to store, to show and to save on any system, at most 255 bytes of UTF-8.

    Control and direction-changing characters go (they hide the true ending of a name), path separators and
    characters reserved by Windows become "-", dots and spaces at either end go. A long stem is cut, its
    ending kept. A name of which nothing is left becomes a neutral one.
    """
    printable = "".join(char for char in name if char.isspace() or unicodedata.category(char)[0] != "C")
    flat = " ".join(_SEPARATORS_AND_RESERVED.sub("-", nfc(printable)).split()).strip(". ")
    stem, dot, extension = flat.rpartition(".")
    if not dot or not extension.isalnum() or len(extension.encode()) > _MAX_EXTENSION_BYTES:
        stem, dot, extension = flat, "", ""
    room = _MAX_NAME_BYTES - len((dot + extension).encode())
    stem = stem.encode()[:room].decode(errors="ignore").rstrip(". ")
    return f"{stem}{dot}{extension}" if stem else _NAMELESS
