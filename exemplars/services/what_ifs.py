"""The verbs of a sandbox: begin it, change it, replay everybody by it in parts, stop it, forget it after its term.

Nothing outside the sandbox's own rows is written: no rulebook, no assessment, no nomination.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.timezone import localtime

from exemplars import rules
from exemplars.models import RulebookEdition, WhatIf, WhatIfState, WhatIfUnit
from exemplars.selectors.qualifying import list_units_between
from exemplars.selectors.what_ifs import (
    Outcome,
    find_known,
    find_running,
    list_sandbox_problems,
    open_pair,
    replay_units,
)
from exemplars.services.qualifying import UNITS_A_PART
from exemplars.services.rulebook_content import (
    Content,
    Place,
    find_item,
    put_criterion,
    put_part,
    put_quota,
    put_values,
)
from units.actors import Actor
from units.models import Unit
from units.refusals import RefusedError
from units.services import outbox
from units.services.audit import record_act

TASK = "exemplars.tasks.replay_what_if_part"
# So many sandboxes of one term in one run; the next one goes on.
AT_ONCE = 200
TOO_LONG = "Một phần việc quá thời gian cho phép nên đã dừng. Chạy lại lúc hệ thống ít việc hơn."
BROKEN_OFF = (
    "Việc đối chiếu dừng giữa chừng do lỗi của hệ thống; không dữ liệu nào bị ảnh hưởng. "
    "Lập giả định mới từ giả định này và chạy lại; nếu vẫn không được, báo bộ phận quản trị."
)


def add_what_if(edition: RulebookEdition, *, actor: Actor, day: date, at: datetime) -> WhatIf:
    """A sandbox that begins as the edition stands; the edition is not touched."""
    content: Content = dict(rules.read_rulebook_file(edition.document.encode()).values)
    return _create(edition, content, actor=actor, day=day, at=at)


def copy_what_if(what_if: WhatIf, *, actor: Actor, day: date, at: datetime) -> WhatIf:
    """Another sandbox with the same suppositions, to go on from."""
    return _create(what_if.edition, what_if.content, actor=actor, day=day, at=at)


def edit_what_if(
    what_if: WhatIf, head: Mapping[str, Any], plan: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> WhatIf:
    """The interval and the head. A value that is None is left out of the document."""

    def write(content: Content) -> None:
        put_values(content, head)
        put_values(content["plan"], plan)

    return _change(what_if, write, version=version, actor=actor, at=at)


def edit_what_if_criterion(
    what_if: WhatIf,
    number: int,
    values: Mapping[str, Any],
    recognitions: Sequence[int],
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> WhatIf:
    """A criterion that no recognition holds any more is one that the sandbox does without."""
    write = partial(put_criterion, number=number, values=values, recognitions=recognitions)
    return _change(what_if, write, version=version, actor=actor, at=at)


def edit_what_if_criterion_part(
    what_if: WhatIf,
    number: int,
    place: Place,
    predicate: Mapping[str, Any],
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> WhatIf:
    write = partial(put_part, number=number, place=place, predicate=predicate)
    return _change(what_if, write, version=version, actor=actor, at=at)


def edit_what_if_recognition(
    what_if: WhatIf, number: int, values: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> WhatIf:
    def write(content: Content) -> None:
        put_values(find_item(content["recognition"], number), values)

    return _change(what_if, write, version=version, actor=actor, at=at)


def edit_what_if_quota(
    what_if: WhatIf, number: int, values: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> WhatIf:
    write = partial(put_quota, number=number, values=values)
    return _change(what_if, write, version=version, actor=actor, at=at)


@transaction.atomic
def start_what_if(
    what_if: WhatIf, recognition: str, year: int, *, version: int, actor: Actor, day: date, at: datetime
) -> WhatIf:
    """Promise the replay of everybody at and below the actor's unit, as the record stands on `day`.

    Refused while nothing is supposed otherwise or a check finds something, for a recognition or a year that the
    sandbox does not judge, and while another replay of the same person runs.
    """
    locked = _lock(what_if, version=version, actor=actor)
    _require_changed(locked)
    _require_sound(locked)
    _require_judged(locked, recognition, year)
    running = find_running(actor.unit, actor.account.pk)
    if running is not None:
        raise _other_runs(
            f"«{running}», bắt đầu lúc {localtime(running.started_at):%H:%M}" if running.started_at else ""
        )
    paths = list(Unit.objects.existing_on(day).filter(path__gte=actor.unit.path, path__lt=f"{actor.unit.path}~"))
    ends = [paths[start : start + UNITS_A_PART] for start in range(0, len(paths), UNITS_A_PART)]
    locked.state, locked.recognition, locked.year, locked.day = WhatIfState.RUNNING, recognition, year, day
    locked.started_at, locked.parts, locked.kept_until = at, len(ends), _kept_until(day)
    try:
        with transaction.atomic():
            locked.save()
    except IntegrityError:
        # Asked for at the same moment, or in another duty whose unit lies out of sight here.
        raise _other_runs("") from None
    outbox.promise_each(
        TASK,
        {
            f"what-if:{locked.pk}:{number}": {
                "what_if": str(locked.pk),
                "first": part[0].path,
                "last": part[-1].path,
            }
            for number, part in enumerate(sorted(ends, key=lambda part: part[0].path))
        },
    )
    record_act("start-what-if", locked, actor=actor, title=str(locked), recognition=recognition, year=year)
    return locked


def replay_part(pk: UUID, *, first: str, last: str, at: datetime) -> None:
    """Write what differs between two paths, once. Called inside the effect of its promise, in the unit's scope.

    One that was stopped or failed meanwhile is left as it is. The row is locked only at the end, so that parts are
    judged side by side.
    """
    what_if = WhatIf.objects.select_related("unit", "edition").filter(pk=pk, state=WhatIfState.RUNNING).first()
    if what_if is None or what_if.day is None or what_if.year is None:
        return
    pair = open_pair(what_if, what_if.recognition, what_if.year)
    if pair is None:
        raise LookupError(f"{what_if.pk} was started for a recognition that it does not judge.")
    units = list_units_between(first, last, what_if.day)
    found = replay_units(pair, units, reader_path=what_if.unit.path, day=what_if.day)
    held = WhatIf.objects.select_for_update(of=("self",)).select_related("unit").get(pk=pk)
    if held.state == WhatIfState.RUNNING:
        _keep(held, found, at=at)


def _keep(held: WhatIf, found: Outcome, *, at: datetime) -> None:
    WhatIfUnit.objects.bulk_create(
        [
            WhatIfUnit(
                unit=held.unit,
                what_if=held,
                about_id=one.unit,
                judged=one.judged,
                gained=one.gained,
                lost=one.lost,
                base=one.base,
                cap_was=one.cap_was,
                cap_now=one.cap_now,
                changes=one.changes,
            )
            for one in found.units
        ],
        batch_size=500,
    )
    held.counts = {
        name: held.counts.get(name, 0) + found.counts[name] for name in ("judged", "gained", "lost", "same", "unjudged")
    }
    for code, (better, worse) in found.criteria.items():
        old = held.criteria.get(code, [0, 0])
        held.criteria[code] = [old[0] + better, old[1] + worse]
    held.parts_done += 1
    if held.parts_done == held.parts:
        held.state, held.finished_at = WhatIfState.DONE, at
    held.save(update_fields=["counts", "criteria", "parts_done", "state", "finished_at"])


def fail_what_if(pk: UUID, words: str, *, at: datetime) -> None:
    held = WhatIf.objects.select_for_update().filter(pk=pk, state=WhatIfState.RUNNING).first()
    if held is not None:
        _stop(held, WhatIfState.FAILED, words, at=at)


@transaction.atomic
def cancel_what_if(what_if: WhatIf, *, actor: Actor, at: datetime) -> WhatIf:
    """Stop a replay; parts that are under way write nothing any more, and what was found so far is erased."""
    held = WhatIf.objects.select_for_update(of=("self",)).select_related("unit").get(pk=what_if.pk)
    _require_own(held, actor)
    if held.state != WhatIfState.RUNNING:
        raise RefusedError(
            "Việc đối chiếu này không còn chạy.",
            why=f"Tình trạng hiện nay: {held.get_state_display().lower()}.",
            remedy="Tải lại trang để xem kết quả.",
        )
    _stop(held, WhatIfState.CANCELLED, "", at=at)
    record_act("cancel-what-if", held, actor=actor, title=str(held))
    return held


def _stop(held: WhatIf, state: WhatIfState, words: str, *, at: datetime) -> None:
    held.units.all().delete()
    held.state, held.failure, held.finished_at = state, words, at
    held.counts, held.criteria = {}, {}
    held.save(update_fields=["state", "failure", "finished_at", "counts", "criteria"])


def erase_expired(*, day: date) -> int:
    """Delete the sandboxes whose term is over, with what they found; one that runs ends first. How many."""
    expired = WhatIf.objects.filter(kept_until__lt=day).exclude(state=WhatIfState.RUNNING).order_by("kept_until")
    keys = list(expired.values_list("pk", flat=True)[:AT_ONCE])
    for pk in keys:
        with transaction.atomic():
            WhatIf.objects.filter(pk=pk).delete()
    return len(keys)


def _create(edition: RulebookEdition, content: Content, *, actor: Actor, day: date, at: datetime) -> WhatIf:
    what_if = WhatIf.objects.create(
        unit=actor.unit,
        edition=edition,
        content=content,
        asked_by=actor.account,
        asked_label=actor.label,
        asked_at=at,
        kept_until=_kept_until(day),
    )
    record_act("add-what-if", what_if, actor=actor, title=str(what_if))
    return what_if


def _kept_until(day: date) -> date | None:
    return day + timedelta(days=settings.WHAT_IF_DAYS) if settings.WHAT_IF_DAYS else None


@transaction.atomic
def _change(what_if: WhatIf, write: Callable[[Content], Any], *, version: int, actor: Actor, at: datetime) -> WhatIf:
    """Suppositions leave no line of their own in the trail: nobody is judged by them."""
    del at
    locked = _lock(what_if, version=version, actor=actor)
    write(locked.content)
    locked.version += 1
    locked.save(update_fields=["content", "version"])
    return locked


def _lock(what_if: WhatIf, *, version: int, actor: Actor) -> WhatIf:
    locked = WhatIf.objects.select_for_update(of=("self",)).select_related("unit", "edition").get(pk=what_if.pk)
    _require_own(locked, actor)
    if not locked.stands_open:
        raise RefusedError(
            "Giả định này không sửa được nữa, vì đã chạy.",
            why=f"Tình trạng hiện nay: {locked.get_state_display().lower()}.",
            remedy="Bấm «Lập giả định mới từ giả định này» để sửa tiếp và chạy lại.",
        )
    if locked.version != version:
        raise RefusedError(
            "Giả định vừa được sửa ở cửa sổ khác, nên lần này chưa lưu.",
            remedy="Nội dung đã gõ còn nguyên trên trang. Xem lại rồi lưu lần nữa.",
        )
    return locked


def _require_own(what_if: WhatIf, actor: Actor) -> None:
    if what_if.unit_id != actor.unit.pk or what_if.asked_by_id != actor.account.pk:
        raise RefusedError(
            f"Giả định này của {what_if.asked_label}.",
            why="Chỉ người lập được sửa, chạy và dừng.",
            remedy="Bấm «Lập giả định mới từ giả định này» để có bản của mình.",
        )


def _require_changed(what_if: WhatIf) -> None:
    if what_if.content == rules.read_rulebook_file(what_if.edition.document.encode()).values:
        raise RefusedError(
            "Giả định chưa khác bản gốc ở chỗ nào nên không có gì để đối chiếu.",
            remedy="Sửa khoảng hiệu lực, một tiêu chuẩn hoặc một tỷ lệ ở dưới, rồi đối chiếu.",
        )


def _require_sound(what_if: WhatIf) -> None:
    problems = list_sandbox_problems(what_if.content, find_known(what_if.unit))
    if problems:
        raise RefusedError(
            f"Giả định còn {len(problems)} chỗ phải sửa.",
            why=problems[0].words,
            remedy="Mỗi chỗ được nêu ngay dưới mục của nó trên trang này.",
        )


def _require_judged(what_if: WhatIf, recognition: str, year: int) -> None:
    pair = open_pair(what_if, recognition, year)
    if pair is None:
        raise RefusedError(
            "Bản gốc và giả định không cùng có hình thức công nhận này.", remedy="Chọn một hình thức trong danh sách."
        )
    if not pair.after.in_force(pair.now.last_day):
        raise RefusedError(
            f"Giả định không áp dụng cho thành tích {pair.now}.",
            why=f"Khoảng hiệu lực giả định không có ngày {pair.now.last_day:%d/%m/%Y}.",
            remedy="Chọn năm khác, hoặc sửa khoảng hiệu lực của giả định.",
        )


def _other_runs(which: str) -> RefusedError:
    return RefusedError(
        "Đồng chí đang có một lần đối chiếu giả định chạy dở.",
        why=f"Mỗi người chạy một lần một lúc{f': {which}' if which else ''}.",
        remedy="Chờ lần đó xong hoặc dừng nó, rồi chạy lần này.",
    )
