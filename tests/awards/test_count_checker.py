"""The stand-alone checker of docs/kiem-phieu: it shares no code with the counter and must come to the same."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.urls import reverse

from awards.voting import Quota, count, read_sitting, second_round, to_json, winners_contest
from tests.awards.chance import make_sitting, text_of, without_texts
from tests.awards.misfits import MISFITS, TEXT
from tests.awards.room import Room, signed_in
from units.models import AuditEntry

FOLDER = Path(__file__).parents[2] / "docs" / "kiem-phieu"
CHECKER = FOLDER / "kiem_phieu.py"
EXAMPLES = sorted((FOLDER / "vi-du").glob("*.phieu.json"))
SITTINGS = 600

# Runs the checker for many lists of arguments in one isolated process that cannot see our code.
DRIVER = """
import contextlib, importlib.util, io, json, sys
spec = importlib.util.spec_from_file_location("kiem_phieu", sys.argv[1])
checker = importlib.util.module_from_spec(spec)
spec.loader.exec_module(checker)
answers = []
for arguments in json.load(sys.stdin):
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = checker.main(arguments)
    answers.append([code, out.getvalue(), err.getvalue()])
ours = [name for name in sys.modules if name.split(".")[0] in ("awards", "units", "django", "tests")]
json.dump({"answers": answers, "ours": ours}, sys.stdout)
"""

Answer = tuple[int, str, str]


def check_many(calls: Sequence[Sequence[str]]) -> list[Answer]:
    done = subprocess.run(  # noqa: S603  our own program
        [sys.executable, "-I", "-S", "-c", DRIVER, str(CHECKER)],
        input=json.dumps(calls).encode(),
        cwd="/",
        capture_output=True,
        timeout=120,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said["ours"] == []
    return [(code, out, err) for code, out, err in said["answers"]]


def put(folder: Path, name: str, content: str | bytes) -> str:
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return str(file)


def counted(text: str | bytes) -> Any:
    return to_json(count(read_sitting(text)))


def test_it_is_pocket_size_and_stands_alone() -> None:
    text = CHECKER.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 200
    assert max(len(line) for line in text.splitlines()) <= 120
    imported = {
        alias.name
        for node in ast.walk(ast.parse(text, feature_version=(3, 8)))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert imported == {"hashlib", "json", "re", "sys"}


def test_it_comes_to_the_same_on_hundreds_of_sittings(tmp_path: Path) -> None:
    texts = [text_of(make_sitting(Random(seed).randint)) for seed in range(10_000, 10_000 + SITTINGS)]  # noqa: S311  chance, no secret
    files = [put(tmp_path, f"{number}.json", text) for number, text in enumerate(texts)]
    answers = check_many([("--json", file) for file in files])
    for text, (code, out, err) in zip(texts, answers, strict=True):
        assert (code, err) == (0, "")
        assert without_texts(json.loads(out)) == without_texts(counted(text)), text


def test_it_agrees_with_what_is_published_and_with_nothing_else(tmp_path: Path) -> None:
    calls, expected = [], []
    for seed in range(150):
        text = text_of(make_sitting(Random(seed).randint))  # noqa: S311  chance, no secret
        papers, result = put(tmp_path, f"{seed}.json", text), counted(text)
        forged = forge(json.loads(json.dumps(result)), Random(seed))  # noqa: S311
        calls += [
            (papers, put(tmp_path, f"{seed}-right.json", json.dumps(result))),
            (papers, put(tmp_path, f"{seed}-forged.json", json.dumps(forged))),
        ]
        expected += [(0, "KHỚP với kết quả đã công bố"), (1, "KHÔNG KHỚP với kết quả đã công bố")]
    answers = check_many(calls)
    assert [(code, out.splitlines()[-1]) for code, out, _ in answers] == expected


def forge(result: Any, random: Random) -> Any:
    """Change one thing that the words of a result may not change."""
    contest = random.choice(result["contests"])
    name = random.choice(list(contest["candidates"]))
    row = contest["candidates"][name]
    key = random.choice(
        ["quorum_met", "issued", "valid", "denominator", "yes", "share", "passed", "invalid", "lists", "more"]
    )
    if key == "quorum_met":
        result[key] = not result[key]
    elif key in contest and key != "invalid":
        contest[key] += 1
    elif key == "invalid":
        contest[key].append({"paper": 99, "reason": "phiếu trắng"})
    elif key == "lists":
        contest["elected"], contest["not_elected"] = [*contest["elected"], "z"], contest["not_elected"]
    elif key == "more":
        contest["candidates"]["warnings"] = row
    else:
        row[key] = {"yes": -1, "share": "0/1000", "passed": 1}[key]
    return result


@pytest.mark.parametrize(
    ("published", "code"),
    [
        ("null", 1),
        ("[]", 1),
        ("{}", 1),
        ('{"quorum_met": true}', 1),
        ("[" * 100_000, 2),
        ("", 2),
        ('{"quorum_met": true, "quorum_met": true}', 2),
    ],
)
def test_a_result_of_another_shape_never_agrees(published: str, code: int, tmp_path: Path) -> None:
    [answer] = check_many([(put(tmp_path, "a.json", TEXT), put(tmp_path, "b.json", published))])
    assert answer[0] == code


def test_words_may_differ_and_numbers_may_not(tmp_path: Path) -> None:
    text = TEXT.replace('{"a": "yes"}', '{"a": "yes", "a": "yes"}', 1)
    result = counted(text)
    assert result["contests"][0]["invalid"]
    result["warnings"], result["contests"][0]["invalid"][0]["reason"] = ["khác"], "nói cách khác"
    papers, published = put(tmp_path, "a.json", text), put(tmp_path, "b.json", json.dumps(result))
    assert check_many([(papers, published), ("--json", papers, published)])[0][0] == 0


def test_it_refuses_what_the_counter_refuses(tmp_path: Path) -> None:
    files = [put(tmp_path, f"{number}.json", content) for number, (content, _) in enumerate(MISFITS.values())]
    calls = [*((file,) for file in files), (str(tmp_path / "none.json"),), (str(tmp_path),)]
    answers = check_many(calls)
    assert {name for name, answer in zip(MISFITS, answers, strict=False) if answer[0] != 2} == set()
    assert all(not out and err.startswith("Không nhận tệp. ") for _, out, err in answers)


def test_it_runs_from_the_command_line(tmp_path: Path) -> None:
    file = put(tmp_path, "a.json", TEXT.replace("Nhóm", "Nh\\u001bóm"))
    for arguments, code in ([file], 0), ([], 2), (["--json", file], 0), ([str(tmp_path)], 2), ([file] * 3, 2):
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-I", str(CHECKER), *arguments],
            capture_output=True,
            timeout=60,
            check=False,
            env={"PYTHONIOENCODING": "ascii"},
        )
        assert done.returncode == code
        assert b"Traceback" not in done.stderr
        assert b"\x1b" not in done.stdout


@pytest.mark.django_db
@pytest.mark.parametrize("seats", [None, 1])
def test_it_agrees_with_a_vote_held_on_the_screens(seats: int | None, room: Room, tmp_path: Path) -> None:
    """The file that the council downloads, the result of the pages, and the fingerprint that the trail keeps."""
    ballot = room.counted(
        ("yes", "blank"), ("blank", "yes"), ("no", "yes"), ("yes", "no"), ("blank", "blank"), seats=seats
    )
    page = signed_in(room.secretariat).get(reverse("awards:council-ballot-papers", args=[ballot.pk]))
    papers, result = put(tmp_path, "a.json", page.content), put(tmp_path, "b.json", json.dumps(ballot.tally.result))
    [(code, out, _)] = check_many([(papers, result)])
    assert (code, out.splitlines()[-1]) == (0, "KHỚP với kết quả đã công bố")
    digest = AuditEntry.objects.get(verb="count-ballot").detail["papers_hash"]
    assert out.splitlines()[0] == f"SHA-256 của tệp phiếu: {digest}"
    assert counted(page.content) == ballot.tally.result


def test_the_examples_are_what_the_counter_and_the_checker_say() -> None:
    assert len(EXAMPLES) == 7
    results = [published_beside(papers) for papers in EXAMPLES]
    for papers, result in zip(EXAMPLES, results, strict=True):
        text = json.dumps(counted(papers.read_bytes()), ensure_ascii=False, indent=2)
        assert result.read_text(encoding="utf-8") == f"{text}\n"
    answers = check_many([(str(papers), str(result)) for papers, result in zip(EXAMPLES, results, strict=True)])
    assert [code for code, _, _ in answers] == [0] * len(EXAMPLES)


def test_the_examples_of_one_meeting_follow_from_each_other() -> None:
    groups, again, among = (read_sitting(EXAMPLES[number].read_bytes()) for number in (1, 2, 3))
    first, second = count(groups), count(again)
    assert second_round(first) == again.rules.contests
    assert (
        winners_contest(Quota("chinh-phu", among.rules.contests[0].title, 2), [first, second])
        == among.rules.contests[0]
    )


def test_the_guide_shows_what_the_checker_prints_and_names_every_example() -> None:
    guide = (FOLDER / "README.md").read_text(encoding="utf-8")
    [(_, out, _)] = check_many([(str(EXAMPLES[0]),)])
    assert f"```\n{out}```" in guide
    assert [
        name for name in re.findall(r"\]\(vi-du/([^)]*)\)", guide) if name not in (one.name for one in EXAMPLES)
    ] == []
    assert all(f"| [`{one.name.removesuffix('.phieu.json')}`]" in guide for one in EXAMPLES)


def published_beside(papers: Path) -> Path:
    return papers.with_name(papers.name.replace(".phieu.", ".ket-qua."))
