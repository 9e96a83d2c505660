"""Forms of inspections."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from campaigns.forms.clusters import WordsField, require_later_than
from campaigns.inspection_terms import ResultTerm, read_inspection_terms
from campaigns.models import AnchorEvent
from units.folding import fold
from units.forms.fields import DayField
from units.models import Membership, Unit
from units.uploads import ALLOWED


def file_field(label: str) -> forms.FileField:
    return forms.FileField(
        label=label, help_text=f"Một tệp {ALLOWED}.", error_messages={"empty": "Tệp rỗng. Chọn lại tệp."}
    )


class PlanForm(forms.Form):
    title = WordsField(label="Tên kế hoạch kiểm tra", max_length=200)
    number = WordsField(label="Số kế hoạch", max_length=60, help_text="Ví dụ 210/KH-KVTĐ")
    issued_on = DayField(label="Ngày ban hành")
    result_days = forms.IntegerField(
        label="Gửi kết quả chậm nhất sau (số ngày)",
        min_value=1,
        max_value=90,
        help_text="Đếm từ ngày sau ngày kết thúc kiểm tra từng đơn vị.",
    )
    counting = forms.ChoiceField(
        label="Cách đếm",
        choices=(
            ("all", "Mọi ngày"),
            ("working", "Chỉ ngày làm việc"),
        ),
        help_text="Đếm mọi ngày mà ngày cuối là ngày nghỉ thì dời đến ngày làm việc tiếp theo.",
    )
    result_citation = WordsField(
        label="Căn cứ của thời hạn", max_length=200, help_text="Văn bản và điểm, khoản nêu thời hạn này."
    )

    anchor_event = forms.ModelChoiceField(
        AnchorEvent.objects.none(),
        label="Sự kiện được ghi nhận khi kiểm tra xong",
        required=False,
        empty_label="Không gắn sự kiện nào",
        help_text="Khi đơn vị cuối cùng trong kế hoạch kết thúc kiểm tra, phần mềm ghi nhận sự kiện này và tính hạn "
        "của các việc đang chờ; không phải ghi lần nữa ở phong trào.",
    )

    def __init__(self, *args: Any, events: QuerySet[AnchorEvent], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["anchor_event"]
        field.queryset = events
        likely = [one for one in events if "kiem tra" in fold(one.title)]
        if len(likely) == 1:
            field.initial = likely[0].pk
        if not events:
            del self.fields["anchor_event"]

    def values(self) -> dict[str, Any]:
        """What the service is called with."""
        said = dict(self.cleaned_data)
        term = ResultTerm(
            begins=said["issued_on"],
            days=said.pop("result_days"),
            counts_working_days=said.pop("counting") == "working",
            citation=said.pop("result_citation"),
        )
        return said | {"term": term}


def initial_term(day: date) -> dict[str, Any]:
    """What the form of a plan starts with on `day`."""
    term = read_inspection_terms().find_term(day)
    counting = "working" if term.counts_working_days else "all"
    return {"result_days": term.days, "counting": counting, "result_citation": term.citation}


class InspectionForm(forms.Form):
    inspected = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Đơn vị được kiểm tra",
        empty_label="Chọn đơn vị",
        error_messages={"invalid_choice": "Chọn một thành viên trong danh sách."},
    )
    starts_on = DayField(label="Từ ngày", help_text="Ví dụ 13/09/2021")
    ends_on = DayField(label="Đến ngày", help_text="Ví dụ 14/09/2021")

    def __init__(self, *args: Any, units: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen = Unit.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["inspected"].queryset = chosen  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        require_later_than(cleaned.get("starts_on"), cleaned.get("ends_on"))
        return cleaned


class TeamForm(forms.Form):
    """The account is named exactly: nobody browses foreign accounts."""

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=60,
        help_text="Hỏi người đó tên đăng nhập; phải gõ đúng từng chữ.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    duty = WordsField(label="Nhiệm vụ trong Đoàn", max_length=80, help_text="Ví dụ: Trưởng đoàn, thành viên, thư ký")
    office = forms.ModelChoiceField(
        Membership.objects.none(),
        label="Tư cách",
        required=False,
        empty_label="Chọn tư cách",
        help_text="Quyền xem của Đoàn hết cùng tư cách này.",
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        # Whether the office is this account's is the service's to check; the form only reads a key.
        self.fields["office"].queryset = Membership.objects.all()  # type: ignore[attr-defined]
        self.fields["office"].widget = forms.HiddenInput()

    def offer(self, offices: list[Membership]) -> None:
        """Let the person choose among the offices of the account that was named."""
        field: Any = self.fields["office"]
        field.widget = forms.Select()
        field.queryset = Membership.objects.filter(pk__in=[one.pk for one in offices]).select_related("unit")


class EndForm(forms.Form):
    ended_on = DayField(label="Ngày kết thúc kiểm tra")


class EndCorrectForm(forms.Form):
    ended_on = DayField(label="Ngày kết thúc đúng")
    reason = WordsField(label="Lý do đính chính", max_length=400)


class ResultForm(forms.Form):
    number = WordsField(label="Số báo cáo kết quả", max_length=60, help_text="Ví dụ 225/BC-KVTĐ")
    issued_on = DayField(label="Ngày báo cáo")
    conclusion = forms.CharField(
        label="Kết luận", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), help_text="Nêu ngắn gọn."
    )
    minutes = file_field("Biên bản kiểm tra")
    result = file_field("Báo cáo kết quả kiểm tra")


class ReportForm(forms.Form):
    file = file_field("Báo cáo của đơn vị")
