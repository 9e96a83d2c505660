"""The published files of a count, for the council to recount: papers, result, and who stands behind each key."""

import json
from typing import Any

from django.http import HttpResponse

from awards.models import Ballot
from awards.terms import contests_of, hash_json, terms_of


def send_papers(ballot: Ballot) -> HttpResponse:
    """Canonical JSON: its SHA-256 is the `papers_hash` that the trail keeps."""
    return _send(ballot.tally.count_input, f"kiem-phieu-{ballot.pk}.json")


def send_result(ballot: Ballot) -> HttpResponse:
    """What the counter made of the papers, in the form that the stand-alone checker compares; also hashed."""
    return _send(ballot.tally.result, f"ket-qua-{ballot.pk}.json")


def send_legend(ballot: Ballot) -> HttpResponse:
    """Who stands behind each key of the papers: apart from them, whose format knows keys only."""
    terms = terms_of(ballot)
    contest_of = {key: one["title"] for one in contests_of(terms) for key in one["candidates"]}
    legend: dict[str, Any] = {
        "council": terms["council"],
        "title": terms["title"],
        "held_on": terms["held_on"],
        "rule": terms["rule"],
        "terms_hash": ballot.terms_hash,
        "papers_hash": hash_json(ballot.tally.count_input),
        "result_hash": hash_json(ballot.tally.result),
        "excluded": [{"name": one["name"], "cases": one["cases"]} for one in terms.get("excluded", [])],
        "candidates": {
            one["id"]: {
                "contest": contest_of[one["id"]],
                "name": one["name"],
                "unit": one["unit"],
                "recognition": one["recognition"],
            }
            for one in terms["candidates"]
        },
    }
    return _send(legend, f"chu-giai-{ballot.pk}.json")


def _send(value: object, name: str) -> HttpResponse:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
