"""The shipped rules of counting and signing, and their readers."""

from datetime import date
from pathlib import Path

import pytest

from awards.models import VotingRule
from awards.rule_file import find_signing_rule, read_voting_rules
from awards.selectors.ballots import list_voting_rules
from awards.services.rules import load_voting_rules
from units.data_file import DataFileError

GOOD = """
[[rule]]
code = "x"
title = "X"
quorum = "2/3"
denominator = "members"
threshold = "1/2"
count_written = false
blank_is_valid = true
valid_from = 2021-01-01
citation = "Nghị định"
confirmed = true
"""


def test_the_shipped_rules_say_what_the_decree_says_and_what_no_plan_says() -> None:
    rules = {row.code: row for row in read_voting_rules() if row.valid_from < date(2024, 1, 1)}
    soldier = rules["ministry-emulation-soldier"]
    assert (soldier.threshold, soldier.denominator, soldier.count_written, soldier.confirmed) == (
        "9/10",
        "members",
        True,
        True,
    )
    assert soldier.valid_to == date(2023, 12, 31)
    assert not rules["grassroots-recognition"].confirmed
    assert "không nêu tỷ lệ" in rules["grassroots-recognition"].citation


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"1/2"', '"50%"', "threshold"),
        ('"1/2"', '"0"', "threshold"),
        ('"1/2"', '"3/2"', "threshold"),
        ('"2/3"', '"2/0"', "quorum"),
        ('"members"', '"everyone"', "denominator"),
        ("confirmed = true", "", "confirmed"),
        ("confirmed = true", "confirmed = true\nseats = 1", "seats"),
        ("confirmed = true", 'confirmed = true\nkinds = ["score"]\nmax_score = "10"', "step"),
        ("confirmed = true", 'confirmed = true\nkinds = ["score"]\nmax_score = "10"\nstep = "3"', "step"),
        ("confirmed = true", 'confirmed = true\nkinds = ["score"]\nmax_score = "0"\nstep = "1"', "max_score"),
        ("confirmed = true", 'confirmed = true\nkinds = ["score", "choose"]\nmax_score = "9"\nstep = "1"', "kinds"),
        ("confirmed = true", 'confirmed = true\nmax_score = "10"', "max_score"),
    ],
)
def test_a_wrong_value_is_named(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError, match=told):
        read_voting_rules(file)


def test_the_region_s_plan_gives_quotas_and_no_share() -> None:
    rules = {row.code: row for row in read_voting_rules()}
    flag, government = rules["region-sector-flag"], rules["region-government-flag"]
    assert [(one["id"], one["seats"]) for one in flag.groups] == [("so", 4), ("cuc", 4), ("chi-cuc", 13)]
    assert [one["seats"] for one in government.groups] == [2]
    assert (flag.threshold, flag.kinds, flag.confirmed, flag.tie) == (None, ["choose"], False, "second-round")


def test_points_have_a_rule_that_nobody_confirmed_and_votes_keep_theirs() -> None:
    rules = {row.code: row for row in read_voting_rules()}
    sheet = rules["score-sheet"]
    assert (sheet.kinds, sheet.max_score, sheet.step, sheet.confirmed) == (["score"], "100", "1", False)
    assert (rules["government-flag"].kinds, rules["government-flag"].max_score) == (["approve", "choose"], None)


def test_what_is_only_said_of_2024_is_not_confirmed() -> None:
    new = [row for row in read_voting_rules() if row.valid_from == date(2024, 1, 1)]
    assert {row.code: (row.threshold, row.confirmed) for row in new} == {
        "ministry-emulation-soldier": ("0.8", False),
        "government-flag": ("0.8", False),
        "state-emulation-soldier": ("9/10", False),
    }


@pytest.mark.django_db
def test_loading_adds_what_is_missing_and_keeps_what_an_office_edited() -> None:
    assert load_voting_rules() == len(read_voting_rules())
    VotingRule.objects.filter(code="grassroots-recognition").update(threshold="3/4")
    VotingRule.objects.filter(code="region-sector-flag").update(valid_from=date(2021, 2, 1))
    assert load_voting_rules() == 0
    assert VotingRule.objects.get(code="grassroots-recognition").threshold == "3/4"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("day", "stands"), [(date(2023, 12, 31), True), (date(2024, 1, 1), False), (date(2017, 9, 30), False)]
)
def test_a_rule_is_offered_from_its_first_day_to_its_last(day: date, stands: bool) -> None:
    load_voting_rules()
    standing = list_voting_rules(day).filter(code="ministry-emulation-soldier")
    assert standing.filter(threshold="9/10", confirmed=True).exists() is stands
    assert standing.count() <= 1


def test_the_signing_rule_changes_with_the_law() -> None:
    old, new = find_signing_rule(date(2023, 12, 31)), find_signing_rule(date(2024, 1, 1))
    assert old is not None
    assert new is not None
    assert (old.confirmed, new.confirmed, new.citation) == (False, True, "Luật 06/2022/QH15, khoản 1 Điều 80")
    assert find_signing_rule(date(2004, 6, 30)) is None
