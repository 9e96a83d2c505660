"""The two plans stand with their dates and quotas, and no date that looks wrong passes unnamed."""

from datetime import date
from pathlib import Path

import pytest

from campaigns.plan_file import PLANS, Plan, read_plan, read_shipped_plans
from campaigns.plan_parts import Due, PlannedObligation
from units.catalogue_file import read_award_titles, read_legal_documents
from units.data_file import DataFileError
from units.register_rules import list_north_2021

THAI_NGUYEN = PLANS / "cthads-thai-nguyen-2023.toml"
REGION = PLANS / "kvtd-mien-nui-phia-bac-2021.toml"


@pytest.fixture(scope="module")
def thai_nguyen() -> Plan:
    return read_plan(THAI_NGUYEN)


@pytest.fixture(scope="module")
def region() -> Plan:
    return read_plan(REGION)


def obligation(plan: Plan, code: str) -> PlannedObligation:
    (found,) = [item for item in plan.obligations if item.code == code]
    return found


def problems_after(folder: Path, source: Path, *changes: tuple[str, str]) -> tuple[str, ...]:
    """What the reader says of a shipped file in which mistakes were made."""
    text = source.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / source.name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_plan(path)
    return caught.value.problems


def test_every_unit_award_and_document_named_is_known() -> None:
    units = {row.code for row in list_north_2021()}
    awards = {row.code for row in read_award_titles()}
    documents = {row.number for row in read_legal_documents()}
    for plan in read_shipped_plans():
        named = {plan.issuer}
        for item in plan.obligations:
            named |= {item.owed_to, *item.copies_to, *item.owed_by.units}
            named |= {item.owed_by.within} - {None}
        if plan.cluster:
            named |= set(plan.cluster.members)
        assert named - units == set()
        assert set(plan.awards) - awards == set()
        assert set(plan.basis) - documents == set()


def test_codes_are_unique_over_all_plans() -> None:
    codes = [item.code for plan in read_shipped_plans() for item in plan.obligations]
    assert len(codes) == len(set(codes)) == 26


def test_plan_of_thai_nguyen_has_no_number_and_says_why(thai_nguyen: Plan) -> None:
    assert (thai_nguyen.number, thai_nguyen.issued_on) == (None, None)
    assert (thai_nguyen.issued_from, thai_nguyen.issued_until) == (date(2023, 2, 1), date(2023, 2, 28))
    assert thai_nguyen.issue_note is not None


def test_unit_plan_is_due_before_20_february_2023(thai_nguyen: Plan) -> None:
    item = obligation(thai_nguyen, "TNG-2023-KE-HOACH")
    assert item.due == Due("before-day", day=date(2023, 2, 20))
    assert item.owed_by.kinds == ("phong", "chi-cuc")
    assert (item.owed_by.within, item.owed_to) == ("CTHADS-TNG", "CTHADS-TNG")
    assert str(item.citation) == "Kế hoạch tháng 02/2023 của Cục THADS tỉnh Thái Nguyên, III.2"


@pytest.mark.parametrize(
    ("code", "day"),
    [("TNG-2023-XET-CO-SO", date(2023, 11, 20)), ("TNG-2023-BAO-CAO-NAM", date(2023, 11, 14))],
)
def test_day_the_plan_does_not_give_is_set_by_the_office(thai_nguyen: Plan, code: str, day: date) -> None:
    item = obligation(thai_nguyen, code)
    assert item.set_by_office is True
    assert item.due == Due("until-day", day=day)
    assert item.phrase is None
    assert item.note is not None


def test_only_two_days_are_set_by_an_office() -> None:
    found = {item.code for plan in read_shipped_plans() for item in plan.obligations if item.set_by_office}
    assert found == {"TNG-2023-XET-CO-SO", "TNG-2023-BAO-CAO-NAM"}


def test_slip_of_the_year_is_kept_as_written_and_flagged(region: Plan) -> None:
    item = obligation(region, "MNPB-2021-PHAT-DONG")
    assert item.due == Due("before-day", day=date(2020, 3, 10), read_as=date(2021, 3, 10))
    assert item.warnings == ("before-issue", "outside-period")
    assert item.phrase == "trước ngày 10/3/2020"


def test_registration_due_before_the_plan_was_issued_is_flagged(region: Plan) -> None:
    item = obligation(region, "MNPB-2021-DANG-KY")
    assert item.due.day == date(2021, 2, 20)
    assert region.issued_on == date(2021, 2, 28)
    assert item.warnings == ("before-issue", "weekend")


def test_year_report_has_its_papers_and_page_limits(region: Plan) -> None:
    papers = obligation(region, "MNPB-2021-BC-NAM").papers
    assert [(paper.max_pages, paper.required) for paper in papers] == [
        (None, True),
        (3, True),
        (2, False),
        (None, True),
        (None, True),
    ]


def test_inspection_report_is_counted_from_the_inspection(region: Plan) -> None:
    due = obligation(region, "MNPB-2021-BC-KIEM-TRA").due
    assert (due.days, due.after_obligation) == (10, "MNPB-2021-KIEM-TRA")


def test_region_has_28_members_and_its_heads_of_2021(region: Plan) -> None:
    assert region.cluster is not None
    assert len(region.cluster.members) == 28
    assert (region.cluster.head, region.cluster.deputies) == ("STP-YBI", ("STP-TQU", "CTHADS-LCA"))


def test_members_are_every_so_and_cuc_of_the_register(region: Plan) -> None:
    assert region.cluster is not None
    expected = {row.code for row in list_north_2021() if row.kind in {"so-tu-phap", "cuc-thads"}}
    assert set(region.cluster.members) == expected


def test_quotas_are_those_of_the_plan(region: Plan) -> None:
    assert [(item.award, item.unit_kinds, item.at_most, len(item.among)) for item in region.quotas] == [
        ("COBO", ("so-tu-phap",), 4, 0),
        ("COBO", ("cuc-thads",), 4, 0),
        ("COBO", ("chi-cuc",), 13, 0),
        ("COCP", ("so-tu-phap", "cuc-thads", "chi-cuc"), 2, 3),
    ]
    assert {item.tentative for item in region.quotas} == {True}


@pytest.mark.parametrize(
    ("due", "span"),
    [
        (Due("until-day", day=date(2023, 11, 20)), (date(2023, 11, 20), date(2023, 11, 20))),
        (Due("month", year=2024, month=2), (date(2024, 2, 1), date(2024, 2, 29))),
        (Due("quarter", year=2022, quarter=1), (date(2022, 1, 1), date(2022, 3, 31))),
        (Due("quarter", year=2022, quarter=4), (date(2022, 10, 1), date(2022, 12, 31))),
        (Due("unstated"), None),
    ],
)
def test_written_span(due: Due, span: tuple[date, date] | None) -> None:
    assert due.written_span() == span


def test_a_warning_left_out_is_asked_for(tmp_path: Path) -> None:
    change = ('warnings = ["before-issue", "outside-period"]', 'warnings = ["before-issue"]')
    assert problems_after(tmp_path, REGION, change) == (
        (
            "kvtd-mien-nui-phia-bac-2021.toml: [[obligation]] MNPB-2021-PHAT-DONG, khóa «warnings»: "
            "thiếu «outside-period»: thời hạn như đã ghi có dấu hiệu này; hãy nêu ra."
        ),
    )


def test_a_warning_that_does_not_hold_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_after(
        tmp_path,
        REGION,
        (
            'due = { type = "before-day", day = 2021-06-20 }',
            'due = { type = "before-day", day = 2021-06-21 }',
        ),
    )
    assert "[[obligation]] MNPB-2021-BC-6-THANG, khóa «warnings»: thừa «weekend»" in problem


def test_a_day_that_does_not_exist_is_told_with_its_line(tmp_path: Path) -> None:
    (problem,) = problems_after(tmp_path, THAI_NGUYEN, ("2023-02-20", "2023-02-31"))
    assert "không phải TOML hợp lệ" in problem
    assert "line" in problem


def test_a_day_written_as_text_is_refused(tmp_path: Path) -> None:
    (problem, *_) = problems_after(tmp_path, THAI_NGUYEN, ("day = 2023-11-20", 'day = "20/11/2023"'))
    assert problem == (
        "cthads-thai-nguyen-2023.toml: [[obligation]] TNG-2023-XET-CO-SO, [due], khóa «day»: "
        "giá trị «20/11/2023» không đúng; cần ngày dạng năm-tháng-ngày, ví dụ 2023-02-20."
    )


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('kind = "plan"', 'kind = "todo"'), "[[obligation]] TNG-2023-KE-HOACH, khóa «kind»"),
        (('phase = "2023"', 'phase = "2022"'), "[[obligation]] TNG-2023-KE-HOACH, khóa «phase»"),
        (("month = 11", "month = 13"), "[[obligation]] TNG-2023-GUONG-SANG, [due], khóa «month»"),
        (('type = "month"', 'type = "moon"'), "[[obligation]] TNG-2023-GUONG-SANG, [due], khóa «type»"),
        (
            ('awards = ["grassroots-annual"]\n', ""),
            "[[obligation]] TNG-2023-XET-CO-SO, khóa «awards»: còn thiếu",
        ),
        (
            (', within = "CTHADS-TNG" }', " }"),
            "[[obligation]] TNG-2023-KE-HOACH, [owed_by], khóa «within»",
        ),
        (
            ('owed_by = { units = ["CTHADS-TNG"] }', 'owed_by = { cluster = { who = "members" } }'),
            "[[obligation]] TNG-2023-SO-KET, [owed_by], [cluster], khóa «of»",
        ),
        (
            ('phrase = "trước ngày 20/02/2023"\n', ""),
            "[[obligation]] TNG-2023-KE-HOACH, khóa «phrase»: còn thiếu",
        ),
        (("issue_note = ", "isue_note = "), "[campaign], khóa «isue_note»: không có trong mẫu"),
        (("closes_on = 2024-12-31", "closes_on = 2026-12-31"), "[[phase]] 2024, khóa «closes_on»"),
        (('code = "2024"', 'code = "2023"'), "[[phase]]: code «2023» xuất hiện hơn một lần"),
        (
            ('due = { type = "unstated" }', 'due = { type = "unstated", days = 3 }'),
            "[[obligation]] TNG-2023-NHAN-RONG, [due], khóa «days»: không có trong mẫu",
        ),
    ],
)
def test_a_mistake_is_told_with_its_entry_and_key(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    assert any(expected in problem for problem in problems_after(tmp_path, THAI_NGUYEN, change))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (('head = "STP-YBI"', 'head = "STP-KHH"'), "[cluster], khóa «head»"),
        (('award = "COCP"', 'award = "CSTDCS"'), "[[quota]] MNPB-2021-CO-CHINH-PHU, khóa «award»"),
        (("at_most = 13", "at_most = 0"), "[[quota]] MNPB-2021-CO-NGANH-CHI-CUC, khóa «at_most»"),
        (
            ('after_obligation = "MNPB-2021-KIEM-TRA"', 'after_obligation = "MNPB-2021-THANH-TRA"'),
            "[[obligation]] MNPB-2021-BC-KIEM-TRA, [due], khóa «after_obligation»",
        ),
        (
            ("max_pages = 2", "max_pages = 2.5"),
            "[[obligation]] MNPB-2021-BC-NAM, [[paper]] Báo cáo tham luận, khóa «max_pages»",
        ),
    ],
)
def test_a_mistake_in_the_regions_plan_is_told(tmp_path: Path, change: tuple[str, str], expected: str) -> None:
    assert any(expected in problem for problem in problems_after(tmp_path, REGION, change))
