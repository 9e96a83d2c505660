"""The blocks of a certificate: which there are, where they stand unless a unit says otherwise, which texts vary."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from typing import Any

from reports.models.certificates import SIZES, Page, Stock

CODE = "code"
ALWAYS, ON_PLAIN, NEVER = "always", "plain", "never"
SHOWN = {
    ALWAYS: "Mọi loại giấy",
    ON_PLAIN: "Chỉ giấy trắng",
    NEVER: "Không in",
}
ALIGNMENTS = {"left": "Trái", "center": "Giữa", "right": "Phải"}
SMALLEST, LARGEST = 6, 72


@dataclass(frozen=True, slots=True)
class Block:
    """Millimetres from the upper left corner of the page; `size` in points, of the code its side in millimetres.

    `words` replaces the text of a block that says the same on every certificate.
    """

    x: float
    y: float
    width: float
    size: float
    align: str = "center"
    is_bold: bool = False
    shown: str = ALWAYS
    words: str = ""


LABELS: Mapping[str, str] = {
    "nation": "Quốc hiệu, tiêu ngữ",
    "issuer": "Người tặng",
    "verb": "Chữ «Tặng»",
    "title": "Tên danh hiệu, hình thức",
    "name": "Họ tên, tập thể",
    "post": "Chức vụ, đơn vị",
    "merit": "Thành tích",
    "decision": "Số, ngày quyết định",
    "day": "Địa danh, ngày tháng",
    "authority": "Quyền hạn, chức vụ người ký",
    "signer": "Họ tên người ký",
    CODE: "Mã kiểm chứng",
}
# Texts that say the same on every certificate of a title and may be worded by the unit.
WORDED = ("nation", "issuer", "verb", "title", "merit")
# On a page of 297 × 210 mm; other pages stretch these.
_FIRST: Mapping[str, Block] = {
    "nation": Block(48.5, 22, 200, 13, is_bold=True, shown=ON_PLAIN),
    "issuer": Block(28.5, 44, 240, 17, is_bold=True, shown=ON_PLAIN),
    "verb": Block(98.5, 57, 100, 15, is_bold=True, shown=ON_PLAIN),
    "title": Block(23.5, 66, 250, 24, is_bold=True, shown=ON_PLAIN),
    "name": Block(28.5, 87, 240, 24, is_bold=True),
    "post": Block(28.5, 101, 240, 15),
    "merit": Block(38.5, 112, 220, 15),
    "decision": Block(60, 168, 95, 11, align="left"),
    "day": Block(165, 134, 105, 13),
    "authority": Block(165, 142, 105, 13, is_bold=True),
    "signer": Block(165, 178, 105, 14, is_bold=True),
    CODE: Block(23, 148, 34, 34),
}


def first_blocks(page: str) -> dict[str, Block]:
    """Where everything stands on `page` until somebody moves it."""
    wide, high = SIZES[page]
    across, down = wide / SIZES[Page.A4_WIDE][0], high / SIZES[Page.A4_WIDE][1]
    return {
        key: replace(one, x=round(one.x * across, 1), y=round(one.y * down, 1), width=round(one.width * across, 1))
        if key != CODE
        else replace(one, x=round(one.x * across, 1), y=round(one.y * down, 1))
        for key, one in _FIRST.items()
    }


def read_blocks(stored: Mapping[str, Mapping[str, Any]], page: str) -> dict[str, Block]:
    """Blocks as they were stored; one that was not there yet stands where it first stands."""
    first = first_blocks(page)
    return {key: Block(**stored[key]) if key in stored else one for key, one in first.items()}


def store_blocks(blocks: Mapping[str, Block]) -> dict[str, Any]:
    return {key: asdict(one) for key, one in blocks.items()}


def is_printed(block: Block, stock: str) -> bool:
    return block.shown == ALWAYS or (block.shown == ON_PLAIN and stock == Stock.PLAIN)


def lay_out_page(
    blocks: Mapping[str, Block], *, stock: str, texts: Mapping[str, str], offset: tuple[Decimal, Decimal]
) -> list[dict[str, Any]]:
    """The blocks of one page with their texts, moved by what the printer misses; nothing for what stays empty."""
    across, down = (float(one) for one in offset)
    return [
        {
            **asdict(block),
            "key": key,
            "x": round(block.x + across, 2),
            "y": round(block.y + down, 2),
            "lines": (texts[key] or "").split("\n"),
        }
        for key, block in blocks.items()
        if is_printed(block, stock) and texts.get(key)
    ]
