"""Reads of the trail: of a unit, of a person, and the names of what its entries are about."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils.timezone import get_current_timezone

from units.audit_words import list_subjects
from units.models import AuditEntry, Honour, Person, Unit

Subject = tuple[str, UUID]


def list_unit_trail(unit: Unit, *, below: bool, reader_path: str) -> QuerySet[AuditEntry]:
    """Entries of `unit`, or of its whole branch, newest first.

    Acts on what other units do not show yet (another unit's draft) are left out for the reader at `reader_path`.
    """
    entries = AuditEntry.objects.filter(
        Q(unit_path__gte=unit.path, unit_path__lt=f"{unit.path}~") if below else Q(unit_path=unit.path)
    )
    for config in apps.get_app_configs():
        unseen = getattr(config, "audit_unseen", None)
        if unseen:
            entries = entries.exclude(unseen(reader_path))
    return entries.order_by("-id")


def list_person_trail(person: Person) -> QuerySet[AuditEntry]:
    """Entries about a person's record and the awards written into it, newest first."""
    honours = Honour.objects.filter(person=person).values("pk")
    return AuditEntry.objects.filter(Q(subject_id=person.pk) | Q(subject_id__in=honours)).order_by("-id")


def list_openings(person: UUID) -> QuerySet[AuditEntry]:
    """Who opened a person's record, newest first."""
    return AuditEntry.objects.filter(subject_id=person, verb="open-record").order_by("-id")


def within(entries: QuerySet[AuditEntry], since: date | None, until: date | None) -> QuerySet[AuditEntry]:
    """Keep the entries of the days from `since` to `until`, both included."""
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + timedelta(days=1)))
    return entries


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=get_current_timezone())


def name_subjects(entries: Iterable[AuditEntry]) -> dict[Subject, str]:
    """Noun and name of what each entry is about: one query for each kind of subject, whatever their number.

    What the scope does not show, or what is gone, keeps its noun and has no name.
    """
    ids: dict[str, set[UUID]] = defaultdict(set)
    for entry in entries:
        ids[entry.subject_type].add(entry.subject_id)
    called: dict[Subject, str] = {}
    for label, wanted in ids.items():
        subject = list_subjects().get(label)
        if subject is None:
            continue
        called |= {(label, pk): subject.noun for pk in wanted}
        rows = apps.get_model(label)._default_manager.filter(pk__in=wanted)  # noqa: SLF001  the scoped manager
        for pk, *names in rows.order_by().values_list("pk", *subject.names):
            name = next(filter(None, names), "")
            called[(label, pk)] = f"{subject.noun} {name}".strip()
    return called
