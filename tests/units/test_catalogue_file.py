"""The catalogues agree with the sources, and a wrong key is told by file, entry and key."""

from collections import defaultdict
from pathlib import Path

import pytest

from units.catalogue_file import AWARD_TITLES, LEGAL_DOCUMENTS, read_award_titles, read_legal_documents
from units.data_file import DataFileError


def changed(folder: Path, source: Path, old: str, new: str) -> Path:
    """A copy of a shipped file with one mistake made in its first matching place."""
    text = source.read_text(encoding="utf-8")
    assert old in text
    path = folder / source.name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


def title_problems(path: Path) -> tuple[str, ...]:
    with pytest.raises(DataFileError) as caught:
        read_award_titles(path)
    return caught.value.problems


def test_ladders_climb_in_the_order_of_the_law() -> None:
    ladders: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in read_award_titles():
        ladders[row.ladder][row.rank].add(row.code)
    assert ladders == {
        "person-titles": {1: {"LDTT"}, 2: {"CSTDCS"}, 3: {"CSTDB"}, 4: {"CSTDTQ"}},
        "collective-titles": {1: {"TTLDTT"}, 2: {"TTLDXS"}, 3: {"COBO"}, 4: {"COCP"}},
        "commendations": {
            1: {"GK"},
            2: {"BKB", "BKT"},
            3: {"BKTTG"},
            4: {"HCLD3"},
            5: {"HCLD2"},
            6: {"HCLD1"},
            7: {"HCDL3"},
            8: {"HCDL2"},
            9: {"HCDL1"},
        },
        "memorials": {1: {"KNC"}},
        "exemplar-annual": {1: {"grassroots-annual"}, 2: {"sector-annual"}},
        "exemplar-period": {1: {"grassroots-period"}, 2: {"sector-period"}},
    }


def test_recognitions_stand_apart_from_statutory_titles() -> None:
    recognitions = {row.code for row in read_award_titles() if row.kind == "recognition"}
    assert recognitions == {"grassroots-annual", "sector-annual", "grassroots-period", "sector-period"}


def test_what_no_text_confirmed_says_so() -> None:
    by_code = {row.code: row for row in read_award_titles()}
    assert by_code["CSTDCS"].confidence == "confirmed"
    assert by_code["TTLDXS"].confidence == "unconfirmed"


def test_a_wrong_level_is_told_with_the_allowed_ones(tmp_path: Path) -> None:
    path = changed(tmp_path, AWARD_TITLES, 'level = "grassroots"', 'level = "xã"')
    assert title_problems(path) == (
        (
            "award_titles.toml: [[title]] LDTT, khóa «level»: giá trị «xã» không đúng; "
            "cần một trong: grassroots, ministry, province, sector, state."
        ),
    )


def test_a_gap_in_a_ladder_is_refused(tmp_path: Path) -> None:
    assert title_problems(changed(tmp_path, AWARD_TITLES, "rank = 4", "rank = 5")) == (
        "award_titles.toml: bậc thang «person-titles»: các bậc là 1, 2, 3, 5; cần đếm từ 1 và không bỏ bậc.",
    )


def test_a_ladder_of_two_kinds_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, AWARD_TITLES, 'kind = "emulation-title"', 'kind = "recognition"')
    (problem,) = title_problems(path)
    assert "cần một loại duy nhất" in problem


def test_an_end_before_the_start_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, AWARD_TITLES, "valid_to = 2025-12-31", "valid_to = 2020-12-31")
    assert title_problems(path) == (
        (
            "award_titles.toml: [[title]] grassroots-annual, khóa «valid_to»: ngày cuối 31/12/2020 "
            "trước ngày đầu 01/01/2021; cần từ ngày đầu trở đi."
        ),
    )


def test_an_unconfirmed_title_must_say_what_is_open(tmp_path: Path) -> None:
    note = 'note = "Chưa đối chiếu được nguyên văn Điều 79 về thẩm quyền."\n'
    (problem,) = title_problems(changed(tmp_path, AWARD_TITLES, note, ""))
    assert problem.startswith("award_titles.toml: [[title]] CSTDB, khóa «note»: còn thiếu")


def test_a_misspelt_key_is_not_lost(tmp_path: Path) -> None:
    (problem,) = title_problems(changed(tmp_path, AWARD_TITLES, "valid_to = ", "valid_til = "))
    assert problem.startswith("award_titles.toml: [[title]] grassroots-annual, khóa «valid_til»: không có")


def test_a_title_used_twice_is_refused(tmp_path: Path) -> None:
    (problem,) = title_problems(changed(tmp_path, AWARD_TITLES, 'code = "CSTDCS"', 'code = "LDTT"'))
    assert "code «LDTT» xuất hiện hơn một lần" in problem


def test_broken_toml_is_told_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "award_titles.toml"
    path.write_text("[[title]]\ncode = \n", encoding="utf-8")
    (problem,) = title_problems(path)
    assert "không phải TOML hợp lệ" in problem
    assert "line 2" in problem


def test_sector_circulars_follow_each_other_without_a_gap() -> None:
    documents = {row.number: row for row in read_legal_documents()}
    old, new = documents["05/2018/TT-BTP"], documents["11/2023/TT-BTP"]
    assert old.valid_to is not None
    assert new.valid_from is not None
    assert (new.valid_from - old.valid_to).days == 1


def test_the_law_of_2026_is_not_confirmed() -> None:
    documents = {row.number: row for row in read_legal_documents()}
    assert documents["06/2026/QH16"].confirmed is False
    assert documents["06/2022/QH15"].confirmed is True


def test_a_document_without_a_confirmation_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, LEGAL_DOCUMENTS, "confirmed = true\n", "")
    with pytest.raises(DataFileError) as caught:
        read_legal_documents(path)
    assert caught.value.problems == (
        ("legal_documents.toml: [[document]] 15/2003/QH11, khóa «confirmed»: còn thiếu; cần true hoặc false."),
    )


def test_a_document_in_force_before_its_issue_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, LEGAL_DOCUMENTS, "valid_from = 2004-07-01", "valid_from = 2003-07-01")
    with pytest.raises(DataFileError, match="có hiệu lực trước ngày ban hành 26/11/2003"):
        read_legal_documents(path)
