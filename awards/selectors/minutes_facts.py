"""Everything that minutes print, as plain values taken from roll, agenda, terms and tally; and what does not add up.

Nothing here can be typed by a person but the hours, the number and the two free texts. How many, never who.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.timezone import localdate

from awards.models import (
    Attendance,
    Ballot,
    BallotKind,
    BallotState,
    CouncilMember,
    Minutes,
    MinutesKind,
    Sitting,
)
from awards.selectors.ballots import CHAIR, SECRETARY, TELLER, choose_holders
from awards.selectors.conflicts import find_conflicts
from awards.selectors.councils import list_agenda, list_attendances, list_ballots, list_members
from awards.selectors.counts import CountGroup, describe_count
from awards.selectors.hand_papers import HandCount, describe_hand_count
from awards.selectors.quorum import QuorumLine, describe_presence
from awards.terms import contests_of, count_json, hash_json, scale_words, terms_of
from units.models import AuditEntry, Unit


@dataclass(frozen=True, slots=True)
class RollLine:
    """A member of the sitting's day. `is_present` is None while the roll does not say."""

    name: str
    position: str
    duties: str
    is_present: bool | None
    reason: str = ""
    stands_in_for: str = ""


@dataclass(frozen=True, slots=True)
class Signer:
    member: CouncilMember
    duty: str

    @property
    def name(self) -> str:
        return self.member.user.display_name


@dataclass(frozen=True, slots=True)
class ExcludedLine:
    """A member who took no part in a ballot, and why; no private reason, no vote."""

    name: str
    cases: tuple[str, ...]
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BallotFacts:
    """A ballot of the sitting: its frozen terms and, once counted, its figures."""

    title: str
    is_choice: bool
    scale: str
    """In a ballot that gives points, in words; else empty."""
    is_proposal: bool
    follows: str
    rule: str
    quorum: str
    denominator: str
    threshold: str
    citation: str
    is_confirmed: bool
    members: int
    present: int
    issued: int
    received: int
    written: int
    counts_written: bool
    hand: HandCount
    quorum_met: bool
    groups: tuple[CountGroup, ...]
    excluded: tuple[ExcludedLine, ...]
    opened_at: datetime | None
    closed_at: datetime | None
    counted_at: datetime | None
    papers_hash: str = ""
    """Of the file of bare papers, as the trail keeps it since the count."""
    void_reason: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case of the agenda and what each ballot said of it; none when nobody voted on it."""

    order: int
    name: str
    unit: str
    recognition: str
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    kind: MinutesKind
    unit: Unit
    council: str
    founding: str
    sitting: str
    held_on: date
    place: str
    online_at: str
    number: str
    began_at: time | None
    ended_at: time | None
    roll: tuple[RollLine, ...]
    quorums: tuple[QuorumLine, ...]
    cases: tuple[CaseLine, ...]
    conflicts: tuple[str, ...]
    ballots: tuple[BallotFacts, ...]
    signers: tuple[Signer, ...]
    course: str
    opinions: str
    corrects: str
    reason: str

    @property
    def present(self) -> int:
        return sum(one.is_present is True for one in self.roll)

    @property
    def absent(self) -> tuple[RollLine, ...]:
        return tuple(one for one in self.roll if one.is_present is False)


def gather_minutes(minutes: Minutes) -> MinutesFacts:
    """The facts of one version as the product knows them now; sitting and council loaded.

    Queries grow with the number of ballots, which is small, and not with members or cases.
    """
    sitting = minutes.sitting
    members = list(list_members(sitting.council, sitting.held_on))
    attendances = list(list_attendances(sitting))
    ballots = [one for one in list_ballots(sitting).select_related("tally").order_by("pk") if one.state in SPOKEN]
    if minutes.kind == MinutesKind.COUNT:
        ballots = [one for one in ballots if one.pk == minutes.ballot_id]
    told = sorted(
        ((one, _ballot(one)) for one in ballots),
        key=lambda pair: (pair[1].opened_at is None, pair[1].opened_at or pair[1].counted_at),
    )
    corrected = minutes.corrects
    is_meeting = minutes.kind == MinutesKind.MEETING
    return MinutesFacts(
        kind=MinutesKind(minutes.kind),
        unit=sitting.unit,
        council=sitting.council.name,
        founding=f"Quyết định số {sitting.council.founding_number} ngày {sitting.council.founded_on:%d/%m/%Y}",
        sitting=sitting.title,
        held_on=sitting.held_on,
        place=sitting.place,
        online_at=sitting.online_at,
        number=minutes.number,
        began_at=minutes.began_at,
        ended_at=minutes.ended_at,
        roll=_roll(members, attendances),
        quorums=describe_presence(sitting, members, attendances, ballots).quorums if is_meeting else (),
        cases=_cases(sitting, [one for one, _ in told]) if is_meeting else (),
        conflicts=_conflicts(sitting) if is_meeting else (),
        ballots=tuple(facts for _, facts in told),
        signers=find_signers(minutes, members, attendances),
        course=minutes.course,
        opinions=minutes.opinions,
        corrects=_name_version(corrected) if corrected else "",
        reason=minutes.reason,
    )


SPOKEN = (BallotState.COUNTED, BallotState.VOID)


def _name_version(minutes: Minutes) -> str:
    number = f" số {minutes.number}" if minutes.number else ""
    signed = f", ký đủ ngày {localdate(minutes.completed_at):%d/%m/%Y}" if minutes.completed_at else ""
    return f"{minutes}{number} (bản {minutes.version}{signed}, mã băm {minutes.sha256[:16]})"


def find_signers(
    minutes: Minutes, members: Sequence[CouncilMember], attendances: Iterable[Attendance]
) -> tuple[Signer, ...]:
    """Who signs: of a meeting its secretary and whoever presided, of a count the tellers who were there."""
    here = {one.member_id for one in attendances if one.is_present}
    present = [one for one in members if one.pk in here]
    if minutes.kind == MinutesKind.COUNT:
        return tuple(Signer(one, TELLER) for one in present if one.is_teller)
    held = {one.duty: one.member for one in choose_holders(present)}
    return tuple(Signer(held[duty], duty) for duty in (SECRETARY, CHAIR) if duty in held)


def _roll(members: Sequence[CouncilMember], attendances: Iterable[Attendance]) -> tuple[RollLine, ...]:
    known = {one.member_id: one for one in attendances}
    lines = []
    for member in members:
        told = known.get(member.pk)
        duties = [member.get_seat_display()]
        duties += ["Thư ký"] if member.is_secretary else []
        duties += ["Ban kiểm phiếu"] if member.is_teller else []
        lines.append(
            RollLine(
                name=member.user.display_name,
                position=member.position,
                duties=", ".join(duties),
                is_present=told.is_present if told else None,
                reason=told.reason if told else "",
                stands_in_for=member.stands_in_for.user.display_name if member.stands_in_for else "",
            )
        )
    return tuple(lines)


def _conflicts(sitting: Sitting) -> tuple[str, ...]:
    return tuple(
        f"{one.member.user.display_name} không tham gia xét {one.item.nomination.nominee_name}: {one.words}"
        for one in find_conflicts(sitting)
    )


def _cases(sitting: Sitting, ballots: Sequence[Ballot]) -> tuple[CaseLine, ...]:
    """Every case of the agenda in its order, with what each count said of it."""
    results: dict[str, list[str]] = defaultdict(list)
    for ballot in ballots:
        if ballot.state != BallotState.COUNTED:
            continue
        for contest, group in zip(contests_of(terms_of(ballot)), describe_count(ballot).groups, strict=True):
            for key, line in zip(contest["candidates"], group.lines, strict=True):
                results[key].append(f"{ballot.title}: {line.outcome.lower()}, {line.figures}")
    return tuple(
        CaseLine(
            order=item.order,
            name=item.nomination.nominee_name,
            unit=item.nomination.put_forward_by.name,
            recognition=f"{item.nomination.recognition} {item.nomination.year}",
            results=tuple(results.pop(str(item.nomination_id), ())),
        )
        for item in list_agenda(sitting)
    )


def _ballot(ballot: Ballot) -> BallotFacts:
    terms = terms_of(ballot)
    rule = terms["rule"]
    names = {one["id"]: one["name"] for one in terms["candidates"]}
    tally = ballot.tally if ballot.state == BallotState.COUNTED else None
    count = tally.count_input if tally else {}
    first = tally.result["contests"][0] if tally else {}
    page = describe_count(ballot) if tally else None
    return BallotFacts(
        title=ballot.title,
        is_choice=terms["kind"] == BallotKind.CHOOSE,
        scale=scale_words(rule),
        is_proposal=bool(terms.get("is_proposal")),
        follows=ballot.get_follows_display() if ballot.follows else "",
        rule=rule["title"],
        quorum=rule["quorum"],
        denominator=page.denominator_words if page else "",
        threshold=rule["threshold"] or "",
        citation=rule["citation"],
        is_confirmed=rule["confirmed"],
        members=count.get("members", terms["members"]),
        present=count.get("present", terms["present"]),
        issued=first.get("issued", len(terms["electorate"])),
        received=first.get("received", 0),
        written=len(count.get("written", ())),
        counts_written=bool(count.get("count_written")),
        hand=describe_hand_count(ballot),
        quorum_met=bool(page and page.quorum_met),
        groups=page.groups if page else (),
        excluded=tuple(
            ExcludedLine(one["name"], tuple(names.get(case, case) for case in one["cases"]), tuple(one["grounds"]))
            for one in terms.get("excluded", ())
        ),
        **_hours(ballot),
        counted_at=tally.counted_at if tally else None,
        papers_hash=hash_json(count) if tally else "",
        void_reason=ballot.void_reason,
        faults=tuple(_count_faults(ballot)) if tally else (),
    )


def _hours(ballot: Ballot) -> dict[str, datetime | None]:
    """When a ballot was opened and closed, by the trail: its own row carries no time."""
    closing = "close-paper-ballot" if ballot.on_paper else "close-ballot"
    entries = AuditEntry.objects.filter(subject_id=ballot.pk, verb__in=("open-ballot", closing))
    told = dict(entries.order_by("id").values_list("verb", "at"))
    return {"opened_at": told.get("open-ballot"), "closed_at": told.get(closing)}


def find_hour_of_closing(sitting: Sitting) -> datetime | None:
    """When the secretariat closed the sitting, by the trail: what the hour of its end begins with."""
    entries = AuditEntry.objects.filter(subject_id=sitting.pk, verb="close-sitting")
    return entries.order_by("-id").values_list("at", flat=True).first()


def _count_faults(ballot: Ballot) -> Iterator[str]:
    """What of a count does not add up; each would be a fault of the product or of somebody with the database."""
    count, result, terms = ballot.tally.count_input, ballot.tally.result, terms_of(ballot)
    name = f"Lượt «{ballot.title}»"
    asked = count_json(terms, count["papers"], issued=ballot.issued)
    if any(asked[key] != count.get(key) for key in asked):
        yield f"{name}: tệp phiếu không theo đúng điều kiện đã chốt khi mở."
    told = AuditEntry.objects.filter(subject_id=ballot.pk, verb="count-ballot").order_by("-id")
    kept = told.values_list("detail", flat=True).first()
    if kept and (kept["papers_hash"], kept["result_hash"]) != (hash_json(count), hash_json(result)):
        yield f"{name}: tệp phiếu hoặc kết quả khác mã băm mà nhật ký ghi lúc kiểm phiếu."
    if _recount(count) != result:
        yield f"{name}: đếm lại từ các lá phiếu không ra kết quả đã ghi."
    received, written = len(count["papers"]), len(count.get("written", ())) if count["count_written"] else 0
    if not received <= asked["issued"] <= count["present"] <= count["members"]:
        yield f"{name}: số phiếu thu vào, phát ra, số có mặt và số thành viên không theo thứ tự."
    for said, contest in zip(contests_of(terms), result["contests"], strict=True):
        yield from _contest_faults(f"{name}, {said['title']}", contest, received, written)


def _contest_faults(name: str, contest: Any, received: int, written: int) -> Iterator[str]:
    if contest["received"] != received or contest["valid"] + len(contest["invalid"]) != received + written:
        yield f"{name}: phiếu hợp lệ cộng không hợp lệ không bằng số phiếu thu vào."
    for votes in contest["candidates"].values():
        if sum(votes.get(key, 0) for key in ("yes", "no", "papers", "blank")) != contest["valid"]:
            told = "phiếu chấm và phiếu để trống" if "papers" in votes else "đồng ý, không đồng ý và trắng"
            yield f"{name}: {told} cộng lại không bằng số phiếu hợp lệ."
            break


def _recount(count: Any) -> Any:
    from awards.voting import count as count_papers
    from awards.voting import parse_sitting, to_json

    return to_json(count_papers(parse_sitting(count)))


def find_faults(facts: MinutesFacts) -> list[str]:
    """What keeps minutes from being sent for signing, in words; empty when everything holds."""
    faults = [words for ballot in facts.ballots for words in ballot.faults]
    faults += list(_roll_faults(facts))
    if facts.kind is MinutesKind.COUNT:
        faults += [] if facts.signers else ["Không có người kiểm phiếu nào có mặt để ký."]
        faults += [] if facts.ballots else ["Lượt bỏ phiếu chưa có kết quả kiểm phiếu."]
        return faults
    faults += list(_hour_faults(facts))
    missing = [duty.lower() for duty in (CHAIR, SECRETARY) if duty not in {one.duty for one in facts.signers}]
    return faults + [f"Không có {duty} có mặt để ký." for duty in missing]


def _hour_faults(facts: MinutesFacts) -> Iterator[str]:
    if facts.began_at is None or facts.ended_at is None:
        yield "Chưa ghi giờ bắt đầu, giờ kết thúc."
    elif facts.ended_at <= facts.began_at:
        yield "Giờ kết thúc phải sau giờ bắt đầu."


def _roll_faults(facts: MinutesFacts) -> Iterator[str]:
    unknown = [one.name for one in facts.roll if one.is_present is None]
    if unknown:
        yield f"Điểm danh chưa ghi có mặt hay vắng: {', '.join(unknown)}."
    silent = [one.name for one in facts.absent if not one.reason]
    if silent:
        yield f"Chưa ghi lý do vắng: {', '.join(silent)}."
