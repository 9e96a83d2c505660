"""Facts as JSON and back, by the types that the dataclasses declare; and the hash that names a content."""

import hashlib
import json
from dataclasses import MISSING, asdict, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

PAPERS = Path(__file__).parent / "templates" / "reports" / "paper"

Facts = TypeVar("Facts")


def dump_facts(facts: Any) -> dict[str, Any]:
    """Plain JSON values; days and instants as ISO text."""
    values: dict[str, Any] = json.loads(json.dumps(asdict(facts), default=_iso))
    return values


def load_facts(kind: type[Facts], values: dict[str, Any]) -> Facts:
    """What `dump_facts` wrote, as the dataclass it came from."""
    hints = get_type_hints(kind)
    # What was kept before a field with a default came up takes the default.
    known = [one for one in fields(kind) if one.name in values or one.default is MISSING]  # type: ignore[arg-type]
    return kind(**{one.name: _load(hints[one.name], values[one.name]) for one in known})


def content_key(values: dict[str, Any]) -> str:
    """The name of what will be printed: the same facts under the same templates and engine give the same paper."""
    text = json.dumps(values, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{template_version()}\n{text}".encode()).hexdigest()


@cache
def template_version() -> str:
    """A hash of every paper template and of the engine; a changed form makes a new dossier."""
    digest = hashlib.sha256(f"weasyprint {version('weasyprint')} pikepdf {version('pikepdf')}".encode())
    for file in sorted(PAPERS.glob("*")):
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no form in a snapshot.")


def _load(hint: Any, value: Any) -> Any:
    if get_origin(hint) is UnionType:
        if value is None:
            return None
        hint = next(one for one in get_args(hint) if one is not NoneType)
    if get_origin(hint) is tuple:
        return tuple(_load(get_args(hint)[0], one) for one in value)
    if is_dataclass(hint):
        return load_facts(hint, value)  # type: ignore[arg-type]
    if hint in (date, datetime):
        return hint.fromisoformat(value)
    return value
