"""`python -m config.keeper COMMAND…`: run a process again whenever it ends by itself, until this one is asked to end.

A Celery worker ends when the connection to Redis closes while it acknowledges a task. Nothing is lost by that, the
outbox sends again; but somebody has to start it anew where no service manager does. The pause before a new start
doubles while the process keeps ending at once, and after `GIVES_UP_AFTER` such ends its exit code is passed on: what
cannot start needs a person.
"""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Final

GIVES_UP_AFTER: Final = 5
# An end within so many seconds of its start counts as a start that failed.
AT_ONCE_SECONDS: Final = 5.0
FIRST_PAUSE_SECONDS: Final = 0.5
LOOKS_UP_SECONDS: Final = 0.05
PR_SET_PDEATHSIG: Final = 1


class Keeper:
    """One command, run again and again in this process's own group."""

    def __init__(self, command: list[str]) -> None:
        self.command = command
        # A plain value: a handler that takes a lock can meet itself in the thread that it interrupts.
        self.is_asked_to_end = False
        self.process: subprocess.Popen[bytes] | None = None

    def keep(self) -> int:
        """Return the exit code with which the command ended after a signal, or after it failed to start for good."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, self.pass_on)
        failures = 0
        while True:
            since = time.monotonic()
            code = self.run_once()
            if self.is_asked_to_end:
                return code
            failures = failures + 1 if time.monotonic() - since < AT_ONCE_SECONDS else 1
            if failures >= GIVES_UP_AFTER:
                return code or 1
            self.say(f"ended by itself with code {code}; it is started again")
            if self.waits_in_vain(FIRST_PAUSE_SECONDS * 2 ** (failures - 1)):
                return code

    def waits_in_vain(self, seconds: float) -> bool:
        """Pause; whether it was asked to end meanwhile."""
        until = time.monotonic() + seconds
        while not self.is_asked_to_end and time.monotonic() < until:
            time.sleep(LOOKS_UP_SECONDS)
        return self.is_asked_to_end

    def run_once(self) -> int:
        # Whoever kills only the keeper leaves no process without one.
        self.process = subprocess.Popen(self.command, preexec_fn=_end_with_parent)  # noqa: S603, PLW1509 — our own command, no threads yet
        if self.is_asked_to_end:  # the signal came between two runs
            self.process.terminate()
        return self.process.wait()

    def pass_on(self, number: int, _frame: FrameType | None) -> None:
        self.is_asked_to_end = True
        if self.process is not None:
            with suppress(ProcessLookupError):
                self.process.send_signal(number)

    def say(self, text: str) -> None:
        sys.stderr.write(f"keeper: {' '.join(self.command[1:4])} {text}\n")
        sys.stderr.flush()


def _end_with_parent() -> None:
    keeper = os.getppid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != keeper:  # it was gone before the line above
        os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(Keeper(sys.argv[1:]).keep())
