"""A reorganisation from the first step to its day: what is refused, what moves, what stays, and the planned one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from awards.models import Ballot, Council, Decision, DecisionDraft, Sitting, Tally, VotingRule
from awards.selectors.decisions import find_keeper
from awards.selectors.drafts import list_revocation_drafts
from campaigns.models import Assignment, Obligation
from config import embedded
from exemplars.models import Evidence, Nomination
from exemplars.selectors.nominations import ask_waiting
from exemplars.services.nominations import submit_nomination
from tests import builders
from tests.builders import Tree, user
from units.actors import Actor, act_as
from units.models import (
    AuditEntry,
    Grading,
    Membership,
    OutboxMessage,
    Person,
    Placement,
    Posting,
    Reorganisation,
    ReorganisationState,
    Succession,
    SuccessionKind,
    Unit,
    UnitName,
)
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import follows_person, maintenance_scope, unit_scope
from units.selectors.reorganisations import count_moved, find_mismatches, find_obstacles, read_shape
from units.services import reorganisations as service
from units.tasks import apply_reorganisation, promise_reorganisations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("posts_hold")]

DAY, AT = date(2025, 6, 20), datetime(2025, 6, 20, 3, tzinfo=UTC)
ON, EVE = date(2025, 7, 1), date(2025, 6, 30)
DECISION = {
    "on": ON,
    "decision_number": "MAU-7/QĐ-BTP",
    "decided_on": date(2025, 6, 15),
    "issuer": "Bộ trưởng Bộ Tư pháp",
}
ROLES = [Role.CLERK, Role.SECRETARIAT, Role.RECORDS]
NEW_UNIT = {
    "code": "THADS-TNG",
    "kind": "thads-tinh",
    "name": "Thi hành án dân sự tỉnh Thái Nguyên",
    "short_name": "THADS Thái Nguyên",
    "place": "Thái Nguyên",
    "province": "Thái Nguyên",
    "has_legal_personality": True,
}


@pytest.fixture(autouse=True)
def june_of_2025(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    cache.clear()


class Scene:
    """Bộ → Cục Thái Nguyên with two Chi cục, Cục Cao Bằng; people, accounts, open work and a council."""

    def __init__(self) -> None:
        with maintenance_scope("test rows"):
            self.tree = Tree()
            for unit in Unit.objects.all():
                UnitName.objects.create(
                    unit=unit, name=unit.name, short_name=unit.short_name, place=unit.place, valid_from=unit.valid_from
                )
                Placement.objects.create(unit=unit, parent=unit.parent, valid_from=unit.valid_from)
            self.officer = self.act(self.tree.ministry, Role.ADMINISTRATOR, "quantri.bo")
            self.clerk = self.act(self.tree.bureau, Role.CLERK, "canbo.tng")
            self.head = self.act(self.tree.bureau, Role.HEAD, "thutruong.tng")
            self.watcher = self.act(self.tree.bureau, Role.STAFF, "chuyenvien.tng")
            self.person = builders.person(self.tree.bureau, "Lường Thị Mẫu")
            self.chief = builders.person(self.tree.bureau, "Quách Văn Đầu", is_head=True)
            builders.excellent(self.person, 2024)
            self.campaign = builders.campaign(
                self.tree.bureau, self.tree.branch, self.tree.bureau, last_day=date(2025, 12, 1)
            )
            self.nomination = self.nominate()

    def act(self, unit: Unit, role: Role, name: str) -> Actor:
        account = user(name, (unit, role))
        return act_as(Membership.objects.select_related("unit", "user").get(user=account))

    def nominate(self) -> Nomination:
        nomination = Nomination.objects.create(
            unit=self.tree.bureau,
            campaign=self.campaign,
            recognition=builders.recognition(),
            year=2025,
            person=self.person,
            nominee_name=self.person.full_name,
            state="forwarded",
            created_by=self.clerk.account,
            created_at=AT,
            saved_at=AT,
        )
        Evidence.objects.create(
            unit=self.tree.bureau,
            nomination=nomination,
            kind="other",
            file="evidence/x",
            file_name="x.pdf",
            media_type="application/pdf",
            size=1,
            sha256="0" * 64,
            added_by=self.clerk.account,
            added_at=AT,
        )
        return nomination

    def council(self, place: Unit | None = None) -> Sitting:
        unit = place or self.tree.bureau
        council = Council.objects.create(
            unit=unit, name="Hội đồng mẫu", founding_number="MAU-1", founded_on=DAY, valid_from=DAY
        )
        return Sitting.objects.create(unit=unit, council=council, title="Phiên mẫu", held_on=DAY, place="Phòng họp")

    def counted(self, sitting: Sitting) -> Ballot:
        rule = VotingRule.objects.create(
            code="x", title="x", quorum="2/3", denominator="present", threshold="2/3", count_written=False,
            blank_is_valid=True, citation="x", valid_from=date(2020, 1, 1),
        )  # fmt: skip
        return Ballot.objects.create(unit=sitting.unit, sitting=sitting, title="Lượt mẫu", rule=rule, state="counted")

    def draft(self, unit: Unit, **of: Any) -> DecisionDraft:
        """Numbered and not signed."""
        return DecisionDraft.objects.create(
            unit=unit, subject="Dự thảo mẫu", state="numbered", number="MAU-8/QĐ", dated=DAY, drafted_at=AT,
            signer_name="Quách Văn Đầu", signer_title="CỤC TRƯỞNG", drafted_by=self.clerk.account, **of,
        )  # fmt: skip

    def plan(
        self, kind: SuccessionKind, *sources: Unit, into: Unit | None = None, new: dict[str, Any] | None = None,
        **decision: Any,
    ) -> Reorganisation:  # fmt: skip
        with unit_scope(self.tree.ministry.path):
            plan = service.create_reorganisation(kind, actor=self.officer, at=AT)
            for unit in sources:
                service.add_source(plan, unit, day=DAY)
            if into:
                service.add_result(plan, target=into)
            if new:
                service.add_result(plan, values=new)
            ends = {"roles": ROLES} if plan.ends_units else {}
            service.decide_reorganisation(plan, DECISION | ends | decision)
            plan.refresh_from_db()
            return plan

    def merge_into_new(self, **decision: Any) -> Reorganisation:
        return self.plan(
            SuccessionKind.MERGE,
            self.tree.bureau,
            self.tree.stranger,
            new=NEW_UNIT | {"parent": self.tree.ministry},
            **decision,
        )

    def confirm(self, plan: Reorganisation, day: date = DAY) -> Reorganisation:
        with unit_scope(self.tree.ministry.path):
            return service.confirm_reorganisation(plan, actor=self.officer, day=day, at=AT)

    def obstacles(self, plan: Reorganisation) -> list[str]:
        with unit_scope(self.tree.ministry.path):
            plan.refresh_from_db()
            return [one.what for one in find_obstacles(read_shape(plan))]


@pytest.fixture
def scene() -> Scene:
    return Scene()


def seen(rows: Any) -> list[Any]:
    with maintenance_scope("test"):
        return list(rows())


# The day


def test_a_merger_into_a_new_unit_moves_people_accounts_and_open_work(scene: Scene) -> None:
    plan = scene.merge_into_new(head_from=scene.tree.bureau)
    scene.confirm(plan, day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    with maintenance_scope("test"):
        plan.refresh_from_db()
        person = Person.objects.get(pk=scene.person.pk)
        assert plan.state == ReorganisationState.APPLIED
        assert (person.unit, person.unit_path) == (heir, heir.path)
        old, new = person.postings.order_by("valid_from")
        assert (old.unit, old.valid_to) == (scene.tree.bureau, EVE)
        assert (new.unit, new.valid_from, new.valid_to, new.position) == (heir, ON, None, old.position)
        # What is finished keeps the unit of its time, below the heir.
        grading = Grading.objects.get(person=person)
        assert grading.unit == scene.tree.bureau
        assert grading.unit_path.startswith(heir.path)
        nomination = Nomination.objects.get()
        assert nomination.unit == heir
        assert nomination.state == "forwarded"
        assert nomination.evidence.get().unit == heir
        assert Assignment.objects.get(unit=heir).obligation.owed_to == heir
        asked = ask_waiting(scene.act(heir, Role.SECRETARIAT, "thuongtruc.moi"))
        assert asked is not None
        assert list(asked.rows()) == [nomination]
    chief = seen(lambda: Posting.objects.filter(person=scene.chief, unit=heir))
    assert [one.is_head for one in chief] == [True]
    duties = {
        (one.user.username, one.unit.code, one.valid_from, one.valid_to)
        for one in Membership.objects.filter(user__in=[scene.clerk.user, scene.head.user, scene.watcher.user])
    }
    begun = date(2020, 1, 1)
    bureau = scene.tree.bureau.code
    assert duties == {
        ("canbo.tng", bureau, begun, EVE),
        ("canbo.tng", heir.code, ON, None),
        ("thutruong.tng", bureau, begun, EVE),
        ("thutruong.tng", heir.code, ON, None),
        ("chuyenvien.tng", bureau, begun, EVE),
    }


CASCADES = """
    SELECT key.conrelid::regclass::text FROM pg_trigger AS one JOIN pg_constraint AS key ON key.oid = one.tgconstraint
    WHERE one.tgrelid = 'units_unit'::regclass AND one.tgfoid = '"RI_FKey_cascade_upd"'::regproc
    ORDER BY one.tgname COLLATE "C"
"""


@pytest.fixture(scope="module", params=["people before their rows", "people after their rows"])
def carried(request: Any, django_db_setup: None, servers: embedded.Services) -> str:
    """The order in which a move carries the tables: as migrations make the keys, or as a restored backup has them.

    PostgreSQL goes by the numbers of keys; a dump writes them by name, so that `units_grading` comes before
    `units_person`. Whichever key is made last is the last.
    """
    people, rows = "units_person", [model._meta.db_table for model in apps.get_models() if follows_person(model)]
    for table in [people] if "after" in request.param else rows:
        key = f"{table}_unit_path_fence"
        embedded.run_sql(
            settings.TEST_SERVERS_HOME,
            f"""
            ALTER TABLE {table} DROP CONSTRAINT {key};
            ALTER TABLE {table} ADD CONSTRAINT {key} FOREIGN KEY (unit_id, unit_path)
            REFERENCES units_unit (id, path) ON UPDATE CASCADE
            """,
            database=settings.TEST_DATABASE_NAME,
        )
    return str(request.param)


def test_a_restored_database_moves_units_like_a_new_one(carried: str, scene: Scene) -> None:
    """Rows written in the transaction of the move, which are looked at again whenever they are carried."""
    with connection.cursor() as cursor:
        cursor.execute(CASCADES)
        order = [name for (name,) in cursor.fetchall()]
    assert ("after" in carried) == (order.index("units_person") > order.index("units_grading"))
    scene.confirm(scene.merge_into_new(head_from=scene.tree.bureau), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    with maintenance_scope("test"), connection.cursor() as cursor:
        assert Grading.objects.get(person=scene.person).holder_path == heir.path
        assert {one.holder_path for one in Posting.objects.filter(person=scene.chief)} == {heir.path}
        # The keys waited for the move alone: a lie is refused as soon as it is told.
        with pytest.raises(IntegrityError, match="units_grading_holder_fence"), transaction.atomic():
            cursor.execute("UPDATE units_grading SET holder_path = %s", [scene.tree.ministry.path])


def test_units_below_go_to_the_heir_and_the_heir_sees_both_archives(scene: Scene) -> None:
    scene.confirm(scene.merge_into_new(), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    branch = Unit.objects.get(pk=scene.tree.branch.pk)
    assert branch.parent == heir
    assert heir.contains(branch.path)
    ended = Unit.objects.below(heir.path).filter(valid_to=EVE)
    assert {unit.pk for unit in ended} == {scene.tree.bureau.pk, scene.tree.stranger.pk}
    assert Succession.objects.filter(to_unit=heir, kind="merge", on=ON).count() == 2
    with unit_scope(heir.path):
        assert Grading.objects.count() == 1


def test_a_head_is_not_carried_unless_chosen(scene: Scene) -> None:
    scene.confirm(scene.merge_into_new(), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    assert not Membership.objects.filter(unit=heir, role=Role.HEAD).exists()
    assert seen(lambda: Posting.objects.filter(unit=heir, is_head=True)) == []


def test_a_council_ends_with_its_unit_and_its_cases_are_free(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        sitting = scene.council()
        sitting.agenda.create(unit=sitting.unit, nomination=scene.nomination, order=1)
        Nomination.objects.update(state="accepted")
    scene.confirm(scene.merge_into_new(), day=ON)
    with maintenance_scope("test"):
        sitting.refresh_from_db()
        assert sitting.state == "closed"
        assert Council.objects.get().valid_to == EVE
        verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"end-sitting", "end-council", "take-over-nomination", "apply-reorganisation", "hand-over-unit"} <= verbs


def test_a_ballot_under_way_stands_in_the_way_until_it_is_counted(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        sitting = scene.council()
        rule = VotingRule.objects.create(
            code="x", title="x", quorum="2/3", denominator="present", threshold="2/3", count_written=False,
            blank_is_valid=True, citation="x", valid_from=date(2020, 1, 1),
        )  # fmt: skip
        ballot = Ballot.objects.create(unit=sitting.unit, sitting=sitting, title="Lượt mẫu", rule=rule, state="open")
    plan = scene.merge_into_new()
    assert scene.confirm(plan).state == ReorganisationState.PLANNED  # there is time until the day
    with pytest.raises(RefusedError, match="Lượt mẫu"):
        scene.confirm(plan, day=ON)
    assert not Unit.objects.filter(code="THADS-TNG").exists()
    with maintenance_scope("test"):
        Ballot.objects.filter(pk=ballot.pk).update(state="void")
    assert scene.confirm(plan, day=ON).state == ReorganisationState.APPLIED


def test_an_unsigned_decision_is_told_and_ends_with_its_unit(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        sitting = scene.council()
        sitting.agenda.create(unit=sitting.unit, nomination=scene.nomination, order=1)
        Nomination.objects.update(state="accepted")
        ballot = scene.counted(sitting)
        outcome = {"elected": [str(scene.nomination.pk)], "not_elected": [], "tied": []}
        Tally.objects.create(
            unit=sitting.unit,
            ballot=ballot,
            count_input={},
            result={"contests": [outcome], "quorum_met": True},
            counted_at=AT,
        )
        draft = scene.draft(sitting.unit, ballot=ballot)
    plan = scene.merge_into_new()
    with pytest.raises(RefusedError, match="Quyết định số MAU-8/QĐ đã lấy số nhưng chưa ký"):
        scene.confirm(plan, day=ON)
    # The case was taken back: no decision is owed any more, and the draft is told with what becomes of it.
    with maintenance_scope("test"):
        Nomination.objects.update(state="returned")
    with unit_scope(scene.tree.ministry.path):
        told = [one for one in count_moved(read_shape(plan)) if one.label.startswith("Dự thảo quyết định")]
    assert [(one.number, one.examples, one.obstacle) for one in told] == [(1, ("MAU-8/QĐ, đã lấy số, chờ ký",), "")]
    assert scene.confirm(plan, day=ON).state == ReorganisationState.APPLIED
    with maintenance_scope("test"):
        draft.refresh_from_db()
        assert (draft.state, draft.number) == ("void", "MAU-8/QĐ")
        assert "THADS Thái Nguyên kế thừa" in draft.reason
        assert AuditEntry.objects.filter(verb="void-draft").count() == 1


@pytest.mark.parametrize("kind", [SuccessionKind.MERGE, SuccessionKind.DISSOLVE])
def test_a_drafted_revocation_ends_with_its_unit_and_the_heir_may_draft_it_anew(
    scene: Scene, kind: SuccessionKind
) -> None:
    is_merger = kind == SuccessionKind.MERGE
    unit = scene.tree.bureau if is_merger else scene.tree.branch
    with maintenance_scope("test rows"):
        decision = Decision.objects.create(
            unit=unit, ballot=scene.counted(scene.council(unit)), number="MAU-1/QĐ", signed_on=DAY, issued_at=AT,
            signer_name="Quách Văn Đầu", signer_title="CỤC TRƯỞNG", subject="Công nhận mẫu",
        )  # fmt: skip
        draft = scene.draft(unit, revokes=decision, kind="annulled", grounds="Khai sai", clause="Điều 1")
    plan = scene.merge_into_new() if is_merger else scene.plan(kind, unit, into=scene.tree.bureau)
    with unit_scope(scene.tree.ministry.path):
        told = [one for one in count_moved(read_shape(plan)) if "thu hồi chưa ký" in one.label]
    assert [(one.number, one.obstacle) for one in told] == [(1, "")]
    assert scene.confirm(plan, day=ON).state == ReorganisationState.APPLIED
    heir = Unit.objects.get(code="THADS-TNG" if is_merger else scene.tree.bureau.code)
    with unit_scope(heir.path):
        draft.refresh_from_db()
        assert (draft.state, draft.number) == ("void", "MAU-8/QĐ")
        assert f"{heir.short_name} kế thừa" in draft.reason
        kept = Decision.objects.select_related("unit").get(pk=decision.pk)
        assert find_keeper(kept.unit, ON) == heir
        assert not list_revocation_drafts(kept).exists()


def test_what_the_heir_owes_already_is_merged_and_counts_for_nobody(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        duty = builders.obligation(
            scene.campaign, "BAO-CAO", scene.tree.branch, scene.tree.sibling, last_day=date(2025, 12, 1)
        )
    scene.confirm(scene.plan(SuccessionKind.MERGE, scene.tree.sibling, into=scene.tree.branch), day=ON)
    with maintenance_scope("test"):
        ours = duty.assignments.get(unit=scene.tree.branch)
        theirs = duty.assignments.get(unit=scene.tree.sibling)
        assert theirs.merged_into == ours
        assert theirs.done_at is None
        from campaigns.selectors.work import list_assignments

        assert set(list_assignments().filter(obligation=duty)) == {ours}


def test_a_met_obligation_to_nominate_goes_along_so_that_nominations_can_go_on(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        Assignment.objects.filter(unit=scene.tree.bureau).update(done_at=AT)
    scene.confirm(scene.merge_into_new(), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    with maintenance_scope("test"):
        assert Assignment.objects.get(unit=heir).done_at == AT
        assert Assignment.objects.get(unit=scene.tree.bureau).done_at == AT


def test_a_post_that_begins_later_moves_as_it_is(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        later = Posting.objects.create(
            unit=scene.tree.bureau, person=scene.person, position="Phó phòng", valid_from=date(2025, 9, 1)
        )
        Membership.objects.filter(user=scene.clerk.user).update(valid_from=date(2025, 9, 1))
    scene.confirm(scene.merge_into_new(), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    with maintenance_scope("test"):
        later.refresh_from_db()
        assert (later.unit, later.valid_from) == (heir, date(2025, 9, 1))
    duty = Membership.objects.get(user=scene.clerk.user)
    assert (duty.unit, duty.valid_from) == (heir, date(2025, 9, 1))


def test_a_dissolution_leaves_people_and_archive_to_the_keeper(scene: Scene) -> None:
    scene.confirm(scene.plan(SuccessionKind.DISSOLVE, scene.tree.branch, into=scene.tree.bureau), day=ON)
    branch = Unit.objects.get(pk=scene.tree.branch.pk)
    assert branch.valid_to == EVE
    assert scene.tree.bureau.contains(branch.path)


def test_a_rename_and_a_move_leave_everything_where_it_is(scene: Scene) -> None:
    name = {"name": "Phòng THADS khu vực 7", "short_name": "KV 7", "place": "Đại Từ"}
    scene.confirm(scene.plan(SuccessionKind.RENAME, scene.tree.branch, new=name), day=ON)
    scene.confirm(scene.plan(SuccessionKind.MOVE, scene.tree.sibling, into=scene.tree.stranger), day=ON)
    branch = Unit.objects.get(pk=scene.tree.branch.pk)
    sibling = Unit.objects.get(pk=scene.tree.sibling.pk)
    assert (branch.name, branch.valid_to) == ("Phòng THADS khu vực 7", None)
    assert sibling.parent == scene.tree.stranger
    assert seen(lambda: Person.objects.filter(unit=scene.tree.bureau)).__len__() == 2


def test_a_unit_that_splits_off_a_part_lives_on_with_its_people(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.SPLIT, scene.tree.bureau, into=scene.tree.bureau)
    with unit_scope(scene.tree.ministry.path):
        service.add_result(plan, values=NEW_UNIT | {"parent": scene.tree.ministry})
    scene.confirm(plan, day=ON)
    bureau = Unit.objects.get(pk=scene.tree.bureau.pk)
    assert bureau.valid_to is None
    assert Unit.objects.get(code="THADS-TNG").valid_from == ON
    assert seen(lambda: Person.objects.filter(unit=bureau)).__len__() == 2
    assert Membership.objects.get(user=scene.clerk.user).valid_to is None


def test_a_unit_that_is_divided_leaves_its_people_to_the_chosen_part(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.SPLIT, scene.tree.bureau, new=NEW_UNIT | {"parent": scene.tree.ministry})
    second = NEW_UNIT | {"parent": scene.tree.ministry, "code": "HAI", "name": "Đơn vị hai", "short_name": "Hai"}
    with unit_scope(scene.tree.ministry.path):
        service.add_result(plan, values=second)
        service.choose_heir(plan, plan.results.get(code="HAI").pk)
    scene.confirm(plan, day=ON)
    heir = Unit.objects.get(code="HAI")
    assert seen(lambda: Person.objects.values_list("unit__code", flat=True).distinct().order_by()) == ["HAI"]
    assert heir.contains(Unit.objects.get(pk=scene.tree.bureau.pk).path)


# The preview


def test_the_preview_counts_before_anything_happens(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        scene.council()
    plan = scene.merge_into_new()
    with unit_scope(scene.tree.ministry.path):
        moved = {one.label: one for one in count_moved(read_shape(plan))}
    assert moved["Cán bộ"].number == 2
    assert "Lường Thị Mẫu" in moved["Cán bộ"].examples
    assert moved["Tài khoản (tư cách làm việc)"].number == 3
    assert moved["Tài khoản (tư cách làm việc)"].fate.startswith("1 tiếp tục")
    assert moved["Đơn vị bên dưới"].number == 2
    assert moved["Việc phải làm chưa xong"].number == 1
    assert moved["Việc cấp dưới gửi về"].number == 1
    assert moved["Phong trào đang và sẽ diễn ra"].number == 1
    assert moved["Đề nghị đang làm, chưa có quyết định"].examples == ("Lường Thị Mẫu",)
    assert moved["Phiên họp Hội đồng chưa kết thúc"].number == 1
    assert Unit.objects.count() == 5


# Refusals


def test_a_unit_below_the_root_plans_nothing(scene: Scene) -> None:
    with unit_scope(scene.tree.bureau.path), pytest.raises(RefusedError, match="không sắp xếp tổ chức được"):
        service.create_reorganisation(SuccessionKind.MERGE, actor=scene.clerk, at=AT)


def test_an_incomplete_draft_names_what_is_missing(scene: Scene) -> None:
    with unit_scope(scene.tree.ministry.path):
        plan = service.create_reorganisation(SuccessionKind.MERGE, actor=scene.officer, at=AT)
    assert scene.obstacles(plan) == ["Chưa chọn đơn vị nào được sắp xếp.", "Chưa ghi ngày thực hiện và quyết định."]
    with pytest.raises(RefusedError, match="Chưa chọn đơn vị"):
        scene.confirm(plan)


def test_two_plans_may_not_touch_the_same_unit(scene: Scene) -> None:
    scene.confirm(scene.merge_into_new())
    other = scene.plan(SuccessionKind.DISSOLVE, scene.tree.stranger, into=scene.tree.ministry)
    assert "đã nằm trong một kế hoạch sắp xếp khác" in scene.obstacles(other)[0]
    into_it = scene.plan(SuccessionKind.MERGE, scene.tree.branch, into=scene.tree.stranger)
    assert "đã nằm trong một kế hoạch sắp xếp khác" in scene.obstacles(into_it)[0]
    apart = scene.plan(SuccessionKind.MERGE, scene.tree.sibling, into=scene.tree.branch)
    assert scene.obstacles(apart) == []


def test_an_ended_unit_is_not_chosen_again(scene: Scene) -> None:
    waiting = scene.plan(SuccessionKind.MERGE, scene.tree.stranger, into=scene.tree.sibling)
    scene.confirm(scene.plan(SuccessionKind.MERGE, scene.tree.sibling, into=scene.tree.branch), day=ON)
    assert any("đã kết thúc" in what for what in scene.obstacles(waiting))
    ended = Unit.objects.get(pk=scene.tree.sibling.pk)
    with unit_scope(scene.tree.ministry.path):
        plan = service.create_reorganisation(SuccessionKind.RENAME, actor=scene.officer, at=AT)
        with pytest.raises(RefusedError, match="đã kết thúc"):
            service.add_source(plan, ended, day=ON)


def test_a_unit_may_not_come_under_its_own_branch(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.MERGE, scene.tree.bureau, into=scene.tree.branch)
    assert "đứng dưới" in scene.obstacles(plan)[0]
    with pytest.raises(RefusedError, match="đứng dưới"):
        scene.confirm(plan, day=ON)


def test_a_day_before_the_last_change_is_refused(scene: Scene) -> None:
    name = {"name": "Tên mới", "short_name": "Mới", "place": "X"}
    scene.confirm(scene.plan(SuccessionKind.RENAME, scene.tree.branch, new=name), day=ON)
    early = scene.plan(SuccessionKind.MERGE, scene.tree.branch, into=scene.tree.sibling, on=date(2025, 6, 15))
    assert "đã có thay đổi ghi từ ngày 01/07/2025" in scene.obstacles(early)[0]


def test_a_unit_and_its_own_branch_are_not_chosen_together(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.MERGE, scene.tree.bureau, scene.tree.branch, into=scene.tree.stranger)
    assert any("cả hai cùng được chọn" in what for what in scene.obstacles(plan))


def test_one_staff_code_twice_is_told_before_the_day(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        twin = builders.person(scene.tree.stranger, "Nông Văn Trùng")
        Person.objects.filter(pk=twin.pk).update(staff_code=scene.person.staff_code)
    plan = scene.merge_into_new()
    assert "cùng mang mã cán bộ" in scene.obstacles(plan)[0]
    assert scene.confirm(plan).state == ReorganisationState.PLANNED
    with pytest.raises(RefusedError, match="mã cán bộ"):
        scene.confirm(plan, day=ON)


def test_a_head_does_not_double(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        scene.act(scene.tree.stranger, Role.HEAD, "thutruong.cb")
    plan = scene.plan(SuccessionKind.MERGE, scene.tree.bureau, into=scene.tree.stranger, head_from=scene.tree.bureau)
    assert "đã có người đứng đầu" in scene.obstacles(plan)[0]


def test_a_unit_is_not_both_ended_and_receiver(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.MERGE, scene.tree.bureau, into=scene.tree.stranger)
    with unit_scope(scene.tree.ministry.path):
        with pytest.raises(RefusedError):
            service.add_source(plan, scene.tree.stranger, day=DAY)
        with pytest.raises(RefusedError):
            service.add_result(plan, target=scene.tree.bureau)
        with pytest.raises(RefusedError):
            service.add_source(plan, scene.tree.ministry, day=DAY)


def test_a_split_and_a_rename_take_one_unit(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.SPLIT, scene.tree.bureau)
    with unit_scope(scene.tree.ministry.path), pytest.raises(RefusedError, match="chỉ gồm một đơn vị"):
        service.add_source(plan, scene.tree.stranger, day=DAY)


def test_what_is_applied_can_be_neither_cancelled_nor_written(scene: Scene) -> None:
    plan = scene.merge_into_new()
    scene.confirm(plan, day=ON)
    with unit_scope(scene.tree.ministry.path):
        with pytest.raises(RefusedError):
            service.cancel_reorganisation(plan, reason="x", actor=scene.officer, at=AT)
        with pytest.raises(RefusedError):
            service.add_source(plan, scene.tree.branch, day=DAY)
        with pytest.raises(RefusedError):
            service.reopen_reorganisation(plan, actor=scene.officer)


# The planned one


def run_beat(settings: Any, day: date) -> None:
    """What beat and worker do on `day`, with the real tasks."""
    settings.DEMONSTRATION_DAY = day.isoformat()
    promise_reorganisations()
    for message in OutboxMessage.objects.filter(done_at__isnull=True, task="units.tasks.apply_reorganisation"):
        apply_reorganisation(**message.arguments, outbox_key=message.key)


def test_a_planned_one_waits_for_its_day_and_happens_once(scene: Scene, settings: Any) -> None:
    plan = scene.merge_into_new()
    assert scene.confirm(plan).state == ReorganisationState.PLANNED
    run_beat(settings, EVE)
    assert not OutboxMessage.objects.exists()
    assert not Unit.objects.filter(code="THADS-TNG").exists()
    run_beat(settings, ON)
    run_beat(settings, ON)
    for message in OutboxMessage.objects.all():  # Redis delivers a second time
        apply_reorganisation(**message.arguments, outbox_key=message.key)
    assert Unit.objects.filter(code="THADS-TNG").count() == 1
    (plan,) = seen(Reorganisation.objects.all)
    assert plan.state == ReorganisationState.APPLIED
    assert plan.outcome[0] == {
        "label": "Cán bộ",
        "number": 2,
        "examples": ["Quách Văn Đầu", "Lường Thị Mẫu"],
        "fate": plan.outcome[0]["fate"],
        "obstacle": "",
    }
    acts = seen(lambda: AuditEntry.objects.filter(verb="apply-reorganisation"))
    assert [one.actor_label for one in acts] == ["Hệ thống: thực hiện sắp xếp tổ chức đến ngày"]


def test_a_missed_day_is_made_up_for(scene: Scene, settings: Any) -> None:
    scene.confirm(scene.merge_into_new())
    run_beat(settings, date(2025, 7, 20))
    assert Unit.objects.get(code="THADS-TNG").valid_from == ON


def test_a_failure_is_told_on_the_page_writes_nothing_and_is_tried_again(scene: Scene, settings: Any) -> None:
    plan = scene.merge_into_new()
    scene.confirm(plan)
    with maintenance_scope("somebody takes the code in the meantime"):
        other = builders.unit("THADS-TNG", "00010009")
    run_beat(settings, ON)
    (plan,) = seen(Reorganisation.objects.all)
    assert plan.state == ReorganisationState.PLANNED
    assert "Mã «THADS-TNG» đã có đơn vị khác dùng" in plan.failure
    assert Unit.objects.get(pk=scene.tree.bureau.pk).valid_to is None
    client = Client()
    client.force_login(scene.officer.account)
    page = client.get(f"/reorganisations/{plan.pk}/").content.decode()
    assert "chưa được, không có gì thay đổi" in page
    assert "Mã «THADS-TNG»" in page
    run_beat(settings, ON)  # one try a day
    assert OutboxMessage.objects.count() == 1
    Unit.objects.filter(pk=other.pk).update(code="KHAC")
    run_beat(settings, date(2025, 7, 2))
    (plan,) = seen(Reorganisation.objects.all)
    assert (plan.state, plan.failure) == (ReorganisationState.APPLIED, "")


def test_a_failure_right_after_midnight_is_one_of_that_day(scene: Scene) -> None:
    """The usual hour, for then its day has come: in UTC it is still the day before."""
    scene.confirm(scene.merge_into_new())
    with maintenance_scope("beat sees every root"):
        Reorganisation.objects.update(failed_at=datetime(2025, 6, 30, 17, 1, tzinfo=UTC))
        assert [service.promise_due(day=day) for day in (ON, date(2025, 7, 2))] == [0, 1]


def test_a_defect_leaves_a_word_for_the_officer(scene: Scene, settings: Any) -> None:
    """A rule of the database that no check foresaw: the transaction is undone, the plan says so."""
    plan = scene.merge_into_new()
    scene.confirm(plan)
    with maintenance_scope("two results under one code"):
        one = plan.results.get()
        one.pk, one.is_heir = None, False
        one._state.adding = True
        one.save(force_insert=True)
    settings.DEMONSTRATION_DAY = ON.isoformat()
    promise_reorganisations()
    message = OutboxMessage.objects.get()
    with pytest.raises(Exception, match="unit"):
        apply_reorganisation(**message.arguments, outbox_key=message.key)
    (plan,) = seen(Reorganisation.objects.all)
    assert plan.failure == service.TECHNICAL_FAILURE
    assert plan.state == ReorganisationState.PLANNED
    assert Unit.objects.filter(code="THADS-TNG").count() == 0


def test_a_cancelled_plan_does_not_happen(scene: Scene, settings: Any) -> None:
    plan = scene.merge_into_new()
    scene.confirm(plan)
    with unit_scope(scene.tree.ministry.path):
        service.cancel_reorganisation(plan, reason="Quyết định bị thay thế", actor=scene.officer, at=AT)
    run_beat(settings, ON)
    assert not Unit.objects.filter(code="THADS-TNG").exists()


# The screens


def signed(actor: Actor) -> Client:
    client = Client()
    client.force_login(actor.account)
    return client


def test_an_officer_walks_the_steps_without_javascript(scene: Scene) -> None:
    client = signed(scene.officer)
    assert "Sắp xếp tổ chức" in client.get("/units/").content.decode()
    assert "Không có việc sắp xếp nào" in client.get("/reorganisations/").content.decode()
    assert client.get("/reorganisations/create/").status_code == 200
    assert client.post("/reorganisations/create/", {}).status_code == 422
    address = client.post("/reorganisations/create/", {"kind": "merge"}).url
    base = address.removesuffix("units/")
    page = client.get(f"{address}?q=cuc+thads").content.decode()
    assert scene.tree.bureau.name in page
    for unit in (scene.tree.bureau, scene.tree.stranger):
        assert client.post(f"{base}units/add/", {"unit": unit.pk}).status_code == 302
    client.post(f"{base}units/remove/", {"unit": scene.tree.stranger.pk})
    client.post(f"{base}units/add/", {"unit": scene.tree.stranger.pk})
    assert "2 đơn vị" in client.get(address).content.decode()
    response = client.post(f"{base}results/add/", {"name": "Thiếu"})
    assert response.status_code == 422
    assert "Thiếu" in response.content.decode()
    new = NEW_UNIT | {"parent": scene.tree.ministry.pk, "has_legal_personality": "on"}
    assert client.post(f"{base}results/add/", new).status_code == 302
    assert NEW_UNIT["name"] in client.get(f"{base}results/").content.decode()
    decision = {
        "on": "01/07/2025",
        "decision_number": "MAU-7/QĐ-BTP",
        "decided_on": "15/06/2025",
        "issuer": "Bộ trưởng",
        "roles": ["clerk"],
        "head_from": scene.tree.bureau.pk,
        "carries_record": "yes",
    }
    assert client.get(f"{base}decision/").status_code == 200
    wrong = client.post(f"{base}decision/", decision | {"decided_on": "15/08/2025"})
    assert wrong.status_code == 422
    assert client.post(f"{base}decision/", decision).status_code == 302
    preview = client.get(base).content.decode()
    for words in (
        "Lường Thị Mẫu",
        "Những gì sẽ chuyển",
        "Xác nhận kế hoạch cho ngày 01/07/2025",
        scene.tree.branch.name,
    ):
        assert words in preview
    assert client.post(f"{base}confirm/", follow=True).status_code == 200
    assert "Chờ đến ngày" in client.get("/reorganisations/").content.decode()
    assert client.get(f"{base}decision/").status_code == 404  # written no more
    assert "Mở lại để sửa" in client.get(base).content.decode()
    client.post(f"{base}reopen/")
    assert client.get(f"{base}decision/").status_code == 200
    refused = client.post(f"{base}cancel/", {})
    assert refused.status_code == 422
    client.post(f"{base}cancel/", {"reason": "Chờ quyết định khác"})
    assert "Chờ quyết định khác" in client.get(base).content.decode()


def test_confirming_what_is_refused_answers_with_the_reason(scene: Scene) -> None:
    plan = scene.plan(SuccessionKind.MERGE, scene.tree.bureau, into=scene.tree.branch)
    client = signed(scene.officer)
    assert "Chưa thực hiện được vì" in client.get(f"/reorganisations/{plan.pk}/").content.decode()
    response = client.post(f"/reorganisations/{plan.pk}/confirm/")
    assert response.status_code == 422
    assert "đứng dưới" in response.content.decode()


def test_units_of_different_kinds_come_together_only_after_a_second_look(scene: Scene) -> None:
    department = builders.unit("STP-CBA", "00010003", kind="so-tu-phap", name="Sở Tư pháp mẫu")
    plan = scene.plan(SuccessionKind.MERGE, department, into=scene.tree.sibling)
    client, address = signed(scene.officer), f"/reorganisations/{plan.pk}/"
    words = "Sở Tư pháp mẫu thuộc loại «Sở Tư pháp»"
    page = client.get(address).content.decode()
    assert words in page
    assert 'name="mixes_kinds"' in page
    refused = client.post(f"{address}confirm/")
    assert refused.status_code == 422
    assert "Chưa xác nhận: sắp xếp này gộp các đơn vị khác loại." in refused.content.decode()
    assert words in refused.context["refusal"].why
    assert seen(Reorganisation.objects.all)[0].state == ReorganisationState.DRAFT
    assert client.post(f"{address}confirm/", {"mixes_kinds": "on"}).status_code == 302
    assert seen(Reorganisation.objects.all)[0].state == ReorganisationState.PLANNED
    # What was looked at once is not asked again on its day.
    assert scene.confirm(plan, day=ON).state == ReorganisationState.APPLIED


@pytest.mark.parametrize(
    ("kind", "source", "into"),
    [
        (SuccessionKind.MERGE, "sibling", "branch"),
        (SuccessionKind.MERGE, "stranger", "bureau"),
        (SuccessionKind.DISSOLVE, "branch", "bureau"),
    ],
)
def test_units_of_one_kind_and_an_archive_above_are_asked_nothing(
    scene: Scene, kind: SuccessionKind, source: str, into: str
) -> None:
    plan = scene.plan(kind, getattr(scene.tree, source), into=getattr(scene.tree, into))
    page = signed(scene.officer).get(f"/reorganisations/{plan.pk}/").content.decode()
    assert "khác loại" not in page
    assert scene.confirm(plan).state == ReorganisationState.PLANNED


def test_a_new_name_of_a_reform_is_no_other_kind(scene: Scene) -> None:
    with unit_scope(scene.tree.ministry.path):
        assert find_mismatches(read_shape(scene.merge_into_new())) == []


PAGES = ("", "units/", "results/", "decision/")
ACTS = ("units/add/", "units/remove/", "results/choose/", "results/add/", "confirm/", "cancel/", "reopen/")


def test_nobody_below_the_root_and_no_other_role_comes_near(scene: Scene) -> None:
    plan = scene.merge_into_new()
    with maintenance_scope("test rows"):
        below = scene.act(scene.tree.bureau, Role.ADMINISTRATOR, "quantri.tng")
        staff = scene.act(scene.tree.ministry, Role.STAFF, "chuyenvien.bo")
    assert "Sắp xếp tổ chức" not in signed(below).get("/units/").content.decode()
    for actor in (below, staff):
        client = signed(actor)
        for address in ("/reorganisations/", "/reorganisations/create/"):
            assert client.get(address).status_code == 403
        for page in PAGES:
            assert client.get(f"/reorganisations/{plan.pk}/{page}").status_code == 403
        for act in ACTS:
            assert client.post(f"/reorganisations/{plan.pk}/{act}").status_code == 403


def test_another_root_finds_nothing(scene: Scene) -> None:
    plan = scene.merge_into_new()
    with maintenance_scope("test rows"):
        foreign = scene.act(builders.unit("BXD", "0002", kind="bo", name="Bộ khác"), Role.ADMINISTRATOR, "quantri.khac")
    client = signed(foreign)
    assert client.get("/reorganisations/").status_code == 200
    for page in PAGES:
        assert client.get(f"/reorganisations/{plan.pk}/{page}").status_code == 404
    for act in ACTS:
        assert client.post(f"/reorganisations/{plan.pk}/{act}").status_code == 404
    own = client.post("/reorganisations/create/", {"kind": "merge"}).url
    add = own.replace("units/", "units/add/")
    assert client.post(add, {"unit": scene.tree.bureau.pk}).status_code == 404
    assert client.post(add, {"unit": "khong-phai"}).status_code == 404


def test_what_changes_something_is_not_done_by_address(scene: Scene) -> None:
    plan = scene.merge_into_new()
    client = signed(scene.officer)
    for act in ACTS:
        assert client.get(f"/reorganisations/{plan.pk}/{act}").status_code == 405


def test_the_list_pages_with_a_constant_number_of_queries(scene: Scene) -> None:
    client = signed(scene.officer)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/reorganisations/").status_code == 200
        return len(queries)

    scene.merge_into_new()
    scene.plan(SuccessionKind.MERGE, scene.tree.sibling, into=scene.tree.branch)
    few = count()
    for _ in range(30):
        scene.plan(SuccessionKind.MERGE, scene.tree.sibling, into=scene.tree.branch)
    assert count() == few
    assert "Trang 1 / 2" in client.get("/reorganisations/").content.decode()


def test_an_obligation_to_an_ended_unit_is_owed_to_the_heir(scene: Scene) -> None:
    scene.confirm(scene.merge_into_new(), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    assert {one.owed_to for one in Obligation.objects.all()} == {heir}


def test_a_draft_that_names_a_dissolved_unit_goes_no_further_and_cites_the_rule(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        Nomination.objects.update(state="draft", person=None, collective=scene.tree.bureau)
    scene.confirm(scene.merge_into_new(), day=ON)
    heir = Unit.objects.get(code="THADS-TNG")
    with maintenance_scope("test"):
        nomination = Nomination.objects.get()
        assert nomination.unit == heir
        clerk = scene.act(heir, Role.CLERK, "canbo.moi")
        with pytest.raises(RefusedError, match="Thông tư 15/2025/TT-BNV"):
            submit_nomination(nomination, actor=clerk, day=date(2025, 8, 15), at=AT)


def test_work_of_a_time_that_is_over_stays_with_the_unit_of_that_time(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        phase = scene.campaign.phases.create(
            code="2023", title="2023", opens_on=date(2023, 1, 1), closes_on=date(2023, 12, 31), citation="x"
        )
        duty = builders.obligation(
            scene.campaign, "NAM-2023", scene.tree.bureau, last_day=date(2023, 12, 1), phase=phase
        )
    scene.confirm(scene.merge_into_new(), day=ON)
    with maintenance_scope("test"):
        assert duty.assignments.get().unit == scene.tree.bureau
