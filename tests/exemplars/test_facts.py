"""What the record says of nominees: in a constant number of queries, as of the day, and never guessed."""

from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from exemplars import rules
from exemplars.models import MovementResult
from exemplars.selectors.facts import Asked, gather_cases
from tests import builders
from tests.builders import DAY, Tree, person, title
from units.models import DisciplinaryAction, Grading, Honour, Person, Posting, TitleEligibility, Unit
from units.scoping import maintenance_scope, unit_scope

YEAR = rules.Span(date(2023, 1, 1), date(2023, 12, 31))
PERIOD = rules.Span(date(2021, 1, 1), date(2025, 12, 31))


@pytest.fixture
def tree(db: None) -> Iterator[Tree]:
    with maintenance_scope("tests read every unit"):
        yield Tree()


def ask(who: Person | Unit, span: rules.Span = YEAR, recognition: str = "grassroots-annual") -> Asked:
    is_person = isinstance(who, Person)
    return Asked(
        key=uuid4(),
        recognition=recognition,
        span=span,
        year=2023 if span is YEAR else None,
        unit=who.unit_id if is_person else who.pk,  # type: ignore[union-attr]
        person=who.pk if is_person else None,
        employment=who.employment if is_person else "",  # type: ignore[union-attr]
    )


def case_of(who: Person | Unit, span: rules.Span = YEAR, day: date = DAY) -> rules.Case:
    one = ask(who, span)
    return gather_cases([one], day=day)[one.key]


def disciplined(who: Person, at: Unit, on: date) -> None:
    DisciplinaryAction.objects.create(unit=at, person=who, form="khien-trach", decision_number="M", decided_on=on)


def honoured(who: Person | Unit, code: str, year: int, **fields: str) -> Honour:
    about = {"person": who, "unit": who.unit} if isinstance(who, Person) else {"collective": who, "unit": who}
    return Honour.objects.create(
        title=title(code, **fields),
        year=year,
        issuer="X",
        subject_name="X",
        subject_unit="X",
        decision_number="M",
        decided_on=date(year, 12, 1),
        **about,
    )


def test_the_number_of_queries_does_not_depend_on_the_nominees(tree: Tree) -> None:
    people = [person(tree.branch, is_head=True), *(person(tree.sibling) for _ in range(6))]
    for one in people:
        builders.excellent(one)
        disciplined(one, one.unit, date(2023, 3, 1))
        honoured(one, "BKB", 2022, level="ministry", kind="commendation")
    with CaptureQueriesContext(
        connection,
    ) as few:
        gather_cases([ask(people[0])], day=DAY)
    every = [ask(one, span) for one in [*people, tree.branch, tree.sibling] for span in (YEAR, PERIOD)]
    with CaptureQueriesContext(connection) as many:
        found = gather_cases(every, day=DAY)
    assert len(found) == len(every)
    assert len(many) == len(few) <= 15


def test_eligibility_is_known_only_for_a_year_that_somebody_looked_at(tree: Tree) -> None:
    one = person(tree.branch)
    TitleEligibility.objects.create(
        unit=tree.branch, person=one, title=title("CSTDCS"), year=2022, decision_number="M", decided_on=DAY
    )
    assert case_of(one).facts.eligible_titles is None
    TitleEligibility.objects.create(
        unit=tree.branch,
        person=one,
        title=title("CSTDCS"),
        year=2023,
        is_eligible=False,
        decision_number="M",
        decided_on=DAY,
    )
    assert [fact.year for fact in case_of(one).facts.eligible_titles or ()] == [2022]


@pytest.mark.parametrize(
    ("on", "counts_at"), [(date(2022, 12, 31), "branch"), (date(2023, 1, 1), "sibling")], ids=["eve", "day"]
)
def test_discipline_counts_where_the_person_worked_on_its_day(tree: Tree, on: date, counts_at: str) -> None:
    one = person(tree.branch)
    Posting.objects.filter(person=one).update(valid_to=date(2022, 12, 31))
    Posting.objects.create(unit=tree.sibling, person=one, position="X", valid_from=date(2023, 1, 1))
    disciplined(one, tree.sibling, on)
    for name in ("branch", "sibling"):
        found = case_of(getattr(tree, name), PERIOD).facts.discipline or ()
        assert [fact.of.value for fact in found] == (["staff"] if name == counts_at else [])
    assert [fact.of.value for fact in case_of(one).facts.discipline or ()] == ["nominee"]


def test_without_a_post_on_record_discipline_counts_where_it_is_kept(tree: Tree) -> None:
    one = person(tree.branch)
    disciplined(one, tree.branch, date(2019, 5, 1))
    assert len(case_of(tree.branch).facts.discipline or ()) == 1


@pytest.mark.parametrize(
    ("ends", "heads"), [(date(2023, 11, 12), False), (date(2023, 11, 13), True)], ids=["eve", "day"]
)
def test_a_head_is_who_holds_the_post_on_the_day(tree: Tree, ends: date, heads: bool) -> None:
    one = person(tree.branch, is_head=True)
    Posting.objects.filter(person=one).update(valid_to=ends)
    assert case_of(one).nominee.heads_unit is heads


def test_a_year_that_is_over_asks_who_headed_on_its_last_day(tree: Tree) -> None:
    one = person(tree.branch, is_head=True)
    Posting.objects.filter(person=one).update(valid_to=date(2023, 12, 31))
    Posting.objects.create(unit=tree.sibling, person=one, position="X", is_head=True, valid_from=date(2024, 1, 1))
    MovementResult.objects.create(
        unit=tree.branch, year=2023, result="excellent", decision_number="M", decided_on=date(2023, 12, 30)
    )
    later = case_of(one, day=date(2024, 3, 1))
    assert [(fact.year, fact.result) for fact in later.unit.movement_results or ()] == [(2023, "excellent")]
    assert case_of(one, PERIOD, date(2024, 3, 1)).unit.movement_results is None


def test_of_a_unit_out_of_sight_nothing_is_known(tree: Tree) -> None:
    one = person(tree.branch, is_head=True)
    Posting.objects.filter(person=one).update(unit=tree.stranger, unit_path=tree.stranger.path)
    with unit_scope(tree.branch.path):
        case = case_of(one)
    assert case.nominee.heads_unit
    assert case.unit == rules.NOTHING_KNOWN


def test_honours_and_recognitions_are_told_apart(tree: Tree) -> None:
    one = person(tree.branch)
    honoured(one, "BKB", 2022, level="ministry", kind="commendation")
    honoured(one, "grassroots-annual", 2022, kind="recognition")
    honoured(one, "BKB2", 2021, level="ministry").__class__.objects.filter(title__code="BKB2").update(stands=False)
    facts = case_of(one, PERIOD).facts
    assert [(fact.title, fact.level.value) for fact in facts.honours or ()] == [("BKB", "ministry")]
    assert [(fact.recognition, fact.year) for fact in facts.recognitions or ()] == [("grassroots-annual", 2022)]


def test_a_result_in_movements_is_of_its_year(tree: Tree) -> None:
    assert case_of(tree.branch).facts.movement_results is None
    MovementResult.objects.create(unit=tree.branch, year=2022, result="good", decision_number="M", decided_on=DAY)
    assert [fact.year for fact in case_of(tree.branch).facts.movement_results or ()] == [2022]


def test_a_nominee_without_anything_on_record_is_unknown_not_failed(tree: Tree) -> None:
    facts = case_of(person(tree.branch)).facts
    assert (facts.gradings, facts.eligible_titles, facts.attested, facts.proposed_by) == ((), None, None, None)
    assert not Grading.objects.exists()
