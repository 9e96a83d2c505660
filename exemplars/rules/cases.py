"""Cases as text: the form in which people write test cases and in which a judged case is stored for replay.

A file holds ``[[case]]`` tables; the words of its keys are those of ``facts.py``. An absent key is unknown,
an empty list known to be none; ``partly = ["leave"]`` says that a list may be longer. Wherever a bare value
stands, a table may stand that also names its source:
``gradings = {2023 = {grade = "good", decision = "12/QĐ", on = 2023-12-20}}``.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any, Final, TypeVar

from campaigns.measures import DIRECTIONS, PLACES
from exemplars.rules.document import DocumentError, Section, one_of, read_document
from exemplars.rules.facts import (
    MAY_BE_PARTLY,
    NOTHING_KNOWN,
    Attestation,
    Body,
    Case,
    Discipline,
    DisciplineOf,
    Dissolution,
    EligibleTitle,
    Employment,
    Facts,
    Grading,
    HonourHeld,
    InitiativeHeld,
    Leave,
    LeaveKind,
    Level,
    MovementResult,
    Nominee,
    NomineeKind,
    PastRecognition,
    Proposal,
    Review,
    SameAchievement,
    Service,
    Source,
    TargetResult,
)
from exemplars.rules.findings import Status
from exemplars.rules.ladders import LadderKind, Ladders
from exemplars.rules.rulebook import Rulebook

_Item = TypeVar("_Item")
_KEYED_BY_YEAR: Final = ("gradings", "movement_results")
_AWARD_CODE: Final = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")


class CaseFileError(DocumentError):
    """A case file that does not fit, with the line, the key and what was expected."""


@dataclass(frozen=True, slots=True)
class _Codes:
    """What the codes of a case may be. A stored case names what was known then, so only its ladders bind it."""

    ladders: Ladders
    criteria: frozenset[str] = frozenset()
    recognitions: frozenset[str] = frozenset()
    of_a_period: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NamedCase:
    """``expected`` holds what the author says the result must be: criterion code → status, where said."""

    name: str
    rulebook: Rulebook
    case: Case
    expected: Mapping[str, Status]


def parse_cases(text: str, rulebooks: Mapping[str, Rulebook]) -> tuple[NamedCase, ...]:
    """The cases of a TOML file, each with its rulebook chosen by code; raises CaseFileError."""
    try:
        root = read_document(text)
        cases = tuple(_read_named(section, rulebooks) for section in root.sections("case"))
        if not cases:
            root.refuse("case", "ít nhất một [[case]]")
        root.close()
    except DocumentError as error:
        raise CaseFileError(error.key, error.found, error.expected, error.line) from None
    return cases


def load_case(values: Mapping[str, object], rulebook: Rulebook) -> Case:
    """The case that ``dump_case`` stored."""
    section = Section(values)
    case = _read_case(section, rulebook, _Codes(rulebook.ladders))
    section.close()
    return case


def dump_case(case: Case) -> dict[str, object]:
    """Plain values for a JSON column, in the form of a case file."""
    dumped: dict[str, object] = {
        "recognition": case.recognition,
        "as_of": case.as_of.isoformat(),
        "nominee": {
            "kind": case.nominee.kind.value,
            **({"employment": case.nominee.employment.value} if case.nominee.employment else {}),
            "heads_unit": case.nominee.heads_unit,
        },
        "facts": _dump_facts(case.facts),
    }
    if case.year is not None:
        dumped["year"] = case.year
    if case.unit != NOTHING_KNOWN:
        dumped["unit"] = _dump_facts(case.unit)
    return dumped


def _read_named(section: Section, rulebooks: Mapping[str, Rulebook]) -> NamedCase:
    name = section.text("name")
    code = section.text("rulebook")
    if code not in rulebooks:
        section.refuse("rulebook", one_of(sorted(rulebooks)))
    expected = {code: status for status in Status if status in section for code in section.texts(status.value)}
    rulebook = rulebooks[code]
    case = _read_case(section, rulebook, _codes_of(rulebook, rulebooks.values()))
    _refuse_what_is_not_judged(section, rulebook, case)
    section.close()
    return NamedCase(name, rulebook, case, expected)


def _codes_of(rulebook: Rulebook, known: Collection[Rulebook]) -> _Codes:
    """The ladders of the rulebook itself; criteria and recognitions of any: facts may speak of another plan too."""
    recognitions = [recognition for one in known for recognition in one.recognitions]
    return _Codes(
        ladders=rulebook.ladders,
        criteria=frozenset(criterion.code for one in known for criterion in one.criteria),
        recognitions=frozenset(recognition.code for recognition in recognitions),
        of_a_period=frozenset(recognition.code for recognition in recognitions if recognition.period),
    )


def _refuse_what_is_not_judged(section: Section, rulebook: Rulebook, case: Case) -> None:
    """What the engine would refuse later, said here with its place."""
    recognition = rulebook.recognition(case.recognition)
    assert recognition is not None  # noqa: S101  the case was read with it
    span = recognition.span(case.year)
    if span is not None and not rulebook.in_force(span.last_day):
        last = rulebook.valid_to.year if rulebook.valid_to else "nay"
        section.refuse("year", f"một năm mà bản quy định áp dụng, từ {rulebook.valid_from.year} đến {last}")
    if not any(rulebook.criteria_for(recognition, case)):
        section.refuse("recognition", f"hình thức công nhận có tiêu chuẩn cho {case.nominee.kind.label}")


def _read_case(section: Section, rulebook: Rulebook, codes: _Codes) -> Case:
    code = section.text("recognition")
    recognition = rulebook.recognition(code)
    if recognition is None:
        section.refuse("recognition", one_of(known.code for known in rulebook.recognitions))
    year = section.year("year") if "year" in section or recognition.period is None else None
    if recognition.span(year) is None:
        section.refuse("year", "không có khóa này, vì xét cả giai đoạn")
    return Case(
        recognition=code,
        as_of=section.day("as_of"),
        nominee=_read_nominee(section.section("nominee")),
        facts=_read_facts(section.section("facts"), codes) if "facts" in section else NOTHING_KNOWN,
        year=year,
        unit=_read_facts(section.section("unit"), codes) if "unit" in section else NOTHING_KNOWN,
    )


def _read_nominee(section: Section) -> Nominee:
    nominee = Nominee(
        kind=section.choice("kind", NomineeKind),
        employment=section.choice("employment", Employment) if "employment" in section else None,
        heads_unit=section.flag("heads_unit", default=False),
    )
    if nominee.heads_unit and nominee.kind is NomineeKind.COLLECTIVE:
        section.refuse("heads_unit", "false, vì chỉ cá nhân đứng đầu đơn vị")
    section.close()
    return nominee


def _read_facts(section: Section, codes: _Codes) -> Facts:
    ladders = codes.ladders

    def grading(item: Section, year: int) -> Grading:
        return Grading(year, _rung(item, "grade", LadderKind.GRADING, ladders), _source(item))

    def movement_result(item: Section, year: int) -> MovementResult:
        return MovementResult(year, _rung(item, "result", LadderKind.MOVEMENT, ladders), _source(item))

    def eligible_title(item: Section) -> EligibleTitle:
        title = _rung(item, "title", LadderKind.TITLE, ladders)
        return EligibleTitle(title, item.year("year"), _source(item))

    def discipline(item: Section) -> Discipline:
        form = _rung(item, "form", LadderKind.DISCIPLINE, ladders)
        source = Source(item.text_or("decision", ""), by=item.text_or("by", ""))  # its day is the entry's own
        return Discipline(item.choice("of", DisciplineOf), form, item.day("on"), source)

    def attestation(item: Section) -> Attestation:
        code = _known(item, "code", codes.criteria)
        return Attestation(code, item.flag("holds", default=True), _source(item))

    def past_recognition(item: Section) -> PastRecognition:
        code = _known(item, "recognition", codes.recognitions)
        may_lack_year = code in codes.of_a_period or not codes.recognitions
        year = None if may_lack_year and "year" not in item else item.year("year")
        return PastRecognition(code, year, _source(item))

    facts = Facts(
        gradings=_by_year(section, "gradings", "grade", grading),
        eligible_titles=_listed(section, "eligible_titles", eligible_title),
        honours=_listed(section, "honours", _honour),
        discipline=_listed(section, "discipline", discipline),
        attested=_listed(section, "attested", attestation, shorthand="code"),
        recognitions=_listed(section, "recognitions", past_recognition),
        proposed_by=_listed(section, "proposed_by", _proposal, shorthand="body"),
        movement_results=_by_year(section, "movement_results", "result", movement_result),
        initiatives=_listed(section, "initiatives", _initiative),
        service=_listed(section, "service", _service),
        leave=_listed(section, "leave", _leave),
        reviews=_listed(section, "reviews", _review),
        dissolutions=_listed(section, "dissolutions", _dissolution),
        same_achievement=_listed(section, "same_achievement", _same_achievement),
        targets=_listed(section, "targets", _target),
        partly=_partly(section),
    )
    section.close()
    return facts


def _partly(section: Section) -> frozenset[str]:
    """Lists that may be longer than they are told; each of them is told."""
    names = section.texts("partly") if "partly" in section else ()
    if any(name not in MAY_BE_PARTLY or name not in section for name in names):
        section.refuse("partly", f"tên các danh sách có kê ở đây mà có thể còn thiếu; {one_of(sorted(MAY_BE_PARTLY))}")
    return frozenset(names)


def _honour(item: Section) -> HonourHeld:
    title = item.text("title")
    if not _AWARD_CODE.fullmatch(title):
        item.refuse("title", "mã danh hiệu hoặc hình thức khen thưởng, chữ in hoa không dấu, ví dụ BANGKHEN-BO")
    return HonourHeld(title, item.choice("level", Level), item.year("year"), _source(item))


def _initiative(item: Section) -> InitiativeHeld:
    return InitiativeHeld(item.choice("level", Level), item.year("year"), _source(item))


def _service(item: Section) -> Service:
    return Service(*_from_to(item, "since", "until"), source=_source(item))


def _leave(item: Section) -> Leave:
    kind = item.choice("kind", LeaveKind)
    first_day, last_day = _from_to(item, "first_day", "last_day")
    return Leave(kind, first_day, last_day or item.day("last_day"), _source(item))


def _review(item: Section) -> Review:
    return Review(*_from_to(item, "since", "until"), source=_source(item))


def _dissolution(item: Section) -> Dissolution:
    # Its day is the entry's own.
    return Dissolution(item.day("on"), Source(item.text_or("decision", ""), by=item.text_or("by", "")))


def _same_achievement(item: Section) -> SameAchievement:
    return SameAchievement(item.text("title"), item.year("year"), _source(item))


def _target(item: Section) -> TargetResult:
    measure, direction = item.text("measure"), item.text("direction")
    if measure not in PLACES:
        item.refuse("measure", one_of(PLACES))
    if direction not in DIRECTIONS:
        item.refuse("direction", one_of(sorted(DIRECTIONS)))
    return TargetResult(
        year=item.year("year"),
        indicator=item.text("indicator"),
        title=item.text("title"),
        measure=measure,
        direction=direction,
        level=item.decimal("level") if "level" in item else None,
        value=item.decimal("value") if "value" in item else None,
        measured_in=item.text_or("measured_in", ""),
        campaign=item.text_or("campaign", ""),
        source=_source(item),
    )


def _from_to(item: Section, first: str, last: str) -> tuple[date, date | None]:
    since, until = item.day(first), item.day_or_none(last)
    if until is not None and until < since:
        item.refuse(last, f"ngày không sớm hơn {first}")
    return since, until


def _proposal(item: Section) -> Proposal:
    return Proposal(item.choice("body", Body), _source(item))


def _known(item: Section, key: str, codes: frozenset[str]) -> str:
    code = item.text(key)
    if codes and code not in codes:
        item.refuse(key, one_of(sorted(codes)))
    return code


def _source(item: Section) -> Source:
    return Source(item.text_or("decision", ""), item.day_or_none("on"), item.text_or("by", ""))


def _rung(item: Section, key: str, kind: LadderKind, ladders: Ladders) -> str:
    code = item.text(key)
    if code not in ladders.codes(kind):
        item.refuse(key, one_of(ladders.codes(kind)))
    return code


def _listed(
    section: Section, key: str, read: Callable[[Section], _Item], *, shorthand: str = ""
) -> tuple[_Item, ...] | None:
    if key not in section:
        return None
    found: list[_Item] = []
    for item in section.sections(key, shorthand=shorthand):
        found.append(read(item))
        item.close()
    return tuple(found)


def _by_year(
    section: Section, key: str, shorthand: str, read: Callable[[Section, int], _Item]
) -> tuple[_Item, ...] | None:
    if key not in section:
        return None
    years = section.section(key)
    found: list[_Item] = []
    for year in years.values:
        if not (year.isascii() and year.isdigit() and len(year) == len("2023")):
            years.refuse(year, "khóa là một năm, ví dụ 2023")
        item = years.section(year, shorthand=shorthand)
        found.append(read(item, int(year)))
        item.close()
    return tuple(found)


def _dump_facts(facts: Facts) -> dict[str, object]:
    """Each known key; unknown ones stay absent."""
    dumped: dict[str, object] = {}
    for key in (field.name for field in fields(Facts) if field.name != "partly"):
        items = getattr(facts, key)
        if items is None:
            continue
        entries = [_dump(item) for item in items]
        dumped[key] = {str(entry.pop("year")): entry for entry in entries} if key in _KEYED_BY_YEAR else entries
    if facts.partly:
        dumped["partly"] = sorted(facts.partly)
    return dumped


def _dump(item: Any) -> dict[str, object]:
    """One fact with its source laid beside its own values; what the source does not know stays absent."""
    own = {field.name: getattr(item, field.name) for field in fields(item) if field.name != "source"}
    own = {key: value for key, value in own.items() if value is not None}
    source = {key: value for key, value in asdict(item.source).items() if value}
    return {key: _plain(value) for key, value in (source | own).items()}


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value
