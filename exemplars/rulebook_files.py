"""The rulebook documents that come with the program, read from their files.

Several editions of one code may lie here: a document that somebody has published is never changed, so whatever a
plan's rulebook gains comes as a new file with the next ``edition``.
"""

from pathlib import Path
from typing import Final

from exemplars.rules import Rulebook, parse_rulebook

RULEBOOKS: Final = Path(__file__).parent / "data" / "rulebooks"


def read_shipped_rulebooks() -> dict[str, Rulebook]:
    """By code, each in its highest edition."""
    found = (parse_rulebook(path.read_text(encoding="utf-8")) for path in RULEBOOKS.glob("*.toml"))
    return {rulebook.code: rulebook for rulebook in sorted(found, key=lambda rulebook: rulebook.edition)}
