"""Handing over the nominations of a unit that ends."""

from datetime import date

from django.db.models import Value
from django.db.models.functions import Coalesce

from exemplars.models import Assessment, Attestation, Evidence, Nomination, Proposal, Remark, SpecialCase
from exemplars.selectors.reorganisation import list_open_in
from units.actors import Actor
from units.models import Unit
from units.services.audit import record_act


def carry_over(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """Give the heir every open nomination with all that belongs to it, in the state in which it is.

    Decided and withdrawn ones stay with the unit that made them; those handed over remember the first one.
    """
    nominations = list(list_open_in([source]).select_for_update(of=("self",)))
    keys = [one.pk for one in nominations]
    home = {"unit": heir, "unit_path": heir.path}
    Nomination.objects.filter(pk__in=keys).update(**home, origin=Coalesce("origin", Value(source.pk)))
    for model in (Evidence, Remark, Attestation, Proposal, SpecialCase, Assessment):
        model.objects.filter(nomination__in=keys).update(**home)
    for nomination in nominations:
        nomination.unit = heir
        record_act("take-over-nomination", nomination, actor=actor, source=source.short_name, on=on.isoformat())
