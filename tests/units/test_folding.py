import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from units.folding import clean_filename, fold, name_sort_key, nfc

VIETNAMESE = st.text(
    alphabet="aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ ĐÂÊÔƠƯ"
)


@pytest.mark.parametrize(
    ("written", "searched"),
    [
        ("Hoà", "hoa"),
        ("Hòa", "hoa"),
        ("Uỷ ban", "uy ban"),
        ("Ủy ban", "uy ban"),
        ("ĐIỆN BIÊN", "dien bien"),
        (unicodedata.normalize("NFD", "Thi đua – Khen thưởng"), "thi dua – khen thuong"),
        ("  Chi\u00a0cục\n THADS ", "chi cuc thads"),
        ("Bắc\u200b Kạn\ufeff", "bac kan"),
        ("Nguyễn Thị Ước", "nguyen thi uoc"),
    ],
)
def test_search_form_drops_case_marks_tone_placement_and_spacing(written: str, searched: str) -> None:
    assert fold(written) == searched


@given(VIETNAMESE)
def test_composed_and_decomposed_text_search_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text) == fold(text.upper())


@given(st.text())
@example("\u0130\u1e9e")
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(VIETNAMESE)
def test_vietnamese_folds_to_plain_ascii(text: str) -> None:
    assert fold(text).isascii()


def test_stored_form_makes_equal_words_equal_bytes() -> None:
    assert nfc(unicodedata.normalize("NFD", "Nguyễn")).encode() == "Nguyễn".encode()


def by_name(*names: str) -> list[str]:
    return sorted(names, key=lambda name: name_sort_key(name).encode())


def test_given_name_rules_then_middle_then_family() -> None:
    ordered = [
        "Vũ An",
        "Lê Văn An",
        "Trần Văn An",
        "Bùi Xuân An",
        "Đỗ Thị Anh",
        "Ngô Thị Ánh",
        "Phan Thị Ân",
        "Mai Bình",
    ]
    assert by_name(*reversed(ordered)) == ordered


def test_letters_follow_the_vietnamese_alphabet() -> None:
    ordered = list("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
    assert by_name(*reversed(ordered)) == ordered


def test_tones_follow_the_dictionary_where_letters_are_equal() -> None:
    ordered = ["Hoa", "Hoà", "Hoả", "Hoã", "Hoá", "Hoạ", "Hoan"]
    assert by_name(*reversed(ordered)) == ordered


def test_letters_weigh_more_than_tones() -> None:
    assert by_name("Lý Ban", "Lý Bạ") == ["Lý Bạ", "Lý Ban"]


def test_tone_placement_and_normal_form_do_not_split_a_name() -> None:
    assert name_sort_key("Trần Thị Hoà") == name_sort_key(unicodedata.normalize("NFD", "Trần Thị Hòa"))


def test_case_and_spaces_do_not_split_a_name() -> None:
    assert name_sort_key(" TRẦN  thị\tHoà ") == name_sort_key("Trần Thị Hoà")


def test_nothing_sorts_first_and_foreign_names_find_a_place() -> None:
    assert by_name("Lò Thị Én", "H'Hen Niê", "") == ["", "Lò Thị Én", "H'Hen Niê"]


@given(VIETNAMESE)
def test_key_of_a_vietnamese_name_is_plain_ascii(name: str) -> None:
    assert name_sort_key(name).isascii()


@given(VIETNAMESE, VIETNAMESE)
def test_names_that_search_differently_never_share_a_key(one: str, other: str) -> None:
    if fold(one) != fold(other):
        assert name_sort_key(one) != name_sort_key(other)


@pytest.mark.parametrize(
    ("given_name", "stored"),
    [
        ("Báo cáo thành tích.pdf", "Báo cáo thành tích.pdf"),
        (unicodedata.normalize("NFD", "Quyết định.docx"), "Quyết định.docx"),
        ("../../etc/passwd", "-..-etc-passwd"),
        ("C:\\Tài liệu\\a.pdf", "C-Tài liệu-a.pdf"),
        ("anh\u202egpj.exe", "anhgpj.exe"),
        ("a\x00b\r\n.png", "ab.png"),
        (" .htaccess", "htaccess"),
        ("ảnh.jpg. . ", "ảnh.jpg"),
        ("\u200b\u202e", "tep-dinh-kem"),
        ("...", "tep-dinh-kem"),
        ("KH số 184/KH-KVTĐ.pdf", "KH số 184-KH-KVTĐ.pdf"),
    ],
)
def test_file_names_lose_what_could_harm_and_keep_the_rest(given_name: str, stored: str) -> None:
    assert clean_filename(given_name) == stored


def test_a_long_vietnamese_name_is_cut_by_bytes_and_keeps_its_ending() -> None:
    cleaned = clean_filename("ộ" * 300 + ".docx")
    assert cleaned == "ộ" * 83 + ".docx"
    assert len(cleaned.encode()) == 254


@given(st.text(min_size=0, max_size=400))
@example("a" * 254 + ". b")
@example("a ." + "b" * 21)
def test_any_file_name_comes_out_safe_and_stays_as_it_is(name: str) -> None:
    cleaned = clean_filename(name)
    assert 0 < len(cleaned.encode()) <= 255
    assert cleaned == cleaned.strip(". ") == nfc(cleaned)
    assert not any(char in '/\\<>:"|?*' or unicodedata.category(char)[0] == "C" for char in cleaned)
    assert clean_filename(cleaned) == cleaned
