"""The published file of a count, for the council to recount."""

import json

from django.http import HttpResponse

from awards.models import Ballot


def send_papers(ballot: Ballot) -> HttpResponse:
    """Canonical JSON: its SHA-256 is the `papers_hash` that the trail keeps."""
    text = json.dumps(ballot.tally.count_input, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="kiem-phieu-{ballot.pk}.json"'
    return response
