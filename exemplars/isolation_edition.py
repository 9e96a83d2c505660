"""What the proof of isolation cannot guess: a whole edition, whose document has to open, and dated readings."""

from datetime import date, timedelta
from typing import Any, Final

from exemplars import rules

_CRITERION = {
    "code": "A",
    "label": "Có người xác nhận",
    "applies_to": ["person", "collective"],
    "citation": {"document": "Kế hoạch ví dụ", "clause": "1"},
    "predicate": {"kind": "attested"},
    "remedy": "Đề nghị xác nhận.",
}

# One of each part that has a page, for what is still being written.
PARTS: Final[dict[str, Any]] = {
    "criterion": [
        {
            "code": "A",
            "applies_to": [],
            "citation": {},
            "predicate": {"kind": "all-of", "parts": [{"kind": "all-of", "parts": [{"kind": "attested"}]}]},
        }
    ],
    "recognition": [{"code": "A", "criteria": ["A"]}],
    "quota": [{"label": "Ví dụ"}],
}


def edition_values(place: Any) -> dict[str, Any]:
    """An edition of the place's unit. The readings are made with it, because no row points to them."""
    place.row("exemplars.mergerreading")
    place.row("exemplars.specialcasereading")
    return describe_edition(place.unit.code)


def reading_values(place: Any) -> dict[str, Any]:
    """Public, and one a day: each unit of the proof takes another day."""
    day = date(1900, 1, 1) + timedelta(days=int.from_bytes(place.code.encode()[:2], "big"))
    return {"valid_from": day, "valid_to": day}


def describe_edition(unit: str) -> dict[str, Any]:
    """Fields of an edition of that unit. Criteria are public, so it carries nobody's marker."""
    values = {
        "code": "ban-vi-du",
        "title": "Bản quy định ví dụ",
        "valid_from": "2021-01-01",
        "plan": {"issuer": unit, "title": "Kế hoạch ví dụ", "number": "01/KH-VD", "issued_month": "2021-01"},
        "recognition": [{"code": "vi-du", "label": "Ví dụ", "criteria": ["A"]}],
        "criterion": [_CRITERION],
        "ladder": [
            {
                "kind": "movement",
                "source": "Ví dụ",
                "valid_from": "2021-01-01",
                "steps": [{"code": "good", "label": "Tốt"}],
            }
        ],
    }
    return {
        "code": values["code"],
        "title": values["title"],
        "document": rules.write_document(values),
        "edition_hash": rules.hash_of(values),
        "valid_from": date(2021, 1, 1),
        "valid_to": None,
        "recognitions": ["vi-du"],
    }
