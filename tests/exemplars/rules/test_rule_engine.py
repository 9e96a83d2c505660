"""What an assessment says beyond its statuses, and what the engine refuses to judge."""

from dataclasses import replace
from datetime import date

import pytest
from rule_builders import COLLECTIVE, HEAD, PERSON, RULEBOOK, RULEBOOK_TEXT, judged, statuses, with_facts

from exemplars.rulebook_files import read_shipped_rulebooks
from exemplars.rules import (
    Assessment,
    Attestation,
    Case,
    Discipline,
    DisciplineOf,
    DocumentError,
    Employment,
    Evidence,
    Facts,
    Finding,
    Grading,
    HonourHeld,
    Level,
    Nominee,
    NomineeKind,
    NotApplicableError,
    Rulebook,
    Source,
    Status,
    assess,
    parse_rulebook,
)


def finding(case: Case, code: str) -> Finding:
    return next(found for found in assess(RULEBOOK, case).findings if found.code == code)


def test_criteria_come_in_the_order_of_the_plan_and_only_those_that_apply() -> None:
    general = ["G1", "G2", "G3", "G4"]
    assert list(statuses(assess(RULEBOOK, COLLECTIVE))) == [*general, "B-T1", "B-T2"]
    assert list(statuses(assess(RULEBOOK, PERSON))) == [*general, "B-C1", "B-C2"]
    assert list(statuses(assess(RULEBOOK, HEAD))) == [*general, "B-C1", "B-C2", "B-C3"]


@pytest.mark.parametrize("case", [PERSON, HEAD, COLLECTIVE])
def test_the_shortest_true_case_is_met(case: Case) -> None:
    assert assess(RULEBOOK, case).verdict is Status.MET


def test_unmet_outweighs_undetermined() -> None:
    case = with_facts(PERSON, attested=None, gradings=(Grading(2023, "good"),))
    assessment = assess(RULEBOOK, case)
    assert assessment.verdict is Status.UNMET
    assert [found.code for found in assessment.with_status(Status.UNMET)] == ["G2"]
    assert assess(RULEBOOK, with_facts(PERSON, attested=None)).verdict is Status.UNDETERMINED


def test_a_finding_names_the_paper_the_day_and_the_person() -> None:
    case = with_facts(
        COLLECTIVE,
        gradings=(Grading(2023, "excellent", Source("12/QĐ-VD", date(2023, 12, 20))),),
        discipline=(Discipline(DisciplineOf.STAFF, "canh-cao", date(2023, 5, 4), Source(decision="56/QĐ-VD")),),
        attested=(Attestation("G1", source=Source(by="Nguyễn Văn Ví Dụ", on=date(2023, 12, 1))),),
    )
    assert finding(case, "G1").evidence == (Evidence("Xác nhận đạt", "", date(2023, 12, 1), "Nguyễn Văn Ví Dụ"),)
    assert finding(case, "G2").evidence == (
        Evidence("Xếp loại năm 2023: Hoàn thành xuất sắc nhiệm vụ", "12/QĐ-VD", date(2023, 12, 20)),
    )
    assert finding(case, "B-T2").evidence == (Evidence("Có quyết định kỷ luật trong thời gian xét"),)


def test_a_lower_title_that_was_read_is_shown_although_it_is_not_enough() -> None:
    honour = HonourHeld("LDTT", Level.GRASSROOTS, 2023, Source("34/QĐ-VD", date(2024, 1, 5)))
    found = finding(with_facts(PERSON, eligible_titles=(), honours=(honour,)), "B-C1")
    assert found.status is Status.UNMET
    assert found.evidence == (Evidence("Đã được tặng Lao động tiên tiến năm 2023", "34/QĐ-VD", date(2024, 1, 5)),)


def test_what_is_unknown_is_asked_for_and_what_failed_gets_the_plans_remedy() -> None:
    unknown = finding(with_facts(PERSON, gradings=None), "G2")
    failed = finding(with_facts(PERSON, gradings=(Grading(2023, "failed"),)), "G2")
    assert unknown.remedy == "Bổ sung kết quả xếp loại năm 2023."
    assert failed.remedy == next(c.remedy for c in RULEBOOK.criteria if c.code == "G2")
    assert "chưa tới mức “Hoàn thành xuất sắc nhiệm vụ”" in failed.reason


def test_contradicting_attestations_are_left_to_people() -> None:
    attested = (*(PERSON.facts.attested or ()), Attestation("G4", holds=False))
    assert judged(with_facts(PERSON, attested=attested), "G4") is Status.UNDETERMINED


def test_before_the_year_is_over_a_clean_record_is_met_so_far() -> None:
    early = replace(COLLECTIVE, as_of=date(2023, 12, 30))
    assert "tính đến ngày xét" in finding(early, "B-T2").reason
    assert "tính đến ngày xét" not in finding(COLLECTIVE, "B-T2").reason


def test_the_unit_of_one_who_heads_none_is_not_read() -> None:
    case = replace(PERSON, unit=Facts(eligible_titles=(), honours=()))
    assert assess(RULEBOOK, case).verdict is Status.MET


@pytest.mark.parametrize("year", [2020, 2026])
def test_an_achievement_outside_the_edition_is_not_judged_by_it(year: int) -> None:
    with pytest.raises(NotApplicableError, match=f"không áp dụng cho thành tích năm {year}"):
        assess(RULEBOOK, replace(PERSON, year=year))


@pytest.mark.parametrize("year", [2021, 2025])
def test_the_first_and_the_last_year_of_the_edition_are_judged(year: int) -> None:
    assert assess(RULEBOOK, replace(PERSON, year=year)).year == year


def test_an_unknown_recognition_and_a_missing_year_are_refused() -> None:
    with pytest.raises(NotApplicableError, match="không có hình thức công nhận “sector-annual”"):
        assess(RULEBOOK, replace(PERSON, recognition="sector-annual"))
    with pytest.raises(NotApplicableError, match="kèm năm xét"):
        assess(RULEBOOK, replace(PERSON, year=None))


def test_no_criteria_is_not_a_success() -> None:
    only_people = RULEBOOK_TEXT.replace('["person", "collective"]', '["person"]').replace(
        '["collective"]', '["person"]'
    )
    with pytest.raises(NotApplicableError, match="không có tiêu chuẩn nào cho tập thể"):
        assess(parse_rulebook(only_people), COLLECTIVE)


def test_two_gradings_of_one_year_are_no_fact() -> None:
    with pytest.raises(ValueError, match="Mỗi năm chỉ có một"):
        Facts(gradings=(Grading(2023, "good"), Grading(2023, "excellent")))


@pytest.fixture(scope="module")
def period() -> Rulebook:
    """The same criteria asked of a period of five years instead of one year."""
    return parse_rulebook(
        RULEBOOK_TEXT.replace(
            'label = "Điển hình tiên tiến cấp cơ sở hằng năm"',
            'label = "Cả giai đoạn"\nperiod = { first_day = 2021-01-01, last_day = 2025-12-31 }',
        )
    )


def graded(**grades: str) -> tuple[Grading, ...]:
    return tuple(Grading(int(year[1:]), grade) for year, grade in grades.items())


@pytest.mark.parametrize(
    ("as_of", "gradings", "status"),
    [
        (date(2022, 12, 30), graded(y2021="excellent"), Status.MET),
        (date(2022, 12, 31), graded(y2021="excellent"), Status.UNDETERMINED),
        (date(2022, 12, 31), graded(y2021="excellent", y2022="excellent"), Status.MET),
        (date(2023, 6, 1), graded(y2021="good"), Status.UNMET),
        (date(2023, 6, 1), graded(y2021="excellent", y2022="excellent", y2023="failed"), Status.MET),
        (date(2021, 6, 1), (), Status.UNDETERMINED),
    ],
)
def test_a_period_reads_every_year_that_is_over(
    period: Rulebook, as_of: date, gradings: tuple[Grading, ...], status: Status
) -> None:
    case = with_facts(replace(PERSON, year=None, as_of=as_of), gradings=gradings)
    assert judged(case, "G2", period) is status


@pytest.mark.parametrize(
    ("on", "status"),
    [
        (date(2020, 12, 31), Status.MET),
        (date(2021, 1, 1), Status.UNMET),
        (date(2025, 12, 31), Status.UNMET),
        (date(2026, 1, 1), Status.MET),
    ],
)
def test_a_period_counts_discipline_from_its_first_day_to_its_last(period: Rulebook, on: date, status: Status) -> None:
    entry = Discipline(DisciplineOf.STAFF, "khien-trach", on)
    case = with_facts(replace(COLLECTIVE, year=None), discipline=(entry,))
    assert judged(case, "B-T2", period) is status


def test_a_period_is_not_asked_about_one_year(period: Rulebook) -> None:
    with pytest.raises(NotApplicableError, match="không kèm năm"):
        assess(period, PERSON)


@pytest.mark.parametrize(
    ("employment", "form", "on", "status"),
    [
        (Employment.CIVIL_SERVANT, "khien-trach", date(2023, 5, 4), Status.MET),
        (Employment.CIVIL_SERVANT, "canh-cao", date(2023, 5, 4), Status.UNMET),
        (Employment.CIVIL_SERVANT, "ha-bac-luong", date(2023, 5, 4), Status.UNMET),
        (Employment.CONTRACT, "keo-dai-nang-luong", date(2023, 5, 4), Status.UNDETERMINED),
        (Employment.CONTRACT, "ha-bac-luong", date(2023, 5, 4), Status.UNDETERMINED),
        (Employment.PUBLIC_EMPLOYEE, "cach-chuc", date(2023, 5, 4), Status.UNMET),
        (None, "ha-bac-luong", date(2023, 5, 4), Status.UNMET),
    ],
)
def test_a_form_is_compared_on_the_ladder_of_the_persons_employment(
    employment: Employment | None, form: str, on: date, status: Status
) -> None:
    own_record = parse_rulebook(
        RULEBOOK_TEXT.replace('of = "staff", at_least = "khien-trach"', 'of = "nominee", at_least = "canh-cao"')
        .replace('code = "B-T2"', 'code = "X"')
        .replace('"B-T2"', '"X"')
        .replace('["collective"]', '["person"]')
    )
    case = with_facts(
        replace(PERSON, nominee=Nominee(NomineeKind.PERSON, employment)),
        discipline=(Discipline(DisciplineOf.NOMINEE, form, on),),
    )
    assert judged(case, "X", own_record) is status


def test_a_tampered_assessment_is_refused() -> None:
    stored = assess(RULEBOOK, with_facts(PERSON, gradings=None)).to_json()
    with pytest.raises(DocumentError, match="verdict"):
        Assessment.from_json({**stored, "verdict": "met"})


SECTOR = replace(
    PERSON,
    recognition="sector-period",
    year=None,
    as_of=date(2025, 12, 31),
    facts=replace(PERSON.facts, honours=(), recognitions=(), proposed_by=()),
)


def reason(case: Case, code: str) -> str:
    found = assess(read_shipped_rulebooks()["thads-thai-nguyen-2023"], case).findings
    return next(finding.reason for finding in found if finding.code == code)


def test_what_is_not_met_says_by_how_much_and_when_it_could_be() -> None:
    lower = (HonourHeld("LDTT", Level.GRASSROOTS, 2023),)
    staff = Discipline(DisciplineOf.STAFF, "khien-trach", date(2023, 5, 4))
    assert reason(with_facts(PERSON, gradings=(Grading(2023, "completed"),)), "G2") == (
        "Kết quả xếp loại năm 2023 chưa tới mức “Hoàn thành xuất sắc nhiệm vụ”, còn thiếu 2 bậc. "
        "Sớm nhất có thể đạt khi xét năm 2024."
    )
    assert reason(with_facts(PERSON, eligible_titles=(), honours=lower), "B-C1").endswith(
        "năm 2023; cao nhất mới là Lao động tiên tiến, còn thiếu 1 bậc."
    )
    assert reason(with_facts(COLLECTIVE, discipline=(staff, staff)), "B-T2") == (
        "Năm 2023 có 2 trường hợp người do đơn vị trực tiếp quản lý bị kỷ luật từ mức khiển trách trở lên. "
        "Sớm nhất có thể đạt khi xét năm 2024."
    )
    assert reason(SECTOR, "N-3").endswith("hằng năm 0 lần; cần ít nhất 1, còn thiếu 1.")
    assert "cần ít nhất 1, còn thiếu 1" in reason(SECTOR, "N-4")
    assert reason(SECTOR, "N-2").endswith("còn thiếu 1. Chưa được Cục THADS hoặc Tổng cục THADS bình xét, đề nghị.")
    low = tuple(Grading(year, "good") for year in range(2021, 2026))
    assert reason(with_facts(SECTOR, gradings=low), "G2").endswith("Không còn đạt được trong giai đoạn 2021–2025.")
