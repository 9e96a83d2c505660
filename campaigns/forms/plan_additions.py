"""Forms of what a person adds to a draft: the forms of items, and where in the plan the item stands."""

from typing import Any

from django import forms

from campaigns.forms.clusters import WordsField
from campaigns.forms.plan_drafts import BasisForm, ObligationForm, PhaseForm, QuotaForm
from campaigns.forms.plan_indicators import IndicatorItemForm
from campaigns.forms.plan_items import Group, ItemForm


class PlaceMixin(ItemForm):
    """Where in the plan an item that a person adds stands: lines of the text, or none and why."""

    PLACE = ("line", "last_line", "reason")

    line = forms.IntegerField(
        label="Dòng trong văn bản",
        required=False,
        min_value=1,
        max_value=999_999,
        help_text="Số dòng như trang toàn văn; bỏ trống nếu không có câu nào",
    )
    last_line = forms.IntegerField(
        label="Đến dòng",
        required=False,
        min_value=1,
        max_value=999_999,
        help_text="Khi câu dài hơn một dòng",
    )
    reason = WordsField(
        label="Lý do thêm khi không có câu nào",
        max_length=300,
        required=False,
        help_text="Ví dụ: lãnh đạo chỉ đạo tại cuộc họp ngày 12/3",
    )

    def groups(self) -> list[Group]:
        own = [(legend, [field for field in fields if field.name not in self.PLACE]) for legend, fields in self._own()]
        return [("Câu trong văn bản", [self[name] for name in self.PLACE]), *own]

    def _own(self) -> list[Group]:
        return super().groups()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("line") and not cleaned.get("reason") and "line" not in self.errors:
            self.add_error("reason", "Ghi số dòng trong văn bản, hoặc ghi lý do thêm mục này.")
        if cleaned.get("last_line") and cleaned.get("line") and cleaned["last_line"] < cleaned["line"]:
            self.add_error("last_line", "Dòng cuối đứng trước dòng đầu.")
        return cleaned


class AddedBasisForm(PlaceMixin, BasisForm):
    pass


class AddedPhaseForm(PlaceMixin, PhaseForm):
    pass


class AddedQuotaForm(PlaceMixin, QuotaForm):
    pass


class AddedIndicatorForm(PlaceMixin, IndicatorItemForm):
    pass


class AddedObligationForm(PlaceMixin, ObligationForm):
    pass


class PagesForm(forms.Form):
    """How long one paper of a duty may be."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    paper = WordsField(label="Giấy tờ", max_length=200, help_text="Ví dụ: Báo cáo tóm tắt")
    max_pages = forms.IntegerField(
        label="Không quá mấy trang",
        min_value=1,
        max_value=999,
        error_messages={"required": "Ghi số trang, ví dụ 3.", "invalid": "Ghi số trang, ví dụ 3."},
    )
    line = forms.IntegerField(
        label="Dòng trong văn bản", required=False, min_value=1, max_value=999_999, help_text="Bỏ trống nếu không có"
    )


ADDED_PLAIN_FORMS: dict[str, type[ItemForm]] = {"basis": AddedBasisForm, "phase": AddedPhaseForm}
