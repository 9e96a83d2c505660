"""Every case of ``cases/*.toml``: a sentence that a lawyer can read, judged by the engine."""

import json

import pytest
from rule_builders import ROOT, RULEBOOK

from exemplars.rules import Assessment, NamedCase, Status, assess, dump_case, load_case, parse_cases

FILES = sorted((ROOT / "tests/exemplars/rules/cases").glob("*.toml"))
CASES = [
    pytest.param(named, id=f"{path.stem}: {named.name}")
    for path in FILES
    for named in parse_cases(path.read_text(encoding="utf-8"), {RULEBOOK.code: RULEBOOK})
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


def test_the_cases_show_every_criterion_in_every_status() -> None:
    shown = {
        (finding.code, finding.status)
        for case in CASES
        for finding in assess(case.values[0].rulebook, case.values[0].case).findings
    }
    assert shown == {(criterion.code, status) for criterion in RULEBOOK.criteria for status in Status}


@pytest.mark.parametrize("named", CASES)
def test_every_finding_cites_and_only_what_is_not_met_has_a_remedy(named: NamedCase) -> None:
    for finding in assess(named.rulebook, named.case).findings:
        assert str(finding.citation).endswith((", II.2.2.1", ", II.2.2.2"))
        assert finding.reason.endswith(".")
        assert bool(finding.remedy) == (finding.status is not Status.MET)
