"""What is asked in a following round: the tied for the seats left, the winners in a second ballot, groups by quota."""

from random import Random
from typing import Any

import pytest

from awards.voting import (
    Contest,
    CountResult,
    Quota,
    RoundRefusedError,
    count,
    group_contests,
    list_winners,
    parse_sitting,
    read_sitting,
    second_round,
    winners_contest,
)
from tests.awards.chance import make_sitting, text_of

FLAGS = (
    Quota("so", "Khối Sở Tư pháp", 4),
    Quota("cuc", "Khối Cục Thi hành án dân sự", 4),
    Quota("chi-cuc", "Khối Chi cục Thi hành án dân sự", 13),
)
GOVERNMENT = Quota("chinh-phu", "Cờ thi đua của Chính phủ", 2)
HEADS = 28


def counted(contests: tuple[Contest, ...], papers: list[dict[str, list[str]]], **changes: Any) -> CountResult:
    base: dict[str, Any] = {
        "members": HEADS,
        "present": HEADS,
        "quorum": "2/3",
        "denominator": "members",
        "threshold": None,
        "kind": "choose",
        "blank_is_valid": False,
        "count_written": False,
        "contests": [
            {"id": one.id, "title": one.title, "seats": one.seats, "candidates": list(one.candidates)}
            for one in contests
        ],
        "papers": papers,
    }
    return count(parse_sitting(base | changes))


def one(seats: int | None, candidates: str = "abc") -> tuple[Contest, ...]:
    return (Contest("g", "Sở", seats, tuple(candidates)),)


def votes(**numbers: int) -> list[dict[str, list[str]]]:
    return [{"g": [name]} for name, number in numbers.items() for _ in range(number)]


# -- groups with a quota --


def test_each_group_is_a_contest_with_its_quota() -> None:
    nominees = [("a", "cuc"), ("b", "so"), ("c", "cuc")]
    assert group_contests(FLAGS, nominees) == (
        Contest("so", "Khối Sở Tư pháp", 4, ("b",)),
        Contest("cuc", "Khối Cục Thi hành án dân sự", 4, ("a", "c")),
    )


def test_a_group_may_have_no_limit() -> None:
    [contest] = group_contests([Quota("g", "Nhóm", None)], [("a", "g")])
    assert contest.seats is None


@pytest.mark.parametrize(
    ("quotas", "nominees", "words"),
    [
        (FLAGS, [("a", "truong")], "“a” thuộc nhóm “truong” chưa có chỉ tiêu"),
        (FLAGS, [("a", "so"), ("a", "cuc")], "“a” được đề nghị hai lần"),
        (FLAGS, [("a", "so"), ("a", "so")], "“a” được đề nghị hai lần"),
        ((*FLAGS, FLAGS[0]), [("a", "so")], "được khai hai lần"),
        ([Quota("so", "Sở", 0)], [("a", "so")], "ít nhất một"),
        (FLAGS, [], "Chưa có trường hợp nào"),
    ],
)
def test_groups_that_cannot_be_asked_are_refused(quotas: Any, nominees: Any, words: str) -> None:
    with pytest.raises(RoundRefusedError, match=words):
        group_contests(quotas, nominees)


# -- a second round among the tied --


def test_a_tie_is_asked_again_among_the_tied_for_the_seats_left() -> None:
    result = counted(one(2), votes(a=5, b=3, c=3))
    assert second_round(result) == (Contest("g", "Sở", 1, ("b", "c")),)


def test_no_tie_leaves_nothing_to_ask() -> None:
    assert second_round(counted(one(2), votes(a=5, b=3, c=2))) == ()
    assert second_round(counted(one(None), votes(a=3, b=3, c=3))) == ()


def test_seats_free_for_want_of_votes_are_no_tie() -> None:
    assert second_round(counted(one(2), votes(a=20, b=2, c=2), threshold="1/2")) == ()


def test_without_a_quorum_nothing_follows() -> None:
    assert second_round(counted(one(1), votes(a=3, b=3), present=6)) == ()


def test_only_the_contests_with_a_tie_are_asked_again() -> None:
    contests = group_contests([Quota("so", "Sở", 1), Quota("cuc", "Cục", 1)], [("a", "so"), ("b", "so"), ("d", "cuc")])
    result = counted(contests, [{"so": ["a"], "cuc": ["d"]}, {"so": ["b"], "cuc": ["d"]}])
    assert [contest.id for contest in second_round(result)] == ["so"]


def test_rounds_add_up_to_the_winners_in_the_order_of_the_first_paper() -> None:
    first = counted(one(2), votes(c=5, a=3, b=3))
    second = counted(second_round(first), votes(a=9, b=8))
    assert list_winners([first, second]) == {"g": ("a", "c")}


def test_a_tie_in_the_second_round_needs_a_third() -> None:
    first = counted(one(2, "abcd"), votes(a=5, b=3, c=3, d=3))
    second = counted(second_round(first), votes(b=4, c=4, d=1))
    assert second_round(second) == (Contest("g", "Sở", 1, ("b", "c")),)
    with pytest.raises(RoundRefusedError, match="Còn bằng phiếu ở: Sở"):
        list_winners([first, second])
    third = counted(second_round(second), votes(c=15))
    assert list_winners([first, second, third]) == {"g": ("a", "c")}


def test_winners_of_a_tie_that_stands_are_nobody_yet() -> None:
    with pytest.raises(RoundRefusedError, match="Còn bằng phiếu"):
        list_winners([counted(one(1), votes(a=3, b=3))])


@pytest.mark.parametrize("follower", [one(1, "ab"), one(2, "bc"), one(1, "bcd"), one(None, "bc")])
def test_a_round_that_asks_something_else_is_refused(follower: tuple[Contest, ...]) -> None:
    first = counted(one(2), votes(a=5, b=3, c=3))
    with pytest.raises(RoundRefusedError, match="Vòng 2 không bầu đúng"):
        list_winners([first, counted(follower, votes(b=9))])


def test_a_round_may_list_the_tied_in_another_order() -> None:
    first = counted(one(2), votes(a=5, b=3, c=3))
    assert list_winners([first, counted(one(1, "cb"), votes(c=9))]) == {"g": ("a", "c")}


def test_a_round_without_a_quorum_settles_nothing() -> None:
    first = counted(one(2), votes(a=5, b=3, c=3))
    second = counted(second_round(first), votes(b=5), present=5)
    with pytest.raises(RoundRefusedError, match="Vòng 2 không đủ số thành viên"):
        list_winners([first, second])
    with pytest.raises(RoundRefusedError, match="Chưa kiểm phiếu"):
        list_winners([])


def test_rounds_of_sittings_by_chance_end_with_no_seat_too_many() -> None:
    """Whatever the count, asking again among the tied settles it: at most the seats, and nobody who was not asked."""
    ties = 0
    for seed in range(1500):
        random = Random(seed)  # noqa: S311  chance, no secret
        rounds = [count(read_sitting(text_of(make_sitting(random.randint))))]
        while follows := second_round(rounds[-1]):
            ties += 1
            papers = [{item.id: random.sample(item.candidates, item.seats or 0) for item in follows} for _ in range(28)]
            rounds.append(counted(follows, papers))
        if not rounds[0].quorum_met:
            continue
        winners = list_winners(rounds)
        for result in rounds[0].contests:
            names = winners[result.contest.id]
            assert set(result.elected) <= set(names) <= {*result.elected, *result.tied}
            assert len(names) <= (result.contest.seats or len(names))
            assert len(names) == result.contest.seats or not result.tied
    assert ties > 100


# -- a second ballot among the winners --


def region() -> list[CountResult]:
    """Fourteen, fourteen and thirty units; every head chooses as many as the quota lets, the first of the list more."""
    nominees = [
        (f"{group}-{number}", group)
        for group, many in (("so", 14), ("cuc", 14), ("chi-cuc", 30))
        for number in range(many)
    ]
    contests = group_contests(FLAGS, nominees)
    papers = [
        {
            item.id: [
                *item.candidates[: (item.seats or 0) - 1],
                item.candidates[(item.seats or 0) - 1 + (head % 3 == 0)],
            ]
            for item in contests
        }
        for head in range(HEADS)
    ]
    return [counted(contests, papers)]


def test_flags_of_the_government_are_asked_among_the_ministrys_flags_only() -> None:
    first = region()
    assert [len(names) for names in list_winners(first).values()] == [4, 4, 13]
    contest = winners_contest(GOVERNMENT, first)
    assert (contest.id, contest.title, contest.seats) == ("chinh-phu", "Cờ thi đua của Chính phủ", 2)
    assert contest.candidates == tuple(name for names in list_winners(first).values() for name in names)
    assert len(contest.candidates) == 21
    papers = [{"chinh-phu": ["so-0", "cuc-0"]}] * 20 + [{"chinh-phu": ["so-1", "cuc-0"]}] * 8
    assert list_winners([counted((contest,), papers)]) == {"chinh-phu": ("so-0", "cuc-0")}


def test_a_paper_for_one_who_won_no_flag_does_not_count() -> None:
    contest = winners_contest(GOVERNMENT, region())
    result = counted((contest,), [{"chinh-phu": ["so-0"]}, {"chinh-phu": ["so-13"]}]).contests[0]
    assert [bad.reason for bad in result.invalid] == ["có tên ngoài danh sách: so-13"]


def test_a_second_ballot_may_be_open_to_some_groups_only() -> None:
    contest = winners_contest(GOVERNMENT, region(), groups=["cuc"])
    assert contest.candidates == ("cuc-0", "cuc-1", "cuc-2", "cuc-3")
    with pytest.raises(RoundRefusedError, match="không có nhóm truong"):
        winners_contest(GOVERNMENT, region(), groups=["truong"])


def test_a_second_ballot_waits_for_the_rounds_of_the_first() -> None:
    first = counted(one(2), votes(a=5, b=3, c=3))
    with pytest.raises(RoundRefusedError, match="Còn bằng phiếu"):
        winners_contest(GOVERNMENT, [first])
    second = counted(second_round(first), votes(c=9))
    assert winners_contest(GOVERNMENT, [first, second]).candidates == ("a", "c")


def test_a_second_ballot_among_nobody_is_refused() -> None:
    with pytest.raises(RoundRefusedError, match="không ai được chọn"):
        winners_contest(GOVERNMENT, [counted(one(2), votes(a=1), threshold="1/2")])


def test_one_who_won_in_two_groups_stands_on_the_paper_once() -> None:
    contests = (Contest("x", "X", 1, ("a", "b")), Contest("y", "Y", 1, ("a", "c")))
    first = counted(contests, [{"x": ["a"], "y": ["a"]}])
    assert winners_contest(GOVERNMENT, [first]).candidates == ("a",)
