"""How many may be put forward or honoured: counts, shares and fractions, for which award and for whom.

A number is a quota by one of three signs: a word for the most ("không quá", "tối đa"), a word for putting forward
before it ("giới thiệu 01 tập thể"), or an award beside it ("tặng 30 Bằng khen"). Goals ("ít nhất", "thêm") are none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from campaigns.planreader import quota_tables
from campaigns.planreader.letters import ACTOR_START, CAPITALS
from campaigns.planreader.reading import Quota, Span
from campaigns.planreader.structure import Block, Outline, clauses, is_heading, sentences
from campaigns.planreader.text import Text, memory

_WORDS: Final = {
    "một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10,
    "mười hai": 12, "mười lăm": 15, "hai mươi": 20, "ba mươi": 30,
}  # fmt: skip
_COUNTED: Final = "|".join(sorted(_WORDS, key=len, reverse=True))
AT_MOST: Final = (
    r"(?:không\s+(?:vượt(?:\s+quá)?|quá)|không\s+(?:nhiều|lớn|dài)\s+hơn|tối\s+đa(?:\s+(?:là|không\s+quá))?"
    r"|nhiều\s+nhất(?:\s+là)?|giới\s+hạn(?:\s+trong)?|gói\s+gọn\s+trong|≤|<=)"
)
_UNITS: Final = (
    "tập thể", "cá nhân", "đơn vị", "hộ gia đình", "gia đình", "hộ", "suất", "giải", "gương", "điển hình", "mô hình",
    "đồng chí", "chi đoàn", "chi hội", "chi bộ", "đảng bộ", "đảng viên", "trường hợp", "người", "công chức",
    "viên chức", "cán bộ", "đoàn viên", "danh hiệu", "sáng kiến", "tác phẩm", "đội", "phòng", "khoa", "chi cục", "cục",
    "sở", "chi nhánh", "công ty", "cơ sở", "thôn", "xã", "phường", "huyện", "lớp", "sinh viên", "giảng viên",
    "nhân viên", "hội viên", "lao động", "cơ quan", "doanh nghiệp", "hồ sơ", "bác sĩ", "điều dưỡng", "học sinh",
    "giáo viên", "trường", "tổ", "bộ môn", "đại biểu", "đề tài", "khu dân cư", "nhóm", "công đoàn", "bệnh viện",
    "ban", "thành viên", "hợp tác xã", "tổ chức", "nông dân", "công nhân", "chiến sĩ", "nhà giáo", "thầy thuốc",
    "công trình", "sản phẩm", "địa phương", "câu lạc bộ", "khối", "cụm", "nhà trường", "trạm", "trung tâm",
)  # fmt: skip
_AWARDS: Final = (
    r"(?:cờ thi đua|cờ truyền thống|cờ đơn vị|bằng khen|giấy khen|huân chương|huy chương|kỷ niệm chương|huy hiệu"
    r"|bằng lao động|cờ(?=\s+(?:của|và|cho|,)))"
)
_UNIT: Final = rf"(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?!\w)(?<!tổ(?= chức))"
# What is measured rather than chosen: time, length, money, marks, pages.
_MEASURES: Final = (
    r"(?:ngày|tháng|năm|tuần|quý|giờ|phút|giây|trang|từ|chữ|dòng|ký tự|đồng|triệu|tỷ|nghìn|ngàn|mét|m|km|ha|kg|tấn|lần"
    r"|điểm|tiết|buổi|bước|mb|gb|kb|phần trăm|tuổi|cỡ|bản|bộ|bài|ảnh|phiếu|file|tệp|trường(?= thông tin)|giải pháp"
    r"|lượt|vụ|việc|mục|khoản|điều|chương|phút|slide|khổ|mặt|cột|câu|tin|%)(?!\w)"
)
_ITEM: Final = re.compile(
    rf"(?P<cap>{AT_MOST}\s*(?:là\s+|:\s*)?)?(?<![\w/.,])(?:(?:từ\s+)?\d{{1,3}}\s*(?:-|đến)\s*)?"
    rf"(?P<n>\d{{1,4}}|{_COUNTED})(?![\w.]|,\d)(?:\s*\(\s*(?:\w+\s*){{1,4}}\))?\s*"
    rf"(?:(?P<share>%|phần trăm)|/\s?(?P<of>[2-9]|10)(?![\d/])|(?=(?P<award>{_AWARDS}))|(?=(?P<unit>{_UNIT}))|(?=\w))"
)
_LABELLED: Final = re.compile(
    rf"(?P<unit>(?:đối với\s+)?(?:các\s+)?{_UNIT})\s*:\s*(?:{AT_MOST}\s*)?(?P<n>\d{{1,3}})(?=\s*(?:[;,.)|]|$))"
)
_AWARD_LABEL: Final = re.compile(
    rf"\W*(?:{_AWARDS}|danh hiệu|chiến sĩ thi đua)[^:.;,\d]{{0,80}}:\s*(?:{AT_MOST}\s*)?(?P<n>\d{{1,3}})\s*[;.,]?\s*"
)
# Words that put somebody forward; what is asked of somebody ("đề nghị … thành lập") is another thing.
_FORWARD: Final = re.compile(
    r"(?<!\w)(?:đề nghị|giới thiệu|lựa chọn|chọn|bình chọn|đề xuất|xét|suy tôn|bình xét|đăng ký|tặng|bầu|đề cử"
    r"|tuyên dương|biểu dương|tôn vinh|khen thưởng|khen|số lượng|cơ cấu|gương|gửi)(?!\w)"
)
_BETWEEN: Final = re.compile(
    r"(?<!\w)(?:thành lập|tổ chức(?! hội)|xây dựng|mở|viết|đóng góp|hỗ trợ|trao tặng|làm điểm|hoàn thành"
    r"|phấn đấu|ít nhất"
    r"|tối thiểu|trở lên|đạt|hơn|trên|dưới|thêm|còn|có|kiểm tra|năm|điều|khoản|thứ|số|đợt|kỳ|nhóm|mẫu|phụ lục|mục"
    r"|trực|tin|bài|lớp|ngày|tháng|lần)\s*$"
)
_OTHER_ACT: Final = re.compile(
    r"(?<!\w)(?:thành lập|xây dựng|mở|viết|đóng góp|hỗ trợ|trao|làm điểm|hoàn thành|phấn đấu)(?!\w)"
)
_EACH: Final = re.compile(r"(?<!\w)(?:mỗi|từng)\s+[^.;]{2,70}$")
_MORE: Final = re.compile(rf"(?:\s*\([^()]*\))?\s*(?:,|;|và|hoặc|/|\+)\s*(?:{AT_MOST}\s*)?(?:\w+\s*\(\s*)?$")
_GROUP: Final = re.compile(r"\s*(?P<group>[^,;.()\d%]{1,140})")
_GROUP_STOP: Final = re.compile(
    r"\s(?:để|và|được|là|có|đề nghị|trình|gửi|trước|vào|theo|(?<!giải )nhất|đạt|/|tham dự|tham gia|mỗi|tặng"
    r"|trong|hoàn thành"
    r"|dẫn đầu|tiêu biểu|xuất sắc|đăng ký|làm)(?:\s|$)"
)
_FOR: Final = re.compile(r"\s+(?:cho|tặng|đối với)\s+(?:các\s+)?(?=\w)")
_TITLE: Final = re.compile(
    r'"(?P<quoted>[^"\n]{4,90})"|(?P<bare>(?:cờ thi đua|bằng khen|giấy khen|huân chương|huy hiệu|chiến sĩ thi đua|'
    r"lao động tiên tiến|"
    r"lao động xuất sắc|tập thể lao động|kỷ niệm chương|điển hình tiên tiến|bằng lao động|cờ truyền thống"
    r"|đơn vị quyết thắng|danh hiệu|(?<=mức )hoàn thành (?:xuất sắc|tốt) nhiệm vụ|(?<=loại )hoàn thành (?:xuất sắc|tốt)"
    r" nhiệm vụ|"
    r'người tốt,? việc tốt|giải thưởng|tuyên dương)[^,;.:()"\n\d]{0,60})'
)
_TITLE_STOP: Final = re.compile(
    r"\s(?:cho|đối với|không quá|tối đa|được|mỗi|để|với|dự kiến|theo|là|và|tặng|trong|thuộc diện|không vượt|xét"
    r"|bỏ phiếu|gồm|như sau|trên|một|hai|ba|bốn|tám)(?:\s|$)"
)
_BLOCK_GROUP: Final = re.compile(
    r"(?:đối với\s+)?(?P<group>(?:khối|nhóm|cụm)\s+[^,;.:()]{2,80}?)(?=\s+(?:dự kiến|bỏ phiếu|lựa chọn|bình xét"
    r"|không quá|tối đa|được|chọn|đề nghị)|[:,])"
)
_GOALS: Final = re.compile(r"(?:chỉ tiêu|mục tiêu|mục đích|yêu cầu|nội dung thi đua)(?!\w)")
_REWARDS: Final = re.compile(r"khen|thưởng|suy tôn|bình xét|danh hiệu|số lượng|cơ cấu|tôn vinh|tuyên dương")
_KINDS: Final = {"goals": _GOALS, "rewards": _REWARDS}
_REWARD_LABEL: Final = re.compile(rf"\W*(?:[^:.;,]{{0,40}}(?:{_REWARDS.pattern})[^:.;,]{{0,30}}):")
# Who they are is told elsewhere: a number of those chosen, not of those that may be.
_NAMED_ALREADY: Final = re.compile(r"\((?:có\s+)?danh sách (?:kèm theo|đính kèm|gửi kèm)")
_NAMED_BEHIND: Final = re.compile(
    rf"\w+(?:\s\w+)?\s*:\s*(?:(?:Trường|Phòng|Sở|Ban|Công ty|Khoa|Ông|Bà|UBND)\s+){{1,2}}[{CAPITALS}]"
)
_FEW_WORDS: Final = 12  # of a label and its bearer
_REACH: Final = 240
_NEAR: Final = 60


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a number stands: its clause and sentence, the award of the sentence, whether goals are spoken of."""

    text: Text
    clause: tuple[int, int]
    sentence: tuple[int, int]
    title: str
    is_goal: bool
    is_reward: bool


def find_quotas(outline: Outline) -> list[Quota]:
    text = outline.text
    found: list[Quota] = []
    columns: quota_tables.QuotaColumns | None = None
    last_title = ""
    for block in outline.body:
        title = ""
        is_goal, is_reward = _under(outline, block, "goals"), _under(outline, block, "rewards")
        if block.cells:
            heads = quota_tables.columns_of(text, block, is_reward=is_reward or bool(last_title))
            columns = heads or columns
            if columns:
                if not heads:
                    above = last_title or _title_above(outline, block)
                    found.extend(quota_tables.row_quotas(text, block, columns, above))
                continue
        else:
            columns = None
            last_title = _title_in(text, block.start, block.end)
        is_reward = is_reward or bool(_REWARD_LABEL.match(text.low, block.start, block.end))
        is_goal = is_goal and not is_reward
        for sentence in sentences(text, block.start, block.end):
            if _NAMED_ALREADY.search(text.low, *sentence):
                continue
            title = _title_in(text, *sentence) or title or _title_above(outline, block)
            places = [_Place(text, clause, sentence, title, is_goal, is_reward) for clause in clauses(text, *sentence)]
            found.extend(_of_sentence(places))
    return _unique(found)


def _under(outline: Outline, block: Block, kind: str) -> bool:
    """Whether the block or a heading above it speaks of goals, or of rewards."""
    known, key = memory(outline.text), (kind, block.start)
    if key not in known:
        says_so = is_heading(outline.text, block) and bool(_KINDS[kind].search(outline.low(block)))
        known[key] = says_so or (block.parent is not None and _under(outline, block.parent, kind))
    found: bool = known[key]
    return found


def _unique(found: list[Quota]) -> list[Quota]:
    return list({(quota.title, quota.group, quota.at_most, quota.line): quota for quota in found}.values())


def _of_sentence(places: list[_Place]) -> Iterator[Quota]:
    last_end = -1
    for place in places:
        text = place.text
        for match in _ITEM.finditer(text.low, *place.clause):
            goes_on = last_end >= 0 and _goes_on(text, last_end, match)
            if goes_on or _is_quota(place, match):
                quota, last_end = _read(place, match)
                yield quota
        yield from _labelled(place)


def _goes_on(text: Text, last_end: int, match: re.Match[str]) -> bool:
    """ "02 tập thể, 05 cá nhân": a number right behind a quota is one too."""
    return bool(match["unit"]) and bool(_MORE.fullmatch(text.low, last_end, match.start("n")))


def _labelled(place: _Place) -> Iterator[Quota]:
    """ "Tập thể: 02" under an award, "Cờ thi đua: 05"."""
    if only := _AWARD_LABEL.fullmatch(place.text.low, *place.clause):
        title = _title_in(place.text, place.clause[0], only.start("n"))
        yield _quota(place, title, "", int(only["n"]), only.start("n"))
    for match in _LABELLED.finditer(place.text.low, *place.clause):
        if place.title or place.is_reward:
            yield _quota(place, place.title, place.text.quote(*match.span("unit")), int(match["n"]), match.start())


def _near(place: _Place, match: re.Match[str]) -> int:
    """From where the words before a number still speak of it: a clause of thousands of numbers is read once."""
    return max(place.clause[0], match.start() - _REACH)


def _is_quota(place: _Place, match: re.Match[str]) -> bool:
    low = place.text.low
    before = low[_near(place, match) : match.start()]
    if match["share"] or match["of"]:
        is_of_award = bool(match["share"]) and bool(_title_in(place.text, _near(place, match), match.start()))
        is_of_award = is_of_award and not _BETWEEN.search(before) and not before.rstrip().endswith("(")
        return bool(match["cap"] or is_of_award) and not (place.is_goal and not place.title)
    if match["cap"]:
        if match["unit"] or match["award"]:
            return not place.is_goal or bool(place.title)
        is_thing = not re.match(_MEASURES, low[match.end() : match.end() + 14])
        return is_thing and bool(place.is_reward or _FORWARD.search(before[-_NEAR:]))
    if _BETWEEN.search(before) or place.is_goal:
        return False
    return _is_bare_quota(place, match, before)


def _is_bare_quota(place: _Place, match: re.Match[str], before: str) -> bool:
    """A count without a word for the most: said of an award, or behind a word that puts forward."""
    if match["award"]:
        return True
    if not match["unit"] or _NAMED_BEHIND.match(place.text.plain, match.end()):
        return False
    near = before[-_NEAR:]
    forward = list(_FORWARD.finditer(near))
    if forward and not _OTHER_ACT.search(near[forward[-1].end() :]):
        is_asked = forward[-1].group() == "đề nghị" and ACTOR_START.match(near, forward[-1].end() + 1)
        follows = near[forward[-1].end() :].strip(" :(")
        if forward[-1].group() == "gửi":
            return bool(_EACH.search(before))
        return not is_asked or not follows
    if place.is_reward or _title_in(place.text, _near(place, match), match.start()):
        return not _OTHER_ACT.search(near)
    return (
        bool(_EACH.search(before))
        and before.rstrip().count(" ") < _FEW_WORDS
        and bool(re.search(r"(?:đăng ký|giới thiệu|chọn|đề nghị|cử|điển hình|gương)", before))
    )


def _read(place: _Place, match: re.Match[str]) -> tuple[Quota, int]:
    text = place.text
    near = _title_in(text, _near(place, match), match.start()) or place.title
    count = _number(match["n"])
    if match["share"] or match["of"]:
        return _share(place, match, near, count)
    if match["award"]:
        return _awards(place, match, count)
    group, end = _group(text, match.end(), place.clause[1])
    title = _title_behind(place, end) or near
    return _quota(place, title, _with_block(place, match, group), count, match.start()), end


def _number(words: str) -> int:
    return int(words) if words.isdigit() else _WORDS[words]


def _awards(place: _Place, match: re.Match[str], count: int) -> tuple[Quota, int]:
    """ "30 Bằng khen cho tập thể"."""
    text = place.text
    title = _title_in(text, match.end(), min(place.clause[1], match.end() + 90)) or text.quote(*match.span("award"))
    link = _FOR.search(text.low, match.end("award"), min(place.clause[1], match.end() + 90))
    group, end = _group(text, link.end(), place.clause[1]) if link else ("", match.end("award"))
    return _quota(place, title, group, count, match.start()), end


def _title_behind(place: _Place, start: int) -> str:
    """ "giới thiệu 02 đơn vị đề nghị tặng Cờ thi đua …": the award follows whom it is for."""
    low = place.text.low
    following = _ITEM.search(low, start, place.clause[1])
    end = following.start() if following else place.clause[1]
    link = re.compile(r"[^,;.:]{0,40}?(?:tặng|công nhận|đề nghị|xét|suy tôn)\s").match(low, start, end)
    return _title_in(place.text, link.end(), end) if link else ""


def _group(text: Text, start: int, end: int) -> tuple[str, int]:
    match = _GROUP.match(text.low, start, end)
    if match is None:
        return "", start
    stop = _GROUP_STOP.search(text.low, match.start("group"), match.end())
    if "trong số" in match["group"]:  # chosen among others: whom among, in full
        stop = re.compile(r"[,;.]|\s(?:để|trình|gửi)\s|$").search(text.low, match.start("group"), end)
    last = stop.start() if stop else match.end()
    return text.quote(match.start("group"), last).strip(" -:|"), last


def _with_block(place: _Place, match: re.Match[str], group: str) -> str:
    """For whom: the group itself, or where it only says "tập thể", who puts forward or the block named before it."""
    text, start = place.text, _near(place, match)
    if not match["cap"] and (each := re.compile(r"(?:mỗi|từng)\s").search(text.low, start, match.start())):
        bearer = re.match(
            r"(?:mỗi|từng)\s+[^,;.:]{2,60}?(?=\s+(?:được|đề nghị|giới thiệu|lựa chọn|chọn|bình|đề xuất|cử|xét"
            r"|suy|đăng ký)|:)",
            text.low[each.start() : match.start()],
        )
        return f"{group} ({text.quote(each.start(), each.start() + bearer.end())})" if bearer else group
    if group.lower() not in {"tập thể", "cá nhân", "đơn vị", "cơ quan", ""}:
        return group
    blocks = list(_BLOCK_GROUP.finditer(text.low, start, match.start()))
    return f"{group} {text.quote(*blocks[-1].span('group'))}".strip() if blocks else group


def _share(place: _Place, match: re.Match[str], title: str, count: int) -> tuple[Quota, int]:
    """A share in whole percent; "1/3" is the 33 whole percent that it holds."""
    text, end = place.text, place.sentence[1]
    spelt = re.compile(r"\s*\([^()]*\)").match(text.plain, match.end(), end)
    start = spelt.end() if spelt else match.end()
    stop = re.compile(r"[;.(]|,\s|$").search(text.plain, start, end)
    last = stop.start() if stop else end
    if match["of"]:
        count = count * 100 // int(match["of"])
    title = _title_behind(place, start) or title
    return _quota(place, title, f"% {text.quote(start, last)}".strip(), count, match.start(), is_percent=True), last


def _quota(place: _Place, title: str, group: str, count: int, start: int, *, is_percent: bool = False) -> Quota:
    text, sentence = place.text, place.sentence
    return Quota(
        title or None, group or None, count, text.line_at(start), text.quote(*sentence), Span(*sentence), is_percent
    )


def _title_in(text: Text, start: int, end: int) -> str:
    """The first award named; a name in quotes says it best."""
    known, key = memory(text), ("award", start, end)
    if key not in known:
        known[key] = _find_title(text, start, end)
    title: str = known[key]
    return title


def _find_title(text: Text, start: int, end: int) -> str:
    names = list(_TITLE.finditer(text.low, start, end))
    for match in names:
        if match["quoted"]:
            return text.quote(*match.span("quoted"))
    for match in names:
        stop = _TITLE_STOP.search(text.low, match.start(), match.end())
        return text.quote(match.start(), stop.start() if stop else match.end()).strip(" -")
    return ""


def _title_above(outline: Outline, block: Block) -> str:
    for above in block.ancestors():
        if title := _title_in(outline.text, above.start, above.end):
            return title
    return ""
