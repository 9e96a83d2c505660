"""Addresses worked out once are the ones that Django works out each time."""

import uuid
from collections.abc import Iterator

import pytest
from django.template import Context, Engine, Template
from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse, set_script_prefix
from django.urls.converters import IntConverter, UUIDConverter
from django.urls.resolvers import RoutePattern

from units.addresses import address_of

KEYS = {UUIDConverter: uuid.UUID("0d9f3f52-2a55-4a6c-9b8e-8f1f6f1b2c3d"), IntConverter: 7}


def list_views(resolver: URLResolver, name: str = "") -> Iterator[tuple[str, list[object]]]:
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from list_views(one, f"{name}{one.namespace}:" if one.namespace else name)
        elif isinstance(one.pattern, RoutePattern) and one.name:
            converters = [type(converter) for converter in one.pattern.converters.values()]
            if all(converter in KEYS for converter in converters):
                yield f"{name}{one.name}", [KEYS[converter] for converter in converters]


def test_every_view_has_the_address_that_django_gives_it() -> None:
    views = list(list_views(get_resolver()))
    assert len(views) > 200
    for view, keys in views:
        assert address_of(view, *keys) == reverse(view, args=keys), view


def test_the_prefix_of_the_server_stands_before_it() -> None:
    key = uuid.uuid4()
    assert address_of("units:person-detail", key) == f"/people/{key}/"
    set_script_prefix("/thi-dua/")
    try:
        assert address_of("units:person-detail", key) == f"/thi-dua/people/{key}/"
    finally:
        set_script_prefix("/")


@pytest.mark.parametrize(
    "tag",
    [
        "{% url 'units:home' %}",
        "{% url 'units:person-detail' key %}",
        "{% url 'units:person-detail' word %}",
        "{% url 'units:person-detail' pk=key %}",
        "{% url 'units:person-detail' key as kept %}[{{ kept }}]",
        "{% url 'units:person-detail' nothing as kept %}[{{ kept }}]",
        "{% url view key %}",
    ],
)
def test_the_tag_writes_what_the_tag_of_django_writes(tag: str) -> None:
    key = uuid.uuid4()
    context = {"key": key, "word": str(key), "view": "units:person-detail"}
    plain = Engine()  # with Django's own tags alone
    assert Template(tag).render(Context(context)) == plain.from_string(tag).render(Context(context))


@pytest.mark.parametrize("tag", ["{% url 'units:person-detail' nothing %}", "{% url 'units:no-such-view' key %}"])
def test_an_address_that_does_not_exist_is_no_silence(tag: str) -> None:
    with pytest.raises(NoReverseMatch):
        Template(tag).render(Context({"key": uuid.uuid4()}))
