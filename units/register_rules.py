"""The two systems of the sector as rows: derived by rule from small files of facts.

`provinces.csv` has the 63 provinces with the one of 2025 that each became part of; `districts.csv` the 696 districts
of January 2025; `bodies-2021.csv` and `bodies-2025.csv` what is named one by one; `offices.csv` the offices inside a
Cục or a Sở; `fates-2025.csv` what became of single bodies. From these follow one Cục and one Sở Tư pháp for each
province, one Chi cục and one Phòng Tư pháp for each district with offices inside, and on 1/7/2025 one THADS tỉnh for
each new province with its Phòng khu vực.

Where a former name is given, the unit bore it until the day before `since`. A district's `confidence` is `listed`
(its name is in the list of January 2025), `recalled-day` (the day of its change was not checked) or
`unconfirmed-office` (an island district of which it is not known whether an office stands there).

How many Phòng khu vực each province has, and which Chi cục went into which, is in no document at hand: only their
sum is known. `share_offices` shares them out by the number of districts, and every unit and succession made so says
that it is assumed.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from units.register_file import FormerName, RegisterRow, read_register

DATA = Path(__file__).parent / "data"
SINCE = date(2021, 1, 1)
REORGANISED = date(2025, 7, 1)
REGIONAL_OFFICES = 355
CITATION_2025 = "QĐ 1898/QĐ-BTP ngày 25/6/2025; sắp xếp đơn vị hành chính từ 01/7/2025"
ASSUMED_OFFICE = "Giả định: chưa có danh sách các phòng khu vực, chia đều theo số huyện cũ"
ASSUMED_FATE = f"{CITATION_2025}; giả định: chưa có danh sách chi cục của từng phòng khu vực"
NO_OFFICE_KNOWN = "Chưa xác nhận có cơ quan tại huyện đảo này"
DAY_RECALLED = "Ngày đổi tên theo ngày đổi đơn vị hành chính, chưa đối chiếu"

# The demonstration shows one region; inside it one Cục with more of its offices, where its invented people work.
NORTH = "mien-nui-phia-bac"
NORTH_BODIES = frozenset({"BTP", "TCTHADS", "VU-TDKT"})
NORTH_OFFICES = frozenset({"CTHADS-TNG-VP", "CTHADS-TNG-NV", "CTHADS-TNG-KTKN"})


@dataclass(frozen=True, slots=True)
class Province:
    code: str
    level: str
    name: str
    province_2025: str
    level_2025: str
    region: str
    since: date | None
    former: str

    @property
    def called(self) -> str:
        return f"{self.level} {self.name}"


@dataclass(frozen=True, slots=True)
class District:
    province: str
    code: str
    level: str
    name: str
    since: date | None
    former: str
    confidence: str

    @property
    def called(self) -> str:
        return _called(f"{self.level} {self.name}")

    @property
    def note(self) -> str:
        return {"unconfirmed-office": NO_OFFICE_KNOWN, "recalled-day": DAY_RECALLED}.get(self.confidence, "")


@dataclass(frozen=True, slots=True)
class Office:
    host_kind: str
    code: str
    kind: str
    name: str
    short_name: str
    has_legal_personality: bool
    heir: str
    note: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of the unit `code`: `kind` is merge or dissolve; the unit `heir` keeps its archive."""

    code: str
    kind: str
    heir: str
    citation: str


@dataclass(frozen=True, slots=True)
class Reorganisation:
    on: date
    citation: str
    founded: tuple[RegisterRow, ...]
    fates: tuple[Fate, ...]


@cache
def list_provinces() -> tuple[Province, ...]:
    return tuple(
        Province(
            code=row["code"],
            level=row["level"],
            name=row["name"],
            province_2025=row["province_2025"],
            level_2025=row["level_2025"],
            region=row["region"],
            since=_day(row["since"]),
            former=row["former"],
        )
        for row in _rows("provinces.csv")
    )


@cache
def list_districts() -> tuple[District, ...]:
    return tuple(
        District(
            province=row["province"],
            code=row["code"],
            level=row["level"],
            name=row["name"],
            since=_day(row["since"]),
            former=row["former"],
            confidence=row["confidence"],
        )
        for row in _rows("districts.csv")
    )


@cache
def list_offices(host_kind: str) -> tuple[Office, ...]:
    return tuple(
        Office(
            host_kind=row["host_kind"],
            code=row["code"],
            kind=row["kind"],
            name=row["name"],
            short_name=row["short_name"],
            has_legal_personality=row["has_legal_personality"] == "yes",
            heir=row["heir"],
            note=row["note"],
        )
        for row in _rows("offices.csv")
        if row["host_kind"] == host_kind
    )


def list_system_2021() -> list[RegisterRow]:
    """Every unit of the system that stood from 2021 until the end of June 2025, parents before children."""
    rows = read_register(DATA / "bodies-2021.csv")
    for province in list_provinces():
        rows += [_enforcement(province), _justice(province)]
    for host in [row for row in rows if row.kind in {"cuc-thads", "so-tu-phap"}]:
        rows += _offices_of(host)
    provinces = {province.code: province for province in list_provinces()}
    for district in list_districts():
        rows += _district_units(district, provinces[district.province])
    return rows


def list_north_2021() -> list[RegisterRow]:
    """The part of the system that the demonstration shows: the ministry and the bodies of one region."""
    codes = {province.code for province in list_provinces() if province.region == NORTH}

    def is_shown(row: RegisterRow) -> bool:
        if not row.province:
            return row.code in NORTH_BODIES
        if row.code.split("-")[1] not in codes:
            return False
        if row.kind == "phong":
            return row.code in NORTH_OFFICES or (row.code.startswith("CTHADS-") and row.code.endswith("-TCCB"))
        return row.kind in {"cuc-thads", "so-tu-phap", "chi-cuc"}

    return [row for row in list_system_2021() if is_shown(row)]


def _enforcement(province: Province) -> RegisterRow:
    return _provincial(
        province, "CTHADS", "TCTHADS", "cuc-thads", "Cục Thi hành án dân sự {called}", "Cục THADS {called}"
    )


def _justice(province: Province) -> RegisterRow:
    return _provincial(province, "STP", "BTP", "so-tu-phap", "Sở Tư pháp {called}", "Sở Tư pháp {name}")


def _provincial(province: Province, prefix: str, parent: str, kind: str, name: str, short: str) -> RegisterRow:
    formers: tuple[FormerName, ...] = ()
    if province.since and province.former:
        was = province.former.removeprefix("tỉnh ").removeprefix("thành phố ")
        formers = (
            FormerName(
                name.format(called=province.former),
                short.format(called=province.former, name=was),
                was,
                province.since - timedelta(days=1),
            ),
        )
    return RegisterRow(
        code=f"{prefix}-{province.code}",
        parent_code=parent,
        kind=kind,
        name=name.format(called=province.called),
        short_name=short.format(called=province.called, name=province.name),
        province=province.name,
        place=province.name,
        has_legal_personality=True,
        valid_from=SINCE,
        formers=formers,
    )


def _offices_of(host: RegisterRow, since: date = SINCE) -> list[RegisterRow]:
    return [
        RegisterRow(
            code=f"{host.code}-{office.code}",
            parent_code=host.code,
            kind=office.kind,
            name=office.name,
            short_name=office.short_name,
            province=host.province,
            place=host.place,
            has_legal_personality=office.has_legal_personality,
            valid_from=since,
            note=office.note,
        )
        for office in list_offices(host.kind)
    ]


def _district_units(district: District, province: Province) -> list[RegisterRow]:
    place = district.called if district.name.isdigit() else district.name
    founded = district.since if district.since and not district.former else SINCE
    units = []
    for prefix, parent, kind, name, short in (
        ("CC", "CTHADS", "chi-cuc", "Chi cục Thi hành án dân sự {}", "Chi cục THADS {}"),
        ("PTP", "STP", "phong-tu-phap", "Phòng Tư pháp {}", "Phòng Tư pháp {}"),
    ):
        formers: tuple[FormerName, ...] = ()
        if district.since and district.former:
            was = _called(district.former)
            last_day = district.since - timedelta(days=1)
            formers = (
                FormerName(name.format(was), short.format(was), was.split(" ", _level_words(was))[-1], last_day),
            )
        units.append(
            RegisterRow(
                code=f"{prefix}-{province.code}-{district.code}",
                parent_code=f"{parent}-{province.code}",
                kind=kind,
                name=name.format(district.called),
                short_name=short.format(district.called),
                province=province.name,
                place=place,
                has_legal_personality=True,
                valid_from=founded,
                note=district.note,
                formers=formers,
            )
        )
    return units


def share_offices() -> dict[str, int]:
    """How many Phòng khu vực each new province is assumed to have: by largest remainder of its former districts."""
    weight: dict[str, int] = defaultdict(int)
    home = {province.code: province.province_2025 for province in list_provinces()}
    for district in list_districts():
        weight[home[district.province]] += 1
    total = sum(weight.values())
    exact = {code: REGIONAL_OFFICES * number / total for code, number in weight.items()}
    shares = {code: int(number) for code, number in exact.items()}
    left = REGIONAL_OFFICES - sum(shares.values())
    for code in sorted(exact, key=lambda one: (shares[one] - exact[one], one))[:left]:
        shares[code] += 1
    return shares


def plan_2025() -> Reorganisation:
    """What was founded on 1/7/2025 and what became of the units of 2021."""
    founded = read_register(DATA / "bodies-2025.csv", known=("BTP",))
    fates = [Fate(row["code"], row["kind"], row["heir"], row["citation"]) for row in _rows("fates-2025.csv")]
    shares = share_offices()
    for heir in [province for province in list_provinces() if province.level_2025]:
        new = _enforcement_2025(heir)
        offices = [_regional_office(heir, number) for number in range(1, shares[heir.code] + 1)]
        founded += [new, *_offices_of(new, REORGANISED), *offices]
        former = [province for province in list_provinces() if province.province_2025 == heir.code]
        districts = [
            district for province in former for district in list_districts() if district.province == province.code
        ]
        fates += [fate for province in former for fate in _provincial_fates(province, heir)]
        fates += _district_fates(districts, heir, offices)
    return Reorganisation(REORGANISED, CITATION_2025, tuple(founded), tuple(fates))


def _enforcement_2025(heir: Province) -> RegisterRow:
    called = f"{heir.level_2025} {heir.name}"
    return RegisterRow(
        code=f"THADS-{heir.code}",
        parent_code="CQLTHADS",
        kind="thads-tinh",
        name=f"Thi hành án dân sự {called}",
        short_name=f"THADS {called}",
        province=heir.name,
        place=heir.name,
        has_legal_personality=True,
        valid_from=REORGANISED,
    )


def _regional_office(heir: Province, number: int) -> RegisterRow:
    return RegisterRow(
        code=f"PKV-{heir.code}-{number:02d}",
        parent_code=f"THADS-{heir.code}",
        kind="phong-khu-vuc",
        name=f"Phòng Thi hành án dân sự khu vực {number} - {heir.name}",
        short_name=f"Phòng THADS khu vực {number} - {heir.name}",
        province=heir.name,
        place=heir.name,
        has_legal_personality=False,
        valid_from=REORGANISED,
        note=ASSUMED_OFFICE,
    )


def _provincial_fates(province: Province, heir: Province) -> list[Fate]:
    """A Cục ends everywhere; a Sở lives on where the new province bears the old one's name."""
    fates = [Fate(f"CTHADS-{province.code}", "merge", f"THADS-{heir.code}", "")]
    fates += [
        Fate(f"CTHADS-{province.code}-{office.code}", "merge", f"THADS-{heir.code}-{office.heir}", "")
        for office in list_offices("cuc-thads")
    ]
    if province.code != heir.code:
        fates.append(Fate(f"STP-{province.code}", "merge", f"STP-{heir.code}", ""))
        fates += [
            Fate(f"STP-{province.code}-{office.code}", "merge", f"STP-{heir.code}-{office.heir}", "")
            for office in list_offices("so-tu-phap")
        ]
    return fates


def _district_fates(districts: list[District], heir: Province, offices: list[RegisterRow]) -> list[Fate]:
    """Neighbours in the list go into one Phòng khu vực, as evenly as numbers allow; a Phòng Tư pháp is dissolved."""
    fates = []
    for position, district in enumerate(districts):
        office = offices[position * len(offices) // len(districts)]
        key = f"{district.province}-{district.code}"
        fates.append(Fate(f"CC-{key}", "merge", office.code, ASSUMED_FATE))
        fates.append(Fate(f"PTP-{key}", "dissolve", f"STP-{heir.code}", ""))
    return fates


def _called(words: str) -> str:
    """A district as papers call it: one that has a number only is a name by itself («Quận 1»)."""
    return words[0].upper() + words[1:] if words.rpartition(" ")[2].isdigit() else words


def _level_words(called: str) -> int:
    """How many words of «thành phố Bến Cát» say its level."""
    return 2 if called.startswith(("thành phố ", "thị xã ")) else 1


def _day(value: str) -> date | None:
    return date.fromisoformat(value) if value else None


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))
