"""What a single office does not set: the environment of an installation that brings its own servers.

Everything set from outside wins. Imports no Django: settings read the environment that is filled in here.
"""

import os
import secrets
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from config import embedded

REPOSITORY = Path(__file__).resolve().parent.parent


def home() -> Path:
    """The folder of this installation's data: database, evidence, mail of the demonstration, secret."""
    return Path(os.environ.get("THIDUA_HOME") or REPOSITORY / "var").resolve()


def fill_environment() -> None:
    """Point settings at this home. Starts nothing: the addresses are known before the servers run."""
    place = home()
    addresses = embedded.addresses(place)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ.setdefault("THIDUA_HOME", str(place))
    os.environ.setdefault("MEDIA_ROOT", str(place / "media"))
    if not os.environ.get("DATABASE_URL"):
        os.environ.update(DATABASE_URL=addresses.database_url, DATABASE_OWNER_URL=addresses.owner_url)
        os.environ["THIDUA_EMBEDDED_DATABASE"] = "1"
    # An outside database with one role only: that role then also carries the schema.
    os.environ.setdefault("DATABASE_OWNER_URL", os.environ["DATABASE_URL"])
    if not os.environ.get("REDIS_URL"):
        os.environ["REDIS_URL"] = addresses.redis_url
        os.environ["THIDUA_EMBEDDED_REDIS"] = "1"
    if not os.environ.get("SECRET_KEY"):
        os.environ["SECRET_KEY"] = _own_secret(place, "secret-key", secrets.token_urlsafe(64))
    if not os.environ.get("CERTIFICATE_KEYS"):
        os.environ["CERTIFICATE_KEYS"] = _own_secret(place, "certificate-keys", secrets.token_urlsafe(32))


@contextmanager
def embedded_servers() -> Iterator[None]:
    """Hold the embedded servers that this environment points at, and none when it points elsewhere.

    Children inherit the environment; they join the same servers and never stop them under their parent.
    """
    database = os.environ.get("THIDUA_EMBEDDED_DATABASE") == "1"
    redis = os.environ.get("THIDUA_EMBEDDED_REDIS") == "1"
    if not (database or redis):
        yield
        return
    # A plain SIGTERM would skip the release below and leave the servers running without a user.
    previous = signal.signal(signal.SIGTERM, _leave)
    try:
        embedded.start(home(), database=database, redis=redis)
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)
        embedded.release(home())


def _leave(_signal_number: int, _frame: FrameType | None) -> None:
    sys.exit(128 + signal.SIGTERM)


def _own_secret(place: Path, name: str, fresh: str) -> str:
    """A secret of this installation, made once; whoever reads it can sign in its name, hence mode 0600."""
    file = place / name
    place.mkdir(parents=True, exist_ok=True)
    candidate = place / f"{name}.{os.getpid()}"
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        descriptor = os.open(candidate, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(fresh)
        try:
            # A link, not a rename: of two first starts at once, the first one's key stays.
            os.link(candidate, file)
        except FileExistsError:
            pass
        finally:
            candidate.unlink()
    return file.read_text(encoding="ascii").strip()
