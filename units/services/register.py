"""Loading the register of units and the public catalogues from data files."""

from collections import Counter
from collections.abc import Iterable

from django.db import transaction
from django.db.models.functions import Length

from units.catalogue_file import read_award_titles, read_legal_documents, read_title_authorities
from units.folding import fold
from units.models import AwardTitle, LegalDocument, TitleAuthority, Unit
from units.register_file import RegisterRow

_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def next_path(parent: Unit | None) -> str:
    """A free path below `parent`, or for a new root: one after the highest that was ever given there."""
    prefix = parent.path if parent else ""
    depth = len(prefix) + Unit.PATH_STEP
    last = (
        Unit.objects.below(prefix)
        .annotate(depth=Length("path"))
        .filter(depth=depth)
        .order_by("-path")
        .values_list("path", flat=True)
        .first()
    )
    return prefix + path_step(int(last[-Unit.PATH_STEP :], len(_DIGITS)) + 1 if last else 1)


def path_step(number: int) -> str:
    """One level of a path: `number` from 1 in base 36, four characters."""
    characters = []
    for _ in range(Unit.PATH_STEP):
        number, digit = divmod(number, len(_DIGITS))
        characters.append(_DIGITS[digit])
    if number:
        raise OverflowError("A unit has more children than a path can number.")
    return "".join(reversed(characters))


@transaction.atomic
def load_register(rows: Iterable[RegisterRow]) -> int:
    """Write the units of a register file, parents before children; units that stand already are left alone.

    Returns how many were written.
    """
    units = {unit.code: unit for unit in Unit.objects.all()}
    children = Counter(unit.parent_id for unit in units.values())
    written = 0
    for row in rows:
        if row.code in units:
            continue
        parent = units[row.parent_code] if row.parent_code else None
        key = parent.pk if parent else None
        children[key] += 1
        units[row.code] = Unit.objects.create(
            code=row.code,
            kind=row.kind,
            name=row.name,
            short_name=row.short_name,
            folded_name=fold(f"{row.name} {row.short_name}"),
            province=row.province or "",
            place=row.place,
            has_legal_personality=row.has_legal_personality,
            parent=parent,
            path=(parent.path if parent else "") + path_step(children[key]),
            valid_from=row.valid_from,
        )
        written += 1
    return written


@transaction.atomic
def load_catalogues() -> None:
    """Write titles, who decides them, and legal documents as the files say.

    A code or number that stands already is brought up to date, unless a person mended it here.
    """
    mended = set(AwardTitle.objects.filter(edited_at__isnull=False).values_list("code", flat=True))
    for title in read_award_titles():
        if title.code in mended:
            continue
        AwardTitle.objects.update_or_create(
            code=title.code,
            defaults={
                "name": title.name,
                "kind": title.kind,
                "subject": title.subject,
                "ladder": title.ladder,
                "rank": title.rank,
                "level": title.level,
                "decider": title.decider,
                "citation": title.citation,
                "valid_from": title.valid_from,
                "valid_to": title.valid_to,
                "confirmed": title.confidence == "confirmed",
                "note": title.note or "",
            },
        )
    _load_authorities()
    mended = set(LegalDocument.objects.filter(edited_at__isnull=False).values_list("number", flat=True))
    for document in read_legal_documents():
        if document.number in mended:
            continue
        LegalDocument.objects.update_or_create(
            number=document.number,
            defaults={
                "kind": document.type,
                "issuer": document.issuer,
                "issued_on": document.issued_on,
                "subject": document.subject,
                "valid_from": document.valid_from,
                "valid_to": document.valid_to,
                "confirmed": document.confirmed,
                "note": document.note or "",
            },
        )


def _load_authorities() -> None:
    titles = {title.code: title for title in AwardTitle.objects.all()}
    TitleAuthority.objects.all().delete()
    TitleAuthority.objects.bulk_create(
        TitleAuthority(
            title=titles[code],
            decider=row.decider,
            requires_legal_personality=row.requires_legal_personality,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            citation=row.citation,
            confirmed=row.confirmed,
        )
        for row in read_title_authorities()
        for code in row.titles
    )
