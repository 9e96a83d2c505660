"""Reading what a mail server writes back about a mail of ours that it could not deliver (RFC 3464). Pure.

Whoever knows the identity of one of our mails can write such a report; so nothing of it is believed but a status code
and an address, and both concern that one mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser
from email.utils import parseaddr
from uuid import UUID

OURS = re.compile(r"<([a-z]+)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@thidua>")
STATUS = re.compile(r"\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
DELIVERY_STATUS = ("message/delivery-status", "message/global-delivery-status")
RETURNED_HEADERS = "text/rfc822-headers"
RETURNED_MAIL = ("message/rfc822", "message/global", "message/global-headers")
UNKNOWN = "5.0.0"
_PARSER = HeaderParser()

# The usual subjects and details of RFC 3463, in words for who has to mend the address.
MEANINGS = {
    "1.1": "không có hộp thư này",
    "1.2": "không có tên miền này",
    "1.3": "địa chỉ viết sai",
    "1.6": "hộp thư đã chuyển đi nơi khác",
    "1.10": "tên miền không nhận thư",
    "2.1": "hộp thư đã bị khóa",
    "2.2": "hộp thư đã đầy",
    "2.3": "thư quá lớn",
    "3.2": "máy chủ nhận tạm ngừng",
    "4.1": "máy chủ nhận không trả lời",
    "4.4": "không tìm được máy chủ nhận",
    "4.7": "hết thời gian chờ máy chủ nhận",
    "7.1": "máy chủ nhận từ chối theo quy định riêng",
}


@dataclass(frozen=True, slots=True)
class Bounce:
    """That a mail of ours failed: which kind of letter, its row, the status, the address it was sent to if told."""

    message_id: str
    kind: str
    letter: UUID
    status: str
    address: str


def explain_status(status: str) -> str:
    """What a status code means, in a few words; empty for an unusual one."""
    return MEANINGS.get(status.partition(".")[2], "")


def read_bounce(message: Message) -> Bounce | None:
    """The failure that `message` reports of a mail of ours; None for any other mail, and for a mere delay."""
    if message.get_content_type() != "multipart/report":
        return None
    if str(message.get_param("report-type", "")).lower() != "delivery-status":
        return None
    headers = next(_find_headers(message), None)
    known = OURS.fullmatch(_text(headers, "Message-ID")) if headers is not None else None
    failed = next((one for one in _find_recipients(message) if _text(one, "Action").lower() == "failed"), None)
    if headers is None or known is None or failed is None:
        return None
    status = STATUS.match(_text(failed, "Status"))
    told = (_text(failed, name).partition(";")[2] for name in ("Original-Recipient", "Final-Recipient"))
    addresses = [parseaddr(one)[1] for one in (_text(headers, "To"), *told)]
    return Bounce(
        message_id=known.group(),
        kind=known.group(1),
        letter=UUID(known.group(2)),
        status=".".join(status.groups()) if status else UNKNOWN,
        address=next((one for one in addresses if "@" in one), ""),
    )


def _text(block: Message, name: str) -> str:
    return str(block.get(name, "")).strip()


def _find_recipients(message: Message) -> Iterator[Message]:
    """The blocks of a report that speak of one recipient each; the first block speaks of the mail.

    The parser splits the blocks of the older type only; of the international one it reads the first as a head and
    leaves the others as text.
    """
    for part in message.walk():
        if part.get_content_type() not in DELIVERY_STATUS:
            continue
        for block in _held(part):
            yield block
            text = block.get_payload()
            if isinstance(text, str):
                yield from (_PARSER.parsestr(one) for one in re.split(r"\r?\n\r?\n", text))


def _find_headers(message: Message) -> Iterator[Message]:
    """The head of the mail that came back, whole or its headers alone. Read from the top level only: a mail that came
    back may hold others."""
    for part in _held(message):
        if part.get_content_type() in RETURNED_MAIL:
            yield from _held(part)[:1]
        elif part.get_content_type() == RETURNED_HEADERS:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes):
                yield _PARSER.parsestr(content.decode("utf-8", "replace").lstrip())


def _held(part: Message) -> list[Message]:
    content = part.get_payload()
    return [one for one in content if isinstance(one, Message)] if isinstance(content, list) else []
