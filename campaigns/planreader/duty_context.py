"""What is known around a passage while duties are looked for in it, and the words that every step asks for."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from campaigns.planreader.due_shapes import Frame
from campaigns.planreader.reading import Header, PlanPhase, Span
from campaigns.planreader.structure import Block, Outline, is_heading
from campaigns.planreader.text import Text

_PURPOSE: Final = re.compile(
    r"(?:mục\s+(?:đích|tiêu)|(?:các\s+)?chỉ\s+tiêu(?!\s+\w+\s+đăng)|yêu\s+cầu|quan\s+điểm|ý\s+nghĩa)(?!\w)"
)


_CRITERIA: Final = re.compile(
    r"(?:đối tượng|điều kiện|tiêu chuẩn|tiêu chí|nguyên tắc|phạm vi|cơ cấu|giải thưởng|kinh phí|nguồn kinh phí"
    r"|quyền lợi)(?!\w)"
)


ACT: Final = re.compile(
    r"(?<!\w)(?:gửi|nộp|báo cáo|trình|đăng ký|hoàn thành|hoàn tất|tổ chức|xây dựng|lập|ban hành|họp|sơ kết|tổng kết"
    r"|đánh giá|"
    r"kiểm tra|phát động|ký kết|ký|triển khai|tiến hành|công bố|khen thưởng|tôn vinh|bình xét|xét|lựa chọn|giới thiệu|"
    r"đề xuất|rà soát|thẩm định|tập huấn|hội nghị|hội thi|cuộc thi|khai mạc|bế mạc|trao|tuyên dương|biểu dương"
    r"|bồi dưỡng|"
    r"hưởng ứng|cử|thành lập|phổ biến|quán triệt|khảo sát|nghiệm thu|bàn giao|chấm|góp ý|bầu|bỏ phiếu|thực hiện"
    r"|đăng tải|"
    r"chuẩn bị|cập nhật|tổng hợp|thông báo|công nhận|diễn ra|suy tôn|tham mưu|tiếp nhận|nhận|tự chấm|ra quân|lễ"
    r"|trưng bày|"
    r"xong|đề nghị|hướng dẫn|viết|dự thi|thi(?!\s+(?:đua|hành|đấu))|giám sát|thống kê|nhập|mở|phân công|lấy ý kiến"
    r"|gặp mặt|hội thảo|tọa đàm|"
    r"tuyên truyền|học tập|chuyển|cung cấp|thu|treo|mở|nghiệm thu|quyết toán|chấm|phê duyệt|xác nhận|trực"
    r"|tuần tra|chăm sóc|thăm|tặng|trồng|quyên góp|vận động|ủng hộ|hiến máu|lắp đặt|sửa chữa|khánh thành"
    r"|giao lưu|tham quan|hội thao|hội khỏe|liên hoan|triển lãm|sinh hoạt|phát thanh|phát sóng|tổng duyệt|sơ khảo"
    r"|chung khảo|vòng|đăng bài|in ấn|đăng(?!\s+(?:ký|cai))|trang trí"
    r"|bảo vệ|ra mắt|bàn giao|rút kinh nghiệm|khởi công|tham gia)(?!\w)"
)


NO_DUTY: Final = re.compile(
    r"(?:nếu (?:có|phát sinh)|có)\s+(?:[^;.]{0,30}\s)?(?:khó khăn|vướng mắc|vấn đề)|có vướng mắc"
    r"|(?<!\w)(?:có|ban hành)\s+(?:công văn|văn bản|thông báo|hướng dẫn|quyết định|tờ trình|kế hoạch)\s+số(?!\w)"
    r"|gửi kèm theo kế hoạch|(?:nghị quyết|quyết định|kế hoạch|chương trình) này đã|\bđã\s+(?:được|gửi|nộp"
    r"|báo cáo|tổ chức|ban hành|hoàn thành)"
)


TIME_LABEL: Final = re.compile(
    r"^\W*(?:(?:về\s+)?(?:thời gian|thời hạn|thời điểm|tiến độ|lộ trình|hạn)(?:\s+\w+){0,8}|(?:hạn|hoàn thành"
    r"|kết thúc|xong))\s*(?::|trước|chậm nhất|là|trong|tháng|quý|từ)"
)


LABEL_BEFORE: Final = re.compile(r"(?:thời gian|thời hạn|thời điểm|tiến độ|hạn)(?:\s+\w+){0,8}\s*:")


SHORT: Final = 420


FEW: Final = 3


YEARS: Final = 180


FAR: Final = 90


@dataclass(frozen=True, slots=True)
class Context:
    outline: Outline
    header: Header
    masked: Sequence[Span]
    frame: Frame
    phases: Sequence[PlanPhase]
    everybody: str | None
    is_letter: bool = False
    """Written to somebody by name: what it asks, it asks of them."""
    speaks_from: int = 0
    """Where the first heading stands; grounds and greetings before it ask nothing."""
    sections: dict[int, str | None] = field(default_factory=dict)
    """What was found of a block's section, by where the block begins: it is asked for each of its clauses."""

    @property
    def text(self) -> Text:
        return self.outline.text


def section_of(context: Context, block: Block) -> str | None:
    """ "purpose" or "criteria" where a heading above says so."""
    if block.start not in context.sections:
        context.sections[block.start] = _find_section(context, block)
    return context.sections[block.start]


def _find_section(context: Context, block: Block) -> str | None:
    if block.start < context.speaks_from:
        return "purpose"
    for above in (block, *block.ancestors()):
        if above is block and not is_heading(context.text, block):
            continue
        if above.rank > 5 and above is not block:  # noqa: PLR2004  lead-ins are no headings
            continue
        if _PURPOSE.match(context.text.low, above.start):
            return "purpose"
        if _CRITERIA.match(context.text.low, above.start):
            return "criteria"
    return None


def last_of(block: Block) -> int:
    if block.reach is None:
        block.reach = max([block.end, *(last_of(child) for child in block.children)])
    return block.reach
