"""Sending kept files of strangers."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.http.response import HttpResponseBase


def send_file(file: FieldFile, name: str) -> HttpResponseBase:
    """A kept file as a download: never shown inline, never run, whatever it contains."""
    response = FileResponse(file.open("rb"), as_attachment=True, filename=name)
    response["Content-Type"] = "application/octet-stream"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
