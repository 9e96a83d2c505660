"""The type in which an app says values for rows of the proof; apart, because `apps.py` loads before any model."""

from collections.abc import Callable, Mapping
from typing import Any

# Label of a model ("exemplars.nomination") to a function that takes the `Place` whose row is made and gives values.
RowValues = Mapping[str, Callable[[Any], Mapping[str, Any]]]

# Full name of an address ("exemplars:nomination-accept") to why nobody of the world opens it, in words for the report.
Unopened = Mapping[str, str]
