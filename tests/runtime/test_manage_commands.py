import os
import stat
import subprocess
import sys
from pathlib import Path

from config import embedded
from tests.schema import kept_schema

REPOSITORY = Path(embedded.__file__).resolve().parent.parent
SET_BY_THE_RUN = {
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "REDIS_URL",
    "SECRET_KEY",
    "CERTIFICATE_KEYS",
    "MEDIA_ROOT",
    "DJANGO_SETTINGS_MODULE",
}


def manage(home: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    bare = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_RUN}
    return subprocess.run(  # noqa: S603
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env=bare | {"THIDUA_HOME": str(home)} | environment,
        check=False,
        capture_output=True,
        text=True,
        timeout=400,
    )


def test_a_command_brings_up_its_servers_and_leaves_none_behind(home: Path) -> None:
    script = (
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user'); print(k.fetchone())"
    )
    done = manage(home, "shell", "--no-imports", "-c", script)
    assert done.stdout == "('thidua_login',)\n", done.stderr
    assert not embedded.is_in_use(home)
    assert not (home / "postgres" / "postmaster.pid").exists()
    assert not (home / "run" / "redis.sock").exists()


def test_a_schema_command_connects_as_the_owner(home: Path) -> None:
    embedded.start(home, durable=False)
    with kept_schema(home):
        assert manage(home, "migrate", "--verbosity=0").returncode == 0
    assert manage(home, "migrate", "--check").returncode == 0


def test_a_command_that_needs_no_server_starts_none(home: Path) -> None:
    done = manage(home, "check")
    assert done.returncode == 0, done.stderr
    assert not (home / "postgres").exists()
    assert not (home / "redis").exists()


def test_servers_given_from_outside_are_used_instead(home: Path, servers: embedded.Services) -> None:
    done = manage(
        home, "shell", "--no-imports", "-c", "print(1)", DATABASE_URL=servers.database_url, REDIS_URL=servers.redis_url
    )
    assert done.stdout == "1\n", done.stderr
    assert not (home / "postgres").exists()


def test_the_secrets_are_made_once_and_are_private(home: Path) -> None:
    script = "from django.conf import settings; print(settings.SECRET_KEY, *settings.CERTIFICATE_KEYS)"
    first = manage(home, "shell", "--no-imports", "-c", script).stdout
    second = manage(home, "shell", "--no-imports", "-c", script).stdout
    assert first == second
    assert [len(one) >= least for one, least in zip(first.split(), (64, 43), strict=True)] == [True, True]
    for name in ("secret-key", "certificate-keys"):
        assert stat.S_IMODE((home / name).stat().st_mode) == 0o600


def test_what_the_web_process_has_loaded_is_spared_by_the_garbage_collector() -> None:
    """Views and all, or requests would wait for the walk through them."""
    script = (
        "import gc, sys, config.wsgi; "
        "print('units.views.people' in sys.modules, gc.get_freeze_count() > len(gc.get_objects()))"
    )
    bare = {name: value for name, value in os.environ.items() if name not in SET_BY_THE_RUN}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-W", "ignore", "-c", script],
        cwd=REPOSITORY,
        env=bare | {"SECRET_KEY": "x"},
        check=False,
        capture_output=True,
        text=True,
        timeout=400,
    )
    assert done.stdout == "True True\n", done.stderr
