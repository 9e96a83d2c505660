"""One line of the trail for each act, written in the act's own transaction."""

from typing import Any

from units.actors import Actor
from units.clock import now
from units.models import AuditEntry, TenantModel


def record_act(verb: str, subject: TenantModel, *, actor: Actor, **detail: Any) -> AuditEntry:
    """Append an entry about `subject`. `detail` takes words and ids; never a vote, never personal data.

    The entry belongs to the subject's unit, so whoever may see the subject may read its trail.
    """
    entry = AuditEntry(
        at=now(),
        actor=actor.user,
        actor_label=actor.label,
        unit=subject.unit,
        verb=verb,
        subject_type=subject._meta.label_lower,  # noqa: SLF001  Django documents _meta as public
        subject_id=subject.pk,
        detail=detail,
    )
    # The default manager would ask for a scope although nothing is read.
    AuditEntry._base_manager.bulk_create([entry])  # noqa: SLF001  the documented unfiltered manager
    return entry
