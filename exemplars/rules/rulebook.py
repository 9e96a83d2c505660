"""A rulebook: the criteria of one plan, as an immutable edition read from one TOML document.

The document carries the ladders it compares by, so an edition and a case are all that a replay needs.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final

from exemplars.rules.document import DocumentError, Section, read_document
from exemplars.rules.facts import Case, Nominee, NomineeKind
from exemplars.rules.findings import Citation
from exemplars.rules.ladders import Ladders, read_ladder
from exemplars.rules.predicates import read_predicate
from exemplars.rules.questions import Predicate, Span, Subject
from exemplars.rules.quotas import Quota, read_quota

_MONTH: Final = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


class RulebookError(DocumentError):
    """A rulebook that cannot be used, with the place and what was expected there."""


class Condition(StrEnum):
    HEADS_UNIT = "heads_unit"


@dataclass(frozen=True, slots=True)
class Plan:
    """The paper behind the rulebook. Sources leave numbers and days blank; ``note`` says so."""

    issuer: str
    title: str
    number: str
    issued_month: str
    issued_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class Criterion:
    code: str
    label: str
    citation: Citation
    applies_to: tuple[NomineeKind, ...]
    predicate: Predicate
    remedy: str
    only_if: Condition | None = None
    unconfirmed: str = ""  # what of it was not checked against the text of the law or plan

    def applies(self, nominee: Nominee) -> bool:
        return nominee.kind in self.applies_to and (self.only_if is None or nominee.heads_unit)


@dataclass(frozen=True, slots=True)
class Recognition:
    """``period`` is set for a recognition of several years; an annual one takes its year from the case."""

    code: str
    label: str
    criteria: tuple[str, ...]
    period: Span | None = None

    def span(self, year: int | None) -> Span | None:
        """The time looked at; None when the year is missing, or given although the period is fixed."""
        if self.period is not None:
            return self.period if year is None else None
        return Span(date(year, 1, 1), date(year, 12, 31)) if year is not None else None


@dataclass(frozen=True, slots=True)
class Rulebook:
    """One edition. ``edition`` counts those of one code: the highest is the one in use."""

    code: str
    title: str
    plan: Plan
    valid_from: date
    valid_to: date | None
    ladders: Ladders
    criteria: tuple[Criterion, ...]
    recognitions: tuple[Recognition, ...]
    edition_hash: str
    edition: int = 1
    quotas: tuple[Quota, ...] = ()
    _by_code: Mapping[str, Criterion] = field(init=False, repr=False, compare=False)
    # What `engine` has worked out for those of whom the same is asked; it follows from the rest.
    prepared: "dict[Hashable, Any]" = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "prepared", {})
        object.__setattr__(self, "_by_code", {criterion.code: criterion for criterion in self.criteria})

    def in_force(self, day: date) -> bool:
        """Whether an achievement of that day falls under this edition."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def recognition(self, code: str) -> Recognition | None:
        return next((recognition for recognition in self.recognitions if recognition.code == code), None)

    def criteria_for(self, recognition: Recognition, case: Case) -> Iterator[Criterion]:
        """In the order of the recognition; what does not apply to the nominee is left out."""
        nominee, by_code = case.nominee, self._by_code
        return (one for code in recognition.criteria if (one := by_code[code]).applies(nominee))


def parse_rulebook(text: str) -> Rulebook:
    """The edition that a TOML document describes; raises RulebookError with line and key otherwise."""
    try:
        return read_rulebook(read_document(text))
    except DocumentError as error:
        raise RulebookError(error.key, error.found, error.expected, error.line) from None


def read_rulebook(root: Section) -> Rulebook:
    """The edition that the root table of a document describes, from a file or from what a draft keeps."""
    ladders = Ladders(tuple(read_ladder(section) for section in root.sections("ladder")))
    criteria = tuple(read_criterion(section, ladders) for section in root.sections("criterion"))
    known = [criterion.code for criterion in criteria]
    recognitions = tuple(read_recognition(section, known) for section in root.sections("recognition"))
    rulebook = Rulebook(
        code=root.text("code"),
        title=root.text("title"),
        plan=_read_plan(root.section("plan")),
        valid_from=root.day("valid_from"),
        valid_to=root.day_or_none("valid_to"),
        ladders=ladders,
        criteria=criteria,
        recognitions=recognitions,
        edition_hash=hash_of(root.values),
        edition=root.integer("edition") if "edition" in root else 1,
        quotas=tuple(read_quota(section) for section in root.sections("quota")) if "quota" in root else (),
    )
    if rulebook.edition < 1:
        root.refuse("edition", "số thứ tự của bản, từ 1")
    if rulebook.valid_to is not None and rulebook.valid_to < rulebook.valid_from:
        root.refuse("valid_to", "ngày không sớm hơn valid_from")
    _refuse_repeated(root, "criterion", known)
    _refuse_repeated(root, "recognition", (recognition.code for recognition in recognitions))
    used = {code for recognition in recognitions for code in recognition.criteria}
    if unused := [code for code in known if code not in used]:
        root.refuse("criterion", f"tiêu chuẩn nào cũng thuộc một [[recognition]]; còn thừa {', '.join(unused)}")
    root.close()
    return rulebook


def _read_plan(section: Section) -> Plan:
    plan = Plan(
        issuer=section.text("issuer"),
        title=section.text("title"),
        number=section.text_or("number", ""),
        issued_month=section.text("issued_month"),
        issued_on=section.day_or_none("issued_on"),
        note=section.text_or("note", ""),
    )
    if not _MONTH.fullmatch(plan.issued_month):
        section.refuse("issued_month", "năm và tháng, ví dụ “2023-02”; nguồn không ghi tháng thì chỉ năm")
    if not plan.number and not plan.note:
        section.refuse("number", "số của kế hoạch, hoặc khóa note nói vì sao để trống")
    section.close()
    return plan


def read_criterion(section: Section, ladders: Ladders) -> Criterion:
    citation = section.section("citation")
    predicate = section.section("predicate")
    criterion = Criterion(
        code=section.text("code"),
        label=section.text("label"),
        citation=Citation(citation.text("document"), citation.text("clause")),
        applies_to=section.choices("applies_to", NomineeKind),
        predicate=read_predicate(predicate, ladders),
        remedy=section.text("remedy"),
        only_if=section.choice("only_if", Condition) if "only_if" in section else None,
        unconfirmed=section.text("unconfirmed") if "unconfirmed" in section else "",
    )
    if not criterion.applies_to:
        section.refuse("applies_to", "ít nhất một trong: person, collective")
    if criterion.only_if is Condition.HEADS_UNIT and criterion.applies_to != (NomineeKind.PERSON,):
        section.refuse("applies_to", "[“person”], vì chỉ cá nhân đứng đầu đơn vị")
    if predicate.values.get("subject") == Subject.UNIT and criterion.only_if is not Condition.HEADS_UNIT:
        section.refuse("only_if", "“heads_unit”, vì phép kiểm đọc đơn vị do cá nhân đứng đầu")
    citation.close()
    section.close()
    return criterion


def read_recognition(section: Section, known: list[str]) -> Recognition:
    period = section.section("period") if "period" in section else None
    recognition = Recognition(
        code=section.text("code"),
        label=section.text("label"),
        criteria=section.texts("criteria"),
        period=_read_period(period) if period else None,
    )
    unknown = [code for code in recognition.criteria if code not in known]
    if unknown or not recognition.criteria:
        missing = f"; chưa có tiêu chuẩn {', '.join(unknown)}" if unknown else ""
        section.refuse("criteria", f"mã của các [[criterion]]{missing}")
    _refuse_repeated(section, "criteria", recognition.criteria)
    section.close()
    return recognition


def _read_period(section: Section) -> Span:
    span = Span(section.day("first_day"), section.day("last_day"))
    if span.last_day < span.first_day:
        section.refuse("last_day", "ngày không sớm hơn first_day")
    section.close()
    return span


def _refuse_repeated(section: Section, key: str, codes: Iterable[str]) -> None:
    repeated = [code for code, times in Counter(codes).items() if times > 1]
    if repeated:
        section.refuse(key, f"mỗi mã một lần; lặp lại {', '.join(repeated)}")


def hash_of(values: Mapping[str, object]) -> str:
    """The same for the same content, whatever the order of keys, the spacing and the comments."""
    canonical = json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()
