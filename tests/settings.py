"""The product's settings, pointed at servers, folders and secrets that exist for one test run only.

The addresses are set before any server runs, because settings are read first; the servers start when a fixture
first asks for them, so that tests of pure rules start none. Processes of one run share the servers, and each has
a database and a Redis number of its own.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from config import embedded

SCRATCH_VARIABLE = "THIDUA_TEST_SCRATCH"


def _make_scratch() -> Path:
    scratch = Path(tempfile.mkdtemp(prefix="thidua-test-"))
    scratch.chmod(0o711)  # the database's own account passes through
    creator = os.getpid()

    def clean() -> None:
        if os.getpid() == creator:  # not in a forked child
            embedded.stop(scratch / "servers")
            shutil.rmtree(scratch, ignore_errors=True)

    atexit.register(clean)
    return scratch


# The first process of a run makes the folder; its children inherit the name.
TEST_SCRATCH = Path(os.environ.setdefault(SCRATCH_VARIABLE, "") or _make_scratch())
os.environ[SCRATCH_VARIABLE] = str(TEST_SCRATCH)
TEST_SERVERS_HOME = TEST_SCRATCH / "servers"
_worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEST_DATABASE_NAME = f"test_{_worker}"
_redis_number = int(_worker.removeprefix("gw")) + 1 if _worker.startswith("gw") else 0
_addresses = embedded.addresses(TEST_SERVERS_HOME, database_name=TEST_DATABASE_NAME, redis_number=_redis_number)
TEST_HOME = TEST_SCRATCH / _worker
TEST_HOME.mkdir(exist_ok=True)
(TEST_HOME / "static").mkdir(exist_ok=True)

os.environ.update(
    DATABASE_URL=_addresses.database_url,
    DATABASE_OWNER_URL=_addresses.owner_url,
    REDIS_URL=_addresses.redis_url,
    SECRET_KEY="a-key-of-tests-that-signs-nothing-real",
    CERTIFICATE_KEYS="dGhpcyBrZXkgb2YgdGVzdHMgc2lnbnMgbm8gcGFwZXI=",
    THIDUA_HOME=str(TEST_HOME),
    MEDIA_ROOT=str(TEST_HOME / "media"),
    PLAIN_STATIC="1",
    EMAIL_URL="memorymail://",
    DEMONSTRATION_DAY="",
    DEMONSTRATION_CLOCK_FILE="",
    MAIL_CATCHER_DIR="",
    SECURE="0",
    REQUIRE_SECOND_FACTOR="0",  # asked for by the tests that are about it
    OIDC_ISSUER="",
    DEBUG="0",
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    LOG_JSON="0",
    LOG_LEVEL="WARNING",
)
os.environ.pop("THIDUA_AS_OWNER", None)

from config.settings import *  # noqa: E402, F403 — they read the environment set above

# Each client of a test would list all static files anew, and none asks for one.
WHITENOISE_USE_FINDERS = False

# `tests/units/test_sign_in.py` signs in with the product's own.
PASSWORD_HASHERS = ["tests.hashing.LightArgon2PasswordHasher"]
