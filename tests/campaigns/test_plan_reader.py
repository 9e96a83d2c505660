"""The plan reader: what it finds in short texts, in the trial plans, and in whatever a stranger feeds it."""

import io
import json
import os
import subprocess
import sys
import time
import unicodedata
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import weasyprint
from hypothesis import given, settings
from hypothesis import strategies as st

from campaigns.planreader import (
    Code,
    DueKind,
    KnownDocument,
    Obligation,
    PlanReading,
    UnreadablePlanError,
    as_json,
    find_clause,
    read_file,
    read_plan,
)
from campaigns.planreader.files import read_content
from campaigns.planreader.measuring import FIVE_PLANS, Entry, file_of, read_expected, read_gold, score

TRIALS = Path(__file__).parent / "plans"
TABLES = Path(__file__).parent / "plans_tables"
MORE_TRIALS = (
    *(TABLES.with_name(name) for name in ("plans_tuned", "plans_kept", "plans_later", "plans_last")),
    TABLES,
)
REPOSITORY = Path(__file__).parents[2]
HEAD = """SỞ TƯ PHÁP
Số: 12/KH-STP
Hà Thanh, ngày 10 tháng 01 năm 2024

KẾ HOẠCH
Công tác thi đua năm 2024

I. NỘI DUNG
"""
FOOT = """

Nơi nhận:
- Lưu: VT.

GIÁM ĐỐC
Trần Văn Mẫu
"""


def plan(*paragraphs: str) -> PlanReading:
    return read_plan(HEAD + "\n".join(paragraphs) + FOOT)


def only(reading: PlanReading) -> Obligation:
    assert len(reading.obligations) == 1, [one.quote for one in reading.obligations]
    return reading.obligations[0]


def codes(reading: PlanReading) -> list[str]:
    return [warning.code.value for warning in reading.warnings]


@pytest.mark.parametrize(
    ("words", "kind", "on", "first", "last", "days"),
    [
        ("trước ngày 20/02/2024", "absolute", "2024-02-20", None, None, None),
        ("trước 20-02-2024", "absolute", "2024-02-20", None, None, None),
        ("xong trước ngày 20.02.2024", "absolute", "2024-02-20", None, None, None),
        ("chậm nhất ngày 20 tháng 02 năm 2024", "absolute", "2024-02-20", None, None, None),
        ("chậm nhất vào 16 giờ 30 phút ngày 20/2/2024", "absolute", "2024-02-20", None, None, None),
        ("đến hết ngày 20/02", "absolute", "2024-02-20", None, None, None),
        ("muộn nhất là ngày 20/02/24", "absolute", "2024-02-20", None, None, None),
        ("trong tháng 9/2024", "range", None, "2024-09-01", "2024-09-30", None),
        ("trong tháng 9 năm 2024", "range", None, "2024-09-01", "2024-09-30", None),
        ("trong tháng 9", "range", None, "2024-09-01", "2024-09-30", None),
        ("trong Quý II/2024", "range", None, "2024-04-01", "2024-06-30", None),
        ("trong quý 2 năm 2024", "range", None, "2024-04-01", "2024-06-30", None),
        ("từ ngày 01/3 đến ngày 15/4/2024", "range", None, "2024-03-01", "2024-04-15", None),
        ("từ tháng 3 đến tháng 10 năm 2024", "range", None, "2024-03-01", "2024-10-31", None),
        ("vào trung tuần tháng 5/2024", "range", None, "2024-05-11", "2024-05-20", None),
        ("chậm nhất là 05 ngày kể từ ngày kết thúc hội nghị", "relative", None, None, None, 5),
        ("trong vòng mười ngày kể từ ngày nhận được kết quả", "relative", None, None, None, 10),
        ("sau 05 ngày làm việc kể từ ngày họp", "relative", None, None, None, 5),
        ("trong thời hạn 02 tuần sau khi kết thúc đợt kiểm tra", "relative", None, None, None, 14),
        ("trước 10 ngày so với ngày tổ chức hội nghị", "relative", None, None, None, -10),
        ("định kỳ 6 tháng, hằng năm", "recurrent", None, None, None, None),
        ("trước ngày 15 hằng tháng", "recurrent", None, None, None, None),
        ("ngày 20 của tháng cuối quý", "recurrent", None, None, None, None),
        ("hạn cuối 17h00 ngày 20/11", "absolute", "2024-11-20", None, None, None),
        ("xong trước 15/6", "absolute", "2024-06-15", None, None, None),
        ("trước 11 giờ ngày 05 tháng 6 năm 2024", "absolute", "2024-06-05", None, None, None),
        ("trong tuần cuối tháng 5", "range", None, "2024-05-25", "2024-05-31", None),
        ("vào tuần thứ hai của tháng 7/2024", "range", None, "2024-07-08", "2024-07-14", None),
        ("trong các tháng 02, 3 và 4 năm 2024", "range", None, "2024-02-01", "2024-04-30", None),
        ("vào cuối năm 2024", "range", None, "2024-10-01", "2024-12-31", None),
        ("từ 20.11 đến 30.11", "range", None, "2024-11-20", "2024-11-30", None),
        ("trước kỳ họp ít nhất 05 ngày", "relative", None, None, None, -5),
        ("trong 10 ngày tiếp theo", "relative", None, None, None, 10),
        ("trước 9h00 thứ Hai hằng tuần", "recurrent", None, None, None, None),
        ("trước ngày 03 của tháng kế tiếp", "recurrent", None, None, None, None),
        ("6 tháng/lần", "recurrent", None, None, None, None),
    ],
)
def test_every_way_of_writing_a_time(
    words: str, kind: str, on: str | None, first: str | None, last: str | None, days: int | None
) -> None:
    reading = plan(f"1. Các phòng chuyên môn tổng hợp, gửi báo cáo về Văn phòng Sở {words}.")
    due = as_json(reading)["obligations"][0]["due"]
    assert (due["kind"], due["on"], due["from"], due["to"], due["days"]) == (kind, on, first, last, days)
    assert only(reading).who == "Các phòng chuyên môn"
    assert only(reading).owed_to == "Văn phòng Sở"


def test_days_counted_from_the_plans_own_issue_are_computed() -> None:
    reading = plan("1. Các phòng gửi kế hoạch về Văn phòng Sở trong vòng 10 ngày kể từ ngày ban hành Kế hoạch này.")
    assert only(reading).due.on == date(2024, 1, 20)


def test_an_occasion_with_its_days() -> None:
    reading = plan(
        "1. Tổ chức sơ kết vào dịp kỷ niệm 76 năm Ngày Chủ tịch Hồ Chí Minh ra Lời kêu gọi thi đua ái quốc "
        "(11/6/1948 - 11/6/2024)."
    )
    assert (only(reading).due.kind, only(reading).due.on) == (DueKind.OCCASION, date(2024, 6, 11))
    assert Code.ANNIVERSARY_MISMATCH not in only(reading).warnings


def test_who_comes_from_the_heading_above() -> None:
    reading = plan(
        "1. Giao Văn phòng Sở có trách nhiệm:",
        "- Tổng hợp, báo cáo Giám đốc Sở trước ngày 15/11/2024;",
        "2. Thủ trưởng các đơn vị thuộc Sở:",
        "a) Gửi danh sách đề nghị khen thưởng về Văn phòng Sở trước ngày 01/11/2024.",
    )
    assert [one.who for one in reading.obligations] == ["Văn phòng Sở", "Thủ trưởng các đơn vị thuộc Sở"]


def test_a_label_takes_what_from_the_heading_and_who_from_its_neighbour() -> None:
    reading = plan(
        "1. Hội thi tìm hiểu pháp luật", "- Đơn vị chủ trì: Phòng Phổ biến pháp luật.", "- Thời gian: Tháng 8/2024."
    )
    one = only(reading)
    assert (one.who, one.what) == ("Phòng Phổ biến pháp luật", "Hội thi tìm hiểu pháp luật")


def test_a_table_gives_a_duty_for_each_row() -> None:
    reading = plan(
        "| TT | Nội dung | Đơn vị chủ trì | Phối hợp | Thời gian |",
        "| 1 | Đăng ký thi đua | Các phòng | Văn phòng | Trước 15/3/2024 |",
        "| 2 | Sơ kết | Văn phòng | | Tháng 6/2024 |",
    )
    assert [(one.who, one.what, one.due.on or one.due.last) for one in reading.obligations] == [
        ("Các phòng", "Đăng ký thi đua", date(2024, 3, 15)),
        ("Văn phòng", "Sơ kết", date(2024, 6, 30)),
    ]


def test_two_times_in_a_sentence_are_two_duties() -> None:
    reading = plan("1. Báo cáo 6 tháng gửi trước ngày 14/6/2024; báo cáo năm gửi trước ngày 15/11/2024.")
    assert [one.due.on for one in reading.obligations] == [date(2024, 6, 14), date(2024, 11, 15)]


@pytest.mark.parametrize(
    "sentence",
    [
        "1. Thực hiện Quyết định số 15/QĐ-STP ngày 05/01/2024 của Giám đốc Sở về tổ chức phong trào thi đua.",
        "1. Phát huy kết quả của phong trào thi đua năm 2023, các phòng tổ chức tốt việc học tập.",
        "1. Đẩy mạnh tuyên truyền, xây dựng đội ngũ; hoàn thành nhiệm vụ được giao hằng năm của đơn vị.",
        "1. Trong quá trình thực hiện nếu có vướng mắc, các đơn vị kịp thời báo cáo về Văn phòng Sở.",
        "1. Quy chế này có hiệu lực từ ngày 01/3/2024.",
    ],
)
def test_what_is_no_duty(sentence: str) -> None:
    assert plan(sentence).obligations == ()


def test_dates_in_purposes_and_criteria_oblige_nobody() -> None:
    reading = read_plan(
        HEAD.replace("I. NỘI DUNG", "I. MỤC ĐÍCH, YÊU CẦU")
        + "1. Hằng năm tổ chức phong trào thiết thực trong tháng 3.\nII. ĐỐI TƯỢNG\n"
        + "Cá nhân công tác từ ngày 01/01/2020 đến ngày 31/12/2024 được xét khen thưởng."
        + FOOT
    )
    assert reading.obligations == ()


@pytest.mark.parametrize(
    ("words", "at_most"),
    [
        ("không quá 03 trang A4", 3),
        ("tối đa 3 trang", 3),
        ("không vượt quá 02 (hai) trang", 2),
        ("dài không quá hai trang A4", 2),
        ("từ 02 đến 04 trang A4", 4),
        ("dài từ 2 đến 3 trang", 3),
    ],
)
def test_page_limits(words: str, at_most: int) -> None:
    reading = plan(f"1. Các phòng gửi báo cáo đầy đủ và báo cáo tóm tắt ({words}) về Văn phòng trước 01/11/2024.")
    limit = only(reading).page_limits[0]
    assert (limit.paper, limit.at_most) == ("báo cáo tóm tắt", at_most)


def test_quotas_share_their_words() -> None:
    reading = plan(
        "1. Cờ thi đua của tỉnh: không quá 04 tập thể Phòng Tư pháp và 02 tập thể Trung tâm.",
        "2. Chiến sĩ thi đua cơ sở: tối đa 15% tổng số lao động tiên tiến.",
        "3. Mỗi đơn vị giới thiệu 01 tập thể, 02 cá nhân để tặng Giấy khen.",
    )
    assert [(one.at_most, one.is_percent) for one in reading.quotas] == [
        (4, False),
        (2, False),
        (15, True),
        (1, False),
        (2, False),
    ]
    assert reading.quotas[0].title == "Cờ thi đua của tỉnh"
    assert reading.quotas[2].group == "% tổng số lao động tiên tiến"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Bằng khen: 30 Bằng khen cho tập thể, 45 Bằng khen cho cá nhân", [(30, "tập thể"), (45, "cá nhân")]),
        ("Mỗi đơn vị giới thiệu 01-02 cá nhân", [(2, "cá nhân (Mỗi đơn vị)")]),
        ("Số lượng: tối đa hai tập thể và tám cá nhân", [(2, "tập thể"), (8, "cá nhân")]),
        ("Tỷ lệ lãnh đạo không vượt quá 1/3 số cá nhân được đề nghị", [(33, "% số cá nhân được đề nghị")]),
        ("Các phòng cử 01 công chức làm đầu mối", []),
        ("Phấn đấu xây dựng thêm 03 mô hình, ít nhất 05 đơn vị đạt chuẩn", []),
        ("Bài viết tối đa 1.500 từ, gửi không quá 5 MB", []),
    ],
)
def test_what_is_a_quota_and_what_is_none(words: str, expected: list[tuple[int, str]]) -> None:
    assert [(one.at_most, one.group) for one in plan(f"1. {words}.").quotas] == expected


def test_a_letter_asks_those_it_greets() -> None:
    letter = (
        "SỞ NỘI VỤ\nSố: 11/SNV-TĐKT\nV/v tổng kết thi đua năm 2024\n\nHà Thanh, ngày 10 tháng 01 năm 2024\n\n"
        "Kính gửi:\n- Các sở, ban, ngành;\n- Ủy ban nhân dân các huyện.\n\n"
        "1. Gửi báo cáo tổng kết trước ngày 12/11/2024."
    )
    reading = read_plan(letter + FOOT)
    assert only(reading).who == "Các sở, ban, ngành; Ủy ban nhân dân các huyện"
    assert reading.header.title == "tổng kết thi đua năm 2024"


def test_times_below_a_year_are_of_that_year() -> None:
    reading = plan("1. Năm 2025: sơ kết trong quý III.", "2. Năm 2026: tổng kết trong quý IV.")
    assert [one.due.last for one in reading.obligations] == [date(2025, 9, 30), date(2026, 12, 31)]


def test_whole_years_behind_a_phase_are_its_days() -> None:
    reading = plan("- Giai đoạn 1 (2024-2025): sơ kết trong quý IV/2025.")
    assert [(one.first, one.last) for one in reading.phases] == [(date(2024, 1, 1), date(2025, 12, 31))]
    assert only(reading).due.last == date(2025, 12, 31)


def test_phases_may_leave_out_a_year_and_their_gap_is_told() -> None:
    reading = plan("1. Các đợt:", "- Đợt 1: từ 15/01 đến 30/6/2024;", "- Đợt 2: từ 10/7/2024 đến 31/12/2024.")
    assert [(one.first, one.last) for one in reading.phases] == [
        (date(2024, 1, 15), date(2024, 6, 30)),
        (date(2024, 7, 10), date(2024, 12, 31)),
    ]
    assert "uncovered-interval" in codes(reading)


@pytest.mark.parametrize(
    ("sentence", "code"),
    [
        ("1. Các phòng gửi báo cáo trước ngày 05/01/2024.", "date-before-issue"),
        ("1. Các phòng gửi báo cáo trước ngày 20/6/2022.", "year-outside-plan"),
        ("1. Các phòng gửi báo cáo trước ngày 31/4/2024.", "impossible-date"),
        ("1. Các phòng gửi báo cáo trước ngày 12/11//2024.", "malformed-date"),
        ("1. Các phòng gửi báo cáo trước ngày 16/11/2024.", "weekend"),
        ("1. Các phòng gửi báo cáo trước ngày 30/4/2024.", "holiday"),
        ("1. Gửi báo cáo trong 5 ngày kể từ ngày tổ chức Hội nghị đối thoại thanh niên.", "missing-anchor"),
        ("1. Các phòng gửi báo cáo kết quả ký kết giao ước về Sở trước ngày 12/11/2024.", "no-producing-step"),
        ("1. Các phòng gửi danh sách đề nghị khen thưởng về Văn phòng Sở.", "missing-deadline"),
        ("1. Kỷ niệm 77 năm ngày ra Lời kêu gọi thi đua ái quốc (11/6/1948 - 11/6/2024).", "anniversary-mismatch"),
        ("1. Căn cứ Nghị định số 91/2017/NĐ-CP ngày 31/7/2018 của Chính phủ.", "citation-mismatch"),
        ("1. Căn cứ Thông tư số 98/2023/NĐ-CP ngày 31/12/2023 của Chính phủ.", "citation-mismatch"),
        ("1. Liên hệ ông Mẫu, số điện thoại 09xx.xxx.xxx.", "personal-data"),
        ("1. Gửi bản mềm qua thư mau@example.vn.", "personal-data"),
    ],
)
def test_each_warning_and_its_absence(sentence: str, code: str) -> None:
    assert code in codes(plan(sentence))
    assert code not in codes(plan("1. Các phòng gửi báo cáo về Văn phòng Sở trước ngày 12/11/2024."))


def test_an_order_conflict_and_its_absence() -> None:
    meeting = "1. Trưởng phòng tổ chức Hội nghị tổng kết trong tháng 12/2024."
    report = "2. Sở Tư pháp gửi báo cáo tổng kết về Bộ Tư pháp trước ngày {}."
    assert "order-conflict" in codes(plan(meeting.replace("Trưởng phòng", "Sở Tư pháp"), report.format("13/12/2024")))
    assert "order-conflict" not in codes(plan(meeting, report.format("10/01/2025")))


def test_missing_number_date_and_signer() -> None:
    bare = "KẾ HOẠCH\nPhát động thi đua\n\nI. NỘI DUNG\n1. Các phòng gửi báo cáo trước ngày 12/11/2024.\n"
    assert {"missing-number", "missing-date", "missing-signer"} <= set(codes(read_plan(bare)))
    assert not {"missing-number", "missing-date", "missing-signer"} & set(codes(plan()))


def test_a_blank_number_and_day_are_missing_and_a_deadline_in_that_month_is_told() -> None:
    head = HEAD.replace("12/KH", "      /KH").replace("ngày 10 tháng 01", "ngày     tháng 02")
    reading = read_plan(head + "1. Các phòng gửi kế hoạch về Sở trước ngày 20/02/2024." + FOOT)
    assert (reading.header.number, reading.header.issued_on) == (None, None)
    assert {"missing-number", "missing-date", "date-before-issue"} <= set(codes(reading))


def test_a_citation_is_held_against_the_register() -> None:
    register = [KnownDocument("40/QĐ-BTP", "decision", date(2023, 1, 13), "Kế hoạch của Bộ")]
    wrong = read_plan(HEAD + "1. Theo Quyết định số 40/QĐ-BTP ngày 14/01/2023 của Bộ." + FOOT, register=register)
    right = read_plan(HEAD + "1. Theo Quyết định số 40/QĐ-BTP ngày 13/01/2023 của Bộ." + FOOT, register=register)
    assert "citation-mismatch" in codes(wrong)
    assert "citation-mismatch" not in codes(right)
    assert [(one.number, one.date) for one in right.citations] == [("40/QĐ-BTP", date(2023, 1, 13))]


def test_holidays_of_the_caller_are_the_ones_that_count() -> None:
    sentence = "1. Các phòng gửi báo cáo trước ngày 09/02/2024."
    assert "holiday" in codes(read_plan(HEAD + sentence + FOOT, holidays={date(2024, 2, 9): "Tết"}))
    assert "holiday" not in codes(read_plan(HEAD + sentence + FOOT, holidays={}))


def test_a_head_of_two_columns() -> None:
    reading = read_plan(
        "UBND TỈNH HÀ THANH          CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\n"
        "SỞ TƯ PHÁP                  Độc lập - Tự do - Hạnh phúc\n"
        "Số: 9/KH-STP                Hà Thanh, ngày 05 tháng 3 năm 2024\n\n"
        "KẾ HOẠCH\nPhát động thi đua năm 2024\n\nSở Tư pháp ban hành kế hoạch như sau:\n" + FOOT
    )
    header = reading.header
    assert (header.number, header.issuer, header.place) == ("9/KH-STP", "Sở Tư pháp", "Hà Thanh")
    assert (header.issued_on, header.title) == (date(2024, 3, 5), "Phát động thi đua năm 2024")
    assert (header.signer, header.signer_title) == ("Trần Văn Mẫu", "GIÁM ĐỐC")


def test_an_annex_behind_the_signature_is_read_and_the_signer_is_still_found() -> None:
    reading = read_plan(
        HEAD
        + "1. Tổ chức phong trào."
        + FOOT
        + "\nPHỤ LỤC\nPhân công nhiệm vụ\n"
        + "| TT | Nội dung | Chủ trì | Thời gian |\n| 1 | Đăng ký thi đua | Các phòng | Trước 15/3/2024 |\n"
    )
    assert (only(reading).who, only(reading).due.on) == ("Các phòng", date(2024, 3, 15))
    assert reading.header.signer == "Trần Văn Mẫu"


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "ngày ",
        "1/",
        "báo cáo ",
        "(",
        "mỗi khoa ",
        "không quá 1 ",
        "- ",
        "Số: / ",
        "Ab ",
        "09xx.",
        "kỷ niệm 5 năm ",
        "02 tập thể, ",
        "mỗi đơn vị 01 cá nhân và ",
        "trước hội nghị 3 ngày ",
        "tháng 3, 4, ",
        "03/3/2024 và ",
    ],
)
def test_no_text_takes_the_reader_long(piece: str) -> None:
    started = time.process_time()
    read_plan(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 2


def test_a_sentence_broken_by_a_page_is_read_whole() -> None:
    reading = plan("1. Các phòng tổng hợp kết quả và gửi", "", "báo cáo về Văn phòng Sở trước ngày 12/11/2024.")
    one = only(reading)
    assert one.quote.endswith("gửi báo cáo về Văn phòng Sở trước ngày 12/11/2024.")
    assert one.due.on == date(2024, 11, 12)


# Trial plans: invented bodies, other layouts.


def read_trial(name: str) -> str:
    return (TRIALS / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("gold", read_gold(TRIALS / "gold.toml"), ids=lambda gold: gold["file"])
def test_trial_plans_are_read_as_a_person_reads_them(gold: dict[str, Any]) -> None:
    from campaigns.management.commands.read_plan import known_documents

    scores = score(read_plan(read_trial(gold["file"]), register=known_documents()), gold)
    for kind, one in scores.items():
        assert one.recall >= 0.85, (kind, one.missed)
        assert one.precision >= 0.85, (kind, one.wrong)


def more_trials() -> list[tuple[Path, Entry]]:
    return [(folder, entry) for folder in MORE_TRIALS for entry in read_expected(folder)]


def str_of(value: Path | Entry) -> str:
    return value.name if isinstance(value, Path) else str(value["file"])


@pytest.mark.parametrize(("folder", "gold"), more_trials(), ids=str_of)
def test_plans_of_other_bodies_are_read_as_a_person_reads_them(folder: Path, gold: Entry) -> None:
    from campaigns.management.commands.read_plan import known_documents

    scores = score(read_plan(read_file(folder / gold["file"]), register=known_documents()), gold)
    for kind, one in scores.items():
        assert one.recall >= 0.8, (kind, one.missed)
        assert one.precision >= 0.8, (kind, one.wrong)


@pytest.mark.parametrize("path", sorted(TABLES.glob("*.json")), ids=lambda path: path.stem)
def test_indicators_clauses_and_papers_if_any_are_read_as_a_person_reads_them(path: Path) -> None:
    gold = json.loads(path.read_text(encoding="utf-8"))
    (plan_file,) = (one for one in TABLES.glob(f"{path.stem}.*") if one != path)
    reading = read_plan(read_file(plan_file))
    found = [
        {
            "line": one.line,
            "measure": one.measure,
            "direction": one.direction,
            "level": one.level,
            "who": one.who,
            "clause": find_clause(reading.clauses, one.span.start),
        }
        for one in reading.indicators
    ]
    assert found == [{"who": None} | one for one in gold["indicators"]]
    assert [find_clause(reading.clauses, one.span.start) for one in reading.obligations] == gold["clauses"]
    assert [paper for one in reading.obligations for paper in one.papers_if_any] == gold["papers_if_any"]


@pytest.mark.parametrize(
    ("words", "title", "level"),
    [
        ("Phấn đấu thi hành xong trên 85 % số việc.", "Tỷ lệ thi hành xong số việc", "85"),
        ("Về việc: đạt từ 83,2 % trở lên.", "Chỉ tiêu: về việc", "83,2"),
        ("Nợ xấu không quá 1,5% tổng dư nợ.", "Nợ xấu trên tổng dư nợ", "1,5"),
        ("Các đơn vị hoàn thành 100 % chỉ tiêu được giao.", "Tỷ lệ hoàn thành chỉ tiêu được giao", "100"),
        ("Mỗi đơn vị có ít nhất 02 sáng kiến.", "Số sáng kiến", "2"),
    ],
)
def test_how_an_indicator_is_called(words: str, title: str, level: str) -> None:
    (one,) = plan("1. Chỉ tiêu", f"a) {words}").indicators
    assert (one.title, one.level) == (title, level)


@pytest.mark.parametrize(
    "words",
    [
        "Chiến sĩ thi đua cơ sở không quá 15 % số Lao động tiên tiến.",
        "Danh hiệu được công nhận khi có từ 80 % số phiếu trở lên.",
        "Ngân sách hỗ trợ 50 % kinh phí mua sách.",
        "Hồ sơ gồm ít nhất 02 bản chính.",
    ],
)
def test_what_is_no_indicator(words: str) -> None:
    assert plan(f"1. {words}").indicators == ()


def test_a_heading_that_names_what_stands_below_it_is_no_duty() -> None:
    below = "Các đơn vị gửi báo cáo sơ kết trước ngày 20/6/2024."
    assert only(plan("3. Sơ kết 6 tháng đầu năm", below)).line > only(plan("3. Sơ kết trong quý II/2024")).line


def test_the_printed_form_keeps_its_keys() -> None:
    printed = as_json(read_plan(read_file(TABLES / "61-cuc-thong-ke.txt")))
    assert set(printed) == {
        *("number", "issuer", "place", "issued_on", "title", "obligations"),
        *("quotas", "phases", "citations", "warnings"),
    }
    assert set(printed["obligations"][0]) == {"who", "what", "due", "page_limits", "line", "quote", "warnings"}
    assert set(printed["obligations"][0]["page_limits"][0]) == {"paper", "at_most"}
    assert set(printed["quotas"][0]) == {"title", "group", "at_most", "line", "quote"}


def test_a_table_of_two_columns_in_word_is_read_where_it_heads_quotas() -> None:
    rows = [("Khối", "Không quá"), ("Khối trường", "04"), ("Khối phòng", "02")]
    cells = "".join(f"<w:tr>{''.join(f'<w:tc>{paragraph(cell)}</w:tc>' for cell in row)}</w:tr>" for row in rows)
    text = read_content(docx(paragraph("Giấy khen:") + f"<w:tbl>{cells}</w:tbl>"), "a.docx")
    assert [(one.title, one.group, one.at_most) for one in read_plan(text).quotas] == [
        ("Giấy khen", "Khối trường", 4),
        ("Giấy khen", "Khối phòng", 2),
    ]


@pytest.mark.parametrize("folder", MORE_TRIALS, ids=lambda folder: folder.name)
def test_the_figures_are_printed_from_answers_beside_the_plans(folder: Path) -> None:
    command = [sys.executable, str(REPOSITORY / "manage.py"), "measure_plan_reader", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | {"SECRET_KEY": "x"})  # noqa: S603  our own command
    assert "TẤT CẢ" in done.stdout


def drawn_pdf(rows: str) -> bytes:
    style = '@page{size:A4;margin:20mm}body{font:13pt "Liberation Serif"}td{border:0.5pt solid black;padding:3pt}'
    page = f"<html lang=vi><style>{style}table{{border-collapse:collapse}}</style><p>KẾ HOẠCH</p><table>{rows}</table>"
    return bytes(weasyprint.HTML(string=page).write_pdf())


def test_a_drawn_table_of_a_pdf_is_read_in_rows() -> None:
    head = "<tr><td>TT<td>Nội dung<td>Đơn vị chủ trì<td>Thời gian</tr>"
    first = "<tr><td>1<td>Rà soát danh sách dài đến mức phải xuống dòng ở trong ô của bảng<td rowspan=2>Văn phòng"
    rows = f"{head}{first}<td>Trước 15/3/2024</tr><tr><td>2<td>Sơ kết<td>Tháng 6/2024</tr>"
    reading = read_plan(read_content(drawn_pdf(rows), "bảng.pdf"))
    assert [(one.who, one.what[:7], one.due.on or one.due.last) for one in reading.obligations] == [
        ("Văn phòng", "Rà soát", date(2024, 3, 15)),
        ("Văn phòng", "Sơ kết", date(2024, 6, 30)),
    ]


def test_a_pdf_without_lines_keeps_its_text() -> None:
    page = "<html lang=vi><p>1. Các phòng gửi báo cáo trước ngày 12/11/2024.</p>"
    text = read_content(bytes(weasyprint.HTML(string=page).write_pdf()), "chữ.pdf")
    assert text.strip() == "1. Các phòng gửi báo cáo trước ngày 12/11/2024."


@pytest.mark.skipif(not os.environ.get("PLANS_DIR"), reason="PLANS_DIR names no folder with the real plans")
@pytest.mark.parametrize("gold", read_gold(FIVE_PLANS), ids=lambda gold: gold["file"])
def test_the_five_plans_are_read_whole(gold: dict[str, Any]) -> None:
    from campaigns.management.commands.read_plan import known_documents

    path = file_of(gold, Path(os.environ["PLANS_DIR"]))
    assert path is not None
    for kind, one in score(read_plan(read_file(path), register=known_documents()), gold).items():
        if kind != "who":
            assert (one.recall, one.precision) == (1.0, 1.0), (kind, one.missed, one.wrong)


def facts(reading: PlanReading) -> dict[str, object]:
    """Everything but the words quoted, which keep the plan's own dashes."""
    told = as_json(reading)
    for key in ("obligations", "quotas"):
        for one in told[key]:
            for words in ("quote", "what", "who", "title", "group"):
                one.pop(words, None)
            one.get("due", {}).pop("anchor", None)
    for one in told["warnings"]:
        one.pop("message")
    for key in ("title", "issuer", "place"):
        told.pop(key)
    return told


VARIANTS = {
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "bom": lambda text: "\ufeff" + text,
    "hard spaces": lambda text: text.replace(" ", "\u00a0"),
    "zero width": lambda text: text.replace(" ", " \u200b"),
}


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("gold", read_gold(TRIALS / "gold.toml"), ids=lambda gold: gold["file"])
def test_the_form_of_the_letters_changes_nothing(gold: dict[str, Any], variant: str) -> None:
    text = read_trial(gold["file"])
    assert as_json(read_plan(VARIANTS[variant](text))) == as_json(read_plan(text))


@pytest.mark.parametrize("gold", read_gold(TRIALS / "gold.toml"), ids=lambda gold: gold["file"])
def test_dashes_and_wider_spaces_change_no_fact(gold: dict[str, Any]) -> None:
    text = read_trial(gold["file"])
    assert facts(read_plan(text.replace(" - ", " – "))) == facts(read_plan(text))
    assert facts(read_plan(text.replace(". ", ".  "))) == facts(read_plan(text))


PIECES = st.sampled_from(
    [
        *(
            "trước ngày ",
            "20/02/2024",
            "31/4/2024",
            "Số: ",
            "/KH-STP",
            "\n",
            "\n\n",
            "- ",
            "1. ",
            "a) ",
            "(",
            ")",
            ";",
            ". ",
        ),
        *(
            "Quý I/",
            "năm 2024",
            "tháng 13/2024",
            "không quá 03 trang",
            " không quá 5% ",
            "Đợt 1: từ ",
            " đến ",
            "|",
            "\t",
        ),
        *(
            "Nơi nhận:",
            "KẾ HOẠCH\n",
            "gửi báo cáo về Sở ",
            "chậm nhất 5 ngày kể từ ngày ",
            "kỷ niệm 75 năm (11/6/1948-11/6/2023)",
        ),
        *(
            "Nghị định số 91/2017/NĐ-CP ngày 31/7/2017",
            "hằng năm ",
            "00/00/0000",
            "99999999999999999999",
            "ngày 5 tháng 3",
        ),
    ]
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=400), st.lists(PIECES, max_size=40).map("".join)))
def test_no_text_breaks_the_reader_and_it_always_answers_the_same(text: str) -> None:
    reading = read_plan(text)
    assert as_json(read_plan(text)) == as_json(reading)
    json.dumps(as_json(reading))


@settings(max_examples=60, deadline=None)
@given(
    st.dates(date(2024, 1, 11), date(2024, 12, 30)),
    st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{d:02}.{m:02}.{y}", "{d} tháng {m} năm {y}", "{d}/{m}"]),
    st.sampled_from(["trước ngày ", "chậm nhất ngày ", "đến hết ngày ", "muộn nhất là ngày "]),
)
def test_any_day_in_any_form_is_read_and_stands_in_the_quote(day: date, form: str, lead: str) -> None:
    words = form.format(d=day.day, m=day.month, y=day.year)
    reading = plan(f"1. Các phòng gửi báo cáo về Văn phòng Sở {lead}{words}.")
    one = only(reading)
    assert one.due.on == day
    assert words in one.quote
    assert one.due.span is not None
    assert words in reading.text[one.due.span.start : one.due.span.end]


@pytest.mark.parametrize("gold", read_gold(TRIALS / "gold.toml"), ids=lambda gold: gold["file"])
def test_every_item_points_at_its_own_words(gold: dict[str, Any]) -> None:
    reading = read_plan(read_trial(gold["file"]))
    lines = reading.text.split("\n")
    for one in (*reading.obligations, *reading.quotas, *reading.phases, *reading.citations):
        assert " ".join(reading.text[one.span.start : one.span.end].split()) == one.quote
        assert 1 <= one.line <= len(lines)
    for one in reading.obligations:
        assert one.due.span is None or one.span.start <= one.due.span.start < one.span.end


# Files.


def docx(body: str) -> bytes:
    buffer = io.BytesIO()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return buffer.getvalue()


def paragraph(words: str) -> str:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def test_a_docx_gives_paragraphs_and_rows_in_order() -> None:
    rows = "".join(
        "<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) + "</w:tr>"
        for row in (("Nội dung", "Chủ trì", "Thời gian"), ("Đăng ký thi đua", "Các phòng", "Trước 15/3/2024"))
    )
    content = docx("".join(paragraph(line) for line in HEAD.splitlines()) + f"<w:tbl>{rows}</w:tbl>")
    reading = read_plan(read_content(content, "ke-hoach.docx"))
    assert reading.header.number == "12/KH-STP"
    assert (only(reading).who, only(reading).due.on) == ("Các phòng", date(2024, 3, 15))


def test_a_pdf_with_text_is_read(tmp_path: Path) -> None:
    from weasyprint import HTML

    words = HEAD + "1. Các phòng chuyên môn gửi báo cáo về Văn phòng Sở trước ngày 12/11/2024." + FOOT
    html = "".join(f"<p>{line}</p>" for line in words.splitlines() if line)
    path = tmp_path / "ke-hoach.pdf"
    path.write_bytes(HTML(string=f"<meta charset=utf-8><body>{html}").write_pdf())
    reading = read_plan(read_file(path))
    assert (reading.header.number, reading.header.issued_on) == ("12/KH-STP", date(2024, 1, 10))
    assert (only(reading).who, only(reading).due.on) == ("Các phòng chuyên môn", date(2024, 11, 12))


def empty_pdf(**options: object) -> bytes:
    with pikepdf.new() as document:
        document.add_blank_page()
        buffer = io.BytesIO()
        document.save(buffer, **options)
        return buffer.getvalue()


def bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b" " * 40_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "rỗng"),
        (b"\xef\xbb\xbf \n", "rỗng"),
        (bytes(range(256)) * 40, "không phải văn bản"),
        ("Kế hoạch phát động thi đua".encode().replace(b"K", b"\x00K") * 40, "không"),
        ("KÕ ho¹ch ph¸t ®éng thi ®ua n¨m 2024 cña Së T­ ph¸p".encode("cp1252"), "TCVN3"),
        ("KÕ ho¹ch ph¸t ®éng thi ®ua n¨m 2024 cña Së Tu ph¸p".encode(), "bảng mã cũ"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Word đời cũ"),
        (b"PK\x03\x04 broken", "bị hỏng"),
        (docx("")[:-30], "bị hỏng"),
        (docx(""), "gần như không có chữ"),
        (b"%PDF-1.7 broken", "bị hỏng"),
        (empty_pdf(), "ảnh quét"),
        (empty_pdf(encryption=pikepdf.Encryption(owner="a", user="b")), "mật khẩu"),
        (b"PK\x03\x04" + bomb()[4:], "quá lớn"),
    ],
)
def test_what_cannot_be_read_is_refused_with_words(content: bytes, words: str) -> None:
    with pytest.raises(UnreadablePlanError) as refusal:
        read_content(content, "ke-hoach")
    assert words in str(refusal.value)
    assert "«ke-hoach»" in str(refusal.value)


def test_an_entity_in_a_docx_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
    with pytest.raises(UnreadablePlanError):
        read_content(buffer.getvalue(), "x.docx")


# Commands: no database, no servers.


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    environment["DATABASE_URL"] = "postgres://nobody@127.0.0.1:1/none"
    return subprocess.run(  # noqa: S603  our own command
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_prints_the_agreed_form_without_a_database() -> None:
    answer = run("read_plan", str(TRIALS / "01-ubnd-tinh.txt"), "--json")
    assert answer.returncode == 0, answer.stderr
    told = json.loads(answer.stdout)
    assert list(told) == [
        *("number", "issuer", "place", "issued_on", "title"),
        *("obligations", "quotas", "phases", "citations", "warnings"),
    ]
    assert list(told["obligations"][0]) == ["who", "what", "due", "page_limits", "line", "quote", "warnings"]
    assert list(told["obligations"][0]["due"]) == ["kind", "on", "from", "to", "days", "anchor"]
    assert list(told["quotas"][0]) == ["title", "group", "at_most", "line", "quote"]
    assert list(told["phases"][0]) == ["name", "from", "to", "line"]
    assert list(told["citations"][0]) == ["kind", "number", "date", "line"]
    assert list(told["warnings"][0]) == ["code", "line", "message"]
    assert (told["number"], told["issued_on"]) == ("118/KH-UBND", "2024-01-15")


@pytest.mark.parametrize("name", ["khong-co.txt", ""])
def test_the_command_leaves_with_2_for_what_it_cannot_read(tmp_path: Path, name: str) -> None:
    answer = run("read_plan", str(tmp_path / name))
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert str(tmp_path) in answer.stderr


def test_the_measuring_command_prints_recall_and_precision() -> None:
    answer = run("measure_plan_reader", str(TRIALS))
    assert answer.returncode == 0, answer.stderr
    assert "TẤT CẢ" in answer.stdout
    assert "%" in answer.stdout


PAGE = """Trang chủ
CHÚC MỪNG NĂM MỚI
QUY CHẾ PHỐI HỢP
UBND HUYỆN SÔNG TRANH
TRƯỜNG MẦM NON HOA SEN
CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
Độc lập - Tự do - Hạnh phúc
Số: 14./QĐ- MN
Sông Tranh, ngày 6 tháng 9 năm 2024
QUYẾT ĐỊNH
Ban hành Quy chế thi đua
Căn cứ Nghị định số 98/2023/NĐ- CP ngày 31/12/2023 của Chính phủ;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy chế thi đua.
"""
BARS = """ỦY BAN NHÂN DÂN | CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM |
Số: 77/QĐ-UBND | Hà Thanh, ngày 09 tháng 7 năm 2024 |
VỀ VIỆC BAN HÀNH QUY ĐỊNH CHẤM ĐIỂM CÁC
CỤM THI ĐUA
CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH HÀ THANH
Căn cứ Thông tư số 01/2024/TT-BNV ngày 24/02/2024 của Bộ Nội vụ;
QUYẾT ĐỊNH:
Điều 1. Ban hành kèm theo Quyết định này Quy định chấm điểm.
"""
CAPITALS_ONLY = """ỦY BAN NHÂN DÂN |
Số: 21/KH-UBND |
Hà Thanh, ngày 10 tháng 3 năm 2024 |
NHÂN RỘNG ĐIỂN HÌNH TIÊN TIẾN TRÊN ĐỊA BÀN TỈNH
Căn cứ Quyết định số 15/QĐ-UBND ngày 09/12/2023, Ủy ban nhân dân tỉnh ban hành kế hoạch:
1. Mục đích
"""
LISTED = """Công văn về việc bình xét danh hiệu thi đua năm 2024
08:15 - 20/12/2024
Văn bản số: 88/ĐHHT-TC
Ngày: 17/12/2024
Nhà trường hướng dẫn các đơn vị thực hiện như sau:
1. Tiến độ
- Từ ngày 23-27/12/2024 Phòng Tổ chức tổng hợp, trình Hội đồng xét duyệt.
"""


QUOTED = """Thông tin chung
 HỘI TRUYỀN THỐNG SÔNG TRANH     CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM
        Số:  31  / TB - HTT                 Hà Thanh, ngày 02 tháng 8 năm 2024
"V/v báo cáo tổng kết phong trào
 và đề nghị khen thưởng"
Kính gửi: Các hội thành viên;
Căn cứ Quyết định 281/QĐ- TTg, ngày 20 tháng 02 năm 2024 của Thủ tướng.
"""
NAMED_ON_TOP = """Hướng dẫn bình chọn nhà giáo tiêu biểu của năm 2024

Hồ sơ gửi về Phòng Tổ chức trước ngày 30/8/2024.
"""


@pytest.mark.parametrize(
    ("page", "number", "issued_on", "title", "cited"),
    [
        (PAGE, "14/QĐ-MN", date(2024, 9, 6), "Ban hành Quy chế thi đua", ["98/2023/NĐ-CP"]),
        (
            BARS,
            "77/QĐ-UBND",
            date(2024, 7, 9),
            "BAN HÀNH QUY ĐỊNH CHẤM ĐIỂM CÁC CỤM THI ĐUA",
            ["01/2024/TT-BNV"],
        ),
        (
            CAPITALS_ONLY,
            "21/KH-UBND",
            date(2024, 3, 10),
            "NHÂN RỘNG ĐIỂN HÌNH TIÊN TIẾN TRÊN ĐỊA BÀN TỈNH",
            ["15/QĐ-UBND"],
        ),
        (LISTED, "88/ĐHHT-TC", date(2024, 12, 17), "bình xét danh hiệu thi đua năm 2024", []),
        (
            QUOTED,
            "31/TB-HTT",
            date(2024, 8, 2),
            "báo cáo tổng kết phong trào và đề nghị khen thưởng",
            ["281/QĐ-TTg"],
        ),
        (NAMED_ON_TOP, None, None, "bình chọn nhà giáo tiêu biểu của năm 2024", []),
    ],
    ids=["page above the letterhead", "bars", "capitals without a kind", "a list above the text", "quoted", "on top"],
)
def test_the_head_of_a_paper_taken_from_a_web_page(
    page: str, number: str | None, issued_on: date | None, title: str, cited: list[str]
) -> None:
    reading = read_plan(page)
    header = reading.header
    assert (header.number, header.issued_on, header.title) == (number, issued_on, title)
    assert [one.number for one in reading.citations] == cited


def test_a_day_in_a_sentence_of_a_text_without_a_head_is_not_its_own() -> None:
    words = "Đợt thi đua cao điểm của toàn trường và các đơn vị trực thuộc bắt đầu từ buổi sáng, kể từ "
    assert read_plan(f"{words}ngày 23/3/2024 (thứ Bảy) đến hết ngày 27/3/2024.\n").header.issued_on is None


def test_news_of_a_plan_have_no_head() -> None:
    told = "đề nghị các đơn vị đăng danh sách các cá nhân được đề nghị tặng thưởng để lấy ý kiến nhân dân"
    header = read_plan(
        f"Thứ Năm, 01/12/2016, 22:55 [GMT+7]\n\nNgày 10/9/2024, Hội đồng có công văn số 750/VP {told}, {told}.\n"
    ).header
    assert (header.number, header.place, header.issued_on) == (None, None, None)


def test_a_head_that_lost_its_lines_is_still_one() -> None:
    body = "Căn cứ tình hình thực tế, Sở hướng dẫn các đơn vị tổng kết công tác thi đua theo các nội dung dưới đây"
    header = read_plan(
        "UBND TỈNH HÀ THANH SỞ TƯ PHÁP CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM Số: 424/STP-VP Hà Thanh, ngày 05 tháng 6 "
        f"năm 2024 Kính gửi: Các phòng; {body}.\n"
    ).header
    assert (header.number, header.place, header.issued_on) == ("424/STP-VP", "Hà Thanh", date(2024, 6, 5))


def test_a_letter_that_greets_on_the_line_below() -> None:
    reading = read_plan(
        HEAD.replace("KẾ HOẠCH\nCông tác thi đua năm 2024\n\nI. NỘI DUNG\n", "V/v nộp hồ sơ\n")
        + "Kính gửi:\n\nBan Chỉ đạo Đại hội các huyện\n\nHồ sơ gửi về các cơ quan liên quan trước ngày 31/3/2024.\n"
    )
    assert only(reading).who == "Ban Chỉ đạo Đại hội các huyện"


@pytest.mark.parametrize(
    ("announced", "who"),
    [
        ("Nhà trường đề nghị các khoa, phòng, bộ môn thực hiện một số nội dung sau:", "các khoa, phòng, bộ môn"),
        ("Ban Thường vụ thông báo đến các chi đoàn việc khen thưởng năm 2024 như sau:", "các chi đoàn"),
    ],
)
def test_who_is_asked_by_the_sentence_that_announces_the_duties(announced: str, who: str) -> None:
    reading = plan(announced, "1. Danh sách đề nghị gửi về Văn phòng trước ngày 15/5/2024.")
    assert only(reading).who == who


@pytest.mark.parametrize(
    ("words", "who"),
    [
        ("Từ ngày 07-11/3/2024 Phòng Tổ chức tổng hợp, trình Hội đồng xét duyệt.", "Phòng Tổ chức"),
        ("Trước ngày 15/11/2024 các đơn vị gửi báo cáo về Sở.", "các đơn vị"),
        ("Văn phòng trân trọng đề nghị Trung tâm Lưu trữ gửi ý kiến về Sở trước ngày 15/5/2024.", "Trung tâm Lưu trữ"),
        ("Đối với cấp cơ sở (xã, phường) tổ chức hội nghị vào quý I/2024.", "cấp cơ sở (xã, phường)"),
        ("Hội đồng khoa họp xét từng lớp. Gửi kết quả về Phòng Đào tạo trước ngày 15/3/2024.", "Hội đồng khoa"),
        ("Liên đội nộp báo cáo trước ngày 15/3/2024.", "Liên đội"),
        ("Ngày 11/7/2024: Hạn cuối các lớp gởi hồ sơ về Hội đồng trường.", "các lớp"),
        (
            "Đối với khen thưởng đột xuất, hình thức cấp tỉnh, thủ trưởng đơn vị có trách nhiệm lập hồ sơ gửi về Sở.",
            "thủ trưởng đơn vị",
        ),
        ("Ý kiến của các tập thể, cá nhân gửi về Sở trước ngày 15/3/2024.", "các tập thể, cá nhân"),
        (
            "Sau khi có quyết định của Chủ tịch tỉnh, Giám đốc Sở, trong 10 ngày, đơn vị trình khen thưởng họp.",
            "đơn vị trình khen thưởng",
        ),
        ("Các đơn vị trình khen thưởng về Sở trước ngày 15/3/2024.", "Các đơn vị"),
        ("Từ năm 2024 đến năm 2026, hằng năm các khoa tổ chức sơ kết.", "các khoa"),
        ("Các cơ quan, tổ chức, đơn vị nộp báo cáo trước ngày 15/3/2024.", "Các cơ quan, tổ chức, đơn vị"),
        (
            "Đối với Phòng Tổ chức; Phòng Đào tạo; các khoa, viện gửi hồ sơ trước ngày 15/3/2024.",
            "Phòng Tổ chức; Phòng Đào tạo; các khoa, viện",
        ),
    ],
)
def test_where_a_bearer_stands(words: str, who: str) -> None:
    assert plan(f"- {words}").obligations[-1].who == who


@pytest.mark.parametrize(
    ("words", "kind", "on", "first", "last"),
    [
        ("Các phòng gửi đăng ký trước ngày 10/3/2024.", "absolute", "2024-03-10", None, None),
        ("Các phòng báo cáo tổng kết công tác trước ngày 10/12/2024.", "absolute", "2024-12-10", None, None),
        (
            "Tổ chức tuần cao điểm từ buổi sáng ngày 23/3/2024 (Thứ Bảy) đến hết ngày 27/3/2024 (Thứ Tư).",
            "range",
            None,
            "2024-03-23",
            "2024-03-27",
        ),
        ("Các phòng gửi bài từ 5/5 đến hết 5/6 năm 2025.", "range", None, "2025-05-05", "2025-06-05"),
        ("Các phòng hằng tháng giới thiệu một gương người tốt.", "recurrent", None, None, None),
        ("Thời gian đăng từ ngày 10/9/2024 đến ngày 23/9/2024.", "range", None, "2024-09-10", "2024-09-23"),
        ("Hạn nộp hồ sơ hết ngày 5.6 đối với các phòng.", "absolute", "2024-06-05", None, None),
        ("Các phòng gửi ý kiến trong thời hạn 10 ngày làm việc (kể từ ngày đăng tin).", "relative", None, None, None),
        ("Các phòng nộp hồ sơ của năm chậm nhất ngày 15/01 năm liền kề.", "absolute", "2025-01-15", None, None),
        (
            "Phòng Tổ chức soạn đề án, trình và ban hành vào đầu tháng 4/2024.",
            "range",
            None,
            "2024-04-01",
            "2024-04-10",
        ),
    ],
)
def test_more_ways_of_writing_a_time(
    words: str, kind: str, on: str | None, first: str | None, last: str | None
) -> None:
    due = as_json(plan(f"- {words}"))["obligations"][0]["due"]
    assert (due["kind"], due["on"], due["from"], due["to"]) == (kind, on, first, last)


@pytest.mark.parametrize(
    "words",
    [
        "Do đây là hoạt động quan trọng trong tháng 4/2024 nên mong các đơn vị tổ chức chu đáo.",
        "Sở Nội vụ có Công văn số 12/SNV-TĐKT trong tháng 5/2024 hướng dẫn tổ chức thực hiện.",
        "Ban Thường vụ thông báo việc tổ chức hội thi trong tháng 5/2024 như sau:",
    ],
)
def test_what_tells_a_reason_or_a_paper_is_no_duty(words: str) -> None:
    assert not plan(f"- {words}").obligations


def test_papers_of_one_list_are_due_together() -> None:
    duty = only(plan("1. Báo cáo tổng kết năm học; kết quả xếp loại các trường, gửi trước ngày 15/7/2024."))
    assert duty.quote.startswith("Báo cáo tổng kết")


@pytest.mark.parametrize(
    "words",
    [
        "Đề nghị tặng Huân chương Lao động cho 01 tập thể, 05 cá nhân (danh sách kèm theo).",
        "Hồ sơ trình tặng Huân chương Lao động đối với 2 tập thể: Trường An Phước và Trường Hà Thanh.",
    ],
)
def test_those_who_are_named_are_no_quota(words: str) -> None:
    assert not plan(f"- {words}").quotas


def test_a_share_of_a_grade_is_a_quota_by_its_name() -> None:
    (quota,) = plan("- Số người đề nghị mức Hoàn thành xuất sắc nhiệm vụ không vượt quá 20% tổng số.").quotas
    assert (quota.title, quota.at_most) == ("Hoàn thành xuất sắc nhiệm vụ", 20)


def test_a_paper_that_only_its_limit_names() -> None:
    reading = plan("- Các phòng gửi thơ, ca khúc, ký (với bút ký không quá 3 trang A4) trước ngày 15/5/2024.")
    assert [(one.paper, one.at_most) for one in only(reading).page_limits] == [("bút ký", 3)]


@pytest.mark.parametrize(
    ("words", "days", "anchor"),
    [
        (
            "Sau khi có quyết định của Chủ tịch tỉnh, Giám đốc Sở, trong thời hạn 10 ngày làm việc, Văn phòng họp.",
            10,
            "có quyết định của Chủ tịch tỉnh, Giám đốc Sở",
        ),
        ("Sau 02 tuần đối chiếu số liệu, các khoa gửi lại danh sách về phòng.", 14, "đối chiếu số liệu"),
    ],
)
def test_days_counted_from_an_event_in_many_words(words: str, days: int, anchor: str) -> None:
    due = only(plan(f"- {words}")).due
    assert (due.kind, due.days, due.anchor) == (DueKind.RELATIVE, days, anchor)


def test_figures_of_some_months_are_no_phase() -> None:
    reading = plan("- Đợt II báo cáo thêm các số liệu từ tháng 1/2024 đến tháng 6/2024.")
    assert not reading.phases
    assert not reading.obligations


def test_what_is_reported_in_a_list_is_due_with_its_last_part() -> None:
    duty = only(plan("- Các phòng báo cáo việc chấm điểm; việc xếp loại; số bằng cấp mới về Sở trước ngày 15/3/2024."))
    assert (duty.who, duty.due.on) == ("Các phòng", date(2024, 3, 15))
    assert "chấm điểm" in duty.what


def test_all_clauses_behind_a_stretch_are_done_in_it() -> None:
    duty = only(
        plan("- Từ ngày 10/3/2024 đến 20/3/2024: Các khoa phổ biến tiêu chuẩn; họp xét từng lớp; bỏ phiếu kín.")
    )
    assert (duty.who, duty.due.last) == ("Các khoa", date(2024, 3, 20))
    assert duty.quote.endswith("bỏ phiếu kín.")


def test_another_time_ends_the_clauses_behind_a_stretch() -> None:
    reading = plan("- Từ ngày 10/3/2024 đến 20/3/2024: Các khoa phổ biến tiêu chuẩn; họp xét trước ngày 25/3/2024.")
    assert [(one.due.on, one.due.last) for one in reading.obligations] == [
        (None, date(2024, 3, 20)),
        (date(2024, 3, 25), None),
    ]


def test_a_text_without_a_head_asks_those_its_last_request_names() -> None:
    reading = read_plan(
        "Ban Thi đua ngành đề nghị Báo Hà Thanh đăng danh sách để lấy ý kiến nhân dân.\n\n"
        "Thời gian đăng từ ngày 10/9/2024 đến ngày 23/9/2024.\n"
    )
    assert reading.obligations[-1].who == "Báo Hà Thanh"


def test_letters_with_commas_number_a_list() -> None:
    reading = plan(
        "a, Thời gian thi đấu: 15/04 đến 20/04/2024",
        "b, Tổ chức bốc thăm: 15h00, ngày 12/04/2024 tại phòng họp",
    )
    assert [one.due.on or one.due.last for one in reading.obligations] == [date(2024, 4, 20), date(2024, 4, 12)]


@pytest.mark.parametrize(
    ("words", "days"),
    [
        (
            "Văn phòng xét hồ sơ không quá 05 ngày, trường hợp phải họp không quá 10 ngày kể từ ngày nhận đủ hồ sơ.",
            [5, 10],
        ),
        ("Hồ sơ gửi trước ngày trao giải ít nhất 07 ngày, trường hợp khen thưởng đột xuất trước 03 ngày.", [-7, -3]),
    ],
)
def test_two_cases_share_the_event_that_one_of_them_names(words: str, days: list[int]) -> None:
    dues = [one.due for one in plan(f"- {words}").obligations]
    assert [due.days for due in dues] == days
    assert dues[0].anchor == dues[1].anchor
