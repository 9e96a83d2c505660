"""A council of seven in session with cases before it: the shortest valid rows, and the steps that tests repeat."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client

from awards.models import Attendance, Ballot, Council, CouncilMember, Sitting, Urn, VotingRule
from awards.sealing import open_ceremony
from awards.selectors.ballots import check_ballot
from awards.selectors.councils import list_members
from awards.services.ballots import add_ballot, close_ballot, open_ballot
from awards.services.casting import cast_ballot
from awards.services.counting import count_ballot
from awards.services.rules import load_voting_rules
from awards.services.sittings import add_agenda_item, add_sitting, record_attendance
from awards.terms import hash_json, terms_of
from exemplars.models import Nomination
from tests.builders import AT, Tree, actor, campaign, person, user
from units.actors import Actor, act_as
from units.clock import today
from units.folding import fold
from units.models import Membership, Unit, User
from units.roles import Role

LIGHT = {"iterations": 1, "lanes": 1, "memory": 64}
NAMES = ("Lường Thị Mẫu", "Bế Văn Thử", "Nông Văn Ví Dụ")
SECRET = "bốn từ không liên quan {}"
RULE = "grassroots-recognition"


def accepted(one: Any, place: Unit, name: str, *, state: str = "accepted") -> Nomination:
    nominee = person(place, name)
    return Nomination.objects.create(
        unit=place,
        campaign=one,
        recognition=one.title_of_tests,
        year=2023,
        person=nominee,
        nominee_name=name,
        folded_nominee=fold(name),
        position="Chấp hành viên",
        state=state,
        created_by=user(f"canbo.{nominee.staff_code}"),
        created_at=AT,
        saved_at=AT,
    )


def council_of(place: Unit, members: int = 7) -> Council:
    """A council whose first member chairs, second deputises, third is secretary and fourth teller."""
    council = Council.objects.create(
        unit=place,
        name=f"Hội đồng {place}",
        founding_number="MAU-1/QĐ",
        founded_on="2020-01-01",
        valid_from="2020-01-01",
    )
    numbers = range(1, members + 1)
    accounts = [f"thanhvien{order}.{place.code}" for order in numbers]
    users = User.objects.bulk_create(
        User(username=name, display_name=f"{name} Mẫu", email=f"{name}@example.vn") for name in accounts
    )
    Membership.objects.bulk_create(
        Membership(user=one, unit=place, role=Role.MEMBER, valid_from=date(2020, 1, 1)) for one in users
    )
    CouncilMember.objects.bulk_create(
        CouncilMember(
            unit=place,
            unit_path=place.path,
            council=council,
            user=one,
            seat={1: "chair", 2: "deputy"}.get(order, "member"),
            position="Trưởng phòng",
            order=order,
            is_secretary=order == 3,
            is_teller=order == 4,
            valid_from=date(2020, 1, 1),
        )
        for order, one in zip(numbers, users, strict=True)
    )
    return council


class Room:
    """A sitting at the Cục with `cases` on its agenda; the last of seven members is away."""

    def __init__(self, cases: int = 2, *, absent: int = 1) -> None:
        from tests.builders import recognition

        self.tree = Tree()
        load_voting_rules()
        self.plan = campaign(self.tree.bureau, self.tree.branch)
        self.plan.title_of_tests = recognition()
        self.secretariat = actor(self.tree.bureau, Role.SECRETARIAT)
        self.records = actor(self.tree.bureau, Role.RECORDS)
        self.council = council_of(self.tree.bureau)
        self.sitting: Sitting = add_sitting(
            self.council, title="Xét điển hình", held_on=today(), place="Phòng họp", actor=self.secretariat
        )
        self.members = list(list_members(self.council, today()))
        self.nominations = [self.nominate(NAMES[number % 3] + f" {number}") for number in range(cases)]
        for nomination in self.nominations:
            add_agenda_item(self.sitting, nomination, actor=self.secretariat)
        self.seat(absent)

    def nominate(self, name: str, *, state: str = "accepted") -> Nomination:
        return accepted(self.plan, self.tree.branch, name, state=state)

    def seat(self, absent: int) -> None:
        away = self.members[len(self.members) - absent :]
        record_attendance(self.sitting, absences={one.pk: "Đi công tác" for one in away}, actor=self.secretariat)

    @property
    def present(self) -> list[CouncilMember]:
        here = Attendance.objects.filter(sitting=self.sitting, is_present=True).values("member")
        return [one for one in self.members if one.pk in {row["member"] for row in here}]

    def ballot(self, *, seats: int | None = None, rule: str = RULE, kind: str = "approve") -> Ballot:
        how = VotingRule.objects.get(code=rule)
        return add_ballot(self.sitting, title="Bỏ phiếu", rule=how, seats=seats, kind=kind, actor=self.secretariat)

    def opened(self, *, seats: int | None = None) -> Ballot:
        ballot = self.ballot(seats=seats)
        return open_ballot(ballot, passphrases=passphrases(ballot), actor=self.secretariat, day=today(), cost=LIGHT)

    def as_actor(self, member: CouncilMember) -> Actor:
        return act_as(Membership.objects.select_related("user", "unit").get(user=member.user, role=Role.MEMBER))

    def cast(self, ballot: Ballot, member: CouncilMember, *votes: str) -> str:
        return cast_ballot(ballot, self.choices(*votes), member=member, actor=self.as_actor(member))

    def choices(self, *votes: str) -> dict[str, str]:
        return {str(one.pk): vote for one, vote in zip(self.nominations, votes, strict=False)}

    def form(self, *votes: str) -> dict[str, str]:
        return {f"vote-{pk}": vote for pk, vote in self.choices(*votes).items()}

    def counted(self, *papers: tuple[str, ...], seats: int | None = None) -> Ballot:
        """A ballot in which the present members cast `papers` in turn, closed and counted."""
        ballot = self.opened(seats=seats)
        for member, paper in zip(self.present, papers, strict=False):
            self.cast(ballot, member, *paper)
        close_ballot(ballot, actor=self.secretariat)
        return self.count(ballot)

    def count(self, ballot: Ballot) -> Ballot:
        holders = [holder["id"] for holder in Ballot.objects.get(pk=ballot.pk).terms["holders"]]
        words = {key: SECRET.format(key) for key in holders[:2]}
        return count_ballot(ballot, passphrases=words, actor=self.secretariat, at=AT)


def passphrases(ballot: Ballot) -> Mapping[str, str]:
    """What the three holders would type."""
    return {str(one.member.pk): SECRET.format(one.member.pk) for one in check_ballot(ballot, day=today()).holders}


def signed_in(who: CouncilMember | Actor) -> Client:
    client = Client()
    client.force_login(who.user)  # type: ignore[arg-type]
    return client


def copy_of(pattern: Ballot) -> Ballot:
    """An open ballot with the frozen terms of `pattern` and a key of its own: two hundred ceremonies at once."""
    key = uuid4()
    terms = terms_of(pattern) | {"ballot": str(key)}
    ceremony = open_ceremony({one["id"]: SECRET.format(one["id"]) for one in terms["holders"]}, cost=LIGHT)
    ballot = Ballot.objects.create(
        pk=key,
        unit=pattern.unit,
        sitting=pattern.sitting,
        title=pattern.title,
        rule=pattern.rule,
        state=pattern.state,
        terms=terms,
        terms_hash=hash_json(terms),
        public_key=ceremony.public_key,
        wraps=ceremony.wraps,
        electorate=pattern.electorate,
    )
    Urn.objects.create(unit=pattern.unit, ballot=ballot)
    return ballot
