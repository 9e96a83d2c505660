"""The empty table to fill in: a header, an example that is skipped on import, explanations, and lists of choices."""

import io
from typing import Any

import xlsxwriter

from units.imports import Field, FieldKind, Layout

ROWS = 5_000  # rows that offer the lists
EXPLAINED, LISTED = "Hướng dẫn", "Danh mục"
_TEXT_WIDTH = 24


def make_template(layout: Layout) -> bytes:
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
    head = book.add_format(font | {"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E8EBF1"})
    example = book.add_format(font | {"italic": True, "font_color": "#596274", "num_format": "@"})
    text = book.add_format(font | {"num_format": "@"})
    plain = book.add_format(font | {"text_wrap": True})
    sheet = book.add_worksheet(layout.sheet)
    explained = book.add_worksheet(EXPLAINED)
    ranges = _write_lists(book, layout, head, plain)
    for column, one in enumerate(layout.fields):
        # Days too are typed as text: Excel then leaves them as they were written.
        sheet.set_column(column, column, max(_TEXT_WIDTH, len(one.title) + 4), text)
        sheet.write_string(0, column, _header(one), head)
        sheet.write_string(1, column, one.example, example)
        if one.key in ranges:
            sheet.data_validation(
                1,
                column,
                ROWS,
                column,
                {
                    "validate": "list",
                    "source": ranges[one.key],
                    "error_title": "Không có trong danh mục",
                    "error_message": f"Chọn một giá trị của cột «{one.title}» trong danh sách.",
                },
            )
    sheet.freeze_panes(1, 0)
    _explain(explained, layout, head, plain)
    book.close()
    return buffer.getvalue()


def _header(one: Field) -> str:
    return f"{one.title} (*)" if one.is_required else one.title


def _write_lists(book: Any, layout: Layout, head: Any, plain: Any) -> dict[str, str]:
    """One column of labels for each list; where it lies, by field."""
    ranges: dict[str, str] = {}
    listed = [one for one in layout.fields if one.choices]
    if not listed:
        return ranges
    sheet = book.add_worksheet(LISTED)
    for column, one in enumerate(listed):
        sheet.set_column(column, column, 60)
        sheet.write_string(0, column, one.title, head)
        for row, choice in enumerate(one.choices, start=1):
            sheet.write_string(row, column, choice.label, plain)
        letter = chr(ord("A") + column)
        ranges[one.key] = f"='{LISTED}'!${letter}$2:${letter}${len(one.choices) + 1}"
    sheet.freeze_panes(1, 0)
    return ranges


_KINDS = {
    FieldKind.TEXT: "Chữ",
    FieldKind.DAY: "Ngày/tháng/năm",
    FieldKind.YEAR: "Năm, bốn chữ số",
    FieldKind.CHOICE: "Chọn trong danh mục",
    FieldKind.FLAG: "Có hoặc Không",
}


def _explain(sheet: Any, layout: Layout, head: Any, plain: Any) -> None:
    lines = (
        f"Mẫu nhập: {layout.title}.",
        f"Điền vào trang «{layout.sheet}», mỗi dòng một trường hợp. Dòng có chữ «Ví dụ» được bỏ qua khi nhập.",
        "Giữ nguyên tên cột; thứ tự cột có thể đổi. Cột có dấu (*) phải điền. Không gộp ô, không dùng công thức.",
        "Gõ tiếng Việt Unicode (phông Times New Roman, Arial). Lưu tệp dạng Excel Workbook (*.xlsx).",
        "Tải tệp lên chỉ để xem trước kết quả từng dòng; sổ chỉ được ghi sau khi đồng chí xác nhận.",
    )
    for row, line in enumerate(lines):
        sheet.write_string(row, 0, line)
    start = len(lines) + 1
    for column, (title, width) in enumerate((("Cột", 34), ("Bắt buộc", 12), ("Dạng", 22), ("Cách ghi", 80))):
        sheet.set_column(column, column, width)
        sheet.write_string(start, column, title, head)
    for row, one in enumerate(layout.fields, start=start + 1):
        words = (one.title, "Có" if one.is_required else "", _KINDS[one.kind], one.hint)
        for column, word in enumerate(words):
            sheet.write_string(row, column, word, plain)
