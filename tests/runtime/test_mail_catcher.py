import email
import email.policy
import smtplib
import stat
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from config import embedded, serve
from tests.stack import wait_until


@pytest.fixture
def catcher(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    port = serve.free_port()
    folder = tmp_path / "mail"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "config.mailcatcher", "--port", str(port), "--folder", str(folder)],
        cwd=Path(embedded.__file__).parent.parent,
    )
    wait_until(lambda: not serve.is_free(port), what="the mail catcher")
    yield port, folder
    process.terminate()
    assert process.wait(10) == 0


def message(subject: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "thi-dua@example.vn", "can-bo@example.vn", subject
    made.set_content("Việc sắp đến hạn: nộp hồ sơ đề nghị trước ngày 15/11/2023.\n")
    return made


def test_messages_are_kept_whole_in_order_of_arrival_and_privately(catcher: tuple[int, Path]) -> None:
    port, folder = catcher
    with smtplib.SMTP("127.0.0.1", port) as post:
        for subject in ("Việc đến hạn trong 7 ngày", "Việc quá hạn"):
            post.send_message(message(subject))
    files = sorted(folder.glob("*.eml"))
    kept = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    assert [one["Subject"] for one in kept] == ["Việc đến hạn trong 7 ngày", "Việc quá hạn"]
    assert "trước ngày 15/11/2023" in kept[0].get_content()
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert list(folder.glob("*.part")) == []


def test_a_message_beyond_the_limit_is_refused(catcher: tuple[int, Path]) -> None:
    port, folder = catcher
    large = message("Quá lớn")
    large.add_attachment(b"x" * (11 * 1024 * 1024), maintype="application", subtype="octet-stream")
    with smtplib.SMTP("127.0.0.1", port) as post, pytest.raises(smtplib.SMTPException):
        post.send_message(large)
    assert list(folder.iterdir()) == []
