"""`python -m config.serve`: the whole installation of one office in one terminal, until Ctrl-C.

Servers, schema, demonstration data on an empty database, then web, worker, beat and the mail catcher under
one supervisor. What they print goes to `<home>/log/run.log`; the terminal gets one address and the accounts.
"""

import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, Final

from honcho.manager import Manager
from honcho.printer import Message, Printer

from config import embedded, local

DEFAULT_PORT: Final = 8000
READY_WITHIN_SECONDS: Final = 60.0
# The demonstration tells the plans of 2023: its people work amid that autumn's deadlines.
DEMONSTRATION_DAY: Final = "2023-11-13"


def main() -> int:
    local.fill_environment()
    try:
        port = int(os.environ.get("PORT") or DEFAULT_PORT)
    except ValueError:
        return _fail(f"PORT={os.environ['PORT']} không phải là số. Ví dụ: make run PORT=8001")
    if not is_free(port):
        return _fail(
            f"Cổng {port} đang có chương trình khác dùng nên chưa khởi động được. "
            f"Tắt chương trình đó, hoặc chạy với cổng khác: make run PORT={port + 1}"
        )
    os.environ.setdefault("DEMONSTRATION_DAY", DEMONSTRATION_DAY)
    # Accounts of the demonstration share a password that everybody knows; the sign-in page says so.
    os.environ.setdefault("REQUIRE_SECOND_FACTOR", "0")
    os.environ.setdefault("REMINDER_HOUR", "0")  # a visitor of the demonstration may come at night
    os.environ.setdefault("SITE_ADDRESS", f"http://localhost:{port}")
    # A closed terminal ends everything too; the supervisor knows only the two other ways.
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        with local.embedded_servers():
            accounts = prepare()
            return supervise(port, accounts)
    except embedded.EmbeddedServerError as problem:
        return _fail(str(problem))
    except subprocess.CalledProcessError as problem:
        return _fail(f"Bước “{problem.cmd[2]}” không xong; dòng cuối ở trên nói lý do.")
    except KeyboardInterrupt:
        _say("Đã dừng.")
        return 0


def prepare() -> str:
    """Bring schema, static files and first data up to date; return the table of demonstration accounts."""
    _say("Đang chuẩn bị dữ liệu…")
    environment = {**os.environ, "LOG_LEVEL": "WARNING"}
    migrate = [sys.executable, "manage.py", "migrate", "--noinput", "--verbosity=0"]
    others = [sys.executable, "-m", "config.prepare"]
    with subprocess.Popen(  # noqa: S603 — our own command
        others,
        cwd=local.REPOSITORY,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as beside:
        subprocess.run(migrate, cwd=local.REPOSITORY, env=environment, check=True)  # noqa: S603 — same
        accounts, _ = beside.communicate("the schema is current\n")
    if beside.returncode:
        raise subprocess.CalledProcessError(beside.returncode, others)
    return accounts


def commands(port: int, home: Path) -> dict[str, list[str]]:
    """The processes of an installation, by name; each reads the same environment."""
    python = sys.executable
    # No service manager stands behind this terminal to start them again.
    celery = [python, "-m", "config.keeper", python, "-m", "celery", "--quiet", "--app", "config"]
    return {
        "web": [
            *(python, "-m", "gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}"),
            *("--worker-class", "sync", "--workers", os.environ.get("WEB_CONCURRENCY", "2")),
            *(
                "--timeout",
                "60",
                "--graceful-timeout",
                "4",
                "--preload",
                "--no-control-socket",
                "--log-level",
                "warning",
            ),
        ],
        "worker": [
            *celery,
            *("worker", "--queues", "default,paper", "--concurrency", "2", "--loglevel", "INFO"),
            *("--without-gossip", "--without-mingle"),
        ],
        "beat": [
            *celery,
            *("beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", str(home / "beat-schedule")),
        ],
    }


def mail_catcher(environment: dict[str, str], home: Path) -> list[str]:
    """The mail catcher's command; `environment` is pointed at it and at the folder where messages appear."""
    folder = home / "mail"
    port = free_port()
    environment["EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
    environment["MAIL_CATCHER_DIR"] = str(folder)
    return [sys.executable, "-m", "config.mailcatcher", "--port", str(port), "--folder", str(folder)]


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def supervise(port: int, accounts: str) -> int:
    """Run the processes until one ends or the person says so; return the exit code of the whole."""
    environment = dict(os.environ)
    home = local.home()
    running = commands(port, home)
    if "EMAIL_URL" not in environment:
        running = {"mail": mail_catcher(environment, home), **running}
    log = home / "log" / "run.log"
    log.parent.mkdir(mode=0o700, exist_ok=True)
    with log.open("w", encoding="utf-8") as output:
        announcer = threading.Thread(target=_announce, args=(port, accounts, log), daemon=True)
        manager = Manager(_LogPrinter(output, announcer))
        for name, command in running.items():
            # `exec`: signals must reach the process itself, not a shell around it.
            manager.add_process(name, f"exec {shlex.join(command)}", env=environment, cwd=str(local.REPOSITORY))
        manager.loop()
        # A second Ctrl-C must not interrupt the orderly stop of the servers.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    if manager.returncode in {130, 143}:  # Ctrl-C and SIGTERM: the ways it is meant to end
        _say("Đã dừng. Dữ liệu được giữ lại cho lần chạy sau.")
        return 0
    tail = "".join(log.read_text(encoding="utf-8").splitlines(keepends=True)[-30:])
    return _fail(f"{tail}\nMột tiến trình đã dừng ngoài ý muốn nên tất cả được dừng theo; nhật ký: {log}")


class _LogPrinter(Printer):  # type: ignore[misc]  # honcho has no types
    """Writes to the log; starts the announcer once all processes are forked (a thread before is unsafe)."""

    def __init__(self, output: IO[str], announcer: threading.Thread) -> None:
        super().__init__(output, colour=False)
        self.announcer = announcer

    def write(self, message: Message) -> None:
        super().write(message)
        self.output.flush()
        if self.announcer.ident is None:
            self.announcer.start()


def _announce(port: int, accounts: str, log: Path) -> None:
    if not wait_until_ready(port):
        _say(f"Trang web chưa trả lời sau {READY_WITHIN_SECONDS:.0f} giây; xem {log}")
        return
    _say(f"\nĐã sẵn sàng. Mở trình duyệt tại:  http://localhost:{port}/\n")
    if accounts:
        _say(accounts.rstrip())
    _say(f"\nNhật ký: {log}. Nhấn Ctrl-C để dừng.")


def wait_until_ready(port: int, seconds: float = READY_WITHIN_SECONDS) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5).close()
        except OSError:  # refused, or any status but success
            time.sleep(0.1)
        else:
            return True
    return False


def is_free(port: int) -> bool:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except (OSError, OverflowError):
            return False
    return True


def _say(text: str) -> None:
    with suppress(OSError):  # the terminal may be gone, and the orderly stop goes on without it
        sys.stdout.write(text + "\n")
        sys.stdout.flush()


def _fail(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
