"""A stranger's workbook: each bad file has a clear answer, each faulty cell is named."""

import io
import unicodedata
import zipfile
from datetime import date
from typing import Any

import pytest

from tests.units.import_books import PEOPLE, book, person_row, rezip
from units.imports import ReadSheet, container, read_sheet, reading
from units.refusals import RefusedError
from units.services.importing.people import PeopleHandler

LAYOUT = PeopleHandler().layout()


def take(content: bytes, name: str = "canbo.xlsx") -> ReadSheet:
    return read_sheet(content, name, LAYOUT)


def refusal(content: bytes, name: str = "canbo.xlsx") -> str:
    with pytest.raises(RefusedError) as caught:
        take(content, name)
    return str(caught.value)


def only(content: bytes) -> Any:
    (row,) = take(content).rows
    return row


def faults(content: bytes) -> list[tuple[str, str]]:
    return [(note.cell, note.words) for row in take(content).rows for note in row.faults]


def test_a_good_table_is_read_with_its_cells() -> None:
    row = only(book([person_row(1)]))
    assert row.values == {
        "ordinal": "1",
        "staff_code": "MAU-00001",
        "full_name": "Nông Văn Mẫu",
        "birth_date": date(1985, 11, 5),
        "gender": "male",
        "employment": "civil-servant",
        "unit": "",
    }
    assert row.cells["birth_date"] == "D2"
    assert row.faults == []


# --- the file as a whole ---


def test_a_file_that_is_no_archive_is_refused() -> None:
    assert "không phải là tệp Excel" in refusal(b"ho ten,ngay sinh\n", "canbo.xlsx")


def test_an_empty_file_is_refused() -> None:
    assert "rỗng" in refusal(b"")


def test_an_old_workbook_is_refused_with_the_way_to_save_it() -> None:
    words = refusal(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "canbo.xls")
    assert "đời cũ (.xls)" in words
    assert "Excel Workbook (*.xlsx)" in words


def test_an_encrypted_workbook_is_refused() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(64) + "EncryptedPackage".encode("utf-16-le")
    assert "mật khẩu" in refusal(content)


def test_a_workbook_with_a_lying_extension_is_refused() -> None:
    assert "Đuôi của tệp" in refusal(book([person_row(1)]), "canbo.csv")


@pytest.mark.parametrize("name", ["canbo.xlsm", "canbo.xlsx"])
def test_a_workbook_with_macros_is_refused(name: str) -> None:
    content = rezip(book([person_row(1)]), xl__vbaProject_DOT_bin=b"macro")
    assert "macro" in refusal(content, name)


def test_another_office_file_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<x/>")
    assert "không phải là tệp Excel" in refusal(buffer.getvalue())


def test_a_bomb_is_refused_from_its_directory_alone() -> None:
    content = rezip(book([person_row(1)]), xl__media__a_DOT_xml=bytes(30 * 1024 * 1024))
    assert len(content) < 200_000
    assert "quá lớn" in refusal(content)


def test_too_many_parts_are_refused() -> None:
    parts = {f"xl__media__p{number}_DOT_xml": b"x" for number in range(container.MAX_ENTRIES)}
    assert "quá lớn" in refusal(rezip(book([person_row(1)]), **parts))


def test_a_directory_that_lies_about_sizes_is_refused() -> None:
    """The true size is 3 MB, the directory says 1,000 bytes: seen while unpacking, before any reader."""
    content = bytearray(rezip(book([person_row(1)]), xl__media__a_DOT_xml=b"ab" * 1_500_000))
    true, lie = (3_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")
    assert content.count(true) >= 2
    assert "hỏng" in refusal(bytes(content.replace(true, lie)))


def test_a_heavy_file_is_refused_before_it_is_opened() -> None:
    assert "nặng hơn 10 MB" in refusal(b"PK" + bytes(container.MAX_BYTES))


def test_a_cut_file_is_refused() -> None:
    content = book([person_row(1)])
    assert "hỏng" in refusal(content[: len(content) // 2])


def test_declared_entities_are_refused() -> None:
    evil = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    assert "khai báo" in refusal(rezip(book([person_row(1)]), xl__workbook_DOT_xml=evil))


def test_a_cell_far_away_is_named_before_the_sheet_is_laid_out() -> None:
    def far(made: Any, page: Any) -> None:
        page.write(1_048_575, 16_383, "x")

    assert "dòng 1048576" in refusal(book([person_row(1)], change=far))


def test_a_column_far_away_is_named() -> None:
    def far(made: Any, page: Any) -> None:
        page.write(3, 300, "x")

    assert "cột KO" in refusal(book([person_row(1)], change=far))


def test_more_rows_than_one_import_takes_are_refused() -> None:
    rows = [person_row(number) for number in range(reading.MAX_ROWS + 1)]
    assert f"nhiều nhất {reading.MAX_ROWS} dòng" in refusal(book(rows))


# --- the table ---


def test_a_sheet_of_something_else_is_refused() -> None:
    assert "Không thấy bảng «Cán bộ»" in refusal(book([["a", "b"]], header=("Tên hàng", "Giá")))


def test_missing_columns_are_named() -> None:
    words = refusal(book([["X-1", "Nông Văn Mẫu"]], header=("Mã cán bộ", "Họ và tên")))
    assert "thiếu cột: «Giới tính», «Đối tượng»" in words


def test_a_header_is_known_in_any_case_marks_and_order_and_below_a_heading() -> None:
    header = ("DOI TUONG", "giới tính (*)", "HO TEN", "Ma Can Bo")
    row = only(book([["viên chức", "nữ", "Nông Thị Mẫu", "MAU-1"]], header=header, above=4))
    assert (row.number, row.values["full_name"], row.values["gender"]) == (6, "Nông Thị Mẫu", "female")
    assert row.cells["staff_code"] == "D6"


def test_the_sheet_of_the_template_is_taken_and_another_sheet_is_said() -> None:
    def beside(made: Any, page: Any) -> None:
        made.add_worksheet("Trang khác").write(0, 0, "x")

    assert take(book([person_row(1)], change=beside)).remarks == ()
    assert "trang «Sheet1»" in take(book([person_row(1)], sheet="Sheet1")).remarks[0]


def test_two_columns_of_one_name_are_refused() -> None:
    words = refusal(book([[*person_row(1), "Nam"]], header=(*PEOPLE, "Giới tính")))
    assert "hai cột «Giới tính»: E và H" in words


def test_merged_cells_in_the_table_are_named_and_above_it_allowed() -> None:
    def merge(made: Any, page: Any) -> None:
        page.merge_range("G2:G3", "Phòng Mẫu")

    words = refusal(book([person_row(1, unit=None), person_row(2, unit=None)], change=merge))
    assert "ô gộp: G2:G3" in words

    def heading(made: Any, page: Any) -> None:
        page.merge_range("A1:G1", "DANH SÁCH")

    assert len(take(book([person_row(1)], above=2, change=heading)).rows) == 1


def test_a_table_without_rows_is_refused() -> None:
    assert "không có dòng nào" in refusal(book([]))


def test_empty_rows_and_examples_are_skipped() -> None:
    example = ["Ví dụ", *person_row(1)[1:]]
    sheet = take(book([example, [], [None, "  ", " "], person_row(2)]))
    assert [row.number for row in sheet.rows] == [5]
    assert sheet.skipped == 1


def test_hidden_rows_are_read_and_said() -> None:
    def hide(made: Any, page: Any) -> None:
        page.set_row(1, None, None, {"hidden": True})

    row = only(book([person_row(1)], change=hide))
    assert "bị ẩn" in row.warnings[0].words


# --- cells ---


def test_a_formula_is_its_stored_text_with_a_warning() -> None:
    def formula(made: Any, page: Any) -> None:
        page.write_formula("C2", '=HYPERLINK("http://x","a")', None, "Nông Văn Tính")

    row = only(book([person_row(1)], change=formula))
    assert row.values["full_name"] == "Nông Văn Tính"
    assert [(note.cell, "công thức" in note.words) for note in row.warnings] == [("C2", True)]


def test_text_that_looks_like_a_formula_stays_text() -> None:
    assert only(book([person_row(1, name="=1+1")])).values["full_name"] == "=1+1"


def test_a_cell_in_error_is_refused() -> None:
    def broken(made: Any, page: Any) -> None:
        page.write_formula("C2", "=NA()", None, "#N/A")

    ((cell, words),) = faults(book([person_row(1)], change=broken))
    assert (cell, "báo lỗi của Excel" in words) == ("C2", True)


@pytest.mark.parametrize(
    "typed",
    ["05/11/1985", "5/11/85", "5-11-1985", "5.11.1985", "1985-11-05", " 05/11/1985 ", date(1985, 11, 5), 31356],
)
def test_a_day_in_any_clear_form_is_the_same_day(typed: Any) -> None:
    assert only(book([person_row(1, birth=typed)])).values["birth_date"] == date(1985, 11, 5)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("11/13/1985", "không rõ đâu là ngày"),
        ("31/02/1985", "không có trong lịch"),
        ("11/1985", "thiếu ngày"),
        ("1985", "không rõ ngày nào"),
        (1985, "không rõ ngày nào"),
        ("5/6/7", "không phải là ngày"),
        ("năm ngoái", "không phải là ngày"),
        ("05/11/3985", "ngoài khoảng"),
    ],
)
def test_a_doubtful_day_is_refused_with_its_cell(typed: Any, words: str) -> None:
    ((cell, told),) = faults(book([person_row(1, birth=typed)]))
    assert cell == "D2"
    assert words in told


def test_days_that_excel_may_have_swapped_are_refused() -> None:
    swapped = date(1985, 5, 11)
    content = book([person_row(1, birth=swapped), person_row(2, birth="25/11/1985")])
    ((cell, words),) = faults(content)
    assert cell == "D2"
    assert "đổi chỗ ngày và tháng" in words
    clear = book([person_row(1, birth=date(1985, 5, 20)), person_row(2, birth="25/11/1985")])
    assert faults(clear) == []


def test_excels_other_calendar_is_respected() -> None:
    buffer = book([person_row(1, birth=29894)])
    with zipfile.ZipFile(io.BytesIO(buffer)) as archive:
        xml = archive.read("xl/workbook.xml").replace(b"<workbookPr", b'<workbookPr date1904="1"')
    assert only(rezip(buffer, xl__workbook_DOT_xml=xml)).values["birth_date"] == date(1985, 11, 5)


def test_decomposed_letters_are_composed_and_odd_spaces_go() -> None:
    name = unicodedata.normalize("NFD", "Nguyễn\u00a0 Thị\u200b Ứng ")
    value = only(book([person_row(1, name=name)])).values["full_name"]
    assert value == unicodedata.normalize("NFC", "Nguyễn Thị Ứng")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("NguyÔn V¨n Mẫu".replace("ẫ", "É"), "Nguyễn Văn Mậu".replace("ậ", "ẫ")),
        ("TrÇn ThÞ H\u00adêng", "Trần Thị Hường".replace("ườ", "ườ")),
        ("§oµn V\u00ad¬ng", "Đoàn Vương"),
        ("L\u00adêng ThÞ B×nh", "Lường Thị Bình"),
    ],
)
def test_tcvn3_letters_are_converted_and_said(typed: str, meant: str) -> None:
    row = only(book([person_row(1, name=typed)]))
    assert row.values["full_name"] == meant
    assert (row.warnings[0].cell, "TCVN3 (.VnTime" in row.warnings[0].words) == ("C2", True)


def test_vni_letters_are_refused_with_the_way_to_convert_them() -> None:
    ((cell, words),) = faults(book([person_row(1, name="Nguyeãn Vaên Maãu")]))
    assert cell == "C2"
    assert "VNI-Times" in words
    assert "UniKey" in words


@pytest.mark.parametrize("name", ["Hoà Thuý Luân", "Nguyễn Văn Ước", "LÊ HOÀ", "Quách Ê Đê", "José Mẫu"])
def test_unicode_names_are_left_alone(name: str) -> None:
    row = only(book([person_row(1, name=name)]))
    assert (row.values["full_name"], row.warnings, row.faults) == (name, [], [])


def test_an_unknown_choice_is_refused_with_what_is_taken() -> None:
    ((cell, words),) = faults(book([person_row(1, gender="Không rõ")]))
    assert cell == "E2"
    assert "Chỉ nhận: Nữ; Nam" in words


def test_a_required_cell_that_is_empty_is_named() -> None:
    assert faults(book([person_row(1, name=None)])) == [("C2", "Họ và tên: chưa có giá trị.")]


def test_a_code_that_excel_made_a_day_is_refused() -> None:
    ((cell, words),) = faults(book([person_row(1, code=date(2023, 5, 12))]))
    assert cell == "B2"
    assert "tự đổi thành ngày" in words


def test_codes_that_are_numbers_are_taken_and_said() -> None:
    sheet = take(book([person_row(1, code=12)]))
    assert sheet.rows[0].values["staff_code"] == "12"
    assert "số 0 ở đầu" in sheet.remarks[0]


def test_a_text_that_is_too_long_is_refused() -> None:
    assert "tối đa 120" in faults(book([person_row(1, name="a" * 121)]))[0][1]
