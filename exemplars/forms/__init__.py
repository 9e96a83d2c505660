"""Forms of nominations."""

from typing import Any

from django import forms
from django.conf import settings

from campaigns.models import Campaign
from exemplars.models import EvidenceKind
from exemplars.workflow import REQUIRED_TO_SUBMIT
from units.models import AwardTitle, Person, Unit
from units.uploads import ALLOWED

COLLECTIVE = "collective"


class NominationAddForm(forms.Form):
    """Who, for what, in which year. The choices are those of the actor's own unit."""

    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label="Phong trào", to_field_name="code", empty_label=None
    )
    recognition = forms.ModelChoiceField(
        AwardTitle.objects.none(), label="Đề nghị công nhận", to_field_name="code", empty_label=None
    )
    year = forms.IntegerField(
        label="Năm thành tích",
        help_text="Ví dụ 2023",
        error_messages={"invalid": "Năm ghi bằng bốn chữ số, ví dụ 2023."},
        min_value=1948,
        max_value=2100,
    )
    nominee = forms.ChoiceField(
        label="Đề nghị cho",
        error_messages={
            "invalid_choice": "Người hoặc tập thể này không thuộc đơn vị của đồng chí, hoặc không còn giữ chức vụ. "
            "Chọn trong danh sách.",
            "required": "Chọn một cá nhân hoặc tập thể của đơn vị.",
        },
    )

    def __init__(
        self, *args: Any, unit: Unit, people: list[Person], campaigns: Any, recognitions: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.unit = unit
        self.people = {str(person.pk): person for person in people}
        self.fields["campaign"].queryset = campaigns  # type: ignore[attr-defined]
        self.fields["recognition"].queryset = recognitions  # type: ignore[attr-defined]
        self.fields["nominee"].choices = [  # type: ignore[attr-defined]
            ("", "Chọn cá nhân hoặc tập thể"),
            ("Tập thể", [(COLLECTIVE, unit.name)]),
            ("Cá nhân", [(key, person.full_name) for key, person in self.people.items()]),
        ]

    def clean_nominee(self) -> Person | Unit:
        chosen = self.cleaned_data["nominee"]
        return self.unit if chosen == COLLECTIVE else self.people[chosen]


def _text(label: str, help_text: str, max_length: int, rows: int) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=max_length,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class NominationForm(forms.Form):
    """What the clerk writes. Nothing is required while it is a draft; submitting checks."""

    position = forms.CharField(
        label="Chức vụ, chức danh", help_text="Như ghi trên báo cáo thành tích.", max_length=120, required=False
    )
    duties = _text(
        "Nhiệm vụ được giao", "Quyền hạn, nhiệm vụ chính trong năm. Sẽ vào mục II.1 của báo cáo thành tích.", 4000, 4
    )
    achievements = _text(
        "Thành tích tiêu biểu",
        "Nêu việc làm, kết quả đo được so với chỉ tiêu và năm trước. Sẽ vào mục II.2 của báo cáo thành tích.",
        12000,
        8,
    )
    initiatives = _text(
        "Sáng kiến, mô hình, cách làm mới", "Tên, nội dung, nơi áp dụng, hiệu quả và phạm vi lan tỏa.", 8000, 5
    )
    community = _text("Hoạt động xã hội, từ thiện", "Việc đã tham gia trong năm; để trống nếu không có.", 4000, 3)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name in REQUIRED_TO_SUBMIT:
            self.fields[name].needed_later = "trình"  # type: ignore[attr-defined]  # read by the field template


class EvidenceForm(forms.Form):
    kind = forms.ChoiceField(label="Loại minh chứng", choices=EvidenceKind.choices)
    number = forms.CharField(label="Số, ký hiệu văn bản", max_length=60, required=False, help_text="Ví dụ 45/QĐ-CTHADS")
    issued_on = forms.DateField(
        label="Ngày văn bản",
        required=False,
        help_text="Ví dụ 20/11/2023",
        error_messages={
            "invalid": "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 20/11/2023."
        },
        widget=forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    # A picture of a form whose own checks would speak English is avoided: `check_upload` speaks for all files.
    file = forms.FileField(
        label="Tệp",
        allow_empty_file=True,
        error_messages={"required": "Chưa chọn tệp. Chọn một tệp PDF, DOCX, JPG hoặc PNG."},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.docx,.jpg,.jpeg,.png"}),
    )

    def __init__(self, *args: Any, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        limit = settings.EVIDENCE_MAX_BYTES // 1024 // 1024
        self.fields["file"].help_text = f"{ALLOWED}; mỗi tệp không quá {limit} MB"

    def clean_issued_on(self) -> Any:
        day = self.cleaned_data["issued_on"]
        if day and day > self.today:
            raise forms.ValidationError("Ngày văn bản ở sau hôm nay. Xem lại ngày trên bản chụp.")
        return day


# The fields a reviewer may speak about, in the order of the page.
REMARK_FIELDS = {
    "position": "Chức vụ, chức danh",
    "duties": "Nhiệm vụ được giao",
    "achievements": "Thành tích tiêu biểu",
    "initiatives": "Sáng kiến, mô hình, cách làm mới",
    "community": "Hoạt động xã hội, từ thiện",
    "evidence": "Minh chứng",
    "general": "Ý kiến chung",
}


class RemarksForm(forms.Form):
    """One box for each field of the nomination; what is left empty needs no mending."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, label in REMARK_FIELDS.items():
            self.fields[name] = forms.CharField(
                label=label, required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
            )


class AttestationForm(forms.Form):
    """The head's judgement on each criterion that no paper decides."""

    CHOICES = [("yes", "Đạt"), ("no", "Không đạt"), ("", "Chưa xác nhận")]

    def __init__(self, *args: Any, criteria: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = criteria
        for finding in criteria:
            self.fields[f"holds_{finding.code}"] = forms.ChoiceField(
                label=f"{finding.code}. {finding.label}", choices=self.CHOICES, required=False, widget=forms.RadioSelect
            )
            self.fields[f"grounds_{finding.code}"] = forms.CharField(
                label="Căn cứ xác nhận", required=False, max_length=1000, widget=forms.TextInput
            )

    def rows(self) -> list[dict[str, Any]]:
        return [
            {"finding": one, "holds": self[f"holds_{one.code}"], "grounds": self[f"grounds_{one.code}"]}
            for one in self.criteria
        ]

    def judgements(self) -> dict[str, tuple[bool, str]]:
        """What was judged, by criterion code; the rest was left open."""
        return {
            one.code: (self.cleaned_data[f"holds_{one.code}"] == "yes", self.cleaned_data[f"grounds_{one.code}"])
            for one in self.criteria
            if self.cleaned_data[f"holds_{one.code}"]
        }
