"""What must hold for any facts at all."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from rule_builders import RULEBOOK, statuses, with_facts

from exemplars.rulebook_files import read_shipped_rulebooks
from exemplars.rules import (
    Attestation,
    Body,
    Case,
    Discipline,
    DisciplineOf,
    Dissolution,
    EligibleTitle,
    Employment,
    Facts,
    Grading,
    HonourHeld,
    InitiativeHeld,
    LadderKind,
    Leave,
    LeaveKind,
    Level,
    MovementResult,
    Nominee,
    NomineeKind,
    PastRecognition,
    Proposal,
    Review,
    Rulebook,
    SameAchievement,
    Service,
    Status,
    TargetResult,
    assess,
    dump_case,
    load_case,
    parse_rulebook,
)

WORTH = {Status.UNMET: 0, Status.UNDETERMINED: 1, Status.MET: 2}
READ_BY_CRITERIA = tuple(field.name for field in fields(Facts) if field.name != "partly")
SHIPPED = tuple(read_shipped_rulebooks().values())
RECOGNITIONS = sorted({recognition.code for one in SHIPPED for recognition in one.recognitions})
JUDGED = sorted({criterion.code for one in SHIPPED for criterion in one.criteria})

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
spread = st.integers(2020, 2026)
near_days = st.dates(date(2020, 12, 30), date(2026, 1, 2))
WIDE = {
    "gradings": st.dictionaries(spread, st.sampled_from(["good", "excellent"])).map(
        lambda graded: tuple(Grading(year, grade) for year, grade in graded.items())
    ),
    "movement_results": st.dictionaries(spread, st.sampled_from(["good", "excellent"])).map(
        lambda got: tuple(MovementResult(year, result) for year, result in got.items())
    ),
    "eligible_titles": st.lists(
        st.builds(EligibleTitle, titles.filter(lambda code: code != "BANGKHEN-BO"), spread), max_size=3
    ).map(tuple),
    "honours": st.lists(st.builds(HonourHeld, titles, st.sampled_from(Level), spread), max_size=3).map(tuple),
    "discipline": st.lists(
        st.builds(
            Discipline,
            st.sampled_from(DisciplineOf),
            st.sampled_from(RULEBOOK.ladders.codes(LadderKind.DISCIPLINE)),
            st.dates(date(2020, 12, 30), date(2026, 1, 2)),
        ),
        max_size=3,
    ).map(tuple),
    "attested": st.lists(st.builds(Attestation, st.sampled_from(JUDGED), st.booleans()), max_size=8).map(tuple),
    "recognitions": st.lists(
        st.builds(PastRecognition, st.sampled_from(RECOGNITIONS), st.none() | spread), max_size=4
    ).map(tuple),
    "proposed_by": st.lists(st.builds(Proposal, st.sampled_from(Body)), max_size=2).map(tuple),
    "initiatives": st.lists(st.builds(InitiativeHeld, st.sampled_from(Level), spread), max_size=3).map(tuple),
    "service": st.lists(st.builds(Service, near_days), max_size=2).map(tuple),
    "leave": st.lists(
        st.builds(
            lambda kind, day, days: Leave(kind, day, day + timedelta(days)),
            st.sampled_from(LeaveKind),
            near_days,
            st.integers(0, 60),
        ),
        max_size=2,
    ).map(tuple),
    "reviews": st.lists(st.builds(Review, near_days), max_size=2).map(tuple),
    "dissolutions": st.lists(st.builds(Dissolution, near_days), max_size=1).map(tuple),
    "same_achievement": st.lists(st.builds(SameAchievement, titles, spread), max_size=2).map(tuple),
    "targets": st.lists(
        st.builds(
            TargetResult,
            spread,
            st.sampled_from(["VIEC", "TIEN"]),
            st.just("Chỉ tiêu"),
            st.just("percent"),
            st.sampled_from(["more", "less", "exact"]),
            st.none() | st.decimals(0, 100, places=2),
            st.none() | st.decimals(0, 100, places=2),
        ),
        max_size=2,
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
wide_facts = st.builds(Facts, **{key: st.none() | known for key, known in WIDE.items()})


@st.composite
def questions(draw: st.DrawFn) -> tuple[Rulebook, Case]:
    """Any recognition of any shipped rulebook, asked of anybody."""
    rulebook = draw(st.sampled_from(SHIPPED))
    recognition = draw(st.sampled_from(rulebook.recognitions))
    years_judged = [year for year in range(2021, 2026) if rulebook.in_force(date(year, 12, 31))]
    case = Case(
        recognition=recognition.code,
        year=draw(st.sampled_from(years_judged)) if recognition.period is None else None,
        as_of=draw(st.dates(date(2021, 6, 1), date(2026, 6, 1))),
        nominee=draw(nominees),
        facts=draw(wide_facts),
        unit=draw(wide_facts),
    )
    assume(any(rulebook.criteria_for(recognition, case)))  # a title is for people or for collectives
    return rulebook, case


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


@pytest.mark.parametrize("key", LISTS)
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


@given(questions(), st.sampled_from(["facts", "unit"]), WIDE["discipline"])
def test_more_discipline_never_helps_in_any_recognition(
    question: tuple[Rulebook, Case], of: str, more: tuple[Discipline, ...]
) -> None:
    rulebook, case = question
    known = side(of, case).discipline or ()
    before = replace(case, **{of: replace(side(of, case), discipline=known)})
    after = replace(case, **{of: replace(side(of, case), discipline=(*known, *more))})
    pairs = zip(worth(rulebook, before), worth(rulebook, after), strict=True)
    assert all(later <= earlier for earlier, later in pairs)


@pytest.mark.parametrize("key", ["honours", "recognitions", "proposed_by", "eligible_titles"])
@given(question=questions(), of=st.sampled_from(["facts", "unit"]), data=st.data())
def test_one_more_merit_never_hurts_in_any_recognition(
    question: tuple[Rulebook, Case], of: str, data: st.DataObject, key: str
) -> None:
    rulebook, case = question
    known = getattr(side(of, case), key) or ()
    before = replace(case, **{of: replace(side(of, case), **{key: known})})
    after = replace(case, **{of: replace(side(of, case), **{key: (*known, *data.draw(WIDE[key]))})})
    pairs = zip(worth(rulebook, before), worth(rulebook, after), strict=True)
    assert all(later >= earlier for earlier, later in pairs)


# Facts about which a unit's head may be asked while the register holds none.
ASKED_OF_PEOPLE = {"leave", "reviews", "same_achievement"}


def _unasked(unit: Facts | None) -> Facts | None:
    return replace(unit, attested=None) if unit else None


@pytest.mark.parametrize("key", READ_BY_CRITERIA)
@given(question=questions(), of=st.sampled_from(["facts", "unit"]), data=st.data())
def test_the_unknown_decides_nothing_in_any_recognition_that_knowledge_could_change(
    question: tuple[Rulebook, Case], of: str, data: st.DataObject, key: str
) -> None:
    rulebook, case = question
    if key in ASKED_OF_PEOPLE:
        # What somebody answered is knowledge too, until the register says more; here nobody has.
        case = replace(case, facts=replace(case.facts, attested=None), unit=_unasked(case.unit))
    unknown = replace(case, **{of: replace(side(of, case), **{key: None})})
    known = replace(case, **{of: replace(side(of, case), **{key: data.draw(WIDE[key])})})
    later = statuses(assess(rulebook, known))
    for code, status in statuses(assess(rulebook, unknown)).items():
        if status is not Status.UNDETERMINED:
            assert later[code] is status


@given(questions())
def test_a_year_that_is_not_known_decides_nothing_that_its_result_could_change(question: tuple[Rulebook, Case]) -> None:
    rulebook, case = question
    for key, build in (("gradings", Grading), ("movement_results", MovementResult)):
        for of in ("facts", "unit"):
            known = getattr(side(of, case), key) or ()
            missing = [year for year in range(2021, 2026) if year not in {one.year for one in known}][:1]
            unknown = statuses(assess(rulebook, case))
            for year in missing:
                for result in ("good", "excellent"):
                    told = replace(case, **{of: replace(side(of, case), **{key: (*known, build(year, result))})})
                    later = statuses(assess(rulebook, told))
                    decided = {code for code, status in unknown.items() if status is not Status.UNDETERMINED}
                    assert {code: later[code] for code in decided} == {code: unknown[code] for code in decided}


@given(questions())
def test_a_stored_case_of_any_recognition_loads_as_it_was(question: tuple[Rulebook, Case]) -> None:
    rulebook, case = question
    assert load_case(dump_case(case), rulebook) == case


@given(questions())
def test_nothing_known_is_undetermined_in_any_recognition(question: tuple[Rulebook, Case]) -> None:
    rulebook, case = question
    blank = replace(case, facts=Facts(), unit=Facts())
    assert set(statuses(assess(rulebook, blank)).values()) == {Status.UNDETERMINED}


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
            if field.name != "partly"
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
