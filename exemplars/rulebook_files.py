"""The rulebook documents that come with the program, read from their files.

Several editions of one code may lie here: a document that somebody has published is never changed, so whatever a
plan's rulebook gains comes as a new file with the next ``edition``.
"""

import tomllib
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from exemplars.rules import Rulebook, parse_rulebook

LADDERS: Final = Path(__file__).parent / "data" / "ladders.toml"
RULEBOOKS: Final = Path(__file__).parent / "data" / "rulebooks"


def read_shipped_documents() -> list[tuple[str, Rulebook]]:
    """Every document with what it says, lower editions first."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(RULEBOOKS.glob("*.toml"))]
    found = [(text, _read(text)) for text in texts]
    return sorted(found, key=lambda one: (one[1].code, one[1].edition))


@lru_cache(maxsize=32)
def _read(text: str) -> Rulebook:
    # What a document says is as unchangeable as its text.
    return parse_rulebook(text)


def read_shipped_rulebooks() -> dict[str, Rulebook]:
    """By code, each in its highest edition."""
    return {rulebook.code: rulebook for _, rulebook in read_shipped_documents()}


def read_standard_ladders() -> list[dict[str, Any]]:
    """The ladders that a new rulebook begins with, days as ISO text."""
    ladders: list[dict[str, Any]] = tomllib.loads(LADDERS.read_text(encoding="utf-8"))["ladder"]
    return [
        {key: value.isoformat() if isinstance(value, date) else value for key, value in one.items()} for one in ladders
    ]
