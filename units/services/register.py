"""Loading the register of units and the public catalogues from data files."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from units.actors import Actor, system_actor
from units.catalogue_file import read_award_titles, read_legal_documents, read_title_authorities
from units.folding import fold
from units.models import AwardTitle, LegalDocument, Succession, SuccessionKind, TitleAuthority, Unit, UnitName
from units.register_file import RegisterRow
from units.register_rules import Fate, Reorganisation, list_system_2021, plan_2025
from units.services.audit import record_unit_act
from units.services.custody import next_path, path_step
from units.services.succession import Change, apply_changes, dissolving, found_units, merging, write_units

if TYPE_CHECKING:
    from django.db.models import Manager

__all__ = ["load_catalogues", "load_register", "load_system_2021", "load_system_2025", "next_path", "path_step"]

SYSTEM_2021 = {"bo": 1, "tong-cuc": 1, "cuc-thads": 63, "chi-cuc": 696, "so-tu-phap": 63, "phong-tu-phap": 696}
SYSTEM_2025 = {
    "bo": 1,
    "tong-cuc": 0,
    "cuc-thads": 0,
    "chi-cuc": 0,
    "thads-tinh": 34,
    "phong-khu-vuc": 355,
    "so-tu-phap": 34,
    "phong-tu-phap": 0,
}
LAST_DAY_2021 = date(2025, 6, 30)
RENAMED = "Nghị quyết về đơn vị hành chính của địa phương; ngày chưa đối chiếu"


class RegisterCountError(RuntimeError):
    """The register does not hold as many units of a kind as the sector had: nothing is kept."""


@transaction.atomic
def load_register(rows: Iterable[RegisterRow]) -> int:
    """Write the units of a register with their names through time, parents before children.

    Units that stand already are left alone. Returns how many were written; the number of queries does not depend on
    how many there are.
    """
    rows = list(rows)
    units = {unit.code: unit for unit in Unit.objects.all()}
    new: list[tuple[Unit, RegisterRow]] = []
    for row in rows:
        if row.code not in units:
            units[row.code] = _make_unit(row, units)
            new.append((units[row.code], row))
    write_units([unit for unit, _ in new])
    _write_formers([(unit, row) for unit, row in new if row.formers])
    return len(new)


def _make_unit(row: RegisterRow, units: Mapping[str, Unit]) -> Unit:
    return Unit(
        code=row.code,
        kind=row.kind,
        name=row.name,
        short_name=row.short_name,
        folded_name=fold(f"{row.name} {row.short_name}"),
        province=row.province or "",
        place=row.place,
        has_legal_personality=row.has_legal_personality,
        parent=units[row.parent_code] if row.parent_code else None,
        valid_from=row.valid_from,
        note=row.note,
    )


def _write_formers(renamed: list[tuple[Unit, RegisterRow]]) -> None:
    """Put earlier names before the one that `write_units` gave, each rename with its succession."""
    names, successions, began = [], [], {}
    for unit, row in renamed:
        since = unit.valid_from
        for former in row.formers:
            names.append(
                UnitName(
                    unit=unit,
                    name=former.name,
                    short_name=former.short_name,
                    place=former.place,
                    valid_from=since,
                    valid_to=former.valid_to,
                )
            )
            since = former.valid_to + timedelta(days=1)
            successions.append(
                Succession(from_unit=unit, to_unit=unit, on=since, kind=SuccessionKind.RENAME, citation=RENAMED)
            )
        began[unit.pk] = since
    latest = list(UnitName.objects.filter(unit__in=began))
    for name in latest:
        name.valid_from = began[name.unit_id]
    UnitName.objects.bulk_update(latest, ["valid_from"])
    UnitName.objects.bulk_create(names)
    Succession.objects.bulk_create(successions)


@transaction.atomic
def load_system_2021() -> int:
    """Write what is missing of the system of 2021 and check that it is whole; return how many units were written.

    Needs maintenance scope, as it writes every unit of the sector.
    """
    rows = list_system_2021()
    written = load_register(rows)
    _check_counts([row.code for row in rows], LAST_DAY_2021, SYSTEM_2021)
    if written:
        _record_load("2021", written)
    return written


@transaction.atomic
def load_system_2025() -> int:
    """Found what is missing of the system of 1/7/2025 and let the units of 2021 go over into it; return how many went.

    Loads the system of 2021 first. A unit whose fate was written already, by this or by an officer, is left alone.
    Needs maintenance scope.
    """
    load_system_2021()
    plan = plan_2025()
    units = {unit.code: unit for unit in Unit.objects.all()}
    founded = {row.code: row for row in plan.founded if row.code not in units}
    for row in founded.values():
        units[row.code] = _make_unit(row, units)
    found_units([units[code] for code in founded], on=plan.on)
    changes = [_change(fate, units) for fate in plan.fates if units[fate.code].valid_to is None]
    if changes:
        apply_changes(changes, on=plan.on, citation=plan.citation, actor=_loader())
    _check_2025(plan)
    if founded:
        _record_load("2025", len(founded))
    return len(changes)


def _change(fate: Fate, units: Mapping[str, Unit]) -> Change:
    unit, heir = units[fate.code], units[fate.heir]
    if fate.kind == "merge":
        return merging(unit, into=heir, citation=fate.citation)
    return dissolving(unit, keeper=heir, citation=fate.citation)


def _check_2025(plan: Reorganisation) -> None:
    codes = [row.code for row in (*list_system_2021(), *plan.founded)]
    _check_counts(codes, plan.on, SYSTEM_2025)
    _check_counts(codes, plan.on - timedelta(days=1), SYSTEM_2021)


def count_kinds(day: date, codes: Collection[str] | None = None) -> Counter[str]:
    """How many units of each kind stand on `day`, of all or of those with `codes`."""
    units = Unit.objects.existing_on(day)
    if codes is not None:
        units = units.filter(code__in=codes)
    return Counter(units.order_by().values_list("kind", flat=True))


def _check_counts(codes: Collection[str], day: date, expected: Mapping[str, int]) -> None:
    found = count_kinds(day, codes)
    wrong = [f"{kind}: {found[kind]} thay vì {number}" for kind, number in expected.items() if found[kind] != number]
    if wrong:
        raise RegisterCountError(f"Ngày {day:%d/%m/%Y}, số đơn vị không đúng: {'; '.join(wrong)}.")


def _loader() -> Actor:
    return system_actor(Unit.objects.get(code="BTP"), "nạp sổ đơn vị")


def _record_load(system: str, written: int) -> None:
    loader = _loader()
    record_unit_act("load-register", loader.unit, actor=loader, system=system, number=written)


@transaction.atomic
def load_catalogues() -> None:
    """Write titles, who decides them, and legal documents as the files say.

    A code or number that stands already is brought up to date, unless a person mended it here.
    """
    _write_entries(
        AwardTitle,
        "code",
        {
            title.code: {
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
            }
            for title in read_award_titles()
        },
    )
    _load_authorities()
    _write_entries(
        LegalDocument,
        "number",
        {
            document.number: {
                "kind": document.type,
                "issuer": document.issuer,
                "issued_on": document.issued_on,
                "subject": document.subject,
                "valid_from": document.valid_from,
                "valid_to": document.valid_to,
                "confirmed": document.confirmed,
                "note": document.note or "",
            }
            for document in read_legal_documents()
        },
    )


def _write_entries(model: type[AwardTitle | LegalDocument], key: str, entries: Mapping[str, Mapping[str, Any]]) -> None:
    """Add what is missing and bring the rest up to date, in one statement; what a person mended stays."""
    manager: Manager[Any] = model.objects
    mended = set(manager.filter(edited_at__isnull=False).values_list(key, flat=True))
    wanted = [model(**{key: code}, **values) for code, values in entries.items() if code not in mended]
    if wanted:
        manager.bulk_create(
            wanted, update_conflicts=True, unique_fields=[key], update_fields=sorted(next(iter(entries.values())))
        )


def _load_authorities() -> None:
    titles = {title.code: title for title in AwardTitle.objects.all()}
    TitleAuthority.objects.all().delete()
    TitleAuthority.objects.bulk_create(
        TitleAuthority(
            title=titles[code],
            decider=row.decider,
            requires_legal_personality=row.requires_legal_personality,
            unit_kinds=list(row.unit_kinds),
            is_outside=row.is_outside,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            citation=row.citation,
            confirmed=row.confirmed,
        )
        for row in read_title_authorities()
        for code in row.titles
    )
