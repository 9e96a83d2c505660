"""Which contests a ballot has, and which follow from its count: groups with a quota, a second round, a second ballot.

What is asked in a following round is decided by the count before it and by nothing else, so these are functions of
results. Who may vote in it, by which rule and under which key is a new ballot's business.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from awards.voting.shapes import Contest, ContestResult, CountResult


class RoundRefusedError(ValueError):
    """These contests cannot be asked; `str()` is a sentence for the secretary."""


@dataclass(frozen=True, slots=True)
class Quota:
    """A group of candidates and how many of them may be chosen."""

    id: str
    title: str
    seats: int | None
    """`None`: no limit for this group."""


def group_contests(quotas: Sequence[Quota], nominees: Iterable[tuple[str, str]]) -> tuple[Contest, ...]:
    """Lay out one contest a group: "choose at most `seats` of these".

    `nominees` are pairs of candidate and group, in the order of the paper. A group nobody is put forward in has no
    contest, so its quota passes to no other group.
    """
    groups: dict[str, list[str]] = {}
    for quota in quotas:
        if quota.id in groups:
            raise RoundRefusedError(f"Nhóm “{quota.title}” được khai hai lần. Giữ lại một.")
        if quota.seats is not None and quota.seats < 1:
            raise RoundRefusedError(f"Nhóm “{quota.title}” phải được chọn ít nhất một. Bỏ nhóm, hoặc sửa số lượng.")
        groups[quota.id] = []
    placed: set[str] = set()
    for name, group in nominees:
        if group not in groups:
            raise RoundRefusedError(f"“{name}” thuộc nhóm “{group}” chưa có chỉ tiêu. Khai chỉ tiêu của nhóm trước.")
        if name in placed:
            raise RoundRefusedError(f"“{name}” được đề nghị hai lần. Mỗi trường hợp chỉ đứng ở một nhóm, một lần.")
        placed.add(name)
        groups[group].append(name)
    if not placed:
        raise RoundRefusedError("Chưa có trường hợp nào để bỏ phiếu.")
    return tuple(
        Contest(quota.id, quota.title, quota.seats, tuple(groups[quota.id])) for quota in quotas if groups[quota.id]
    )


def second_round(result: CountResult) -> tuple[Contest, ...]:
    """Give the contests that a tie left open: only the tied, for the seats still free. Empty when nothing is tied.

    It may be asked again of a second round that is tied in its turn. Seats free because too few reached the
    threshold are no tie, and without a quorum there is nothing to follow: that sitting is held again.
    """
    return tuple(
        replace(one.contest, seats=one.contest.seats - len(one.elected), candidates=one.tied)
        for one in result.contests
        if one.tied and one.contest.seats is not None
    )


def list_winners(rounds: Sequence[CountResult]) -> Mapping[str, tuple[str, ...]]:
    """Put the first count and its second rounds together: by contest all who are elected, in the first paper's order.

    Refuses rounds that do not follow from each other, and a tie that no round has settled.
    """
    if not rounds:
        raise RoundRefusedError("Chưa kiểm phiếu vòng nào.")
    elected: dict[str, set[str]] = {one.contest.id: set() for one in rounds[0].contests}
    for number, result in enumerate(rounds):
        if number and _outlines(one.contest for one in result.contests) != _outlines(second_round(rounds[number - 1])):
            raise RoundRefusedError(f"Vòng {number + 1} không bầu đúng những người bằng phiếu của vòng {number}.")
        if not result.quorum_met:
            raise RoundRefusedError(f"Vòng {number + 1} không đủ số thành viên, nên chưa có kết quả. Họp lại.")
        for one in result.contests:
            elected[one.contest.id].update(one.elected)
    open_ones = [one.contest.title for one in rounds[-1].contests if one.tied]
    if open_ones:
        raise RoundRefusedError(f"Còn bằng phiếu ở: {', '.join(open_ones)}. Bỏ phiếu vòng nữa trước.")
    return {one.contest.id: _in_order(one, elected[one.contest.id]) for one in rounds[0].contests}


def winners_contest(quota: Quota, rounds: Sequence[CountResult], *, groups: Iterable[str] | None = None) -> Contest:
    """Ask a second ballot among those chosen by the first and nobody else, of all its groups or of some.

    Flags of the Government, for one, go to at most two of those chosen for the ministry's flag, whatever their group.
    """
    winners = list_winners(rounds)
    wanted = tuple(winners) if groups is None else tuple(groups)
    unknown = [group for group in wanted if group not in winners]
    if unknown:
        raise RoundRefusedError(f"Lượt trước không có nhóm {', '.join(unknown)}. Kiểm tra lại các nhóm được chọn.")
    # A name may win in two groups of a file that others wrote; it stands on the paper once.
    names = dict.fromkeys(name for group in winners if group in wanted for name in winners[group])
    if not names:
        raise RoundRefusedError(f"Lượt trước không ai được chọn, nên không có ai để bầu “{quota.title}”.")
    [contest] = group_contests([quota], [(name, quota.id) for name in names])
    return contest


def _outlines(contests: Iterable[Contest]) -> dict[str, tuple[int | None, frozenset[str]]]:
    """What makes two contests the same question; titles and the order of names may differ."""
    return {contest.id: (contest.seats, contest.names) for contest in contests}


def _in_order(result: ContestResult, elected: set[str]) -> tuple[str, ...]:
    return tuple(name for name in result.contest.candidates if name in elected)
