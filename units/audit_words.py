"""The words in which the trail speaks: every app declares those of its own verbs and subjects in its `apps.py`.

`audit_verbs` maps a verb to what happened; what follows a colon is said only when the entry holds every particular
that it names in braces. `audit_subjects` maps a model's label to a noun and the lookups of a name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Formatter
from typing import Any

from django.apps import apps
from django.db.models import Model


@dataclass(frozen=True, slots=True)
class AuditSubject:
    """How the trail calls something: `noun` and the first of `names` (lookups) that is not empty."""

    noun: str
    names: tuple[str, ...]


AuditVerbs = Mapping[str, str]
AuditSubjects = Mapping[str, AuditSubject]


@cache
def list_verbs() -> dict[str, dict[str, str]]:
    """Verbs and their words by the name of the app that owns them."""
    return {
        str(config.verbose_name): dict(verbs)
        for config in apps.get_app_configs()
        if (verbs := getattr(config, "audit_verbs", {}))
    }


@cache
def list_subjects() -> dict[str, AuditSubject]:
    return {
        label: subject
        for config in apps.get_app_configs()
        for label, subject in getattr(config, "audit_subjects", {}).items()
    }


@cache
def list_restricted() -> dict[str, str]:
    """Verbs whose lines only holders of a permission may read."""
    return {
        verb: permission
        for config in apps.get_app_configs()
        for verb, permission in getattr(config, "audit_restricted", {}).items()
    }


def act_label(words: str) -> str:
    """What happened, without the particulars of one entry."""
    return words.partition(":")[0]


def describe_act(verb: str, detail: Mapping[str, Any]) -> str:
    """What happened, with its particulars when the entry holds all of them. An unknown verb stands as it is."""
    words = next((verbs[verb] for verbs in list_verbs().values() if verb in verbs), verb)
    needed = {name for _, name, _, _ in Formatter().parse(words) if name}
    if any(detail.get(name) in (None, "") for name in needed):
        return act_label(words)
    return words.format_map({name: _readable(detail[name]) for name in needed})


def describe_changes(row: Model, before: Mapping[str, Any]) -> str:
    """What fields held `before` and hold now, each under its label: «Họ và tên: A → B»."""
    return "; ".join(
        f"{_label(row, name)}: {_shown(row, name, old)} → {_shown(row, name, getattr(row, name))}"
        for name, old in before.items()
    )


def list_values(row: Model, names: Iterable[str]) -> dict[str, Any]:
    """What fields of a row hold, as a payload of the trail keeps it."""
    held = {name: getattr(row, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in held.items()}


def _label(row: Model, name: str) -> str:
    return str(row._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001  Django documents _meta as public


def _shown(row: Model, name: str, value: Any) -> str:
    """A value in words: what a choice says, yes or no, a day; nothing is told as such."""
    if isinstance(value, bool):
        return "có" if value else "không"
    field = row._meta.get_field(name)  # noqa: SLF001
    said = dict(getattr(field, "flatchoices", ())).get(value, value)
    return "(trống)" if said in (None, "") else _readable(str(said))


def _readable(value: Any) -> str:
    """A day as people write it; anything else as it is."""
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except (TypeError, ValueError):
        return str(value)
