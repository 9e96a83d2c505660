"""Every case of ``cases/*.toml``: a sentence that a lawyer can read, judged by the engine."""

import json

from rule_builders import ROOT, RULEBOOK

from exemplars.rulebook_files import read_shipped_rulebooks
from exemplars.rules import Assessment, Finding, NamedCase, Status, assess, dump_case, load_case, parse_cases

FILES = sorted((ROOT / "tests/exemplars/rules/cases").glob("*.toml"))
RULEBOOKS = read_shipped_rulebooks()
# By file and name. Hundreds of cases take a moment together, so each test judges them all and names those that fail.
CASES: dict[str, NamedCase] = {
    f"{path.stem}: {named.name}": named
    for path in FILES
    for named in parse_cases(path.read_text(encoding="utf-8"), RULEBOOKS)
}


def test_every_case_has_a_name_of_its_own_and_none_is_left_out() -> None:
    told = sum(path.read_text(encoding="utf-8").count("[[case]]") for path in FILES)
    assert len(CASES) == told > 500


def test_each_case_comes_out_as_its_author_says() -> None:
    wrong = {}
    for name, named in CASES.items():
        found = {finding.code: finding.status for finding in assess(named.rulebook, named.case).findings}
        expected = dict.fromkeys(found, Status.MET) | named.expected
        if found != expected:
            wrong[name] = {
                code: f"{found.get(code)}, its author says {expected[code]}"
                for code in expected
                if found.get(code) != expected[code]
            }
    assert wrong == {}


def _stray(named: NamedCase) -> list[str]:
    """What of a case does not come back as it was put down."""
    first = assess(named.rulebook, named.case)
    stored = json.loads(json.dumps({"case": dump_case(named.case), "result": first.to_json()}))
    case = load_case(stored["case"], named.rulebook)
    pairs = {
        "case": (case, named.case),
        "assessment": (Assessment.from_json(stored["result"]), first),
        "second assessment": (assess(named.rulebook, case), first),
    }
    return [f"{what}: {back} instead of {put}" for what, (back, put) in pairs.items() if back != put]


def test_what_is_stored_replays_to_the_same_findings() -> None:
    assert {name: stray for name, named in CASES.items() if (stray := _stray(named))} == {}


def test_the_cases_show_every_criterion_of_every_recognition_in_every_status() -> None:
    shown = {
        (named.rulebook.code, named.case.recognition, finding.code, finding.status)
        for named in CASES.values()
        for finding in assess(named.rulebook, named.case).findings
    }
    assert shown == {
        (rulebook.code, recognition.code, code, status)
        for rulebook in RULEBOOKS.values()
        for recognition in rulebook.recognitions
        for code in recognition.criteria
        for status in Status
    }


def test_the_second_edition_judges_a_year_as_the_first_did() -> None:
    """What is published stays as it is, and what came after it changes no verdict of a year."""
    second = RULEBOOKS[RULEBOOK.code]
    assert (RULEBOOK.edition, second.edition) == (1, 2)
    judged = [named.case for named in CASES.values() if named.rulebook is second]
    annual = [case for case in judged if case.recognition == "grassroots-annual"]
    assert annual
    for case in annual:
        assert assess(RULEBOOK, case).findings == assess(second, case).findings


def test_the_published_edition_is_the_one_that_was_published() -> None:
    """Its hash is its name in every installation that holds it; a change belongs into the next edition."""
    assert RULEBOOK.edition_hash == "ddbf9f2ac7a563b9c975cb1c4f85c8bb5ccdf21817a3961798d8822fc7d901fa"


def _unsaid(named: NamedCase, finding: Finding) -> list[str]:
    """What a finding fails to tell, or tells badly."""
    is_law = named.rulebook.code.startswith("danh-hieu")
    documents = ("Luật ", "Nghị định ", "Thông tư ") if is_law else ("Kế hoạch ",)
    clauses = ("II.", "điểm ", "khoản ", "Điều ", "điều ", "quy định ")
    holds = {
        f"cites {finding.citation.document!r}": finding.citation.document.startswith(documents),
        f"cites {finding.citation.clause!r}": finding.citation.clause.startswith(clauses),
        f"reason {finding.reason!r}": finding.reason.endswith("."),
        f"remedy {finding.remedy!r}, {finding.status}": finding.remedy.endswith(".")
        == (finding.status is not Status.MET),
        "two spaces": "  " not in finding.reason + finding.remedy,
    }
    return [what for what, held in holds.items() if not held]


def test_every_finding_cites_and_only_what_is_not_met_has_a_remedy() -> None:
    wrong = {
        f"{name}, {finding.code}": unsaid
        for name, named in CASES.items()
        for finding in assess(named.rulebook, named.case).findings
        if (unsaid := _unsaid(named, finding))
    }
    assert wrong == {}
