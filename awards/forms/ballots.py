"""Forms that prepare a ballot: what it asks, in which groups, by which rule."""

from collections.abc import Iterator, Sequence
from typing import Any

from django import forms
from django.forms import BoundField

from awards.models import AgendaItem, BallotKind, VotingRule
from awards.selectors.contests import Group, Grouping, Part
from awards.terms import least_mean, scale_terms, scale_words
from units.folding import nfc
from units.models import AwardTitle

GROUPINGS = [
    (Grouping.ONE.value, "Một danh sách chung"),
    (Grouping.KIND.value, "Theo loại đơn vị, ví dụ Sở, Cục, Chi cục"),
    (Grouping.RECOGNITION.value, "Theo danh hiệu đề nghị"),
    (Grouping.HAND.value, "Tự chia nhóm ở bước sau"),
]
MORE_GROUPS = 3
MOST_SEATS = 999
PROPOSAL = "proposal"


class SeatsField(forms.IntegerField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("label", "Số trường hợp được chọn không quá")
        super().__init__(
            required=False,
            min_value=1,
            max_value=MOST_SEATS,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
            error_messages={
                "invalid": "Ghi một số nguyên, ví dụ 4.",
                "min_value": "Ghi từ 1 trở lên.",
                "max_value": f"Ghi không quá {MOST_SEATS}.",
            },
            **options,
        )


class RuleChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    def label_from_instance(self, obj: Any) -> str:
        share = f"từ {obj.threshold} {obj.get_denominator_display()}" if obj.threshold else "không đặt tỷ lệ"
        if obj.max_score:
            least = (
                f"trung bình từ {least_mean(obj.threshold, obj.max_score)} điểm" if obj.threshold else "không đặt mức"
            )
            share = f"chấm {scale_words(scale_terms(obj))}, {least}"
        return f"{obj.title}: {share}" + ("" if obj.confirmed else " (chưa đối chiếu)")


class BallotForm(forms.Form):
    """What a new ballot asks. With cases that not everybody may vote on, also which part of them."""

    title = forms.CharField(label="Nội dung bỏ phiếu", max_length=200)
    kind = forms.ChoiceField(
        label="Cách bỏ phiếu", choices=BallotKind, widget=forms.RadioSelect, initial=BallotKind.APPROVE, required=False
    )
    rule = RuleChoice(
        VotingRule.objects.none(),
        label="Cách tính kết quả",
        empty_label="Chọn cách tính",
        help_text="Số thành viên tối thiểu, mẫu số và tỷ lệ phải đạt được in trên mọi trang kết quả.",
    )
    grouping = forms.ChoiceField(
        label="Danh sách bầu", choices=GROUPINGS, widget=forms.RadioSelect, initial=Grouping.ONE.value, required=False
    )
    seats = SeatsField(help_text="Chỉ ghi khi có một danh sách chung; số lượng của từng nhóm ghi ở bước sau.")

    def __init__(self, *args: Any, rules: Any, parts: Sequence[Part], **options: Any) -> None:
        super().__init__(*args, **options)
        self.parts = parts
        self.fields["rule"].queryset = rules  # type: ignore[attr-defined]
        self.is_divided = len(parts) > 1
        awards = {
            item.nomination.recognition.code: item.nomination.recognition for part in parts for item in part.items
        }
        if len(awards) > 1:
            self.fields["recognition"] = forms.ChoiceField(
                label="Đề nghị công nhận",
                choices=[("", "Mọi danh hiệu trong chương trình"), *((key, one.name) for key, one in awards.items())],
                required=False,
                help_text="Danh hiệu chỉ xét trong số đã được chọn ở lượt trước thì để lại cho lượt sau.",
            )
        if self.is_divided:
            self.fields["part"] = forms.ChoiceField(
                label="Trường hợp nào",
                choices=[(str(number), _name_part(part)) for number, part in enumerate(parts)],
                widget=forms.RadioSelect,
                initial="0",
                help_text="Một số thành viên không tham gia một số trường hợp. Mỗi lượt chỉ có một danh sách bỏ phiếu, "
                "nên mỗi nhóm dưới đây là một lượt. Lượt chọn theo số lượng thì gồm tất cả, và ai không tham gia "
                "một trường hợp thì không bỏ phiếu ở cả lượt.",
            )

        self.order_fields(["title", "kind", "recognition", "part", "rule", "grouping", "seats"])

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or BallotKind.APPROVE.value

    def clean_grouping(self) -> Grouping:
        return Grouping(self.cleaned_data["grouping"] or Grouping.ONE)

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        if values.get("seats") and values.get("grouping") not in (None, Grouping.ONE):
            self.add_error("seats", "Để trống ô này khi chia nhóm; ghi số lượng của từng nhóm ở bước sau.")
        return values

    @property
    def joins(self) -> bool:
        """Whether cases compete, so that all of them stand on one paper."""
        return self.cleaned_data["kind"] == BallotKind.CHOOSE or self.cleaned_data["seats"] is not None

    def cases(self) -> list[AgendaItem]:
        """The cases of the part chosen, or of all."""
        chosen = self.parts if self.joins or not self.is_divided else [self.parts[int(self.cleaned_data["part"])]]
        code = self.cleaned_data.get("recognition")
        items = (item for part in chosen for item in part.items if code in (None, "", item.nomination.recognition.code))
        return sorted(items, key=lambda item: item.order)

    @property
    def is_partial(self) -> bool:
        """Whether some open cases are left for another ballot."""
        return len(self.cases()) < sum(len(part.items) for part in self.parts)


def _name_part(part: Part) -> str:
    names = ", ".join(item.nomination.nominee_name for item in part.items)
    if not part.away:
        return f"{len(part.items)} trường hợp mọi thành viên được bỏ phiếu: {names}"
    return f"{names} (không tham gia: {', '.join(str(one) for one in part.away)})"


class ArrangeForm(forms.Form):
    """The groups of a draft: a title and seats for each, and for each case the group where it stands."""

    def __init__(self, *args: Any, groups: Sequence[Group], items: Sequence[AgendaItem], **options: Any) -> None:
        super().__init__(*args, **options)
        self.items = items
        self.ids = [group.id for group in groups]
        spare = (f"nhom-{number}" for number in range(1, len(groups) + MORE_GROUPS + 1))
        self.ids += [key for key in spare if key not in self.ids][:MORE_GROUPS]
        known = {group.id: group for group in groups}
        for number, key in enumerate(self.ids, start=1):
            group = known.get(key)
            self.fields[f"title-{key}"] = forms.CharField(
                label=f"Tên nhóm {number}", max_length=200, required=False, initial=group.title if group else ""
            )
            self.fields[f"seats-{key}"] = SeatsField(
                label=f"Nhóm {number} được chọn không quá", initial=group.seats if group else None
            )
        place = {item.pk: group.id for group in groups for item in group.items}
        choices = [("", "Không bỏ phiếu ở lượt này")]
        choices += [(key, f"Nhóm {number}") for number, key in enumerate(self.ids, start=1)]
        for item in items:
            self.fields[f"case-{item.pk}"] = forms.ChoiceField(
                label=f"Nhóm của {item.nomination.nominee_name}",
                choices=choices,
                required=False,
                initial=place.get(item.pk, ""),
            )

    def group_rows(self) -> Iterator[tuple[BoundField, BoundField]]:
        for key in self.ids:
            yield self[f"title-{key}"], self[f"seats-{key}"]

    def case_rows(self) -> Iterator[tuple[AgendaItem, BoundField]]:
        for item in self.items:
            yield item, self[f"case-{item.pk}"]

    def groups(self) -> list[dict[str, Any]]:
        """What the service takes."""
        values = self.cleaned_data
        return [
            {
                "id": key,
                "title": nfc(values[f"title-{key}"]).strip(),
                "seats": values[f"seats-{key}"],
                "cases": [str(item.nomination_id) for item in self.items if values[f"case-{item.pk}"] == key],
            }
            for key in self.ids
        ]


class WinnersForm(forms.Form):
    """A ballot among those whom another one chose."""

    title = forms.CharField(label="Nội dung bỏ phiếu", max_length=200)
    about = forms.ChoiceField(label="Bỏ phiếu về", widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label="Cách bỏ phiếu", choices=BallotKind, widget=forms.RadioSelect, initial=BallotKind.CHOOSE
    )
    rule = RuleChoice(VotingRule.objects.none(), label="Cách tính kết quả", empty_label="Chọn cách tính")
    seats = SeatsField(help_text="Ví dụ 2. Để trống nếu không giới hạn.")

    def __init__(self, *args: Any, rules: Any, titles: Sequence[AwardTitle], may_propose: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.titles = {str(one.pk): one for one in titles}
        choices = [
            (key, f"Đề nghị «{one.name}» của chính những người, tập thể đã được chọn")
            for key, one in self.titles.items()
        ]
        if may_propose:
            choices.append((PROPOSAL, "Chọn trong số đó để đề nghị cấp trên; kết quả lượt trước giữ nguyên"))
        self.fields["about"].choices = choices  # type: ignore[attr-defined]
        self.fields["about"].initial = choices[0][0] if choices else None
        self.fields["rule"].queryset = rules  # type: ignore[attr-defined]

    def recognition(self) -> AwardTitle | None:
        return self.titles.get(self.cleaned_data["about"])
