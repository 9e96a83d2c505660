"""Reads of ballots. Nothing here tells what a paper says before the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet

from awards.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotState,
    CouncilMember,
    Denominator,
    Seat,
    VotingRule,
)
from awards.selectors.councils import list_attendances, list_members, list_undecided
from awards.terms import Terms, name_candidates, terms_of
from awards.voting import has_quorum
from awards.voting.counting import SMALL_BASE
from exemplars.workflow import NominationState
from units.models import Unit


@dataclass(frozen=True, slots=True)
class Quorum:
    """Who is there, of how many, and whether that is enough under a rule."""

    present: int
    members: int
    least: str

    @property
    def is_met(self) -> bool:
        return has_quorum(self.present, self.members, Fraction(self.least))


@dataclass(frozen=True, slots=True)
class KeyHolder:
    member: CouncilMember
    duty: str

    @property
    def field(self) -> str:
        """The name of the control where this holder types."""
        return f"passphrase-{self.member.pk}"


@dataclass(frozen=True, slots=True)
class CheckList:
    """All that a secretary looks at before opening; `obstacles` forbid it, `cautions` do not."""

    quorum: Quorum
    electorate: tuple[CouncilMember, ...]
    candidates: tuple[AgendaItem, ...]
    holders: tuple[KeyHolder, ...]
    obstacles: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who has voted, in protocol order, and nothing else."""

    voters: tuple[tuple[CouncilMember, bool], ...]

    @property
    def received(self) -> int:
        return sum(has_voted for _, has_voted in self.voters)

    @property
    def missing(self) -> int:
        return len(self.voters) - self.received


@dataclass(frozen=True, slots=True)
class CountLine:
    """One case of a count as a page shows it."""

    name: str
    unit: str
    recognition: str
    yes: int
    no: int
    blank: int
    share: str
    percent: str
    outcome: str
    tone: str


@dataclass(frozen=True, slots=True)
class CountPage:
    lines: tuple[CountLine, ...]
    warnings: tuple[str, ...]
    quorum_met: bool
    received: int
    issued: int
    valid: int
    denominator_words: str
    has_tie: bool


def list_voting_rules(day: date) -> QuerySet[VotingRule]:
    """Ways of counting in force on `day`."""
    return VotingRule.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def list_all_ballots() -> QuerySet[Ballot]:
    """Ballots in sight: sitting, council, unit and rule loaded."""
    return Ballot.objects.select_related("sitting__council", "rule", "unit")


def list_council_ballots(unit: Unit) -> QuerySet[Ballot]:
    """Ballots of the councils of `unit` itself."""
    return list_all_ballots().filter(sitting__council__unit=unit)


CHAIR, SECRETARY, TELLER = "Chủ trì phiên họp", "Thư ký", "Ban kiểm phiếu"


def choose_holders(present: Sequence[CouncilMember]) -> tuple[KeyHolder, ...]:
    """Chair (or the deputy who presides), secretary and teller among those present: three people or fewer."""
    ranked = {
        CHAIR: [one for seat in (Seat.CHAIR, Seat.DEPUTY) for one in present if one.seat == seat],
        SECRETARY: [one for one in present if one.is_secretary],
        TELLER: [one for one in present if one.is_teller],
    }
    holders: list[KeyHolder] = []
    for duty, fitting in ranked.items():
        taken = {holder.member.pk for holder in holders}
        found = next((one for one in fitting if one.pk not in taken), None)
        if found is not None:
            holders.append(KeyHolder(found, duty))
    return tuple(holders)


def find_quorum(attendances: list[Attendance], members: list[CouncilMember], rule: VotingRule) -> Quorum:
    """The quorum of a sitting under `rule`; the denominator is always every member of the day."""
    return Quorum(sum(one.is_present for one in attendances), len(members), rule.quorum)


def check_ballot(ballot: Ballot, *, day: date) -> CheckList:
    """Look at everything that opening on `day` would freeze. Five queries whatever the number of cases."""
    sitting = ballot.sitting
    members = list(list_members(sitting.council, sitting.held_on))
    attendances = list(list_attendances(sitting))
    here = {one.member_id for one in attendances if one.is_present}
    present = [one for one in members if one.pk in here]
    candidates = list_undecided(sitting)
    holders = choose_holders(present)
    quorum = find_quorum(attendances, members, ballot.rule)
    obstacles = [
        *_day_obstacles(ballot, day),
        *_agenda_obstacles(ballot, candidates),
        *_attendance_obstacles(ballot.rule, members, attendances, present),
        *_holder_obstacles(holders),
    ]
    return CheckList(
        quorum=quorum,
        electorate=tuple(present),
        candidates=tuple(candidates),
        holders=holders,
        obstacles=tuple(obstacles),
        cautions=tuple(_cautions(ballot, quorum, candidates)),
    )


def _day_obstacles(ballot: Ballot, day: date) -> list[str]:
    held_on = ballot.sitting.held_on
    if day >= held_on:
        return []
    return [f"Phiên họp ngày {held_on:%d/%m/%Y} chưa tới. Mở lượt bỏ phiếu trong phiên họp, khi đã điểm danh."]


def _agenda_obstacles(ballot: Ballot, candidates: list[AgendaItem]) -> list[str]:
    obstacles = []
    if not candidates:
        obstacles.append("Chưa có trường hợp nào để bỏ phiếu. Đưa trường hợp vào chương trình phiên họp trước khi mở.")
    changed = [item.nomination.nominee_name for item in candidates if item.nomination.state != NominationState.ACCEPTED]
    if changed:
        obstacles.append(
            f"Không còn ở trạng thái trình Hội đồng: {', '.join(changed)}. Bỏ khỏi chương trình trước khi mở."
        )
    running = (BallotState.OPEN, BallotState.CLOSED)
    if Ballot.objects.filter(sitting=ballot.sitting, state__in=running).exclude(pk=ballot.pk).exists():
        obstacles.append("Phiên họp còn một lượt bỏ phiếu chưa kiểm phiếu. Kiểm phiếu xong mới mở lượt này.")
    return obstacles


def _attendance_obstacles(
    rule: VotingRule, members: list[CouncilMember], attendances: list[Attendance], present: list[CouncilMember]
) -> list[str]:
    known = {one.member_id for one in attendances}
    unknown = [str(one) for one in members if one.pk not in known]
    if unknown:
        return [f"Chưa ghi có mặt hay vắng: {', '.join(unknown)}. Điểm danh đủ thành viên trước khi mở."]
    if not present:
        return ["Không có thành viên nào có mặt, nên không ai bỏ phiếu. Xem lại điểm danh."]
    if rule.count_written and len(present) < len(members):
        return [
            (
                "Cách tính này tính cả ý kiến bằng văn bản của thành viên vắng, mà phần mềm chưa nhận các ý kiến đó. "
                "Họp khi có mặt đủ thành viên, hoặc chọn cách tính khác."
            )
        ]
    return []


def _holder_obstacles(holders: tuple[KeyHolder, ...]) -> list[str]:
    held = {holder.duty for holder in holders}
    missing = [duty for duty in (CHAIR, SECRETARY, TELLER) if duty not in held]
    if not missing:
        return []
    return [
        (
            f"Chưa đủ ba người giữ khóa khác nhau có mặt, còn thiếu: {', '.join(missing).lower()}. "
            "Xem lại điểm danh, hoặc giao nhiệm vụ đó cho một thành viên có mặt."
        )
    ]


def _cautions(ballot: Ballot, quorum: Quorum, candidates: list[AgendaItem]) -> list[str]:
    cautions = []
    if not quorum.is_met:
        cautions.append(
            f"Có mặt {quorum.present}/{quorum.members} thành viên, chưa đủ {quorum.least}: nếu vẫn mở thì không ai đạt."
        )
    if not ballot.rule.confirmed:
        cautions.append(f"Tỷ lệ chưa đối chiếu với văn bản: {ballot.rule.citation}.")
    if 0 < quorum.present <= SMALL_BASE:
        cautions.append(f"Chỉ có {quorum.present} người bỏ phiếu: từ kết quả có thể đoán lựa chọn của từng người.")
    if ballot.seats is not None and ballot.seats >= len(candidates):
        cautions.append("Số lượng được chọn không ít hơn số trường hợp, nên không có tác dụng giới hạn.")
    return cautions


def find_turnout(ballot: Ballot) -> Turnout:
    voted = set(ballot.marks)
    voters = CouncilMember.objects.filter(pk__in=ballot.electorate).select_related("user").order_by("order", "pk")
    return Turnout(tuple((voter, voter.pk in voted) for voter in voters))


def describe_count(ballot: Ballot) -> CountPage:
    """The count laid out for people. The ballot is counted and its tally loaded."""
    terms = terms_of(ballot)
    result = ballot.tally.result
    contest = result["contests"][0]
    return CountPage(
        lines=tuple(_count_line(terms, contest, result["quorum_met"], one["id"]) for one in terms["candidates"]),
        warnings=tuple(name_candidates(warning, terms) for warning in result["warnings"]),
        quorum_met=result["quorum_met"],
        received=contest["received"],
        issued=contest["issued"],
        valid=contest["valid"],
        denominator_words=Denominator(terms["rule"]["denominator"]).label,
        has_tie=bool(contest["tied"]),
    )


def _count_line(terms: Terms, contest: dict[str, object], quorum_met: bool, key: str) -> CountLine:  # noqa: FBT001  a fact
    candidate = next(one for one in terms["candidates"] if one["id"] == key)
    tally = contest["candidates"][key]  # type: ignore[index]
    outcome, tone = _outcome(contest, key, quorum_met=quorum_met)
    return CountLine(
        name=candidate["name"],
        unit=candidate["unit"],
        recognition=candidate["recognition"],
        yes=tally["yes"],
        no=tally["no"],
        blank=tally["blank"],
        share=tally["share"],
        percent=_percent(tally["share"]),
        outcome=outcome,
        tone=tone,
    )


def _outcome(contest: dict[str, object], key: str, *, quorum_met: bool) -> tuple[str, str]:
    if not quorum_met:
        return "Không đủ số thành viên", "open"
    if key in contest["elected"]:  # type: ignore[operator]
        return "Đạt", "met"
    if key in contest["tied"]:  # type: ignore[operator]
        return "Bằng phiếu, cần vòng hai", "open"
    return "Không đạt", "unmet"


def _percent(share: str) -> str:
    """A share as people read it, cut (never rounded up) to one decimal, so that it cannot seem to reach a threshold."""
    yes, _, base = share.partition("/")
    if base == "0":
        return "0 %"
    tenths = int(yes) * 1000 // int(base)
    return f"{tenths // 10},{tenths % 10} %".replace(",0 %", " %")
