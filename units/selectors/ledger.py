"""The ledger of honours of a branch: every entry, those that stand and those that were corrected or taken back."""

from django.db.models import Q, QuerySet

from units.models import AwardTitle, Honour, Unit

STANDING, CORRECTED, REVOKED = "standing", "corrected", "revoked"
PERSON, COLLECTIVE = "person", "collective"
_STATES = {
    STANDING: Q(stands=True),
    CORRECTED: Q(superseded_by__isnull=False),
    REVOKED: Q(revocation__isnull=False),
}
_LINE = (
    "subject_name",
    "subject_position",
    "subject_unit",
    "stands",
    "supersedes_id",
    "correction_reason",
    "year",
    "decision_number",
    "decided_on",
    "issuer",
)
_REVOCATION = tuple(f"revocation__{name}" for name in ("kind", "decision_number", "decided_on", "issuer", "reason"))


def list_branch_ledger(
    *,
    unit: Unit | None = None,
    year: int | None = None,
    title: AwardTitle | None = None,
    subject: str = "",
    state: str = "",
) -> QuerySet[Honour]:
    """The entries in sight, newest first, with title, subject and what became of each loaded.

    `unit` keeps those of its branch: given while somebody worked there, or held by somebody who works there today.
    A person who works out of sight is None although `person_id` stands.
    """
    found: QuerySet[Honour] = Honour.objects.select_related(
        "title", "person", "collective", "revocation", "superseded_by"
    )
    if unit:
        upper = f"{unit.path}~"
        found = found.filter(
            Q(unit_path__gte=unit.path, unit_path__lt=upper) | Q(holder_path__gte=unit.path, holder_path__lt=upper)
        )
    if year:
        found = found.filter(year=year)
    if title:
        found = found.filter(title=title)
    if subject:
        found = found.filter(person__isnull=subject == COLLECTIVE)
    return found.filter(_STATES[state]) if state else found


def list_lines() -> QuerySet[Honour]:
    """Entries in sight in the order of `list_branch_ledger`, with what one line of the page shows and nothing else."""
    return Honour.objects.select_related("title", "person", "collective", "revocation", "superseded_by").only(
        *_LINE, "title__name", "person__id", "collective__id", *_REVOCATION, "superseded_by__correction_reason"
    )


def fate_of(honour: Honour) -> str:
    """What became of an entry, in words; empty while it stands. The rows of `list_branch_ledger` need no query."""
    revocation = getattr(honour, "revocation", None)
    if revocation:
        return (
            f"{revocation.get_kind_display()}: Quyết định {revocation.decision_number} "
            f"ngày {revocation.decided_on:%d/%m/%Y} của {revocation.issuer}. Lý do: {revocation.reason}"
        )
    correction = getattr(honour, "superseded_by", None)
    return f"Đã đính chính. Lý do: {correction.correction_reason}" if correction else ""
