"""Words and marks of templates."""

from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template import defaultfilters
from django.utils.safestring import SafeString

from units.actors import Actor
from units.audit_words import describe_act
from units.clock import shown_time
from units.models import AuditEntry, TenantModel
from units.rights_file import read_rights

register = template.Library()

MARKS = {"met": "✓", "unmet": "✕", "undetermined": "?"}
VERDICTS = {"met": "Đạt", "unmet": "Chưa đạt", "undetermined": "Cần xem xét"}
# How days and moments are written, with the same for `strftime`: these mean the same in every language.
_DAY_FORMS = {"d/m/Y": "%d/%m/%Y", "d/m": "%d/%m"}
_MOMENT_FORMS = {**_DAY_FORMS, "H:i d/m/Y": "%H:%M %d/%m/%Y", "H:i": "%H:%M"}
# The stylesheet's class of each status: a colour never stands without mark and word.
TONES = {
    "met": "met",
    "unmet": "unmet",
    "undetermined": "open",
    "draft": "",
    "submitted": "open",
    "returned": "unmet",
    "forwarded": "open",
    "accepted": "open",
    "recognised": "met",
    "declined": "unmet",
    "withdrawn": "",
    "revoked": "unmet",
}


@register.filter("date", expects_localtime=True, is_safe=False)
def written_date(value: Any, form: str | None = None) -> str:
    """Django's own filter. It stands in every row of every list, so the usual forms go without its detours."""
    forms = _MOMENT_FORMS if isinstance(value, datetime) else _DAY_FORMS if isinstance(value, date) else {}
    if form in forms and value.year >= 1000:  # noqa: PLR2004  earlier years are written with fewer digits
        return SafeString(value.strftime(forms[form]))  # digits, colons and slashes
    return str(defaultfilters.date(value, form))


@register.filter
def mark(status: str) -> str:
    """The sign of a finding's status."""
    return MARKS.get(status, "")


@register.filter
def verdict_word(status: str) -> str:
    """The words of a finding's status."""
    return VERDICTS.get(status, status)


@register.filter
def tone(status: str) -> str:
    """The stylesheet's class of a status or state."""
    return TONES.get(status, "")


@register.filter
def act_words(entry: AuditEntry) -> str:
    """What a line of the trail says happened."""
    return describe_act(entry.verb, entry.detail)


@register.filter
def may(actor: Actor, permission: str) -> bool:
    """Whether the actor holds a right, so that no page offers what would be refused."""
    return actor.may(permission)


@register.filter
def by_clock(at: datetime | None) -> datetime | None:
    """What a library wrote by the machine's clock, by the clock of the product: the demonstration's is shifted."""
    return shown_time(at) if at else None


@register.filter
def keeps(actor: Actor, row: TenantModel) -> bool:
    """Whether the actor's unit wrote a row or stands above the one that did: others read it and do not change it."""
    return actor.unit.contains(row.unit_path)


@register.filter
def described(field: BoundField) -> BoundField | str:
    """Render a field's control with the ids of its hint and error, for screen readers."""
    ids = []
    if field.help_text:
        ids.append(f"{field.auto_id}_hint")
    attributes: dict[str, Any] = {}
    if field.errors:
        ids.append(f"{field.auto_id}_error")
        attributes["aria-invalid"] = "true"
    if ids:
        attributes["aria-describedby"] = " ".join(ids)
    return field.as_widget(attrs=attributes)


@register.filter
def item(mapping: dict[str, Any], key: str) -> Any:
    """A mapping's value, or nothing."""
    return mapping.get(key)


@register.filter
def attribute(value: Any, name: str) -> Any:
    """An attribute by name, for what stands in a mapping of objects."""
    return getattr(value, name, "")


@register.filter
def delegation_scope(code: str) -> str:
    """How much of a duty is delegated, in words."""
    scope = read_rights().find_scope(code)
    return scope.title if scope else code
