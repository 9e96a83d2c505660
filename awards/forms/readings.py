"""A member's own words about a case."""

from django import forms


class NoteForm(forms.Form):
    note = forms.CharField(
        label="Ghi chép của tôi",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={
            "max_length": "Ghi chép dài %(show_value)s ký tự, quá %(limit_value)s. Rút ngắn rồi lưu; chữ đã gõ còn đó."
        },
    )
