"""Pages of the trail: who may read which, in which words, and at what cost."""

import ast
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.workflow import FilingAction
from exemplars.workflow import Action
from tests.builders import Tree, actor, person, title, user
from units import audit_words
from units.models import AuditEntry, Honour, Membership, Person, SuccessionKind, Unit
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.audit import record_act, record_on_duty
from units.views import trail as trail_views

pytestmark = pytest.mark.django_db

WRITERS = {"record_act", "record_acts", "record_on_duty", "record_unit_act", "record_own_change"}
APPS = ("units", "campaigns", "exemplars", "awards", "reports")


class Scene:
    """Two Chi cục of one Cục with a person each, and a stranger's."""

    def __init__(self) -> None:
        with maintenance_scope("test rows"):
            self.tree = Tree()
            self.ours = person(self.tree.branch, "Lường Thị Mẫu")
            self.beside = person(self.tree.sibling, "Trần Văn Thí Dụ")
            self.theirs = person(self.tree.stranger, "Nông Thị Giả Định")
            self.reader = actor(self.tree.bureau, Role.STAFF)

    def open(self, one: Person, times: int = 1) -> None:
        with maintenance_scope("test rows"):
            for _ in range(times):
                record_act("open-record", one, actor=self.reader)

    def line(self, one: Person, verb: str, at: datetime) -> None:
        """A line of the trail at an instant of the past, which no service writes."""
        entry = AuditEntry(
            at=at, actor_label="Mẫu", unit=one.unit, verb=verb, subject_type="units.person", subject_id=one.pk
        )
        with maintenance_scope("test rows"):
            AuditEntry._base_manager.bulk_create([entry])


@pytest.fixture
def scene() -> Scene:
    return Scene()


def signed(place: Unit, role: Role, one: Person | None = None) -> Client:
    account = user(f"account{Membership.objects.count()}", (place, role))
    if one:
        account.memberships.update(person=one)
    client = Client()
    client.force_login(account)
    return client


def read(client: Client, name: str, *arguments: Any, status: int = 200, **query: Any) -> str:
    page = client.get(reverse(name, args=arguments), query)
    assert page.status_code == status
    return str(page.content.decode())


def lines(text: str) -> int:
    return text.count("<tr>") - 1 if "<tr>" in text else 0


def test_the_trail_of_a_unit_says_who_did_what_about_whom(scene: Scene) -> None:
    scene.open(scene.ours)
    text = read(signed(scene.tree.branch, Role.HEAD), "units:trail-unit", scene.tree.branch.pk)
    assert "Mở xem hồ sơ cá nhân" in text
    assert "hồ sơ của Lường Thị Mẫu" in text
    assert scene.reader.label in text
    assert "open-record" not in text.replace('value="open-record"', "")
    assert "units.person" not in text


def test_the_door_leads_to_the_trail_of_ones_own_unit(scene: Scene) -> None:
    client = signed(scene.tree.branch, Role.HEAD)
    assert client.get(reverse("units:trail"))["Location"] == reverse("units:trail-unit", args=[scene.tree.branch.pk])
    assert reverse("units:trail") in read(client, "units:help")
    assert reverse("units:trail") not in read(signed(scene.tree.branch, Role.CLERK), "units:help")


def test_a_unit_is_read_alone_or_with_those_below(scene: Scene) -> None:
    for one in (scene.ours, scene.beside, scene.theirs):
        scene.open(one)
    client = signed(scene.tree.bureau, Role.STAFF)
    assert "Chưa có việc nào được ghi" in read(client, "units:trail-unit", scene.tree.bureau.pk)
    text = read(client, "units:trail-unit", scene.tree.bureau.pk, below="on")
    assert "Lường Thị Mẫu" in text
    assert "Trần Văn Thí Dụ" in text
    assert "Nông Thị Giả Định" not in text
    text = read(client, "units:trail-unit", scene.tree.branch.pk)
    assert "Lường Thị Mẫu" in text
    assert "Trần Văn Thí Dụ" not in text


@pytest.mark.parametrize("place", ["sibling", "stranger", "bureau"])
def test_the_trail_of_a_unit_beside_or_above_is_not_found(scene: Scene, place: str) -> None:
    scene.open(scene.beside)
    client = signed(scene.tree.branch, Role.HEAD)
    read(client, "units:trail-unit", getattr(scene.tree, place).pk, status=404)


def test_the_trail_of_a_person_holds_openings_and_awards_of_that_person_only(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        honour = Honour.objects.create(
            unit=scene.tree.branch,
            person=scene.ours,
            title=title("CSTDCS"),
            year=2023,
            issuer="Cục",
            decision_number="MAU-9/QĐ",
            decided_on=date(2023, 11, 6),
            subject_name="Lường Thị Mẫu",
            subject_unit="Chi cục",
        )
        record_act("grant-honour", honour, actor=scene.reader, title="CSTDCS", year=2023, number="MAU-9/QĐ")
    scene.open(scene.ours)
    text = read(signed(scene.tree.branch, Role.HEAD), "units:trail-person", scene.ours.pk)
    assert "Ghi vào sổ khen thưởng: Quyết định số MAU-9/QĐ, thành tích năm 2023" in text
    assert "khen thưởng của Lường Thị Mẫu" in text
    assert lines(text) == 2
    read(signed(scene.tree.branch, Role.HEAD), "units:trail-person", scene.beside.pk, status=404)


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.HEAD, Role.SECRETARIAT, Role.STAFF, Role.ADMINISTRATOR}))
def test_a_role_without_the_right_reads_no_trail(scene: Scene, role: Role) -> None:
    client = signed(scene.tree.branch, role)
    read(client, "units:trail", status=403)
    read(client, "units:trail-unit", scene.tree.branch.pk, status=403)
    read(client, "units:trail-person", scene.ours.pk, status=403)


@pytest.mark.parametrize("name", ["units:trail-unit", "units:trail-person"])
def test_a_trail_is_only_read(scene: Scene, name: str) -> None:
    client = signed(scene.tree.branch, Role.HEAD)
    assert client.post(reverse(name, args=[scene.ours.pk])).status_code == 405


def count_queries(client: Client, name: str, *arguments: Any) -> tuple[int, int]:
    with CaptureQueriesContext(connection) as queries:
        text = read(client, name, *arguments)
    return lines(text), len(queries)


def test_the_cost_does_not_grow_with_the_lines(scene: Scene) -> None:
    client = signed(scene.tree.branch, Role.HEAD)
    read(client, "units:help")  # the session is there
    costs = {}
    for number in (0, 1, 2):
        costs[number] = [
            count_queries(client, "units:trail-unit", scene.tree.branch.pk),
            count_queries(client, "units:trail-person", scene.ours.pk),
        ]
        scene.open(scene.ours, times=1 if number == 0 else 6)
    assert [found for found, _ in costs[0]] == [0, 0]
    assert [found for found, _ in costs[1]] == [1, 1]
    assert [found for found, _ in costs[2]] == [7, 7]
    assert [cost for _, cost in costs[1]] == [cost for _, cost in costs[2]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, 6),
        ({"since": "20/11/2023", "until": "20/11/2023"}, 4),
        ({"since": "2023-11-20", "until": "2023-11-21"}, 6),
        ({"until": "19/11/2023"}, 0),
        ({"verb": "grant-honour"}, 3),
        ({"verb": "grant-honour", "since": "21/11/2023"}, 1),
        ({"verb": "close-sitting"}, 0),
    ],
)
def test_a_trail_is_narrowed_by_whole_days_of_vietnam_and_by_kind(
    scene: Scene, query: dict[str, str], found: int
) -> None:
    # The first and the last second of 20/11/2023, and the first of the next day, in Vietnam.
    for at in (
        datetime(2023, 11, 19, 17, 0, 0, tzinfo=UTC),
        datetime(2023, 11, 20, 16, 59, 59, tzinfo=UTC),
        datetime(2023, 11, 20, 17, 0, 0, tzinfo=UTC),
    ):
        scene.line(scene.ours, "open-record", at)
        scene.line(scene.ours, "grant-honour", at)
    text = read(signed(scene.tree.branch, Role.HEAD), "units:trail-unit", scene.tree.branch.pk, **query)
    assert lines(text) == found
    assert ("Không có việc nào khớp" in text) == (found == 0)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"since": "31/02/2023"}, "Ngày này không có thật"),
        ({"until": "31/12/9999"}, "Ngày này không có thật"),
        ({"since": "21/11/2023", "until": "20/11/2023"}, "Ngày cuối ở trước ngày đầu"),
        ({"verb": "khong-co"}, "Chọn một loại việc trong danh sách"),
    ],
)
def test_a_filter_that_means_nothing_is_answered_in_words(scene: Scene, query: dict[str, str], words: str) -> None:
    scene.open(scene.ours)
    client = signed(scene.tree.branch, Role.HEAD)
    assert words in read(client, "units:trail-unit", scene.tree.branch.pk, status=422, **query)


def test_a_long_trail_comes_in_pages_that_keep_the_filter(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trail_views, "PAGE_SIZE", 2)
    scene.open(scene.ours, times=5)
    client = signed(scene.tree.branch, Role.HEAD)
    text = read(client, "units:trail-unit", scene.tree.branch.pk, verb="open-record")
    assert lines(text) == 2
    assert "verb=open-record&amp;page=2" in text
    assert lines(read(client, "units:trail-unit", scene.tree.branch.pk, verb="open-record", page=3)) == 1


def test_a_person_sees_who_opened_their_own_record_and_nobody_elses(scene: Scene) -> None:
    scene.open(scene.ours, times=2)
    scene.open(scene.beside)
    client = signed(scene.tree.branch, Role.CLERK, scene.ours)
    text = read(client, "units:my-openings")
    assert lines(text) == 2
    assert scene.reader.label in text
    assert "Ai đã xem hồ sơ của tôi" in read(client, "units:help")
    assert "Không có ai mở hồ sơ" in read(client, "units:my-openings", until="01/01/2020")
    assert "Chưa có ai mở" in read(signed(scene.tree.stranger, Role.CLERK, scene.theirs), "units:my-openings")


def test_a_duty_without_a_record_is_told_what_to_do(scene: Scene) -> None:
    scene.open(scene.ours)
    client = signed(scene.tree.branch, Role.MEMBER)
    assert "chưa được gắn với hồ sơ cá nhân nào" in read(client, "units:my-openings")
    assert "Ai đã xem hồ sơ của tôi" not in read(client, "units:help")


def test_an_act_on_duty_is_called_by_the_person(scene: Scene) -> None:
    with maintenance_scope("test rows"):
        record_on_duty("refuse-stranger", actor=scene.reader, page="awards:ballot-cast", asked="")
    text = read(signed(scene.tree.bureau, Role.STAFF), "units:trail-unit", scene.tree.bureau.pk)
    assert "Từ chối người không có tên trong Hội đồng" in text
    assert f"tư cách của {scene.reader.account.display_name}" in text


def verbs_written() -> set[str]:
    """Every verb that the source hands to a writer of the trail, at once or by way of something called `verb`."""
    found = {action.value for action in Action} | {f"{kind.value}-unit" for kind in SuccessionKind}
    found |= {action.value for action in FilingAction}
    for app in APPS:
        for file in Path(app).rglob("*.py"):
            module = ast.parse(file.read_text(encoding="utf-8"))
            places = dict.fromkeys(WRITERS, 0) | {"promise_job": -1} | _verb_places(module)
            for node in ast.walk(module):
                for said in _verbs_of(node, places):
                    found |= {
                        part.value
                        for part in ast.walk(said)
                        if isinstance(part, ast.Constant) and isinstance(part.value, str)
                    }
    return found


def _verb_places(module: ast.Module) -> dict[str, int]:
    """Functions of a module that take a `verb`, by its place among their arguments; -1 where only its name tells."""
    places = {}
    for node in ast.walk(module):
        if isinstance(node, ast.FunctionDef):
            names = [one.arg for one in node.args.args]
            if "verb" in names or "verb" in [one.arg for one in node.args.kwonlyargs]:
                places[node.name] = names.index("verb") if "verb" in names else -1
    return places


def _verbs_of(node: ast.AST, places: dict[str, int]) -> list[ast.expr]:
    if isinstance(node, ast.Assign) and [getattr(one, "id", "") for one in node.targets] == ["verb"]:
        return [node.value] if isinstance(node.value, ast.Constant | ast.IfExp) else []
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in places:
        at = places[node.func.id]
        named = [one.value for one in node.keywords if one.arg == "verb"]
        return [*named, *(node.args[at : at + 1] if at >= 0 else [])]
    return []


def test_every_verb_has_words_in_exactly_one_app() -> None:
    declared = Counter(verb for verbs in audit_words.list_verbs().values() for verb in verbs)
    assert set(declared) == verbs_written()
    assert set(declared.values()) == {1}


def test_every_subject_has_a_noun_and_names_that_can_be_asked() -> None:
    for label, subject in audit_words.list_subjects().items():
        with maintenance_scope("every kind of subject"):
            list(apps.get_model(label)._default_manager.values_list("pk", *subject.names))
        assert subject.noun


@pytest.mark.parametrize(
    ("verb", "detail", "words"),
    [
        ("complete", {"document_number": "12/BC"}, "Báo hoàn thành việc: văn bản số 12/BC"),
        ("complete", {"document_number": ""}, "Báo hoàn thành việc"),
        ("complete", {}, "Báo hoàn thành việc"),
        ("request-extension", {"until": "2023-11-30"}, "Đề nghị gia hạn: đến hết ngày 30/11/2023"),
        ("record-attendance", {"present": 0, "members": 9}, "Điểm danh phiên họp: 0 trên 9 thành viên có mặt"),
        ("unknown-verb", {}, "unknown-verb"),
    ],
)
def test_particulars_are_said_when_the_line_holds_them(verb: str, detail: dict[str, Any], words: str) -> None:
    assert audit_words.describe_act(verb, detail) == words


def test_an_administrator_reads_the_trail_of_the_branch_and_of_no_nomination(scene: Scene) -> None:
    client = signed(scene.tree.bureau, Role.ADMINISTRATOR)
    assert client.get(f"/units/{scene.tree.branch.pk}/trail/").status_code == 200
    assert client.get(f"/units/{scene.tree.stranger.pk}/trail/").status_code == 404
    assert client.get(reverse("exemplars:nomination-trail", args=[uuid4()])).status_code == 403
