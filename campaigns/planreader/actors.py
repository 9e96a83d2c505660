"""Who acts, who receives, and what the act is, in a clause or from the headings above it."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from campaigns.planreader.letters import ACTOR_START
from campaigns.planreader.structure import Block, Outline
from campaigns.planreader.text import Text, memory

VERBS: Final = (
    "có trách nhiệm", "chịu trách nhiệm", "có nhiệm vụ", "chủ trì", "chủ động", "phối hợp", "xây dựng", "tổ chức",
    "gửi",
    "báo cáo", "lập", "hoàn thành", "hoàn thiện", "nộp", "tham mưu", "tổng hợp", "đăng ký", "triển khai",
    "tiến hành", "thực hiện",
    "căn cứ", "lựa chọn", "giới thiệu", "ban hành", "phổ biến", "hướng dẫn", "kiểm tra", "đôn đốc", "theo dõi", "trình",
    "rà soát", "cử", "chuẩn bị", "bố trí", "ký kết", "ký", "họp", "đánh giá", "công bố", "phát động", "xét", "bình xét",
    "thẩm định", "tiếp tục", "cần", "phải", "sẽ", "khẩn trương", "nghiêm túc", "kịp thời", "thường xuyên", "định kỳ",
    "tập trung", "đề nghị", "đề xuất", "tập hợp", "tiếp nhận", "quán triệt", "giúp", "là đầu mối", "làm đầu mối",
    "sơ kết", "tổng kết",
    "bình chọn", "chấm", "trao", "khen thưởng", "biểu dương", "tôn vinh", "viết", "đăng tải", "cung cấp", "thông báo",
    "thành lập", "chỉ đạo", "vận động", "tuyên truyền", "đẩy mạnh", "tham gia", "hưởng ứng", "nghiên cứu", "đảm bảo",
    "bảo đảm", "cập nhật", "phản ánh", "nhận", "chọn", "tự", "đưa", "tạo điều kiện", "phân công", "giao", "bàn giao",
    "được giao", "hỗ trợ", "công nhận", "bỏ phiếu", "kê khai", "trân trọng đề nghị", "kính đề nghị", "rất mong",
    "khảo sát", "giám sát", "hàng năm", "hằng năm", "chậm nhất", "trước ngày", "hàng quý", "hằng quý", "hàng tháng",
    "hằng tháng", "tại",
    "nghiệm thu", "quyết toán", "thanh toán", "treo", "mở", "niêm yết", "xong", "vào", "đóng góp", "tối đa",
    "dự thảo", "không quá", "gồm",
    "lồng ghép", "khai mạc", "rút kinh nghiệm", "góp ý", "xem xét", "quyết định", "có văn bản", "có công văn",
    "dự kiến", "trong phạm vi", "luân phiên", "thống nhất", "cùng", "duy trì", "bảo quản", "in", "bám sát", "đăng",
    "bầu", "nêu gương", "tuyên dương", "trả lời",
)  # fmt: skip
_VERB: Final = re.compile(
    rf"(?<=\s)(?:{'|'.join(sorted(VERBS, key=len, reverse=True))})(?!\w)(?!(?<=giao) (?:dịch|ban|thông|lưu"
    rf"|nhận))(?<!nhật ký)(?<![Tt]hư ký)(?!(?<=nhận) thức)"
)
VERB_HEAD: Final = re.compile(rf"(?:{'|'.join(sorted(VERBS, key=len, reverse=True))})(?!\w)")
_NAME_ONLY: Final = re.compile(
    r"(?:(?<!công )(?<!huyện )(?<!tỉnh )(?<!thành )(?<!chi )đoàn|tổ|ban|hội đồng|bộ phận|tiểu ban|đội)\s+$"
)
_OF_NAMES: Final = frozenset(
    [
        "kiểm tra",
        "tổ chức",
        "chỉ đạo",
        "giúp",
        "xét",
        "thẩm định",
        "giám sát",
        "vận động",
        "chấm",
        "khảo sát",
        "hướng dẫn",
        "tuyên truyền",
        "bầu",
    ]
)
_LEADS: Final = re.compile(
    r"(?:đối với|trách nhiệm của|nhiệm vụ của|phân công|giao cho|giao|đề nghị|yêu cầu|kính đề nghị|về phía"
    r"|ủy quyền cho|riêng)\s+(?:cho\s+)?"
)
_TELLS: Final = re.compile(
    r"(?:(?:trân trọng|kính) đề nghị|yêu cầu|giao nhiệm vụ cho|giao cho|giao|phân công|ủy quyền cho)\s+"
)
# At the head of a list "đề nghị" asks; inside a sentence it may put forward.
_ASKS: Final = re.compile(r"(?:trân trọng\s+|kính\s+)?(?:đề nghị|yêu cầu|giao|phân công|chỉ đạo)\s+(?:cho\s+)?")
_COUNTED: Final = re.compile(r"(?:mỗi|từng|các|toàn thể|tất cả)\s")
_BEGINS: Final = re.compile(
    r"(?<!\w)(?:giao|đề nghị|yêu cầu|phân công|được|đồng thời|do|thì|hạn cuối|hạn chót)\s+(?:cho\s+)?"
)
# "Cơ quan trình khen thưởng gửi …", "các cơ quan, tổ chức, đơn vị": parts of a name.
_THEN: Final = r"khen thưởng(?=\s+(?:thông báo|có trách nhiệm|lập|gửi|nộp|công bố|họp|tổ chức|nhận|hoàn thiện|phải))"
_NO_ACT: Final = re.compile(
    rf"(?:(?<=cơ quan )|(?<=đơn vị ))trình {_THEN}|(?:(?<=cơ quan trình )|(?<=đơn vị trình )){_THEN}"
    r"|(?:(?<=cơ quan, )|(?<=đơn vị, )|(?<=địa phương, ))tổ chức(?=,|\s+và\s+(?:cá nhân|đơn vị))"
)
# Words of time and ground that may stand before the bearer; the bearer then follows a comma.
_ADVERBIAL: Final = re.compile(
    r"\W*(?:trong|đối với|căn cứ|trên cơ sở|đồng thời|sau|khi|để|nhằm|hàng|hằng|định kỳ|quý|tháng|chậm nhất|muộn nhất"
    r"|trước|kết thúc|theo|qua|"
    r"thông qua|từ|đến|vào|hết|nhân|cuối|đầu|ngày|kể từ|ngay|với|tại|riêng|ngoài ra|bên cạnh|năm|ít nhất|mỗi"
    r"|thời gian)(?!\w)"
)
_BEHIND_TIME: Final = re.compile(r"(?<=\d)\)?\s+(?=[^\W\d])")
_TIME_REACH: Final = 90
_NOUN_LIST: Final = re.compile(r"(?:đơn vị|địa phương|thành phố|thị xã|cơ quan|tổ chức)(?=\s*,|\s+(?:gắn|mình|và))")
_STOP: Final = re.compile(r"\s*(?:[:;.(]|$)")
_LONGEST: Final = 230
_BULLET: Final = 7
_RECEIVER: Final = re.compile(
    r"(?:gửi|nộp|trình|chuyển|báo cáo|đăng ký|thông báo|phản ánh|hồ sơ|kết quả)[^;]{0,200}?\s(?:gửi\s+)?(?:về|cho"
    r"|lên|tới|đến)\s+(?=(?P<to>\S))"
    r"|(?:báo cáo|trình|gửi|nộp)\s+(?=(?P<direct>\S))"
)
_RECEIVER_STOP: Final = re.compile(
    r"[;.():]|,\s|\s(?:trước|chậm nhất|muộn nhất|để|theo|trong|và gửi|đúng|vào|xem xét|phê duyệt|quyết định|kết quả"
    r"|về|tổng hợp|bằng|định kỳ|hằng|hàng|thẩm định|tình hình|qua|báo cáo|danh sách|kế hoạch|hồ sơ|văn bản|biên bản"
    r"|sau|chậm|gửi|khi|xong|đến|từ|ngày|muộn)(?:\s|$)"
)
_MANY: Final = re.compile(
    r"(?:các|thủ trưởng các|lãnh đạo các|trưởng các)\s+(?:đơn vị|cơ quan|phòng|khoa|chi nhánh|địa phương|chi đoàn"
    r"|thành viên)[^,;.:()]{0,50}"
)


def subject(text: Text, start: int, end: int) -> tuple[str, int] | None:
    """The bearer of the act and where its name ends."""
    for place in _places(text, start, end):
        lead = _LEADS.match(text.low, place)
        first = lead.end() if lead else place
        if ACTOR_START.match(text.low, first, end) and (found := _name(text, first, end)):
            return _told(text, found[1], end, _TELLS) or found
    return None


def _told(text: Text, place: int, end: int, tells: re.Pattern[str]) -> tuple[str, int] | None:
    """ "Giám đốc giao Văn phòng …": the one who is told acts, not the one who tells."""
    lead = tells.match(text.low, place, end)
    if lead is None or not ACTOR_START.match(text.low, lead.end(), end):
        return None
    return _name(text, lead.end(), end)


def _places(text: Text, start: int, end: int) -> Iterator[int]:
    """Where a bearer may be named: at the head, behind words of time, behind "giao", "đề nghị" and the like."""
    colon = text.plain.find(": ", start, min(end, start + 130))
    if colon >= 0 and _COUNTED.match(text.low, colon + 2, end):
        yield colon + 2  # "Khu dân cư điểm: mỗi xã chọn …"
    head = re.compile(r"[\W_]*").match(text.low, start, end)
    yield head.end() if head else start
    if colon >= 0:
        yield colon + 2
    if _ADVERBIAL.match(text.low, start, end):
        for day in _BEHIND_TIME.finditer(text.low, start, min(end, start + _TIME_REACH)):
            yield day.end()
        for comma in re.compile(r"[,:]\s+(?:(?:hằng|hàng)\s+(?:năm|quý|tháng),?\s+)?").finditer(text.low, start, end):
            if VERB_HEAD.match(text.low, comma.end()):
                break
            if not _NOUN_LIST.match(text.low, comma.end()):
                yield comma.end()
    for begin in _BEGINS.finditer(text.low, start, end):
        yield begin.end()


def _name(text: Text, place: int, end: int) -> tuple[str, int] | None:
    """From the head noun to the verb; verbs with capitals, and after "đoàn", "ban", belong to the name."""
    limit = min(end, place + _LONGEST)
    colon = text.plain.find(":", place, limit)
    for verb in _VERB.finditer(text.plain, place + 2, limit):
        if verb.group() in _OF_NAMES and _NAME_ONLY.search(text.low, max(place - 1, verb.start() - 12), verb.start()):
            continue
        if text.low.endswith("được ", place, verb.start()):
            continue  # "các đơn vị được kiểm tra": a part of the name
        if _NO_ACT.match(text.low, verb.start(), end):
            continue
        if 0 <= colon < verb.start():
            break
        return _clean(text, place, verb.start())
    return _clean(text, place, colon) if colon >= 0 else None


def _clean(text: Text, start: int, end: int) -> tuple[str, int] | None:
    words = text.quote(start, end).strip(" ,-:")
    if ". " in words or not words or len(words) > _LONGEST:
        return None
    words = re.sub(r"\s+(?:và|đã|để|khi|nếu)$", "", words)
    return words, end


def heading_actor(text: Text, block: Block) -> str | None:
    """The bearer that a heading or lead-in names: "1. Văn phòng Sở:", "3. Giao Văn phòng Sở có trách nhiệm:"."""
    start = block.start
    if lead := _LEADS.match(text.low, start):
        start = lead.end()
    if not ACTOR_START.match(text.low, start, block.end):
        return None
    if found := _name(text, start, block.end):
        return (_told(text, found[1], block.end, _ASKS) or found)[0]
    words = text.quote(start, block.end).rstrip(" :.")
    return words if len(words) < _LONGEST and "." not in words else None


def inherited_actor(outline: Outline, block: Block) -> str | None:
    for above in block.ancestors():
        if actor := heading_actor(outline.text, above):
            return actor
    return None


def receiver(text: Text, start: int, end: int, due_at: int) -> str | None:
    """To whom the papers go: the last one the clause names, without the words of the time at `due_at`."""
    found = None
    # "gửi về X" says it best; "báo cáo X" only where nothing else does.
    for match in _RECEIVER.finditer(text.low, start, end):
        place = match.end()
        if not ACTOR_START.match(text.low, place, end):
            continue
        stop = _RECEIVER_STOP.search(text.plain, place + 1, end)
        while stop and stop.group().startswith(",") and ACTOR_START.match(text.low, stop.end()):
            stop = _RECEIVER_STOP.search(text.plain, stop.end(), end)
        last = stop.start() if stop else end
        found = text.quote(place, due_at if place < due_at < last else last).strip(" ,")
        break
    return found


def addressed_units(outline: Outline) -> str | None:
    """How the plan calls all it addresses, in the words it uses most."""
    counted: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for block in outline.body:
        for match in _MANY.finditer(outline.text.low, block.start, block.end):
            stop = _VERB.search(outline.text.plain, match.start(), match.end())
            words = outline.text.quote(match.start(), stop.start() if stop else match.end()).strip(" -")
            counted[words.lower()] += 1
            shown.setdefault(words.lower(), words)
    if not counted:
        return None
    best = max(counted.items(), key=lambda pair: (pair[1], -len(pair[0])))[0]
    return shown[best][0].upper() + shown[best][1:]


_ADDRESSED: Final = re.compile(r"kính gửi\s*:?\s*")


def addressees(outline: Outline) -> str | None:
    """To whom a letter is written: the words behind "Kính gửi", be they a line or a list."""
    text = outline.text
    for index, block in enumerate(outline.body):
        greeting = _ADDRESSED.match(text.low, block.start, block.end)
        if greeting is None:
            continue
        names = [text.quote(greeting.end(), block.end)]
        for below in outline.body[index + 1 :]:
            is_alone = not any(names) and len(names) == 1
            is_list = text.plain[below.end - 1] in ";." or below.rank >= _BULLET or is_alone
            if not is_list or below.end - below.start > _LONGEST or not ACTOR_START.match(text.low, below.start):
                break
            names.append(text.quote(below.start, below.end))
        return "; ".join(name.strip(" ;.-") for name in names if name.strip(" ;.-"))[:_LONGEST] or None
    return None


_ASKED: Final = re.compile(
    r"(?<!\w)(?:đề nghị|yêu cầu|hướng dẫn|thông báo (?:đến|tới|cho)|thông báo|đề nghị và yêu cầu)\s+(?=\w)"
)
_REQUESTS: Final = re.compile(r"(?<!\w)(?:đề nghị|yêu cầu|giao)\s+(?:cho\s+)?(?=\w)")
_LAST_REQUESTS: Final = 5
_AS_FOLLOWS: Final = re.compile(r"(?:như sau|sau|sau đây|dưới đây)\s*:?$")


def asked_bodies(outline: Outline) -> str | None:
    """ "Nhà trường đề nghị các khoa, phòng thực hiện các nội dung sau:": what follows is asked of them."""
    text = outline.text
    for block in outline.body:
        words = text.low[block.start : block.end].rstrip()
        if not words.endswith(":") or not _AS_FOLLOWS.search(words):
            continue
        for asks in _ASKED.finditer(text.low, block.start, block.end):
            if not ACTOR_START.match(text.low, asks.end(), block.end):
                continue
            found = _name(text, asks.end(), block.end)
            if found and not found[0].endswith(":"):
                return re.split(r"\s(?:về việc|việc)(?:\s|$)", found[0])[0].rstrip(" ,:")
    return None


def asked_before(outline: Outline, place: int) -> str | None:
    """Whom the last request above a place names; for texts without a head, where no one else is known."""
    text = outline.text
    known = memory(text)
    if "requests" not in known:
        asks = (one.end() for block in outline.body for one in _REQUESTS.finditer(text.low, block.start, block.end))
        known["requests"] = [start for start in asks if ACTOR_START.match(text.low, start)]
    starts: list[int] = known["requests"]
    above = starts[: bisect_left(starts, place)][-_LAST_REQUESTS:]
    return next((found[0] for start in reversed(above) if (found := _name(text, start, place))), None)


def shares_words(first: str | None, second: str | None) -> bool:
    """Whether two names of bodies may mean the same one."""
    if not first or not second:
        return False
    wanted = set(re.findall(r"\w+", first.lower())) - _COMMON
    return bool(wanted & (set(re.findall(r"\w+", second.lower())) - _COMMON))


_COMMON: Final = frozenset(
    ["của", "và", "các", "tỉnh", "thành", "phố", "cơ", "quan", "đơn", "vị", "trưởng", "phó", "ban", "phòng"]
)


def first_actor(candidates: Sequence[str | None]) -> str | None:
    return next((candidate for candidate in candidates if candidate), None)
