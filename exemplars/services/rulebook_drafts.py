"""The verbs of a rulebook's draft. Each locks the row, checks whose and which version it is, writes, leaves a line.

A draft takes whatever was typed: what does not fit is told by the checks and stands in the way of publishing only.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from exemplars import rules
from exemplars.models import RulebookDraft, RulebookDraftState, RulebookEdition
from exemplars.rulebook_files import read_standard_ladders
from exemplars.services.rulebook_content import (
    Content,
    Place,
    append_criterion,
    append_part,
    append_quota,
    drop_criterion,
    drop_part,
    drop_quota,
    find_item,
    find_part,
    list_codes,
    put_criterion,
    put_part,
    put_quota,
    put_values,
    swap_criteria,
)
from units.actors import Actor
from units.folding import fold
from units.models import Unit
from units.refusals import RefusedError
from units.services.audit import record_act

MOST_CODE = 60


def add_rulebook(title: str, *, actor: Actor, at: datetime) -> RulebookDraft:
    """An empty draft with the ladders in force; its code comes from the unit and the title."""
    code = _free_code(actor.unit, title)
    content: Content = {
        "code": code,
        "edition": 1,
        "title": title,
        "valid_from": "",
        "plan": {"issuer": actor.unit.code, "title": "", "number": "", "issued_month": ""},
        "recognition": [],
        "criterion": [],
        "ladder": read_standard_ladders(),
    }
    return _create(content, actor=actor, at=at, verb="add-rulebook")


def copy_rulebook(edition: RulebookEdition, *, actor: Actor, at: datetime) -> RulebookDraft:
    """The next edition of the unit's own rulebook, or a first edition of its own from somebody else's."""
    content = rules.read_rulebook_file(edition.document.encode()).values
    return _create(_as_own(content, actor.unit), actor=actor, at=at, verb="copy-rulebook", source=str(edition))


def import_rulebook(file: bytes, *, actor: Actor, at: datetime) -> RulebookDraft:
    """A draft from a file that fits the form; refuses any other with the line, the key and what was expected."""
    try:
        read = rules.read_rulebook_file(file)
    except rules.RulebookError as error:
        raise RefusedError(
            "Tệp không đúng mẫu bản quy định tiêu chuẩn, nên chưa lập bản nháp.",
            why=str(error),
            remedy="Sửa tệp ở chỗ được nêu rồi chọn lại.",
        ) from None
    return _create(_as_own(read.values, actor.unit), actor=actor, at=at, verb="import-rulebook")


def edit_rulebook_draft(
    draft: RulebookDraft, head: Mapping[str, Any], plan: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    """Title, interval and the paper behind it. A value that is None is left out of the document."""

    def write(content: Content) -> None:
        put_values(content, head)
        put_values(content["plan"], plan)

    return _change(draft, write, version=version, actor=actor, at=at, verb="edit-rulebook-draft")


def add_criterion(draft: RulebookDraft, kind: str, *, version: int, actor: Actor, at: datetime) -> int:
    """A criterion of that predicate at the end; gives its number."""
    write = partial(append_criterion, kind=kind)
    draft = _change(draft, write, version=version, actor=actor, at=at, verb="add-criterion")
    return len(draft.content["criterion"])


def edit_criterion(
    draft: RulebookDraft,
    number: int,
    values: Mapping[str, Any],
    recognitions: Sequence[int],
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> RulebookDraft:
    """`recognitions` are the numbers, from 1, of those it belongs to. A value that is None is left out."""
    write = partial(put_criterion, number=number, values=values, recognitions=recognitions)
    return _change(
        draft, write, version=version, actor=actor, at=at, verb="edit-criterion", criterion=str(values.get("code", ""))
    )


def remove_criterion(draft: RulebookDraft, number: int, *, version: int, actor: Actor, at: datetime) -> RulebookDraft:
    code = str(find_item(draft.content["criterion"], number).get("code", ""))
    write = partial(drop_criterion, number=number)
    return _change(draft, write, version=version, actor=actor, at=at, verb="remove-criterion", criterion=code)


def move_criterion(
    draft: RulebookDraft, number: int, to: int, *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    """Change places with the criterion at `to`, in the list and in every recognition that holds both."""
    write = partial(swap_criteria, number=number, other_number=to)
    return _change(draft, write, version=version, actor=actor, at=at, verb="move-criterion")


def add_criterion_part(
    draft: RulebookDraft, number: int, place: Place, kind: str, *, version: int, actor: Actor, at: datetime
) -> int:
    """A condition at the end of those that the predicate at `place` is made of; gives its number."""
    write = partial(append_part, number=number, place=place, kind=kind)
    draft = _change_part(draft, write, number, version=version, actor=actor, at=at)
    return len(find_part(draft.content, number, place)["parts"])


def edit_criterion_part(
    draft: RulebookDraft,
    number: int,
    place: Place,
    predicate: Mapping[str, Any],
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> RulebookDraft:
    write = partial(put_part, number=number, place=place, predicate=predicate)
    return _change_part(draft, write, number, version=version, actor=actor, at=at)


def remove_criterion_part(
    draft: RulebookDraft, number: int, place: Place, *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    write = partial(drop_part, number=number, place=place)
    return _change_part(draft, write, number, version=version, actor=actor, at=at)


def add_quota(
    draft: RulebookDraft, values: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    """A cap at the end. A value that is None is left out of the document."""
    write = partial(append_quota, values=values)
    return _change(draft, write, version=version, actor=actor, at=at, verb="add-quota", quota=str(values["label"]))


def edit_quota(
    draft: RulebookDraft, number: int, values: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    write = partial(put_quota, number=number, values=values)
    return _change(draft, write, version=version, actor=actor, at=at, verb="edit-quota", quota=str(values["label"]))


def remove_quota(draft: RulebookDraft, number: int, *, version: int, actor: Actor, at: datetime) -> RulebookDraft:
    label = str(find_item(draft.content.get("quota", []), number).get("label", ""))
    write = partial(drop_quota, number=number)
    return _change(draft, write, version=version, actor=actor, at=at, verb="remove-quota", quota=label)


def add_recognition(
    draft: RulebookDraft, values: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    """A recognition that takes every criterion there is; each criterion's page says otherwise."""

    def write(content: Content) -> None:
        one: Content = {"criteria": list(dict.fromkeys(list_codes(content)))}
        put_values(one, values)
        content["recognition"].append(one)

    return _change(draft, write, version=version, actor=actor, at=at, verb="add-recognition")


def edit_recognition(
    draft: RulebookDraft, number: int, values: Mapping[str, Any], *, version: int, actor: Actor, at: datetime
) -> RulebookDraft:
    def write(content: Content) -> None:
        put_values(find_item(content["recognition"], number), values)

    return _change(draft, write, version=version, actor=actor, at=at, verb="edit-recognition")


def remove_recognition(draft: RulebookDraft, number: int, *, version: int, actor: Actor, at: datetime) -> RulebookDraft:
    def write(content: Content) -> None:
        find_item(content["recognition"], number)
        del content["recognition"][number - 1]

    return _change(draft, write, version=version, actor=actor, at=at, verb="remove-recognition")


def discard_rulebook_draft(draft: RulebookDraft, *, version: int, actor: Actor, at: datetime) -> None:
    """Put it away: it is kept and opens no more."""

    def write(_content: Content) -> None:
        """Nothing of what it says changes."""

    draft = _change(draft, write, version=version, actor=actor, at=at, verb="discard-rulebook-draft")
    draft.state = RulebookDraftState.DISCARDED
    draft.save(update_fields=["state"])


def lock_draft(draft: RulebookDraft, *, version: int, actor: Actor) -> RulebookDraft:
    """The row as it stands, locked; refuses one that is closed, another unit's, or changed since it was looked at."""
    locked = RulebookDraft.objects.select_for_update(of=("self",)).select_related("unit").get(pk=draft.pk)
    if locked.unit_id != actor.unit.pk:
        raise RefusedError(
            "Bản nháp này của đơn vị khác.", remedy="Sao chép bản đã ban hành thành bản của đơn vị mình."
        )
    if not locked.stands_open:
        raise RefusedError(
            "Bản nháp này không còn mở.",
            why=f"Tình trạng hiện nay: {locked.get_state_display().lower()}.",
            remedy="Lập bản mới từ bản đã ban hành.",
        )
    if locked.version != version:
        raise RefusedError(
            "Bản nháp vừa được sửa ở chỗ khác, nên lần này chưa lưu.",
            why=f"{locked.saved_label} lưu sau khi trang này được mở.",
            remedy="Nội dung đã gõ còn nguyên trên trang. Xem lại bản nháp rồi lưu lần nữa.",
        )
    return locked


def next_edition(unit: Unit, code: str) -> int:
    """One above the highest number that the unit has published under that code."""
    numbers = RulebookEdition.objects.filter(issuer=unit, code=code).values_list("edition", flat=True)
    return max(numbers, default=0) + 1


def _create(content: Content, *, actor: Actor, at: datetime, verb: str, **detail: str) -> RulebookDraft:
    draft = RulebookDraft.objects.create(
        unit=actor.unit,
        code=content["code"],
        content=content,
        created_at=at,
        saved_at=at,
        saved_by=actor.account,
        saved_label=actor.label,
    )
    record_act(verb, draft, actor=actor, title=str(draft), **detail)
    return draft


def _change(
    draft: RulebookDraft,
    write: Callable[[Content], Any],
    *,
    version: int,
    actor: Actor,
    at: datetime,
    verb: str,
    **detail: str,
) -> RulebookDraft:
    locked = lock_draft(draft, version=version, actor=actor)
    write(locked.content)
    locked.version += 1
    locked.saved_at, locked.saved_by, locked.saved_label = at, actor.account, actor.label
    locked.save(update_fields=["content", "version", "saved_at", "saved_by", "saved_label"])
    record_act(verb, locked, actor=actor, title=str(locked), **detail)
    return locked


def _change_part(
    draft: RulebookDraft,
    write: Callable[[Content], Any],
    number: int,
    *,
    version: int,
    actor: Actor,
    at: datetime,
) -> RulebookDraft:
    code = str(find_item(draft.content["criterion"], number).get("code", ""))
    return _change(draft, write, version=version, actor=actor, at=at, verb="edit-criterion", criterion=code)


def _as_own(content: Content, unit: Unit) -> Content:
    """The content as a draft of `unit`. One of its own keeps its code and, where still free, its number."""
    if content["plan"]["issuer"] != unit.code:
        content["plan"]["issuer"] = unit.code
        content["code"] = f"{content['code']}-{fold(unit.code).replace(' ', '-')}"[:MOST_CODE].strip("-")
        content.pop("edition", None)
    least = next_edition(unit, content["code"])
    if int(content.get("edition", 1)) < least:
        content["edition"] = least
    return content


def _free_code(unit: Unit, title: str) -> str:
    words = fold(f"{unit.code} {title}")
    stem = "-".join("".join(letter if letter.isalnum() else " " for letter in words).split())[: MOST_CODE - 4].strip(
        "-"
    )
    taken = {
        *RulebookEdition.objects.filter(code__startswith=stem).values_list("code", flat=True),
        *RulebookDraft.objects.filter(code__startswith=stem).values_list("code", flat=True),
    }
    return next(code for number in range(1, len(taken) + 2) if (code := f"{stem}-{number}"[:MOST_CODE]) not in taken)
