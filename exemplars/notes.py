"""What apps further on say of a nomination on its own page. An app names a dotted path in its `apps.py`
(`nomination_notes`); the function takes the nomination, in the scope in force, and returns its notes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.apps import apps
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from exemplars.models import Nomination


@dataclass(frozen=True, slots=True)
class NominationNote:
    """`tone` is that of the tags: met, unmet or open. Whoever lacks `permission` reads the words without the link."""

    words: str
    tone: str
    address: str
    permission: str


def list_notes(nomination: "Nomination") -> list[NominationNote]:
    paths = [path for config in apps.get_app_configs() if (path := getattr(config, "nomination_notes", ""))]
    return [note for path in paths for note in import_string(path)(nomination)]
