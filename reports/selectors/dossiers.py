"""Reads everything that a dossier prints, in a number of queries that no amount of rows changes."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from awards.models import Decision
from campaigns.models import Assignment, ObligationKind
from exemplars.models import Assessment, Evidence, Nomination, SpecialCase
from exemplars.selectors import nominations
from reports.documents.facts import (
    AttachmentFacts,
    CriteriaFacts,
    DossierFacts,
    FindingFacts,
    GradingFacts,
    HonourFacts,
    NomineeFacts,
    Signature,
)
from reports.models import DossierJob
from reports.selectors.letterheads import COUNCIL, letterhead, list_legal_basis, name_plan
from reports.selectors.outcomes import find_tally, list_revocations, read_decision, read_minutes
from units.models import Grading, TitleKind, Unit
from units.selectors.organisation import Chronicle
from units.selectors.record import list_standing_honours
from units.selectors.signing import find_head
from units.selectors.transfers import identify


def list_nominations() -> QuerySet[Nomination]:
    """Nominations in scope with everything that their papers name."""
    return Nomination.objects.select_related(
        "campaign__issuer", "recognition", "person__unit", "collective__parent", "unit__parent"
    )


def list_nominations_for(unit_path: str) -> QuerySet[Nomination]:
    """Of those, what people of the unit at `unit_path` may open: drafts and withdrawn ones stay with their unit."""
    return list_nominations().filter(pk__in=nominations.list_nominations_for(unit_path).values("pk"))


def list_dossiers_for(unit_path: str) -> QuerySet[DossierJob]:
    """Dossiers of nominations that the unit at `unit_path` may open, newest first, ready to be shown."""
    return (
        DossierJob.objects.filter(nomination__in=nominations.list_nominations_for(unit_path).values("pk"))
        .select_related("unit", "asked_by", "nomination__person", "nomination__collective", "nomination__recognition")
        .defer("snapshot")
    )


def gather_dossier(nomination: Nomination) -> DossierFacts:
    """Everything the current scope may see of `nomination`, which comes from `list_nominations`."""
    unit = nomination.unit
    assessment = Assessment.objects.filter(nomination=nomination).select_related("edition").first()
    tally = find_tally(nomination)
    decision = (
        Decision.objects.filter(lines__nomination=nomination, published_on__isnull=False)
        .select_related("unit__parent", "ballot__sitting__council")
        .first()
    )
    revocations = list_revocations(decision) if decision else []
    forwarded_on = _forwarded_on(nomination)
    written_on = forwarded_on or timezone.localdate(nomination.saved_at)
    moments = [
        nomination.saved_at,
        nomination.forwarded_at,
        assessment and assessment.assessed_at,
        tally and tally.counted_at,
        decision and decision.issued_at,
        *(one.issued_at for one in revocations),
    ]
    subject = _subject(nomination)
    receiver = _receiver(nomination)
    units = [unit, nomination.collective, receiver]
    units += [tally.ballot.sitting.unit] if tally else []
    units += [decision.unit] if decision else []
    units += [one.unit for one in revocations]
    chronicle = Chronicle(filter(None, units))
    return DossierFacts(
        recognition=nomination.recognition.name,
        year=nomination.year,
        campaign=nomination.campaign.title,
        plan=name_plan(nomination.campaign),
        legal_basis=list_legal_basis(nomination.campaign),
        state=nomination.get_state_display(),
        as_of=max(moment for moment in moments if moment),
        forwarded_on=forwarded_on,
        head=letterhead(unit, written_on, chronicle),
        unit=chronicle.name(unit, written_on).name,
        addressee=_addressee(receiver or chronicle.above(unit, written_on) or unit, written_on, chronicle),
        signature=_signature(nomination, written_on),
        nominee=_nominee(nomination, written_on, chronicle),
        duties=nomination.duties,
        achievements=nomination.achievements,
        initiatives=nomination.initiatives,
        community=nomination.community,
        gradings=tuple(
            GradingFacts(one.year, one.get_grade_display(), one.decision_number, one.decided_on)
            for one in Grading.objects.filter(subject, year__lte=nomination.year)
        ),
        honours=_honours(subject),
        criteria=read_criteria(assessment, SpecialCase.objects.filter(nomination=nomination)) if assessment else None,
        minutes=read_minutes(tally, chronicle) if tally else None,
        decision=read_decision(decision, revocations, chronicle) if decision else None,
        attachments=tuple(_attachment(one) for one in list_attachments(nomination)),
    )


def _forwarded_on(nomination: Nomination) -> date | None:
    """The day of the signature that the papers show; a nomination mended and approved again is signed again."""
    if nomination.signature:
        return date.fromisoformat(nomination.signature["on"])
    return timezone.localdate(nomination.forwarded_at) if nomination.forwarded_at else None


def list_attachments(nomination: Nomination) -> QuerySet[Evidence]:
    return Evidence.objects.filter(nomination=nomination, removed_at__isnull=True)


def _subject(nomination: Nomination) -> Q:
    return Q(person_id=nomination.person_id, collective_id=nomination.collective_id)


def _receiver(nomination: Nomination) -> Unit | None:
    """The unit to which the plan says nominations are owed."""
    owed = (
        Assignment.objects.filter(
            unit=nomination.unit_id,
            obligation__campaign=nomination.campaign_id,
            obligation__kind=ObligationKind.NOMINATION,
        )
        .select_related("obligation__owed_to")
        .first()
    )
    return owed.obligation.owed_to if owed else None


def _addressee(receiver: Unit, day: date, chronicle: Chronicle) -> str:
    return f"{COUNCIL} {chronicle.name(receiver, day).name}"


def _signature(nomination: Nomination, day: date) -> Signature:
    """As it stood when the unit approved; before that, the head of `day`."""
    frozen = nomination.signature
    if frozen:
        return Signature(tuple(frozen["authority"]), frozen["name"])
    head = find_head(nomination.unit, day)
    return Signature(head.authority, head.name)


def _nominee(nomination: Nomination, day: date, chronicle: Chronicle) -> NomineeFacts:
    """As of the day of the paper; a person belongs to the unit that put them forward, wherever they work today."""
    collective = nomination.collective
    if collective is not None:
        head = letterhead(collective, day, chronicle)
        return NomineeFacts(name=head.office, is_person=False, unit=head.superior)
    person = nomination.person or identify(nomination.person_id)
    assert person is not None  # noqa: S101  whoever put somebody forward keeps knowing who it was
    return NomineeFacts(
        name=nomination.nominee_name,
        is_person=True,
        unit=chronicle.name(nomination.unit, day).name,
        position=nomination.position,
        gender=person.get_gender_display(),
        birth_date=person.birth_date,
        employment=person.get_employment_display(),
    )


def _honours(subject: Q) -> tuple[HonourFacts, ...]:
    return tuple(
        HonourFacts(
            year=one.year,
            title=one.title.name,
            is_emulation_title=one.title.kind == TitleKind.EMULATION_TITLE,
            number=one.decision_number,
            decided_on=one.decided_on,
            issuer=one.issuer,
        )
        for one in list_standing_honours().filter(subject)
    )


def _attachment(evidence: Evidence) -> AttachmentFacts:
    return AttachmentFacts(
        pk=str(evidence.pk),
        file_name=evidence.file_name,
        kind=evidence.get_kind_display(),
        number=evidence.number,
        issued_on=evidence.issued_on,
        media_type=evidence.media_type,
        size=evidence.size,
        sha256=evidence.sha256,
    )


def read_criteria(assessment: Assessment, special_cases: Iterable[SpecialCase]) -> CriteriaFacts:
    """What an assessment says, as papers print it."""
    return CriteriaFacts(
        edition=assessment.edition.title,
        verdict=assessment.verdict,
        assessed_at=assessment.assessed_at,
        findings=tuple(_finding(one) for one in assessment.findings),
        special_cases=tuple(_special_case(one) for one in special_cases),
    )


def _special_case(case: SpecialCase) -> str:
    """Reason, clause and people of a special case, as every screen tells them too."""
    told = (
        f"Diện đặc biệt, {case.get_state_display().lower()}: tiêu chuẩn chưa đạt {', '.join(case.criteria)}; "
        f"lý do: {case.reason}; điều khoản: {case.clause}; Hội đồng trình theo biên bản số {case.minutes_number} "
        f"ngày {case.minutes_on:%d/%m/%Y}, người trình: {case.proposed_label}."
    )
    if case.decided_at is None:
        return told
    day = timezone.localdate(case.decided_at)
    return f"{told} Quyết định của {case.decided_label} ngày {day:%d/%m/%Y}: {case.decision_words}"


def _finding(values: Mapping[str, Any]) -> FindingFacts:
    citation = values["citation"]
    if isinstance(citation, Mapping):
        citation = f"{citation['document']}, {citation['clause']}"
    return FindingFacts(
        code=values["code"],
        status=values["status"],
        label=values["label"],
        citation=citation,
        evidence=tuple(_evidence_words(one) for one in values["evidence"]),
        reason=values["reason"],
        remedy=values.get("remedy", ""),
        missing=values.get("missing", ""),
        outlook=values.get("outlook", ""),
    )


def _evidence_words(values: Any) -> str:
    """What was read, with the paper, the day and the person behind it."""
    if not isinstance(values, Mapping):
        return str(values)
    day = f"ngày {date.fromisoformat(values['on']):%d/%m/%Y}" if values.get("on") else ""
    source = ", ".join(part for part in (values.get("decision"), day, values.get("by")) if part)
    return f"{values['text']} ({source})" if source else str(values["text"])
