import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from config import keeper
from tests.stack import REPOSITORY, wait_until

Keep = Callable[[str], subprocess.Popen[bytes]]


@pytest.fixture
def keep() -> Iterator[Keep]:
    """Start a keeper over a line of Python, as the group of its own that a supervisor gives it."""
    started: list[subprocess.Popen[bytes]] = []

    def start(code: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "config.keeper", sys.executable, "-c", code]
        process = subprocess.Popen(command, cwd=REPOSITORY, start_new_session=True)  # noqa: S603 — our own command
        started.append(process)
        return process

    yield start
    for process in started:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def noting(starts: Path, then: str) -> str:
    """Code that leaves its process number in the file and goes on with `then`."""
    return f"import os, sys, time\nwith open({str(starts)!r}, 'a') as f: print(os.getpid(), file=f)\n{then}"


def numbers(starts: Path) -> list[int]:
    return [int(line) for line in starts.read_text().split()] if starts.exists() else []


def is_alive(number: int) -> bool:
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def test_what_ends_by_itself_is_started_again(keep: Keep, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    process = keep(noting(starts, "time.sleep(60)"))
    wait_until(lambda: len(numbers(starts)) == 1, what="the first start")
    os.kill(numbers(starts)[0], signal.SIGKILL)
    wait_until(lambda: len(numbers(starts)) == 2, what="the second start")
    assert is_alive(numbers(starts)[1])
    assert process.poll() is None


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_who_asks_it_to_end_gets_an_end_and_the_code_of_the_process(keep: Keep, tmp_path: Path, asked: int) -> None:
    starts = tmp_path / "starts"
    # The handler stands before the start is noted: Python has one of its own for an interrupt.
    orderly = f"import signal, sys\nsignal.signal({int(asked)}, lambda *_: sys.exit(7))\n"
    process = keep(orderly + noting(starts, "time.sleep(60)"))
    wait_until(lambda: len(numbers(starts)) == 1, what="the first start")
    process.send_signal(asked)
    assert process.wait(10) == 7
    assert len(numbers(starts)) == 1


def test_what_never_starts_is_given_up_with_its_code(keep: Keep, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    process = keep(noting(starts, "sys.exit(3)"))
    assert process.wait(60) == 3
    assert len(numbers(starts)) == keeper.GIVES_UP_AFTER


def test_a_signal_between_two_runs_ends_it(keep: Keep, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    process = keep(noting(starts, "sys.exit(3)"))
    wait_until(lambda: len(numbers(starts)) >= 3, what="a few starts")
    process.terminate()
    process.wait(10)
    assert len(numbers(starts)) < keeper.GIVES_UP_AFTER


def test_a_killed_keeper_leaves_no_process_behind(keep: Keep, tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    process = keep(noting(starts, "time.sleep(60)"))
    wait_until(lambda: len(numbers(starts)) == 1, what="the first start")
    process.kill()
    wait_until(lambda: not is_alive(numbers(starts)[0]), what="the process to end with its keeper")
