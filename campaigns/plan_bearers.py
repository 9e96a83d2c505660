"""Whom the words of a plan mean among the units of the register. Pure: the units come in as values."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from units.folding import fold


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit whom a plan's words may mean; `is_child`: it stands directly below the one who launches."""

    code: str
    kind: str
    names: tuple[str, ...]
    is_child: bool


def find_unit(words: str, units: Sequence[KnownUnit]) -> str:
    folded = fold(words)
    found = [one.code for one in units if folded in one.names]
    return found[0] if len(found) == 1 else ""


def find_bearers(words: str, units: Sequence[KnownUnit]) -> tuple[list[str], list[str]]:
    """Kinds of unit and units that the words name; both empty where they name nobody whom we know for sure."""
    if code := find_unit(words, units):
        return [], [code]
    folded = fold(words)
    if not re.search(r"\b(?:cac|moi|toan the)\b", folded):
        return [], []
    below = {one.kind for one in units if one.is_child}
    kinds = {kind for kind, said in _KIND_WORDS if said.search(folded)} & {one.kind for one in units}
    if not kinds and re.search(r"\b(?:don vi|co quan)\b", folded):
        kinds = below
    return sorted(kinds), []


def find_cluster_part(words: str) -> str:
    """Whom of a region, cluster or block the words mean: "Trưởng cụm", "Cụm phó", "các đơn vị thành viên"."""
    folded = fold(words)
    group = r"(?:khu vuc|cum|khoi|kvtd)"
    if re.search(rf"\b(?:pho truong {group}|pho {group}|{group} pho)\b", folded):
        return "deputies"
    if re.search(rf"\b(?:truong {group}|{group} truong)\b", folded):
        return "head"
    if re.search(
        rf"\b(?:don vi|co quan|cac|moi) (?:trong|thuoc) (?:cac )?{group}\b|\bthanh vien\b(?! (?:hoi dong|ban"
        rf"|doan|to|uy ban))",
        folded,
    ):
        return "members"
    return ""


def names_heads(words: str) -> bool:
    """Whether the words mean those who head several regions, clusters or blocks, not the one whose plan it is."""
    folded = fold(words)
    return bool(_HEAD_WORDS.search(folded) and _SEVERAL.search(folded))


_SEVERAL: Final = re.compile(r"\b(?:cac|moi|nhung)\b|,")
_HEAD_WORDS: Final = re.compile(
    r"\b(?:cum|khoi) truong\b|\btruong (?:cac )?(?:(?:cum|khoi|khu vuc)(?:,? (?:va )?)?)+(?: thi dua)?(?=$|[,;. ])"
)
_KIND_WORDS: Final = tuple(
    (kind, re.compile(words))
    for kind, words in (
        ("chi-cuc", r"\bchi cuc\b"),
        # "chi cục" holds the word too.
        ("cuc-thads", r"(?<!chi )\bcuc (?:thads|thi hanh an)\b"),
        ("phong", r"\b(?:cac|moi) phong\b(?! (?:thi hanh an|tu phap|khu vuc))"),
        ("phong-khu-vuc", r"\bphong (?:thads|thi hanh an dan su) khu vuc\b"),
        ("so-tu-phap", r"\bso tu phap\b"),
        ("phong-tu-phap", r"\bphong tu phap\b"),
        ("vu", r"\b(?:cac|moi) vu\b"),
        ("truong", r"\b(?:cac|moi) truong\b"),
    )
)
