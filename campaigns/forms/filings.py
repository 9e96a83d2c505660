"""Forms of what units file, and of the board."""

from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from campaigns.models import Campaign, ExemplarScope, Obligation
from campaigns.selectors.board import LATE, BoardFilter, BoardState
from campaigns.selectors.filings import OTHER_PAPER
from units.forms.fields import DayField, StaticChoices
from units.forms.selects import PlainSelect
from units.models import AwardTitle, Person, Unit
from units.uploads import ALLOWED

WRONG_NUMBER = "Ghi một số từ 1 trở lên."
ONE_OF_THE_LIST = "Chọn một mục trong danh sách."


class SubmissionForm(forms.Form):
    """Number and date are needed when it is sent, not before."""

    document_number = forms.CharField(
        label="Số, ký hiệu văn bản", max_length=60, required=False, help_text="Ví dụ 15/BC-CCTHADS"
    )
    document_date = DayField(label="Ngày văn bản", required=False)
    message = forms.CharField(
        label="Lời nhắn gửi kèm", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        for name in ("document_number", "document_date"):
            self.fields[name].needed_later = "gửi"  # type: ignore[attr-defined]  # read by the field template

    def clean_document_date(self) -> Any:
        day = self.cleaned_data["document_date"]
        if day and day > self.today:
            raise forms.ValidationError("Ngày văn bản ở sau hôm nay. Xem lại ngày trên văn bản.")
        return day


class PaperForm(forms.Form):
    paper = forms.ChoiceField(label="Giấy tờ", required=False, error_messages={"invalid_choice": ONE_OF_THE_LIST})
    # A check of the form's own would speak English: `check_upload` speaks for all files.
    file = forms.FileField(
        label="Tệp",
        allow_empty_file=True,
        error_messages={"required": "Chưa chọn tệp. Chọn một tệp PDF, DOCX, JPG hoặc PNG."},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, papers: list[tuple[str, int | None, bool]], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [(name, f"{name} (không quá {limit} trang A4)" if limit else name) for name, limit, _ in papers]
        field = self.fields["paper"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  declared above
        field.choices = [*choices, ("", OTHER_PAPER)]
        field.says_empty = True  # type: ignore[attr-defined]  # read by the field template: its empty choice has a name
        limit = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
        self.fields["file"].help_text = f"{ALLOWED}; mỗi tệp không quá {limit} MB"


class _PeopleField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return obj.full_name if isinstance(obj, Person) else obj.short_name


class TitleRegistrationForm(forms.Form):
    title = forms.ModelChoiceField(
        label="Danh hiệu, hình thức khen thưởng",
        queryset=AwardTitle.objects.none(),
        empty_label="Chọn danh hiệu",
        error_messages={"required": "Chọn một danh hiệu.", "invalid_choice": ONE_OF_THE_LIST},
    )
    quantity = forms.IntegerField(
        label="Số lượng",
        min_value=1,
        max_value=9999,
        error_messages={
            "required": WRONG_NUMBER,
            "invalid": WRONG_NUMBER,
            "min_value": WRONG_NUMBER,
            "max_value": "Số lượng lớn nhất là 9999.",
        },
    )
    people = _PeopleField(label="Cá nhân dự kiến", queryset=Person._base_manager.none(), required=False)  # noqa: SLF001
    collectives = _PeopleField(label="Tập thể dự kiến", queryset=Unit.objects.none(), required=False)

    def __init__(self, *args: Any, titles: Any, people: Any, collectives: list[Unit], **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (
            ("title", titles),
            ("people", people),
            ("collectives", Unit.objects.filter(pk__in=[one.pk for one in collectives]).order_by("path")),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = rows
        for name in ("people", "collectives"):
            self.fields[name].error_messages["invalid_choice"] = "Có tên không thuộc đơn vị. Tải lại trang và chọn lại."


class _PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.full_name)


class ExemplarRegistrationForm(forms.Form):
    scope = forms.ChoiceField(
        label="Loại điển hình",
        choices=ExemplarScope.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Chọn toàn diện hoặc theo lĩnh vực.", "invalid_choice": ONE_OF_THE_LIST},
    )
    field = forms.CharField(
        label="Lĩnh vực", max_length=200, required=False, help_text="Chỉ ghi khi chọn theo lĩnh vực."
    )
    quantity = forms.IntegerField(
        label="Số lượng",
        min_value=1,
        max_value=9999,
        error_messages={
            "required": WRONG_NUMBER,
            "invalid": WRONG_NUMBER,
            "min_value": WRONG_NUMBER,
            "max_value": "Số lượng lớn nhất là 9999.",
        },
    )
    activities = forms.CharField(
        label="Hoạt động xây dựng",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Việc sẽ làm để phát hiện, bồi dưỡng điển hình.",
        error_messages={"required": "Ghi các hoạt động sẽ làm."},
    )
    responsible = _PersonField(
        label="Lãnh đạo phụ trách",
        queryset=Person._base_manager.none(),  # noqa: SLF001  the default one asks for a scope
        empty_label="Chọn người phụ trách",
        error_messages={"required": "Chọn người phụ trách.", "invalid_choice": ONE_OF_THE_LIST},
    )

    def __init__(self, *args: Any, people: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["responsible"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = people

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        scope, words = data.get("scope"), (data.get("field") or "").strip()
        if scope == ExemplarScope.FIELD and not words:
            self.add_error("field", "Ghi lĩnh vực của điển hình.")
        if scope == ExemplarScope.COMPREHENSIVE:
            data["field"] = ""
        return data


class ReturnForm(forms.Form):
    reasons = forms.CharField(
        label="Lý do trả lại",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Nêu từng chỗ phải sửa. Đơn vị đọc nguyên văn.",
        error_messages={"required": "Chưa ghi lý do. Đơn vị cần biết phải sửa gì và vì sao."},
    )


class BoardForm(forms.Form):
    """What the board shows; an address that names something unknown is answered as if it named nothing."""

    campaign = forms.ModelChoiceField(
        label="Phong trào",
        queryset=Campaign.objects.none(),
        required=False,
        empty_label="Tất cả",
        to_field_name="code",
        widget=PlainSelect,
    )
    obligation = forms.ModelChoiceField(
        label="Việc", queryset=Obligation.objects.none(), required=False, empty_label="Tất cả", widget=PlainSelect
    )
    state = StaticChoices(label="Tình trạng", empty="Tất cả", choices=[], required=False)
    branch = forms.ModelChoiceField(
        label="Đơn vị trực thuộc",
        queryset=Unit.objects.none(),
        required=False,
        empty_label="Tất cả",
        widget=PlainSelect,
    )
    past = forms.BooleanField(label="Gồm cả phong trào đã kết thúc", required=False)

    def __init__(self, *args: Any, campaigns: Any, branches: Any, obligations: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rows in (("campaign", campaigns), ("branch", branches), ("obligation", obligations)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
            field.queryset = rows
        state = self.fields["state"]
        assert isinstance(state, forms.ChoiceField)  # noqa: S101  declared above
        state.choices = [("", "Tất cả"), *BoardState.choices, (LATE, "Gửi muộn")]

    def chosen(self) -> BoardFilter:
        self.is_valid()
        data = self.cleaned_data
        return BoardFilter(
            campaign=data.get("campaign"),
            obligation=data.get("obligation"),
            branch=data.get("branch"),
            state=data.get("state") or "",
            past=bool(data.get("past")),
        )


class ReceiptForm(forms.Form):
    code = forms.CharField(
        label="Mã tiếp nhận",
        max_length=40,
        help_text="Chín ký tự, ví dụ 7KQ2-9F4M-X. Viết hoa hay thường, có gạch nối hay không đều được.",
        error_messages={"required": "Ghi mã cần kiểm tra."},
    )
