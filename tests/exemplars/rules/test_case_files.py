"""A case file is read whole or refused with the line, the key and what was expected."""

import pytest
from rule_builders import PERSON, RULEBOOK

from exemplars.rules import CaseFileError, Source, Status, parse_cases

TEXT = """\
[[case]]
name = "Ví dụ một"
rulebook = "thads-thai-nguyen-2023"
recognition = "grassroots-annual"
year = 2023
as_of = 2023-12-31
undetermined = ["G1"]
[case.nominee]
kind = "person"
employment = "civil-servant"
heads_unit = false
[case.facts]
gradings = { 2023 = "excellent" }
eligible_titles = [{ title = "CSTDCS", year = 2023 }]
honours = [
    { title = "LDTT", level = "grassroots", year = 2022 },
    { title = "BANGKHEN-BO", level = "ministry", year = 2022, on = 2022-12-20, decision = "78/QĐ-VD" },
]
discipline = [{ of = "nominee", form = "khien-trach", on = 2022-05-04 }]
attested = ["G3", "B-C2"]
recognitions = [{ recognition = "grassroots-annual", year = 2022 }]
proposed_by = ["cuc"]
movement_results = { 2023 = "good" }
[case.unit]
gradings = { 2023 = "good" }

[[case]]
name = "Ví dụ hai"
rulebook = "thads-thai-nguyen-2023"
recognition = "grassroots-annual"
year = 2023
as_of = 2023-12-31
nominee = { kind = "collective" }
"""
RULEBOOKS = {RULEBOOK.code: RULEBOOK}


def test_every_key_is_read() -> None:
    full, bare = parse_cases(TEXT, RULEBOOKS)
    facts = full.case.facts
    assert full.expected == {"G1": Status.UNDETERMINED}
    assert [grading.grade for grading in facts.gradings or ()] == ["excellent"]
    assert [honour.title for honour in facts.honours or ()] == ["LDTT", "BANGKHEN-BO"]
    assert (facts.honours or ())[1].source == Source("78/QĐ-VD", PERSON.as_of.replace(2022, 12, 20))
    assert [proposal.body for proposal in facts.proposed_by or ()] == ["cuc"]
    assert [past.year for past in facts.recognitions or ()] == [2022]
    assert [result.result for result in facts.movement_results or ()] == ["good"]
    assert [grading.grade for grading in full.case.unit.gradings or ()] == ["good"]
    assert bare.case.facts.discipline is None


def test_an_empty_list_is_known_to_be_none() -> None:
    (case, _) = parse_cases(TEXT.replace('["G3", "B-C2"]', "[]"), RULEBOOKS)
    assert case.case.facts.attested == ()


@pytest.mark.parametrize(
    ("old", "new", "key", "expected"),
    [
        ('rulebook = "thads', 'rulebook = "cthads', "case[1].rulebook", "thads-thai-nguyen-2023"),
        ('"grassroots-annual"', '"grassroot"', "case[1].recognition", "grassroots-annual"),
        ("year = 2023\n", "", "case[1].year", "số nguyên"),
        ("year = 2023\n", "year = 20230\n", "case[1].year", "năm dương lịch"),
        ("year = 2023\n", "year = true\n", "case[1].year", "số nguyên"),
        ("as_of = 2023-12-31\n", 'as_of = "31/12/2023"\n', "case[1].as_of", "ngày có thật"),
        ('kind = "person"', 'kind = "people"', "case[1].nominee.kind", "person, collective"),
        ('"civil-servant"', '"officer"', "case[1].nominee.employment", "civil-servant"),
        ("heads_unit = false", 'heads_unit = "no"', "case[1].nominee.heads_unit", "true hoặc false"),
        ('{ 2023 = "excellent" }', '{ 2023 = "best" }', "case[1].facts.gradings.2023.grade", "excellent"),
        ('{ 2023 = "excellent" }', '{ now = "good" }', "case[1].facts.gradings.now", "một năm"),
        ('{ 2023 = "excellent" }', "[]", "case[1].facts.gradings", "bảng"),
        ('title = "CSTDCS"', 'title = "CSTĐCS"', "case[1].facts.eligible_titles[1].title", "CSTDCS"),
        ('"BANGKHEN-BO"', '"bằng khen"', "case[1].facts.honours[2].title", "BANGKHEN-BO"),
        ('level = "ministry"', 'level = "bo"', "case[1].facts.honours[2].level", "ministry"),
        ('form = "khien-trach"', 'form = "nhac-nho"', "case[1].facts.discipline[1].form", "khien-trach"),
        (", on = 2022-05-04", "", "case[1].facts.discipline[1].on", "một ngày"),
        ('["G3", "B-C2"]', '"G3"', "case[1].facts.attested", "danh sách"),
        ('["G3", "B-C2"]', "[3]", "case[1].facts.attested", "bảng"),
        ('["G3", "B-C2"]', '[{ code = "G3", hold = true }]', "case[1].facts.attested[1].hold", "holds"),
        ("honours = [", "honors = [", "case[1].facts.honors", "honours"),
        (
            '{ kind = "collective" }',
            '{ kind = "collective", heads_unit = true }',
            "case[2].nominee.heads_unit",
            "false",
        ),
        ('name = "Ví dụ hai"', 'nam = "Ví dụ hai"', "case[2].name", "đoạn chữ"),
    ],
)
def test_what_does_not_fit_is_refused_by_key(old: str, new: str, key: str, expected: str) -> None:
    assert old in TEXT
    with pytest.raises(CaseFileError) as refused:
        parse_cases(TEXT.replace(old, new, 1), RULEBOOKS)
    assert refused.value.key == key
    assert expected in refused.value.expected


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("heads_unit = false", "heads_unit = 0", 11),
        ('"BANGKHEN-BO"', '"bk"', 15),
        ('["G3", "B-C2"]', '"G3"', 20),
        ('kind = "collective"', 'kind = "group"', 33),
        ('name = "Ví dụ hai"\n', "", 27),
        ("as_of = 2023-12-31\nundetermined", "as_of = 2023-13-01\nundetermined", 6),
    ],
)
def test_the_refusal_names_the_nearest_line(old: str, new: str, line: int) -> None:
    with pytest.raises(CaseFileError, match=f"^Dòng {line}[,:] ") as refused:
        parse_cases(TEXT.replace(old, new, 1), RULEBOOKS)
    assert refused.value.line == line
