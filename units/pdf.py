"""From a template to PDF bytes, or to a number of pages. The only module that knows WeasyPrint.

Paper is made from strangers' words, so nothing is ever fetched: a picture travels inside the document or not at all.
The same context gives the same bytes, because no clock and no random identifier enters the file.
"""

from typing import Any

from django.template.loader import render_to_string

IDENTIFIER = b"thidua"


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render a part that will be joined with others."""
    return _render(template, context)


def render_archival_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render a paper that stands alone: PDF/A-3a, tagged for screen readers, fonts and colour profile inside."""
    return _render(template, context, pdf_variant="pdf/a-3a")


def count_pages(template: str, context: dict[str, Any]) -> int:
    """Lay out without writing a file."""
    return len(_read(template, context).render().pages)


def _render(template: str, context: dict[str, Any], **options: Any) -> bytes:
    document: bytes = _read(template, context).write_pdf(pdf_identifier=IDENTIFIER, **options)
    return document


def _read(template: str, context: dict[str, Any]) -> Any:
    # Loading the renderer takes longer than a page: only a process that makes paper pays for it.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    html = render_to_string(template, context)
    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return HTML(string=html, base_url=None, url_fetcher=fetcher)
