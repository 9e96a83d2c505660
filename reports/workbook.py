"""The figures of a campaign as an Excel workbook. Words of people are text, never formulas."""

import io
from collections.abc import Iterable, Sequence
from typing import Any

import xlsxwriter
from django.utils import timezone

from exemplars.models import Nomination
from reports.figures import CampaignSummary, Figures, Line, Measure

UNIT_WIDTH, NUMBER_WIDTH, TEXT_WIDTH = 46, 15, 30
HEADER_ROW = 3
VERDICTS = {"met": "Đạt", "unmet": "Chưa đạt", "undetermined": "Cần xem xét"}


def make_workbook(summary: CampaignSummary, nominations: Iterable[Nomination]) -> bytes:
    """Three sheets: by province, by unit, and the nominations behind the numbers."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    moment = timezone.localtime(summary.as_of)
    # The file's own date is the data's: the same figures give the same file.
    book.set_properties({"title": summary.campaign, "created": moment.replace(tzinfo=None)})
    sheets = _Sheets(book, summary)
    sheets.figures("Theo tỉnh", [(branch.line, "") for branch in summary.branches], with_parent=False)
    sheets.figures(
        "Theo đơn vị",
        [(child, branch.line.name) for branch in summary.branches for child in branch.children],
        with_parent=True,
    )
    sheets.rows("Từng trường hợp", nominations)
    book.close()
    return buffer.getvalue()


class _Sheets:
    """A workbook with its formats."""

    def __init__(self, book: Any, summary: CampaignSummary) -> None:
        self.book, self.summary = book, summary
        font = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        self.title = book.add_format(font | {"bold": True, "font_size": 14})
        self.plain = book.add_format(font)
        self.head = book.add_format(
            font | {"bold": True, "border": 1, "text_wrap": True, "align": "center", "bg_color": "#E8EBF1"}
        )
        self.text = book.add_format(font | {"border": 1, "text_wrap": True})
        self.number = book.add_format(font | {"border": 1, "num_format": "#,##0"})
        self.total_text = book.add_format(font | {"border": 1, "bold": True})
        self.total_number = book.add_format(font | {"border": 1, "bold": True, "num_format": "#,##0"})

    def _open(self, name: str, columns: Sequence[tuple[str, int]]) -> Any:
        sheet = self.book.add_worksheet(name)
        moment = timezone.localtime(self.summary.as_of)
        title = ": ".join(filter(None, (self.summary.campaign, self.summary.phase_title)))
        sheet.write_string(0, 0, title, self.title)
        sheet.write_string(1, 0, f"{self.summary.unit}; số liệu đến {moment:%H:%M} ngày {moment:%d/%m/%Y}", self.plain)
        for column, (label, width) in enumerate(columns):
            sheet.set_column(column, column, width)
            sheet.write_string(HEADER_ROW, column, label, self.head)
        sheet.freeze_panes(HEADER_ROW + 1, 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(HEADER_ROW)
        return sheet

    def figures(self, name: str, lines: Sequence[tuple[Line, str]], *, with_parent: bool) -> None:
        numbers = [(measure.label, NUMBER_WIDTH) for measure in Measure]
        names = [("Đơn vị", UNIT_WIDTH)] + ([("Thuộc", UNIT_WIDTH)] if with_parent else [])
        sheet = self._open(name, [*names, *numbers])
        total = Figures()
        for row, (line, parent) in enumerate(lines, start=HEADER_ROW + 1):
            sheet.write_string(row, 0, line.name, self.text)
            if with_parent:
                sheet.write_string(row, 1, parent, self.text)
            self._numbers(sheet, row, len(names), line.figures, self.number)
            total += line.figures
        last = HEADER_ROW + 1 + len(lines)
        for column in range(len(names)):
            sheet.write_string(last, column, "" if column else "Tổng cộng", self.total_text)
        self._numbers(sheet, last, len(names), total, self.total_number)

    def _numbers(self, sheet: Any, row: int, first: int, figures: Figures, style: Any) -> None:
        for column, measure in enumerate(Measure, start=first):
            sheet.write_number(row, column, figures.of(measure), style)

    def rows(self, name: str, nominations: Iterable[Any]) -> None:
        columns = ("Đơn vị", "Cá nhân, tập thể", "Đề nghị công nhận", "Năm", "Tình trạng", "Đối chiếu tiêu chuẩn")
        widths = (UNIT_WIDTH, TEXT_WIDTH, TEXT_WIDTH, NUMBER_WIDTH, TEXT_WIDTH, TEXT_WIDTH)
        sheet = self._open(name, list(zip(columns, widths, strict=True)))
        last = HEADER_ROW
        for last, one in enumerate(nominations, start=HEADER_ROW + 1):
            verdict = VERDICTS.get(getattr(one, "verdict", None) or "", "Chưa đối chiếu")
            words = (one.unit_name, one.named, one.recognition.name, "", one.get_state_display(), verdict)
            for column, word in enumerate(words):
                sheet.write_string(last, column, word, self.text)
            sheet.write_number(last, 3, one.year, self.text)
        if last > HEADER_ROW:
            sheet.autofilter(HEADER_ROW, 0, last, len(columns) - 1)
