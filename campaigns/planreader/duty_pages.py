"""Limits of pages, given to the duty whose paper they bound."""

import re
from collections.abc import Sequence
from dataclasses import replace

from campaigns.planreader.duty_context import (
    FEW,
    SHORT,
    last_of,
)
from campaigns.planreader.limits import FoundPages, find_papers_if_any
from campaigns.planreader.reading import NO_DUE, Obligation, Span
from campaigns.planreader.structure import Outline, sentences
from campaigns.planreader.text import Text


def with_pages(obligations: list[Obligation], found: Sequence[FoundPages], outline: Outline) -> list[Obligation]:
    """Every limit of pages goes to the duty whose papers it bounds: in its words, its paragraph, or nearest to it."""
    kept, context_text = list(obligations), outline.text
    for pages in found:
        index = _owner(kept, pages)
        index = _beside(kept, pages, outline) if index is None else index
        if index is None:
            span = Span(
                *next(
                    (
                        s
                        for s in sentences(context_text, pages.block.start, pages.block.end)
                        if s[0] <= pages.start < s[1]
                    ),
                    (pages.block.start, pages.block.end),
                )
            )
            actor = None
            kept.append(
                Obligation(
                    actor,
                    pages.limit.paper,
                    None,
                    NO_DUE,
                    (pages.limit,),
                    context_text.line_at(pages.start),
                    context_text.quote(span.start, span.end),
                    span,
                )
            )
            continue
        owner = kept[index]
        if pages.limit not in owner.page_limits:
            kept[index] = replace(
                owner,
                page_limits=(*owner.page_limits, pages.limit),
                span=_reach(owner, pages),
                quote=_requote(owner, pages, context_text),
            )
    for paper in find_papers_if_any(outline, found):
        if (index := _owner(kept, paper)) is not None and paper.limit.paper not in kept[index].papers_if_any:
            kept[index] = replace(kept[index], papers_if_any=(*kept[index].papers_if_any, paper.limit.paper))
    return sorted(kept, key=lambda one: one.span.start)


def _reach(owner: Obligation, pages: FoundPages) -> Span:
    inside = pages.block.start <= owner.span.start < pages.block.end
    if inside and owner.span.end <= pages.start < owner.span.end + SHORT:
        return Span(owner.span.start, pages.end)
    return owner.span


def _requote(owner: Obligation, pages: FoundPages, text: Text) -> str:
    span = _reach(owner, pages)
    return text.quote(span.start, span.end)


def _owner(obligations: Sequence[Obligation], pages: FoundPages) -> int | None:
    holding = [index for index, one in enumerate(obligations) if one.span.holds(pages.start)]
    if holding:
        return holding[-1]
    block = pages.block
    while block is not None:
        inside = [index for index, one in enumerate(obligations) if block.start <= one.span.start < last_of(block)]
        before = [index for index in inside if obligations[index].span.start < pages.start]
        if before or inside:
            return before[-1] if before else inside[0]
        if block.parent is None or block.rank <= 1:
            break
        block = block.parent
    return _of_same_paper(obligations, pages)


def _of_same_paper(obligations: Sequence[Obligation], pages: FoundPages) -> int | None:
    """The duty that hands in the paper of that very name, wherever the plan asks for it."""
    paper = pages.limit.paper.lower()
    named = [index for index, one in enumerate(obligations) if paper in one.what.lower() and one.due.kind]
    if not named or len(paper.split()) < FEW:
        return None
    return named[-1] if obligations[named[-1]].span.start < pages.start else named[0]


def _beside(obligations: Sequence[Obligation], pages: FoundPages, outline: Outline) -> int | None:
    """The duty of the neighbouring paragraph that hands in the file of which the paper is a part."""
    place = next(index for index, block in enumerate(outline.blocks) if block is pages.block)
    near = [block for block in outline.blocks[max(0, place - 1) : place + 2] if block is not pages.block]
    for index, one in enumerate(obligations):
        is_near = any(block.start <= one.span.start < block.end for block in near)
        if is_near and re.search(r"hồ sơ|báo cáo", one.what.lower()) and one.due.kind:
            return index
    return None
