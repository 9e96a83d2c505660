"""Each rule of the count, one hand-made sitting at a time."""

from time import process_time
from typing import Any

import pytest

from awards.voting import count, parse_sitting, to_json

A_ONLY = {"g": ["a"]}
YES_A = {"g": {"a": "yes"}}
NO_A = {"g": {"a": "no"}}


def sitting(**changes: Any) -> dict[str, Any]:
    """Ten members, nine present; approve two candidates by two thirds of all members."""
    base: dict[str, Any] = {
        "members": 10,
        "present": 9,
        "quorum": "2/3",
        "denominator": "members",
        "threshold": "2/3",
        "kind": "approve",
        "blank_is_valid": False,
        "count_written": True,
        "contests": [{"id": "g", "title": "Tập thể", "seats": None, "candidates": ["a", "b"]}],
        "papers": [],
        "written": [],
    }
    return base | changes


def choose(seats: int | None, papers: list[Any], candidates: str = "abc", **changes: Any) -> dict[str, Any]:
    contest = {"id": "g", "title": "Sở", "seats": seats, "candidates": list(candidates)}
    return sitting(kind="choose", threshold=None, contests=[contest], papers=papers) | changes


def counted(data: dict[str, Any]) -> Any:
    return to_json(count(parse_sitting(data)))


def contest(data: dict[str, Any]) -> Any:
    return counted(data)["contests"][0]


def test_the_published_form_has_exactly_its_keys() -> None:
    papers = [{"g": {"a": "yes", "b": "no"}}] * 6 + [{"g": {"a": "yes"}}, {"g": {}}]
    assert counted(sitting(papers=papers)) == {
        "quorum_met": True,
        "contests": [
            {
                "id": "g",
                "issued": 9,
                "received": 8,
                "valid": 7,
                "invalid": [{"paper": 7, "reason": "phiếu trắng"}],
                "denominator": 10,
                "candidates": {
                    "a": {"yes": 7, "no": 0, "blank": 0, "share": "7/10", "passed": True},
                    "b": {"yes": 0, "no": 6, "blank": 1, "share": "0/10", "passed": False},
                },
                "elected": ["a"],
                "tied": [],
                "not_elected": ["b"],
            }
        ],
        "warnings": [
            "Có 1 phiếu phát ra không thu về.",
            "Tập thể: mọi phiếu hợp lệ giống nhau đối với a nên kết quả tự cho biết từng người đã chọn gì.",
        ],
    }


@pytest.mark.parametrize(
    ("present", "quorum", "met"),
    [(6, "2/3", False), (7, "2/3", True), (6, "0.6", True), (0, "0", True), (9, "1", False), (10, "1", True)],
)
def test_quorum_is_present_over_members(present: int, quorum: str, *, met: bool) -> None:
    assert counted(sitting(present=present, quorum=quorum))["quorum_met"] is met


def test_without_a_quorum_nobody_is_elected_though_the_tally_stands() -> None:
    papers = [{"g": {"a": "yes"}}] * 6
    result = contest(sitting(present=6, threshold="1/2", papers=papers))
    assert result["candidates"]["a"]["passed"] is True
    assert (result["elected"], result["tied"], result["not_elected"]) == ([], [], ["a", "b"])


@pytest.mark.parametrize(
    ("members", "yes", "threshold", "passed"),
    [
        (15, 12, "4/5", True),
        (15, 11, "4/5", False),
        (15, 12, "0.8", True),
        (10, 9, "0.9", True),
        # 3/10 and 7/10 are the values on which binary floats go wrong.
        (10, 3, "0.3", True),
        (10, 7, "0.7", True),
        (3, 2, "2/3", True),
        (3, 2, "0.6666666666666666666"[:18], True),
        (3, 2, "0.6666666666666667", False),
        (10, 1, None, True),
        (10, 0, None, False),
        (10, 0, "0.000000000000000001", False),
        (10, 1, "0.1", True),
        (10, 10, "1", True),
    ],
)
def test_threshold_is_compared_exactly(members: int, yes: int, threshold: str | None, *, passed: bool) -> None:
    papers = [YES_A] * yes + [NO_A] * (members - yes)
    result = contest(sitting(members=members, present=members, threshold=threshold, papers=papers))
    assert result["candidates"]["a"]["passed"] is passed
    assert result["candidates"]["a"]["share"] == f"{yes}/{members}"


@pytest.mark.parametrize(
    ("denominator", "count_written", "expected", "yes"),
    [
        ("members", True, 12, 7),
        ("members", False, 12, 5),
        ("present", True, 10, 7),
        ("present", False, 8, 5),
        ("valid", True, 8, 7),
        ("valid", False, 6, 5),
    ],
)
def test_denominators_with_and_without_written_opinions(
    denominator: str, *, count_written: bool, expected: int, yes: int
) -> None:
    result = contest(
        sitting(
            members=12,
            present=8,
            quorum="1/2",
            denominator=denominator,
            count_written=count_written,
            papers=[YES_A] * 5 + [NO_A] + [{"g": {}}],
            written=[YES_A] * 2,
        )
    )
    assert (result["denominator"], result["candidates"]["a"]["yes"]) == (expected, yes)
    assert result["candidates"]["a"]["share"] == f"{yes}/{expected}"
    assert result["received"] == 7


def test_written_opinions_do_not_make_a_quorum() -> None:
    assert counted(sitting(present=6, written=[YES_A] * 4))["quorum_met"] is False


def test_an_invalid_written_opinion_is_numbered_after_the_papers() -> None:
    result = contest(sitting(papers=[YES_A, YES_A], written=[{"g": {"z": "yes"}}]))
    assert result["invalid"] == [{"paper": 2, "reason": "có tên ngoài danh sách: z"}]


def test_an_uncounted_written_opinion_is_not_judged() -> None:
    data = sitting(papers=[YES_A], written=[{"g": {"z": "yes"}}], count_written=False)
    assert contest(data)["invalid"] == []
    assert "Có 1 ý kiến bằng văn bản không được tính theo quy định của lượt bỏ phiếu." in counted(data)["warnings"]


@pytest.mark.parametrize("threshold", ["0.001", None])
def test_a_share_of_no_valid_paper_passes_nothing(threshold: str | None) -> None:
    result = contest(sitting(denominator="valid", threshold=threshold, papers=[{}]))
    assert result["candidates"]["a"] == {"yes": 0, "no": 0, "blank": 0, "share": "0/0", "passed": False}


def test_those_with_most_votes_take_the_seats_in_the_order_of_the_list() -> None:
    papers = [{"g": ["c", "b"]}] * 3 + [{"g": ["c", "a"]}] + [{"g": ["b"]}]
    result = contest(choose(2, papers))
    assert (result["elected"], result["tied"], result["not_elected"]) == (["b", "c"], [], ["a"])
    assert result["candidates"]["a"] == {"yes": 1, "no": 0, "blank": 4, "share": "1/10", "passed": True}


def test_a_tie_on_the_last_seat_elects_only_those_above_it() -> None:
    papers = [{"g": ["a", "b"]}] * 2 + [{"g": ["b", "c"]}] * 2
    data = choose(2, papers)
    result = contest(data)
    assert (result["elected"], result["tied"], result["not_elected"]) == (["b"], ["a", "c"], [])
    assert any("a, c bằng phiếu nhau ở 1 suất còn lại" in warning for warning in counted(data)["warnings"])


def test_a_tie_of_all_elects_nobody() -> None:
    result = contest(choose(1, [{"g": [name]} for name in "abc"]))
    assert (result["elected"], result["tied"]) == ([], ["a", "b", "c"])


def test_a_tie_above_or_below_the_last_seat_is_no_tie() -> None:
    papers = [{"g": ["a", "b"]}] * 3 + [{"g": ["c"]}] + [{"g": ["d"]}]
    result = contest(choose(2, papers, candidates="abcd"))
    assert (result["elected"], result["tied"], result["not_elected"]) == (["a", "b"], [], ["c", "d"])


def test_a_seat_stays_empty_rather_than_go_to_one_who_did_not_pass() -> None:
    papers = [{"g": ["a", "b"]}] * 2 + [{"g": ["a"]}] * 5
    result = contest(choose(2, papers, threshold="2/3"))
    assert (result["elected"], result["tied"], result["not_elected"]) == (["a"], [], ["b", "c"])


def test_without_seats_all_who_pass_are_elected() -> None:
    papers = [{"g": ["c", "a", "b"]}] * 2 + [{"g": ["a"]}]
    assert contest(choose(None, papers))["elected"] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        ({"g": ["a", "b", "c"]}, "đã chọn 3, chỉ được chọn tối đa 2"),
        ({"g": ["a", "z"]}, "có tên ngoài danh sách: z"),
        ({"g": ["a", "a"]}, "có tên ghi nhiều lần: a"),
        (
            {"g": ["a", "a", "z"]},
            "có tên ngoài danh sách: z; có tên ghi nhiều lần: a; đã chọn 3, chỉ được chọn tối đa 2",
        ),
        ({"g": []}, "phiếu trắng"),
        ({}, "phiếu trắng"),
    ],
)
def test_why_a_choosing_paper_is_invalid(paper: dict[str, list[str]], reason: str) -> None:
    result = contest(choose(2, [{"g": ["a"]}, paper]))
    assert result["invalid"] == [{"paper": 1, "reason": reason}]
    assert (result["received"], result["valid"], result["candidates"]["a"]["yes"]) == (2, 1, 1)


@pytest.mark.parametrize(
    ("paper", "reason"),
    [
        ({"g": {"a": "yes", "b": "yes"}}, "đã chọn 2, chỉ được chọn tối đa 1"),
        ({"g": {"z": "blank", "a": "yes"}}, "có tên ngoài danh sách: z"),
        ({"g": {"a": "blank", "b": "blank"}}, "phiếu trắng"),
        ({"g": {}}, "phiếu trắng"),
        ({}, "phiếu trắng"),
    ],
)
def test_why_an_approving_paper_is_invalid(paper: dict[str, dict[str, str]], reason: str) -> None:
    one_seat = [{"id": "g", "title": "Tập thể", "seats": 1, "candidates": ["a", "b"]}]
    result = contest(sitting(contests=one_seat, papers=[YES_A, NO_A, paper]))
    assert result["invalid"] == [{"paper": 2, "reason": reason}]
    assert result["valid"] == 2


@pytest.mark.parametrize("paper", [{}, {"g": {}}, {"g": {"a": "blank"}}])
def test_a_blank_paper_is_valid_where_the_rule_says_so(paper: dict[str, dict[str, str]]) -> None:
    result = contest(sitting(blank_is_valid=True, denominator="valid", papers=[YES_A, paper]))
    assert (result["valid"], result["invalid"]) == (2, [])
    assert result["candidates"]["a"] == {"yes": 1, "no": 0, "blank": 1, "share": "1/2", "passed": False}


def test_blank_is_valid_does_not_excuse_another_fault() -> None:
    assert contest(choose(2, [{"g": ["z"]}], blank_is_valid=True))["valid"] == 0


def test_a_paper_invalid_in_one_contest_counts_in_another() -> None:
    groups = [
        {"id": "so", "title": "Sở", "seats": 1, "candidates": ["a", "b"]},
        {"id": "cuc", "title": "Cục", "seats": 1, "candidates": ["a", "d"]},
    ]
    data = sitting(kind="choose", threshold=None, contests=groups, papers=[{"so": ["a", "b"], "cuc": ["d"]}])
    so, cuc = counted(data)["contests"]
    assert (so["valid"], so["elected"]) == (0, [])
    assert (cuc["valid"], cuc["elected"]) == (1, ["d"])


def test_the_second_ballot_of_the_region_keeps_its_quota() -> None:
    """Two flags of the Government among the ten units chosen before; 28 heads of units vote."""
    winners = [f"don-vi-{number}" for number in range(10)]
    papers = [{"cp": winners[:2]}] * 15 + [{"cp": [winners[1], winners[9]]}] * 13
    flag = {"id": "cp", "title": "Cờ thi đua của Chính phủ", "seats": 2, "candidates": winners}
    result = contest(
        sitting(
            members=28,
            present=28,
            kind="choose",
            threshold="1/2",
            denominator="valid",
            contests=[flag],
            papers=papers,
        )
    )
    assert result["elected"] == winners[:2]
    assert result["candidates"][winners[9]]["share"] == "13/28"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"present": 6, "papers": [YES_A] * 6}, "Có mặt 6/10 thành viên, chưa đủ 2/3 theo quy định"),
        ({"issued": 7, "papers": [YES_A] * 7}, "Có 2 thành viên có mặt không nhận phiếu."),
        ({"papers": [YES_A] * 7}, "Có 2 phiếu phát ra không thu về."),
        ({"written": [YES_A]}, "Đã tính 1 ý kiến bằng văn bản"),
        ({"papers": [YES_A] * 5}, "Chỉ có 5 phiếu"),
        ({"papers": [NO_A] * 9}, "mọi phiếu hợp lệ giống nhau đối với a"),
        ({"papers": [{}]}, "Tập thể: không có phiếu hợp lệ nào."),
    ],
)
def test_warnings_say_what_people_should_know(changes: dict[str, Any], words: str) -> None:
    assert any(words in warning for warning in counted(sitting(**changes))["warnings"])


def test_an_ordinary_count_has_no_warning() -> None:
    assert (
        counted(sitting(papers=[{"g": {"a": "yes", "b": "no"}}] * 8 + [{"g": {"a": "no", "b": "yes"}}]))["warnings"]
        == []
    )


def test_a_seat_nobody_reached_is_said() -> None:
    data = choose(2, [{"g": ["a"]}] * 8 + [{"g": ["b"]}], threshold="1/2")
    assert "Sở: 1 trên 2 suất có người đạt." in counted(data)["warnings"]


def test_no_warning_contradicts_another() -> None:
    without_quorum = choose(2, [{"g": ["a"]}] * 6, present=6)
    assert not any("suất" in warning for warning in counted(without_quorum)["warnings"])
    with_written = sitting(written=[YES_A])
    assert not any("không được tính" in warning for warning in counted(with_written)["warnings"])


def test_issued_is_who_was_present_unless_said() -> None:
    assert contest(sitting(papers=[YES_A]))["issued"] == 9
    assert contest(sitting(papers=[YES_A], issued=4))["issued"] == 4


def test_a_blank_choice_opposes_nobody() -> None:
    result = contest(choose(2, [{"g": ["a"]}, {"g": []}], blank_is_valid=True))
    assert result["candidates"]["a"] == {"yes": 1, "no": 0, "blank": 1, "share": "1/10", "passed": True}
    assert result["candidates"]["b"] == {"yes": 0, "no": 0, "blank": 2, "share": "0/10", "passed": False}


def test_candidates_stand_in_every_list_as_given() -> None:
    papers = [{"g": ["c", "a"]}] * 2 + [{"g": ["a"]}]
    result = contest(choose(None, papers, candidates="dcba"))
    assert list(result["candidates"]) == ["d", "c", "b", "a"]
    assert (result["elected"], result["not_elected"]) == (["c", "a"], ["d", "b"])


def test_a_name_of_no_letters_is_a_stranger_and_no_misfit() -> None:
    assert contest(choose(2, [{"g": ["a"]}, {"g": [""]}]))["invalid"] == [
        {"paper": 1, "reason": "có tên ngoài danh sách: "}
    ]


def test_a_large_count_takes_no_longer_than_its_papers() -> None:
    """Five hundred voters on two hundred cases: anything that asks every paper about every other would not end."""
    names = [f"don-vi-{number}" for number in range(200)]
    papers = [
        {"g": {name: "yes" if (index + at) % 3 else "no" for at, name in enumerate(names)}} for index in range(500)
    ]
    groups = [{"id": "g", "title": "Tập thể", "seats": None, "candidates": names}]
    began = process_time()
    result = contest(sitting(members=500, present=500, contests=groups, papers=papers, threshold="1/2"))
    assert process_time() - began < 3
    assert len(result["elected"]) == 200
