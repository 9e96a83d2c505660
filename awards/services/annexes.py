"""Putting the annexed list of a draft in order: the signed paper, the decision and its certificates follow it."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db import transaction

from awards.models import DecisionDraft
from awards.selectors.drafts import list_annexed
from awards.services.drafts import take_draft
from awards.workflow import DraftAction
from exemplars.models import Nomination
from units.actors import Actor
from units.folding import name_sort_key
from units.models import TitleKind
from units.services.audit import record_act


class AnnexOrder(StrEnum):
    """How a list is put in order at one press; the trail says the words."""

    PRECEDENCE = "precedence"
    UNIT = "unit"
    NAME = "name"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    AnnexOrder.PRECEDENCE: "theo thứ bậc danh hiệu",
    AnnexOrder.UNIT: "theo đơn vị",
    AnnexOrder.NAME: "theo tên",
}
BY_HAND = "theo số ghi tay"


def _precedence(one: Nomination) -> tuple[Any, ...]:
    """Titles before commendations, the highest rank first, collectives before people."""
    title = one.recognition
    return list(TitleKind).index(TitleKind(title.kind)), -(title.rank or 0), one.person_id is not None, title.name


def _name(one: Nomination) -> tuple[Any, ...]:
    """Collectives first; people by their given name, as lists of people everywhere."""
    return one.person_id is not None, name_sort_key(one.nominee_name)


KEYS: Mapping[AnnexOrder, Callable[[Nomination], tuple[Any, ...]]] = {
    AnnexOrder.PRECEDENCE: _precedence,
    AnnexOrder.UNIT: lambda one: (one.unit.path,),
    AnnexOrder.NAME: _name,
}


@transaction.atomic
def order_annex(draft: DecisionDraft, *, places: Mapping[UUID, int], actor: Actor) -> DecisionDraft:
    """Order it by the places given; equal places keep their former order. Refused once the draft has a number."""
    draft = take_draft(draft, DraftAction.CHANGE)
    listed = list(enumerate(list_annexed(draft), start=1))
    ordered = sorted(listed, key=lambda each: (places.get(each[1].pk, each[0]), each[0]))
    return _store(draft, [one for _, one in ordered], BY_HAND, actor)


@transaction.atomic
def sort_annex(draft: DecisionDraft, *, by: AnnexOrder, actor: Actor) -> DecisionDraft:
    """Order it by rule; what the rule holds equal keeps its former order, so that one rule refines another."""
    draft = take_draft(draft, DraftAction.CHANGE)
    return _store(draft, sorted(list_annexed(draft), key=KEYS[by]), by.label, actor)


@transaction.atomic
def move_annexed(draft: DecisionDraft, nomination: UUID, steps: int, *, actor: Actor) -> DecisionDraft:
    """Move one a place up (-1) or down (1); at the end of the list nothing happens."""
    draft = take_draft(draft, DraftAction.CHANGE)
    listed = list_annexed(draft)
    place = next((number for number, one in enumerate(listed) if one.pk == nomination), None)
    if place is None or not 0 <= place + steps < len(listed) or not steps:
        return draft
    listed.insert(place + steps, listed.pop(place))
    return _store(draft, listed, BY_HAND, actor)


def _store(draft: DecisionDraft, ordered: list[Nomination], how: str, actor: Actor) -> DecisionDraft:
    draft.order = [str(one.pk) for one in ordered]
    draft.save(update_fields=["order"])
    record_act("order-annex", draft, actor=actor, how=how)
    return draft
