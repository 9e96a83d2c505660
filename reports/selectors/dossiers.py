"""Reads everything that a dossier prints, in a number of queries that no amount of rows changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from awards.models import Attendance, Council, Decision, DecisionLine, Denominator, Seat, Tally
from awards.selectors.councils import list_members
from awards.selectors.counts import describe_score
from awards.terms import name_candidates, scale_words, terms_of
from campaigns.models import Assignment, Campaign, ObligationKind
from exemplars.models import Assessment, Evidence, Nomination, SpecialCase
from exemplars.selectors import nominations
from reports.documents.facts import (
    AttachmentFacts,
    CandidateFacts,
    ContestFacts,
    CriteriaFacts,
    DecisionFacts,
    DecisionLineFacts,
    DossierFacts,
    FindingFacts,
    GradingFacts,
    HonourFacts,
    Letterhead,
    MemberFacts,
    MinutesFacts,
    NomineeFacts,
    RevocationFacts,
    Signature,
    VotingRuleFacts,
)
from reports.models import DossierJob
from units.models import (
    Grading,
    LegalDocument,
    TitleKind,
    Unit,
    UnitKind,
)
from units.selectors.organisation import Chronicle
from units.selectors.record import list_standing_honours
from units.selectors.signing import HEADS, find_head
from units.selectors.transfers import identify

# The issuer's part of a paper's number, as offices of each kind write it.
ABBREVIATIONS: Mapping[str, str] = {
    UnitKind.MINISTRY: "BTP",
    UnitKind.GENERAL_DEPARTMENT: "TCTHADS",
    UnitKind.PROVINCIAL_ENFORCEMENT: "CTHADS",
    UnitKind.PROVINCIAL_ENFORCEMENT_2025: "THADS",
    UnitKind.DISTRICT_ENFORCEMENT: "CCTHADS",
    UnitKind.REGIONAL_OFFICE: "PTHADSKV",
    UnitKind.JUSTICE_OFFICE: "PTP",
    UnitKind.JUSTICE_DEPARTMENT: "STP",
}
DOCUMENT_KINDS: Mapping[str, str] = {
    "law": "Luật",
    "decree": "Nghị định",
    "circular": "Thông tư",
    "decision": "Quyết định",
    "directive": "Chỉ thị",
    "plan": "Kế hoạch",
    "official-letter": "Công văn",
}
COUNCIL = "Hội đồng Thi đua - Khen thưởng"


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
    tally = _find_tally(nomination)
    decision = (
        Decision.objects.filter(lines__nomination=nomination, published_on__isnull=False)
        .select_related("unit__parent", "ballot__sitting__council")
        .first()
    )
    revocations = _list_revocations(decision) if decision else []
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
        minutes=_minutes(tally, chronicle) if tally else None,
        decision=_decision(decision, revocations, chronicle) if decision else None,
        attachments=tuple(_attachment(one) for one in list_attachments(nomination)),
    )


def _forwarded_on(nomination: Nomination) -> date | None:
    """The day of the signature that the papers show; a nomination mended and approved again is signed again."""
    if nomination.signature:
        return date.fromisoformat(nomination.signature["on"])
    return timezone.localdate(nomination.forwarded_at) if nomination.forwarded_at else None


def list_attachments(nomination: Nomination) -> QuerySet[Evidence]:
    return Evidence.objects.filter(nomination=nomination, removed_at__isnull=True)


def name_plan(campaign: Campaign) -> str:
    """The plan as papers cite it."""
    if not campaign.plan_number or campaign.plan_number in campaign.plan_name:
        return campaign.plan_name
    day = f" ngày {campaign.plan_date:%d/%m/%Y}" if campaign.plan_date else ""
    return f"{campaign.plan_name} (số {campaign.plan_number}{day})"


def letterhead(unit: Unit, day: date, chronicle: Chronicle) -> Letterhead:
    """The head of a paper of `day`: the unit and the one above it as they were then."""
    superior = chronicle.above(unit, day)
    name = chronicle.name(unit, day)
    return Letterhead(
        superior=chronicle.name(superior, day).name if superior else "",
        office=name.name,
        place=name.place,
        abbreviation=ABBREVIATIONS.get(unit.kind, ""),
    )


def _subject(nomination: Nomination) -> Q:
    return Q(person_id=nomination.person_id, collective_id=nomination.collective_id)


def list_legal_basis(campaign: Campaign) -> tuple[str, ...]:
    """Each document by kind, number, day, issuer and subject; an unknown number stands as it was written."""
    numbers = [str(number) for number in campaign.legal_basis]
    known = {one.number: one for one in LegalDocument.objects.filter(number__in=numbers)}
    return tuple(_cite(known[number]) if number in known else number for number in numbers)


def _cite(document: LegalDocument) -> str:
    day = f" ngày {document.issued_on:%d/%m/%Y}" if document.issued_on else ""
    issuer = f" của {document.issuer}" if document.issuer else ""
    subject = f"{document.subject[:1].lower()}{document.subject[1:]}"
    return f"{DOCUMENT_KINDS.get(document.kind, document.kind)} số {document.number}{day}{issuer} về {subject}"


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


def _find_tally(nomination: Nomination) -> Tally | None:
    """The latest count in which the nomination stood; a second round replaces the first, a proposal does not."""
    tallies = (
        Tally.objects.filter(ballot__sitting__agenda__nomination=nomination, ballot__is_proposal=False)
        .select_related("ballot__sitting__council", "ballot__sitting__unit")
        .order_by("-counted_at")
    )
    stood = str(nomination.pk)
    return next((tally for tally in tallies if stood in _candidates(tally.count_input)), None)


def _candidates(count_input: Mapping[str, Any]) -> set[str]:
    return {name for contest in count_input["contests"] for name in contest["candidates"]}


def _minutes(tally: Tally, chronicle: Chronicle) -> MinutesFacts:
    sitting = tally.ballot.sitting
    council = sitting.council
    # Rule and names as they were frozen when the ballot opened, whatever has been edited since.
    terms = terms_of(tally.ballot)
    names = {candidate["id"]: candidate["name"] for candidate in terms["candidates"]}
    count = tally.count_input
    unit = chronicle.name(sitting.unit, sitting.held_on)
    return MinutesFacts(
        head=Letterhead(unit.name, COUNCIL, unit.place, "HĐTĐKT"),
        council=council.name,
        founding=f"Quyết định số {council.founding_number} ngày {council.founded_on:%d/%m/%Y}",
        sitting=sitting.title,
        held_on=sitting.held_on,
        place=sitting.place,
        members=read_members(sitting.pk, council, sitting.held_on),
        present=count["present"],
        members_total=count["members"],
        quorum_met=tally.result["quorum_met"],
        rule=VotingRuleFacts(
            quorum=count["quorum"],
            denominator=Denominator(count["denominator"]).label,
            threshold=count["threshold"] or "",
            citation=terms["rule"]["citation"],
            scale=scale_words(terms["rule"]),
        ),
        contests=tuple(
            _contest(*pair, names) for pair in zip(count["contests"], tally.result["contests"], strict=True)
        ),
        warnings=tuple(name_candidates(one, terms) for one in tally.result.get("warnings", ())),
        counted_at=tally.counted_at,
    )


def read_members(sitting: Any, council: Council, day: date) -> tuple[MemberFacts, ...]:
    """Members of the day in protocol order, with what the roll says of each."""
    roll = {one.member_id: one for one in Attendance.objects.filter(sitting=sitting)}
    members = list_members(council, day)
    return tuple(
        MemberFacts(
            name=member.user.display_name,
            position=member.position,
            seat=Seat(member.seat).label,
            is_secretary=member.is_secretary,
            is_teller=member.is_teller,
            is_present=roll[member.pk].is_present if member.pk in roll else None,
            absence=roll[member.pk].reason if member.pk in roll else "",
        )
        for member in members
    )


def _contest(asked: Mapping[str, Any], counted: Mapping[str, Any], names: Mapping[str, str]) -> ContestFacts:
    return ContestFacts(
        title=asked.get("title") or asked["id"],
        seats=asked["seats"],
        issued=counted["issued"],
        received=counted["received"],
        valid=counted["valid"],
        invalid=len(counted["invalid"]),
        denominator=counted["denominator"],
        candidates=tuple(
            CandidateFacts(
                name=names.get(candidate, candidate),
                yes=tally.get("yes", 0),
                no=tally.get("no", 0),
                blank=tally["blank"],
                share=tally["share"],
                passed=tally["passed"],
                outcome=_outcome(candidate, counted),
                **_points(tally, counted["denominator"]),
            )
            for candidate in asked["candidates"]
            for tally in [counted["candidates"][candidate]]
        ),
    )


def _points(tally: Mapping[str, Any], denominator: int) -> dict[str, str]:
    if "points" not in tally:
        return {}
    score = describe_score(tally, denominator)
    return {"points": score.points, "mean": f"{score.mean} ({score.division})"}


def _outcome(candidate: str, counted: Mapping[str, Any]) -> str:
    if candidate in counted["elected"]:
        return "elected"
    return "tied" if candidate in counted["tied"] else "not-elected"


def _decision(decision: Decision, revocations: Sequence[Decision], chronicle: Chronicle) -> DecisionFacts:
    assert decision.ballot is not None  # noqa: S101  found by a line: it recognises
    unit, sitting = decision.unit, decision.ballot.sitting
    head = letterhead(unit, decision.signed_on, chronicle)
    return DecisionFacts(
        head=head,
        number=decision.number,
        signed_on=decision.signed_on,
        subject=decision.subject,
        issuing_authority=f"{HEADS.get(unit.kind, 'Thủ trưởng')} {head.office}",
        signature=Signature(decision.authority, decision.signer_name),
        council=sitting.council.name,
        sitting_on=sitting.held_on,
        lines=tuple(
            DecisionLineFacts(
                line.honour.subject_name,
                line.honour.subject_position,
                line.honour.subject_unit,
                _revoked_by(line, revocations),
            )
            for line in decision.lines.select_related("honour", "revoked")
        ),
        issued_at=decision.issued_at,
        revocations=tuple(
            RevocationFacts(
                number=one.number,
                signed_on=one.signed_on,
                issuer=chronicle.name(one.unit, one.signed_on).name,
                reason=one.reason,
                clause=one.clause,
                lines=one.taken,  # type: ignore[attr-defined]
            )
            for one in revocations
        ),
    )


def _list_revocations(decision: Decision) -> list[Decision]:
    """Published decisions that took lines of this one back, the first one first."""
    found = Decision.objects.filter(revokes=decision, published_on__isnull=False).select_related("unit__parent")
    return list(found.annotate(taken=Count("revoked_lines")).order_by("signed_on", "pk"))


def _revoked_by(line: DecisionLine, revocations: Iterable[Decision]) -> str:
    taken = getattr(line, "revoked", None)
    return next((one.number for one in revocations if taken and one.pk == taken.decision_id), "")
