"""Everything that a dossier prints, as plain values.

Selectors gather them, papers lay them out, and a dossier job keeps them: a paper never asks the database.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime

PERIOD = "giai đoạn"
YEARLY = re.compile(r" h[àằ]ng năm$")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head of a paper: the body above, the body that issues, and where it sits. Names stand as they are written
    in running text; the head sets them in capitals."""

    superior: str
    office: str
    place: str
    abbreviation: str
    """The issuer's part of a number ("CTHADS"); empty when no usual one is known."""


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: the right or post in capitals, one line each, and the name."""

    authority: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class NomineeFacts:
    name: str
    is_person: bool
    unit: str
    position: str = ""
    gender: str = ""
    birth_date: date | None = None
    employment: str = ""


@dataclass(frozen=True, slots=True)
class GradingFacts:
    year: int
    grade: str
    number: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class HonourFacts:
    year: int
    title: str
    is_emulation_title: bool
    number: str
    decided_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class FindingFacts:
    code: str
    status: str
    label: str
    citation: str
    evidence: tuple[str, ...]
    reason: str
    remedy: str
    missing: str = ""
    outlook: str = ""


@dataclass(frozen=True, slots=True)
class CriteriaFacts:
    edition: str
    verdict: str
    assessed_at: datetime
    findings: tuple[FindingFacts, ...]
    special_cases: tuple[str, ...] = ()
    """What was proposed and decided although criteria are unmet, in whole sentences."""


@dataclass(frozen=True, slots=True)
class MemberFacts:
    name: str
    position: str
    seat: str
    is_secretary: bool
    is_teller: bool
    is_present: bool | None
    """None: the roll does not say."""
    absence: str = ""


@dataclass(frozen=True, slots=True)
class CandidateFacts:
    name: str
    yes: int
    no: int
    blank: int
    share: str
    passed: bool
    outcome: str
    """"elected", "tied" or "not-elected"."""
    points: str = ""
    """Where points were given: all of them, and their mean with how it came about."""
    mean: str = ""


@dataclass(frozen=True, slots=True)
class ContestFacts:
    title: str
    seats: int | None
    issued: int
    received: int
    valid: int
    invalid: int
    denominator: int
    candidates: tuple[CandidateFacts, ...]


@dataclass(frozen=True, slots=True)
class VotingRuleFacts:
    quorum: str
    denominator: str
    threshold: str
    citation: str
    scale: str = ""
    """Which points could be given; empty where none were."""


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """A sitting of a council and the count of its ballot."""

    head: Letterhead
    council: str
    founding: str
    sitting: str
    held_on: date
    place: str
    members: tuple[MemberFacts, ...]
    present: int
    members_total: int
    quorum_met: bool
    rule: VotingRuleFacts
    contests: tuple[ContestFacts, ...]
    warnings: tuple[str, ...]
    counted_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionLineFacts:
    name: str
    position: str
    unit: str
    revoked: str = ""
    """The number of the decision that took the line back."""


@dataclass(frozen=True, slots=True)
class RevocationFacts:
    """A later decision that took lines of the printed one back."""

    number: str
    signed_on: date
    issuer: str
    reason: str
    clause: str
    lines: int


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    head: Letterhead
    number: str
    signed_on: date
    subject: str
    issuing_authority: str
    signature: Signature
    council: str
    sitting_on: date
    lines: tuple[DecisionLineFacts, ...]
    issued_at: datetime
    revocations: tuple[RevocationFacts, ...] = ()


@dataclass(frozen=True, slots=True)
class AttachmentFacts:
    """One file that goes into the dossier as it is. `pk` finds its bytes; `sha256` proves them."""

    pk: str
    file_name: str
    kind: str
    number: str
    issued_on: date | None
    media_type: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DossierFacts:
    """One nomination as one unit may see it, at `as_of`, the moment of its latest change."""

    recognition: str
    year: int
    campaign: str
    plan: str
    legal_basis: tuple[str, ...]
    state: str
    as_of: datetime
    forwarded_on: date | None
    """The day on which it was last approved and sent up: the letter's and the report's; None leaves room for it."""
    head: Letterhead
    unit: str
    addressee: str
    signature: Signature
    nominee: NomineeFacts
    duties: str
    achievements: str
    initiatives: str
    community: str
    gradings: tuple[GradingFacts, ...]
    honours: tuple[HonourFacts, ...]
    criteria: CriteriaFacts | None
    minutes: MinutesFacts | None
    decision: DecisionFacts | None
    attachments: tuple[AttachmentFacts, ...]

    @property
    def award(self) -> str:
        """What is asked for, with its year: a yearly recognition says the year once, one of a period has its own."""
        if PERIOD in self.recognition:
            return self.recognition
        return f"{YEARLY.sub('', self.recognition)} năm {self.year}"
