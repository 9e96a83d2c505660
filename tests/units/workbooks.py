"""Reading a workbook that was answered."""

import io
import zipfile
from pathlib import Path
from typing import Any

import python_calamine


def content_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def read(response: Any) -> tuple[list[list[Any]], list[list[Any]]]:
    """The lines above the header, and the table from its header on."""
    return read_file(io.BytesIO(content_of(response)))


def read_file(file: Path | io.BytesIO) -> tuple[list[list[Any]], list[list[Any]]]:
    book = python_calamine.load_workbook(file)
    lines = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    return lines[:3], lines[3:]


def sheet_xml(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()
