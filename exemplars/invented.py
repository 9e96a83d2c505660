"""An invented sector of any size: units, people, their record and nominations, the same for the same seed.

Pure: knows no database. Every value is text as COPY reads it, so that a million rows cost seconds; `NULL` stands for
nothing. Names follow the frequencies of Vietnamese family and given names, so that a search has common and rare
words to find; every name carries "Mẫu", so that nobody takes it for somebody's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, count
from random import Random

from units.folding import fold, name_sort_key

NULL = r"\N"
YES, NO = "t", "f"
Row = tuple[str, ...]

# The last year is the one under way; everything before it is concluded.
YEARS = tuple(range(2016, 2024))
_FOUNDED = "2015-01-01"
PROVINCES = 63
_UNITS_FOR_A_PROVINCE = 20  # a smaller sector has fewer provinces, not provinces without offices

_FAMILIES = {
    "Nguyễn": 384,
    "Trần": 110,
    "Lê": 95,
    "Phạm": 70,
    "Hoàng": 40,
    "Huỳnh": 20,
    "Phan": 45,
    "Vũ": 25,
    "Võ": 20,
    "Đặng": 21,
    "Bùi": 20,
    "Đỗ": 14,
    "Hồ": 13,
    "Ngô": 13,
    "Dương": 10,
    "Lý": 5,
    "Đinh": 10,
    "Đào": 8,
    "Đoàn": 7,
    "Trương": 10,
    "Trịnh": 6,
    "Mai": 5,
    "Cao": 4,
    "Tạ": 3,
    "Lường": 3,
    "Lò": 3,
    "Nông": 3,
    "Triệu": 3,
    "Hà": 6,
    "Quách": 2,
    "Vi": 2,
    "Giàng": 1,
    "Sùng": 1,
    "Thạch": 1,
    "Kim": 1,
    "Ma": 1,
    "Khổng": 1,
    "Âu": 1,
    "Tô": 2,
}
_MIDDLES = {
    "female": ("Thị", "Thị", "Thị", "Thị Thu", "Thị Hồng", "Thị Minh", "Ngọc", "Thanh", "Khánh", "Bích", "Diệu"),
    "male": ("Văn", "Văn", "Văn", "Đức", "Hữu", "Quang", "Xuân", "Minh", "Công", "Ngọc", "Đình", "Thế", "Anh"),
}
_GIVEN_WORDS = {
    "female": (
        "Hương Lan Hoa Hà Huyền Linh Trang Thảo Nga Thủy Hằng Hạnh Hiền Mai Phương Dung Yến Loan Nhung Oanh Ngân "
        "Quyên Thúy Tuyết Vân Xuân Ánh Bình Chi Cúc Diệp Diễm Duyên Đào Giang Hậu Hòa Khuyên Liên Liễu Ly Lý Mến "
        "My Na Nguyệt Nhàn Nhi Như Phượng Quế Quỳnh Sen Tâm Thanh Thoa Thơ Thu Thư Trâm Trinh Trúc Uyên Vy Ước"
    ),
    "male": (
        "Hùng Dũng Tuấn Anh Minh Nam Long Sơn Hải Thắng Thành Trung Cường Đức Hiếu Hoàng Hưng Huy Khánh Kiên Lâm "
        "Linh Lợi Mạnh Nghĩa Nhân Phong Phúc Phước Quân Quang Quốc Quý Sáng Tài Tâm Tân Thái Thạch Thiện Thịnh Thọ "
        "Thông Tiến Tín Toàn Trí Trọng Trường Tú Tùng Tường Việt Vinh Vũ Bách Bảo Bằng Chiến Chinh Công Danh Duy "
        "Đạt Điền Đoàn Đông Giáp Hào Hậu Hòa Khoa Khôi Luân Lực Nguyên Nhật Ninh Quyền Sinh Tạo Thuận Thức Thuật"
    ),
}
_GIVENS = {gender: tuple(words.split()) for gender, words in _GIVEN_WORDS.items()}
_POSITIONS = ("Chấp hành viên sơ cấp", "Chấp hành viên trung cấp", "Thẩm tra viên", "Thư ký", "Kế toán", "Chuyên viên")
_GRADES = ("excellent", "good", "completed", "failed")
_TEXTS = (
    "Nội dung giả định số {}: tổ chức thực hiện nhiệm vụ chuyên môn được phân công, phối hợp với cơ quan liên quan.",
    "Nội dung giả định số {}: giải quyết xong phần lớn số việc có điều kiện, vượt chỉ tiêu được giao trong năm.",
    "Nội dung giả định số {}: bảng theo dõi thời hạn dùng chung trong đơn vị, rút ngắn thời gian tra cứu hồ sơ.",
)
# What is put forward, by who is put forward.
NOMINATED = {
    "person": ("grassroots-annual", "LDTT", "CSTDCS", "GK", "sector-annual"),
    "collective": ("grassroots-annual", "TTLDTT", "TTLDXS", "GK", "sector-annual"),
}
_HONOURED = {
    "person": {"LDTT": 50, "CSTDCS": 20, "GK": 18, "CSTDB": 4, "BKB": 5, "BKT": 2, "BKTTG": 1},
    "collective": {"TTLDTT": 50, "TTLDXS": 22, "GK": 18, "COBO": 4, "BKB": 4, "BKTTG": 2},
}
# A nomination's place among the pairs of year and title of one subject: 7 has no factor in common with 40, so that
# the first few are spread over years and titles, and each pair comes once.
_TITLES_A_YEAR = 5
NOMINATIONS_OF_ONE = len(YEARS) * _TITLES_A_YEAR
_STRIDE, _BACK = 7, 23  # 7 × 23 = 161 leaves 1 behind 40
_CONCLUDED = {"recognised": 70, "declined": 24, "withdrawn": 6}
_UNDER_WAY = {"draft": 15, "submitted": 10, "returned": 5, "forwarded": 25, "accepted": 25, "recognised": 15}
_NOT_FORWARDED = ("draft", "submitted", "withdrawn")


@dataclass(frozen=True, slots=True)
class InventedUnit:
    id: str
    code: str
    kind: str
    name: str
    short_name: str
    province: str
    path: str
    parent: "InventedUnit | None"
    people: int  # weight: how many of a hundred thousand work here, against the others

    @property
    def office(self) -> "InventedUnit":
        """The unit that launches campaigns for this one: its Cục or Sở, or the ministry."""
        unit = self
        while unit.parent and unit.kind not in ("cuc-thads", "so-tu-phap"):
            unit = unit.parent
        return unit


@dataclass(frozen=True, slots=True)
class InventedPerson:
    id: str
    name: str
    unit: InventedUnit
    position: str


@dataclass(slots=True)
class Sector:
    """Everything that later rows refer to. Built once; rows are then made as they are written."""

    seed: str
    units: list[InventedUnit] = field(default_factory=list)
    people: list[InventedPerson] = field(default_factory=list)
    clerks: dict[str, str] = field(default_factory=dict)

    def random(self, purpose: str) -> Random:
        """Chance of its own for each purpose, so that one table's size changes no other's content."""
        return Random(f"{self.seed}/{purpose}")  # noqa: S311  invented data, not a secret

    @property
    def subjects(self) -> int:
        return len(self.people) + len(self.units)


def new_id(random: Random) -> str:
    """A version 4 UUID as text; the standard class would take a third of the whole time."""
    bits = f"{random.getrandbits(128):032x}"
    return f"{bits[:8]}-{bits[8:12]}-4{bits[13:16]}-a{bits[17:20]}-{bits[20:]}"


def invent_sector(units: int, *, seed: str) -> Sector:
    """Ministry, general department, a Cục and a Sở in each province, their districts, offices and teams."""
    sector = Sector(seed)
    random = sector.random("units")
    children: dict[str, Iterator[int]] = {}

    def add(parent: InventedUnit | None, kind: str, name: str, short: str, *, province: str = "", people: int) -> None:
        above = parent.path if parent else ""
        number = next(children.setdefault(above, count(1)))
        one = InventedUnit(
            new_id(random),
            f"MAU-{len(sector.units):05d}",
            kind,
            name,
            short,
            province,
            above + _step(number),
            parent,
            people,
        )
        sector.units.append(one)

    for plan in _plan_units(min(PROVINCES, max(1, units // _UNITS_FOR_A_PROVINCE)), sector.units):
        if len(sector.units) >= units:
            break
        parent, kind, name, short, province, people = plan
        add(parent, kind, name, short, province=province, people=people)
    return sector


def _step(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    low, high = number % 36, number // 36
    return f"00{digits[high]}{digits[low]}"


Plan = tuple[InventedUnit | None, str, str, str, str, int]


def _plan_units(provinces: int, made: list[InventedUnit]) -> Iterator[Plan]:
    """Units from the top down, without an end; `made` holds those already taken from here."""
    yield None, "bo", "Bộ Tư pháp (Mẫu)", "Bộ Mẫu", "", 60
    yield made[0], "tong-cuc", "Tổng cục Thi hành án dân sự (Mẫu)", "Tổng cục Mẫu", "", 60
    ministry, general = made[0], made[1]
    places = [f"Mẫu {number:02d}" for number in range(1, provinces + 1)]
    for place in places:
        yield general, "cuc-thads", f"Cục Thi hành án dân sự tỉnh {place}", f"Cục THADS {place}", place, 40
        yield ministry, "so-tu-phap", f"Sở Tư pháp tỉnh {place}", f"Sở Tư pháp {place}", place, 40
    heads = made[2 : 2 + 2 * provinces]
    bureaus, justices = heads[::2], heads[1::2]
    first_district = len(made)
    for district in range(1, 12):
        for place, bureau, justice in zip(places, bureaus, justices, strict=True):
            name = f"huyện {place}-{district:02d}"
            yield bureau, "chi-cuc", f"Chi cục Thi hành án dân sự {name}", f"Chi cục THADS {name}", place, 70
            yield justice, "phong-tu-phap", f"Phòng Tư pháp {name}", f"Phòng Tư pháp {name}", place, 40
    districts = made[first_district:]
    for place, bureau, justice in zip(places, bureaus, justices, strict=True):
        for office in ("Nghiệp vụ", "Kiểm tra", "Tổ chức cán bộ", "Văn phòng", "Kế toán"):
            yield bureau, "phong", f"Phòng {office} Cục {place}", f"Phòng {office} {place}", place, 70
        for office in ("Bổ trợ tư pháp", "Hành chính tư pháp", "Thanh tra", "Phổ biến pháp luật", "Văn phòng"):
            yield justice, "phong", f"Phòng {office} Sở {place}", f"Phòng {office} Sở {place}", place, 60
        name = f"Trung tâm Trợ giúp pháp lý {place}"
        yield justice, "trung-tam", name, name, place, 100
    for number in range(1, 31):
        kind, noun = (("vu", "Vụ"), ("cuc-bo", "Cục"), ("truong", "Trường"))[number % 3]
        yield ministry, kind, f"{noun} Mẫu số {number}", f"{noun} Mẫu {number}", "", 250
    for number in count(1):
        for above in districts:
            name = f"Phòng chuyên môn số {number} {above.short_name}"
            yield above, "phong", name, name, above.province, 28


def _weighted(random: Random, weights: Mapping[str, int]) -> Iterator[str]:
    names, bounds = list(weights), list(accumulate(weights.values()))
    while True:
        yield from random.choices(names, cum_weights=bounds, k=1000)


def _invent_name(random: Random, families: Iterator[str], gender: str) -> str:
    return f"{next(families)} Mẫu {random.choice(_MIDDLES[gender])} {random.choice(_GIVENS[gender])}"


def unit_rows(sector: Sector) -> Iterator[Row]:
    """id, code, kind, name, short_name, folded_name, province, place, legal personality, parent, path, valid_from."""
    for one in sector.units:
        personality = NO if one.kind in ("phong", "vu", "phong-tu-phap") else YES
        parent = one.parent.id if one.parent else NULL
        folded = fold(f"{one.name} {one.short_name}")
        place = one.province or "Nơi Mẫu"
        yield (
            *(one.id, one.code, one.kind, one.name, one.short_name, folded, one.province, place, personality),
            *(parent, one.path, _FOUNDED),
        )


def name_rows(sector: Sector) -> Iterator[Row]:
    """unit, name, short_name, place, valid_from."""
    for one in sector.units:
        yield one.id, one.name, one.short_name, one.province or "Nơi Mẫu", _FOUNDED


def placement_rows(sector: Sector) -> Iterator[Row]:
    """unit, parent, valid_from."""
    for one in sector.units:
        yield one.id, one.parent.id if one.parent else NULL, _FOUNDED


_EVERYWHERE = ("clerk", "head")
_AT_OFFICES = ("secretariat", "records", "member", "staff", "administrator")


def account_rows(sector: Sector) -> Iterator[tuple[Row, Row]]:
    """User (id, username, display_name, folded_name, sort_key, email, password) and membership.

    Of a membership: id, user, unit, role, valid_from.

    No password opens these accounts.
    """
    random = sector.random("accounts")
    families = _weighted(random, _FAMILIES)
    for unit in sector.units:
        is_office = unit.kind in ("bo", "tong-cuc", "cuc-thads", "so-tu-phap")
        for role in _EVERYWHERE + (_AT_OFFICES if is_office else ()):
            user = new_id(random)
            if role == "clerk":
                sector.clerks[unit.id] = user
            name = _invent_name(random, families, "female")
            username = f"{role}.{unit.code.lower()}"
            yield (
                (user, username, name, fold(name), name_sort_key(name), f"{username}@example.vn", "!"),
                (new_id(random), user, unit.id, role, _FOUNDED),
            )


def person_rows(sector: Sector, number: int) -> Iterator[Row]:
    """id, unit, unit_path, staff_code, full_name, folded_name, sort_key, birth_date, gender, employment."""
    random = sector.random("people")
    families = _weighted(random, _FAMILIES)
    bounds = list(accumulate(unit.people for unit in sector.units))
    for serial in range(number):
        unit = random.choices(sector.units, cum_weights=bounds)[0]
        gender = "female" if random.random() < 0.46 else "male"  # noqa: PLR2004
        name = _invent_name(random, families, gender)
        one = InventedPerson(new_id(random), name, unit, random.choice(_POSITIONS))
        sector.people.append(one)
        born = f"{random.randint(1963, 1999)}-{random.randint(1, 12):02d}-{random.randint(1, 28):02d}"
        employment = "civil-servant" if random.random() < 0.8 else "contract"  # noqa: PLR2004
        yield (
            *(one.id, unit.id, unit.path, f"MAU-{serial:06d}", name, fold(name), name_sort_key(name), born),
            *(gender, employment),
        )


def posting_rows(sector: Sector) -> Iterator[Row]:
    """id, unit, unit_path, person, holder_path, position, is_head, valid_from, valid_to.

    The first in a unit is its head; of the others a few have left.
    """
    random = sector.random("postings")
    led: set[str] = set()
    for person in sector.people:
        unit, changed = person.unit, f"{random.randint(2016, 2022)}-07-01"
        own = (unit.id, unit.path, person.id, unit.path)
        is_head = unit.id not in led
        led.add(unit.id)
        since = _FOUNDED
        if random.random() < 0.5:  # noqa: PLR2004
            since = changed
            yield new_id(random), *own, "Thư ký", NO, _FOUNDED, f"{changed[:4]}-06-30"
        position = "Thủ trưởng đơn vị" if is_head else person.position
        has_left = not is_head and random.random() < 0.04  # noqa: PLR2004
        until = "2022-12-31" if has_left else NULL
        yield new_id(random), *own, position, YES if is_head else NO, since, until


def _subjects(sector: Sector) -> Iterator[tuple[InventedUnit, str, str, str, str, str]]:
    """unit, person or NULL, collective or NULL, kind, position, name."""
    for person in sector.people:
        yield person.unit, person.id, NULL, "person", person.position, person.name
    for unit in sector.units:
        yield unit, NULL, unit.id, "collective", "", unit.short_name


def grading_rows(sector: Sector) -> Iterator[Row]:
    """id, unit, unit_path, person, holder_path, collective, decision_number, decided_on, year, grade.

    Five years for everyone.
    """
    random = sector.random("gradings")
    for unit, person, collective, *_ in _subjects(sector):
        subject = (person, NULL if person == NULL else unit.path, collective)
        for year in YEARS[-6:-1]:
            grade = random.choices(_GRADES, cum_weights=(20, 85, 98, 100))[0]
            number = f"MAU-{random.randint(1, 900)}/QĐ"
            yield (
                *(new_id(random), unit.id, unit.path, *subject, number, f"{year}-12-15", str(year)),
                grade,
            )


def discipline_rows(sector: Sector) -> Iterator[Row]:
    """id, unit, unit_path, person, holder_path, form, decision_number, decided_on: one person in a hundred."""
    random = sector.random("disciplines")
    for person in sector.people:
        if random.random() < 0.01:  # noqa: PLR2004
            day = f"{random.choice(YEARS)}-{random.randint(1, 12):02d}-10"
            unit = person.unit
            yield new_id(random), unit.id, unit.path, person.id, unit.path, "khien-trach", "MAU-KL/QĐ", day


def honour_rows(sector: Sector, titles: Mapping[str, int], number: int) -> Iterator[Row]:
    """id, unit, unit_path, person, holder_path, collective, decision_number, decided_on, title, year, issuer, name,
    position, unit. Seven in eight to people.
    """
    random = sector.random("honours")
    chosen = {kind: _weighted(random, weights) for kind, weights in _HONOURED.items()}
    for serial in range(number):
        year = random.choice(YEARS[:-1])
        decided = f"{year}-12-{random.randint(16, 28)}"
        if sector.people and serial % 8:
            who = random.choice(sector.people)
            unit, title = who.unit, titles[next(chosen["person"])]
            subject, name, position = (who.id, unit.path, NULL), who.name, who.position
        else:
            unit = random.choice(sector.units)
            title = titles[next(chosen["collective"])]
            subject, name, position = (NULL, NULL, unit.id), unit.name, ""
        yield (
            *(new_id(random), unit.id, unit.path, *subject, f"MAU-{serial}/QĐ", decided, str(title), str(year)),
            *(unit.office.name, name, position, unit.name),
        )


def campaign_periods() -> Sequence[tuple[int, int]]:
    """First and last year of each period for which offices launch campaigns."""
    return ((2016, 2020), (2021, 2025))


def nomination_rows(
    sector: Sector, titles: Mapping[str, int], campaigns: Mapping[tuple[str, int], int], number: int
) -> Iterator[Row]:
    """id, unit, unit_path, campaign, recognition, year, person, collective, nominee_name, folded_nominee,
    position, duties, achievements, initiatives, community, state, version, created_by, created_at, saved_at,
    forwarded_at.

    Year by year, as they would have come in. `campaigns` are keyed by the office that launched them and the last year
    of their period.
    """
    random = sector.random("nominations")
    each, rest = divmod(number, sector.subjects)
    concluded, under_way = _weighted(random, _CONCLUDED), _weighted(random, _UNDER_WAY)
    periods = {year: last for first, last in campaign_periods() for year in range(first, last + 1)}
    called = [(name, fold(name)) for *_, name in _subjects(sector)]
    for place, year in enumerate(YEARS):
        states = under_way if year == YEARS[-1] else concluded
        for index, subject in enumerate(_subjects(sector)):
            wanted = each + (index < rest)
            for offset in range(_TITLES_A_YEAR):
                pair = place * _TITLES_A_YEAR + offset
                if (pair - index) * _BACK % NOMINATIONS_OF_ONE >= wanted:
                    continue
                unit, person, collective, kind, position, _ = subject
                title = titles[NOMINATED[kind][offset]]
                state = next(states)
                month, day = random.randint(3, 10), random.randint(1, 28)
                saved = f"{year}-{month:02d}-{day:02d} {random.randint(0, 9):02d}:{random.randint(0, 59):02d}:00+00"
                texts = (text.format(random.randint(1, 999)) for text in _TEXTS)
                yield (
                    *(new_id(random), unit.id, unit.path, str(campaigns[unit.office.id, periods[year]]), str(title)),
                    *(
                        str(year),
                        person,
                        collective,
                        *called[index],
                        position,
                        *texts,
                        "",
                        state,
                        "3",
                        sector.clerks[unit.id],
                    ),
                    *(f"{year}-02-15 02:00:00+00", saved, NULL if state in _NOT_FORWARDED else saved),
                )
