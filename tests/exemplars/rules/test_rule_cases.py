"""Every case of ``cases/*.toml``: a sentence that a lawyer can read, judged by the engine."""

import json

import pytest
from rule_builders import ROOT, RULEBOOK

from exemplars.rulebook_files import read_shipped_rulebooks
from exemplars.rules import Assessment, NamedCase, Status, assess, dump_case, load_case, parse_cases

FILES = sorted((ROOT / "tests/exemplars/rules/cases").glob("*.toml"))
RULEBOOKS = read_shipped_rulebooks()
CASES = [
    pytest.param(named, id=f"{path.stem}: {named.name}")
    for path in FILES
    for named in parse_cases(path.read_text(encoding="utf-8"), RULEBOOKS)
]


@pytest.mark.parametrize("named", CASES)
def test_the_case_comes_out_as_its_author_says(named: NamedCase) -> None:
    assessment = assess(named.rulebook, named.case)
    expected = {finding.code: named.expected.get(finding.code, Status.MET) for finding in assessment.findings}
    assert {finding.code: finding.status for finding in assessment.findings} == expected
    assert set(named.expected) <= set(expected)


@pytest.mark.parametrize("named", CASES)
def test_what_is_stored_replays_to_the_same_findings(named: NamedCase) -> None:
    first = assess(named.rulebook, named.case)
    stored = json.loads(json.dumps({"case": dump_case(named.case), "result": first.to_json()}))
    assert load_case(stored["case"], named.rulebook) == named.case
    assert Assessment.from_json(stored["result"]) == first
    assert assess(named.rulebook, load_case(stored["case"], named.rulebook)) == first


def test_the_cases_show_every_criterion_of_every_recognition_in_every_status() -> None:
    shown = {
        (named.rulebook.code, named.case.recognition, finding.code, finding.status)
        for named in (case.values[0] for case in CASES)
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
    judged = [case.values[0].case for case in CASES if case.values[0].rulebook is second]
    annual = [case for case in judged if case.recognition == "grassroots-annual"]
    assert annual
    for case in annual:
        assert assess(RULEBOOK, case).findings == assess(second, case).findings


def test_the_published_edition_is_the_one_that_was_published() -> None:
    """Its hash is its name in every installation that holds it; a change belongs into the next edition."""
    assert RULEBOOK.edition_hash == "ddbf9f2ac7a563b9c975cb1c4f85c8bb5ccdf21817a3961798d8822fc7d901fa"


@pytest.mark.parametrize("named", CASES)
def test_every_finding_cites_and_only_what_is_not_met_has_a_remedy(named: NamedCase) -> None:
    for finding in assess(named.rulebook, named.case).findings:
        is_law = named.rulebook.code.startswith("danh-hieu")
        assert finding.citation.document.startswith(("Luật ", "Nghị định ", "Thông tư ") if is_law else "Kế hoạch ")
        assert finding.citation.clause.startswith(("II.", "điểm ", "khoản ", "Điều ", "điều ", "quy định "))
        assert finding.reason.endswith(".")
        assert finding.remedy.endswith(".") == (finding.status is not Status.MET)
        assert "  " not in finding.reason + finding.remedy
