"""What an assessment says: one finding per criterion, with what was read, why, and what would mend it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from exemplars.rules.document import Section


class Status(StrEnum):
    MET = "met"
    UNMET = "unmet"
    UNDETERMINED = "undetermined"

    @property
    def label(self) -> str:
        return {Status.MET: "Đạt", Status.UNMET: "Chưa đạt", Status.UNDETERMINED: "Cần xem xét"}[self]


@dataclass(frozen=True, slots=True)
class Citation:
    document: str
    clause: str

    def __str__(self) -> str:
        return f"{self.document}, {self.clause}"


class Evidence(NamedTuple):
    """One thing that was read, in words, with the paper, the day and the person behind it where known."""

    text: str
    decision: str = ""
    on: date | None = None
    by: str = ""


class Awaits(StrEnum):
    """What an undetermined criterion waits for: somebody's judgement, or a fact that the record lacks."""

    PEOPLE = "people"
    RECORD = "record"


class Chance(NamedTuple):
    """The first day on which what is unmet could be met, with words; no day: not any more in the time looked at."""

    day: date | None
    words: str


class Judgement(NamedTuple):
    """A predicate's answer. ``remedy`` only where it knows better than the criterion: what is missing.

    ``missing`` says by how much something unmet is unmet, and ``chance`` when it could be met at the earliest.
    """

    status: Status
    reason: str
    evidence: tuple[Evidence, ...] = ()
    remedy: str = ""
    missing: str = ""
    chance: Chance | None = None
    awaits: Awaits = Awaits.RECORD


class Finding(NamedTuple):
    code: str
    status: Status
    label: str
    citation: Citation
    reason: str
    remedy: str
    evidence: tuple[Evidence, ...] = ()
    missing: str = ""  # unmet: by how much
    first_possible: date | None = None  # unmet: the first day on which it could be met, if there is one
    outlook: str = ""  # unmet: that day in words, or that there is none
    awaits: Awaits | None = None  # undetermined: for whom or what it waits

    def to_json(self) -> dict[str, object]:
        return {
            "code": self.code,
            "status": self.status.value,
            "label": self.label,
            "citation": {"document": self.citation.document, "clause": self.citation.clause},
            "reason": self.reason,
            "remedy": self.remedy,
            "evidence": [
                {
                    "text": read.text,
                    "decision": read.decision,
                    "on": read.on.isoformat() if read.on else None,
                    "by": read.by,
                }
                for read in self.evidence
            ],
            "missing": self.missing,
            "first_possible": self.first_possible.isoformat() if self.first_possible else None,
            "outlook": self.outlook,
            "awaits": self.awaits.value if self.awaits else None,
        }


@dataclass(frozen=True, slots=True)
class Assessment:
    """The findings of one case under one edition; it advises, people decide."""

    rulebook: str
    edition_hash: str
    recognition: str
    year: int | None
    as_of: date
    findings: tuple[Finding, ...]

    @property
    def verdict(self) -> Status:
        statuses = {finding.status for finding in self.findings}
        for decisive in (Status.UNMET, Status.UNDETERMINED):
            if decisive in statuses:
                return decisive
        return Status.MET

    def with_status(self, status: Status) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.status is status)

    def to_json(self) -> dict[str, object]:
        """Plain values for ``json.dumps`` or a JSON column."""
        return {
            "rulebook": self.rulebook,
            "edition_hash": self.edition_hash,
            "recognition": self.recognition,
            "year": self.year,
            "as_of": self.as_of.isoformat(),
            "verdict": self.verdict.value,
            "findings": [finding.to_json() for finding in self.findings],
        }

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> "Assessment":
        """The assessment that was stored; refuses with a DocumentError what this form never wrote."""
        section = Section(values)
        assessment = cls(
            rulebook=section.text("rulebook"),
            edition_hash=section.text("edition_hash"),
            recognition=section.text("recognition"),
            year=None if values.get("year") is None else section.year("year"),
            as_of=section.day("as_of"),
            findings=tuple(_read_finding(finding) for finding in section.sections("findings")),
        )
        if section.choice("verdict", Status) is not assessment.verdict:
            section.refuse("verdict", f"“{assessment.verdict}”, theo các nhận định đã lưu")
        return assessment


def read_findings(values: Sequence[Mapping[str, object]]) -> tuple[Finding, ...]:
    """The findings that were stored alone, without their assessment."""
    return tuple(_read_finding(section) for section in Section({"findings": values}).sections("findings"))


def _read_finding(section: Section) -> Finding:
    citation = section.section("citation")
    return Finding(
        code=section.text("code"),
        status=section.choice("status", Status),
        label=section.text("label"),
        citation=Citation(citation.text("document"), citation.text("clause")),
        reason=section.text("reason"),
        remedy=section.text_or("remedy", ""),
        evidence=tuple(_read_evidence(read) for read in section.sections("evidence")),
        # What was stored before findings told these has none of them.
        missing=section.text_or("missing", ""),
        first_possible=None if section.values.get("first_possible") is None else section.day("first_possible"),
        outlook=section.text_or("outlook", ""),
        awaits=None if section.values.get("awaits") is None else section.choice("awaits", Awaits),
    )


def _read_evidence(section: Section) -> Evidence:
    return Evidence(
        text=section.text("text"),
        decision=section.text_or("decision", ""),
        on=None if section.values.get("on") is None else section.day("on"),
        by=section.text_or("by", ""),
    )
