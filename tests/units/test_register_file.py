"""The register of 2021 stands as the plans describe it, and a wrong line is told by its number."""

import unicodedata
from pathlib import Path

import pytest

from units.data_file import DataFileError
from units.register_file import COLUMNS, read_register

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


def test_children_before_parents_in_the_file_come_after_them(tmp_path: Path) -> None:
    assert [row.code for row in read_register(write(tmp_path, HEADER, CUC, ROOT))] == ["BTP", "CTHADS-TNG"]


def test_an_unknown_parent_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER, ROOT, CUC.replace(",BTP,", ",BPT,"))
    assert problems_of(path) == (
        ("register.csv: dòng 3, cột «parent_code»: giá trị «BPT» không đúng; cần mã của một đơn vị có trong tệp."),
    )


def test_a_note_on_the_source_may_stand_behind(tmp_path: Path) -> None:
    rows = read_register(write(tmp_path, HEADER + ",note", ROOT + ",Chưa đối chiếu", CUC + ","))
    assert [row.note for row in rows] == ["Chưa đối chiếu", ""]


def test_a_parent_may_stand_outside_the_file(tmp_path: Path) -> None:
    assert [row.code for row in read_register(write(tmp_path, HEADER, CUC), known=("BTP",))] == ["CTHADS-TNG"]


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
