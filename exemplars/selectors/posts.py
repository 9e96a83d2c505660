"""Posts as plain tuples: of whole branches they are read by the ten thousand."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from units.models import Posting


class Post(NamedTuple):
    person: UUID
    unit: UUID
    unit_path: str
    valid_from: date
    valid_to: date | None
    is_head: bool

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to >= day)


def read_posts(about: Q) -> Iterator[Post]:
    rows = Posting.objects.filter(about).order_by()
    return map(Post._make, rows.values_list("person_id", "unit_id", "unit_path", "valid_from", "valid_to", "is_head"))
