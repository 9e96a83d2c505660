"""Nominations and facts across a reorganisation: who may be put forward, and whose years count."""

from datetime import UTC, date, datetime

import pytest

from exemplars.dissolved_units import find_rule, read_rules
from exemplars.models import Nomination
from exemplars.rules import Facts, Span
from exemplars.selectors.facts import ask_for, gather_cases
from exemplars.selectors.nominations import find_edition
from exemplars.services.nominations import accept_nomination, create_nomination, submit_nomination
from exemplars.services.readings import load_readings
from exemplars.workflow import NominationState
from tests import builders
from units.actors import system_actor
from units.catalogue_file import read_legal_documents
from units.models import Grading, Honour, Succession, TitleEligibility, Unit
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import unit_scope
from units.services import succession

pytestmark = pytest.mark.django_db

ON = date(2025, 7, 1)
LATER = date(2025, 9, 1)
AT = datetime(2025, 9, 1, 3, 0, tzinfo=UTC)


class Merged(builders.Tree):
    """Chi cục Đại Từ went into Chi cục Định Hóa on 1/7/2025; criteria were published by their Cục."""

    def __init__(self, *, carries_record: bool | None = None) -> None:
        super().__init__()
        with unit_scope(self.ministry.path):
            self.campaign = builders.campaign(self.bureau, self.branch, self.sibling, last_day=None)
        self.old_clerk = builders.actor(self.branch, Role.CLERK)
        self.clerk = builders.actor(self.sibling, Role.CLERK)
        self.carries_record = carries_record

    def merge(self) -> None:
        with unit_scope(self.ministry.path):
            succession.merge_units(
                [self.branch],
                into=self.sibling,
                carries_record=self.carries_record,
                on=ON,
                citation="MAU",
                actor=system_actor(self.ministry, "thử"),
            )
        self.old_clerk.unit.refresh_from_db()

    def nominate(self, nominee: object, *, by: object, day: date = LATER, year: int = 2023) -> Nomination:
        with unit_scope(self.bureau.path):
            return create_nomination(
                self.campaign,
                recognition=builders.recognition(),
                year=year,
                nominee=nominee,  # type: ignore[arg-type]
                actor=by,  # type: ignore[arg-type]
                day=day,
                at=AT,
            )

    def facts(self, unit: Unit, year: int, period: Span | None = None) -> Facts:
        nomination = Nomination(
            unit=unit, collective=unit, campaign=self.campaign, recognition=builders.recognition(), year=year
        )
        with unit_scope(self.bureau.path):
            return gather_cases([ask_for(nomination, period)], day=LATER)[nomination.pk].facts


def grade(unit: Unit, year: int, value: str = "excellent") -> None:
    with unit_scope(unit.path):
        Grading.objects.create(
            unit=unit, collective=unit, year=year, grade=value, decision_number="M", decided_on=date(year, 12, 1)
        )


def test_a_dissolved_unit_is_refused_with_the_rule() -> None:
    tree = Merged()
    tree.merge()
    with pytest.raises(RefusedError) as caught:
        tree.nominate(tree.branch, by=tree.old_clerk)
    assert caught.value.what == (
        "Chi cục THADS huyện Đại Từ đã thôi hoạt động sau ngày 30/06/2025 nên không thể được đề nghị."
    )
    assert "Thông tư 15/2025/TT-BNV" in caught.value.why
    assert "Chi cục THADS huyện Định Hóa" in caught.value.remedy


def test_before_the_rule_it_is_refused_without_citing_it() -> None:
    tree = Merged()
    tree.merge()
    with pytest.raises(RefusedError) as caught:
        tree.nominate(tree.branch, by=tree.old_clerk, day=date(2025, 8, 4))
    assert "15/2025" not in caught.value.why


def test_on_its_last_day_a_unit_may_still_be_put_forward() -> None:
    tree = Merged()
    tree.merge()
    assert tree.nominate(tree.branch, by=tree.old_clerk, day=date(2025, 6, 30)).collective == tree.branch


def test_a_person_left_in_a_dissolved_unit_is_moved_first() -> None:
    tree = Merged()
    with unit_scope(tree.branch.path):
        person = builders.person(tree.branch)
    tree.merge()
    with pytest.raises(RefusedError) as caught:
        tree.nominate(person, by=tree.old_clerk)
    assert caught.value.what.startswith("Hồ sơ của Lường Thị Mẫu còn ở Chi cục THADS huyện Đại Từ")
    assert "sang Chi cục THADS huyện Định Hóa trước" in caught.value.remedy


def test_a_person_of_the_successor_may_be_put_forward_for_a_year_before() -> None:
    tree = Merged()
    with unit_scope(tree.sibling.path):
        person = builders.person(tree.sibling)
    tree.merge()
    assert tree.nominate(person, by=tree.clerk, year=2023).year == 2023


def test_a_draft_of_a_unit_that_ended_meanwhile_goes_no_further() -> None:
    tree = Merged()
    draft = tree.nominate(tree.branch, by=tree.old_clerk, day=date(2025, 6, 1))
    tree.merge()
    with unit_scope(tree.bureau.path), pytest.raises(RefusedError, match="thôi hoạt động"):
        submit_nomination(draft, actor=tree.old_clerk, day=LATER, at=AT)
    with unit_scope(tree.bureau.path):
        Nomination.objects.filter(pk=draft.pk).update(state=NominationState.FORWARDED)
        secretariat = builders.actor(tree.bureau, Role.SECRETARIAT)
        with pytest.raises(RefusedError, match="15/2025"):
            accept_nomination(draft, actor=secretariat, day=LATER, at=AT)


def test_the_rule_is_a_dated_document_of_the_catalogue() -> None:
    (rule,) = read_rules()
    assert [find_rule(day) for day in (date(2025, 8, 4), date(2025, 8, 5))] == [None, rule]
    numbers = [row.number for row in read_legal_documents() if row.number in rule.citation]
    assert numbers == ["15/2025/TT-BNV"]


def test_a_renamed_and_moved_unit_keeps_its_years() -> None:
    tree = Merged()
    grade(tree.branch, 2024)
    with unit_scope(tree.ministry.path):
        succession.apply_changes(
            [
                succession.renaming(tree.branch, name="Mới", short_name="Mới"),
                succession.moving(tree.branch, parent=tree.sibling),
            ],
            on=ON,
            citation="MAU",
            actor=system_actor(tree.ministry, "thử"),
        )
    assert [one.year for one in tree.facts(tree.branch, 2024).gradings or ()] == [2024]


@pytest.mark.parametrize(
    ("carries", "years"), [(True, [2024]), (False, []), (None, [])], ids=["counts", "does not", "undecided"]
)
def test_a_mergers_years_count_as_the_succession_says(carries: bool | None, years: list[int]) -> None:
    tree = Merged(carries_record=carries)
    grade(tree.branch, 2024)
    tree.merge()
    assert [one.year for one in tree.facts(tree.sibling, 2024).gradings or ()] == years


def test_the_units_own_year_comes_before_an_ancestors() -> None:
    tree = Merged(carries_record=True)
    grade(tree.branch, 2024, "excellent")
    grade(tree.sibling, 2024, "good")
    tree.merge()
    assert [one.grade for one in tree.facts(tree.sibling, 2024).gradings or ()] == ["good"]


def test_ancestors_that_say_different_things_leave_the_year_open() -> None:
    tree = Merged(carries_record=True)
    third = builders.unit("BA", "000100010003")
    grade(tree.branch, 2024, "excellent")
    grade(third, 2024, "good")
    tree.merge()
    with unit_scope(tree.ministry.path):
        succession.merge_units(
            [third],
            into=tree.sibling,
            carries_record=True,
            on=ON,
            citation="MAU",
            actor=system_actor(tree.ministry, "thử"),
        )
    assert tree.facts(tree.sibling, 2024).gradings == ()


def test_an_ancestors_honours_count_where_its_years_do() -> None:
    tree = Merged(carries_record=True)
    with unit_scope(tree.branch.path):
        Honour.objects.create(
            unit=tree.branch,
            collective=tree.branch,
            title=builders.title("TTLDXS", subject="collective"),
            year=2024,
            issuer="X",
            subject_name="X",
            subject_unit="X",
            decision_number="M",
            decided_on=date(2024, 12, 1),
        )
    tree.merge()
    assert [one.year for one in tree.facts(tree.sibling, 2024).honours or ()] == [2024]


def test_an_undecided_merger_leaves_eligibility_unknown_not_unmet() -> None:
    tree = Merged()
    with unit_scope(tree.sibling.path):
        TitleEligibility.objects.create(
            unit=tree.sibling,
            collective=tree.sibling,
            title=builders.title("TTLDXS", subject="collective"),
            year=2026,
            decision_number="M",
            decided_on=date(2026, 12, 1),
        )
    tree.merge()
    assert tree.facts(tree.sibling, 2025).eligible_titles is None
    assert tree.facts(tree.sibling, 2026).eligible_titles is not None


def test_criteria_of_a_unit_that_ended_still_judge_its_years() -> None:
    tree = Merged()
    assert find_edition(tree.branch, "grassroots-annual", 2023) is not None
    new = Unit(code="MOI", kind="thads-tinh", name="Mới", short_name="Mới", place="X", parent=tree.ministry)
    new.has_legal_personality = True
    with unit_scope(tree.ministry.path):
        succession.found_units([new], on=ON)
        succession.merge_units([tree.bureau], into=new, on=ON, citation="MAU", actor=system_actor(tree.ministry, "thử"))
    tree.branch.refresh_from_db()
    edition = find_edition(tree.branch, "grassroots-annual", 2023)
    assert edition is not None
    assert edition.issuer == tree.bureau


PERIOD = Span(date(2021, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    ("carries", "years"), [(True, [2023]), (False, []), (None, [2023])], ids=["counts", "does not", "undecided"]
)
def test_over_a_period_honours_of_a_merged_unit_count_unless_refused(carries: bool | None, years: list[int]) -> None:
    load_readings()
    tree = Merged(carries_record=carries)
    with unit_scope(tree.branch.path):
        Honour.objects.create(
            unit=tree.branch,
            collective=tree.branch,
            title=builders.title("BKB", subject="collective", level="ministry"),
            year=2023,
            issuer="X",
            subject_name="X",
            subject_unit="X",
            decision_number="M",
            decided_on=date(2023, 12, 1),
        )
    tree.merge()
    assert [one.year for one in tree.facts(tree.sibling, 2024, PERIOD).honours or ()] == years
    assert [one.year for one in tree.facts(tree.sibling, 2024).honours or ()] == ([2023] if carries else [])


def test_over_a_period_an_undecided_split_leaves_honours_open() -> None:
    tree = Merged()
    new = builders.unit("MOI", "000100010009")
    with unit_scope(tree.ministry.path):
        honour = {"issuer": "X", "subject_name": "X", "subject_unit": "X", "decision_number": "M"}
        Honour.objects.create(
            unit=tree.branch,
            collective=tree.branch,
            title=builders.title("BKB", subject="collective", level="ministry"),
            year=2023,
            decided_on=date(2023, 12, 1),
            **honour,
        )
        Succession.objects.create(from_unit=tree.branch, to_unit=new, on=ON, kind="split", citation="MAU")
    assert tree.facts(new, 2024, PERIOD).honours is None
    assert tree.facts(tree.sibling, 2024, PERIOD).honours == ()
