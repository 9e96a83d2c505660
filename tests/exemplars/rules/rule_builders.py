"""The shortest true case for each kind of nominee, and the rulebook it is judged by."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from exemplars.rules import (
    Assessment,
    Attestation,
    Case,
    EligibleTitle,
    Facts,
    Grading,
    Nominee,
    NomineeKind,
    Rulebook,
    Status,
    assess,
    parse_rulebook,
)

ROOT = Path(__file__).resolve().parents[3]
RULEBOOK_TEXT = (ROOT / "exemplars/data/rulebooks/thads-thai-nguyen-2023.toml").read_text(encoding="utf-8")
RULEBOOK: Rulebook = parse_rulebook(RULEBOOK_TEXT)

PERSON = Case(
    recognition="grassroots-annual",
    year=2023,
    as_of=date(2023, 12, 31),
    nominee=Nominee(NomineeKind.PERSON),
    facts=Facts(
        gradings=(Grading(2023, "excellent"),),
        eligible_titles=(EligibleTitle("CSTDCS", 2023),),
        honours=(),
        discipline=(),
        attested=tuple(Attestation(code) for code in ("G1", "G3", "G4", "B-C2")),
    ),
)
HEAD = replace(
    PERSON,
    nominee=Nominee(NomineeKind.PERSON, heads_unit=True),
    unit=Facts(eligible_titles=(EligibleTitle("TTLDXS", 2023),), honours=()),
)
COLLECTIVE = replace(
    PERSON,
    nominee=Nominee(NomineeKind.COLLECTIVE),
    facts=replace(PERSON.facts, eligible_titles=(EligibleTitle("TTLDXS", 2023),)),
)


def with_facts(case: Case, **changes: object) -> Case:
    return replace(case, facts=replace(case.facts, **changes))


def statuses(assessment: Assessment) -> dict[str, Status]:
    return {finding.code: finding.status for finding in assessment.findings}


def judged(case: Case, code: str, rulebook: Rulebook = RULEBOOK) -> Status:
    return statuses(assess(rulebook, case))[code]
