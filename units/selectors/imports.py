"""Reads of imported workbooks."""

from collections.abc import Iterable

from django.db.models import QuerySet

from units.models import ImportBatch, ImportLine, Unit, Verdict


def list_imports(unit: Unit, kinds: Iterable[str]) -> QuerySet[ImportBatch]:
    """Batches that people of `unit` itself handed in, of the kinds that the reader may import, newest first."""
    return ImportBatch.objects.filter(unit=unit, kind__in=list(kinds)).select_related(
        "unit", "asked_by", "confirmed_by", "undone_by"
    )


def list_lines(batch: ImportBatch, verdict: str) -> QuerySet[ImportLine]:
    """The rows of a batch in the order of the file, all or of one verdict.

    "was" are those that differ by now, "doubt" those at which a clerk should look.
    """
    lines = ImportLine.objects.filter(batch=batch).order_by("number")
    if verdict == "was":
        return lines.exclude(was="")
    if verdict == "doubt":
        return lines.filter(notes__contains=[{"kind": "doubt"}])
    return lines.filter(verdict=verdict) if verdict in Verdict.values else lines
