"""One line of the trail for each act, written in the act's own transaction and chained as it commits.

The chain is made by the database (`units_audit_commit`, a deferred trigger that runs as the schema's owner), for
three reasons. The application's login then needs no right to touch heads and links. Whatever inserts an entry, this
module or a line of SQL, is chained alike. And the head of a stream is locked only while a transaction commits: an act
recorded at the start of a page would else hold every colleague of its branch until that page was rendered, and
two transactions that lock rows of data between two acts could wait for each other.

The stream comes from the branch (the first two levels of the path) of a transaction's first entry, and the later
ones follow it there: a transaction holds one head only, so heads can never be waited for in a circle.
"""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from units.actors import Actor
from units.clock import now
from units.models import AuditEntry, Grant, Membership, TenantModel, Unit


def record_act(verb: str, subject: TenantModel | Grant | Membership, *, actor: Actor, **detail: Any) -> AuditEntry:
    """Append an entry about `subject`. `detail` takes words and ids; never a vote, never contact data.

    Of what only some may read (contact, the Party, discipline) it names no value. A correction of particulars keeps
    what they were.

    The entry belongs to the subject's unit, so whoever may see the subject may read its trail.
    """
    label = subject._meta.label_lower  # noqa: SLF001  Django documents _meta as public
    return _append(verb, subject.unit, label, subject.pk, actor=actor, detail=detail)


def record_acts(verb: str, acts: Iterable[tuple[TenantModel, Mapping[str, Any]]], *, actor: Actor) -> None:
    """`record_act` of many subjects, each with its detail: one statement for all of them."""
    entries = [
        _entry(verb, subject.unit, subject._meta.label_lower, subject.pk, actor=actor, detail=dict(detail))  # noqa: SLF001
        for subject, detail in acts
    ]
    AuditEntry._base_manager.bulk_create(entries)  # noqa: SLF001  the documented unfiltered manager


def has_recorded(verb: str, subject: TenantModel, *, actor: Actor, **detail: Any) -> bool:
    """Whether the actor has left this very entry; in every scope one's own entries are in sight."""
    own = AuditEntry._base_manager.filter(actor=actor.user, subject_id=subject.pk, verb=verb)  # noqa: SLF001  as below
    return own.filter(**{f"detail__{name}": value for name, value in detail.items()}).exists()


def record_on_duty(verb: str, *, actor: Actor, **detail: Any) -> AuditEntry:
    """Append an entry about the duty in which a person acts, for what concerns nothing that they may see."""
    duty = actor.duty
    if duty is None:
        raise LookupError(f"{actor.label} acts in no duty.")
    return _append(verb, actor.unit, duty._meta.label_lower, duty.pk, actor=actor, detail=detail)  # noqa: SLF001


def record_unit_acts(acts: Iterable[tuple[str, Unit, Mapping[str, Any]]], *, actor: Actor) -> None:
    """Append entries about units themselves, each a verb, the unit and its detail: one statement for all of them."""
    label = Unit._meta.label_lower  # noqa: SLF001
    entries = [_entry(verb, unit, label, unit.pk, actor=actor, detail=dict(detail)) for verb, unit, detail in acts]
    AuditEntry._base_manager.bulk_create(entries)  # noqa: SLF001  the documented unfiltered manager


def record_unit_act(verb: str, unit: Unit, *, actor: Actor, **detail: Any) -> None:
    """Append an entry about a unit itself, readable by whoever may read the unit's trail."""
    record_unit_acts([(verb, unit, detail)], actor=actor)


def _append(
    verb: str, unit: Unit, subject_type: str, subject_id: UUID, *, actor: Actor, detail: dict[str, Any]
) -> AuditEntry:
    entry = _entry(verb, unit, subject_type, subject_id, actor=actor, detail=detail)
    # The default manager would ask for a scope although nothing is read.
    AuditEntry._base_manager.bulk_create([entry])  # noqa: SLF001  the documented unfiltered manager
    return entry


def _entry(
    verb: str, unit: Unit, subject_type: str, subject_id: UUID, *, actor: Actor, detail: dict[str, Any]
) -> AuditEntry:
    return AuditEntry(
        at=now(),
        actor=actor.user,
        actor_label=actor.label,
        unit=unit,
        verb=verb,
        subject_type=subject_type,
        subject_id=subject_id,
        detail=detail | _name_duty(actor),
    )


def _name_duty(actor: Actor) -> dict[str, str]:
    """The right for a time under which one acts; a membership needs no more than the label."""
    if actor.delegation:
        return {"delegation": str(actor.delegation.pk)}
    return {"grant": str(actor.grant.pk)} if actor.grant else {}
