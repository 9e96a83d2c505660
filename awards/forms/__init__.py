"""Forms of councils, ballots and decisions."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField
from django.views.decorators.debug import sensitive_variables

from awards.models import Answer, Attendance, CouncilMember, SittingInvitation
from awards.selectors.ballots import KeyHolder
from units.folding import nfc
from units.models import Delegation
from units.selectors.signing import Signer

DAY_INVALID = "Ngày này không có thật hoặc ghi sai dạng. Ghi theo dạng ngày/tháng/năm, ví dụ 20/12/2023."
NUMBER = re.compile(r"[\w.\-]+/[\w.\-/]+")
HOLDERS_TO_OPEN = 2
PRESENCES: dict[str, str] = {Answer.COMING: "present", Answer.ABSENT: "absent"}


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        super().__init__(error_messages={"invalid": DAY_INVALID}, **options)


class SittingForm(forms.Form):
    title = forms.CharField(label="Nội dung phiên họp", max_length=200, help_text="Ví dụ: Xét điển hình tiên tiến 2023")
    held_on = DayField(label="Ngày họp", help_text="Ví dụ 20/12/2023")
    starts_at = forms.TimeField(
        label="Giờ họp",
        required=False,
        input_formats=["%H:%M", "%Hh%M", "%H giờ %M"],
        help_text="Ví dụ 8:30. Phải có khi gửi giấy mời.",
        widget=forms.TimeInput(format="%H:%M", attrs={"autocomplete": "off"}),
        error_messages={"invalid": "Ghi giờ và phút, ví dụ 8:30."},
    )
    place = forms.CharField(label="Địa điểm", max_length=200)
    online_at = forms.CharField(
        label="Đường dẫn họp trực tuyến",
        required=False,
        max_length=300,
        help_text="Ghi nguyên văn để gửi trong giấy mời.",
    )

    def __init__(self, *args: Any, council_from: date, council_to: date | None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.council_from, self.council_to = council_from, council_to

    def clean_held_on(self) -> date:
        day: date = self.cleaned_data["held_on"]
        if day < self.council_from or (self.council_to and day > self.council_to):
            raise forms.ValidationError(
                f"Ngày họp nằm ngoài thời gian hoạt động của Hội đồng (từ {self.council_from:%d/%m/%Y})."
            )
        return day


class AttendanceForm(forms.Form):
    """One choice and one reason for each member of the day."""

    def __init__(
        self,
        *args: Any,
        members: list[CouncilMember],
        standing: Iterable[Attendance],
        answers: Iterable[SittingInvitation] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.members = members
        # Until somebody calls the roll, it begins with what members answered to their invitation.
        told = {one.member_id: one for one in answers if one.answer in PRESENCES}
        known = {one.member_id: one for one in standing}
        for member in members:
            before = known.get(member.pk)
            presence, reason = _first_presence(before, told.get(member.pk))
            self.fields[f"presence-{member.pk}"] = forms.ChoiceField(
                label=f"{member}",
                choices=[("present", "Có mặt"), ("absent", "Vắng")],
                widget=forms.RadioSelect,
                initial=presence,
                error_messages={"required": "Chọn có mặt hoặc vắng."},
            )
            self.fields[f"reason-{member.pk}"] = forms.CharField(
                label="Lý do vắng", max_length=200, required=False, initial=reason
            )

    def rows(self) -> Iterator[tuple[CouncilMember, BoundField, BoundField]]:
        for member in self.members:
            yield member, self[f"presence-{member.pk}"], self[f"reason-{member.pk}"]

    def clean(self) -> dict[str, Any]:
        for member in self.members:
            reason = self.cleaned_data.get(f"reason-{member.pk}", "")
            if self.cleaned_data.get(f"presence-{member.pk}") == "absent" and not reason:
                self.add_error(f"reason-{member.pk}", "Ghi lý do vắng, biên bản họp cần lý do này.")
        return self.cleaned_data

    def absences(self) -> dict[UUID, str]:
        """Reason of absence by member."""
        return {
            member.pk: self.cleaned_data[f"reason-{member.pk}"]
            for member in self.members
            if self.cleaned_data[f"presence-{member.pk}"] == "absent"
        }


def _first_presence(before: Attendance | None, told: SittingInvitation | None) -> tuple[str | None, str]:
    if before is not None:
        return "present" if before.is_present else "absent", before.reason
    return (PRESENCES[told.answer], told.reason) if told else (None, "")


class PassphraseField(forms.CharField):
    """Shown as dots, never filled in by a browser, never rendered back."""

    def __init__(self, **options: Any) -> None:
        widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"})
        super().__init__(max_length=400, strip=False, widget=widget, **options)


class CeremonyForm(forms.Form):
    """Each of the three key holders types a passphrase twice: one mistyped key could not be told apart later."""

    def __init__(self, *args: Any, holders: tuple[KeyHolder, ...], **options: Any) -> None:
        super().__init__(*args, **options)
        self.holders = holders
        for holder in holders:
            # The name stands in the label too: the summary of errors lists six boxes away from their frames.
            self.fields[holder.field] = PassphraseField(label=f"Cụm mật khẩu của {holder.member}")
            self.fields[f"{holder.field}-again"] = PassphraseField(label=f"Nhập lại cụm mật khẩu của {holder.member}")

    def rows(self) -> Iterator[tuple[KeyHolder, BoundField, BoundField]]:
        for holder in self.holders:
            yield holder, self[holder.field], self[f"{holder.field}-again"]

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        for holder in self.holders:
            first, again = self.cleaned_data.get(holder.field), self.cleaned_data.get(f"{holder.field}-again")
            if first and again and first != again:
                self.add_error(f"{holder.field}-again", "Hai lần nhập khác nhau. Nhập lại cả hai ô.")
        return self.cleaned_data

    def passphrases(self) -> dict[str, str]:
        return {str(holder.member.pk): self.cleaned_data[holder.field] for holder in self.holders}


class OpeningForm(forms.Form):
    """Two of the three key holders type; the third field stays empty."""

    def __init__(self, *args: Any, holders: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        self.holders = holders
        for holder in holders:
            self.fields[f"passphrase-{holder['id']}"] = PassphraseField(
                label=f"{holder['duty']}: {holder['name']}", required=False
            )

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        if not self.errors and len(self.passphrases()) != HOLDERS_TO_OPEN:
            raise forms.ValidationError("Cần cụm mật khẩu của đúng hai người giữ khóa; ô của người thứ ba để trống.")
        return self.cleaned_data

    def passphrases(self) -> dict[str, str]:
        typed = {holder["id"]: self.cleaned_data.get(f"passphrase-{holder['id']}", "") for holder in self.holders}
        return {key: words for key, words in typed.items() if words.strip()}


class DecisionForm(forms.Form):
    number = forms.CharField(label="Số, ký hiệu", max_length=60, help_text="Ví dụ 45/QĐ-CTHADS")
    signed_on = DayField(label="Ngày ký", help_text="Ví dụ 22/12/2023")
    subject = forms.CharField(label="Trích yếu", max_length=300)
    delegation = forms.ModelChoiceField(
        Delegation._base_manager.none(),  # noqa: SLF001  empty, and the scoped manager needs a scope even for that
        label="Ký theo",
        required=False,
        empty_label="Thủ trưởng đơn vị ký",
        help_text="Ký thay, ký thừa ủy quyền thì chọn lần giao; tên và chức vụ lấy từ lần giao đó.",
    )
    signer_name = forms.CharField(label="Người ký", max_length=120)
    signer_title = forms.CharField(label="Chức vụ của người ký", max_length=200, help_text="Ví dụ: Cục trưởng")

    def __init__(
        self, *args: Any, held_on: date, today: date, delegations: QuerySet[Delegation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.held_on, self.today = held_on, today
        offered: Any = self.fields["delegation"]
        offered.queryset = delegations
        offered.label_from_instance = _name_delegation
        if not delegations.exists():
            del self.fields["delegation"]
            return
        for name in ("signer_name", "signer_title"):
            self.fields[name].required = False
            self.fields[name].help_text = "Chỉ ghi khi thủ trưởng ký."

    def clean(self) -> dict[str, Any]:
        for name in ("signer_name", "signer_title"):
            if not (self.cleaned_data.get("delegation") or self.cleaned_data.get(name) or name in self.errors):
                self.add_error(
                    name, "Chưa điền mục này. Thủ trưởng ký thì ghi tên và chức vụ; ký thay thì chọn lần giao."
                )
        return self.cleaned_data

    def particulars(self) -> dict[str, Any]:
        """What the service takes: the signer typed, or the delegation chosen."""
        values = self.cleaned_data
        signer = values.get("delegation") or Signer((values["signer_title"],), values["signer_name"])
        return {name: values[name] for name in ("number", "signed_on", "subject")} | {"signer": signer}

    def clean_number(self) -> str:
        number = "".join(nfc(self.cleaned_data["number"]).split())
        if not NUMBER.fullmatch(number):
            raise forms.ValidationError("Ghi đủ số và ký hiệu, cách nhau bằng dấu gạch chéo, ví dụ 45/QĐ-CTHADS.")
        return number

    def clean_signed_on(self) -> date:
        day: date = self.cleaned_data["signed_on"]
        if day < self.held_on:
            raise forms.ValidationError(f"Ngày ký không thể trước ngày họp {self.held_on:%d/%m/%Y}.")
        if day > self.today:
            raise forms.ValidationError("Ngày ký ở sau hôm nay. Xem lại ngày trên quyết định.")
        return day


def _name_delegation(delegation: Delegation) -> str:
    return (
        f"{delegation.authority[0]}, {delegation.delegate_title}: {delegation.delegate.user.display_name} "
        f"(văn bản số {delegation.document_number}, {delegation.valid_from:%d/%m/%Y} – {delegation.valid_to:%d/%m/%Y})"
    )
