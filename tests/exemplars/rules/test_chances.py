"""By how much something is unmet, and the first day on which it could be met."""

from dataclasses import replace
from datetime import date

import pytest
from rule_builders import COLLECTIVE, HEAD, PERSON, RULEBOOK, with_facts

from exemplars.rulebook_files import read_shipped_rulebooks
from exemplars.rules import (
    Attestation,
    Awaits,
    Case,
    Discipline,
    DisciplineOf,
    EligibleTitle,
    Finding,
    Grading,
    HonourHeld,
    Level,
    MovementResult,
    Rulebook,
    Status,
    assess,
    read_findings,
)

SECOND = read_shipped_rulebooks()["thads-thai-nguyen-2023"]


def found(case: Case, code: str, rulebook: Rulebook = RULEBOOK) -> Finding:
    return next(one for one in assess(rulebook, case).findings if one.code == code)


def over_the_period(case: Case, recognition: str = "grassroots-period", as_of: date = date(2023, 12, 31)) -> Case:
    return replace(case, recognition=recognition, year=None, as_of=as_of)


def test_a_grading_that_is_too_low_waits_for_the_next_years() -> None:
    one = found(with_facts(PERSON, gradings=(Grading(2023, "completed"),)), "G2")
    assert (one.missing, one.first_possible) == ("2 bậc xếp loại", date(2024, 12, 31))
    assert one.outlook == "Sớm nhất có thể đạt: ngày 31/12/2024, khi xét năm 2024."


def test_a_year_below_is_lost_for_the_period() -> None:
    one = found(over_the_period(with_facts(PERSON, gradings=(Grading(2021, "good"),))), "G2", SECOND)
    assert (one.missing, one.first_possible) == ("1 bậc xếp loại", None)
    assert one.outlook == "Không còn đạt được trong giai đoạn 2021–2025."


def test_a_title_found_not_eligible_waits_for_the_next_year() -> None:
    one = found(with_facts(PERSON, eligible_titles=(EligibleTitle("LDTT", 2023),)), "B-C1")
    assert (one.missing, one.first_possible) == ("1 bậc danh hiệu", date(2024, 1, 1))
    unit = replace(HEAD, unit=replace(HEAD.unit, eligible_titles=()))
    assert found(unit, "B-C3").missing.startswith("kết quả đủ điều kiện xét Tập thể Lao động xuất sắc")


@pytest.mark.parametrize(("year", "day"), [(2023, date(2024, 1, 1)), (None, None)], ids=["year", "period"])
def test_discipline_is_over_with_the_year_and_never_in_the_period(year: int | None, day: date | None) -> None:
    case = with_facts(COLLECTIVE, discipline=(Discipline(DisciplineOf.STAFF, "canh-cao", date(2023, 5, 4)),))
    one = found(case, "B-T2") if year else found(over_the_period(case), "P-T3", SECOND)
    assert (one.missing, one.first_possible) == ("1 trường hợp bị kỷ luật trong thời gian xét", day)


@pytest.mark.parametrize(
    ("as_of", "day"), [(date(2025, 12, 31), date(2025, 12, 31)), (date(2026, 1, 1), None)], ids=["day", "after"]
)
def test_a_track_record_may_grow_while_the_period_lasts(as_of: date, day: date | None) -> None:
    one = found(over_the_period(with_facts(PERSON, honours=()), as_of=as_of), "P-C2", SECOND)
    assert (one.missing, one.first_possible) == ("1 lần được khen thưởng", day)


def test_a_judgement_may_change_at_once() -> None:
    one = found(with_facts(PERSON, attested=(Attestation("G1", holds=False),)), "G1")
    assert (one.first_possible, one.missing) == (PERSON.as_of, "nhận định đạt của người có trách nhiệm")
    enough = with_facts(
        PERSON, honours=(HonourHeld("BKB", Level.MINISTRY, 2022),), attested=(Attestation("P-C2", holds=False),)
    )
    assert found(over_the_period(enough), "P-C2", SECOND).first_possible == PERSON.as_of


def test_of_several_conditions_the_last_that_comes_counts() -> None:
    case = with_facts(PERSON, recognitions=(), proposed_by=())
    one = found(replace(case, recognition="sector-annual"), "N-1", SECOND)
    assert one.first_possible == PERSON.as_of
    assert one.missing == (
        "1 lần được công nhận điển hình tiên tiến cấp cơ sở hằng năm; văn bản đề nghị của Cục THADS hoặc Tổng cục THADS"
    )
    late = found(over_the_period(case, "sector-period", date(2026, 1, 1)), "N-2", SECOND)
    assert (late.first_possible, late.outlook) == (None, "Không còn đạt được trong giai đoạn 2021–2025.")


def test_a_result_in_movements_waits_like_a_grading() -> None:
    head = over_the_period(replace(HEAD, unit=replace(HEAD.unit, movement_results=(MovementResult(2022, "good"),))))
    assert found(head, "P-C4", SECOND).missing == "1 bậc phong trào thi đua"


def test_what_is_undetermined_says_for_whom_it_waits() -> None:
    bare = with_facts(PERSON, attested=None, gradings=())
    assert (found(bare, "G1").awaits, found(bare, "G2").awaits) == (Awaits.PEOPLE, Awaits.RECORD)
    sector = replace(bare, recognition="sector-annual")
    assert found(sector, "N-1", SECOND).awaits is Awaits.RECORD
    assert found(PERSON, "G2").awaits is None


def test_every_unmet_finding_tells_all_three_and_survives_storing() -> None:
    worst = with_facts(
        PERSON,
        gradings=tuple(Grading(year, "failed") for year in range(2021, 2026)),
        eligible_titles=(),
        honours=(),
        discipline=(Discipline(DisciplineOf.NOMINEE, "canh-cao", date(2023, 5, 4)),),
        attested=tuple(Attestation(code, holds=False) for code in ("G1", "G3", "G4", "B-C2")),
        recognitions=(),
        proposed_by=(),
    )
    for recognition in SECOND.recognitions:
        case = replace(worst, recognition=recognition.code, year=None if recognition.period else 2023)
        findings = assess(SECOND, case).findings
        unmet = [one for one in findings if one.status is Status.UNMET]
        assert unmet
        assert all(one.missing and one.outlook for one in unmet)
        assert read_findings([one.to_json() for one in findings]) == findings


def test_a_finding_stored_before_these_were_told_is_still_read() -> None:
    stored = found(PERSON, "G2").to_json()
    for key in ("missing", "first_possible", "outlook", "awaits"):
        del stored[key]
    (one,) = read_findings([stored])
    assert (one.missing, one.first_possible, one.outlook, one.awaits) == ("", None, "", None)
