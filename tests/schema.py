"""The migrated schema, kept from one run to the next: to migrate from nothing costs as much as a hundred tests.

What is kept is a dump, named by everything that decides it. Whoever loads one migrates afterwards all the same, which
finds nothing to do and raises the fence of today. The first run of a fresh clone migrates from nothing, and so does
the test of a first start (`tests/runtime/test_serve.py`), always.
"""

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import embedded

REPOSITORY = Path(__file__).resolve().parent.parent
FOLDER = REPOSITORY / ".pytest_cache" / "schema"


def _dump() -> Path:
    parts = [
        *sorted(REPOSITORY.glob("*/migrations/*.py")),
        REPOSITORY / "units" / "migration_operations.py",
        *REPOSITORY.glob("requirements*.lock"),
        embedded.ROLES_SQL,
    ]
    key = hashlib.sha256()
    for part in parts:
        key.update(str(part.relative_to(REPOSITORY)).encode() + b"\0" + part.read_bytes() + b"\0")
    return FOLDER / f"{key.hexdigest()[:24]}.dump"


@contextmanager
def kept_schema(home: Path) -> Iterator[None]:
    """Inside, the empty database of `home` is migrated: from the kept schema on, or from nothing while others wait."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "making.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _load(home):
            fcntl.flock(lock, fcntl.LOCK_UN)
            yield
        else:
            yield
            _keep(home)


def _load(home: Path) -> bool:
    """Fill the database with the kept schema; False when none is kept for today's migrations."""
    dump = _dump()
    if not dump.exists():
        return False
    _run(home, "pg_restore", "--exit-on-error", "--dbname", embedded.DATABASE_NAME, str(dump))
    return True


def _keep(home: Path) -> None:
    """Keep what was just migrated from nothing, and nothing older."""
    dump = _dump()
    unfinished = dump.with_suffix(f".{os.getpid()}")
    _run(home, "pg_dump", "--format", "custom", "--compress", "1", "--file", str(unfinished), embedded.DATABASE_NAME)
    for older in FOLDER.glob("*.dump"):
        older.unlink(missing_ok=True)
    unfinished.rename(dump)


def _run(home: Path, program: str, *arguments: str) -> None:
    sockets = embedded.addresses(home).database_url.partition("host=")[2]
    subprocess.run(  # noqa: S603 — PostgreSQL's own programs
        [str(embedded.postgres_binaries() / program), "--host", sockets, "--username", "postgres", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
