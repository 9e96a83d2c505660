"""Whom the words of a plan mean among the units of the register. Pure: the units come in as values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from units.folding import fold

CLUSTER_WORDS: Final = {"members": "Các đơn vị thành viên", "head": "Đơn vị trưởng", "deputies": "Các đơn vị phó"}
OWN: Final = ""
EVERY: Final = "*"


@dataclass(frozen=True, slots=True)
class ClusterPart:
    """Units by their place in regions, clusters and blocks.

    `who` is a key of `CLUSTER_WORDS`. `of` says in which: the plan's own (`OWN`), all that the issuer is under in the
    campaign's first year (`EVERY`), or the one of this code in that year.
    """

    who: str
    of: str = OWN

    @property
    def place(self) -> str:
        return {OWN: "khu vực, cụm, khối của kế hoạch", EVERY: "mọi khu vực, cụm, khối"}.get(self.of, self.of)

    def words(self, names: Mapping[str, str]) -> str:
        """Whom it means; `names` gives the names of clusters by their codes."""
        return f"{CLUSTER_WORDS[self.who]} của {names.get(self.of, self.place)}"

    def as_data(self) -> dict[str, str]:
        return asdict(self)


def as_part(data: Mapping[str, Any] | None) -> ClusterPart | None:
    return ClusterPart(data["who"], data["of"]) if data else None


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


def find_cluster_part(words: str) -> ClusterPart | None:
    """Whom of regions, clusters or blocks the words mean: "Các cụm trưởng", "Cụm phó", "các đơn vị thành viên".

    Several heads are those of all clusters, because one has a single head.
    """
    folded = fold(words)
    if _HEAD_WORDS.search(folded) and _SEVERAL.search(folded):
        return ClusterPart("head", EVERY)
    return next((ClusterPart(who) for who, said in _PART_WORDS if said.search(folded)), None)


_SEVERAL: Final = re.compile(r"\b(?:cac|moi|nhung)\b|,")
_HEAD_WORDS: Final = re.compile(
    r"\b(?:cum|khoi) truong\b|\btruong (?:cac )?(?:(?:cum|khoi|khu vuc)(?:,? (?:va )?)?)+(?: thi dua)?(?=$|[,;. ])"
)
_GROUP: Final = r"(?:khu vuc|cum|khoi|kvtd)"
_PART_WORDS: Final = (
    ("deputies", re.compile(rf"\b(?:pho truong {_GROUP}|pho {_GROUP}|{_GROUP} pho)\b")),
    ("head", re.compile(rf"\b(?:truong {_GROUP}|{_GROUP} truong)\b")),
    (
        "members",
        re.compile(
            rf"\b(?:don vi|co quan|cac|moi) (?:trong|thuoc) (?:cac )?{_GROUP}\b|\bthanh vien\b(?! (?:hoi dong|ban"
            rf"|doan|to|uy ban))"
        ),
    ),
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
