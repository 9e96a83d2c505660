"""What must hold for any facts at all."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_builders import RULEBOOK, statuses, with_facts

from exemplars.rules import (
    Attestation,
    Case,
    Discipline,
    DisciplineOf,
    EligibleTitle,
    Employment,
    Facts,
    Grading,
    HonourHeld,
    LadderKind,
    Level,
    Nominee,
    NomineeKind,
    Rulebook,
    Status,
    assess,
    dump_case,
    load_case,
    parse_rulebook,
)

WORTH = {Status.UNMET: 0, Status.UNDETERMINED: 1, Status.MET: 2}
READ_BY_CRITERIA = ("gradings", "eligible_titles", "honours", "discipline", "attested")

# A rulebook that also asks for discipline of the nominee from a middle step, which the plan of 2023 does not.
STRICTER: Rulebook = parse_rulebook(
    """
code = "thu-nghiem"
title = "Bản quy định thử nghiệm"
valid_from = 2021-01-01
plan = { issuer = "don-vi-vi-du", title = "Kế hoạch ví dụ", number = "01/KH-VD", issued_month = "2021-01" }
[[recognition]]
code = "grassroots-annual"
label = "Công nhận thử"
criteria = ["X-1", "X-2"]
[[criterion]]
code = "X-1"
label = "Không bị kỷ luật từ cảnh cáo"
applies_to = ["person", "collective"]
citation = { document = "Kế hoạch ví dụ", clause = "1" }
predicate = { kind = "no-discipline", of = "nominee", at_least = "canh-cao" }
remedy = "Chờ năm sau."
[[criterion]]
code = "X-2"
label = "Không có người bị kỷ luật từ cảnh cáo"
applies_to = ["person", "collective"]
citation = { document = "Kế hoạch ví dụ", clause = "2" }
predicate = { kind = "no-discipline", of = "staff", at_least = "canh-cao" }
remedy = "Chờ năm sau."
[[ladder]]
kind = "discipline"
source = "Ví dụ"
employment = ["civil-servant"]
valid_from = 2021-01-01
steps = [{ code = "khien-trach", label = "Khiển trách" }, { code = "canh-cao", label = "Cảnh cáo" },
         { code = "cach-chuc", label = "Cách chức" }]
[[ladder]]
kind = "discipline"
source = "Ví dụ"
employment = ["contract"]
valid_from = 2021-01-01
steps = [{ code = "khien-trach", label = "Khiển trách" }, { code = "keo-dai-nang-luong", label = "Kéo dài" }]
"""
)

years = st.integers(2022, 2024)
titles = st.sampled_from([*RULEBOOK.ladders.codes(LadderKind.TITLE), "BANGKHEN-BO"])
disciplines = st.builds(
    Discipline,
    st.sampled_from(DisciplineOf),
    st.sampled_from(RULEBOOK.ladders.codes(LadderKind.DISCIPLINE)),
    st.dates(date(2022, 12, 30), date(2024, 1, 2)),
)
honours = st.builds(HonourHeld, titles, st.sampled_from(Level), years)
LISTS = {
    "gradings": st.dictionaries(years, st.sampled_from(RULEBOOK.ladders.codes(LadderKind.GRADING))).map(
        lambda graded: tuple(Grading(year, grade) for year, grade in graded.items())
    ),
    "eligible_titles": st.lists(
        st.builds(EligibleTitle, titles.filter(lambda code: code != "BANGKHEN-BO"), years), max_size=3
    ).map(tuple),
    "honours": st.lists(honours, max_size=3).map(tuple),
    "discipline": st.lists(disciplines, max_size=3).map(tuple),
    "attested": st.lists(
        st.builds(Attestation, st.sampled_from(["G1", "G3", "G4", "B-C2"]), st.booleans()), max_size=5
    ).map(tuple),
}
facts = st.builds(Facts, **{key: st.none() | known for key, known in LISTS.items()})
nominees = st.builds(
    Nominee, st.just(NomineeKind.PERSON), st.none() | st.sampled_from(Employment), st.booleans()
) | st.just(Nominee(NomineeKind.COLLECTIVE))
cases = st.builds(
    Case,
    recognition=st.just("grassroots-annual"),
    year=st.just(2023),
    as_of=st.dates(date(2023, 6, 1), date(2024, 6, 1)),
    nominee=nominees,
    facts=facts,
    unit=facts,
)
rulebooks = st.sampled_from([RULEBOOK, STRICTER])


def worth(rulebook: Rulebook, case: Case) -> list[int]:
    return [WORTH[finding.status] for finding in assess(rulebook, case).findings]


def side(of: str, case: Case) -> Facts:
    found: Facts = getattr(case, of)
    return found


@given(rulebooks, cases, st.sampled_from(["facts", "unit"]), disciplines)
def test_more_discipline_never_helps(rulebook: Rulebook, case: Case, of: str, entry: Discipline) -> None:
    before = replace(case, **{of: replace(side(of, case), discipline=side(of, case).discipline or ())})
    after = replace(before, **{of: replace(side(of, before), discipline=(*(side(of, before).discipline or ()), entry))})
    pairs = zip(worth(rulebook, before), worth(rulebook, after), strict=True)
    assert all(later <= earlier for earlier, later in pairs)


@given(cases, st.sampled_from(["facts", "unit"]), honours)
def test_one_more_honour_never_hurts(case: Case, of: str, honour: HonourHeld) -> None:
    before = replace(case, **{of: replace(side(of, case), honours=side(of, case).honours or ())})
    after = replace(before, **{of: replace(side(of, before), honours=(*(side(of, before).honours or ()), honour))})
    pairs = zip(worth(RULEBOOK, before), worth(RULEBOOK, after), strict=True)
    assert all(later >= earlier for earlier, later in pairs)


@pytest.mark.parametrize("key", READ_BY_CRITERIA)
@pytest.mark.parametrize("of", ["facts", "unit"])
@given(rulebook=rulebooks, case=cases, data=st.data())
def test_the_unknown_decides_only_what_no_knowledge_could_change(
    rulebook: Rulebook, case: Case, data: st.DataObject, key: str, of: str
) -> None:
    """With a fact unknown, met and unmet stand whatever the fact turns out to be."""
    unknown = replace(case, **{of: replace(side(of, case), **{key: None})})
    known = replace(case, **{of: replace(side(of, case), **{key: data.draw(LISTS[key])})})
    later = statuses(assess(rulebook, known))
    for code, status in statuses(assess(rulebook, unknown)).items():
        if status is not Status.UNDETERMINED:
            assert later[code] is status


@given(cases)
def test_nothing_known_is_never_met_and_never_unmet(case: Case) -> None:
    blank = replace(case, facts=Facts(), unit=Facts())
    assert set(statuses(assess(RULEBOOK, blank)).values()) == {Status.UNDETERMINED}


@given(cases)
def test_the_order_of_facts_does_not_matter(case: Case) -> None:
    turned = with_facts(
        case,
        **{
            field.name: None if (known := getattr(case.facts, field.name)) is None else known[::-1]
            for field in fields(Facts)
        },
    )
    assert statuses(assess(RULEBOOK, turned)) == statuses(assess(RULEBOOK, case))


@given(cases)
def test_the_verdict_is_the_worst_finding(case: Case) -> None:
    assessment = assess(RULEBOOK, case)
    assert WORTH[assessment.verdict] == min(WORTH[finding.status] for finding in assessment.findings)


@given(cases)
def test_a_stored_case_loads_as_it_was(case: Case) -> None:
    assert load_case(dump_case(case), RULEBOOK) == case
