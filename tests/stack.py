"""A whole installation for one test session: the processes of `make run`, on sockets and ports of their own."""

import fcntl
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.conf import settings

from config import embedded, serve
from tests.schema import load_kept_schema

REPOSITORY = Path(serve.__file__).resolve().parent.parent
STOP_WITHIN_SECONDS = 15


class Stack:
    """Real web, worker, beat and mail catcher over a real PostgreSQL and Redis, each of which a test may stop."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = serve.free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self.start_database()
        self.start_redis()
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
        load_kept_schema(self.home)
        self.manage("migrate", "--noinput", "--verbosity=0")
        self.collect_static()
        self.manage(*(first_data or ("load_demonstration", "--if-empty")))
        for name in self.commands:
            self.start_process(name)
        if not serve.wait_until_ready(self.port):
            raise AssertionError(f"the web process is not ready:\n{self.log('web')}")

    def collect_static(self) -> None:
        """Once a run: every installation shows the same files."""
        folder = Path(self.environment["STATIC_ROOT"])
        with folder.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not folder.exists():
                self.manage("collectstatic", "--noinput", "--verbosity=0")

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


def wait_until(condition: Callable[[], object], seconds: float = 30, *, what: str = "the condition") -> None:
    """Poll until `condition()` is true; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"still waiting for {what} after {seconds:.0f} s"
        time.sleep(0.1)
