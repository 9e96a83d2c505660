"""The register of 2021 stands as the plans describe it, and a wrong line is told by its number."""

import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from units.data_file import DataFileError
from units.register_file import COLUMNS, REGISTER_2021_NORTH, read_register

HEADER = ",".join(COLUMNS)
ROOT = "BTP,,bo,Bộ Tư pháp,Bộ Tư pháp,,Hà Nội,yes,2021-01-01"
CUC = "CTHADS-TNG,BTP,cuc-thads,Cục Thử,Cục Thử,Thái Nguyên,Thái Nguyên,yes,2021-01-01"


def write(folder: Path, *lines: str) -> Path:
    path = folder / "register.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[str, ...]:
    with pytest.raises(DataFileError) as caught:
        read_register(path)
    return caught.value.problems


def test_region_has_its_fourteen_provinces_and_137_chi_cuc() -> None:
    rows = read_register()
    assert Counter(row.kind for row in rows) == {
        "bo": 1,
        "tong-cuc": 1,
        "vu": 1,
        "so-tu-phap": 14,
        "cuc-thads": 14,
        "phong": 17,
        "chi-cuc": 137,
    }


def test_every_cuc_has_the_chi_cuc_of_its_districts() -> None:
    rows = read_register()
    counts = Counter(row.parent_code for row in rows if row.kind == "chi-cuc")
    assert counts == {
        "CTHADS-HGI": 11,
        "CTHADS-TQU": 7,
        "CTHADS-CBA": 10,
        "CTHADS-BKA": 8,
        "CTHADS-HBI": 10,
        "CTHADS-LCH": 8,
        "CTHADS-DBI": 10,
        "CTHADS-SLA": 12,
        "CTHADS-LSO": 11,
        "CTHADS-LCA": 9,
        "CTHADS-YBI": 9,
        "CTHADS-TNG": 9,
        "CTHADS-BGI": 10,
        "CTHADS-PTH": 13,
    }


def test_each_kind_hangs_below_the_right_kind() -> None:
    rows = {row.code: row for row in read_register()}
    pairs = {(row.kind, rows[row.parent_code].kind if row.parent_code else None) for row in rows.values()}
    assert pairs == {
        ("bo", None),
        ("tong-cuc", "bo"),
        ("vu", "bo"),
        ("so-tu-phap", "bo"),
        ("cuc-thads", "tong-cuc"),
        ("phong", "cuc-thads"),
        ("chi-cuc", "cuc-thads"),
    }


def test_only_phong_and_vu_lack_legal_personality() -> None:
    assert {row.kind for row in read_register() if not row.has_legal_personality} == {"phong", "vu"}


def test_chi_cuc_dai_tu_is_named_in_full_and_short() -> None:
    (row,) = [row for row in read_register() if row.code == "CC-TNG-DAI-TU"]
    assert (row.name, row.short_name, row.place, row.province) == (
        "Chi cục Thi hành án dân sự huyện Đại Từ",
        "Chi cục THADS huyện Đại Từ",
        "Đại Từ",
        "Thái Nguyên",
    )


def test_names_carry_no_stray_capitals_and_one_tone_placement() -> None:
    text = REGISTER_2021_NORTH.read_text(encoding="utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert [word for word in ("Thành Phố", "Thị Xã", "Hoà", "Thuỷ") if word in text] == []


def test_a_district_that_changed_later_is_vouched_for_from_that_day() -> None:
    later = {row.code: row.valid_from for row in read_register() if row.valid_from != date(2021, 1, 1)}
    assert later == {
        "CC-TNG-PHO-YEN": date(2022, 4, 10),
        "CC-BGI-VIET-YEN": date(2024, 2, 1),
        "CC-BGI-CHU": date(2025, 1, 1),
    }


def test_children_before_parents_in_the_file_come_after_them(tmp_path: Path) -> None:
    assert [row.code for row in read_register(write(tmp_path, HEADER, CUC, ROOT))] == ["BTP", "CTHADS-TNG"]


def test_an_unknown_parent_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, ROOT, CUC.replace(",BTP,", ",BPT,"))
    assert problems_of(path) == (
        ("register.csv: dòng 3, cột «parent_code»: giá trị «BPT» không đúng; cần mã của một đơn vị có trong tệp."),
    )


def test_a_circle_of_units_is_refused(tmp_path: Path) -> None:
    one = CUC.replace(",BTP,", ",CTHADS-CBA,")
    other = CUC.replace("CTHADS-TNG,BTP", "CTHADS-CBA,CTHADS-TNG")
    assert problems_of(write(tmp_path, HEADER, ROOT, one, other)) == (
        ("register.csv: cột «parent_code»: các đơn vị CTHADS-CBA, CTHADS-TNG đặt vòng quanh nhau; cần một cây có gốc."),
    )


def test_a_code_used_twice_is_refused(tmp_path: Path) -> None:
    assert problems_of(write(tmp_path, HEADER, ROOT, CUC, CUC)) == (
        "register.csv: cột «code»: mã «CTHADS-TNG» xuất hiện hơn một lần; mỗi giá trị chỉ được dùng một lần.",
    )


def test_every_wrong_cell_is_told_at_once(tmp_path: Path) -> None:
    line = "cuc tng,BTP,cuc,,Cục Thử,,Thái Nguyên,có,2021-02-30"
    problems = problems_of(write(tmp_path, HEADER, ROOT, line))
    assert [problem.split(":")[1].strip() for problem in problems] == [
        "dòng 3, cột «name»",
        "dòng 3, cột «kind»",
        "dòng 3, cột «code»",
        "dòng 3, cột «has_legal_personality»",
        "dòng 3, cột «valid_from»",
    ]


def test_decomposed_letters_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, unicodedata.normalize("NFD", ROOT))
    assert any("NFC" in problem for problem in problems_of(path))


def test_a_missing_cell_is_told_with_its_line(tmp_path: Path) -> None:
    assert problems_of(write(tmp_path, HEADER, "BTP,,bo")) == ("register.csv: dòng 2: có 3 ô; cần 9 ô.",)


def test_another_header_is_refused(tmp_path: Path) -> None:
    (problem,) = problems_of(write(tmp_path, "code,name", "BTP,Bộ Tư pháp"))
    assert problem.startswith("register.csv: dòng 1: tiêu đề cột là «code,name»")


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(HEADER.encode() + b"\n\xff\xfe")
    (problem,) = problems_of(path)
    assert "không phải UTF-8" in problem


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    (problem,) = problems_of(tmp_path / "nowhere.csv")
    assert problem.startswith("nowhere.csv: tệp: không mở được")
