"""Reads the words and fonts of a PDF, so that tests need no program besides the product's own libraries."""

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pikepdf
from defusedxml.ElementTree import fromstring


def text_of(pdf: bytes, *, page: int | None = None) -> str:
    """The words in the order in which they were drawn, line ends and repeated spaces made one space."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        pages = [opened.pages[page - 1]] if page else list(opened.pages)
        return re.sub(r"\s+", " ", " ".join(" ".join(_words(one.obj, one.resources)) for one in pages))


def fonts_of(pdf: bytes) -> dict[str, bool]:
    """Each font's name, and whether the file carries it."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for one in opened.objects:
            if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == pikepdf.Name.FontDescriptor:
                found[str(one.FontName)] = any(key in one for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    return found


def _words(stream: Any, resources: Any) -> Iterator[str]:
    letters: dict[int, str] = {}
    for operands, operator in pikepdf.parse_content_stream(stream):
        name = str(operator)
        if name == "Tf":
            letters = _letters(resources.Font[operands[0]])
        elif name == "Tj":
            yield _decode(bytes(operands[0]), letters)
        elif name == "TJ":
            yield "".join(_decode(bytes(one), letters) for one in operands[0] if isinstance(one, pikepdf.String))
        elif name == "Do":
            form = resources.XObject[operands[0]]
            if form.get("/Subtype") == pikepdf.Name.Form:
                yield from _words(form, form.get("/Resources", resources))


def _decode(codes: bytes, letters: dict[int, str]) -> str:
    return "".join(letters.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2))


def _letters(font: Any) -> dict[int, str]:
    """Glyph to text, out of the font's own table."""
    table = font.ToUnicode.read_bytes().decode("ascii")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", block):
            found[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return found


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets_of(workbook: bytes) -> dict[str, list[list[str]]]:
    """Each sheet's rows as they stand in the file; a formula is shown with its sign so that none goes unnoticed."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        shared = [
            "".join(part.text or "" for part in one.iter(f"{SHEET}t"))
            for one in fromstring(package.read("xl/sharedStrings.xml"))
        ]
        names = [one.attrib["name"] for one in fromstring(package.read("xl/workbook.xml")).iter(f"{SHEET}sheet")]
        return {
            name: _rows(fromstring(package.read(f"xl/worksheets/sheet{number}.xml")), shared)
            for number, name in enumerate(names, start=1)
        }


def _rows(sheet: Any, shared: list[str]) -> list[list[str]]:
    return [[_cell(one, shared) for one in row.iter(f"{SHEET}c")] for row in sheet.iter(f"{SHEET}row")]


def _cell(cell: Any, shared: list[str]) -> str:
    formula = cell.find(f"{SHEET}f")
    if formula is not None:
        return f"FORMULA {formula.text}"
    value = cell.find(f"{SHEET}v")
    text = "" if value is None else value.text or ""
    return shared[int(text)] if cell.get("t") == "s" else text
