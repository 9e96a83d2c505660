"""What a reorganisation does on its day, in the transaction of whoever looked for obstacles.

Units are founded, renamed, moved or ended (`succession`), the people of a unit that ends get a post in its heir, their
accounts go on there, and every app hands over its open work. People and open work then belong to the heir; what is
finished (gradings, honours, decisions, sent papers) stays with the unit of its time, which hangs below the heir, so
that the heir keeps the archive.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.module_loading import import_string

from units.actors import Actor
from units.models import Membership, Person, Posting, Reorganisation, ReorganisationState, SuccessionKind, Unit
from units.reorganising import list_shares
from units.selectors.reorganisations import Shape, count_moved, goes_on, list_accounts, read_shape
from units.services.audit import record_act, record_unit_act
from units.services.people import carry_particulars
from units.services.succession import (
    Change,
    apply_changes,
    dissolving,
    found_units,
    merging,
    moving,
    renaming,
    splitting,
)


def carry_out(plan: Reorganisation, *, actor: Actor, at: datetime) -> Reorganisation:
    """Everything of the day; `plan` is locked and complete. Returns it as applied."""
    shape = read_shape(plan)
    assert plan.on is not None  # noqa: S101  a complete plan has its day; its obstacles were looked for
    outcome = [asdict(moved) for moved in count_moved(shape)]
    ending = shape.ending
    standing = _stand_up(shape, on=plan.on)
    apply_changes(_list_changes(shape, standing), on=plan.on, citation=plan.citation, actor=actor)
    if ending and shape.heir:
        heir = Unit.objects.get(pk=standing[shape.heir.pk].pk)
        for source in Unit.objects.filter(pk__in=[unit.pk for unit in ending]).order_by("path"):
            _carry(plan, source, heir, on=plan.on, actor=actor)
    plan.state, plan.applied_at, plan.failure, plan.failed_at = ReorganisationState.APPLIED, at, "", None
    plan.outcome = outcome
    plan.save(update_fields=["state", "applied_at", "failure", "failed_at", "outcome"])
    record_act("apply-reorganisation", plan, actor=actor, on=plan.on.isoformat(), citation=plan.citation)
    return plan


def _stand_up(shape: Shape, *, on: date) -> dict[UUID, Unit]:
    """The unit behind each result; those that do not stand yet are founded. A new name or place founds nothing."""
    standing: dict[UUID, Unit] = {}
    if shape.plan.kind == SuccessionKind.RENAME:
        return standing
    for one in shape.results:
        if one.target:
            standing[one.pk] = one.target
            continue
        unit = Unit(
            code=one.code,
            kind=one.kind,
            name=one.name,
            short_name=one.short_name,
            province=one.province,
            place=one.place,
            has_legal_personality=one.has_legal_personality,
            parent=one.parent or shape.plan.unit,
        )
        found_units([unit], on=on)
        one.target = standing[one.pk] = unit
        one.save(update_fields=["target"])
    return standing


def _list_changes(shape: Shape, standing: Mapping[UUID, Unit]) -> list[Change]:
    plan, units = shape.plan, list(standing.values())
    match plan.kind:
        case SuccessionKind.RENAME:
            new = shape.results[0]
            return [renaming(unit, name=new.name, short_name=new.short_name, place=new.place) for unit in shape.sources]
        case SuccessionKind.MOVE:
            return [moving(unit, parent=units[0]) for unit in shape.sources]
        case SuccessionKind.MERGE:
            return [merging(unit, into=units[0], carries_record=plan.carries_record) for unit in shape.sources]
        case SuccessionKind.SPLIT:
            return _list_splits(shape, standing)
        case _:
            return [dissolving(unit, keeper=units[0]) for unit in shape.sources]


def _list_splits(shape: Shape, standing: Mapping[UUID, Unit]) -> list[Change]:
    heir = standing[shape.heir.pk] if shape.heir else None
    changes = []
    for unit in shape.sources:
        lives_on = any(one.pk == unit.pk for one in standing.values())
        into = [one for one in standing.values() if one.pk != unit.pk]
        keeper = unit if lives_on else heir
        changes.append(splitting(unit, into=into, keeper=keeper, carries_record=shape.plan.carries_record))
    return changes


def _carry(plan: Reorganisation, source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    people = _carry_people(plan, source, heir, on=on)
    accounts = _carry_accounts(plan, source, heir, on=on)
    record_unit_act(
        "hand-over-unit",
        source,
        actor=actor,
        to=heir.short_name,
        on=on.isoformat(),
        people=people,
        accounts=len(accounts),
    )
    for one in accounts:
        record_unit_act(
            "carry-membership" if goes_on(one, plan) else "end-membership-with-unit",
            heir,
            actor=actor,
            who=one.user.display_name,
            role=one.get_role_display(),
            source=source.short_name,
            to=heir.short_name,
        )
    for share in list_shares():
        import_string(share.carry)(source, heir, on=on, actor=actor)


def _carry_people(plan: Reorganisation, source: Unit, heir: Unit, *, on: date) -> int:
    """A new post in the heir from `on` for everybody who has one, and the person's own row.

    A post that begins on `on` or later was promised in the unit that ends and moves as it is.
    """
    keeps_head = plan.head_from_id == source.pk
    held = Posting.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), unit=source)
    begun = list(held.filter(valid_from__lt=on))
    home = {"unit": heir, "unit_path": heir.path}
    promised = held.filter(valid_from__gte=on)
    promised.update(**home) if keeps_head else promised.update(**home, is_head=False)
    Posting.objects.bulk_create(
        Posting(
            unit=heir,
            person_id=posting.person_id,
            position=posting.position,
            is_head=posting.is_head and keeps_head,
            valid_from=on,
            valid_to=posting.valid_to,
        )
        for posting in begun
    )
    Posting.objects.filter(pk__in=[posting.pk for posting in begun]).update(valid_to=on - timedelta(days=1))
    moving = list(Person.objects.filter(unit=source))
    carry_particulars(moving, heir)
    return Person.objects.filter(pk__in=[person.pk for person in moving]).update(**home)


def _carry_accounts(plan: Reorganisation, source: Unit, heir: Unit, *, on: date) -> list[Membership]:
    """End every duty in the unit on its last day; those that go on begin in the heir. Returns what was held."""
    held = list(list_accounts([source], on))
    going = [one for one in held if goes_on(one, plan)]
    standing = set(
        Membership.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on), unit=heir, user__in=[one.user_id for one in going]
        ).values_list("user_id", "role")
    )
    fresh = []
    for one in going:
        if (one.user_id, one.role) in standing:
            continue
        standing.add((one.user_id, one.role))
        fresh.append(
            Membership(
                user=one.user,
                unit=heir,
                role=one.role,
                person_id=one.person_id,
                valid_from=max(on, one.valid_from),
                valid_to=one.valid_to,
            )
        )
    Membership.objects.bulk_create(fresh)
    keys = [one.pk for one in held]
    Membership.objects.filter(pk__in=keys, valid_from__lt=on).update(valid_to=on - timedelta(days=1))
    # Never begun, so there is nothing to end: the duty starts in the heir, or not at all.
    Membership.objects.filter(pk__in=keys, valid_from__gte=on).delete()
    return held
