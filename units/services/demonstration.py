"""Writing the invented people and accounts of the demonstration."""

from django.contrib.auth.hashers import make_password
from django.db import transaction

from units.demonstration_file import AccountRow, Demonstration, PersonRow, RecordRows
from units.discipline_file import lapses_on
from units.models import (
    AwardTitle,
    DisciplinaryAction,
    Grading,
    Honour,
    Membership,
    Person,
    Posting,
    TitleEligibility,
    Unit,
    User,
)
from units.services.people import add_person


@transaction.atomic
def write_people(data: Demonstration) -> dict[str, Person]:
    """Write people with their record, and the record of units. Returns people by staff code.

    Needs a scope that holds every unit named.
    """
    units = {unit.code: unit for unit in Unit.objects.all()}
    titles = {title.code: title for title in AwardTitle.objects.all()}
    people = {row.code: _write_person(row, units, titles) for row in data.people}
    for row in data.units:
        unit = units[row.code]
        _write_record(row.record, unit, titles, collective=unit)
    return people


def _write_person(row: PersonRow, units: dict[str, Unit], titles: dict[str, AwardTitle]) -> Person:
    unit = units[row.postings[-1].unit]
    person = add_person(unit, row.name, staff_code=row.code, gender=row.gender, employment=row.employment)
    for posting in row.postings:
        Posting.objects.create(
            unit=units[posting.unit],
            person=person,
            position=posting.position,
            is_head=posting.is_head,
            valid_from=posting.valid_from,
            valid_to=posting.valid_to,
        )
    for action in row.disciplines:
        DisciplinaryAction.objects.create(
            unit=unit,
            person=person,
            form=action.form,
            decision_number=action.decision_number,
            decided_on=action.decided_on,
            effective_until=lapses_on(row.employment, action.form, action.decided_on),
        )
    _write_record(row.record, unit, titles, person=person)
    return person


def _write_record(
    record: RecordRows,
    unit: Unit,
    titles: dict[str, AwardTitle],
    *,
    person: Person | None = None,
    collective: Unit | None = None,
) -> None:
    for grading in record.gradings:
        Grading.objects.create(
            unit=unit,
            person=person,
            collective=collective,
            year=grading.year,
            grade=grading.grade,
            decision_number=grading.decision_number,
            decided_on=grading.decided_on,
        )
    for found in record.eligibilities:
        TitleEligibility.objects.create(
            unit=unit,
            person=person,
            collective=collective,
            title=titles[found.title],
            year=found.year,
            is_eligible=found.is_eligible,
            decision_number=found.decision_number,
            decided_on=found.decided_on,
        )
    for honour in record.honours:
        Honour.objects.create(
            unit=unit,
            person=person,
            collective=collective,
            title=titles[honour.title],
            year=honour.year,
            decision_number=honour.decision_number,
            decided_on=honour.decided_on,
            issuer=honour.issuer,
            subject_name=person.full_name if person else unit.name,
            subject_unit=unit.name,
        )


@transaction.atomic
def write_accounts(data: Demonstration, people: dict[str, Person], password: str) -> dict[str, User]:
    """Write accounts with their memberships, all with one password. Returns accounts by the person's staff code."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    hashed = make_password(password)
    return {row.person: _write_account(row, people[row.person], units, hashed) for row in data.accounts}


def _write_account(row: AccountRow, person: Person, units: dict[str, Unit], hashed: str) -> User:
    user = User.objects.create(username=row.username, display_name=person.full_name, email=row.email, password=hashed)
    for membership in row.memberships:
        Membership.objects.create(
            user=user,
            unit=units[membership.unit],
            role=membership.role,
            person=person,
            valid_from=membership.valid_from,
        )
    return user


def is_empty() -> bool:
    """Whether no unit was ever loaded."""
    return not Unit.objects.exists()
