"""The catalogue of predicates in words: what each asks, and which parameters it takes, so that a screen can offer it.

The modules of predicates judge; this describes them for people who write no code. A predicate made of others (`all-of`,
`any-of`) takes no parameters: its parts are predicates in their own right, at most `MOST_DEPTH` inside one another.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Takes(StrEnum):
    """What a parameter is chosen from or typed as."""

    TITLE = "title"  # a step of a ladder of titles
    AWARD = "award"  # any title or commendation of the catalogue
    AWARDS = "awards"
    GRADING = "grading"
    MOVEMENT = "movement"
    DISCIPLINE = "discipline"
    DISCIPLINE_OF = "discipline-of"
    EMPLOYMENTS = "employments"
    LEVELS = "levels"
    BODIES = "bodies"
    LEAVE_KINDS = "leave-kinds"
    RECOGNITION = "recognition"
    INDICATOR = "indicator"
    CAMPAIGN = "campaign"
    SUBJECT = "subject"
    NUMBER = "number"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Parameter:
    """`key` is that of the document. Without a value an optional one is left out; a flag has its default then."""

    key: str
    label: str
    takes: Takes
    required: bool = True
    help: str = ""
    least: int = 1
    most: int = 50
    default: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    kind: str
    label: str
    help: str
    parameters: tuple[Parameter, ...] = ()
    is_composite: bool = False


_SUBJECT: Final = Parameter(
    "subject", "Đọc dữ liệu của", Takes.SUBJECT, required=False, help="Chọn đơn vị khi xét người đứng đầu đơn vị."
)
_OR_HIGHER: Final = Parameter(
    "or_higher", "Danh hiệu cao hơn cùng thang cũng được", Takes.FLAG, required=False, default=True
)
_WITHIN: Final = Parameter(
    "within_years",
    "Trong mấy năm gần nhất",
    Takes.NUMBER,
    required=False,
    help="Tính cả năm xét. Để trống là chỉ năm xét, hoặc cả giai đoạn.",
)

ENTRIES: Final = (
    Entry("attested", "Có người xác nhận", "Thủ trưởng đơn vị nhận định đạt hay không, kèm căn cứ.", (_SUBJECT,)),
    Entry(
        "grading",
        "Xếp loại của năm, của từng năm trong giai đoạn",
        "Đọc xếp loại đã ghi trong hồ sơ.",
        (Parameter("at_least", "Từ mức", Takes.GRADING), _SUBJECT),
    ),
    Entry(
        "grading-years",
        "Xếp loại nhiều năm liên tục",
        "Mỗi năm trong số năm gần nhất đều đạt mức này, tính cả năm xét.",
        (
            Parameter("at_least", "Từ mức", Takes.GRADING),
            Parameter("years", "Số năm liên tục", Takes.NUMBER),
        ),
    ),
    Entry(
        "title-eligible",
        "Đủ điều kiện xét danh hiệu",
        "Được xét là đủ điều kiện, hoặc đã được tặng danh hiệu đó trở lên cho năm xét.",
        (Parameter("at_least", "Danh hiệu", Takes.TITLE), _SUBJECT, _OR_HIGHER),
    ),
    Entry(
        "held-title",
        "Đã được tặng danh hiệu, hình thức khen thưởng",
        "Đếm số năm đã được tặng, theo sổ khen thưởng.",
        (
            Parameter("title", "Danh hiệu, hình thức", Takes.AWARD),
            Parameter("times", "Ít nhất mấy năm", Takes.NUMBER, required=False, help="Để trống là 1."),
            Parameter("consecutive", "Phải liên tục", Takes.FLAG, required=False),
            _WITHIN,
            Parameter("until_year_before", "Tính đến năm trước năm xét", Takes.FLAG, required=False),
            _OR_HIGHER,
            _SUBJECT,
        ),
    ),
    Entry(
        "no-discipline",
        "Không bị kỷ luật",
        "Đọc các quyết định kỷ luật có ngày trong năm xét hoặc giai đoạn xét.",
        (
            Parameter("of", "Của ai", Takes.DISCIPLINE_OF),
            Parameter("at_least", "Từ hình thức", Takes.DISCIPLINE),
            Parameter("among", "Chỉ tính", Takes.EMPLOYMENTS, required=False, help="Bỏ trống là mọi người."),
            _SUBJECT,
        ),
    ),
    Entry(
        "movement",
        "Kết quả phong trào thi đua",
        "Đọc kết quả phong trào của từng năm.",
        (Parameter("at_least", "Từ mức", Takes.MOVEMENT), _SUBJECT),
    ),
    Entry(
        "track-record",
        "Bề dày khen thưởng",
        "Ít nhất từng ấy lần được khen ở các cấp này, và có người xác nhận là đủ bề dày.",
        (
            Parameter("at_least", "Ít nhất mấy lần", Takes.NUMBER),
            Parameter("levels", "Ở cấp", Takes.LEVELS),
            _SUBJECT,
        ),
    ),
    Entry(
        "recognised",
        "Đã được công nhận",
        "Đếm số lần đã được công nhận trong năm xét hoặc giai đoạn xét.",
        (
            Parameter("recognition", "Hình thức công nhận", Takes.RECOGNITION),
            Parameter("times", "Ít nhất mấy lần", Takes.NUMBER, required=False, help="Để trống là 1."),
        ),
    ),
    Entry(
        "proposed",
        "Có cơ quan bình xét, đề nghị",
        "Có văn bản bình xét, đề nghị của một trong các cơ quan này.",
        (Parameter("by", "Cơ quan", Takes.BODIES),),
    ),
    Entry(
        "initiative",
        "Có sáng kiến, đề tài được công nhận",
        "Đếm sáng kiến đã có quyết định công nhận.",
        (
            Parameter("times", "Ít nhất mấy sáng kiến", Takes.NUMBER),
            Parameter("levels", "Được công nhận ở cấp", Takes.LEVELS),
            _WITHIN,
        ),
    ),
    Entry(
        "service-time",
        "Thời gian công tác",
        "Số tháng trọn công tác, tính đến ngày cuối của năm hoặc giai đoạn xét.",
        (Parameter("months", "Ít nhất mấy tháng", Takes.NUMBER, most=600),),
    ),
    Entry(
        "leave",
        "Thời gian nghỉ",
        "Số ngày nghỉ trong năm hoặc giai đoạn xét phải dưới mức này.",
        (
            Parameter("fewer_than_days", "Dưới mấy ngày", Takes.NUMBER, most=18300),
            Parameter("not_counted", "Không tính các loại nghỉ", Takes.LEAVE_KINDS, required=False),
        ),
    ),
    Entry(
        "not-under-review",
        "Không đang bị xem xét",
        "Không đang bị xem xét kỷ luật, thanh tra, kiểm tra hoặc xác minh đơn thư vào ngày xét.",
    ),
    Entry("not-dissolved", "Tập thể chưa giải thể", "Tập thể không bị giải thể tính đến ngày xét."),
    Entry(
        "not-awarded-for-same",
        "Chưa được khen cho chính thành tích này",
        "Một thành tích không được khen nhiều lần.",
        (Parameter("titles", "Bởi các hình thức", Takes.AWARDS, required=False, help="Bỏ trống là mọi hình thức."),),
    ),
    Entry(
        "targets-reached",
        "Đạt chỉ tiêu được giao",
        "Đọc mức giao của phong trào và số liệu trong báo cáo năm của đơn vị, của từng năm trong giai đoạn. "
        "Chưa báo cáo hoặc không được giao chỉ tiêu nào thì chưa kết luận.",
        (
            Parameter("indicator", "Chỉ tiêu", Takes.INDICATOR, required=False, help="Để trống là mọi chỉ tiêu."),
            Parameter("campaign", "Của phong trào", Takes.CAMPAIGN, required=False, help="Để trống là mọi phong trào."),
            Parameter(
                "at_least_percent",
                "Từ mấy % mức giao",
                Takes.NUMBER,
                required=False,
                most=300,
                help="Để trống là 100: đạt đúng mức giao. Chỉ tiêu càng ít càng tốt thì 80 % cho phép vượt thêm 20 %.",
            ),
            _SUBJECT,
        ),
    ),
    Entry("all-of", "Nhiều điều kiện cùng lúc", "Phải đạt mọi điều kiện thành phần.", is_composite=True),
    Entry("any-of", "Một trong nhiều điều kiện", "Đạt một điều kiện thành phần là đủ.", is_composite=True),
)
BY_KIND: Final[Mapping[str, Entry]] = {entry.kind: entry for entry in ENTRIES}
MOST_DEPTH: Final = 3
# Those that stand alone.
OFFERED: Final = tuple(entry for entry in ENTRIES if not entry.is_composite)
