"""What stands in the way of publishing a draft, each said beside the place it is about.

A draft may be unfinished, so every part is read by itself and all that does not fit is told at once. What fits is then
held against what the house knows (`Surroundings`), and against the best nominee there could be (`ideal`).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from exemplars.rules.catalogue import BY_KIND, Takes
from exemplars.rules.document import DocumentError, Section
from exemplars.rules.facts import NomineeKind
from exemplars.rules.ideal import KnownTitle, find_hopeless
from exemplars.rules.ladders import Ladders, read_ladder
from exemplars.rules.predicates import read_predicate
from exemplars.rules.quotas import read_quota
from exemplars.rules.rulebook import Rulebook, read_criterion, read_recognition, read_rulebook
from exemplars.rules.standing_predicates import ONLY_FOR
from exemplars.rules.untrusted import YEARS

_PLACE: Final = re.compile(r"(criterion|recognition|quota|ladder)\[(\d+)\]\.?(.*)")
_PART: Final = re.compile(r"parts\[(\d+)\]")
FIELD_WORDS: Final[Mapping[str, str]] = {
    "code": "Mã",
    "title": "Tên",
    "label": "Nội dung",
    "valid_from": "Hiệu lực từ",
    "valid_to": "Hiệu lực đến",
    "plan.title": "Văn bản ban hành",
    "plan.number": "Số văn bản",
    "plan.issued_month": "Tháng ban hành",
    "citation.document": "Văn bản căn cứ",
    "citation.clause": "Điều khoản",
    "remedy": "Cách khắc phục",
    "applies_to": "Đối tượng",
    "only_if": "Chỉ xét người đứng đầu",
    "criteria": "Các tiêu chuẩn",
    "predicate.kind": "Phép kiểm",
    "predicate.parts": "Các điều kiện của phép kiểm ghép",
    "parts": "Các điều kiện của phép kiểm ghép",
    "base": "Tính trên số",
    "percent": "Tỷ lệ phần trăm",
    "rounding": "Cách làm tròn",
    "period.first_day": "Ngày đầu giai đoạn",
    "period.last_day": "Ngày cuối giai đoạn",
}
ORDERED: Final = ("criterion", "recognition", "quota")


@dataclass(frozen=True, slots=True)
class Problem:
    """`part`: empty for the whole, else criterion, recognition or quota, with its `number` from 1."""

    words: str
    part: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Interval:
    """Another edition of the same unit with the days on which it holds; `code` and `edition` name it."""

    code: str
    edition: int
    valid_from: date
    valid_to: date | None
    recognitions: frozenset[str]
    is_last: bool  # no later edition of its code: a newer one may take its place from a day on

    def meets(self, first: date, last: date | None) -> bool:
        return (last is None or self.valid_from <= last) and (self.valid_to is None or first <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the house knows: the catalogue with its titles and recognitions, last days of documents, other editions."""

    titles: Mapping[str, KnownTitle]
    documents: Mapping[str, date]
    editions: tuple[Interval, ...] = ()
    # By code, for choosing; a plan may still come after the rulebook that reads its targets.
    indicators: Mapping[str, str] = field(default_factory=dict)
    campaigns: Mapping[str, str] = field(default_factory=dict)


def list_problems(values: Mapping[str, Any], known: Surroundings) -> list[Problem]:
    """Everything at once, in the order of the document; empty when the draft may be published."""
    broken = list(_broken_parts(values))
    if broken:
        return broken
    try:
        rulebook = read_rulebook(Section(values))
    except DocumentError as error:
        return [_told(error)]
    found = [*_outside_years(rulebook), *_never_judged(rulebook)]
    if found:
        return found
    found = [
        *_unknown(rulebook, known),
        *_misfits(rulebook, known),
        *_repealed(rulebook, known),
        *_overlaps(rulebook, known),
    ]
    spoken_of = {one.number for one in found if one.part == "criterion"}
    hopeless = find_hopeless(rulebook, known.titles)
    for number, criterion in enumerate(rulebook.criteria, 1):
        if criterion.code in hopeless and number not in spoken_of:
            words = f"Không thể đạt, kể cả với thành tích tốt nhất: {hopeless[criterion.code]}"
            found.append(Problem(words, "criterion", number))
    return found


def _broken_parts(values: Mapping[str, Any]) -> Iterator[Problem]:
    if not values.get("criterion"):
        yield Problem("Bản quy định chưa có tiêu chuẩn nào. Thêm ít nhất một tiêu chuẩn.")
    if not values.get("recognition"):
        yield Problem("Bản quy định chưa nói xét công nhận hình thức nào. Thêm ít nhất một hình thức.")
    yield from _broken_head(values)
    ladders = Ladders(tuple(_read_all(values, "ladder", read_ladder)[0]))
    for section in Section(values).sections("criterion") if values.get("criterion") else []:
        yield from _broken_criterion(section, ladders)
    codes = [str(one.get("code", "")) for one in values.get("criterion", [])]
    yield from _repeated(codes, "criterion")
    recognitions, problems = _read_all(values, "recognition", lambda section: read_recognition(section, codes))
    yield from problems
    yield from _repeated([str(one.get("code", "")) for one in values.get("recognition", [])], "recognition")
    yield from _read_all(values, "quota", read_quota)[1]
    if len(recognitions) == len(values.get("recognition", [])):
        used = {code for one in recognitions for code in one.criteria}
        for number, code in enumerate(codes, 1):
            if code and code not in used:
                yield Problem("Tiêu chuẩn này chưa thuộc hình thức công nhận nào.", "criterion", number)


def _broken_criterion(section: Section, ladders: Ladders) -> Iterator[Problem]:
    """Everything that its author has not filled in yet, at once; what is left is told one by one."""
    citation = Section(section.values.get("citation") or {}, f"{section.path}.citation")  # type: ignore[arg-type]
    predicate = Section(section.values.get("predicate") or {}, f"{section.path}.predicate")  # type: ignore[arg-type]
    checks: list[Callable[[], object]] = [
        lambda: section.text("code"),
        lambda: section.text("label"),
        lambda: citation.text("document"),
        lambda: citation.text("clause"),
        lambda: section.choices("applies_to", NomineeKind) or section.refuse("applies_to", "ít nhất một đối tượng"),
        *_asks_for_parameters(predicate),
        lambda: section.text("remedy"),
    ]
    found = [*_failing(checks, predicate.values)]
    found = found or [*_failing([lambda: read_predicate(predicate, ladders)], predicate.values)]
    yield from found or _failing([lambda: read_criterion(section, ladders)])


def _asks_for_parameters(predicate: Section) -> Iterator[Callable[[], object]]:
    """One refusal for each parameter that was left empty, of the predicate and of those it is made of."""
    entry = BY_KIND.get(str(predicate.values.get("kind", "")))
    for one in entry.parameters if entry else ():
        if one.required and predicate.values.get(one.key) in (None, "", []):
            yield _asks_for(predicate, one.key)
    parts = predicate.values.get("parts")
    for number, part in enumerate(parts if isinstance(parts, list) else [], 1):
        if isinstance(part, Mapping):
            yield from _asks_for_parameters(Section(part, f"{predicate.path}.parts[{number}]"))


def _asks_for(section: Section, key: str) -> Callable[[], object]:
    return lambda: section.refuse(key, "một giá trị")


def _failing(checks: list[Callable[[], object]], predicate: Mapping[str, Any] | None = None) -> Iterator[Problem]:
    for check in checks:
        try:
            check()
        except DocumentError as error:
            yield _told(error, predicate or {})


def _broken_head(values: Mapping[str, Any]) -> Iterator[Problem]:
    section = Section(values)
    plan = Section(values["plan"], "plan") if isinstance(values.get("plan"), Mapping) else Section({}, "plan")
    checks: list[Callable[[], object]] = [
        lambda: section.text("title"),
        lambda: section.day("valid_from"),
        lambda: section.day_or_none("valid_to"),
        lambda: plan.text("title"),
        lambda: plan.text("issued_month"),
    ]
    yield from _failing(checks)


def _read_all(values: Mapping[str, Any], key: str, read: Callable[[Section], Any]) -> tuple[list[Any], list[Problem]]:
    """What could be read, and why the rest could not."""
    whole: list[Any] = []
    problems: list[Problem] = []
    for section in Section(values).sections(key) if values.get(key) else []:
        try:
            whole.append(read(section))
        except DocumentError as error:
            problems.append(_told(error))
    return whole, problems


def _repeated(codes: list[str], part: str) -> Iterator[Problem]:
    counts = Counter(codes)
    for number, code in enumerate(codes, 1):
        if code and counts[code] > 1:
            yield Problem(f"Mã {code} dùng cho {counts[code]} mục. Mỗi mục cần một mã riêng.", part, number)


def _told(error: DocumentError, predicate: Mapping[str, Any] | None = None) -> Problem:
    """The refusal of the document's reader in the words of the screen."""
    place = _PLACE.fullmatch(error.key)
    key = place[3] if place else error.key
    words = (
        FIELD_WORDS.get(key)
        or _parameter_words(key, _kind_at(key, predicate or {}))
        or FIELD_WORDS.get(key.rpartition(".")[2])
        or key
    )
    words = words or "Nội dung"
    if steps := _PART.findall(key):
        words = f"Điều kiện {'.'.join(steps)}, {words[:1].lower()}{words[1:]}"
    if error.found in ("không có gì", "“”", "danh sách 0 mục"):
        text = f"{words}: chưa có."
    else:
        # The example of a day stands in the form in which people type one.
        text = f"{words}: đang là {error.found}; cần {error.expected.replace('2023-12-31', '31/12/2023')}."
    return Problem(text, place[1], int(place[2])) if place else Problem(text)


def _kind_at(key: str, predicate: Mapping[str, Any]) -> str:
    """The kind of the predicate that a key lies in, which may be a part of another."""
    for step in map(int, _PART.findall(key)):
        parts = predicate.get("parts")
        if not isinstance(parts, list) or step > len(parts):
            return ""
        predicate = parts[step - 1]
    return str(predicate.get("kind", ""))


def _parameter_words(key: str, kind: str) -> str:
    """The label of a predicate's parameter; of whatever predicate has it, inside one made of others."""
    name = key.rpartition(".")[2]
    entries = [BY_KIND[kind]] if kind in BY_KIND and not BY_KIND[kind].is_composite else list(BY_KIND.values())
    parameters = (one for entry in entries for one in entry.parameters)
    return next((one.label for one in parameters if one.key == name), "")


def _outside_years(rulebook: Rulebook) -> Iterator[Problem]:
    days = [rulebook.valid_from, rulebook.valid_to]
    days += [day for one in rulebook.recognitions if one.period for day in (one.period.first_day, one.period.last_day)]
    if any(day is not None and day.year not in YEARS for day in days):
        yield Problem(f"Ngày phải từ năm {YEARS[0]} đến năm {YEARS[-1]}. Xem lại hiệu lực và giai đoạn.")


def _never_judged(rulebook: Rulebook) -> Iterator[Problem]:
    for number, one in enumerate(rulebook.recognitions, 1):
        if one.period is None:
            if not rulebook.in_force(date(rulebook.valid_from.year, 12, 31)):
                words = "Khoảng hiệu lực không có ngày 31/12 nào, nên không năm nào được xét theo bản này."
                yield Problem(words, "recognition", number)
        elif not rulebook.in_force(one.period.last_day):
            words = f"Ngày cuối của giai đoạn ({one.period.last_day:%d/%m/%Y}) nằm ngoài khoảng hiệu lực của bản này."
            yield Problem(words, "recognition", number)


def _unknown(rulebook: Rulebook, known: Surroundings) -> Iterator[Problem]:
    for number, criterion in enumerate(rulebook.criteria, 1):
        for code in _titles_of(criterion.predicate):
            if code not in known.titles:
                words = f"Danh mục không có danh hiệu, hình thức khen thưởng mang mã {code}."
                yield Problem(f"{words} Chọn lại, hoặc đề nghị bổ sung danh mục.", "criterion", number)
    for number, one in enumerate(rulebook.recognitions, 1):
        if one.code not in known.titles:
            yield Problem(f"Danh mục không có hình thức công nhận mang mã {one.code}.", "recognition", number)
    for number, quota in enumerate(rulebook.quotas, 1):
        for code in (quota.title, quota.base):
            if code not in known.titles:
                yield Problem(f"Danh mục không có danh hiệu mang mã {code}.", "quota", number)


def _titles_of(predicate: Any) -> Iterator[str]:
    for part in getattr(predicate, "parts", ()):
        yield from _titles_of(part)
    for parameter in BY_KIND[predicate.kind].parameters:
        value: Any = getattr(predicate, parameter.key, None)
        if parameter.takes in (Takes.TITLE, Takes.AWARD):
            yield value
        elif parameter.takes is Takes.AWARDS:
            yield from value or ()


def _misfits(rulebook: Rulebook, known: Surroundings) -> Iterator[Problem]:
    """Questions that cannot be put to this kind of nominee."""
    for number, criterion in enumerate(rulebook.criteria, 1):
        for kind in criterion.applies_to:
            for words in _misfit(criterion.predicate, kind, known):
                yield Problem(words, "criterion", number)


def _misfit(predicate: Any, kind: NomineeKind, known: Surroundings) -> Iterator[str]:
    for part in getattr(predicate, "parts", ()):
        yield from _misfit(part, kind, known)
    asked = NomineeKind.COLLECTIVE if getattr(predicate, "subject", "") == "unit" else kind
    only_for = ONLY_FOR.get(predicate.kind)
    label = BY_KIND[predicate.kind].label
    if only_for is not None and asked is not only_for:
        yield f"Phép kiểm «{label}» chỉ hỏi được {only_for.label}, mà tiêu chuẩn này áp dụng cho {asked.label}."
    for parameter in BY_KIND[predicate.kind].parameters:
        code: Any = getattr(predicate, parameter.key, None)
        if parameter.takes in (Takes.TITLE, Takes.AWARD) and code in known.titles:
            title = known.titles[code]
            if asked not in title.kinds:
                yield f"{title.name} không tặng cho {asked.label}, nên {asked.label} không bao giờ đạt tiêu chuẩn này."
    of = getattr(predicate, "of", None)
    if of is not None and (of.value == "staff") is not (asked is NomineeKind.COLLECTIVE):
        whose = "người do đơn vị quản lý" if of.value == "staff" else "chính người được xét"
        yield f"Phép kiểm đọc kỷ luật của {whose}, không hợp với {asked.label}. Chọn lại «Của ai» hoặc đối tượng."


def _repealed(rulebook: Rulebook, known: Surroundings) -> Iterator[Problem]:
    for number, criterion in enumerate(rulebook.criteria, 1):
        for document in _documents_in(criterion.citation.document, known):
            last = known.documents[document]
            if last < rulebook.valid_from:
                words = (
                    f"Văn bản {document} đã hết hiệu lực từ sau ngày {last:%d/%m/%Y}, trước khi bản này có hiệu lực."
                )
                yield Problem(f"{words} Dẫn văn bản đang có hiệu lực.", "criterion", number)


def _documents_in(text: str, known: Surroundings) -> list[str]:
    """Numbers of the catalogue that a citation names, as whole words."""
    return [one for one in known.documents if re.search(rf"(?<![\w/]){re.escape(one)}(?![\w/])", text)]


def _overlaps(rulebook: Rulebook, known: Surroundings) -> Iterator[Problem]:
    """Two editions that judge the same on the same day; a newer one of the same code takes over from its first day."""
    own = {one.code for one in rulebook.recognitions}
    for other in known.editions:
        if not other.meets(rulebook.valid_from, rulebook.valid_to):
            continue
        span = f"{other.valid_from:%d/%m/%Y} – {f'{other.valid_to:%d/%m/%Y}' if other.valid_to else 'nay'}"
        name = f"{other.code}, bản {other.edition} ({span})"
        if other.code != rulebook.code:
            if own & other.recognitions:
                yield Problem(
                    f"Trùng khoảng hiệu lực với {name}, cùng xét một hình thức công nhận. Sửa khoảng hiệu lực."
                )
        elif not other.is_last or rulebook.valid_from < other.valid_from:
            yield Problem(f"Trùng khoảng hiệu lực với {name}. Sửa khoảng hiệu lực cho khỏi chồng lên bản đó.")
        elif _ends_before(rulebook.valid_to, other.valid_to):
            after = rulebook.valid_to + timedelta(days=1) if rulebook.valid_to else rulebook.valid_from
            yield Problem(
                f"Bản này thay {name} nhưng hết hiệu lực trước, nên từ {after:%d/%m/%Y} lại xét theo bản cũ. "
                "Kéo dài hiệu lực ít nhất tới ngày hết hiệu lực của bản đó."
            )


def _ends_before(one: date | None, other: date | None) -> bool:
    return one is not None and (other is None or one < other)
