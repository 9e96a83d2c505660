"""A whole installation for one test session: the processes of `make run`, on sockets and ports of their own."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings

from config import embedded, serve
from tests.schema import kept_schema

REPOSITORY = Path(serve.__file__).resolve().parent.parent
STOP_WITHIN_SECONDS = 15


class Stack:
    """Real web, worker, beat and mail catcher over a real PostgreSQL and Redis, each of which a test may stop."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = serve.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        addresses = embedded.addresses(home)
        inherited = {
            name: value
            for name, value in os.environ.items()
            if name not in {"THIDUA_AS_OWNER", "PLAIN_STATIC", "THIDUA_EMBEDDED_DATABASE", "THIDUA_EMBEDDED_REDIS"}
        }
        self.environment = inherited | {
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "THIDUA_HOME": str(home),
            "MEDIA_ROOT": str(home / "media"),
            "STATIC_ROOT": str(settings.TEST_SCRATCH / "static-of-installations"),
            "DATABASE_URL": addresses.database_url,
            "DATABASE_OWNER_URL": addresses.owner_url,
            "REDIS_URL": addresses.redis_url,
            "DEMONSTRATION_DAY": serve.DEMONSTRATION_DAY,
            # Any hour of the day may be a test's.
            "REMINDER_HOUR": "0",
            "DEMONSTRATION_CLOCK_FILE": str(home / "day"),
            "SITE_ADDRESS": self.url,
            "LOG_LEVEL": "INFO",
        }
        self.commands = {
            "mail": serve.mail_catcher(self.environment, home),
            **serve.commands(self.port, home),
        }
        self.mail_dir = Path(self.environment["MAIL_CATCHER_DIR"])
        (home / "log").mkdir(exist_ok=True)

    def start(self, *first_data: str) -> None:
        """Bring schema, static files and first data up, then every process; the data are a command's, or the usual."""
        with once_a_run("static-of-installations") as static:
            if not static.exists():
                self.manage("collectstatic", "--noinput", "--verbosity=0")
        if first_data:
            self._furnish("schema", self._migrate)
            self.start_redis()
            self.manage(*first_data)
        else:
            # Without Redis: what is promised meanwhile is then sent by each installation that begins with it.
            self._furnish("demonstration", self._load_demonstration)
            self.start_redis()
        for name in self.commands:
            self.start_process(name)
        if not serve.wait_until_ready(self.port, 180):
            raise AssertionError(f"the web process is not ready:\n{self.log('web')}")

    def _furnish(self, name: str, make: Callable[[], None]) -> None:
        """Begin with a copy of what another installation of this run began with; the first makes it."""
        with once_a_run(f"{name}-of-installations") as kept:
            if not kept.exists():
                make()
                self.stop_database()
                unfinished = kept.with_suffix(".new")
                unfinished.mkdir()
                _copy(self.home, unfinished)
                unfinished.rename(kept)
            elif not (self.home / "postgres").exists():
                _copy(kept, self.home)
        self.start_database()

    def _migrate(self) -> None:
        self.start_database()
        with kept_schema(self.home):
            self.manage("migrate", "--noinput", "--verbosity=0")

    def _load_demonstration(self) -> None:
        self._furnish("schema", self._migrate)
        self.manage("load_demonstration")

    def close(self) -> None:
        for name in list(self.processes):
            self.stop_process(name)
        embedded.stop(self.home)

    def manage(self, *arguments: str) -> str:
        """Run a management command in this installation and return what it printed; fail if it fails."""
        done = subprocess.run(  # noqa: S603 — our own command
            [sys.executable, "manage.py", *arguments],
            cwd=REPOSITORY,
            env=self.environment,
            check=False,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == 0, f"manage.py {' '.join(arguments)}:\n{done.stdout}{done.stderr}"
        return done.stdout

    def ask(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows as the server's administrator sees them, whom no fence stops.

        In a moment, where a management command spends seconds of work on its start.
        """
        with psycopg.connect(self.environment["DATABASE_OWNER_URL"], user="postgres") as database:
            cursor = database.execute(query, values or None)  # type: ignore[arg-type]  # our own words
            return cursor.fetchall() if cursor.description else []

    def move_clock(self, day: date) -> None:
        """Another day comes for every process at once; a reader finds the old day or the new one, never half of it."""
        clock = Path(self.environment["DEMONSTRATION_CLOCK_FILE"])
        fresh = clock.with_suffix(".new")
        fresh.write_text(day.isoformat(), encoding="ascii")
        fresh.replace(clock)

    def log(self, name: str) -> str:
        return (self.home / "log" / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def start_process(self, name: str) -> None:
        with (self.home / "log" / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(  # noqa: S603 — our own commands
                self.commands[name],
                cwd=REPOSITORY,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop_process(self, name: str, with_signal: int = signal.SIGTERM) -> None:
        """Signal the process and its children as a group, and wait until they are gone."""
        process = self.processes.pop(name)
        os.killpg(process.pid, with_signal)
        try:
            process.wait(STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def kill_worker(self) -> None:
        """The worker dies as in a power cut: no warning, children included."""
        self.stop_process("worker", signal.SIGKILL)

    def start_worker(self) -> None:
        self.start_process("worker")

    def stop_redis(self) -> None:
        embedded.stop(self.home, database=False)

    def start_redis(self) -> None:
        embedded.start(self.home, database=False, durable=False)

    def stop_database(self) -> None:
        embedded.stop(self.home, redis=False)

    def start_database(self) -> None:
        embedded.start(self.home, redis=False, durable=False)


@contextmanager
def once_a_run(name: str) -> Iterator[Path]:
    """A place in the run's folder for what one process makes and the others find; nobody else looks meanwhile."""
    place = settings.TEST_SCRATCH / name
    with place.with_suffix(".lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield place


def _copy(there: Path, here: Path) -> None:
    """The data of a stopped database with its account's ownership, and the files beside it."""
    found = [str(there / name) for name in ("postgres", "media") if (there / name).exists()]
    subprocess.run(["cp", "-a", *found, str(here)], check=True)  # noqa: S603, S607 — the system's own


def wait_until(condition: Callable[[], object], seconds: float = 30, *, what: str = "the condition") -> None:
    """Poll until `condition()` is true; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for {what} after {seconds:.0f} s"
        time.sleep(0.1)
