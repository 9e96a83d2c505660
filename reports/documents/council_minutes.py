"""Biên bản họp Hội đồng and biên bản kiểm phiếu, for signing. They say how many, never who voted for what."""

from dataclasses import dataclass
from datetime import datetime, time

from django.utils.timezone import localtime

from awards.models import MinutesKind
from awards.selectors.ballots import SECRETARY, TELLER
from awards.selectors.minutes_facts import BallotFacts, MinutesFacts, Signer
from reports.documents.facts import Letterhead
from reports.documents.sheet import Sheet, fraction_words, heading

COUNCIL = "Hội đồng Thi đua - Khen thưởng"
TEMPLATES = {
    MinutesKind.MEETING: "reports/paper/meeting_minutes.html",
    MinutesKind.COUNT: "reports/paper/count_minutes.html",
}
PRESIDING = "CHỦ TRÌ PHIÊN HỌP"
CAPITALS = {SECRETARY: "THƯ KÝ", TELLER: "BAN KIỂM PHIẾU"}


@dataclass(frozen=True, slots=True)
class BallotWords:
    """A ballot with its shares and hours as papers write them."""

    facts: BallotFacts
    quorum: str
    threshold: str
    opened: str
    closed: str
    counted: str


@dataclass(frozen=True, slots=True)
class Block:
    authority: str
    name: str


def lay_out(facts: MinutesFacts, place: str, *, is_draft: bool = False) -> Sheet:
    """The paper of these facts; `place` is where the council's unit sits. A draft says that it is one."""
    head = Letterhead(facts.unit.name, COUNCIL, place, "HĐTĐKT")
    title = "Biên bản họp Hội đồng" if facts.kind is MinutesKind.MEETING else "Biên bản kiểm phiếu"
    return Sheet(
        title=title,
        template=TEMPLATES[facts.kind],
        context={
            "facts": facts,
            "title": f"{title} điều chỉnh" if facts.corrects else title,
            "head": heading(head, facts.held_on, number=facts.number or f"{' ' * 10}/BB-HĐTĐKT"),
            "is_draft": is_draft,
            "began": hour_words(facts.began_at),
            "ended": hour_words(facts.ended_at),
            "ballots": [_words(one) for one in facts.ballots],
            "quorums": [(one, fraction_words(one.share)) for one in facts.quorums],
            "course": _paragraphs(facts.course),
            "opinions": _paragraphs(facts.opinions),
            "signers": [(one, one.member) for one in facts.signers],
            "rows": _in_rows([_block(one) for one in facts.signers]),
        },
        note=f"{facts.council}, ngày {facts.held_on:%d/%m/%Y}",
    )


def _words(ballot: BallotFacts) -> BallotWords:
    return BallotWords(
        facts=ballot,
        quorum=fraction_words(ballot.quorum),
        threshold=fraction_words(ballot.threshold),
        opened=_moment(ballot.opened_at),
        closed=_moment(ballot.closed_at),
        counted=_moment(ballot.counted_at),
    )


def _moment(at: datetime | None) -> str:
    if at is None:
        return ""
    local = localtime(at)
    return f"{hour_words(local.time())} ngày {local:%d/%m/%Y}"


def hour_words(at: time | None) -> str:
    """08 giờ 05 phút, as minutes write an hour."""
    if at is None:
        return "… giờ … phút"
    return f"{at.hour:02d} giờ {at.minute:02d} phút"


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _block(signer: Signer) -> Block:
    return Block(CAPITALS.get(signer.duty, PRESIDING), signer.name)


def _in_rows(blocks: list[Block]) -> list[list[Block]]:
    """Two signatures a line."""
    return [blocks[first : first + 2] for first in range(0, len(blocks), 2)]
