"""The text of a PDF's pages, line by line, from what their content streams show.

Letters come from each font's own table (ToUnicode); without one, from the Western code page. Lines are put together
from where the letters stand, so two columns of a head come out side by side with a wide gap between. Tables with
drawn lines come out as rows with bars (`pdf_tables`).
"""

import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import pikepdf

from campaigns.planreader.pdf_columns import find_columns
from campaigns.planreader.pdf_tables import Box, Piece, Row, Rule, find_tables, line_of, rows_of, rules_of

MAX_PAGES: Final = 120
MAX_OPERATIONS: Final = 400_000
_THOUSAND: Final = 1000
_DEEPEST: Final = 4
MAX_RULES: Final = 20_000
_PARAGRAPH: Final = 2.1
_IDENTITY: Final = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
_DEFAULT_WIDTH: Final = 500.0

Matrix = tuple[float, float, float, float, float, float]


class PdfError(ValueError):
    """Why the file cannot be read, in words for people."""


@dataclass(slots=True)
class Font:
    letters: dict[int, str]
    widths: dict[int, float]
    default_width: float
    is_wide: bool

    def show(self, codes: bytes) -> Iterator[tuple[str, float, bool]]:
        """Each glyph's letters, its width in thousandths, and whether it is the one-byte space."""
        step = 2 if self.is_wide else 1
        for place in range(0, len(codes) - step + 1, step):
            code = int.from_bytes(codes[place : place + step], "big")
            letters = self.letters.get(code)
            if letters is None:
                letters = "" if self.is_wide else bytes([code]).decode("cp1252", errors="ignore")
            yield letters, self.widths.get(code, self.default_width), not self.is_wide and code == 32  # noqa: PLR2004


@dataclass(slots=True)
class _State:
    """What the operators change while a page is read."""

    ctm: Matrix = _IDENTITY
    text: Matrix = _IDENTITY
    line: Matrix = _IDENTITY
    font: Font | None = None
    size: float = 1.0
    leading: float = 0.0
    char_space: float = 0.0
    word_space: float = 0.0
    scale: float = 1.0
    saved: list[tuple[Matrix, Font | None, float]] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    path: list[Box] = field(default_factory=list)
    point: tuple[float, float] = (0.0, 0.0)
    start: tuple[float, float] = (0.0, 0.0)
    rules: list[Rule] = field(default_factory=list)


def pdf_text(content: bytes) -> str:
    """All pages, a line of the page a line of the text; raises `PdfError`."""
    try:
        with pikepdf.open(io.BytesIO(content)) as document:
            if len(document.pages) > MAX_PAGES:
                raise PdfError(
                    f"có {len(document.pages)} trang, quá {MAX_PAGES} trang. Tách riêng phần kế hoạch rồi chọn lại."
                )
            return "\n\n".join(_page(page) for page in document.pages)
    except pikepdf.PasswordError as error:
        raise PdfError("tệp PDF có mật khẩu nên không đọc được. Bỏ mật khẩu của tệp rồi chọn lại.") from error
    except (pikepdf.PdfError, RecursionError, ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        if isinstance(error, PdfError):
            raise
        raise PdfError("tệp PDF bị hỏng nên không đọc được. Xuất lại tệp từ Word rồi chọn lại.") from error


def _page(page: pikepdf.Page) -> str:
    state = _State()
    _run(page, page.obj.get("/Resources", pikepdf.Dictionary()), state, 0)
    tables, rest = find_tables(state.pieces, state.rules)
    columns, rest = find_columns(rest)
    return "\n".join(_lines(rest, [*tables, *columns]))


def _run(stream: Any, resources: Any, state: _State, depth: int) -> None:
    fonts: dict[str, Font] = {}
    for count, instruction in enumerate(pikepdf.parse_content_stream(stream)):
        if count > MAX_OPERATIONS:
            raise PdfError("có trang quá rối nên không đọc được. Xuất lại tệp từ Word rồi chọn lại.")
        operands, name = [*instruction.operands], str(instruction.operator)
        if name == "Tf":
            state.font = _font(fonts, resources, str(operands[0]))
            state.size = float(operands[1])
        elif name == "Do" and depth < _DEEPEST:
            _form(operands, resources, state, depth)
        elif handler := _OPERATORS.get(name):
            handler(state, operands)


def _form(operands: Any, resources: Any, state: _State, depth: int) -> None:
    form = resources.get("/XObject", pikepdf.Dictionary()).get(str(operands[0]))
    if form is None or str(form.get("/Subtype")) != "/Form":
        return
    saved = state.ctm
    if matrix := form.get("/Matrix"):
        state.ctm = _times(_matrix(matrix), state.ctm)
    _run(form, form.get("/Resources", resources), state, depth + 1)
    state.ctm = saved


def _font(known: dict[str, Font], resources: Any, name: str) -> Font:
    if name not in known:
        known[name] = _read_font(resources.get("/Font", pikepdf.Dictionary()).get(name, pikepdf.Dictionary()))
    return known[name]


def _read_font(font: Any) -> Font:
    is_wide = str(font.get("/Subtype")) == "/Type0"
    table = font.get("/ToUnicode")
    letters = _letters(table.read_bytes().decode("latin-1")) if isinstance(table, pikepdf.Stream) else {}
    if is_wide:
        inner = font["/DescendantFonts"][0]
        return Font(letters, _wide_widths(inner.get("/W", [])), float(inner.get("/DW", _THOUSAND)), is_wide)
    first = int(font.get("/FirstChar", 0))
    widths = {first + index: float(width) for index, width in enumerate(font.get("/Widths", []))}
    return Font(letters, widths, _DEFAULT_WIDTH, is_wide)


def _wide_widths(entries: Any) -> dict[int, float]:
    widths: dict[int, float] = {}
    items = list(entries)
    place = 0
    while place + 1 < len(items):
        first = int(items[place])
        if isinstance(items[place + 1], pikepdf.Array):
            widths.update({first + index: float(width) for index, width in enumerate(items[place + 1])})
            place += 2
        elif place + 2 < len(items):
            last = min(int(items[place + 1]), first + 0xFFFF)
            widths.update(dict.fromkeys(range(first, last + 1), float(items[place + 2])))
            place += 3
        else:
            break
    return widths


def _letters(table: str) -> dict[int, str]:
    found: dict[int, str] = {}
    for section in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, letters in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", section):
            found[int(code, 16)] = _utf16(letters)
    for section in re.findall(r"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for first, last, letters, listed in re.findall(
            r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<([0-9A-Fa-f]+)>|\[([^\]]*)\])", section
        ):
            found.update(_range(int(first, 16), int(last, 16), letters, listed))
    return found


def _range(first: int, last: int, letters: str, listed: str) -> Iterator[tuple[int, str]]:
    if listed:
        for index, one in enumerate(re.findall(r"<([0-9A-Fa-f]+)>", listed)):
            yield first + index, _utf16(one)
        return
    for code in range(first, min(last, first + 0xFFFF) + 1):
        yield code, _utf16(f"{int(letters, 16) + code - first:0{len(letters)}x}")


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits.zfill((len(digits) + 3) // 4 * 4)).decode("utf-16-be", errors="ignore")


def _matrix(values: Any) -> Matrix:
    a, b, c, d, e, f = (float(value) for value in values)
    return a, b, c, d, e, f


def _times(first: Matrix, second: Matrix) -> Matrix:
    a, b, c, d, e, f = first
    g, h, i, j, k, m = second
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def _move(state: _State, x: float, y: float) -> None:
    state.line = state.text = _times((1, 0, 0, 1, x, y), state.line)


def _show(state: _State, codes: Any) -> None:
    if state.font is None:
        return
    start = _times(state.text, state.ctm)
    letters, advance = [], 0.0
    for shown, width, is_space in state.font.show(bytes(codes)):
        letters.append(shown)
        advance += (
            width / _THOUSAND * state.size + state.char_space + (state.word_space if is_space else 0)
        ) * state.scale
    state.text = _times((1, 0, 0, 1, advance, 0), state.text)
    end = _times(state.text, state.ctm)
    size = abs(state.size) * (start[2] ** 2 + start[3] ** 2) ** 0.5 or 1.0
    state.pieces.append(Piece(start[4], start[5], end[4], size, "".join(letters)))


def _show_all(state: _State, items: Any) -> None:
    for item in items:
        if isinstance(item, pikepdf.String | bytes):
            _show(state, item)
        else:
            shift = -float(item) / _THOUSAND * state.size * state.scale
            state.text = _times((1, 0, 0, 1, shift, 0), state.text)


def _begin(state: _State, _operands: list[Any]) -> None:
    state.text = state.line = _IDENTITY


def _save(state: _State, _operands: list[Any]) -> None:
    state.saved.append((state.ctm, state.font, state.size))


def _restore(state: _State, _operands: list[Any]) -> None:
    if state.saved:
        state.ctm, state.font, state.size = state.saved.pop()


def _transform(state: _State, operands: list[Any]) -> None:
    state.ctm = _times(_matrix(operands), state.ctm)


def _place(state: _State, operands: list[Any]) -> None:
    state.text = state.line = _matrix(operands)


def _set(name: str, factor: float = 1.0) -> Callable[[_State, list[Any]], None]:
    return lambda state, operands: setattr(state, name, float(operands[0]) * factor)


def _move_leading(state: _State, operands: list[Any]) -> None:
    state.leading = -float(operands[1])
    _move(state, float(operands[0]), float(operands[1]))


def _next_line(state: _State, _operands: list[Any]) -> None:
    _move(state, 0, -state.leading)


def _next_and_show(state: _State, operands: list[Any]) -> None:
    _move(state, 0, -state.leading)
    _show(state, operands[-1])


def _rectangle(state: _State, operands: list[Any]) -> None:
    x, y, width, height = (float(value) for value in operands)
    corners = [_at(state, x, y), _at(state, x + width, y + height)]
    state.path.append(_box(*corners))


def _go(state: _State, operands: list[Any]) -> None:
    state.point = state.start = _at(state, float(operands[0]), float(operands[1]))


def _draw(state: _State, operands: list[Any]) -> None:
    point = _at(state, float(operands[0]), float(operands[1]))
    state.path.append(_box(state.point, point))
    state.point = point


def _close(state: _State, _operands: list[Any]) -> None:
    state.path.append(_box(state.point, state.start))
    state.point = state.start


def _at(state: _State, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = state.ctm
    return x * a + y * c + e, x * b + y * d + f


def _box(one: tuple[float, float], other: tuple[float, float]) -> Box:
    return Box(min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1]))


def _paint(state: _State, _operands: list[Any], *, is_stroke: bool) -> None:
    if len(state.rules) < MAX_RULES:
        state.rules.extend(rules_of(state.path, is_stroke=is_stroke))
    state.path.clear()


_OPERATORS: Final[dict[str, Callable[[_State, list[Any]], None]]] = {
    "re": _rectangle,
    "m": _go,
    "l": _draw,
    "h": _close,
    "n": lambda state, _operands: state.path.clear(),
    **{name: partial(_paint, is_stroke=True) for name in ("S", "s", "B", "B*", "b", "b*")},
    **{name: partial(_paint, is_stroke=False) for name in ("f", "F", "f*")},
    "BT": _begin,
    "q": _save,
    "Q": _restore,
    "cm": _transform,
    "Tm": _place,
    "Td": lambda state, operands: _move(state, float(operands[0]), float(operands[1])),
    "TD": _move_leading,
    "T*": _next_line,
    "TL": _set("leading"),
    "Tc": _set("char_space"),
    "Tw": _set("word_space"),
    "Tz": _set("scale", 0.01),
    "Tj": lambda state, operands: _show(state, operands[0]),
    "TJ": lambda state, operands: _show_all(state, operands[0]),
    "'": _next_and_show,
    '"': _next_and_show,
}


def _lines(pieces: list[Piece], tables: list[Row]) -> Iterator[str]:
    """From top to bottom, a line from left to right; the rows of tables where they stand."""
    rows = rows_of(pieces)
    waiting = sorted(tables, key=lambda row: -row.y)
    above: Piece | None = None
    for row in rows:
        while waiting and waiting[0].y > row[0].y:
            above = None
            yield waiting.pop(0).words
        if above is not None and above.y - row[0].y > _PARAGRAPH * above.size:
            yield ""
        yield line_of(row)
        above = row[0]
    yield from (row.words for row in waiting)
