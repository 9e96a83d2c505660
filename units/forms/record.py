"""Forms of the record: gradings, eligibility, initiatives, discipline, honours, and lists of past decisions."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from units.discipline_file import list_ladders
from units.forms.fields import DayField, StaticChoices, UnitField, YearField, reason_field
from units.models import (
    AwardTitle,
    Employment,
    Grade,
    InitiativeLevel,
    RevocationKind,
    TitleKind,
    TitleSubject,
    Unit,
)
from units.selectors.ledger import COLLECTIVE, CORRECTED, PERSON, REVOKED, STANDING
from units.services.honours import Frozen, Paper, Row

FIRST_ROWS, MORE_ROWS, MOST_ROWS = 10, 10, 300


class LedgerFilterForm(forms.Form):
    """What narrows the ledger of honours. Nothing chosen shows every entry of the branch."""

    unit = UnitField(label="Đơn vị (tên hoặc mã)", required=False, max_length=200)
    year = YearField(label="Năm thành tích", required=False, help_text="")
    title = forms.ModelChoiceField(
        AwardTitle.objects.none(),
        label="Danh hiệu, hình thức",
        required=False,
        to_field_name="code",
        empty_label="Tất cả",
        error_messages={"invalid_choice": "Chọn một mục trong danh sách."},
    )
    subject = StaticChoices(
        label="Đối tượng", empty="Tất cả", choices=[(PERSON, "Cá nhân"), (COLLECTIVE, "Tập thể")], required=False
    )
    state = StaticChoices(
        label="Tình trạng",
        empty="Tất cả",
        choices=[(STANDING, "Đang có giá trị"), (CORRECTED, "Đã đính chính"), (REVOKED, "Đã thu hồi")],
        required=False,
    )

    def __init__(self, *args: Any, root: Unit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].root = root  # type: ignore[attr-defined]
        self.fields["title"].queryset = AwardTitle.objects.order_by("name")  # type: ignore[attr-defined]

    def filters(self) -> dict[str, Any]:
        """The filters as `list_branch_ledger` takes them; a wrong one is left out."""
        return {name: value for name, value in getattr(self, "cleaned_data", {}).items() if value}


class PaperForm(forms.Form):
    """The decision that something is written from; `issuer` only where the form asks for it."""

    decision_number = forms.CharField(label="Số quyết định", max_length=60, help_text="Ví dụ 45/QĐ-CTHADS")
    decided_on = DayField(label="Ngày quyết định")


class IssuedPaperForm(PaperForm):
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=200, help_text="Tên cơ quan ghi trên quyết định.")

    def paper(self) -> Paper:
        return Paper(*(self.cleaned_data[name] for name in ("decision_number", "decided_on", "issuer")))


class GradingForm(PaperForm):
    year = YearField(label="Năm")
    grade = StaticChoices(label="Xếp loại", empty="Chọn mức xếp loại", choices=Grade.choices)
    field_order = ["year", "grade", "decision_number", "decided_on"]


class GradingEditForm(GradingForm):
    reason = reason_field("Lý do sửa")


def title_field(label: str) -> forms.ModelChoiceField:  # type: ignore[type-arg]  # not generic at run time
    return forms.ModelChoiceField(
        AwardTitle.objects.none(),
        label=label,
        to_field_name="code",
        empty_label="Chọn trong danh mục",
        error_messages={"invalid_choice": "Chọn một mục trong danh mục."},
    )


class TitleFormMixin(forms.Form):
    """Offers the titles for a person or a collective; eligibility asks for emulation titles only."""

    kinds: tuple[str, ...] = tuple(TitleKind.values)

    def __init__(self, *args: Any, for_person: bool | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        titles = AwardTitle.objects.filter(kind__in=self.kinds)
        if for_person is not None:
            wanted = TitleSubject.PERSON if for_person else TitleSubject.COLLECTIVE
            titles = titles.filter(subject__in=[wanted, TitleSubject.BOTH])
        self.fields["title"].queryset = titles  # type: ignore[attr-defined]


class EligibilityForm(TitleFormMixin, PaperForm):
    kinds = (TitleKind.EMULATION_TITLE,)
    title = title_field("Danh hiệu")
    year = YearField(label="Năm")
    is_eligible = forms.TypedChoiceField(
        label="Kết quả xét",
        choices=[("yes", "Đủ điều kiện"), ("no", "Chưa đủ điều kiện")],
        coerce=lambda value: value == "yes",
        help_text="Đủ điều kiện để xét chưa phải là đã được tặng.",
    )
    field_order = ["title", "year", "is_eligible", "decision_number", "decided_on"]


class EligibilityEditForm(EligibilityForm):
    reason = reason_field("Lý do sửa")


class DisciplineForm(PaperForm):
    """A form of the ladder of the person's employment; which days each ladder holds is said beside it."""

    form = forms.ChoiceField(
        label="Hình thức",
        error_messages={"invalid_choice": "Chọn một hình thức trong danh sách."},
        help_text="Chọn ở nhóm áp dụng cho ngày quyết định.",
    )
    effective_until = DayField(
        label="Hiệu lực đến hết ngày",
        required=False,
        help_text="Để trống thì tính theo thời hạn của quy định áp dụng cho ngày quyết định.",
    )
    field_order = ["form", "decision_number", "decided_on", "effective_until"]

    def __init__(self, *args: Any, employment: str, **options: Any) -> None:
        super().__init__(*args, **options)
        groups = []
        for ladder in list_ladders():
            if ladder.employment == employment:
                until = f"đến {ladder.valid_to:%d/%m/%Y}" if ladder.valid_to else "đến nay"
                mark = "" if ladder.confirmed else ", chưa đối chiếu"
                label = f"{Employment(employment).label}, từ {ladder.valid_from:%d/%m/%Y} {until}{mark}"
                groups.append((label, [(form.code, form.label) for form in ladder.forms]))
        self.fields["form"].choices = [("", "Chọn hình thức"), *groups]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("decided_on"), cleaned.get("effective_until")
        if first and last and last < first:
            self.add_error("effective_until", "Ngày hết hiệu lực phải từ ngày quyết định trở đi.")
        return cleaned


class DisciplineEditForm(DisciplineForm):
    reason = reason_field("Lý do sửa")


class ReasonForm(forms.Form):
    reason = reason_field("Lý do xóa", "Được lưu trong nhật ký cùng nội dung đã xóa.")


class InitiativeEditForm(IssuedPaperForm):
    title = forms.CharField(label="Tên sáng kiến", max_length=300)
    year = YearField(label="Năm")
    level = StaticChoices(label="Cấp công nhận", empty="Chọn cấp", choices=InitiativeLevel.choices)
    share = forms.IntegerField(
        label="Tỷ lệ đóng góp (%)",
        min_value=1,
        max_value=100,
        initial=100,
        help_text="Một mình là 100.",
        error_messages={"invalid": "Ghi số nguyên từ 1 đến 100.", "max_value": "Nhiều nhất là 100."},
    )
    effect = forms.CharField(
        label="Hiệu quả, phạm vi áp dụng", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    reason = reason_field("Lý do sửa")
    field_order = ["title", "year", "level", "decision_number", "decided_on", "issuer", "effect", "share", "reason"]

    def particulars(self) -> dict[str, Any]:
        names = ("title", "year", "level", "decision_number", "decided_on", "issuer", "effect")
        return {name: self.cleaned_data[name] for name in names}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_year(self, cleaned)
        return cleaned


def _check_year(form: forms.Form, cleaned: dict[str, Any]) -> None:
    year, day = cleaned.get("year"), cleaned.get("decided_on")
    if year and day and day.year < year:
        form.add_error("decided_on", f"Ngày quyết định trước năm {year}. Xem lại ngày hoặc năm.")


class InitiativeForm(InitiativeEditForm):
    """With other authors, one a line: staff code or name, and a share."""

    reason = None  # Django's way to drop an inherited field
    others = forms.CharField(
        label="Đồng tác giả",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Mỗi người một dòng: mã cán bộ, dấu chấm phẩy, tỷ lệ. Ví dụ MAU-12; 30",
    )

    def clean_others(self) -> list[tuple[str, int]]:
        found = []
        for line in self.cleaned_data["others"].splitlines():
            if not line.strip():
                continue
            who, _, share = line.rpartition(";")
            share = share.strip().rstrip("%").strip()
            if not who.strip() or not share.isdecimal() or not 1 <= int(share) <= 100:  # noqa: PLR2004  per cent
                raise ValidationError(f"Dòng «{line.strip()}» chưa đúng mẫu. Ghi như ví dụ: MAU-12; 30")
            found.append((who.strip(), int(share)))
        return found


class HonourForm(TitleFormMixin, IssuedPaperForm):
    title = title_field("Danh hiệu, hình thức")
    year = YearField(label="Năm thành tích")
    subject_name = forms.CharField(
        label="Tên ghi trên quyết định",
        required=False,
        max_length=200,
        help_text="Để trống thì lấy tên trong sổ.",
    )
    subject_position = forms.CharField(
        label="Chức vụ khi được khen",
        required=False,
        max_length=120,
        help_text="Để trống thì lấy chức vụ trong sổ vào ngày quyết định.",
    )
    subject_unit = forms.CharField(
        label="Đơn vị khi được khen",
        required=False,
        max_length=200,
        help_text="Để trống thì lấy tên đơn vị vào ngày quyết định.",
    )
    field_order = ["title", "year", "decision_number", "decided_on", "issuer"]

    def __init__(self, *args: Any, for_person: bool | None = None, **options: Any) -> None:
        super().__init__(*args, for_person=for_person, **options)
        if for_person is False:
            del self.fields["subject_position"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_year(self, cleaned)
        return cleaned

    def said(self) -> Frozen:
        values = self.cleaned_data
        return Frozen(values["subject_name"], values.get("subject_position", ""), values["subject_unit"])


class HonourCorrectForm(HonourForm):
    reason = reason_field("Lý do đính chính", "Hiện cạnh dòng cũ; dòng cũ vẫn được giữ.")


class HonourRevokeForm(IssuedPaperForm):
    kind = StaticChoices(label="Hình thức", empty="Chọn hình thức", choices=RevocationKind.choices)
    reason = reason_field("Lý do", "Hiện cạnh dòng bị thu hồi; dòng đó vẫn được giữ.")
    field_order = ["kind", "decision_number", "decided_on", "issuer", "reason"]


class DecisionForm(TitleFormMixin, IssuedPaperForm):
    """The head of a past decision's list."""

    title = title_field("Danh hiệu, hình thức")
    year = YearField(label="Năm thành tích")
    field_order = ["decision_number", "decided_on", "issuer", "title", "year"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_year(self, cleaned)
        return cleaned


class DecisionRowForm(forms.Form):
    typed = forms.CharField(label="Mã hoặc tên", required=False, max_length=200)
    kind = forms.ChoiceField(
        label="Đối tượng", choices=[("person", "Cá nhân"), ("collective", "Tập thể")], required=False
    )
    position = forms.CharField(label="Chức vụ khi được khen", required=False, max_length=120)

    def row(self) -> Row:
        values = self.cleaned_data
        return Row(values["typed"].strip(), values["kind"] != "collective", values["position"].strip())


DecisionRows = forms.formset_factory(DecisionRowForm, extra=FIRST_ROWS, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class _ConfirmableForm(forms.Form):
    citation = forms.CharField(label="Căn cứ", max_length=200)
    note = forms.CharField(label="Còn phải đối chiếu", max_length=400, required=False)
    confirmed = forms.BooleanField(
        label="Đã đối chiếu với văn bản gốc", required=False, help_text="Đã đánh dấu thì không sửa được nữa."
    )
    reason = reason_field("Lý do sửa", "Nêu văn bản đã xem. Được lưu trong nhật ký và hiện ở danh mục.")


def _check_days(form: forms.Form, first: date | None, last: date | None) -> None:
    if first and last and last < first:
        form.add_error("valid_to", "Ngày cuối phải từ ngày đầu trở đi.")


class TitleEditForm(_ConfirmableForm):
    name = forms.CharField(label="Tên", max_length=160)
    decider = forms.CharField(label="Thẩm quyền quyết định", max_length=200)
    rank = forms.IntegerField(label="Bậc trong thang", min_value=1, max_value=30, help_text="1 là thấp nhất.")
    valid_from = DayField(label="Áp dụng từ ngày", required=False)
    valid_to = DayField(label="Đến hết ngày", required=False)
    field_order = ["name", "decider", "rank", "valid_from", "valid_to", "citation", "note", "confirmed", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_days(self, cleaned.get("valid_from"), cleaned.get("valid_to"))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}


class DocumentEditForm(_ConfirmableForm):
    citation = None  # type: ignore[assignment]  # Django's way to drop an inherited field
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=160)
    issued_on = DayField(label="Ngày ban hành", required=False)
    subject = forms.CharField(label="Nội dung", max_length=400)
    valid_from = DayField(label="Hiệu lực từ", required=False)
    valid_to = DayField(label="Hiệu lực đến", required=False)
    field_order = ["issuer", "issued_on", "subject", "valid_from", "valid_to", "note", "confirmed", "reason"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        _check_days(self, cleaned.get("valid_from"), cleaned.get("valid_to"))
        return cleaned

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "reason"}
