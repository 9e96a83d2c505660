"""A council of twelve with four cases before it, in a unit where no other story plays; and how it is cleared away.

Run inside an installation by `manage.py shell`; `write` prints what the story needs as one line of JSON.
"""

import json
from datetime import date

from django.db import transaction

from awards.models import Council, CouncilMember, VotingRule
from awards.services.sittings import add_agenda_item, add_sitting
from campaigns.models import Campaign
from tests.awards.room import accepted, council_of, signed_in
from tests.builders import actor, obligation
from units.clock import today
from units.models import AwardTitle, Membership, Unit, User
from units.roles import Role
from units.scoping import maintenance_scope

PLACE = "CTHADS-LSO"
PLAN = "MUOI-NGUOI-THU"
RULE = "zz-ten-browsers"
RULE_TITLE = "Quy ước thử của Hội đồng mẫu"
SITTING = "Xét chọn điển hình (giả định)"
CASES = ("Bế Thị Mẫu", "Chu Văn Thử", "Dương Thị Ví Dụ", "Đàm Văn Giả Định")
MEMBERS = (
    "Hoàng Văn Chủ Trì Thử",
    "La Thị Phó Mẫu",
    "Lô Thị Thư Ký Thử",
    "Mã Văn Kiểm Phiếu Một",
    "Nông Thị Kiểm Phiếu Hai",
    "Phùng Văn Mẫu Sáu",
    "Sầm Thị Mẫu Bảy",
    "Tô Văn Mẫu Tám",
    "Triệu Thị Mẫu Chín",
    "Vi Văn Mẫu Mười",
    "Vương Thị Đứng Ngoài",
    "Ân Văn Đi Vắng",
)


def write() -> None:
    with maintenance_scope("the ground of a story"), transaction.atomic():
        place = Unit.objects.get(code=PLACE)
        secretariat = actor(place, Role.SECRETARIAT)
        sitting = add_sitting(_seat(place), title=SITTING, held_on=today(), place="Phòng họp", actor=secretariat)
        plan = _plan(place)
        for name in CASES:
            add_agenda_item(sitting, accepted(plan, place, name), actor=secretariat)
        _add_rule()
        members = CouncilMember.objects.filter(council=sitting.council).select_related("user").order_by("order")
        told = {
            "sitting": str(sitting.pk),
            "desk": signed_in(secretariat).cookies["sessionid"].value,
            "sessions": [signed_in(member).cookies["sessionid"].value for member in members],
        }
    print(json.dumps(told))  # noqa: T201  what the story asks for


def _seat(place: Unit) -> Council:
    council = council_of(place, len(MEMBERS))
    for member in council.members.order_by("order"):
        User.objects.filter(pk=member.user_id).update(display_name=MEMBERS[member.order - 1])
    council.members.filter(order=5).update(is_teller=True)
    return council


def _plan(place: Unit) -> Campaign:
    plan = Campaign.objects.create(
        code=PLAN,
        title="Thử",
        kind="period",
        issuer=place,
        plan_name="Kế hoạch thử",
        opens_on=date(2021, 1, 1),
        closes_on=date(2025, 12, 31),
    )
    obligation(plan, "DE-NGHI", place, kind="nomination", last_day=date(2023, 12, 31), awards=["grassroots-annual"])
    plan.title_of_tests = AwardTitle.objects.get(code="grassroots-annual")  # type: ignore[attr-defined]
    return plan


def _add_rule() -> None:
    """A third of all members is enough, absent members are asked, and a tie is voted on again."""
    VotingRule.objects.create(
        code=RULE,
        title=RULE_TITLE,
        quorum="2/3",
        denominator="members",
        threshold="1/3",
        count_written=True,
        blank_is_valid=True,
        citation="Quy chế thử của Hội đồng mẫu, Điều 9",
        valid_from=date(2023, 1, 1),
    )


def clear_away() -> None:
    """Nobody finds a rule, a council or an account of this story any more; what was decided stays on record."""
    with maintenance_scope("the story closes its council"):
        before = date(2023, 1, 2)
        ours = User.objects.filter(username__endswith=PLACE) | User.objects.filter(username__contains=f".{PLACE}.")
        Membership.objects.filter(user__in=ours).update(valid_to=before)
        ours.update(is_active=False)
        Council.objects.filter(unit__code=PLACE).update(valid_to=before)
        VotingRule.objects.filter(code=RULE).update(valid_to=before)
