"""Facts in memory, judged by this program and by two rule engines: `python bench/rules.py --engines`.

Neither database nor Django. The engines are asked what they can express: the status of each criterion of the yearly
recognition of a person, with a fixed sentence, without what was read, by how much, when, or the ladder in force on the
day (its codes are written into their conditions). The facts are laid out flat for them beforehand, and that is not
counted. This program answers with whole findings, every text made, from facts that name the papers they come from.
Each engine's answers are held against this program's.

`rule-engine` and `business-rules` are extra requirements, in an environment of their own; one that is not installed is
left out.
"""

import gc
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

DAY, YEAR = date(2023, 12, 31), 2023
DOCUMENT = Path(__file__).parent.parent / "exemplars" / "data" / "rulebooks" / "thads-thai-nguyen-2023.ban-2.toml"
JUDGED_BY_PEOPLE = ("G1", "G3", "G4", "B-C2")
ENOUGH = ("CSTDCS", "CSTDB", "CSTDTQ")
Judge = Callable[[dict[str, Any]], dict[str, tuple[str, str]]]


def say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def invent_cases(number: int) -> list[Any]:
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
        Level,
        Nominee,
        NomineeKind,
        Source,
    )

    dice = random.Random("nganh-mau")  # noqa: S311

    def paper() -> Source:
        return Source(f"{dice.randint(1, 900)}/QĐ-MAU", date(dice.randint(2019, 2023), 12, dice.randint(1, 28)))

    titles, grades = ("LDTT", *ENOUGH), ("excellent", "good", "completed")
    return [
        Case(
            recognition="grassroots-annual",
            year=YEAR,
            as_of=DAY,
            nominee=Nominee(NomineeKind.PERSON, Employment.CIVIL_SERVANT),
            facts=Facts(
                gradings=tuple(
                    Grading(year, dice.choice(grades), paper()) for year in range(2019, 2024) if dice.random() < 0.9
                ),
                eligible_titles=None
                if dice.random() < 0.1
                else tuple(
                    EligibleTitle(dice.choice(titles), year, paper())
                    for year in range(2020, 2024)
                    if dice.random() < 0.7
                ),
                honours=tuple(
                    HonourHeld(dice.choice(titles), Level.GRASSROOTS, dice.randint(2016, 2023), paper())
                    for _ in range(dice.randint(0, 6))
                ),
                discipline=tuple(
                    Discipline(DisciplineOf.NOMINEE, "khien-trach", date(dice.randint(2019, 2023), 5, 4))
                    for _ in range(dice.random() < 0.02)
                ),
                attested=tuple(
                    Attestation(code, dice.random() < 0.9, paper()) for code in JUDGED_BY_PEOPLE if dice.random() < 0.8
                ),
            ),
        )
        for _ in range(number)
    ]


def flatten(case: Any) -> dict[str, Any]:
    """The facts as an engine reads them: lists of plain values and mappings, and whether they are known."""
    facts = case.facts
    return {
        "year": YEAR,
        "gradings": [{"year": one.year, "grade": one.grade} for one in facts.gradings],
        "is_reviewed": facts.eligible_titles is not None,
        "eligible": [{"year": one.year, "title": one.title} for one in facts.eligible_titles or ()],
        "honours": [{"year": one.year, "title": one.title} for one in facts.honours],
        "attested": [one.code for one in facts.attested if one.holds],
        "denied": [one.code for one in facts.attested if not one.holds],
    }


def compare_engines(number: int = 4_000) -> Iterator[str]:
    from exemplars.rules import assess, parse_rulebook

    rulebook = parse_rulebook(DOCUMENT.read_text(encoding="utf-8"))
    cases = invent_cases(number)
    flat = [flatten(case) for case in cases]
    ours, spent = timed(lambda: [assess(rulebook, case) for case in cases])
    expected = [{one.code: one.status.value for one in answer.findings} for answer in ours]
    print("| engine | nominees a second | against this program | what it answers |\n|---|---:|---:|---|")
    rate = number / spent
    print(f"| this program | {rate:,.0f} | 1.0 | status, reason with what was read, citation, remedy, first day |")
    for name, build in (("rule-engine", build_rule_engine), ("business-rules", build_business_rules)):
        try:
            judge = build()
        except ImportError:
            say(f"{name} is not installed; left out")
            continue
        answers, taken = timed(lambda judge=judge: [judge(one) for one in flat])
        if [{code: status for code, (status, _) in answer.items()} for answer in answers] != expected:
            yield f"{name} answers otherwise"
        print(f"| {name} | {number / taken:,.0f} | {spent / taken:.2f} | status, a fixed sentence |")
        if taken < spent:
            yield f"{name} is ahead: {number / taken:,.0f} a second"


def timed(work: Callable[[], Any], rounds: int = 5) -> tuple[Any, float]:
    """The answer, and the least processor time of some rounds: neighbours only ever add.

    Without the collector of cycles, as `timeit` measures: what thousands of kept answers cost it is no engine's.
    """
    best, answer = float("inf"), None
    for _ in range(rounds):
        answer = None
        gc.collect()
        gc.disable()
        began = time.process_time()
        answer = work()
        best = min(best, time.process_time() - began)
        gc.enable()
    return answer, best


def sentence(code: str, status: str) -> str:
    return f"Tiêu chuẩn {code}: {status}."


def build_rule_engine() -> Judge:
    import rule_engine

    enough = ", ".join(f'"{one}"' for one in ENOUGH)
    reached = " or ".join(
        f'[one for one in {key} if one["year"] == year and one["title"] in [{enough}]].length > 0'
        for key in ("eligible", "honours")
    )
    graded = '[one for one in gradings if one["year"] == year and one["grade"] {} "excellent"].length > 0'
    texts = {code: {"met": f'"{code}" in attested', "unmet": f'"{code}" in denied'} for code in JUDGED_BY_PEOPLE} | {
        "G2": {"met": graded.format("=="), "unmet": graded.format("!=")},
        "B-C1": {"met": reached, "unmet": "is_reviewed"},
    }
    rules = {
        code: [(status, rule_engine.Rule(text), sentence(code, status)) for status, text in one.items()]
        for code, one in texts.items()
    }
    other = {code: ("undetermined", sentence(code, "undetermined")) for code in rules}

    def judge(facts: dict[str, Any]) -> dict[str, tuple[str, str]]:
        found = dict(other)
        for code, tests in rules.items():
            for status, rule, words in tests:
                if rule.matches(facts):
                    found[code] = (status, words)
                    break
        return found

    return judge


def build_business_rules() -> Judge:  # noqa: C901  small classes as that engine wants them
    """Its conditions compare values; what is read from lists has to be written as a variable, in Python."""
    from business_rules import run_all
    from business_rules.actions import BaseActions, rule_action
    from business_rules.fields import FIELD_TEXT
    from business_rules.variables import BaseVariables, boolean_rule_variable, select_multiple_rule_variable

    class Variables(BaseVariables):
        def __init__(self, facts: dict[str, Any]) -> None:
            self.facts = facts

        @select_multiple_rule_variable()
        def attested(self) -> list[str]:
            return self.facts["attested"]

        @select_multiple_rule_variable()
        def denied(self) -> list[str]:
            return self.facts["denied"]

        @select_multiple_rule_variable()
        def grades(self) -> list[str]:
            return [one["grade"] for one in self.facts["gradings"] if one["year"] == self.facts["year"]]

        @select_multiple_rule_variable()
        def titles(self) -> list[str]:
            year = self.facts["year"]
            return [one["title"] for key in ("eligible", "honours") for one in self.facts[key] if one["year"] == year]

        @boolean_rule_variable()
        def is_reviewed(self) -> bool:
            return self.facts["is_reviewed"]

    class Actions(BaseActions):
        def __init__(self, found: dict[str, tuple[str, str]]) -> None:
            self.found = found

        @rule_action(params={"code": FIELD_TEXT, "status": FIELD_TEXT, "words": FIELD_TEXT})
        def answer(self, code: str, status: str, words: str) -> None:
            self.found[code] = (status, words)

    def rule(code: str, status: str, *conditions: tuple[str, str, Any]) -> dict[str, Any]:
        listed = [{"name": name, "operator": operator, "value": value} for name, operator, value in conditions]
        params = {"code": code, "status": status, "words": sentence(code, status)}
        return {"conditions": {"all": listed}, "actions": [{"name": "answer", "params": params}]}

    rules = []
    for code in JUDGED_BY_PEOPLE:
        rules.append(rule(code, "met", ("attested", "contains_all", [code])))
        rules.append(rule(code, "unmet", ("denied", "contains_all", [code])))
    lower, some = ["good", "completed", "failed"], "shares_at_least_one_element_with"
    rules += [
        rule("G2", "met", ("grades", "contains_all", ["excellent"])),
        rule("G2", "unmet", ("grades", some, lower)),
        rule("B-C1", "met", ("titles", some, list(ENOUGH))),
        rule(
            "B-C1",
            "unmet",
            ("titles", "shares_no_elements_with", list(ENOUGH)),
            ("is_reviewed", "is_true", True),
        ),
    ]
    codes = ("G1", "G2", "G3", "G4", "B-C1", "B-C2")
    other = {code: ("undetermined", sentence(code, "undetermined")) for code in codes}

    def judge(facts: dict[str, Any]) -> dict[str, tuple[str, str]]:
        found = dict(other)
        run_all(rules, Variables(facts), Actions(found), stop_on_first_trigger=False)
        return found

    return judge
