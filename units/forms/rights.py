"""Forms of grants and delegations."""

from datetime import date
from typing import Any

from django import forms

from units.actors import Actor
from units.folding import nfc
from units.forms.trail import WRONG_DAY
from units.models import DelegationForm as Form
from units.models import Membership, Unit, User
from units.rights_file import read_rights
from units.roles import Role
from units.selectors.rights import list_delegable, list_near_units, list_offices, list_stand_ins
from units.selectors.signing import HEADS
from units.services.rights import DelegationTerms, GrantTerms

TITLE_MISSING = "Ghi chức vụ như in trên văn bản; phần ký của văn bản cần chức vụ này."


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(error_messages={"invalid": WRONG_DAY}, **options)


class WordsField(forms.CharField):
    """Typed words in one form of Unicode, spaces tidied."""

    def clean(self, value: Any) -> Any:
        return super().clean(" ".join(nfc(value).split()) if isinstance(value, str) else value)


class PeriodForm(forms.Form):
    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("valid_from"), cleaned.get("valid_to")
        if first and last and last < first:
            self.add_error("valid_to", "Ngày cuối ở trước ngày đầu. Đổi một trong hai ngày.")
        return cleaned


class GrantForm(PeriodForm):
    """Whom, where, what, why and until when. The account is named exactly: nobody browses foreign accounts."""

    username = forms.CharField(
        label="Tên đăng nhập của người được phép",
        max_length=60,
        help_text="Hỏi người đó tên đăng nhập; phải gõ đúng từng chữ.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "off", "spellcheck": "false"}),
    )
    office = forms.ModelChoiceField(
        Membership.objects.none(),
        label="Tư cách làm căn cứ",
        required=False,
        help_text="Quyền xem chấm dứt cùng với tư cách này. Chỉ phải chọn khi tài khoản có nhiều tư cách.",
        empty_label="Tư cách duy nhất của tài khoản",
    )
    unit = forms.ModelChoiceField(
        Unit.objects.none(),
        label="Được vào đơn vị",
        empty_label=None,
        help_text="Gồm cả các đơn vị bên dưới.",
    )
    bundle = forms.ChoiceField(label="Được xem những gì", widget=forms.RadioSelect)
    citation = WordsField(
        label="Căn cứ",
        max_length=200,
        help_text="Ví dụ: Quyết định số 12/QĐ-BTP ngày 05/11/2023 thành lập Đoàn kiểm tra",
    )
    valid_from = DayField(label="Từ ngày", help_text="Ví dụ 13/11/2023")
    valid_to = DayField(label="Đến hết ngày", help_text="Ví dụ 30/11/2023")

    def __init__(self, *args: Any, unit: Unit, day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.day = day
        self.fields["unit"].queryset = list_near_units(unit, day)  # type: ignore[attr-defined]
        self.fields["unit"].initial = unit.pk
        self.fields["bundle"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.title}: {one.about}") for one in read_rights().bundles
        ]
        self._offer_offices()

    def _offer_offices(self) -> None:
        """Offer the duties of the account once it is named."""
        name = str(self.data.get(self.add_prefix("username"), "")).strip()
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        self.offices = list(list_offices(user, self.day)) if user else []
        field = self.fields["office"]
        field.queryset = Membership.objects.filter(  # type: ignore[attr-defined]
            pk__in=[one.pk for one in self.offices]
        ).select_related("unit")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("username") or "office" in self.errors:
            return cleaned
        if not self.offices:
            self.add_error(
                "username",
                "Không có tài khoản đang hoạt động nào mang tên này và đang giữ một nhiệm vụ. Hỏi lại người đó.",
            )
        elif len(self.offices) == 1:
            cleaned["office"] = self.offices[0]
        elif not cleaned.get("office"):
            self.add_error("office", "Tài khoản này có nhiều tư cách. Chọn tư cách làm căn cứ cho quyền xem.")
        return cleaned

    def terms(self) -> GrantTerms:
        """What was typed, once it is valid."""
        values = self.cleaned_data
        bundle = read_rights().find_bundle(values["bundle"])
        assert bundle is not None  # noqa: S101  the choices are those of the file
        return GrantTerms(bundle, *(values[name] for name in ("citation", "valid_from", "valid_to")))


class DelegationAddForm(PeriodForm):
    """What the paper says by which a duty is handed to another person."""

    delegator = forms.ModelChoiceField(
        Membership.objects.none(), label="Nhiệm vụ được giao", empty_label="Chọn nhiệm vụ"
    )
    delegate = forms.ModelChoiceField(
        Membership.objects.none(),
        label="Người được giao",
        empty_label="Chọn người",
        help_text="KT. và làm thay: người trong đơn vị. TL., TUQ.: thủ trưởng đơn vị trực thuộc.",
    )
    form = forms.ChoiceField(label="Hình thức", choices=Form.choices, widget=forms.RadioSelect)
    scope = forms.ChoiceField(label="Phạm vi", widget=forms.RadioSelect)
    delegator_title = WordsField(
        label="Chức vụ của người giao, như in trên văn bản",
        max_length=90,
        help_text="Ví dụ: Cục trưởng. Để trống khi làm thay việc chuyên môn.",
    )
    delegate_title = WordsField(
        label="Chức vụ của người được giao, như in trên văn bản",
        max_length=90,
        help_text="Ví dụ: Phó Cục trưởng. Để trống khi làm thay việc chuyên môn.",
    )
    document_number = WordsField(
        label="Số, ký hiệu văn bản giao", max_length=60, help_text="Ví dụ 12/QĐ-CTHADS hoặc 03/GUQ-CTHADS"
    )
    document_date = DayField(label="Ngày văn bản giao", help_text="Ví dụ 01/11/2023")
    valid_from = DayField(label="Từ ngày", help_text="Không trước ngày văn bản giao")
    valid_to = DayField(label="Đến hết ngày", help_text="Việc giao luôn có thời hạn")

    # The titles may stay empty when no paper is signed, so the browser does not insist on them.
    use_required_attribute = False

    def __init__(self, *args: Any, unit: Unit, actor: Actor, day: date, **options: Any) -> None:
        super().__init__(*args, **options)
        others = list_stand_ins(unit, day).exclude(user=actor.account)
        for name, queryset in (("delegator", list_delegable(unit, day)), ("delegate", others)):
            self.fields[name].queryset = queryset  # type: ignore[attr-defined]
            self.fields[name].label_from_instance = _name_office  # type: ignore[attr-defined]
        if actor.role == Role.HEAD:
            self.fields["delegator"].initial = actor.duty_id
        for name in ("delegator_title", "delegate_title"):
            self.fields[name].required = self.data.get("form") != Form.COVER
            self.fields[name].error_messages["required"] = TITLE_MISSING
        self.fields["delegator_title"].initial = HEADS.get(unit.kind, "")
        self.fields["scope"].choices = [(one.code, one.title) for one in read_rights().scopes]  # type: ignore[attr-defined]

    def terms(self) -> DelegationTerms:
        """What was typed, once it is valid."""
        values = self.cleaned_data
        scope = read_rights().find_scope(values["scope"])
        assert scope is not None  # noqa: S101  the choices are those of the file
        return DelegationTerms(
            form=Form(values["form"]),
            scope=scope,
            **{
                name: values[name]
                for name in (
                    "delegator_title",
                    "delegate_title",
                    "document_number",
                    "document_date",
                    "valid_from",
                    "valid_to",
                )
            },
        )


def _name_office(office: Membership) -> str:
    return f"{office.user.display_name}, {office.get_role_display()}, {office.unit.short_name}"


class EndForm(forms.Form):
    reason = WordsField(label="Lý do chấm dứt", max_length=200, help_text="Ghi vào nhật ký của đơn vị.")
