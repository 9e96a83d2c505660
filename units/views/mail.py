"""The demonstration's letter box: mail that was caught instead of sent."""

import email
import email.utils
from email import policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from units.frame import find_actor

SHOWN = 100


@require_GET
@login_required
def mail_list(request: HttpRequest) -> HttpResponse:
    """The newest caught messages. Exists only where mail is caught, so never in production."""
    if not settings.MAIL_CATCHER_DIR:
        raise Http404
    request.actor = find_actor(request)  # type: ignore[attr-defined]
    files = sorted(Path(settings.MAIL_CATCHER_DIR).glob("*.eml"), reverse=True)
    messages = []
    for file in files[:SHOWN]:
        message = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        body = message.get_body(("plain",))
        messages.append(
            {
                "to": message["To"],
                "subject": message["Subject"],
                "at": email.utils.parsedate_to_datetime(message["Date"]),
                "text": body.get_content() if body else "",
            }
        )
    return render(request, "units/mail_list.html", {"letters": messages, "total": len(files)})
