"""The one way through a plan, from its text to what it says."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from campaigns.planreader.checking import Checked
from campaigns.planreader.checks import check, with_codes
from campaigns.planreader.citations import find_citations
from campaigns.planreader.clauses import clauses_of
from campaigns.planreader.due_shapes import Frame
from campaigns.planreader.duty_pages import with_pages
from campaigns.planreader.header import body_start, read_header, with_issue_bounds
from campaigns.planreader.header_period import read_period
from campaigns.planreader.indicators import find_indicators
from campaigns.planreader.known_days import fixed_holidays
from campaigns.planreader.limits import find_page_limits
from campaigns.planreader.moments import find_moments
from campaigns.planreader.obligations import find_obligations
from campaigns.planreader.paper_checks import register_by_number
from campaigns.planreader.phases import find_phases
from campaigns.planreader.quotas import find_quotas
from campaigns.planreader.reading import Citation, Header, KnownDocument, PlanReading
from campaigns.planreader.structure import outline
from campaigns.planreader.text import normalise

_YEARS_OF_HOLIDAYS = range(2000, 2100)


def read_plan(
    raw: str, *, register: Sequence[KnownDocument] = (), holidays: Mapping[date, str] | None = None
) -> PlanReading:
    """What the plan says. `holidays` (day off → name) is all there are; without it the fixed ones are known."""
    text = normalise(raw)
    citations = find_citations(text)
    header = read_header(text)
    citations = _of_others(citations, header)
    header = with_issue_bounds(header, citations)
    period = read_period(text, header)
    outlined = outline(text, body_start(header))
    masked = [citation.span for citation in citations]
    frame = Frame(header.issued_on, header.earliest_issue, period)
    phases = find_phases(outlined, masked, frame)
    obligations = with_pages(
        find_obligations(outlined, header, masked, frame, phases), list(find_page_limits(outlined)), outlined
    )
    read = Checked(
        outline=outlined,
        header=header,
        period=period,
        obligations=tuple(obligations),
        phases=tuple(phases),
        citations=tuple(citations),
        moments=tuple(find_moments(text, 0, len(text.low))),
        register=register_by_number(register),
        holidays=fixed_holidays(_YEARS_OF_HOLIDAYS) if holidays is None else holidays,
    )
    warnings = tuple(check(read))
    quotas = find_quotas(outlined)
    return PlanReading(
        text=text.shown,
        header=header,
        period=period,
        obligations=with_codes(obligations, warnings),
        quotas=tuple(quotas),
        phases=tuple(phases),
        citations=tuple(citations),
        warnings=warnings,
        indicators=tuple(find_indicators(outlined, quotas)),
        clauses=clauses_of(outlined),
    )


def _of_others(citations: Sequence[Citation], header: Header) -> list[Citation]:
    """The plan's own number in its head cites nothing."""
    start = header.title_span.start if header.title_span else 0
    own = header.number_span
    kept = [one for one in citations if one.span.start >= start]
    return [replace(one) for one in kept if own is None or one.span.end <= own.start or own.end <= one.span.start]
