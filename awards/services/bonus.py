"""Bringing the figures of bonus money from their file into the database, adding and mending them."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from awards.bonus_file import read_bonus_figures
from awards.models import BaseSalary, BonusPrinciple, BonusRate
from units.actors import Actor
from units.models import AwardTitle
from units.refusals import RefusedError
from units.services.audit import record_on_duty
from units.services.catalogue import edit_shared, require_root

Figure = BaseSalary | BonusPrinciple | BonusRate


@transaction.atomic
def load_bonus_figures() -> int:
    """Add the figures of the file that are not there yet; return how many. What stands may have been mended: it stays.

    Needs the catalogue of titles.
    """
    figures = read_bonus_figures()
    added = 0
    for base in figures.bases:
        values = asdict(base)
        _, is_new = BaseSalary.objects.get_or_create(valid_from=values.pop("valid_from"), defaults=values)
        added += is_new
    for principle in figures.principles:
        values = asdict(principle)
        _, is_new = BonusPrinciple.objects.get_or_create(valid_from=values.pop("valid_from"), defaults=values)
        added += is_new
    titles = {one.code: one for one in AwardTitle.objects.all()}
    for rate in figures.rates:
        values = asdict(rate)
        key = {"title": titles[values.pop("title")], "subject": values.pop("subject")}
        _, is_new = BonusRate.objects.get_or_create(**key, valid_from=values.pop("valid_from"), defaults=values)
        added += is_new
    return added


@transaction.atomic
def add_bonus_figure(figure: Figure, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime) -> Figure:
    """Write a new figure with its first day; refuses a unit that is no root and a day that another one begins on."""
    require_root(actor)
    for name, value in values.items():
        setattr(figure, name, value)
    figure.edited_at, figure.edited_by, figure.edit_reason = at, actor.label, reason
    try:
        with transaction.atomic():
            figure.save(force_insert=True)
    except IntegrityError:
        raise _doubled() from None
    record_on_duty("add-bonus-figure", actor=actor, figure=str(figure), reason=reason)
    return figure


@transaction.atomic
def edit_bonus_figure(figure: Figure, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime) -> Figure:
    """Mend a figure that nobody has compared with the text yet."""
    locked: Figure = type(figure)._base_manager.select_for_update().get(pk=figure.pk)  # noqa: SLF001
    try:
        with transaction.atomic():
            what = edit_shared(locked, values, reason=reason, actor=actor, at=at)
    except IntegrityError:
        raise _doubled() from None
    record_on_duty("edit-bonus-figure", actor=actor, figure=str(locked), what=what, reason=reason)
    return locked


def _doubled() -> RefusedError:
    return RefusedError(
        "Đã có mức áp dụng từ đúng ngày này.", remedy="Sửa mức đã có, hoặc ghi ngày bắt đầu áp dụng khác."
    )
