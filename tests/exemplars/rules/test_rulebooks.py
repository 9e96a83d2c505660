"""A rulebook is accepted whole or refused with the place, what was found and what was expected."""

from dataclasses import FrozenInstanceError

import pytest
from rule_builders import RULEBOOK, RULEBOOK_TEXT

from exemplars.rulebook_files import RULEBOOKS, read_shipped_rulebooks
from exemplars.rules import CATALOGUE, RulebookError, parse_rulebook


def broken(old: str, new: str) -> RulebookError:
    assert old in RULEBOOK_TEXT
    with pytest.raises(RulebookError) as refused:
        parse_rulebook(RULEBOOK_TEXT.replace(old, new, 1))
    return refused.value


def line_of(text: str) -> int:
    return RULEBOOK_TEXT[: RULEBOOK_TEXT.index(text)].count("\n") + 1


def test_the_plan_says_that_its_number_is_blank_in_the_source() -> None:
    assert (RULEBOOK.plan.number, RULEBOOK.plan.issued_month) == ("", "2023-02")
    assert "để trống số" in RULEBOOK.plan.note


def test_every_criterion_cites_its_clause() -> None:
    clauses = {criterion.code: criterion.citation.clause for criterion in RULEBOOK.criteria}
    general = dict.fromkeys(("G1", "G2", "G3", "G4"), "II.2.2.1")
    assert clauses == general | dict.fromkeys(("B-T1", "B-T2", "B-C1", "B-C2", "B-C3"), "II.2.2.2")


def test_an_edition_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        RULEBOOK.title = "khác"


def test_the_hash_ignores_layout_and_follows_content() -> None:
    reordered = RULEBOOK_TEXT.replace(
        'code = "B-T1"\nlabel = "Tập thể đủ', '# ghi chú\nlabel   =   "Tập thể đủ'
    ).replace(
        'danh hiệu cao hơn"\napplies_to = ["collective"]',
        'danh hiệu cao hơn"\napplies_to = ["collective"]\ncode = "B-T1"',
    )
    assert reordered != RULEBOOK_TEXT
    assert parse_rulebook(reordered).edition_hash == RULEBOOK.edition_hash
    stricter = RULEBOOK_TEXT.replace('at_least = "excellent"', 'at_least = "good"')
    assert parse_rulebook(stricter).edition_hash != RULEBOOK.edition_hash


@pytest.mark.parametrize(
    ("old", "new", "key", "found", "expected"),
    [
        (
            'kind = "grading", at',
            'kind = "gradding", at',
            "criterion[2].predicate.kind",
            "gradding",
            "attested, g",
        ),
        (
            'at_least = "excellent"',
            'at_least = "xuat-sac"',
            "criterion[2].predicate.at_least",
            "xuat-sac",
            "good",
        ),
        (
            'at_least = "TTLDXS" }',
            'at_least = "TTLDSX" }',
            "criterion[5].predicate.at_least",
            "TTLDSX",
            "TTLDXS",
        ),
        ('of = "staff"', 'of = "everybody"', "criterion[6].predicate.of", "everybody", "nominee, staff"),
        ('of = "staff", ', "", "criterion[6].predicate.of", "không có gì", "đoạn chữ"),
        (
            'kind = "attested" }',
            'kind = "attested", by = "head" }',
            "criterion[1].predicate.by",
            "khóa",
            "kind",
        ),
        ('only_if = "heads_unit"', 'only_if = "is_head"', "criterion[9].only_if", "is_head", "heads_unit"),
        ('only_if = "heads_unit"\n', "", "criterion[9].only_if", "không có gì", "heads_unit"),
        (
            'applies_to = ["person"]',
            'applies_to = ["people"]',
            "criterion[7].applies_to",
            "1 mục",
            "collective",
        ),
        ('applies_to = ["person"]', "applies_to = []", "criterion[7].applies_to", "0 mục", "ít nhất một"),
        (
            '["person"]\nonly_if',
            '["person", "collective"]\nonly_if',
            "criterion[9].applies_to",
            "2 mục",
            "person",
        ),
        ('clause = "II.2.2.1"', 'clause = " "', "criterion[1].citation.clause", "“ ”", "không rỗng"),
        ('code = "G2"\n', 'code = "G1"\n', "recognition[1].criteria", "9 mục", "chưa có tiêu chuẩn G2"),
        ('"G1", "G2", "G3"', '"G1", "G1", "G2", "G3"', "recognition[1].criteria", "10 mục", "lặp lại G1"),
        ('"G1", "G2", "G3"', '"G2", "G3"', "criterion", "9 mục", "còn thừa G1"),
        ("valid_from = 2021-01-01", "valid_from = 2021", "valid_from", "2021", "một ngày"),
        (
            "valid_from = 2021-01-01",
            "valid_from = 2021-01-01T07:00:00",
            "valid_from",
            "07:00",
            "không kèm giờ",
        ),
        ("valid_to = 2025-12-31", "valid_to = 2020-12-31", "valid_to", "2020-12-31", "valid_from"),
        ("valid_to = 2025-06-30", "valid_to = 2009-06-30", "ladder[5].valid_to", "2009-06-30", "valid_from"),
        ('"2023-02"', '"2023-13"', "plan.issued_month", "2023-13", "2023-02"),
        ('note = "Bản gốc', 'not = "Bản gốc', "plan.number", "“”", "note"),
        ('code = "LDTT"', 'code = "CSTDCS"', "ladder[1].steps", "4 mục", "mỗi mã một lần"),
        ('kind = "movement"', 'kind = "movements"', "ladder[4].kind", "movements", "movement"),
        ('title = "Tiêu chuẩn', 'titel = "Tiêu chuẩn', "title", "không có gì", "đoạn chữ"),
    ],
)
def test_a_broken_rulebook_is_refused_by_key(old: str, new: str, key: str, found: str, expected: str) -> None:
    error = broken(old, new)
    assert error.key == key
    assert found in error.found
    assert expected in error.expected


def test_the_refusal_names_the_line() -> None:
    error = broken('kind = "grading", at', 'kind = "gradding", at')
    assert error.line == line_of('predicate = { kind = "grading", at')
    assert str(error) == (
        f"Dòng {error.line}, khóa “criterion[2].predicate.kind”: gặp “gradding”; cần một trong: {', '.join(CATALOGUE)}."
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [("valid_to = 2025-12-31", "valid_to = 2025-02-30"), ('code = "G3"', "code = G3"), ("[plan]", "[plan")],
)
def test_what_is_not_toml_is_refused_by_line(old: str, new: str) -> None:
    error = broken(old, new)
    assert error.line == line_of(old)
    assert "cú pháp TOML" in str(error)


def test_an_empty_text_is_refused() -> None:
    with pytest.raises(RulebookError, match="Dòng 1, khóa “ladder”: gặp không có gì"):
        parse_rulebook("")


def test_a_criterion_used_twice_is_refused() -> None:
    doubled = RULEBOOK_TEXT + RULEBOOK_TEXT[RULEBOOK_TEXT.index("[[criterion]]") :].split("[[criterion]]")[1].join(
        ["\n[[criterion]]", ""]
    )
    with pytest.raises(RulebookError, match="mỗi mã một lần; lặp lại G1"):
        parse_rulebook(doubled)


def test_a_text_that_stops_in_the_middle_is_refused() -> None:
    with pytest.raises(RulebookError, match="cú pháp TOML"):
        parse_rulebook(RULEBOOK_TEXT + '\n[[criterion]]\nlabel = """dở dang')


SECOND = (RULEBOOKS / "thads-thai-nguyen-2023.ban-2.toml").read_text(encoding="utf-8")


def test_the_highest_edition_of_each_code_is_the_one_in_use() -> None:
    editions = {code: rulebook.edition for code, rulebook in read_shipped_rulebooks().items()}
    assert editions == {
        "thads-thai-nguyen-2023": 2,
        "truong-2023": 1,
        "stp-khanh-hoa-2022": 1,
        "danh-hieu-2017": 1,
        "danh-hieu-2024": 1,
    }


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ("edition = 2", "edition = 0", "edition", "từ 1"),
        ("edition = 2", 'edition = "2"', "edition", "số nguyên"),
        ('"track-record", at_least = 1', '"track-record", at_least = 0', "criterion[11].predicate.at_least", "từ 1"),
        ('"track-record", at_least = 1', '"track-record"', "criterion[11].predicate.at_least", "số nguyên"),
        ('"ministry", "sector"', '"bo", "sector"', "criterion[11].predicate.levels", "ministry"),
        ('["ministry", "sector", "province", "state"]', "[]", "criterion[11].predicate.levels", "ít nhất"),
        (
            '"movement", at_least = "excellent"',
            '"movement", at_least = "best"',
            "criterion[16].predicate.at_least",
            "good",
        ),
        ('by = ["cuc", "tong-cuc"]', 'by = ["so"]', "criterion[17].predicate.parts[2].by", "tong-cuc"),
        ('by = ["cuc", "tong-cuc"]', "by = []", "criterion[17].predicate.parts[2].by", "ít nhất"),
        ('{ kind = "proposed", by = ["cuc", "tong-cuc"] },', "", "criterion[17].predicate.parts", "hai phép kiểm"),
        (
            'kind = "recognised", recognition',
            'kind = "recognized", recognition',
            "criterion[17].predicate.parts[1].kind",
            "recognised",
        ),
        ("times = 1", "times = -1", "criterion[19].predicate.times", "từ 1"),
    ],
)
def test_a_broken_predicate_of_a_period_or_the_sector_is_refused_by_key(
    old: str, new: str, key: str, expected: str
) -> None:
    assert old in SECOND
    with pytest.raises(RulebookError) as refused:
        parse_rulebook(SECOND.replace(old, new, 1))
    assert refused.value.key == key
    assert expected in refused.value.expected
    assert refused.value.line
