"""Levels that were set for a unit by name, when the unit ends: its heir goes on with them."""

from datetime import date

from campaigns.models import IndicatorTarget
from campaigns.selectors.target_facts import show_level
from campaigns.selectors.target_heirs import list_named_levels
from units.actors import Actor
from units.clock import now
from units.models import Unit
from units.services.audit import record_unit_act


def pass_targets(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """From `on` what was asked of `source` by name is asked of `heir`. Rows stay as they are: the heir's are new ones.

    Where the heir has a level of its own, also one that it just got from another unit that ended, that one stays, and
    the trail of the heir tells the other.
    """
    own = {one.indicator_id for one in list_named_levels([heir], on)}
    for level in list_named_levels([source], on):
        said = {
            "indicator": level.indicator.title,
            "campaign": level.indicator.campaign.code,
            "level": show_level(level.indicator, level.level),
            "source": source.short_name,
        }
        if level.indicator_id in own:
            record_unit_act("keep-own-target", heir, actor=actor, **said)
            continue
        applies_from = max(on, level.applies_from)
        IndicatorTarget.objects.create(
            indicator=level.indicator,
            addressee=heir,
            level=level.level,
            applies_from=applies_from,
            reason=f"Kế thừa mức giao của {source.short_name}",
            recorded_at=now(),
            recorded_by=actor.user,
        )
        record_unit_act("take-over-target", heir, actor=actor, on=applies_from.isoformat(), **said)
