"""What the register tells of service, leave, reviews, dissolution and other awards, and what it leaves open."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from exemplars import kept_records, rules
from exemplars.models import Nomination
from exemplars.selectors.facts import ask_for, gather_cases
from tests.builders import DAY, Tree, person
from tests.exemplars.test_facts import PERIOD, case_of, honoured
from tests.exemplars.test_nominations import Story
from units.models import Circumstance, Honour, Initiative, Person, Posting, Succession, SuccessionKind
from units.scoping import maintenance_scope


@pytest.fixture
def tree(db: None) -> Iterator[Tree]:
    with maintenance_scope("tests read every unit"):
        yield Tree()


def away(who: Person, kind: str, first: date, last: date | None) -> None:
    Circumstance.objects.create(
        unit=who.unit, person=who, kind=kind, first_day=first, last_day=last, decision_number="M"
    )


@pytest.fixture
def states(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file in which the house says from when on its register is complete."""
    path = tmp_path / "kept.toml"
    path.write_text(
        "".join(
            f'[[record]]\nfact = "{fact}"\nvalid_from = {day}\ncitation = "MAU"\n'
            for fact, day in (("service", "2020-01-01"), ("leave", "2023-01-01"), ("reviews", "2023-01-01"))
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(kept_records, "RECORDS", path)
    return path


def test_posts_are_service_and_may_not_be_all_of_it(tree: Tree) -> None:
    one = person(tree.branch)
    Posting.objects.create(
        unit=tree.sibling, person=one, position="x", valid_from=date(2015, 3, 1), valid_to=date(2016, 2, 29)
    )
    facts = case_of(one).facts
    assert facts.service == (
        rules.Service(date(2015, 3, 1), date(2016, 2, 29)),
        rules.Service(Posting.objects.get(person=one, unit=tree.branch).valid_from),
    )
    assert "service" in facts.partly
    Posting.objects.filter(person=one).delete()
    assert case_of(one).facts.service is None


def test_leave_and_reviews_are_known_where_the_register_is_complete(tree: Tree, states: Path) -> None:
    one, other = person(tree.branch), person(tree.branch)
    away(one, "sick", date(2023, 1, 1), date(2023, 2, 9))
    away(one, "complaint", date(2023, 11, 1), None)
    facts, none = case_of(one).facts, case_of(other).facts
    assert facts.leave == (rules.Leave(rules.LeaveKind.SICK, date(2023, 1, 1), date(2023, 2, 9), rules.Source("M")),)
    assert facts.reviews == (rules.Review(date(2023, 11, 1), None, rules.Source("M")),)
    assert (none.leave, none.reviews, none.partly & {"leave", "reviews"}) == ((), (), frozenset())
    # A period that began before that day is not known in full.
    assert case_of(other, PERIOD).facts.leave is None
    assert "leave" in case_of(one, PERIOD).facts.partly


def test_without_such_a_word_what_is_not_on_record_is_unknown(tree: Tree) -> None:
    one = person(tree.branch)
    assert (case_of(one).facts.leave, case_of(one).facts.reviews, case_of(one).facts.initiatives) == (None, None, None)
    away(one, "inspection", date(2023, 1, 1), date(2023, 2, 1))
    Initiative.objects.create(
        unit=one.unit,
        person=one,
        work=UUID(int=1),
        title="M",
        year=2022,
        level="ministry",
        share=100,
        decision_number="M",
        decided_on=date(2022, 12, 1),
        issuer="X",
    )
    facts = case_of(one).facts
    assert {"reviews", "initiatives"} <= facts.partly
    assert facts.initiatives == (
        rules.InitiativeHeld(rules.Level.MINISTRY, 2022, rules.Source("M", date(2022, 12, 1), "X")),
    )


def test_who_came_after_a_stated_day_served_nowhere_before(tree: Tree, states: Path) -> None:
    one = person(tree.branch)
    Posting.objects.filter(person=one).update(valid_from=date(2020, 1, 1))
    assert "service" not in case_of(one).facts.partly
    Posting.objects.filter(person=one).update(valid_from=date(2019, 12, 31))
    assert "service" in case_of(one).facts.partly


@pytest.mark.parametrize(("kind", "ended"), [(SuccessionKind.DISSOLVE, 1), (SuccessionKind.MERGE, 0)])
def test_a_unit_that_merged_is_not_dissolved(tree: Tree, kind: SuccessionKind, ended: int) -> None:
    assert case_of(tree.branch).facts.dissolutions == ()
    Succession.objects.create(
        from_unit=tree.branch, to_unit=tree.sibling, on=date(2023, 6, 1), kind=kind, citation="MAU"
    )
    found = case_of(tree.branch).facts.dissolutions
    assert found == (rules.Dissolution(date(2023, 6, 1), rules.Source("MAU")),) * ended


def test_an_award_tells_its_achievement_by_the_nomination_it_came_from(settings: object, db: None) -> None:
    with maintenance_scope("test rows"):
        story = Story()
        asked = story.create(story.nominee)
        Nomination.objects.filter(pk=asked.pk).update(achievements="Giải quyết  xong 12 việc")
        before = Nomination.objects.get(pk=asked.pk)
        before.pk, before.year, before.state = UUID(int=7), 2022, "withdrawn"
        before.save(force_insert=True)

        def known() -> tuple[object, bool]:
            facts = gather_cases([ask_for(asked)], day=DAY)[asked.pk].facts
            return facts.same_achievement, "same_achievement" in facts.partly

        assert known() == ((), False)
        award = honoured(story.nominee, "BKB", 2023, level="ministry", kind="commendation")
        assert known() == (None, False)  # from paper: nobody knows for what
        Honour.objects.filter(pk=award.pk).update(source=asked.pk)
        assert known() == ((), False)  # what the nomination itself led to
        Honour.objects.filter(pk=award.pk).update(source=before.pk)
        same = rules.SameAchievement("BKB", 2023, rules.Source("M", date(2023, 12, 1)))
        assert known() == ((same,), False)
        Nomination.objects.filter(pk=before.pk).update(achievements="Việc khác")
        assert known() == ((), False)
        honoured(story.nominee, "GK", 2023, level="grassroots", kind="commendation")
        assert known() == (None, False)
        Nomination.objects.filter(pk=before.pk).update(achievements="giải quyết xong 12 việc")
        assert known() == ((same,), True)
