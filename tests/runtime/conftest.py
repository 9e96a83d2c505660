import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from config import embedded


@pytest.fixture
def home() -> Iterator[Path]:
    """A home for servers of the test's own; they are stopped after it.

    Not pytest's temporary folder: each start of pytest closes that one to other accounts, under running servers.
    """
    folder = Path(tempfile.mkdtemp(dir=settings.TEST_SCRATCH))
    folder.chmod(0o711)
    yield folder / "home"
    embedded.stop(folder / "home")
