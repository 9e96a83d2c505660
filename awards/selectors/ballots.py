"""Reads of ballots. Nothing here tells what a paper says before the count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from awards.models import AgendaItem, Attendance, Ballot, BallotKind, BallotState, CouncilMember, Seat, VotingRule
from awards.selectors.conflicts import Conflict, find_conflicts_between
from awards.selectors.contests import Group, is_joint, list_eligible, list_groups, list_parts
from awards.selectors.councils import list_attendances, list_members
from awards.selectors.hand_papers import choose_tellers, list_envelopes, names_of
from awards.terms import hash_json, terms_of
from awards.voting import has_quorum
from awards.voting.counting import SMALL_BASE
from campaigns.models import Door
from campaigns.selectors.doors import list_closed_doors
from exemplars.workflow import BEFORE_COUNCIL
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
class Away:
    """A present or absent member who takes no part in a ballot because of a conflict of interest."""

    member: CouncilMember
    cases: tuple[AgendaItem, ...]
    grounds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckList:
    """All that a secretary looks at before opening; `obstacles` forbid it, `cautions` do not.

    `absentees` may send a written opinion once it is open; of `envelopes` a closed one is there. `tellers`
    enter papers, where there are any.
    """

    quorum: Quorum
    electorate: tuple[CouncilMember, ...]
    groups: tuple[Group, ...]
    away: tuple[Away, ...]
    holders: tuple[KeyHolder, ...]
    absentees: tuple[CouncilMember, ...]
    envelopes: tuple[CouncilMember, ...]
    tellers: tuple[CouncilMember, ...]
    obstacles: tuple[str, ...]
    cautions: tuple[str, ...]
    is_joint: bool

    @property
    def candidates(self) -> tuple[AgendaItem, ...]:
        return tuple(item for group in self.groups for item in group.items)

    @property
    def frozen_hash(self) -> str:
        """What the opening would freeze of the electorate, as a short print that two people can compare."""
        return hash_json(sorted(str(one.pk) for one in self.electorate))[:16]


@dataclass(frozen=True, slots=True)
class Turnout:
    """Who has voted, in protocol order, and nothing else; of absent members, who has sent an opinion."""

    voters: tuple[tuple[CouncilMember, bool], ...]
    absentees: tuple[tuple[CouncilMember, bool], ...] = ()
    envelopes: tuple[str, ...] = ()

    @property
    def received(self) -> int:
        return sum(has_voted for _, has_voted in self.voters)

    @property
    def missing(self) -> int:
        return len(self.voters) - self.received


def list_voting_rules(day: date) -> QuerySet[VotingRule]:
    """Ways of counting in force on `day`."""
    return VotingRule.objects.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


def list_all_ballots() -> QuerySet[Ballot]:
    """Ballots in sight: sitting, council, unit and rule loaded."""
    return Ballot.objects.select_related("sitting__council", "rule", "unit", "parent__tally")


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


def check_ballot(ballot: Ballot, *, day: date) -> CheckList:
    """Look at everything that opening on `day` would freeze. A constant number of queries."""
    sitting = ballot.sitting
    everybody = list(list_members(sitting.council, sitting.held_on))
    attendances = list(list_attendances(sitting))
    here = {one.member_id for one in attendances if one.is_present}
    eligible = list_eligible(ballot)
    groups = list_groups(ballot, eligible)
    candidates = [item for group in groups for item in group.items]
    for item in candidates:
        item.sitting = sitting
    conflicts = find_conflicts_between(everybody, candidates)
    away = _away(everybody, conflicts)
    excluded = {one.member.pk for one in away}
    members = [one for one in everybody if one.pk not in excluded]
    present = [one for one in members if one.pk in here]
    holders = () if ballot.on_paper else choose_holders([one for one in everybody if one.pk in here])
    written = _find_written(ballot, members, present)
    tellers = choose_tellers(present) if ballot.on_paper or written.envelopes else ()
    quorum = Quorum(len(present), len(members), ballot.rule.quorum)
    obstacles = [
        *_day_obstacles(ballot, day),
        *_rule_obstacles(ballot),
        *_agenda_obstacles(ballot, candidates),
        *_door_obstacles(candidates, day),
        *_conflict_obstacles(ballot, groups, conflicts),
        *_attendance_obstacles(everybody, attendances, present),
        *written.obstacles,
        *(_holder_obstacles(holders) if not ballot.on_paper else ()),
        *(_teller_obstacles(tellers) if ballot.on_paper or written.envelopes else ()),
    ]
    return CheckList(
        quorum=quorum,
        electorate=tuple(present),
        groups=groups,
        away=away,
        holders=holders,
        absentees=written.absentees,
        envelopes=written.envelopes,
        tellers=tellers,
        obstacles=tuple(obstacles),
        cautions=(*_cautions(ballot, quorum, groups), *written.cautions, *_left_out(ballot, eligible, candidates)),
        is_joint=is_joint(ballot, groups),
    )


def _away(members: list[CouncilMember], conflicts: list[Conflict]) -> tuple[Away, ...]:
    found = []
    for member in members:
        own = [one for one in conflicts if one.member.pk == member.pk]
        if own:
            grounds = dict.fromkeys(words for one in own for words in one.grounds)
            found.append(Away(member, tuple(one.item for one in own), tuple(grounds)))
    return tuple(found)


def _day_obstacles(ballot: Ballot, day: date) -> list[str]:
    held_on = ballot.sitting.held_on
    if day >= held_on:
        return []
    return [f"Phiên họp ngày {held_on:%d/%m/%Y} chưa tới. Mở lượt bỏ phiếu trong phiên họp, khi đã điểm danh."]


def _rule_obstacles(ballot: Ballot) -> list[str]:
    rule, held_on = ballot.rule, ballot.sitting.held_on
    obstacles = []
    if not (rule.valid_from <= held_on and (rule.valid_to is None or held_on <= rule.valid_to)):
        obstacles.append(
            f"Cách tính «{rule.title}» không có hiệu lực vào ngày họp {held_on:%d/%m/%Y}. "
            "Hủy lượt này và lập lại với cách tính của ngày họp."
        )
    if ballot.kind not in rule.kinds:
        obstacles.append(
            f"Cách tính «{rule.title}» không dùng cho lượt bỏ phiếu {BallotKind(ballot.kind).label.lower()}. "
            "Hủy lượt này và lập lại với cách tính khác."
        )
    return obstacles


def _agenda_obstacles(ballot: Ballot, candidates: list[AgendaItem]) -> list[str]:
    obstacles = []
    if not candidates:
        obstacles.append("Chưa có trường hợp nào để bỏ phiếu. Đưa trường hợp vào chương trình phiên họp trước khi mở.")
    changed = [item.nomination.nominee_name for item in candidates if item.nomination.state not in BEFORE_COUNCIL]
    # A proposal concludes nothing here: a case that was decided meanwhile may still be proposed.
    if changed and not ballot.is_proposal:
        obstacles.append(
            f"Không còn ở trạng thái trình Hội đồng: {', '.join(changed)}. Bỏ khỏi chương trình trước khi mở."
        )
    running = (BallotState.OPEN, BallotState.CLOSED)
    if Ballot.objects.filter(sitting=ballot.sitting, state__in=running).exclude(pk=ballot.pk).exists():
        obstacles.append("Phiên họp còn một lượt bỏ phiếu chưa kiểm phiếu. Kiểm phiếu xong mới mở lượt này.")
    return obstacles


def _door_obstacles(candidates: list[AgendaItem], day: date) -> list[str]:
    asked = {(one.nomination.campaign_id, one.nomination.recognition.code, one.nomination.year) for one in candidates}
    return [str(closed) for closed in list_closed_doors(Door.VOTE, asked, day=day)]


def _conflict_obstacles(ballot: Ballot, groups: tuple[Group, ...], conflicts: list[Conflict]) -> list[str]:
    """One ballot has one electorate: cases that different members may judge need ballots of their own."""
    items = [item for group in groups for item in group.items]
    parts = list_parts(items, conflicts)
    if is_joint(ballot, groups) or len(parts) < 2:  # noqa: PLR2004  one part is no division
        return []
    told = "; ".join(
        f"{', '.join(str(one) for one in part.away)} không tham gia: "
        f"{', '.join(item.nomination.nominee_name for item in part.items)}"
        for part in parts
        if part.away
    )
    return [
        (
            f"Các trường hợp không cùng người được bỏ phiếu ({told}). Mỗi lượt chỉ có một danh sách bỏ phiếu: hủy lượt "
            "này, rồi lập lượt riêng cho từng nhóm trường hợp mà trang lập lượt bỏ phiếu đưa ra."
        )
    ]


@dataclass(frozen=True, slots=True)
class _Written:
    """What of absent members' opinions the opening would freeze."""

    absentees: tuple[CouncilMember, ...] = ()
    envelopes: tuple[CouncilMember, ...] = ()
    obstacles: tuple[str, ...] = ()
    cautions: tuple[str, ...] = ()


def _find_written(ballot: Ballot, members: list[CouncilMember], present: list[CouncilMember]) -> _Written:
    """One member one voice: an opinion comes in an envelope or from afar, and only of members who are away."""
    enveloped = {one.member_id: one for one in list_envelopes(ballot) if one.withdrawn_at is None}
    away = [one for one in members if one not in present] if ballot.rule.count_written else []
    envelopes = tuple(one for one in away if one.pk in enveloped)
    absentees = () if ballot.on_paper else tuple(one for one in away if one.pk not in enveloped)
    known = {one.pk for one in envelopes}
    stray = [str(row.member) for key, row in enveloped.items() if key not in known]
    obstacles = (
        [
            (
                f"Có bì kín của người không được cho ý kiến bằng văn bản ở lượt này: {', '.join(stray)}. "
                "Trả lại bì nguyên vẹn trước khi mở."
            )
        ]
        if stray
        else []
    )
    cautions = []
    if absentees:
        names = ", ".join(str(one) for one in absentees)
        cautions.append(f"Thành viên vắng gửi ý kiến bằng văn bản trên máy trong lúc mở: {names}.")
    if ballot.on_paper and len(envelopes) < len(away):
        cautions.append(
            f"Có {len(away) - len(envelopes)} thành viên vắng chưa gửi bì kín; mở rồi thì không nhận thêm ý kiến."
        )
    if envelopes and not ballot.on_paper and len(envelopes) <= SMALL_BASE:
        cautions.append(
            f"Chỉ có {len(envelopes)} bì kín mà phiếu tại phiên họp bỏ trên máy: hai người kiểm phiếu đọc riêng các bì "
            "này nên có thể biết của ai. Bỏ phiếu bằng giấy thì bì được trộn vào hòm trước khi đọc."
        )
    return _Written(absentees, envelopes, tuple(obstacles), tuple(cautions))


def _teller_obstacles(tellers: Sequence[CouncilMember]) -> list[str]:
    if len(tellers) > 1:
        return []
    return [
        (
            "Phiếu giấy do hai người của Ban kiểm phiếu cùng nhập để đối chiếu; hiện có mặt và được tham gia "
            f"{len(tellers)} người. Giao nhiệm vụ kiểm phiếu cho ít nhất hai thành viên có mặt."
        )
    ]


def _attendance_obstacles(
    everybody: list[CouncilMember], attendances: list[Attendance], present: list[CouncilMember]
) -> list[str]:
    known = {one.member_id for one in attendances}
    unknown = [str(one) for one in everybody if one.pk not in known]
    if unknown:
        return [f"Chưa ghi có mặt hay vắng: {', '.join(unknown)}. Điểm danh đủ thành viên trước khi mở."]
    if not present:
        return ["Không còn thành viên có mặt nào được bỏ phiếu. Xem lại điểm danh và phần không tham gia."]
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


def _cautions(ballot: Ballot, quorum: Quorum, groups: tuple[Group, ...]) -> list[str]:
    cautions = []
    if not quorum.is_met:
        cautions.append(
            f"Có mặt {quorum.present}/{quorum.members} thành viên, chưa đủ {quorum.least}: nếu vẫn mở thì không ai đạt."
        )
    if not ballot.rule.confirmed:
        cautions.append(f"Cách tính chưa đối chiếu với văn bản: {ballot.rule.citation}.")
    if 0 < quorum.present <= SMALL_BASE:
        cautions.append(f"Chỉ có {quorum.present} người bỏ phiếu: từ kết quả có thể đoán lựa chọn của từng người.")
    if ballot.kind == BallotKind.SCORE:
        cautions.append(
            "Tệp phiếu công bố ghi từng bộ điểm. Thang điểm càng rộng, trường hợp càng nhiều thì một bộ điểm khác "
            "thường càng dễ thành dấu riêng để người khác nhận ra phiếu; chọn bậc điểm vừa đủ."
        )
    return [
        *cautions,
        *_outdated_cautions(groups),
        *_origin_cautions(groups),
        *(one for group in groups for one in _seat_cautions(ballot, group)),
    ]


def _outdated_cautions(groups: tuple[Group, ...]) -> list[str]:
    outdated = [
        f"{item.nomination.nominee_name} (ngày {localtime(item.reopened_at):%d/%m/%Y})"
        for group in groups
        for item in group.items
        if item.reopened_at is not None
    ]
    if not outdated:
        return []
    words = (
        f"Được đưa về sửa ở đơn vị gửi sau khi gửi: {', '.join(outdated)}. Bản ở đây là bản trước khi sửa. "
        "Hội nghị vẫn bỏ phiếu về bản này được; muốn xét bản mới thì bỏ khỏi chương trình, rồi trả lại để đơn vị "
        "gửi lại."
    )
    return [words]


def _origin_cautions(groups: tuple[Group, ...]) -> list[str]:
    """A count is carried out by a decision or told to the senders as a proposal, as a whole."""
    origins = [item.nomination.is_crossed for group in groups for item in group.items]
    if len(set(origins)) < 2:  # noqa: PLR2004  both
        return []
    own, sent = origins.count(False), origins.count(True)
    words = (
        f"Lượt này có {own} đề nghị của đơn vị mình cùng {sent} trường hợp đơn vị khác gửi Hội nghị: kết quả chỉ là "
        "suy tôn, không lập quyết định được. Muốn tự quyết định thì để đề nghị của đơn vị mình ở lượt riêng; muốn cùng "
        "được suy tôn thì gửi đề nghị đó lên Hội nghị."
    )
    return [words]


def _seat_cautions(ballot: Ballot, group: Group) -> list[str]:
    if group.seats is not None and group.seats >= len(group.items):
        return [f"{group.title}: số lượng được chọn không ít hơn số trường hợp, nên không có tác dụng giới hạn."]
    if group.seats is None and ballot.kind == BallotKind.CHOOSE:
        return [f"{group.title}: chưa đặt số lượng, nên ai cũng có thể được chọn."]
    return []


def _left_out(ballot: Ballot, eligible: list[AgendaItem], candidates: list[AgendaItem]) -> list[str]:
    asked = {item.pk for item in candidates}
    missing = [item.nomination.nominee_name for item in eligible if item.pk not in asked]
    cautions = [f"Chưa có kết quả nhưng không nằm trong lượt này: {', '.join(missing)}."] if missing else []
    gone = sum(len(one["cases"]) for one in ballot.contests) - len(candidates) if ballot.contests else 0
    if gone:
        cautions.append(f"{gone} trường hợp đã xếp vào lượt này không còn bỏ phiếu được, nên được bỏ ra.")
    return cautions


def find_turnout(ballot: Ballot) -> Turnout:
    voted, absent = set(ballot.marks), set(ballot.absentees)
    everybody = CouncilMember.objects.filter(pk__in=[*ballot.electorate, *ballot.absentees])
    roll = [(one, one.pk in voted) for one in everybody.select_related("user").order_by("order", "pk")]
    return Turnout(
        voters=tuple(line for line in roll if line[0].pk not in absent),
        absentees=tuple(line for line in roll if line[0].pk in absent),
        envelopes=names_of(terms_of(ballot).get("envelopes", [])),
    )
