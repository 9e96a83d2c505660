"""Vietnamese typed before Unicode: letters of old fonts that look like symbols in any other font.

TCVN3 (fonts named .VnTime, .VnArial, …) is turned into Unicode; VNI (VNI-Times, …) is only recognised.
"""

import re

_TCVN3 = str.maketrans(
    "µ¸¶·¹¨»¾¼½Æ©ÇÊÈÉË®ÌÐÎÏÑªÒÕÓÔÖ×ÝØÜÞßãáâä«åèæçé¬êíëìîïóñòô\u00adõøö÷ùúýûüþ¡¢£¤¥¦§",
    "àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵĂÂÊÔƠƯĐ",
)
# What Vietnamese in Unicode never writes, standing beside a letter.
_STRANGE = "µ¸¶·¹¨»¾¼½Æ©ÇË®ÎÏÑªÖ×ØÜÞßä«åæç¬ëîïñ\u00adøö÷ûüþ¡¢£¤¥¦§"
# (µ stands before a letter in units of measure as well.)
_TCVN3_SIGN = re.compile(f"[A-Za-z][{_STRANGE}]|[{_STRANGE[1:]}][A-Za-z]|[a-z][ÈÉÊÌÐÒÓÔÕÝ]")
# VNI writes a vowel and its marks as two letters; after a and e no Unicode spelling has these.
_VNI_SIGN = re.compile("[aeAE][ùøûõïáàåãäéèúüëêâÙØÛÕÏÁÀÅÃÄÉÈÚÜËÊÂ]|[öÖ][ùøûõïÙØÛÕÏ]")
_LATIN_1 = 0x100


def is_vni(text: str) -> bool:
    return _is_old(text) and bool(_VNI_SIGN.search(text))


def is_tcvn3(text: str) -> bool:
    return _is_old(text) and bool(_TCVN3_SIGN.search(text))


def may_be_old(text: str) -> bool:
    """Whether the letters could be of an old font or of Unicode."""
    return _is_old(text)


def _is_old(text: str) -> bool:
    """Marked letters all of the first 256 characters; a letter that only Unicode has settles it."""
    return not text.isascii() and all(ord(char) < _LATIN_1 for char in text)


def from_tcvn3(text: str) -> str:
    """The same words in Unicode. Fonts in capitals (.VnTimeH) hold small marked letters; they become capitals."""
    converted = text.translate(_TCVN3)
    plain_letters = [char for char in text if char.isascii() and char.isalpha()]
    is_capitals = len(plain_letters) > 1 and all(char.isupper() for char in plain_letters)
    return converted.upper() if is_capitals else converted
