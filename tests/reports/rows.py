"""The shortest rows that tests of reports need: a small invented sector."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client

from awards.models import (
    AgendaItem,
    Attendance,
    Ballot,
    BallotState,
    Council,
    CouncilMember,
    Decision,
    DecisionLine,
    Sitting,
    Tally,
    VotingRule,
)
from campaigns.models import Assignment, Campaign, CampaignKind, Obligation, ObligationKind
from exemplars.models import Assessment, Evidence, Nomination, RulebookEdition
from exemplars.workflow import NominationState
from units.actors import Actor, act_as
from units.models import AwardTitle, Honour, Membership, Person, Unit, UnitKind, User
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.people import add_person

AT = datetime(2023, 11, 13, 2, 40, tzinfo=UTC)
DAY = date(2023, 11, 13)
FIRST_DAY = date(2021, 1, 1)
# The states of a nomination whose forwarding has completed what its unit owes.
SENT = (NominationState.FORWARDED, NominationState.ACCEPTED, NominationState.RECOGNISED, NominationState.DECLINED)


def everywhere() -> Any:
    """The scope in which rows of several units are arranged."""
    return maintenance_scope("a test arranges rows of several units")


def add_unit(code: str, kind: str, parent: Unit | None = None, name: str = "") -> Unit:
    step = f"{Unit.objects.count() + 1:04d}"
    return Unit.objects.create(
        code=code,
        kind=kind,
        name=name or f"Đơn vị giả định {code}",
        short_name=code,
        folded_name=code.lower(),
        place="Thử",
        has_legal_personality=True,
        parent=parent,
        path=(parent.path if parent else "") + step,
        valid_from=FIRST_DAY,
    )


@dataclass
class Sector:
    ministry: Unit
    general: Unit
    first: Unit
    second: Unit
    justice: Unit
    units: dict[str, Unit]
    campaign: Campaign
    obligation: Obligation
    title: AwardTitle
    edition: RulebookEdition


def make_sector() -> Sector:
    """A ministry, a general department, two provinces with two and one units below, and one justice department."""
    ministry = add_unit("BO", UnitKind.MINISTRY)
    general = add_unit("TC", UnitKind.GENERAL_DEPARTMENT, ministry)
    first = add_unit("CUC-A", UnitKind.PROVINCIAL_ENFORCEMENT, general, "Cục Thi hành án dân sự tỉnh Giả Định A")
    second = add_unit("CUC-B", UnitKind.PROVINCIAL_ENFORCEMENT, general, "Cục Thi hành án dân sự tỉnh Giả Định B")
    justice = add_unit("SO-A", UnitKind.JUSTICE_DEPARTMENT, ministry)
    units = {
        code: add_unit(code, UnitKind.DISTRICT_ENFORCEMENT, parent)
        for code, parent in (("CC-A1", first), ("CC-A2", first), ("CC-B1", second))
    }
    campaign = Campaign.objects.create(
        code="THU-2023",
        title="Phong trào giả định",
        kind=CampaignKind.PERIOD,
        issuer=first,
        plan_name="Kế hoạch giả định năm 2023",
        opens_on=FIRST_DAY,
        closes_on=date(2025, 12, 31),
        legal_basis=["01/2023/GIA-DINH"],
    )
    obligation = Obligation.objects.create(
        campaign=campaign,
        code="THU-XET",
        title="Gửi đề nghị",
        kind=ObligationKind.NOMINATION,
        owed_to=first,
        citation="mục I",
    )
    title = AwardTitle.objects.create(
        code="thu-co-so",
        name="Điển hình tiên tiến giả định",
        kind="recognition",
        subject="both",
        level="base",
        decider="Cục trưởng",
        citation="mục II",
    )
    edition = RulebookEdition.objects.create(
        issuer=first, code="thu", title="Tiêu chuẩn giả định", document="", edition_hash="0" * 64, valid_from=FIRST_DAY
    )
    return Sector(ministry, general, first, second, justice, units, campaign, obligation, title, edition)


def owe(sector: Sector, *units: Unit, done: bool = False) -> None:
    with everywhere():
        for unit in units:
            Assignment.objects.create(
                unit=unit, obligation=sector.obligation, last_day=DAY, done_at=AT if done else None
            )


def nominate(sector: Sector, unit: Unit, state: str = NominationState.FORWARDED, verdict: str = "") -> Nomination:
    with everywhere():
        number = Nomination.objects.count() + 1
        person: Person = add_person(
            unit, f"Nguyễn Mẫu {number}", staff_code=f"M{number}", gender="female", employment="civil-servant"
        )
        author, _ = User.objects.get_or_create(username="nguoi-lap", display_name="Người Lập")
        nomination: Nomination = Nomination.objects.create(
            unit=unit,
            campaign=sector.campaign,
            recognition=sector.title,
            year=2023,
            person=person,
            nominee_name=person.full_name,
            folded_nominee=person.folded_name,
            position="Chấp hành viên giả định",
            duties="Nhiệm vụ giả định",
            achievements="Thành tích giả định",
            state=state,
            created_by=author,
            created_at=AT,
            saved_at=AT,
            forwarded_at=AT,
        )
        if state in SENT:
            Assignment.objects.filter(unit=unit, obligation=sector.obligation).update(done_at=AT)
        if verdict:
            assess(sector, nomination, verdict)
    return nomination


def assess(sector: Sector, nomination: Nomination, verdict: str, at: datetime = AT) -> None:
    finding = {
        "code": "G2",
        "status": verdict,
        "label": "Xếp loại giả định",
        "citation": {"document": "Kế hoạch giả định", "clause": "II.2"},
        "evidence": [{"text": "Xếp loại năm 2023", "decision": "41/GIA-DINH", "on": "2023-12-20", "by": ""}],
        "reason": "Có kết quả xếp loại.",
        "remedy": "",
    }
    with everywhere():
        Assessment.objects.create(
            unit=nomination.unit,
            nomination=nomination,
            edition=sector.edition,
            verdict=verdict,
            question={},
            findings=[finding],
            occasion="submit",
            assessed_at=at,
        )


def attach(nomination: Nomination, name: str, media_type: str, content: bytes) -> Evidence:
    with everywhere():
        evidence = Evidence(
            unit=nomination.unit,
            nomination=nomination,
            kind="other",
            file_name=name,
            media_type=media_type,
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            added_by=nomination.created_by,
            added_at=AT,
        )
        evidence.file.save("x", ContentFile(content), save=False)
        evidence.save()
    return evidence


def member(unit: Unit, role: Role) -> Actor:
    name = f"{role.value}-{unit.code}".lower()
    user, _ = User.objects.get_or_create(username=name, defaults={"display_name": f"Người {role.label}"})
    membership, _ = Membership.objects.get_or_create(user=user, unit=unit, role=role, valid_from=FIRST_DAY)
    return act_as(Membership.objects.select_related("user", "unit").get(pk=membership.pk))


def sign_in(unit: Unit, role: Role) -> Client:
    client = Client()
    client.force_login(member(unit, role).account)
    return client


def conclude(sector: Sector, nomination: Nomination) -> Decision:
    """A council of the first province counts a ballot in which `nomination` passes, and its decision is issued."""
    with everywhere():
        council = Council.objects.create(
            unit=sector.first,
            name="Hội đồng giả định",
            founding_number="15/QĐ-GD",
            founded_on=FIRST_DAY,
            valid_from=FIRST_DAY,
        )
        sitting = Sitting.objects.create(
            unit=sector.first, council=council, title="Phiên họp giả định", held_on=DAY, place="Phòng họp"
        )
        for order in range(3):
            user = User.objects.create(username=f"uy-vien-{order}", display_name=f"Ủy viên Giả Định {order}")
            seat = CouncilMember.objects.create(
                unit=sector.first,
                council=council,
                user=user,
                seat="chair" if order == 0 else "member",
                position="Trưởng phòng",
                order=order,
                is_secretary=order == 1,
                valid_from=FIRST_DAY,
            )
            Attendance.objects.create(
                unit=sector.first, sitting=sitting, member=seat, is_present=order != 2, reason="đi công tác"
            )
        AgendaItem.objects.create(unit=sector.first, sitting=sitting, nomination=nomination, order=1)
        rule = VotingRule.objects.create(
            code="thu",
            title="Giả định",
            quorum="2/3",
            denominator="members",
            threshold="2/3",
            count_written=False,
            blank_is_valid=True,
            citation="quy định giả định, khoản 1",
            valid_from=FIRST_DAY,
        )
        ballot = Ballot.objects.create(
            unit=sector.first, sitting=sitting, title="Lượt một", rule=rule, state=BallotState.COUNTED
        )
        name = str(nomination.pk)
        frozen = {
            "candidates": [{"id": name, "name": nomination.nominee_name}],
            "rule": {"citation": "quy định giả định, khoản 1"},
        }
        Ballot.objects.filter(pk=ballot.pk).update(terms=frozen)
        VotingRule.objects.update(citation="đã sửa sau khi mở lượt bỏ phiếu")
        contest = {"id": "c1", "title": "Cá nhân", "seats": None, "candidates": [name]}
        Tally.objects.create(
            unit=sector.first,
            ballot=ballot,
            count_input={
                "members": 3,
                "present": 2,
                "quorum": "2/3",
                "denominator": "members",
                "threshold": "2/3",
                "contests": [contest],
                "papers": [],
            },
            result={
                "quorum_met": True,
                "warnings": [f"Mọi phiếu hợp lệ giống nhau đối với {name}."],
                "contests": [
                    {
                        "id": "c1",
                        "issued": 2,
                        "received": 2,
                        "valid": 2,
                        "invalid": [],
                        "denominator": 3,
                        "candidates": {name: {"yes": 2, "no": 0, "blank": 0, "share": "2/3", "passed": True}},
                        "elected": [name],
                        "tied": [],
                        "not_elected": [],
                    }
                ],
            },
            counted_at=AT,
        )
        decision: Decision = Decision.objects.create(
            unit=sector.first,
            ballot=ballot,
            number="215/QĐ-GD",
            signed_on=date(2023, 12, 1),
            signer_name="Người Ký Giả Định",
            signer_title="Cục trưởng",
            subject="Về việc công nhận điển hình giả định",
            issued_at=AT,
            published_on=date(2023, 12, 1),
        )
        honour = Honour.objects.create(
            unit=nomination.unit,
            person=nomination.person,
            title=sector.title,
            year=2023,
            issuer=sector.first.name,
            decision_number=decision.number,
            decided_on=decision.signed_on,
            subject_name=nomination.nominee_name,
            subject_position=nomination.position,
            subject_unit=nomination.unit.name,
            source=nomination.pk,
        )
        DecisionLine.objects.create(unit=sector.first, decision=decision, nomination=nomination, honour=honour, order=1)
    return decision
