"""The chain of the trail, recomputed from the entries as they stand: nothing here trusts the database's functions."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery, TextField
from django.db.models.functions import Cast

from units.models import AuditEntry, AuditLink, AuditStream

BEFORE_THE_FIRST = "0" * 64
BATCH = 2000

CHANGED = "nội dung đã bị sửa sau khi ghi"
REORDERED = "không nối tiếp mục đứng trước: thứ tự đã bị đổi, hoặc có mục bị chèn vào hay lấy đi"
GAP = "trước mục này thiếu các mục từ số {first} đến số {last}: đã bị xóa"
DELETED = "mục đã bị xóa khỏi bảng nhật ký"
CUT = "sau mục này thiếu các mục mới nhất, tới số {last}: đã bị xóa"
OTHER_HEAD = "mã của mục mới nhất khác mã ghi ở đầu chuỗi"
NO_HEAD = "đầu chuỗi đã bị xóa"
BEYOND_HEAD = "mục đứng sau đầu chuỗi: bị chèn vào, hoặc đầu chuỗi bị lùi lại"
LYING_PATH = "mục bị gắn sang nhánh khác với đơn vị của nó"
OTHER_THAN_KEPT = "mã khác với mã đã lưu ở lần kiểm tra trước: chuỗi đã bị lập lại"
UNLINKED = "mục nằm ngoài mọi chuỗi: bị chèn vào không qua ứng dụng, hoặc chỗ của nó trong chuỗi đã bị xóa"


@dataclass(frozen=True, slots=True)
class Breach:
    """The first place where a stream does not hold; `stream` is None for an entry that stands in no stream."""

    stream: int | None
    number: int | None
    entry: int | None
    at: datetime | None
    what: str


@dataclass(frozen=True, slots=True)
class Head:
    """How far a stream goes. Kept outside the database, it shows a chain that was rebuilt as a whole."""

    number: int
    hash: str


@dataclass(frozen=True, slots=True)
class Verification:
    entries: int
    heads: Mapping[int, Head]
    breaches: tuple[Breach, ...]


def hash_entry(entry: AuditEntry, detail: str, link: AuditLink) -> str:
    """The hash that `link` must carry; `detail` is the entry's detail as the database prints it."""
    written = {
        "actor": _json(entry.actor_id and str(entry.actor_id)),
        "actor_label": _json(entry.actor_label),
        "at": _json(f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z"),
        "detail": detail,
        "id": _json(entry.pk),
        "number": _json(link.number),
        "previous": _json(link.previous),
        "stream": _json(link.stream),
        "subject_id": _json(str(entry.subject_id)),
        "subject_type": _json(entry.subject_type),
        "unit": _json(str(entry.unit_id)),
        "verb": _json(entry.verb),
    }
    canonical = ",".join(f'"{name}":{value}' for name, value in sorted(written.items()))
    return hashlib.sha256(f"{{{canonical}}}".encode()).hexdigest()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def verify_chain(kept: Mapping[int, Head] | None = None) -> Verification:
    """Walk every stream in batches and name the first bad entry of each. Needs a scope that sees every row.

    Works beside people who write: each stream is walked up to the head that stood when the walk began. `kept` holds
    heads of an earlier verification.
    """
    kept = kept or {}
    heads = {head.stream: Head(head.number, head.hash) for head in AuditStream.objects.all()}
    streams = sorted({*heads, *kept, *AuditLink.objects.order_by().values_list("stream", flat=True).distinct()})
    breaches: list[Breach] = []
    entries = 0
    for stream in streams:
        walk = _Walk(stream, heads.get(stream), kept.get(stream))
        breach = walk.find_breach()
        entries += walk.number
        if breach:
            breaches.append(breach)
    stray = AuditEntry.objects.filter(~Exists(AuditLink.objects.filter(entry=OuterRef("pk")))).order_by("pk").first()
    if stray:
        breaches.append(Breach(None, None, stray.pk, stray.at, UNLINKED))
    return Verification(entries, heads, tuple(breaches))


class _Walk:
    """One stream from its first link on; `number` and `hash` are those of the last link found good."""

    def __init__(self, stream: int, head: Head | None, kept: Head | None) -> None:
        self.stream, self.head, self.kept = stream, head, kept
        self.number, self.hash = 0, BEFORE_THE_FIRST
        self.last: AuditEntry | None = None

    def find_breach(self) -> Breach | None:
        for link, entry in self._pairs():
            what = self._judge(link, entry)
            if what:
                return Breach(self.stream, link.number, link.entry_id, entry.at if entry else None, what)
            self.number, self.hash, self.last = link.number, link.hash, entry
        what = self._judge_end()
        if what:
            last = self.last
            return Breach(self.stream, self.number or None, last.pk if last else None, last.at if last else None, what)
        return self._find_beyond_head()

    def _pairs(self) -> Iterator[tuple[AuditLink, AuditEntry | None]]:
        """Links with their entries in the order of numbers, a batch at a time, up to the head known at the start."""
        number = -1
        while True:
            links = AuditLink.objects.filter(stream=self.stream, number__gt=number).order_by("number")
            if self.head:
                links = links.filter(number__lte=self.head.number)
            batch = list(links[:BATCH])
            if not batch:
                return
            number = batch[-1].number
            entries = AuditEntry.objects.annotate(
                detail_text=Cast("detail", TextField()), true_path=F("unit__path")
            ).in_bulk([link.entry_id for link in batch])
            for link in batch:
                yield link, entries.get(link.entry_id)

    def _judge(self, link: AuditLink, entry: Any) -> str:
        if link.number > self.number + 1:
            return GAP.format(first=self.number + 1, last=link.number - 1)
        if entry is None:
            return DELETED
        if link.previous != self.hash or link.number <= self.number:
            return REORDERED
        return self._judge_content(link, entry)

    def _judge_content(self, link: AuditLink, entry: Any) -> str:
        if hash_entry(entry, entry.detail_text, link) != link.hash:
            return CHANGED
        if entry.unit_path != entry.true_path:
            return LYING_PATH
        if self.kept and self.kept.number == link.number and self.kept.hash != link.hash:
            return OTHER_THAN_KEPT
        return ""

    def _judge_end(self) -> str:
        if self.head is None:
            return NO_HEAD
        end = max(self.head.number, self.kept.number if self.kept else 0)
        if self.number < end:
            return CUT.format(last=end)
        return OTHER_HEAD if self.hash != self.head.hash else ""

    def _find_beyond_head(self) -> Breach | None:
        # Head and links in one statement, so that an entry committed meanwhile is no finding.
        head = AuditStream.objects.filter(pk=self.stream).values("number")
        link = AuditLink.objects.filter(stream=self.stream, number__gt=Subquery(head)).order_by("number").first()
        if link is None:
            return None
        entry = AuditEntry.objects.filter(pk=link.entry_id).first()
        return Breach(self.stream, link.number, link.entry_id, entry.at if entry else None, BEYOND_HEAD)
