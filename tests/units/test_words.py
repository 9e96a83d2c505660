"""What libraries may say to a person is said in the interface's language."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from allauth.account.adapter import get_adapter as account_adapter
from allauth.mfa.adapter import get_adapter as factor_adapter
from allauth.socialaccount.adapter import get_adapter as provider_adapter
from django import forms
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.exceptions import ValidationError
from django.utils import translation

# No form of the project has these.
UNUSED = {"DurationField", "InlineForeignKeyField", "MultiValueField", "SplitDateTimeField"}
FIELDS = [
    one
    for module in (forms.fields, forms.models)
    for one in vars(module).values()
    if isinstance(one, type) and issubclass(one, forms.Field) and one.__name__ not in UNUSED
]


def is_vietnamese(text: object) -> bool:
    """Whether some letter carries a mark: a sentence of more than three words without any is English."""
    return any(unicodedata.combining(letter) for letter in unicodedata.normalize("NFD", str(text))) or "đ" in str(text)


@pytest.mark.parametrize("adapter", [account_adapter, factor_adapter, provider_adapter])
def test_words_of_the_sign_in_library(adapter: Callable[[], Any]) -> None:
    assert {code: str(text) for code, text in adapter().error_messages.items() if not is_vietnamese(text)} == {}


@pytest.mark.parametrize("field", FIELDS, ids=lambda one: one.__name__)
def test_words_of_form_fields(field: type[forms.Field]) -> None:
    words: dict[str, object] = {}
    for kind in reversed(field.__mro__):
        words |= getattr(kind, "default_error_messages", {})
    with translation.override("vi"):
        assert {code: str(text) for code, text in words.items() if not is_vietnamese(text)} == {}


@pytest.mark.parametrize("password", ["ngan", "password"])
def test_words_about_passwords(password: str) -> None:
    said = []
    for validator in get_default_password_validators():
        try:
            validator.validate(password)
        except ValidationError as refused:
            said += refused.messages
    assert said
    assert [text for text in said if not is_vietnamese(text)] == []


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        (forms.IntegerField(min_value=1948), "1800", "Ghi một giá trị từ 1948 trở lên."),
        (forms.IntegerField(max_value=2100), "9999", "Ghi một giá trị không quá 2100."),
        (forms.IntegerField(), "hai", "Ghi một số nguyên, chỉ gồm chữ số."),
        (forms.DecimalField(), "hai", "Ghi một số, phần lẻ sau dấu phẩy."),
        (forms.CharField(max_length=3), "bốn chữ", "Dài quá 3 ký tự (đang có 7). Rút gọn lại."),
        (forms.CharField(min_length=3), "à", "Ghi ít nhất 3 ký tự (đang có 1)."),
        (forms.EmailField(), "ten", "Địa chỉ thư điện tử chưa đúng. Ghi theo dạng ten@donvi.gov.vn."),
        (forms.ChoiceField(choices=[("a", "A")]), "b", "Mục đã chọn không có trong danh sách. Chọn lại."),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, forms.Field) else "",
)
def test_words_about_a_value_say_what_to_write(field: forms.Field, typed: str, said: str) -> None:
    with translation.override("vi"), pytest.raises(ValidationError) as refused:
        field.clean(typed)
    assert refused.value.messages == [said]


def test_people_are_addressed_in_one_way() -> None:
    root = Path(__file__).resolve().parents[2]
    screens = [
        one for app in ("units", "campaigns", "exemplars", "awards", "reports") for one in (root / app).rglob("*")
    ]
    sources = [one for one in screens if one.suffix in {".html", ".txt", ".py"} and "migrations" not in one.parts]
    assert len(sources) > 500
    assert [one.name for one in sources if re.search(r"\bbạn\b", one.read_text(), re.IGNORECASE)] == []
