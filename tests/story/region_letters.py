"""The letters of a region's year, as the mail catcher holds them, and what they must be: told by hand, day by day."""

import email
import re
from collections.abc import Iterator
from datetime import date, datetime
from email import policy
from pathlib import Path

DUE = re.compile(r"^\d+\. (.+)\n   Hạn đến hết ngày [\d/]+ \((.+?)\)", re.MULTILINE)
LATE = re.compile(r"^\d+\. (.+) \(.+\)\n   (\d+ đơn vị chậm)", re.MULTILINE)
DAY = re.compile(r"ngày (\d\d/\d\d/\d{4})$")

REGISTER = "Đăng ký danh hiệu thi đua năm 2021"
HALF_YEAR = "Báo cáo sơ kết 6 tháng đầu năm 2021"
YEAR = "Báo cáo tổng kết năm 2021"
LAUNCH = "Phát động thi đua bằng văn bản"
INSPECTED = "Gửi báo cáo kết quả kiểm tra kèm biên bản từng đơn vị về Vụ Thi đua - Khen thưởng"
REGION_YEAR = "Gửi báo cáo tổng kết của Khu vực về Vụ Thi đua - Khen thưởng"

YEN_BAI, TUYEN_QUANG, LAO_CAI = "canbo.yenbai", "canbo.tuyenquang", "canbo.laocai"
STANDING = "thuongtruc.yenbai"
Lines = list[tuple[str, str]]
# The 25 members without anybody at work never send anything, and the head's standing body hears of them once a week.
REGISTER_LATE = (REGISTER, "25 đơn vị chậm")
BOTH_LATE = [REGISTER_LATE, (HALF_YEAR, "25 đơn vị chậm")]

# Days walked, and who has to be told what on each: the reminder in force on that day, if it was not given before.
LETTERS: dict[date, dict[str, Lines]] = {
    date(2021, 3, 1): {},
    # A week before the registration is due, a day before the launch is.
    date(2021, 3, 8): {
        YEN_BAI: [(LAUNCH, "ngày mai"), (REGISTER, "còn 7 ngày")],
        TUYEN_QUANG: [(REGISTER, "còn 7 ngày")],
        LAO_CAI: [(REGISTER, "còn 7 ngày")],
    },
    date(2021, 6, 12): {
        YEN_BAI: [(HALF_YEAR, "còn 7 ngày")],
        TUYEN_QUANG: [(HALF_YEAR, "còn 7 ngày")],
        LAO_CAI: [(HALF_YEAR, "còn 7 ngày")],
        STANDING: [REGISTER_LATE],
    },
    # The step of three days was passed over with the 16th: the one of today stands for both.
    date(2021, 6, 18): {
        YEN_BAI: [(HALF_YEAR, "ngày mai")],
        TUYEN_QUANG: [(HALF_YEAR, "ngày mai")],
        LAO_CAI: [(HALF_YEAR, "ngày mai")],
        STANDING: [REGISTER_LATE],
    },
    # Yên Bái and Tuyên Quang sent theirs; Lào Cai is late with 25 others.
    date(2021, 6, 21): {
        LAO_CAI: [(HALF_YEAR, "quá hạn 2 ngày")],
        STANDING: [REGISTER_LATE, (HALF_YEAR, "26 đơn vị chậm")],
    },
    date(2021, 9, 6): {STANDING: BOTH_LATE},
    date(2021, 9, 14): {STANDING: BOTH_LATE},
    # A week before the result of the inspection is due. The standing body heard on the 14th, and this is its week.
    date(2021, 9, 17): {YEN_BAI: [(INSPECTED, "còn 7 ngày")]},
    date(2021, 11, 8): {
        YEN_BAI: [(YEAR, "ngày mai")],
        TUYEN_QUANG: [(YEAR, "ngày mai")],
        LAO_CAI: [(YEAR, "ngày mai")],
        STANDING: BOTH_LATE,
    },
    date(2021, 12, 1): {STANDING: [*BOTH_LATE, (YEAR, "25 đơn vị chậm")]},
    date(2021, 12, 13): {
        YEN_BAI: [(REGION_YEAR, "ngày mai")],
        STANDING: [*BOTH_LATE, (YEAR, "25 đơn vị chậm")],
    },
    date(2021, 12, 14): {},
}


def read_letters(folder: Path) -> Iterator[tuple[date, str, Lines]]:
    """Every mail of the folder that reminds somebody: the day in its subject, whom it went to, and its lines."""
    for path in sorted(folder.glob("*.eml")):
        message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
        found = DAY.search(message["Subject"])
        body = message.get_body(("plain",))
        assert found is not None, f"a letter nobody expects: {message['Subject']}"
        assert body is not None
        day = datetime.strptime(found[1], "%d/%m/%Y").date()  # noqa: DTZ007  a day has no zone
        words = body.get_content().replace("\r\n", "\n")
        yield day, message["To"].removesuffix("@example.vn"), [*DUE.findall(words), *LATE.findall(words)]


def list_expected(until: date) -> list[tuple[date, str, Lines]]:
    return sorted(
        (day, who, sorted(lines)) for day, told in LETTERS.items() if day <= until for who, lines in told.items()
    )


def list_sent(folder: Path) -> list[tuple[date, str, Lines]]:
    return sorted((day, who, sorted(lines)) for day, who, lines in read_letters(folder))
