"""From a template to PDF bytes, or to a number of pages. The only module that knows WeasyPrint.

Paper is made from strangers' words, so nothing is ever fetched: a picture travels inside the document or not at all.
The same context gives the same bytes, because no clock and no random identifier enters the file.
"""

from typing import Any

IDENTIFIER = b"thidua"


def render_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render a part that will be joined with others."""
    return _render(template, context)


def render_archival_pdf(template: str, context: dict[str, Any]) -> bytes:
    """Render a paper that stands alone: PDF/A-3a, tagged for screen readers, fonts and colour profile inside."""
    return _render(template, context, pdf_variant="pdf/a-3a")


def lay_out(html: str) -> Any:
    """The document on its pages, without a file yet: `pages`, and `write_pdf(pdf_identifier=…)`."""
    # The width of a picture stands in its tag.
    return _read(html).render(presentational_hints=True)


def _render(template: str, context: dict[str, Any], **options: Any) -> bytes:
    # The process that draws a stranger's file lays out too, and never loads the framework.
    from django.template.loader import render_to_string

    document: bytes = _read(render_to_string(template, context)).write_pdf(pdf_identifier=IDENTIFIER, **options)
    return document


def _read(html: str) -> Any:
    # Loading the renderer takes longer than a page: only a process that makes paper pays for it.
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    fetcher = URLFetcher(allowed_protocols=("data",), allow_redirects=False)
    return HTML(string=html, base_url=None, url_fetcher=fetcher)
