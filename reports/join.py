"""Joins the parts of a dossier: contents with page numbers, running numbers on every page but the cover, bookmarks."""

import io
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime

import pikepdf

from units.pdf import render_pdf

MILLIMETRE = 72 / 25.4
STAMP_WIDTH, STAMP_HEIGHT, STAMP_MARGIN = 34 * MILLIMETRE, 6 * MILLIMETRE, 7 * MILLIMETRE
# A cover whose contents spill over pushes every part on; its second rendering has the final length but for odd cases.
COVER_TRIES = 3


class UnsettledCoverError(RuntimeError):
    """The cover changes its own length each time it is rendered."""


@dataclass(frozen=True, slots=True)
class Part:
    """`is_numbered` is false for papers that must all be alike: a running number would tell them apart."""

    title: str
    note: str
    pdf: bytes
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the contents; `page` is the running number that is stamped on the part's first page."""

    order: int
    title: str
    note: str
    pages: int
    page: int


@dataclass(frozen=True, slots=True)
class Joined:
    pdf: bytes
    pages: int


RenderCover = Callable[[Sequence[Entry], int], bytes]


def join_dossier(title: str, as_of: datetime, parts: Sequence[Part], render_cover: RenderCover) -> Joined:
    """One PDF: the cover that `render_cover` makes of the contents and the number of pages, then the parts."""
    with ExitStack() as stack:
        opened = [stack.enter_context(pikepdf.open(io.BytesIO(part.pdf))) for part in parts]
        cover, entries = _settle_cover(parts, [len(pdf.pages) for pdf in opened], render_cover)
        first = stack.enter_context(pikepdf.open(io.BytesIO(cover)))
        joined = stack.enter_context(pikepdf.new())
        for pdf in (first, *opened):
            joined.pages.extend(pdf.pages)
        bare = _bare_pages(parts, entries)
        stamps = _stamps(stack, len(joined.pages))
        for number, stamp in enumerate(stamps, start=2):
            if number not in bare:
                _stamp(joined.pages.p(number), stamp, number)
        _bookmark(joined, entries)
        _describe(joined, title, as_of)
        buffer = io.BytesIO()
        joined.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return Joined(buffer.getvalue(), len(joined.pages))


def repeat_pages(pdf: bytes, times: int) -> bytes:
    """The same pages over and over, each a page of its own."""
    with pikepdf.open(io.BytesIO(pdf)) as source, pikepdf.new() as repeated:
        for _ in range(times):
            repeated.pages.extend(source.pages)
        buffer = io.BytesIO()
        repeated.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return buffer.getvalue()


def _bare_pages(parts: Sequence[Part], entries: Sequence[Entry]) -> set[int]:
    """Pages that get no running number."""
    return {
        page
        for part, entry in zip(parts, entries, strict=True)
        if not part.is_numbered
        for page in range(entry.page, entry.page + entry.pages)
    }


def count_pages(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return len(opened.pages)


def _settle_cover(parts: Sequence[Part], counts: Sequence[int], render_cover: RenderCover) -> tuple[bytes, list[Entry]]:
    length = 1
    for _ in range(COVER_TRIES):
        entries = _number(parts, counts, first=length + 1)
        cover = render_cover(entries, length + sum(counts))
        rendered = count_pages(cover)
        if rendered == length:
            return cover, entries
        length = rendered
    raise UnsettledCoverError


def _number(parts: Sequence[Part], counts: Sequence[int], *, first: int) -> list[Entry]:
    entries, page = [], first
    for order, (part, pages) in enumerate(zip(parts, counts, strict=True), start=1):
        entries.append(Entry(order, part.title, part.note, pages, page))
        page += pages
    return entries


def _stamps(stack: ExitStack, total: int) -> list[pikepdf.Page]:
    labels = [f"Trang {number}/{total}" for number in range(2, total + 1)]
    if not labels:
        return []
    pdf = render_pdf("reports/paper/stamp.html", {"labels": labels})
    return list(stack.enter_context(pikepdf.open(io.BytesIO(pdf))).pages)


def _stamp(page: pikepdf.Page, stamp: pikepdf.Page, number: int) -> None:
    """Lay the number over the page's own content.

    The library's overlay would name it by random bytes; pages may share their resources, so each name holds its number.
    """
    form = stamp.as_form_xobject()
    name = page.add_resource(form, pikepdf.Name.XObject, pikepdf.Name(f"/SoTrang{number}"))
    page.contents_add(b"q\n", prepend=True)
    page.contents_add(b"Q\n")
    placement = page.calc_form_xobject_placement(
        form, name, _corner(page), invert_transformations=True, allow_shrink=False, allow_expand=False
    )
    page.contents_add(placement)
    page.contents_coalesce()


def _corner(page: pikepdf.Page) -> pikepdf.Rectangle:
    """The lower right corner as a reader sees the page, in the page's own coordinates, whatever its rotation."""
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    near, wide, high = STAMP_MARGIN, STAMP_MARGIN + STAMP_WIDTH, STAMP_MARGIN + STAMP_HEIGHT
    turn = int(page.obj.get("/Rotate", 0)) % 360
    corners = {
        0: (right - wide, bottom + near, right - near, bottom + high),
        90: (right - high, top - wide, right - near, top - near),
        180: (left + near, top - high, left + wide, top - near),
        270: (left + near, bottom + near, left + high, bottom + wide),
    }
    return pikepdf.Rectangle(*corners.get(turn, corners[0]))


def _bookmark(pdf: pikepdf.Pdf, entries: Sequence[Entry]) -> None:
    with pdf.open_outline() as outline:
        outline.root.append(pikepdf.OutlineItem("Bìa và mục lục", 0))
        outline.root.extend(pikepdf.OutlineItem(f"{one.order}. {one.title}", one.page - 1) for one in entries)
    pdf.Root.PageMode = pikepdf.Name.UseOutlines


def _describe(pdf: pikepdf.Pdf, title: str, as_of: datetime) -> None:
    """The moment is the data's, not the clock's, so that the same content gives the same bytes."""
    pdf.Root.Lang = pikepdf.String("vi")
    pdf.docinfo["/Title"] = title
    pdf.docinfo["/CreationDate"] = as_of.strftime("D:%Y%m%d%H%M%S")
    pdf.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
