"""`manage.py assess`: the form in which others ask and are answered, and what is refused, always with its place."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from rule_builders import ROOT

CASE = """\
[[case]]
name = "Trường hợp ví dụ"
rulebook = "thads-thai-nguyen-2023"
recognition = "grassroots-annual"
as_of = 2023-12-31
year = 2023
[case.nominee]
kind = "person"
employment = "civil-servant"
heads_unit = true
[case.facts]
gradings = { 2023 = "excellent" }
eligible_titles = [{ title = "CSTDCS", year = 2023 }]
honours = [{ title = "BANGKHEN-BO", level = "ministry", year = 2022, on = 2022-12-20, decision = "78/QĐ-VD" }]
discipline = [{ of = "nominee", form = "khien-trach", on = 2022-05-04 }]
attested = ["G1", "G3", "G4", "B-C2"]
recognitions = [{ recognition = "grassroots-annual", year = 2022 }]
proposed_by = ["cuc"]
movement_results = { 2023 = "excellent" }
[case.unit]
gradings = { 2023 = "good" }
eligible_titles = [{ title = "TTLDTT", year = 2023 }]
honours = []
"""
EVERY_LINE = tuple(line for line in CASE.splitlines() if "=" in line)


def asked(text: str | bytes, folder: Path, *flags: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    file = folder / "cases.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    code = 0
    try:
        call_command("assess", str(file), *flags)
    except SystemExit as left:
        code = int(left.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_answer_has_the_agreed_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(CASE, tmp_path, "--json", capsys=capsys)
    (answer,) = json.loads(out)
    assert (code, err) == (0, "")
    assert list(answer) == ["name", "verdict", "findings"]
    assert (answer["name"], answer["verdict"]) == ("Trường hợp ví dụ", "unmet")
    assert {tuple(finding) for finding in answer["findings"]} == {
        ("code", "status", "citation", "reason", "remedy"),
    }
    said = {finding["code"]: finding["status"] for finding in answer["findings"]}
    assert said == dict.fromkeys(("G1", "G2", "G3", "G4", "B-C1", "B-C2"), "met") | {"B-C3": "unmet"}
    assert answer["findings"][-1]["citation"] == {
        "document": "Kế hoạch tháng 02/2023 của Cục THADS tỉnh Thái Nguyên",
        "clause": "II.2.2.2",
    }
    assert "01/01/2024" in answer["findings"][-1]["remedy"], "when it could be met at the earliest"
    assert "còn thiếu 1 bậc" in answer["findings"][-1]["reason"]


def test_without_the_flag_it_answers_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = asked(CASE, tmp_path, capsys=capsys)
    lines = out.splitlines()
    assert lines[0] == "Trường hợp ví dụ: Chưa đạt"
    assert lines[-4].startswith("  B-C3 Chưa đạt: ")
    assert lines[-1].startswith("    Cần làm: ")


def test_it_runs_alone_with_no_database_in_reach(tmp_path: Path) -> None:
    """The real command line, where anything that asks for a server could not get one."""
    file = tmp_path / "cases.toml"
    file.write_text(CASE, encoding="utf-8")
    home = tmp_path / "home"
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, str(ROOT / "manage.py"), "assess", str(file), "--json"],
        cwd=ROOT,
        env={
            "PATH": "",
            "THIDUA_HOME": str(home),
            "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
            "REDIS_URL": "redis://127.0.0.1:1/0",
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)[0]["verdict"] == "unmet"


def replaced(old: str, new: str) -> str:
    assert CASE.count(old) >= 1, old
    return CASE.replace(old, new, 1)


BROKEN: list[Any] = [
    # what stands there, what is written instead, the line, the key, a word of what was expected
    ('"thads-thai-nguyen-2023"', '"thads-2023"', 3, "rulebook", "truong-2023"),
    ('"grassroots-annual"', '"annual"', 4, "recognition", "sector-period"),
    ("as_of = 2023-12-31", "as_of = 31-12-2023", 5, "as_of", "2023-12-31"),
    ("as_of = 2023-12-31", "as_of = 2023-02-30", 5, "as_of", "2023-12-31"),
    ("as_of = 2023-12-31", 'as_of = "31/12/2023"', 5, "as_of", "ngày có thật"),
    ("as_of = 2023-12-31", "as_of = 2023-12-31T08:00:00", 5, "as_of", "không kèm giờ"),
    ("as_of = 2023-12-31", "as_of = 08:00:00", 5, "as_of", "không kèm giờ"),
    ("year = 2023\n", 'year = "2023"\n', 6, "year", "số nguyên"),
    ("year = 2023\n", "year = 2023.5\n", 6, "year", "số nguyên"),
    ("year = 2023\n", "year = 2020\n", 6, "year", "từ 2021 đến 2025"),
    ("year = 2023\n", "year = 2026\n", 6, "year", "từ 2021 đến 2025"),
    ("year = 2023\n", "year = -1\n", 6, "year", "năm dương lịch"),
    ("year = 2023\n", "year = 99999\n", 6, "year", "năm dương lịch"),
    ("year = 2023\n", f"year = {'9' * 5000}\n", None, "", "các đầu mục"),
    ("year = 2023\n", f"year = 0x{'f' * 5000}\n", 6, "year", "năm dương lịch"),
    ("year = 2023\n", f"year = 1e{'9' * 40}\n", None, "", ""),
    ('kind = "person"', 'kind = "cá nhân"', 8, "kind", "person, collective"),
    ('kind = "person"', 'kind = ["person"]', 8, "kind", "đoạn chữ"),
    ('kind = "person"', "kind = person", 8, "kind", "chữ viết trong"),
    ('kind = "person"', 'kind = "collective"', 10, "heads_unit", "false"),
    ('"civil-servant"', '"công chức"', 9, "employment", "public-employee"),
    ("heads_unit = true", 'heads_unit = "true"', 10, "heads_unit", "true hoặc false"),
    ("heads_unit = true", "heads_unit = yes", 10, "heads_unit", "các đầu mục"),
    ("heads_unit = true", "head_unit = true", 10, "head_unit", "heads_unit"),
    ('{ 2023 = "excellent" }', '{ 2023 = "xuất sắc" }', 12, "gradings.2023.grade", "failed"),
    ('{ 2023 = "excellent" }', "{ 2023 = 4 }", 12, "gradings.2023", "bảng"),
    ('{ 2023 = "excellent" }', '{ 23 = "excellent" }', 12, "gradings.23", "một năm"),
    ('{ 2023 = "excellent" }', '["excellent"]', 12, "gradings", "bảng"),
    ('{ 2023 = "excellent" }', '{ 2023 = "good", 2023 = "excellent" }', 12, "gradings", "các đầu mục"),
    ('title = "CSTDCS"', 'title = "Chiến sĩ thi đua"', 13, "eligible_titles[1].title", "CSTDCS"),
    ('title = "CSTDCS", year = 2023', 'title = "CSTDCS"', 13, "eligible_titles[1].year", "số nguyên"),
    ('[{ title = "CSTDCS", year = 2023 }]', '["CSTDCS"]', 13, "eligible_titles", "các bảng"),
    ('"BANGKHEN-BO"', '"bang-khen"', 14, "honours[1].title", "BANGKHEN-BO"),
    ('level = "ministry"', 'level = "bộ"', 14, "honours[1].level", "grassroots"),
    ('level = "ministry", ', "", 14, "honours[1].level", "đoạn chữ"),
    ("on = 2022-12-20", 'on = "20/12/2022"', 14, "honours[1].on", "một ngày"),
    ('decision = "78/QĐ-VD"', "decision = 78", 14, "honours[1].decision", "đoạn chữ"),
    ('of = "nominee"', 'of = "unit"', 15, "discipline[1].of", "nominee, staff"),
    ('"khien-trach"', '"phê bình"', 15, "discipline[1].form", "khien-trach"),
    (", on = 2022-05-04", "", 15, "discipline[1].on", "một ngày"),
    ('["G1", "G3", "G4", "B-C2"]', '["G1", "G3", "G4", "B-C9"]', 16, "attested[4].code", "B-C2"),
    ('["G1", "G3", "G4", "B-C2"]', '"G1"', 16, "attested", "danh sách"),
    ('["G1", "G3", "G4", "B-C2"]', "[true]", 16, "attested", "bảng"),
    (
        '[{ recognition = "grassroots-annual", year = 2022 }]',
        '[{ recognition = "cap-co-so", year = 2022 }]',
        17,
        "recognitions[1].recognition",
        "grassroots-annual",
    ),
    (
        '[{ recognition = "grassroots-annual", year = 2022 }]',
        '[{ recognition = "grassroots-annual" }]',
        17,
        "recognitions[1].year",
        "số nguyên",
    ),
    ('["cuc"]', '["Cục"]', 18, "proposed_by[1].body", "cuc, tong-cuc, truong"),
    ('["cuc"]', "{ by = 1 }", 18, "proposed_by", "danh sách"),
    (
        '{ 2023 = "excellent" }\n[case.unit]',
        '{ 2023 = "completed" }\n[case.unit]',
        19,
        "movement_results.2023.result",
        "good",
    ),
    ("[case.unit]\n", "[case.units]\n", 20, "units", "unit"),
    ("[case.unit]\n", "[case.facts]\n", 20, "", "các đầu mục"),
    ("[case.nominee]\n", "[case.nominees]\n", 1, "nominee", "bảng"),
    ("[case.nominee]\n", "[case.nominee\n", 7, "", "các đầu mục"),
    ("[[case]]\n", "[case]\n", 1, "case", "danh sách"),
    ("[[case]]\n", "[[cases]]\n", 1, "case", "danh sách"),
    ("[[case]]\n", "note = 1\n[[case]]\n", 1, "note", "case"),
    ('name = "Trường hợp ví dụ"', 'name = "  "', 2, "name", "không rỗng"),
    ('name = "Trường hợp ví dụ"', 'name = "Trường hợp', 2, "name", "các đầu mục"),
    ('name = "Trường hợp ví dụ"\n', "", 1, "name", "đoạn chữ"),
    ("honours = []", "honour = []", 23, "honour", "honours"),
    ("honours = []", "honours = [", None, "honours", "các đầu mục"),
    ("honours = []", f"honours = {'[' * 5000}{']' * 5000}", None, "", "các đầu mục"),
]


@pytest.mark.parametrize(("old", "new", "line", "key", "expected"), BROKEN)
def test_what_does_not_fit_is_refused_with_line_key_and_expectation(
    old: str, new: str, line: int | None, key: str, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = asked(replaced(old, new), tmp_path, "--json", capsys=capsys)
    assert (code, out) == (2, "")
    said = re.search(r"Dòng (\d+)(?:, khóa “(.+?)”)?: gặp (.+); cần (.+)\.\s*$", err, re.DOTALL)
    assert said, err
    assert line is None or int(said[1]) == line
    assert (said[2] or "").endswith(key)
    assert expected in said[4]


@pytest.mark.parametrize("line", EVERY_LINE)
@pytest.mark.parametrize("value", ["= ?", "= [", "", "= 1979-05-27T07:32:00Z", "= nan", "= [[1]]", '= { "" = "" }'])
def test_any_line_made_nonsense_is_refused_and_never_breaks(
    line: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Generated: every line of the example with every kind of wrong value."""
    key = line.split("=", maxsplit=1)[0]
    code, out, err = asked(CASE.replace(line, f"{key}{value}", 1), tmp_path, "--json", capsys=capsys)
    assert (code, out) == (2, "")
    assert re.search(r"Dòng \d+, khóa “.+”: gặp .+; cần .+\.", err, re.DOTALL), err


@pytest.mark.parametrize("line", EVERY_LINE)
def test_a_misspelt_key_is_refused_at_its_line(line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = asked(CASE.replace(line, "x_" + line, 1), tmp_path, capsys=capsys)
    assert code == 2
    assert re.search(r"Dòng \d+, khóa “.+”: gặp (không có gì|khóa không có trong mẫu); cần ", err), err


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "Dòng 1, khóa “case”: gặp không có gì"),
        (b"\xff\xfe", "Dòng 1: gặp chữ không theo mã UTF-8"),
        (b"a = 1\n\x93", "Dòng 2: gặp chữ không theo mã UTF-8"),
        (b"case = []", "Dòng 1, khóa “case”: gặp danh sách 0 mục; cần ít nhất một"),
        (b"\x00", "Dòng 1: gặp chỗ không đúng cú pháp TOML"),
    ],
)
def test_what_is_no_case_file_is_refused(
    content: bytes, expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = asked(content, tmp_path, capsys=capsys)
    assert (code, out) == (2, "")
    assert expected in err


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for path in (tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(SystemExit) as left:
            call_command("assess", str(path))
        assert left.value.code == 2
        assert "cần đường dẫn tới một tệp TOML đọc được" in capsys.readouterr().err
