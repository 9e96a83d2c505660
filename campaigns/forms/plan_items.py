"""What the forms of all items of a draft share."""

from typing import Any

from django import forms

Group = tuple[str, list[forms.BoundField]]


class ItemForm(forms.Form):
    """What one item says, to be mended. `as_data` gives it back in the shape of `plan_items`."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def groups(self) -> list[Group]:
        return [("", list(self.visible_fields()))]

    def as_data(self, before: dict[str, Any]) -> dict[str, Any]:
        raise NotImplementedError
