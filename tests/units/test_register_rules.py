"""The two systems as rows: counts of the sector, names in full and short, and what is only assumed."""

import unicodedata
from collections import Counter
from datetime import date

import pytest

from units.register_file import RegisterRow
from units.register_rules import (
    ASSUMED_OFFICE,
    DATA,
    NO_OFFICE_KNOWN,
    list_districts,
    list_north_2021,
    list_provinces,
    list_system_2021,
    plan_2025,
    share_offices,
)


@pytest.fixture(scope="module")
def system() -> dict[str, RegisterRow]:
    return {row.code: row for row in list_system_2021()}


# Districts of each former province, as the new provinces of 2025 took them over.
FORMER_DISTRICTS = """
CTH: CTH 9, HAG 8, STR 11 / DNA: DNA 8, QNA 17 / HPH: HDU 12, HPH 15 / HNO: HNO 30 / HCM: BDU 9, BRV 7, HCM 22
HUE: HUE 9 / AGI: AGI 11, KGI 15 / BNI: BGI 10, BNI 8 / CMA: BLI 7, CMA 9 / CBA: CBA 10 / DLA: PYE 9, DLA 15
DBI: DBI 10 / DNI: BPH 11, DNI 11 / DTH: TGI 11, DTH 12 / GLA: BDI 11, GLA 17 / HTI: HTI 12 / HYE: HYE 10, TBI 8
KHH: KHH 9, NTH 7 / LCH: LCH 8 / LDO: BTH 10, DNO 8, LDO 10 / LSO: LSO 11 / LCA: LCA 9, YBI 9 / NAN: NAN 20
NBI: HNA 6, NDI 9, NBI 7 / PTH: HBI 10, PTH 13, VPH 9 / QNG: QNG 13, KTU 10 / QNI: QNI 13 / QTR: QBI 8, QTR 10
SLA: SLA 12 / TNI: TNI 9, LAN 15 / TNG: BKA 8, TNG 9 / THO: THO 26 / TQU: HGI 11, TQU 7 / VLO: BTR 9, TVI 9, VLO 8
"""


def test_every_province_has_its_districts_and_its_heir() -> None:
    expected = {}
    for line in FORMER_DISTRICTS.replace("\n", "/").split("/"):
        heir, _, formers = line.strip().partition(": ")
        for former in filter(None, formers.split(", ")):
            code, number = former.split()
            expected[code] = (heir, int(number))
    districts = Counter(district.province for district in list_districts())
    found = {province.code: (province.province_2025, districts[province.code]) for province in list_provinces()}
    assert found == expected
    assert (len(found), sum(districts.values())) == (63, 696)


def test_the_system_of_2021_counts_as_the_sector_does(system: dict[str, RegisterRow]) -> None:
    counts = Counter(row.kind for row in system.values())
    kinds = ("bo", "tong-cuc", "cuc-thads", "so-tu-phap", "chi-cuc", "phong-tu-phap")
    assert [counts[kind] for kind in kinds] == [1, 1, 63, 63, 696, 696]
    assert len(system) == sum(counts.values())


def test_each_kind_hangs_below_the_right_kind(system: dict[str, RegisterRow]) -> None:
    pairs = {(row.kind, system[row.parent_code].kind) for row in system.values() if row.parent_code and row.province}
    assert pairs == {
        ("so-tu-phap", "bo"),
        ("cuc-thads", "tong-cuc"),
        ("phong", "cuc-thads"),
        ("phong", "so-tu-phap"),
        ("trung-tam", "so-tu-phap"),
        ("chi-cuc", "cuc-thads"),
        ("phong-tu-phap", "so-tu-phap"),
    }


def test_a_chi_cuc_is_named_in_full_and_short(system: dict[str, RegisterRow]) -> None:
    row = system["CC-TNG-DAI-TU"]
    assert (row.name, row.short_name, row.place, row.province) == (
        "Chi cục Thi hành án dân sự huyện Đại Từ",
        "Chi cục THADS huyện Đại Từ",
        "Đại Từ",
        "Thái Nguyên",
    )


def test_a_district_with_a_number_is_a_name_by_itself(system: dict[str, RegisterRow]) -> None:
    row = system["CC-HCM-QUAN-1"]
    assert (row.short_name, row.place) == ("Chi cục THADS Quận 1", "Quận 1")


def test_a_raised_district_keeps_its_earlier_name(system: dict[str, RegisterRow]) -> None:
    row = system["CC-TNG-PHO-YEN"]
    (former,) = row.formers
    assert (row.name, former.name) == (
        "Chi cục Thi hành án dân sự thành phố Phổ Yên",
        "Chi cục Thi hành án dân sự thị xã Phổ Yên",
    )
    assert (row.valid_from, former.valid_to) == (date(2021, 1, 1), date(2022, 4, 9))
    assert [one.name for one in system["STP-HUE"].formers] == ["Sở Tư pháp tỉnh Thừa Thiên Huế"]


def test_a_district_made_later_begins_later(system: dict[str, RegisterRow]) -> None:
    begun = {row.code for row in system.values() if row.kind == "chi-cuc" and row.valid_from > date(2021, 1, 1)}
    assert begun == {"CC-BGI-CHU", "CC-HUE-PHU-XUAN", "CC-HUE-THUAN-HOA", "CC-BRV-LONG-DAT"}


def test_what_is_not_known_says_so(system: dict[str, RegisterRow]) -> None:
    assert system["CC-KHH-TRUONG-SA"].note == NO_OFFICE_KNOWN
    assert {row.note for row in plan_2025().founded if row.kind == "phong-khu-vuc"} == {ASSUMED_OFFICE}


def test_names_carry_no_stray_capitals_and_one_tone_placement() -> None:
    text = "".join((DATA / name).read_text(encoding="utf-8") for name in ("provinces.csv", "districts.csv"))
    assert unicodedata.is_normalized("NFC", text)
    words = ("Thành Phố", "Thị Xã", "Hoà,", "Hoà ", "Thuỷ", "Hòang", "Hoá")
    assert [word for word in words if word in text] == []


def test_the_demonstration_shows_fourteen_provinces() -> None:
    rows = list_north_2021()
    assert Counter(row.kind for row in rows) == {
        "bo": 1,
        "tong-cuc": 1,
        "vu": 1,
        "so-tu-phap": 14,
        "cuc-thads": 14,
        "phong": 17,
        "chi-cuc": 137,
    }
    codes = {row.code for row in rows}
    assert {row.parent_code for row in rows} - {None} <= codes


def test_355_offices_are_shared_by_districts() -> None:
    shares = share_offices()
    assert (len(shares), sum(shares.values())) == (34, 355)
    assert (shares["HCM"], shares["LCH"]) == (20, 4)


def test_every_unit_that_ends_has_a_fate_and_an_heir() -> None:
    plan = plan_2025()
    system = {row.code: row for row in list_system_2021()}
    founded = {row.code for row in plan.founded}
    fates = {fate.code: fate for fate in plan.fates}
    assert len(fates) == len(plan.fates)
    assert set(fates) <= set(system)
    assert {fate.heir for fate in plan.fates} <= (set(system) - set(fates)) | founded
    ended = {"chi-cuc", "phong-tu-phap", "cuc-thads", "tong-cuc"}
    assert {code for code, row in system.items() if row.kind in ended} <= set(fates)


def test_no_regional_office_is_left_without_a_chi_cuc() -> None:
    plan = plan_2025()
    offices = {row.code for row in plan.founded if row.kind == "phong-khu-vuc"}
    chi_cuc = {fate.code: fate.heir for fate in plan.fates if fate.code.startswith("CC-")}
    assert set(chi_cuc.values()) == offices
    assert chi_cuc["CC-BKA-BA-BE"].startswith("PKV-TNG-")


def test_only_bodies_inside_others_lack_legal_personality(system: dict[str, RegisterRow]) -> None:
    assert {row.kind for row in system.values() if not row.has_legal_personality} == {"phong", "vu", "trung-tam"}
    kinds = {(row.kind, row.has_legal_personality) for row in plan_2025().founded}
    assert kinds == {("cuc-bo", True), ("thads-tinh", True), ("phong", False), ("phong-khu-vuc", False)}
