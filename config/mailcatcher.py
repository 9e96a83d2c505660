"""The demonstration's post office: accepts every message on a loopback port and keeps it as a file.

Run by `python -m config.mailcatcher --port N --folder DIR`; nothing leaves the machine.
"""

import argparse
import os
import signal
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

MESSAGE_LIMIT_BYTES = 10 * 1024 * 1024


class FolderHandler:
    """Writes each message to `folder` under a name that sorts by arrival."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 — aiosmtpd's name
        arrival = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        final = self.folder / f"{arrival}-{uuid.uuid4().hex[:8]}.eml"
        # Complete or absent: a reader of the folder never meets half a message.
        partial = final.with_suffix(".part")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(envelope.original_content or b"")
        partial.rename(final)
        return "250 OK"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--folder", type=Path, required=True)
    options = parser.parse_args()

    finished = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: finished.set())
    handler = FolderHandler(options.folder)
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=options.port,
        data_size_limit=MESSAGE_LIMIT_BYTES,
        enable_SMTPUTF8=True,
    )
    controller.start()
    finished.wait()
    controller.stop()


if __name__ == "__main__":
    main()
