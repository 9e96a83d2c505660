"""Each predicate that reads titles held, initiatives, service, leave, reviews, dissolution, another award: alone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rule_builders import RULEBOOK

from exemplars.rules import (
    BY_KIND,
    CATALOGUE,
    OFFERED,
    Attestation,
    Case,
    Dissolution,
    DocumentError,
    Facts,
    Grading,
    HonourHeld,
    InitiativeHeld,
    Judgement,
    Leave,
    LeaveKind,
    Level,
    Nominee,
    NomineeKind,
    Question,
    Review,
    SameAchievement,
    Section,
    Service,
    Source,
    Span,
    Status,
    Takes,
    asks_people,
    dump_case,
    load_case,
)
from exemplars.rules.predicates import read_predicate

MET, UNMET, UNKNOWN = Status.MET, Status.UNMET, Status.UNDETERMINED
YEAR = 2023
PERIOD = Span(date(2021, 1, 1), date(2025, 12, 31))


def judge(
    predicate: dict[str, Any], facts: Facts, *, year: int | None = YEAR, as_of: date = date(2023, 12, 31)
) -> Judgement:
    span = PERIOD if year is None else Span(date(year, 1, 1), date(year, 12, 31))
    case = Case("grassroots-annual", as_of, Nominee(NomineeKind.PERSON), facts, year)
    question = Question("X", span, RULEBOOK.ladders, case)
    return read_predicate(Section(predicate), RULEBOOK.ladders).judge(question)


def held(*years: int, title: str = "CSTDCS") -> Facts:
    return Facts(honours=tuple(HonourHeld(title, Level.GRASSROOTS, year) for year in years))


THREE_IN_A_ROW = {"kind": "held-title", "title": "CSTDCS", "times": 3, "consecutive": True}
HELD = {"kind": "held-title", "title": "CSTDCS"}
CASES: dict[str, tuple[dict[str, Any], Facts, Status]] = {
    "held in the year": (HELD, held(2023), MET),
    "held the year before only": (HELD, held(2022), UNMET),
    "nobody knows the honours": (HELD, Facts(), UNKNOWN),
    "a higher one is enough": (HELD, held(2023, title="CSTDB"), MET),
    "a lower one is not": (HELD, held(2023, title="LDTT"), UNMET),
    "a higher one is not the same": (HELD | {"or_higher": False}, held(2023, title="CSTDB"), UNMET),
    "three in a row up to the year": (THREE_IN_A_ROW, held(2021, 2022, 2023), MET),
    "a gap breaks the row": (THREE_IN_A_ROW, held(2020, 2021, 2023), UNMET),
    "an old row is none": (THREE_IN_A_ROW, held(2019, 2020, 2021), UNMET),
    "a row up to the year before": (THREE_IN_A_ROW | {"until_year_before": True}, held(2020, 2021, 2022), MET),
    "three of the last five years": (HELD | {"times": 3, "within_years": 5}, held(2019, 2021, 2023), MET),
    "one of them too old": (HELD | {"times": 3, "within_years": 5}, held(2018, 2021, 2023), UNMET),
    "twice in one year is once": (HELD | {"times": 2, "within_years": 5}, held(2022, 2022), UNMET),
    "a commendation by its own name": ({"kind": "held-title", "title": "BKB"}, held(2023, title="BKB"), MET),
    "a title is no commendation": ({"kind": "held-title", "title": "BKB"}, held(2023, title="CSTDTQ"), UNMET),
    "an initiative": (
        {"kind": "initiative", "times": 1, "levels": ["ministry"]},
        Facts(initiatives=(InitiativeHeld(Level.MINISTRY, 2023),)),
        MET,
    ),
    "an initiative of a lower level": (
        {"kind": "initiative", "times": 1, "levels": ["ministry"]},
        Facts(initiatives=(InitiativeHeld(Level.GRASSROOTS, 2023),)),
        UNMET,
    ),
    "an initiative of the year before": (
        {"kind": "initiative", "times": 1, "levels": ["ministry"]},
        Facts(initiatives=(InitiativeHeld(Level.MINISTRY, 2022),)),
        UNMET,
    ),
    "an initiative within three years": (
        {"kind": "initiative", "times": 1, "levels": ["ministry"], "within_years": 3},
        Facts(initiatives=(InitiativeHeld(Level.MINISTRY, 2021),)),
        MET,
    ),
    "nobody knows of initiatives": ({"kind": "initiative", "times": 1, "levels": ["state"]}, Facts(), UNKNOWN),
    "two good years": (
        {"kind": "grading-years", "at_least": "good", "years": 2},
        Facts(gradings=(Grading(2022, "good"), Grading(2023, "excellent"))),
        MET,
    ),
    "one of two years below": (
        {"kind": "grading-years", "at_least": "good", "years": 2},
        Facts(gradings=(Grading(2022, "completed"), Grading(2023, "excellent"))),
        UNMET,
    ),
    "one of two years unknown": (
        {"kind": "grading-years", "at_least": "good", "years": 2},
        Facts(gradings=(Grading(2023, "excellent"),)),
        UNKNOWN,
    ),
    "ten months from the first of March": (
        {"kind": "service-time", "months": 10},
        Facts(service=(Service(date(2023, 3, 1)),)),
        MET,
    ),
    "a day less": ({"kind": "service-time", "months": 10}, Facts(service=(Service(date(2023, 3, 2)),)), UNMET),
    "two periods that touch are one": (
        {"kind": "service-time", "months": 10},
        Facts(service=(Service(date(2023, 3, 1), date(2023, 6, 15)), Service(date(2023, 6, 16)))),
        MET,
    ),
    "service that begins later": (
        {"kind": "service-time", "months": 1},
        Facts(service=(Service(date(2024, 3, 1)),)),
        UNMET,
    ),
    "nobody knows the service": ({"kind": "service-time", "months": 1}, Facts(), UNKNOWN),
    "thirty-nine days": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(leave=(Leave(LeaveKind.SICK, date(2023, 1, 1), date(2023, 2, 8)),)),
        MET,
    ),
    "forty days": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(leave=(Leave(LeaveKind.SICK, date(2023, 1, 1), date(2023, 2, 9)),)),
        UNMET,
    ),
    "days of the year before": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(leave=(Leave(LeaveKind.SICK, date(2022, 11, 1), date(2023, 1, 9)),)),
        MET,
    ),
    "the same days twice": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(leave=(Leave(LeaveKind.SICK, date(2023, 1, 1), date(2023, 1, 30)),) * 2),
        MET,
    ),
    "maternity counts as work": (
        {"kind": "leave", "fewer_than_days": 40, "not_counted": ["maternity"]},
        Facts(leave=(Leave(LeaveKind.MATERNITY, date(2023, 1, 1), date(2023, 6, 30)),)),
        MET,
    ),
    "nobody knows of leave": ({"kind": "leave", "fewer_than_days": 40}, Facts(), UNKNOWN),
    "somebody says leave is short": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(attested=(Attestation("X"),)),
        MET,
    ),
    "no review": ({"kind": "not-under-review"}, Facts(reviews=()), MET),
    "a review that goes on": ({"kind": "not-under-review"}, Facts(reviews=(Review(date(2023, 12, 31)),)), UNMET),
    "a review over the day before": (
        {"kind": "not-under-review"},
        Facts(reviews=(Review(date(2023, 1, 1), date(2023, 12, 30)),)),
        MET,
    ),
    "nobody knows of reviews": ({"kind": "not-under-review"}, Facts(), UNKNOWN),
    "somebody says there is one": (
        {"kind": "not-under-review"},
        Facts(attested=(Attestation("X", holds=False),)),
        UNMET,
    ),
    "people disagree": (
        {"kind": "not-under-review"},
        Facts(attested=(Attestation("X"), Attestation("X", holds=False))),
        UNKNOWN,
    ),
    "stands": ({"kind": "not-dissolved"}, Facts(dissolutions=()), MET),
    "dissolved on the day": ({"kind": "not-dissolved"}, Facts(dissolutions=(Dissolution(date(2023, 12, 31)),)), UNMET),
    "dissolved the day after": ({"kind": "not-dissolved"}, Facts(dissolutions=(Dissolution(date(2024, 1, 1)),)), MET),
    "nobody knows whether it stands": ({"kind": "not-dissolved"}, Facts(), UNKNOWN),
    "no other award": ({"kind": "not-awarded-for-same"}, Facts(same_achievement=()), MET),
    "another award": (
        {"kind": "not-awarded-for-same"},
        Facts(same_achievement=(SameAchievement("BKB", 2023),)),
        UNMET,
    ),
    "another award that is not meant": (
        {"kind": "not-awarded-for-same", "titles": ["BKTTG"]},
        Facts(same_achievement=(SameAchievement("BKB", 2023),)),
        MET,
    ),
    "nobody knows of another award": ({"kind": "not-awarded-for-same"}, held(2023), UNKNOWN),
    "more service than is told": (
        {"kind": "service-time", "months": 24},
        Facts(service=(Service(date(2023, 3, 1)),), partly=frozenset({"service"})),
        UNKNOWN,
    ),
    "enough service in what is told": (
        {"kind": "service-time", "months": 10},
        Facts(service=(Service(date(2023, 3, 1)),), partly=frozenset({"service"})),
        MET,
    ),
    "more leave than is told": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(leave=(Leave(LeaveKind.SICK, date(2023, 1, 1), date(2023, 2, 8)),), partly=frozenset({"leave"})),
        UNKNOWN,
    ),
    "too much leave in what is told, whatever is said": (
        {"kind": "leave", "fewer_than_days": 40},
        Facts(
            leave=(Leave(LeaveKind.SICK, date(2023, 1, 1), date(2023, 2, 9)),),
            attested=(Attestation("X"),),
            partly=frozenset({"leave"}),
        ),
        UNMET,
    ),
    "a review that is over, another may go on": (
        {"kind": "not-under-review"},
        Facts(reviews=(Review(date(2023, 1, 1), date(2023, 12, 30)),), partly=frozenset({"reviews"})),
        UNKNOWN,
    ),
    "another award may not be told": (
        {"kind": "not-awarded-for-same", "titles": ["BKTTG"]},
        Facts(same_achievement=(SameAchievement("BKB", 2023),), partly=frozenset({"same_achievement"})),
        UNKNOWN,
    ),
    "more initiatives than are told": (
        {"kind": "initiative", "times": 2, "levels": ["grassroots"]},
        Facts(initiatives=(InitiativeHeld(Level.GRASSROOTS, 2023),), partly=frozenset({"initiatives"})),
        UNKNOWN,
    ),
    "one way is enough": (
        {"kind": "any-of", "parts": [HELD, {"kind": "attested"}]},
        replace(held(2023), attested=(Attestation("X", holds=False),)),
        MET,
    ),
    "a way that is open": ({"kind": "any-of", "parts": [HELD, {"kind": "attested"}]}, held(), UNKNOWN),
    "no way is left": (
        {"kind": "any-of", "parts": [HELD, {"kind": "attested"}]},
        replace(held(), attested=(Attestation("X", holds=False),)),
        UNMET,
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_predicate_judges(name: str) -> None:
    predicate, facts, status = CASES[name]
    answer = judge(predicate, facts)
    assert answer.status is status
    assert answer.reason
    if status is UNMET:
        assert answer.missing
        assert answer.chance
    if status is UNKNOWN:
        assert answer.remedy or predicate["kind"] == "any-of"


@pytest.mark.parametrize(
    ("predicate", "asked"),
    [
        ({"kind": "attested"}, True),
        ({"kind": "leave", "fewer_than_days": 40}, True),
        (HELD, False),
        ({"kind": "any-of", "parts": [HELD, {"kind": "attested"}]}, True),
        ({"kind": "all-of", "parts": [HELD, HELD]}, False),
    ],
)
def test_the_head_is_asked_what_people_can_decide_also_inside_another(predicate: dict[str, Any], asked: bool) -> None:
    assert asks_people(read_predicate(Section(predicate), RULEBOOK.ladders)) is asked


def test_what_is_partly_known_is_stored_and_read_as_such() -> None:
    facts = Facts(leave=(Leave(LeaveKind.SICK, date(2023, 1, 1), date(2023, 2, 8)),), partly=frozenset({"leave"}))
    case = Case("grassroots-annual", date(2023, 12, 31), Nominee(NomineeKind.PERSON), facts, YEAR)
    stored = dump_case(case)
    assert load_case(stored, RULEBOOK) == case
    stored["facts"] = {"partly": ["leave"]}
    with pytest.raises(DocumentError, match="partly"):
        load_case(stored, RULEBOOK)


def test_nobody_reads_from_a_finding_why_somebody_was_away() -> None:
    told = judge(
        {"kind": "leave", "fewer_than_days": 40},
        Facts(leave=(Leave(LeaveKind.MATERNITY, date(2023, 2, 3), date(2023, 6, 30), Source("MAU-9/QĐ")),)),
    )
    words = str(told)
    assert "148 ngày" in words
    assert not any(one in words for one in ("thai sản", "03/02/2023", "MAU-9"))


def test_any_row_of_a_period_counts() -> None:
    assert judge(THREE_IN_A_ROW, held(2021, 2022, 2023), year=None).status is MET
    assert judge(THREE_IN_A_ROW, held(2021, 2022, 2024), year=None).status is UNMET
    assert judge(THREE_IN_A_ROW, held(2019, 2020, 2021), year=None).status is UNMET


@pytest.mark.parametrize(("years", "first"), [((2022, 2023), 2024), ((2021, 2022), 2026), ((), 2026)])
def test_a_row_that_broke_off_begins_anew(years: tuple[int, ...], first: int) -> None:
    chance = judge(THREE_IN_A_ROW, held(*years)).chance
    assert chance is not None
    assert chance.day == date(first, 12, 31)


def test_the_end_of_a_review_is_the_first_chance() -> None:
    chance = judge({"kind": "not-under-review"}, Facts(reviews=(Review(date(2023, 1, 1), date(2024, 2, 1)),))).chance
    assert chance is not None
    assert chance.day == date(2024, 2, 2)


def test_every_predicate_is_described_with_the_parameters_it_takes() -> None:
    assert set(BY_KIND) == set(CATALOGUE)
    assert {one.kind for one in BY_KIND.values() if one.is_composite} == {"all-of", "any-of"}
    assert not any(one.is_composite for one in OFFERED)


def sample(takes: Takes) -> object:
    samples: dict[Takes, object] = {
        Takes.TITLE: "CSTDCS",
        Takes.AWARD: "BKB",
        Takes.AWARDS: ["BKB"],
        Takes.GRADING: "good",
        Takes.MOVEMENT: "good",
        Takes.DISCIPLINE: "canh-cao",
        Takes.DISCIPLINE_OF: "nominee",
        Takes.EMPLOYMENTS: ["contract"],
        Takes.LEVELS: ["state"],
        Takes.BODIES: ["cuc"],
        Takes.LEAVE_KINDS: ["sick"],
        Takes.RECOGNITION: "sector-annual",
        Takes.INDICATOR: "AN-HC",
        Takes.CAMPAIGN: "phong-trao-2023",
        Takes.SUBJECT: "nominee",
        Takes.NUMBER: 1,
        Takes.FLAG: True,
    }
    return samples[takes]


@pytest.mark.parametrize("kind", [entry.kind for entry in OFFERED])
def test_a_predicate_takes_what_its_description_names_and_needs_what_it_says(kind: str) -> None:
    entry = BY_KIND[kind]
    # The words of a recognition go along with its code; a row of years fixes its own time.
    more: dict[str, object] = {"label": "x"} if kind == "recognised" else {}
    whole = {"kind": kind} | more | {one.key: sample(one.takes) for one in entry.parameters}
    if kind == "held-title":
        del whole["within_years"]
    one = read_predicate(Section(whole), RULEBOOK.ladders)
    assert one.kind == kind
    needed = {"kind": kind} | more | {one.key: sample(one.takes) for one in entry.parameters if one.required}
    assert read_predicate(Section(needed), RULEBOOK.ladders).kind == kind
    for parameter in entry.parameters:
        if parameter.required:
            with pytest.raises(ValueError, match=parameter.key):
                read_predicate(Section({k: v for k, v in needed.items() if k != parameter.key}), RULEBOOK.ladders)


WORTH = {UNMET: 0, UNKNOWN: 1, MET: 2}
titles = st.sampled_from(["LDTT", "CSTDCS", "CSTDB", "BKB", "TTLDXS"])
honours = st.lists(st.builds(HonourHeld, titles, st.sampled_from(Level), st.integers(2017, 2026)), max_size=6)
predicates = st.builds(
    lambda title, times, consecutive, within, higher: (
        {"kind": "held-title", "title": title, "times": times, "consecutive": consecutive, "or_higher": higher}
        | ({"within_years": within} if not consecutive else {})
    ),
    titles,
    st.integers(1, 4),
    st.booleans(),
    st.integers(1, 5),
    st.booleans(),
)


@given(predicates, honours, honours, st.sampled_from([2023, None]))
def test_one_more_honour_never_hurts(
    predicate: dict[str, Any], some: list[HonourHeld], more: list[HonourHeld], year: int | None
) -> None:
    before = judge(predicate, Facts(honours=tuple(some)), year=year).status
    after = judge(predicate, Facts(honours=(*some, *more)), year=year).status
    assert WORTH[after] >= WORTH[before]


@given(st.lists(st.dates(date(2022, 6, 1), date(2024, 6, 1)), max_size=5), st.integers(0, 80))
def test_one_more_leave_never_helps(days: list[date], length: int) -> None:
    rows = tuple(Leave(LeaveKind.OTHER, day, day + timedelta(length)) for day in days)
    worth = [
        WORTH[judge({"kind": "leave", "fewer_than_days": 40}, Facts(leave=rows[:number])).status]
        for number in range(len(rows) + 1)
    ]
    assert worth == sorted(worth, reverse=True)
