"""Writing people, their posts, and what only some may read about them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from units.actors import Actor
from units.audit_words import describe_changes, list_values
from units.folding import fold, name_sort_key, nfc
from units.models import Membership, PartyMembership, Person, PersonContact, Posting, TenantModel, Unit
from units.refusals import RefusedError
from units.selectors.people import find_duplicates, find_other_head, in_force
from units.services.audit import record_act
from units.services.memberships import end_memberships

PARTICULARS = ("staff_code", "full_name", "birth_date", "gender", "employment")


def add_person(unit: Unit, full_name: str, **fields: Any) -> Person:
    """Write a person with the folded and sorting forms of the name; the name is stored composed (NFC)."""
    return Person.objects.create(unit=unit, **_named(full_name), **fields)


def _named(full_name: str) -> dict[str, str]:
    name = " ".join(nfc(full_name).split())
    return {"full_name": name, "folded_name": fold(name), "sort_key": name_sort_key(name)}


def describe_person(person: Person, day: date) -> str:
    """The post that goes beside the name on a paper of `day`."""
    from units.selectors.record import find_posting

    posting = find_posting(person, day)
    return posting.position if posting else person.get_employment_display()


class DuplicateError(RefusedError):
    """Somebody in sight may be the same person; `people` says who. The clerk may go on knowingly."""

    def __init__(self, people: list[Person]) -> None:
        super().__init__(
            "Có thể người này đã có trong sổ.",
            why="Trùng họ tên và ngày sinh, hoặc trùng mã cán bộ, với người nêu bên dưới.",
            remedy="Mở hồ sơ người đó để kiểm tra. Nếu chắc là người khác, đánh dấu ô xác nhận ở cuối rồi ghi lại.",
        )
        self.people = people


def require_keeper(row: TenantModel, actor: Actor) -> None:
    """Refuse to change a row that another unit wrote: each unit keeps its own."""
    if not actor.unit.contains(row.unit_path):
        raise RefusedError(
            f"Dòng này do {row.unit.name} ghi nên không sửa được ở đây.",
            why="Mỗi đơn vị giữ phần hồ sơ của thời gian cán bộ công tác tại đơn vị mình.",
            remedy=f"Đề nghị {row.unit.name} hoặc đơn vị cấp trên chung sửa.",
        )


def require_place(unit: Unit, actor: Actor, day: date) -> None:
    """Refuse a unit outside the actor's branch, or one that ended before `day`.

    A day before the unit's first one is no mistake: that is the first day for which the register vouches, and people
    have held their posts for longer.
    """
    if not actor.unit.contains(unit.path):
        raise RefusedError("Đơn vị này không thuộc phạm vi của đồng chí.", remedy="Chọn đơn vị trong danh sách.")
    if unit.valid_to and unit.valid_to < day:
        raise RefusedError(
            f"{unit.name} đã thôi hoạt động từ sau ngày {unit.valid_to:%d/%m/%Y}.",
            remedy="Xem lại ngày, hoặc chọn đơn vị kế tiếp.",
        )


@transaction.atomic
def create_person(
    unit: Unit,
    particulars: Mapping[str, Any],
    *,
    position: str,
    is_head: bool,
    since: date,
    is_another: bool,
    actor: Actor,
) -> Person:
    """Write a person with the first post. `is_another` says that a clerk looked at those who may be the same.

    Refuses a staff code that the unit uses already, and a second head of the unit.
    """
    require_place(unit, actor, since)
    alike = find_duplicates(particulars["full_name"], particulars["birth_date"], particulars["staff_code"])
    _require_free_code(unit, particulars["staff_code"], alike, besides=None)
    if alike and not is_another:
        raise DuplicateError(alike)
    values = dict(particulars)
    try:
        with transaction.atomic():
            person = add_person(unit, values.pop("full_name"), **values)
    except IntegrityError:
        raise _code_taken(unit, particulars["staff_code"]) from None
    record_act("create-person", person, actor=actor, code=person.staff_code)
    create_posting(person, position=position, is_head=is_head, valid_from=since, valid_to=None, actor=actor)
    return person


def _require_free_code(unit: Unit, code: str, alike: list[Person], *, besides: Person | None) -> None:
    for other in alike:
        if other.unit_id == unit.pk and other.staff_code.upper() == code.upper() and other != besides:
            raise _code_taken(unit, code)


def _code_taken(unit: Unit, code: str) -> RefusedError:
    return RefusedError(
        f"Mã cán bộ {code} đã dùng cho một người khác của {unit.name}.",
        remedy="Tìm mã này ở danh sách cán bộ để kiểm tra, rồi ghi đúng mã.",
    )


@transaction.atomic
def edit_person(person: Person, particulars: Mapping[str, Any], *, reason: str, actor: Actor) -> Person:
    """Correct what was written about a person; a same code is refused.

    What changed, from what and why stays in the trail.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("unit").get(pk=person.pk)
    code = particulars["staff_code"]
    _require_free_code(person.unit, code, find_duplicates("", None, code), besides=person)
    values = {name: value for name, value in particulars.items() if name != "full_name"}
    values |= _named(particulars["full_name"])
    changed = [name for name in PARTICULARS if getattr(person, name) != values[name]]
    if not changed:
        return person
    before = list_values(person, changed)
    for name, value in values.items():
        setattr(person, name, value)
    try:
        with transaction.atomic():
            person.save(update_fields=[*values])
    except IntegrityError:
        raise _code_taken(person.unit, code) from None
    record_act(
        "edit-person",
        person,
        actor=actor,
        what=describe_changes(person, before),
        before=before,
        after=list_values(person, changed),
        reason=reason,
    )
    return person


@transaction.atomic
def create_posting(
    person: Person, *, position: str, is_head: bool, valid_from: date, valid_to: date | None, actor: Actor
) -> Posting:
    """Write a post in the person's own unit. Refuses a second head on any day."""
    posting = Posting(
        unit=person.unit,
        person=person,
        position=position,
        is_head=is_head,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    _require_only_head(posting)
    posting.save(force_insert=True)
    record_act("create-posting", person, actor=actor, position=position, since=valid_from.isoformat())
    return posting


@transaction.atomic
def edit_posting(
    posting: Posting,
    *,
    position: str,
    is_head: bool,
    valid_from: date,
    valid_to: date | None,
    reason: str,
    actor: Actor,
) -> Posting:
    """Correct a post; a last one that ends takes the duties along. Refuses another unit's post and a second head."""
    posting = _lock_posting(posting, actor)
    posting.position, posting.is_head, posting.valid_from, posting.valid_to = position, is_head, valid_from, valid_to
    _require_only_head(posting)
    posting.save(update_fields=["position", "is_head", "valid_from", "valid_to"])
    record_act("edit-posting", posting.person, actor=actor, position=position, reason=reason)
    _end_duties(posting, actor)
    return posting


@transaction.atomic
def end_posting(posting: Posting, *, last_day: date, actor: Actor) -> Posting:
    """End a post after `last_day`; when it was the last one, the account's duties tied to the person end as well."""
    posting = _lock_posting(posting, actor)
    if posting.valid_to and posting.valid_to <= last_day:
        raise RefusedError(
            f"Chức vụ này đã kết thúc ngày {posting.valid_to:%d/%m/%Y}.", remedy="Sửa chức vụ nếu ngày đó ghi sai."
        )
    if last_day < posting.valid_from:
        raise RefusedError(
            f"Ngày thôi giữ chức vụ trước ngày bắt đầu {posting.valid_from:%d/%m/%Y}.", remedy="Xem lại ngày."
        )
    posting.valid_to = last_day
    posting.save(update_fields=["valid_to"])
    record_act("end-posting", posting.person, actor=actor, position=posting.position, day=last_day.isoformat())
    _end_duties(posting, actor)
    return posting


def _lock_posting(posting: Posting, actor: Actor) -> Posting:
    require_keeper(posting, actor)
    return Posting.objects.select_for_update(of=("self",)).select_related("person__unit", "unit").get(pk=posting.pk)


def _require_only_head(posting: Posting) -> None:
    if not posting.is_head:
        return
    # Two clerks who name a head at the same time wait for each other here.
    Unit.objects.select_for_update(of=("self",)).get(pk=posting.unit_id)
    other = find_other_head(posting.unit, posting.valid_from, posting.valid_to, besides=posting)
    if other is None or other.person_id == posting.person_id:
        return
    until = f"đến {other.valid_to:%d/%m/%Y}" if other.valid_to else "đến nay"
    raise RefusedError(
        f"{posting.unit.name} đã có người đứng đầu trong thời gian này.",
        why=f"{other.person.full_name}, {other.position}, từ {other.valid_from:%d/%m/%Y} {until}.",
        remedy=f"Kết thúc chức vụ của {other.person.full_name} trước, hoặc bỏ dấu «Là người đứng đầu đơn vị».",
    )


def _end_duties(posting: Posting, actor: Actor) -> None:
    """An account ends with the last posting: end the tied duties within the actor's reach."""
    last_day, person = posting.valid_to, posting.person
    if last_day is None:
        return
    after = Posting.objects.filter(person=person).exclude(valid_to__lte=last_day)
    if after.exists():
        return
    tied = Membership.objects.filter(person=person).select_related("unit")
    for unit in {one.unit for one in tied if actor.unit.contains(one.unit.path)}:
        end_memberships(person, unit, last_day=last_day, actor=actor)


def holds_post(person: Person, day: date) -> bool:
    """Whether the person works in the sector on `day`, as far as the scope shows."""
    return Posting.objects.filter(in_force(day), person=person).exists()


@transaction.atomic
def write_party_membership(
    person: Person, *, is_member: bool, joined_on: date | None, official_on: date | None, actor: Actor
) -> None:
    """Write whether the person belongs to the Party, and since when."""
    standing = PartyMembership.objects.filter(person=person).select_related("unit").first()
    if standing:
        require_keeper(standing, actor)
    if not is_member:
        if standing:
            standing.delete()
            record_act("change-party", person, actor=actor)
        return
    row = standing or PartyMembership(unit=person.unit, person=person)
    row.joined_on, row.official_on = joined_on, official_on
    row.save()
    record_act("change-party", person, actor=actor)


@transaction.atomic
def write_contact(person: Person, *, email: str, phone: str, actor: Actor) -> None:
    """Write how the person is reached."""
    row = PersonContact.objects.filter(person=person).select_related("unit").first()
    if row:
        require_keeper(row, actor)
    row = row or PersonContact(unit=person.unit, person=person)
    row.email, row.phone = email, phone
    row.save()
    record_act("change-contact", person, actor=actor)


def carry_particulars(people: Collection[Person], unit: Unit) -> None:
    """Hand party membership and contact over to `unit`, whose the people became: the old unit reads them no longer.

    Called by transfers and reorganisations in their own scope, which must reach both units.
    """
    for model in (PartyMembership, PersonContact):
        model.objects.filter(person__in=people).update(unit=unit, unit_path=unit.path)
