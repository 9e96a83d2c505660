"""Forms of a campaign that stands: what the statistics ask, its phases' doors, its copy in another time, its lists."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from campaigns.forms.clusters import WordsField, require_later_than
from campaigns.models import Campaign, CampaignKind, CampaignMethod, CampaignScope, Door, Phase
from campaigns.selectors.cascade import ResponseState
from units.folding import nfc
from units.forms.fields import DayField, StaticChoices, reason_field

Group = tuple[str, list[forms.BoundField]]
STATES = (("running", "Đang diễn ra"), ("coming", "Chưa bắt đầu"), ("over", "Đã kết thúc"))


class LinesField(forms.CharField):
    """One thing on each line, as a list."""

    def __init__(self, *, longest: int, **options: Any) -> None:
        options.setdefault("widget", forms.Textarea(attrs={"rows": 3}))
        self.longest = longest
        super().__init__(max_length=8000, **options)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = [" ".join(line.split()) for line in nfc(super().clean(value) or "").splitlines()]
        kept = list(dict.fromkeys(line for line in lines if line))
        if long := next((line for line in kept if len(line) > self.longest), None):
            raise ValidationError(f"Dòng «{long[:40]}…» dài hơn {self.longest} chữ. Ghi ngắn lại hoặc tách dòng.")
        return kept


class StatisticsFields(forms.Form):
    """What the yearly statistics ask about a campaign, shared by a draft's header and by a campaign that stands."""

    kind = StaticChoices(label="Loại phong trào", empty="Chọn loại", choices=CampaignKind.choices)
    theme = WordsField(label="Chủ đề", max_length=300, required=False)
    content_areas = LinesField(
        label="Lĩnh vực, nội dung thi đua",
        longest=200,
        required=False,
        help_text="Mỗi dòng một nội dung; ví dụ: Giải quyết án",
    )
    method = StaticChoices(
        label="Phương thức tổ chức", empty="Chưa ghi", choices=CampaignMethod.choices, required=False
    )
    scope = StaticChoices(label="Phạm vi", empty="Chưa ghi", choices=CampaignScope.choices, required=False)
    responds_to = forms.ModelChoiceField(
        label="Hưởng ứng phong trào",
        queryset=Campaign.objects.none(),
        required=False,
        empty_label="Không hưởng ứng phong trào nào",
        help_text="Phong trào của đơn vị cấp trên, hoặc phong trào đơn vị đã nhận",
    )

    def offer(self, answerable: Any) -> None:
        field = self.fields["responds_to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  declared above
        field.queryset = answerable


class CampaignForm(StatisticsFields):
    field_order = ("plan_number", "plan_date")

    plan_number = WordsField(label="Số kế hoạch", max_length=60, required=False)
    plan_date = DayField(label="Ngày ban hành", required=False)
    legal_basis = LinesField(label="Căn cứ", longest=300, required=False, help_text="Mỗi dòng một văn bản")
    reason = reason_field("Lý do sửa", "Được lưu trong nhật ký.")

    def __init__(self, *args: Any, answerable: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offer(answerable)


class CampaignCloneForm(forms.Form):
    opens_on = DayField(label="Phong trào mới bắt đầu ngày")
    closes_on = DayField(label="Phong trào mới kết thúc ngày")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        require_later_than(cleaned.get("opens_on"), cleaned.get("closes_on"))
        return cleaned


class DoorFields(forms.Form):
    """Two days for each door; both or neither."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for door in Door:
            self.fields[f"{door.value}_first"] = DayField(label=f"{door.label}: từ ngày", required=False)
            self.fields[f"{door.value}_last"] = DayField(label=f"{door.label}: đến hết ngày", required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for door in Door:
            first, last = cleaned.get(f"{door.value}_first"), cleaned.get(f"{door.value}_last")
            names = (f"{door.value}_first", f"{door.value}_last")
            if any(name in self.errors for name in names):
                continue
            if (first is None) != (last is None):
                self.add_error(names[1] if first else names[0], "Ghi cả hai ngày, hoặc bỏ trống cả hai.")
            elif first and last and last < first:
                self.add_error(names[1], "Ngày đóng phải từ ngày mở trở đi.")
        return cleaned

    def doors(self) -> dict[Door, tuple[date, date] | None]:
        said = self.cleaned_data
        return {
            door: (said[f"{door.value}_first"], said[f"{door.value}_last"]) if said[f"{door.value}_first"] else None
            for door in Door
        }

    def door_fields(self) -> list[forms.BoundField]:
        return [self[f"{door.value}_{end}"] for door in Door for end in ("first", "last")]


def door_initial(doors: Iterable[tuple[str, date, date]]) -> dict[str, date]:
    initial: dict[str, date] = {}
    for door, first, last in doors:
        initial |= {f"{door}_first": first, f"{door}_last": last}
    return initial


class PhaseDoorsForm(DoorFields):
    reason = reason_field("Lý do", "Được lưu trong nhật ký cùng thời gian trước khi đổi.")

    def __init__(self, *args: Any, phase: Phase, **options: Any) -> None:
        rows = [(one.door, one.opens_on, one.closes_on) for one in phase.doors.all()]
        super().__init__(*args, initial=door_initial(rows), **options)
        self.order_fields([*(field.name for field in self.door_fields()), "reason"])

    def groups(self) -> list[Group]:
        pairs: list[Group] = [
            (str(door.label), [self[f"{door.value}_first"], self[f"{door.value}_last"]]) for door in Door
        ]
        return [*pairs, ("", [self["reason"]])]


class CampaignFilterForm(forms.Form):
    q = forms.CharField(label="Tìm", required=False, max_length=100, help_text="Tên phong trào, số kế hoạch")
    kind = StaticChoices(label="Loại", empty="Tất cả", choices=CampaignKind.choices, required=False)
    state = StaticChoices(label="Tình trạng", empty="Tất cả", choices=STATES, required=False)


class ResponseFilterForm(forms.Form):
    q = forms.CharField(label="Tìm đơn vị", required=False, max_length=100, help_text="Mã hoặc tên")
    state = StaticChoices(label="Tình trạng", empty="Tất cả", choices=ResponseState.choices, required=False)


class ReceiptFilterForm(forms.Form):
    q = forms.CharField(label="Tìm phong trào", required=False, max_length=100)
    state = StaticChoices(
        label="Tình trạng",
        empty="Tất cả",
        choices=[("waiting", "Chưa xác nhận"), ("acknowledged", "Đã xác nhận")],
        required=False,
    )
