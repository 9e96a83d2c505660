import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from config import embedded, serve
from tests.stack import wait_until

REPOSITORY = Path(embedded.__file__).resolve().parent.parent
Start = Callable[[int], tuple[subprocess.Popen[bytes], Path]]
KEPT = {"PATH", "HOME", "LANG", "TMPDIR", "VIRTUAL_ENV"}


@pytest.fixture
def run(home: Path, tmp_path: Path) -> Iterator[Start]:
    """Start `config.serve` as a person's terminal would: a group of its own that Ctrl-C reaches as a whole."""
    started: list[subprocess.Popen[bytes]] = []

    def start(port: int) -> tuple[subprocess.Popen[bytes], Path]:
        screen = tmp_path / f"screen-{len(started)}"
        environment = {name: value for name, value in os.environ.items() if name in KEPT}
        with screen.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "config.serve"],
                cwd=REPOSITORY,
                env=environment | {"THIDUA_HOME": str(home), "PORT": str(port)},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        started.append(process)
        return process, screen

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def processes_of(home: Path) -> list[str]:
    """Every process that was started with this home, by command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            alive = (folder / "stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
            if alive and (str(home).encode() in (folder / "environ").read_bytes() or str(home) in command):
                found.append(command)
    return found


def ready(screen: Path) -> Callable[[], bool]:
    return lambda: "Đã sẵn sàng" in screen.read_text()


def test_it_prints_one_address_and_accounts_ends_cleanly_and_keeps_its_data(run: Start, home: Path) -> None:
    port = serve.free_port()
    process, screen = run(port)
    wait_until(ready(screen), 300, what="the address on the screen")
    shown = screen.read_text()
    assert shown.count("http://") == 1
    assert f"http://localhost:{port}/" in shown
    addresses = embedded.addresses(home)
    with psycopg.connect(addresses.database_url) as login:
        names = login.execute("SELECT username FROM units_user ORDER BY username").fetchall()
    assert names
    assert all(name in shown for (name,) in names)

    os.killpg(process.pid, signal.SIGINT)  # Ctrl-C
    assert process.wait(30) == 0, screen.read_text()
    assert processes_of(home) == []

    process, screen = run(port)
    wait_until(ready(screen), 300, what="the second start")
    with psycopg.connect(addresses.database_url) as login:
        assert login.execute("SELECT username FROM units_user ORDER BY username").fetchall() == names
    os.killpg(process.pid, signal.SIGHUP)  # the window is closed
    assert process.wait(30) == 0, screen.read_text()
    assert processes_of(home) == []


def test_a_port_in_use_is_said_with_the_way_out(run: Start, home: Path) -> None:
    with closing(socket.socket()) as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process, screen = run(port)
        assert process.wait(30) == 1
    shown = screen.read_text()
    assert f"Cổng {port} đang có chương trình khác dùng" in shown
    assert f"PORT={port + 1}" in shown
    assert not (home / "postgres").exists()


def test_an_interrupt_in_the_middle_of_a_first_start_leaves_no_process(run: Start, home: Path) -> None:
    process, screen = run(serve.free_port())
    database = home / "postgres" / "postmaster.pid"
    wait_until(lambda: database.exists() or process.poll() is not None, what="the first server")
    assert database.exists(), screen.read_text()
    os.killpg(process.pid, signal.SIGINT)
    process.wait(120)
    assert processes_of(home) == [], screen.read_text()
