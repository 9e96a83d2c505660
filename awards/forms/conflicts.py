"""Forms about who takes no part in a case."""

from collections.abc import Sequence
from typing import Any

from django import forms

from awards.models import AgendaItem, CouncilMember
from awards.services.conflicts import DECLARABLE


class DeclareForm(forms.Form):
    """A member's own declaration."""

    case = forms.ChoiceField(label="Trường hợp")
    ground = forms.ChoiceField(
        label="Lý do", choices=[(one.value, one.label) for one in DECLARABLE], widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label="Nội dung",
        max_length=400,
        help_text="Chỉ thư ký Hội đồng đọc được, ví dụ: em ruột của người được đề nghị.",
    )

    def __init__(self, *args: Any, items: Sequence[AgendaItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = {str(item.pk): item for item in items}
        named = [(key, f"{item.order}. {item.nomination.nominee_name}") for key, item in self.items.items()]
        self.fields["case"].choices = [("", "Chọn trường hợp"), *named]  # type: ignore[attr-defined]

    def item(self) -> AgendaItem:
        return self.items[self.cleaned_data["case"]]


class KeepForm(forms.Form):
    """The secretary keeps a member from a case."""

    member = forms.ChoiceField(label="Thành viên")
    case = forms.ChoiceField(label="Trường hợp")
    reason = forms.CharField(label="Nội dung", max_length=400)
    clause = forms.CharField(
        label="Căn cứ", max_length=200, help_text="Điều, khoản của quy chế Hội đồng hoặc văn bản quy định."
    )

    def __init__(
        self, *args: Any, members: Sequence[CouncilMember], items: Sequence[AgendaItem], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.members = {str(one.pk): one for one in members}
        self.items = {str(item.pk): item for item in items}
        people = [(key, str(one)) for key, one in self.members.items()]
        named = [(key, f"{item.order}. {item.nomination.nominee_name}") for key, item in self.items.items()]
        self.fields["member"].choices = [("", "Chọn thành viên"), *people]  # type: ignore[attr-defined]
        self.fields["case"].choices = [("", "Chọn trường hợp"), *named]  # type: ignore[attr-defined]

    def chosen(self) -> tuple[CouncilMember, AgendaItem]:
        return self.members[self.cleaned_data["member"]], self.items[self.cleaned_data["case"]]
