"""The demonstration holds invented people only, names nothing unknown, and has a case of each outcome."""

from pathlib import Path

import pytest

from units.catalogue_file import read_award_titles
from units.data_file import DataFileError
from units.demonstration_file import (
    DEMONSTRATION,
    INVENTED_ENDINGS,
    Demonstration,
    PersonRow,
    RecordRows,
    read_demonstration,
)
from units.register_rules import list_north_2021


@pytest.fixture(scope="module")
def shown() -> Demonstration:
    return read_demonstration()


def working_at(shown: Demonstration, unit: str) -> list[PersonRow]:
    return [person for person in shown.people if person.postings[-1].unit == unit]


def head_of(shown: Demonstration, unit: str) -> PersonRow:
    (head,) = [person for person in working_at(shown, unit) if person.postings[-1].is_head]
    return head


def record_of(shown: Demonstration, unit: str) -> RecordRows:
    (record,) = [row.record for row in shown.units if row.code == unit]
    return record


def is_eligible(record: RecordRows, title: str) -> bool | None:
    found = [row.is_eligible for row in record.eligibilities if (row.title, row.year) == (title, 2023)]
    return found[0] if found else None


def grade(record: RecordRows, year: int) -> str | None:
    found = [row.grade for row in record.gradings if row.year == year]
    return found[0] if found else None


def disciplined_in(shown: Demonstration, unit: str, year: int) -> bool:
    rows = [row for person in working_at(shown, unit) for row in person.disciplines]
    return any(row.decided_on.year == year for row in rows)


def problems_after(folder: Path, old: str, new: str) -> tuple[str, ...]:
    text = DEMONSTRATION.read_text(encoding="utf-8")
    assert old in text
    path = folder / DEMONSTRATION.name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        read_demonstration(path)
    return caught.value.problems


def test_every_name_shows_that_the_person_is_invented(shown: Demonstration) -> None:
    assert [person.name for person in shown.people if not person.name.endswith(INVENTED_ENDINGS)] == []


def test_no_run_of_digits_could_be_a_telephone() -> None:
    text = DEMONSTRATION.read_text(encoding="utf-8")
    digits = "".join(letter if letter.isdigit() else " " for letter in text)
    assert [run for run in digits.split() if len(run) > 4] == []


def test_every_unit_and_title_named_is_known(shown: Demonstration) -> None:
    units = {row.code for row in list_north_2021()}
    titles = {row.code for row in read_award_titles()}
    records = [person.record for person in shown.people] + [row.record for row in shown.units]
    named_units = {posting.unit for person in shown.people for posting in person.postings}
    named_units |= {row.code for row in shown.units} | {council.unit for council in shown.councils}
    named_units |= {membership.unit for account in shown.accounts for membership in account.memberships}
    named_titles = {row.title for record in records for row in (*record.eligibilities, *record.honours)}
    assert named_units - units == set()
    assert named_titles - titles == set()


def test_nobody_is_posted_to_a_unit_before_the_register_knows_it(shown: Demonstration) -> None:
    known_from = {row.code: row.valid_from for row in list_north_2021()}
    early = [
        (person.code, posting.unit)
        for person in shown.people
        for posting in person.postings
        if posting.valid_from < known_from[posting.unit]
    ]
    assert early == []


def test_every_unit_of_thai_nguyen_has_one_head_and_its_people(shown: Demonstration) -> None:
    below = [row.code for row in list_north_2021() if row.parent_code == "CTHADS-TNG"]
    sizes = {code: len(working_at(shown, code)) for code in below}
    assert sizes == {code: 8 if code == "CC-TNG-DAI-TU" else 3 for code in below}
    assert {head_of(shown, code).postings[-1].unit for code in below} == set(below)


def test_dai_tu_has_someone_whom_every_record_supports(shown: Demonstration) -> None:
    (person,) = [person for person in working_at(shown, "CC-TNG-DAI-TU") if person.name == "Lường Thị Mẫu"]
    assert grade(person.record, 2023) == "excellent"
    assert is_eligible(person.record, "CSTDCS") is True
    assert ("CSTDCS", 2022) in {(row.title, row.year) for row in person.record.honours}
    assert person.disciplines == ()


def test_dai_tu_has_people_met_unmet_and_undetermined(shown: Demonstration) -> None:
    records = [person.record for person in working_at(shown, "CC-TNG-DAI-TU")]
    assert {is_eligible(record, "CSTDCS") for record in records} == {True, False, None}
    assert {grade(record, 2023) for record in records} == {"excellent", "good", None}


def test_dai_tu_itself_meets_what_a_unit_must(shown: Demonstration) -> None:
    record = record_of(shown, "CC-TNG-DAI-TU")
    assert (grade(record, 2023), is_eligible(record, "TTLDXS")) == ("excellent", True)
    assert disciplined_in(shown, "CC-TNG-DAI-TU", 2023) is False
    assert disciplined_in(shown, "CC-TNG-DAI-TU", 2021) is True


def test_phu_binh_fails_on_discipline_only(shown: Demonstration) -> None:
    record = record_of(shown, "CC-TNG-PHU-BINH")
    assert (grade(record, 2023), is_eligible(record, "TTLDXS")) == ("excellent", True)
    assert disciplined_in(shown, "CC-TNG-PHU-BINH", 2023) is True


def test_vo_nhai_has_an_eligible_head_of_a_unit_that_is_not(shown: Demonstration) -> None:
    assert is_eligible(head_of(shown, "CC-TNG-VO-NHAI").record, "CSTDCS") is True
    assert is_eligible(record_of(shown, "CC-TNG-VO-NHAI"), "TTLDXS") is False


def test_pho_yen_has_no_finding_yet(shown: Demonstration) -> None:
    assert is_eligible(record_of(shown, "CC-TNG-PHO-YEN"), "TTLDXS") is None


def test_council_has_seven_seats_under_the_head_of_the_cuc(shown: Demonstration) -> None:
    (council,) = shown.councils
    assert [member.seat for member in council.members] == ["chair", "deputy"] + ["member"] * 5
    assert council.members[0].person == head_of(shown, "CTHADS-TNG").code
    assert sum(member.is_secretary for member in council.members) == 1
    assert sum(member.is_teller for member in council.members) == 1


def test_every_council_member_has_an_account_of_a_member(shown: Demonstration) -> None:
    (council,) = shown.councils
    members = {
        account.person
        for account in shown.accounts
        if ("CTHADS-TNG", "member") in {(row.unit, row.role) for row in account.memberships}
    }
    assert members == {member.person for member in council.members}


def test_every_step_of_the_story_has_somebody_to_take_it(shown: Demonstration) -> None:
    held = {(row.unit, row.role) for account in shown.accounts for row in account.memberships}
    assert held >= {
        ("CC-TNG-DAI-TU", "clerk"),
        ("CC-TNG-DAI-TU", "head"),
        ("CC-TNG-DINH-HOA", "clerk"),
        ("CC-TNG-DINH-HOA", "head"),
        ("CTHADS-TNG", "secretariat"),
        ("CTHADS-TNG", "records"),
        ("CTHADS-TNG", "head"),
        ("BTP", "staff"),
        ("CTHADS-CBA", "clerk"),
    }


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            'name = "Lường Thị Mẫu"',
            'name = "Lường Thị Hoa"',
            "[[person]] MAU-0003, khóa «name»: «Lường Thị Hoa» có thể là tên thật",
        ),
        (
            "canbo.daitu@example.vn",
            "canbo.daitu@moj.gov.vn",
            "[[account]] canbo.daitu, khóa «email»: «canbo.daitu@moj.gov.vn» có thể là địa chỉ thật",
        ),
        (
            'decision_number = "MAU-41/QĐ-CTHADS"',
            'decision_number = "41/QĐ-CTHADS"',
            "khóa «decision_number»: «41/QĐ-CTHADS» có thể là số thật",
        ),
        (
            'person = "MAU-0006"',
            'person = "MAU-9999"',
            "[[account]] canbo.daitu, khóa «person»: giá trị «MAU-9999» không đúng",
        ),
        (
            "valid_to = 2022-05-31",
            "valid_to = 2022-06-30",
            "[[person]] MAU-0004, khóa «posting»: chức vụ ở CC-TNG-DINH-HOA chưa thôi",
        ),
        (
            'code = "MAU-0002"',
            'code = "MAU-0001"',
            "[[person]]: code «MAU-0001» xuất hiện hơn một lần",
        ),
        (
            'grade = "excellent"',
            'grade = "xuất sắc"',
            "[[person]] MAU-0001, [[grading]] 2022, khóa «grade»: giá trị «xuất sắc» không đúng",
        ),
        (
            "decided_on = 2022-12-09",
            "decided_on = 2021-12-09",
            "[[person]] MAU-0001, [[grading]] 2022, khóa «decided_on»: quyết định có trước năm 2022",
        ),
        (
            'seat = "deputy"',
            'seat = "chair"',
            "[[council]] CTHADS-TNG, khóa «member»: cần đúng một người giữ ghế «chair»",
        ),
        ("is_secretary = true\n", "", "[[council]] CTHADS-TNG, khóa «member»: còn thiếu thư ký"),
        ('role = "staff"', 'role = "admin"', "[[membership]] BTP, khóa «role»: giá trị «admin» không đúng"),
    ],
)
def test_a_mistake_is_told_with_its_entry_and_key(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert any(expected in problem for problem in problems_after(tmp_path, old, new))
