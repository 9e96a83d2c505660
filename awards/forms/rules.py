"""The form of a dated edition of a rule of counting."""

from datetime import date
from fractions import Fraction
from typing import Any

from django import forms

from awards.forms import DayField
from awards.models import BallotKind, Denominator, TieRule
from awards.models.ballots import every_kind
from awards.rule_file import is_share, scale_problems
from awards.terms import typed_points
from units.forms.fields import reason_field


class ShareField(forms.CharField):
    """An exact share, as a fraction or a decimal with a point or a comma."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=9, empty_value=None, **options)

    def clean(self, value: Any) -> Any:
        text: str | None = super().clean(value)
        if text is None:
            return None
        text = "".join(text.split()).replace(",", ".")
        if not is_share(text):
            raise forms.ValidationError("Ghi phân số hoặc số thập phân không quá 1, ví dụ 2/3 hoặc 0,8.")
        return text


class PointsField(forms.CharField):
    """An exact number of points, with a point or a comma."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal"}))
        super().__init__(max_length=16, required=False, empty_value=None, **options)

    def clean(self, value: Any) -> Any:
        text: str | None = super().clean(value)
        return None if text is None else typed_points(text)


class RuleForm(forms.Form):
    title = forms.CharField(label="Áp dụng cho", max_length=200)
    valid_from = DayField(label="Hiệu lực từ ngày", help_text="Ví dụ 01/01/2024. Theo văn bản, không theo ngày nhập.")
    valid_to = DayField(label="Đến hết ngày", required=False, help_text="Để trống khi chưa biết ngày hết hiệu lực.")
    kinds = forms.MultipleChoiceField(
        label="Dùng cho cách bỏ phiếu",
        choices=BallotKind,
        widget=forms.CheckboxSelectMultiple,
        initial=every_kind,
        help_text="Chấm điểm thì lập cách tính riêng, không dùng chung với hai cách kia.",
    )
    max_score = PointsField(label="Điểm tối đa", help_text="Chỉ ghi khi chấm điểm, ví dụ 100.")
    step = PointsField(label="Bậc điểm", help_text="Chỉ ghi khi chấm điểm, ví dụ 1 hoặc 0,5.")
    quorum = ShareField(label="Số thành viên có mặt tối thiểu", help_text="Phần của tổng số thành viên, ví dụ 2/3.")
    threshold = ShareField(
        label="Tỷ lệ phải đạt",
        required=False,
        help_text="Ví dụ 9/10 hoặc 0,8. Để trống là không đặt tỷ lệ: có ít nhất một phiếu đồng ý là đạt, "
        "chỉ số lượng được chọn giới hạn. Khi chấm điểm là phần của điểm tối đa: "
        "4/5 của thang 100 là trung bình 80 điểm.",
    )
    denominator = forms.ChoiceField(label="Tỷ lệ tính trên", choices=Denominator)
    tie = forms.ChoiceField(label="Khi bằng phiếu ở suất cuối", choices=TieRule)
    count_written = forms.BooleanField(label="Tính ý kiến bằng văn bản của thành viên vắng", required=False)
    blank_is_valid = forms.BooleanField(label="Phiếu để trống là phiếu hợp lệ", required=False)
    citation = forms.CharField(
        label="Căn cứ", max_length=200, help_text="Số văn bản, điều, khoản. Chưa có văn bản thì ghi rõ là quy ước."
    )
    confirmed = forms.BooleanField(
        label="Đã đối chiếu với văn bản gốc",
        required=False,
        help_text="Chưa đánh dấu thì mọi trang kiểm phiếu ghi «chưa đối chiếu với văn bản».",
    )

    def clean_threshold(self) -> str | None:
        threshold: str | None = self.cleaned_data["threshold"]
        if threshold is not None and Fraction(threshold) == 0:
            raise forms.ValidationError("Tỷ lệ phải lớn hơn 0. Không đặt tỷ lệ thì để trống.")
        return threshold

    def clean_valid_to(self) -> date | None:
        first: date | None = self.cleaned_data.get("valid_from")
        last: date | None = self.cleaned_data["valid_to"]
        if first and last and last < first:
            raise forms.ValidationError(f"Ngày cuối phải từ ngày {first:%d/%m/%Y} trở đi.")
        return last

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if "kinds" in values:
            problems = scale_problems(values["kinds"], values.get("max_score"), values.get("step"))
            for key, problem in problems.items():
                self.add_error(key, problem[:1].upper() + problem[1:])
        return values


class RuleEditForm(RuleForm):
    reason = reason_field("Lý do sửa", "Nêu văn bản đã xem. Được lưu trong nhật ký cùng nội dung trước khi sửa.")
