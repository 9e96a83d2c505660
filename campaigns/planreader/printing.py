"""The shape in which a reading leaves the program as JSON."""

from datetime import date
from typing import Any

from campaigns.planreader.reading import Due, Obligation, PlanReading


def as_json(reading: PlanReading) -> dict[str, Any]:
    header = reading.header
    return {
        "number": header.number,
        "issuer": header.issuer,
        "place": header.place,
        "issued_on": _iso(header.issued_on),
        "title": header.title,
        "obligations": [_obligation(one) for one in reading.obligations],
        "quotas": [
            {"title": one.title, "group": one.group, "at_most": one.at_most, "line": one.line, "quote": one.quote}
            for one in reading.quotas
        ],
        "phases": [
            {"name": one.name, "from": _iso(one.first), "to": _iso(one.last), "line": one.line}
            for one in reading.phases
        ],
        "citations": [
            {"kind": one.kind, "number": one.number, "date": _iso(one.date), "line": one.line}
            for one in reading.citations
        ],
        "warnings": [{"code": one.code.value, "line": one.line, "message": one.message} for one in reading.warnings],
    }


def _obligation(one: Obligation) -> dict[str, Any]:
    return {
        "who": one.who,
        "what": one.what,
        "due": _due(one.due),
        "page_limits": [{"paper": limit.paper, "at_most": limit.at_most} for limit in one.page_limits],
        "line": one.line,
        "quote": one.quote,
        "warnings": [code.value for code in one.warnings],
    }


def _due(due: Due) -> dict[str, Any]:
    return {
        "kind": due.kind.value if due.kind else None,
        "on": _iso(due.on),
        "from": _iso(due.first),
        "to": _iso(due.last),
        "days": due.days,
        "anchor": due.anchor,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
