"""A council in session, for tests of ballots and decisions."""

from collections.abc import Iterator

import pytest

from tests.awards.room import Room
from units.scoping import maintenance_scope


@pytest.fixture
def everything() -> Iterator[None]:
    """Tests look at rows of every unit; views enter scopes of their own inside this one."""
    with maintenance_scope("A test looks at everything."):
        yield


@pytest.fixture
def room(db: None, everything: None) -> Room:
    return Room()
