"""`manage.py count_ballots`: the form in which others are answered, and what is refused, always with its place."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.awards.misfits import BASE, MISFITS, TEXT

ROOT = Path(__file__).parents[2]

EXAMPLE = {
    "members": 15,
    "present": 13,
    "quorum": "2/3",
    "denominator": "members",
    "threshold": "0.8",
    "kind": "approve",
    "blank_is_valid": False,
    "count_written": True,
    "contests": [{"id": "so", "title": "Cờ \u001b[2Jthi đua", "seats": 1, "candidates": ["a", "b", "c"]}],
    "papers": [
        *[{"so": {"a": "yes", "b": "no"}}] * 10,
        {"so": {"a": "no", "b": "yes"}},
        {"so": {"z": "yes"}},
        {},
    ],
    "written": [{"so": {"a": "yes"}}, {"so": {"a": "yes", "b": "yes"}}],
}


def asked(content: bytes, folder: Path, *flags: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    file = folder / "phieu.json"
    file.write_bytes(content)
    code = 0
    try:
        call_command("count_ballots", str(file), *flags)
    except SystemExit as left:
        code = int(left.code or 0)
    said = capsys.readouterr()
    return code, said.out, said.err


def test_the_answer_has_the_agreed_form(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = json.dumps(EXAMPLE | {"threshold": "11/15"}).encode()
    code, out, err = asked(content, tmp_path, "--json", capsys=capsys)
    assert (code, err) == (0, "")
    answer = json.loads(out)
    warnings = answer.pop("warnings")
    assert all(isinstance(warning, str) for warning in warnings)
    assert answer == {
        "quorum_met": True,
        "contests": [
            {
                "id": "so",
                "issued": 13,
                "received": 13,
                "valid": 12,
                "invalid": [
                    {"paper": 11, "reason": "có tên ngoài danh sách: z"},
                    {"paper": 12, "reason": "phiếu trắng"},
                    {"paper": 14, "reason": "đã chọn 2, chỉ được chọn tối đa 1"},
                ],
                "denominator": 15,
                "candidates": {
                    "a": {"yes": 11, "no": 1, "blank": 0, "share": "11/15", "passed": True},
                    "b": {"yes": 1, "no": 10, "blank": 1, "share": "1/15", "passed": False},
                    "c": {"yes": 0, "no": 0, "blank": 12, "share": "0/15", "passed": False},
                },
                "elected": ["a"],
                "tied": [],
                "not_elected": ["b", "c"],
            }
        ],
    }


def test_the_keys_stand_in_the_published_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = json.loads(asked(json.dumps(EXAMPLE).encode(), tmp_path, "--json", capsys=capsys)[1])
    assert list(answer) == ["quorum_met", "contests", "warnings"]
    [contest] = answer["contests"]
    assert list(contest) == (
        ["id", "issued", "received", "valid", "invalid", "denominator", "candidates", "elected", "tied", "not_elected"]
    )
    assert list(contest["invalid"][0]) == ["paper", "reason"]
    assert list(contest["candidates"]) == ["a", "b", "c"]
    assert list(contest["candidates"]["a"]) == ["yes", "no", "blank", "share", "passed"]


def test_without_the_flag_it_answers_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = asked(json.dumps(EXAMPLE).encode(), tmp_path, capsys=capsys)
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert lines[:3] == [
        "Thành viên 15, có mặt 13: đủ số họp (ít nhất 2/3).",
        "Phiếu phát ra 13, thu vào 13; ý kiến bằng văn bản 2, được tính.",
        "Tỷ lệ tính trên tổng số thành viên; đạt khi từ 4/5 trở lên.",
    ]
    assert "Cờ \\u001b[2Jthi đua (so), chọn không quá 1" in lines
    assert "  Hợp lệ 12, không hợp lệ 3, mẫu số 15" in lines
    assert "  a        11             1      0  11/15  không đủ tỷ lệ" in lines
    assert "  Không hợp lệ, papers[11]: có tên ngoài danh sách: z" in lines
    assert "  Không hợp lệ, written[1]: đã chọn 2, chỉ được chọn tối đa 1" in lines
    assert "Lưu ý:" in lines


@pytest.mark.parametrize(
    ("papers", "present", "words"),
    [
        ([["a"], ["a"], ["b"]], 3, {"a": "được chọn", "b": "đủ tỷ lệ, không được chọn", "c": "không đủ tỷ lệ"}),
        ([["a"], ["b"]], 2, {"a": "bằng phiếu, cần vòng hai", "b": "bằng phiếu, cần vòng hai"}),
        ([["a"]], 1, {"a": "đủ tỷ lệ, không được chọn"}),
    ],
)
def test_every_outcome_has_its_words(
    papers: list[list[str]],
    present: int,
    words: dict[str, str],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sitting = EXAMPLE | {
        "members": 3,
        "present": present,
        "threshold": None,
        "kind": "choose",
        "papers": [{"so": names} for names in papers],
        "written": [],
    }
    _, out, _ = asked(json.dumps(sitting).encode(), tmp_path, capsys=capsys)
    for name, outcome in words.items():
        assert any(line.startswith(f"  {name} ") and line.endswith(f"  {outcome}") for line in out.splitlines()), out
    assert ("KHÔNG đủ số họp" in out) is (present < 2)


@pytest.mark.parametrize("name", MISFITS)
def test_a_file_that_does_not_fit_is_refused_at_its_place(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, where = MISFITS[name]
    for flags in ((), ("--json",)):
        code, out, err = asked(content, tmp_path, *flags, capsys=capsys)
        assert (code, out) == (2, "")
        place, _, why = err.removeprefix(f"{tmp_path / 'phieu.json'}: ").partition(": ")
        assert place.startswith(where)
        assert why.strip().endswith(".")
        assert len(err.splitlines()) == 1


def test_what_the_misfits_were_made_of_fits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert len(MISFITS) > 100
    assert json.loads(TEXT) == BASE
    assert asked(TEXT.encode(), tmp_path, capsys=capsys)[0] == 0


@pytest.mark.parametrize("name", ["khong-co.json", "."])
def test_a_path_that_is_no_file_is_refused(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        call_command("count_ballots", str(tmp_path / name))
    assert left.value.code == 2
    assert "đường dẫn: không mở được tệp" in capsys.readouterr().err


def run_alone(*arguments: str, home: Path) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(  # noqa: S603  our own program
        [sys.executable, str(ROOT / "manage.py"), "count_ballots", *arguments],
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


def test_it_runs_alone_with_no_database_in_reach(tmp_path: Path) -> None:
    """The real command line, where anything that asks for a server could not get one."""
    file = tmp_path / "phieu.json"
    file.write_text(json.dumps(EXAMPLE), encoding="utf-8")
    done = run_alone(os.fspath(file), "--json", home=tmp_path / "home")
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["contests"][0]["candidates"]["a"]["share"] == "11/15"
    file.write_bytes(b"[" * 100_000)
    refused = run_alone(os.fspath(file), home=tmp_path / "home")
    assert (refused.returncode, refused.stdout) == (2, b"")
    assert "toàn tệp: tệp lồng quá nhiều lớp ngoặc" in refused.stderr.decode()
