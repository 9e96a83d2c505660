"""Reader of the demonstration: invented people, their records, a council and accounts.

The file may hold invented people only, and the reader holds it to that: names, decision numbers and addresses
that could be somebody's are refused.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from units.data_file import Entry, Reading, check_interval

if TYPE_CHECKING:
    from datetime import date

DEMONSTRATION = Path(__file__).parent / "data" / "demonstration.toml"

# How a reader of a screen or a paper sees that a person is invented.
INVENTED_ENDINGS = ("Mẫu", "Thử", "Ví Dụ", "Minh Họa", "Giả Định", "Trình Diễn")
INVENTED_NUMBER = "MAU-"
INVENTED_DOMAIN = "@example.vn"

GENDERS = frozenset({"female", "male"})
EMPLOYMENTS = frozenset({"civil-servant", "public-employee", "contract"})
GRADES = frozenset({"excellent", "good", "completed", "failed"})
SEATS = frozenset({"chair", "deputy", "member"})
ROLES = frozenset({"clerk", "head", "secretariat", "records", "member", "staff", "administrator"})


@dataclass(frozen=True, slots=True)
class PostingRow:
    unit: str
    position: str
    is_head: bool
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class GradingRow:
    year: int
    grade: str
    decision_number: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class EligibilityRow:
    title: str
    year: int
    is_eligible: bool
    decision_number: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class HonourRow:
    title: str
    year: int
    decision_number: str
    decided_on: date
    issuer: str


@dataclass(frozen=True, slots=True)
class DisciplineRow:
    form: str
    """A code of the disciplinary ladder in force on `decided_on`."""
    decision_number: str
    decided_on: date


@dataclass(frozen=True, slots=True)
class RecordRows:
    gradings: tuple[GradingRow, ...]
    eligibilities: tuple[EligibilityRow, ...]
    honours: tuple[HonourRow, ...]


@dataclass(frozen=True, slots=True)
class PersonRow:
    code: str
    name: str
    gender: str
    employment: str
    postings: tuple[PostingRow, ...]
    """In order of time; the last one is today's."""
    record: RecordRows
    disciplines: tuple[DisciplineRow, ...]


@dataclass(frozen=True, slots=True)
class UnitRecordRow:
    code: str
    record: RecordRows


@dataclass(frozen=True, slots=True)
class CouncilMemberRow:
    person: str
    seat: str
    is_secretary: bool
    is_teller: bool


@dataclass(frozen=True, slots=True)
class CouncilRow:
    unit: str
    name: str
    founding_number: str
    founded_on: date
    members: tuple[CouncilMemberRow, ...]
    """In the order of the founding decision."""


@dataclass(frozen=True, slots=True)
class MembershipRow:
    unit: str
    role: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class AccountRow:
    username: str
    person: str
    email: str
    memberships: tuple[MembershipRow, ...]


@dataclass(frozen=True, slots=True)
class Demonstration:
    people: tuple[PersonRow, ...]
    units: tuple[UnitRecordRow, ...]
    councils: tuple[CouncilRow, ...]
    accounts: tuple[AccountRow, ...]


def read_demonstration(path: Path = DEMONSTRATION) -> Demonstration:
    """The demonstration in the file. Raises `DataFileError` naming every wrong key.

    People are resolved inside the file; codes of units and titles are the loader's to resolve.
    """
    reading = Reading(path)
    top = reading.toml()
    people = tuple(_read_person(entry) for entry in top.entries("person"))
    codes = frozenset(person.code for person in people)
    demonstration = Demonstration(
        people=people,
        units=tuple(_read_unit(entry) for entry in top.entries("unit")),
        councils=tuple(_read_council(entry, codes) for entry in top.entries("council", named_by="unit")),
        accounts=tuple(_read_account(entry, codes) for entry in top.entries("account", named_by="username")),
    )
    top.finish()
    reading.check_unique("[[person]]", "code", [person.code for person in people])
    reading.check_unique("[[person]]", "name", [person.name for person in people])
    reading.check_unique("[[unit]]", "code", [unit.code for unit in demonstration.units])
    reading.check_unique("[[account]]", "username", [account.username for account in demonstration.accounts])
    reading.finish()
    return demonstration


def _read_person(entry: Entry) -> PersonRow:
    person = PersonRow(
        code=_read_number(entry, "code"),
        name=entry.text("name"),
        gender=entry.choice("gender", GENDERS),
        employment=entry.choice("employment", EMPLOYMENTS),
        postings=tuple(_read_posting(posting) for posting in entry.entries("posting", named_by="unit")),
        record=_read_record(entry),
        disciplines=tuple(
            _read_discipline(discipline) for discipline in entry.entries("discipline", named_by="decision_number")
        ),
    )
    if person.name and not person.name.endswith(tuple(f" {ending}" for ending in INVENTED_ENDINGS)):
        entry.report("name", f"«{person.name}» có thể là tên thật; cần kết thúc bằng {', '.join(INVENTED_ENDINGS)}.")
    if not person.postings:
        entry.report("posting", "còn thiếu; mỗi người cần ít nhất một chức vụ.")
    _check_postings(entry, person.postings)
    entry.finish()
    return person


def _check_postings(entry: Entry, postings: tuple[PostingRow, ...]) -> None:
    for earlier, later in itertools.pairwise(postings):
        if earlier.valid_to is None or earlier.valid_to >= later.valid_from:
            entry.report("posting", f"chức vụ ở {earlier.unit} chưa thôi khi đã có chức vụ ở {later.unit}.")


def _read_number(entry: Entry, key: str) -> str:
    value = entry.text(key)
    if value and not value.startswith(INVENTED_NUMBER):
        entry.report(key, f"«{value}» có thể là số thật; cần bắt đầu bằng {INVENTED_NUMBER}.")
    return value


def _read_posting(entry: Entry) -> PostingRow:
    posting = PostingRow(
        unit=entry.text("unit"),
        position=entry.text("position"),
        is_head=entry.flag("is_head", otherwise=False),
        valid_from=entry.day("valid_from"),
        valid_to=entry.optional_day("valid_to"),
    )
    check_interval(entry, posting.valid_from, posting.valid_to, last_key="valid_to")
    entry.finish()
    return posting


def _read_record(entry: Entry) -> RecordRows:
    return RecordRows(
        gradings=tuple(_read_grading(grading) for grading in entry.entries("grading", named_by="year")),
        eligibilities=tuple(_read_eligibility(item) for item in entry.entries("eligibility", named_by="title")),
        honours=tuple(_read_honour(honour) for honour in entry.entries("honour", named_by="title")),
    )


def _read_grading(entry: Entry) -> GradingRow:
    grading = GradingRow(
        year=entry.whole("year", lowest=1948),
        grade=entry.choice("grade", GRADES),
        decision_number=_read_number(entry, "decision_number"),
        decided_on=entry.day("decided_on"),
    )
    _check_year(entry, grading.year, grading.decided_on)
    return grading


def _read_eligibility(entry: Entry) -> EligibilityRow:
    eligibility = EligibilityRow(
        title=entry.text("title"),
        year=entry.whole("year", lowest=1948),
        is_eligible=entry.flag("is_eligible"),
        decision_number=_read_number(entry, "decision_number"),
        decided_on=entry.day("decided_on"),
    )
    _check_year(entry, eligibility.year, eligibility.decided_on)
    return eligibility


def _read_honour(entry: Entry) -> HonourRow:
    honour = HonourRow(
        title=entry.text("title"),
        year=entry.whole("year", lowest=1948),
        decision_number=_read_number(entry, "decision_number"),
        decided_on=entry.day("decided_on"),
        issuer=entry.text("issuer"),
    )
    _check_year(entry, honour.year, honour.decided_on)
    return honour


def _check_year(entry: Entry, year: int, decided_on: date) -> None:
    if decided_on.year < year:
        entry.report("decided_on", f"quyết định có trước năm {year}; cần từ ngày đầu của năm ấy.")
    entry.finish()


def _read_discipline(entry: Entry) -> DisciplineRow:
    discipline = DisciplineRow(
        form=entry.text("form"),
        decision_number=_read_number(entry, "decision_number"),
        decided_on=entry.day("decided_on"),
    )
    entry.finish()
    return discipline


def _read_unit(entry: Entry) -> UnitRecordRow:
    unit = UnitRecordRow(code=entry.text("code"), record=_read_record(entry))
    entry.finish()
    return unit


def _read_council(entry: Entry, people: frozenset[str]) -> CouncilRow:
    council = CouncilRow(
        unit=entry.text("unit"),
        name=entry.text("name"),
        founding_number=_read_number(entry, "founding_number"),
        founded_on=entry.day("founded_on"),
        members=tuple(_read_member(member, people) for member in entry.entries("member", named_by="person")),
    )
    if [member.seat for member in council.members].count("chair") != 1:
        entry.report("member", "cần đúng một người giữ ghế «chair».")
    if not any(member.is_secretary for member in council.members):
        entry.report("member", "còn thiếu thư ký; cần một người có «is_secretary = true».")
    entry.finish()
    return council


def _read_known_person(entry: Entry, people: frozenset[str]) -> str:
    code = entry.text("person")
    if code and code not in people:
        entry.report("person", f"giá trị «{code}» không đúng; cần mã của một [[person]] trong tệp.")
    return code


def _read_member(entry: Entry, people: frozenset[str]) -> CouncilMemberRow:
    member = CouncilMemberRow(
        person=_read_known_person(entry, people),
        seat=entry.choice("seat", SEATS),
        is_secretary=entry.flag("is_secretary", otherwise=False),
        is_teller=entry.flag("is_teller", otherwise=False),
    )
    entry.finish()
    return member


def _read_account(entry: Entry, people: frozenset[str]) -> AccountRow:
    account = AccountRow(
        username=entry.text("username"),
        person=_read_known_person(entry, people),
        email=entry.text("email"),
        memberships=tuple(_read_membership(item) for item in entry.entries("membership", named_by="unit")),
    )
    if account.email and not account.email.endswith(INVENTED_DOMAIN):
        entry.report("email", f"«{account.email}» có thể là địa chỉ thật; cần kết thúc bằng {INVENTED_DOMAIN}.")
    if not account.memberships:
        entry.report("membership", "còn thiếu; tài khoản cần ít nhất một tư cách.")
    entry.finish()
    return account


def _read_membership(entry: Entry) -> MembershipRow:
    membership = MembershipRow(
        unit=entry.text("unit"), role=entry.choice("role", ROLES), valid_from=entry.day("valid_from")
    )
    entry.finish()
    return membership
