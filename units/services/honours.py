"""Writing an award into the ledger."""

from datetime import date
from uuid import UUID

from units.actors import Actor
from units.models import AwardTitle, Honour, Person, Unit
from units.services.audit import record_act


def grant_honour(  # noqa: PLR0913  a line of the ledger has this many columns
    *,
    title: AwardTitle,
    year: int,
    nominee: Person | Unit,
    unit: Unit,
    subject_name: str,
    position: str,
    unit_name: str,
    decision_number: str,
    decided_on: date,
    issuer: str,
    source: UUID,
    actor: Actor,
) -> Honour:
    """Write one award with names, post and unit as they stand on the day of the decision.

    The line stays with `unit`, which put the nominee forward, and is read where a person works now.
    `source` is the nomination; the database refuses a second honour for it. Runs in the transaction of its caller.
    """
    person = nominee if isinstance(nominee, Person) else None
    collective = nominee if isinstance(nominee, Unit) else None
    honour = Honour.objects.create(
        unit=unit,
        person=person,
        collective=collective,
        title=title,
        year=year,
        decision_number=decision_number,
        decided_on=decided_on,
        issuer=issuer,
        subject_name=subject_name,
        subject_position=position,
        subject_unit=unit_name,
        source=source,
    )
    record_act("grant-honour", honour, actor=actor, title=title.code, year=year, number=decision_number)
    return honour
