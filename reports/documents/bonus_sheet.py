"""Bảng tính tiền thưởng kèm một quyết định, từ cùng số liệu với trang và bảng tính."""

from awards.selectors.bonus import BonusSheet
from reports.documents.facts import Letterhead
from reports.documents.sheet import Sheet, heading


def lay_out(bonus: BonusSheet, head: Letterhead) -> Sheet:
    """Says what was not compared with the law, and names no sum where none is known."""
    return Sheet(
        title="Bảng tính tiền thưởng",
        template="reports/paper/bonus_sheet.html",
        context={"bonus": bonus, "decision": bonus.decision, "head": heading(head, None)},
    )
