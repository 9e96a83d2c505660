"""Writing a rulebook's values as TOML, so that reading them again gives the same values and the same hash.

Values are those of a document: text, whole numbers, flags, days (also as ISO text, as JSON keeps them), lists, tables.
"""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
DAY_KEYS: Final = frozenset({"valid_from", "valid_to", "issued_on", "first_day", "last_day"})
# In the order in which people read a rulebook; what JSON kept has lost the author's.
_ORDER: Final = (
    *("code", "edition", "title", "label", "valid_from", "valid_to", "issuer", "number", "issued_month", "issued_on"),
    *("note", "kind", "source", "employment", "applies_to", "only_if", "period", "first_day", "last_day", "document"),
    *("clause", "criteria", "citation", "predicate", "remedy", "unconfirmed", "base", "percent", "rounding"),
    *("at_least_one", "steps", "plan", "recognition", "criterion", "quota", "ladder"),
)
_WIDEST: Final = 100  # letters in which a list still stands on one line


def write_document(values: Mapping[str, object]) -> str:
    """Plain keys first, then tables and lists of tables."""
    values = dict(_ordered(values))
    plain = {key: value for key, value in values.items() if not _is_table(value) and not _is_tables(value)}
    blocks = ["\n".join(_line(key, value) for key, value in plain.items())]
    for key, value in values.items():
        if isinstance(value, Mapping):
            blocks.append(_block(f"[{_key(key)}]", value))
        elif _is_tables(value):
            assert isinstance(value, Sequence)  # noqa: S101  tables are a list
            blocks.extend(_block(f"[[{_key(key)}]]", item) for item in value)
    return "\n\n".join(block for block in blocks if block) + "\n"


def _block(header: str, values: Mapping[str, object]) -> str:
    return "\n".join([header, *(_line(key, value) for key, value in _ordered(values))])


def _ordered(values: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(values.items(), key=lambda pair: _ORDER.index(pair[0]) if pair[0] in _ORDER else len(_ORDER))


def _line(key: str, value: object) -> str:
    text = _value(key, value)
    if isinstance(value, list) and len(text) > _WIDEST:
        items = "".join(f"    {_value(key, item)},\n" for item in value)
        text = f"[\n{items}]"
    return f"{_key(key)} = {text}"


def _value(key: str, value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case date():
            return value.isoformat()
        case str():
            return value if key in DAY_KEYS and _is_day(value) else _text(value)
        case list():
            return f"[{', '.join(_value(key, item) for item in value)}]"
        case dict():
            pairs = ", ".join(f"{_key(name)} = {_value(name, item)}" for name, item in _ordered(value))
            return f"{{ {pairs} }}" if pairs else "{}"
    raise TypeError(f"No form in TOML for {type(value).__name__} at {key}.")


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _is_day(value: str) -> bool:
    if not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)
