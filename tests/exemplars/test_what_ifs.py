"""A sandbox: an edition changed and everybody judged by both, in parts; nothing but its own rows is written."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars import tasks
from exemplars.models import Assessment, Candidate, Nomination, RulebookDraft, RulebookEdition, WhatIf, WhatIfUnit
from exemplars.selectors.qualifying import list_units_between
from exemplars.selectors.what_ifs import find_known, list_sandbox_problems, open_pair, replay_units, sum_branches
from exemplars.services import what_ifs
from exemplars.services.what_ifs import (
    add_what_if,
    cancel_what_if,
    copy_what_if,
    edit_what_if,
    edit_what_if_criterion,
    edit_what_if_quota,
    erase_expired,
    start_what_if,
)
from tests.builders import AT, DAY, actor, excellent, person
from tests.exemplars.test_nominations import Story
from tests.units.workbooks import read
from units.models import AuditEntry, Grading, OutboxMessage, Person
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.services.register import load_catalogues

pytestmark = pytest.mark.django_db
SETTLED = (RulebookEdition, RulebookDraft, Assessment, Nomination, Candidate)


class Office:
    """A ministry's officer; below it one person graded excellent and one graded good."""

    def __init__(self) -> None:
        load_catalogues()
        self.story = Story()
        self.tree = self.story.tree
        self.officer = actor(self.tree.ministry, Role.STAFF)
        self.edition = RulebookEdition.objects.get()
        self.good = person(self.tree.sibling, "Nông Văn Thử")
        excellent(self.good)
        Grading.objects.filter(person=self.good).update(grade="good")

    def begun(self) -> WhatIf:
        return add_what_if(self.edition, actor=self.officer, day=DAY, at=AT)

    def number(self, what_if: WhatIf, code: str) -> int:
        return next(n for n, one in enumerate(what_if.content["criterion"], 1) if one["code"] == code)

    def change(self, what_if: WhatIf, code: str, recognitions: tuple[int, ...] = (1, 2, 3, 4), **values: Any) -> WhatIf:
        number = self.number(what_if, code)
        kept = dict(what_if.content["criterion"][number - 1]) | values
        return edit_what_if_criterion(
            what_if, number, kept, recognitions, version=what_if.version, actor=self.officer, at=AT
        )

    def supposed(self, at_least: str = "good") -> WhatIf:
        """A grading from that step on is enough."""
        return self.change(self.begun(), "G2", predicate={"kind": "grading", "at_least": at_least})

    def started(self, what_if: WhatIf, year: int = 2023) -> WhatIf:
        return start_what_if(
            what_if, "grassroots-annual", year, version=what_if.version, actor=self.officer, day=DAY, at=AT
        )


def run_parts(only: int | None = None) -> None:
    waiting = OutboxMessage.objects.filter(task=what_ifs.TASK, done_at__isnull=True).order_by("key")
    for message in list(waiting)[:only]:
        tasks.replay_what_if_part(**message.arguments, outbox_key=message.key)


@pytest.fixture
def office() -> Iterator[Office]:
    with maintenance_scope("tests read every unit"):
        yield Office()


def test_who_gains_is_told_by_unit_and_nothing_else_is_written(office: Office) -> None:
    before = {model: list(model.objects.order_by("pk").values()) for model in SETTLED}
    what_if = office.started(office.supposed())
    run_parts()
    what_if.refresh_from_db()
    assert what_if.state == "done"
    assert (what_if.counts["gained"], what_if.counts["lost"], what_if.criteria["G2"]) == (1, 0, [1, 0])
    assert {model: list(model.objects.order_by("pk").values()) for model in SETTLED} == before
    with unit_scope(office.tree.ministry.path):
        (told,) = WhatIfUnit.objects.all()
        assert (told.about, told.unit) == (office.tree.sibling, office.tree.ministry)
        assert told.changes == [
            {
                "person": str(office.good.pk),
                "was": "unmet",
                "now": "undetermined",
                "criteria": [["G2", "unmet", "met"]],
            }
        ]
        (branch,) = sum_branches(what_if, office.tree.ministry)
    assert (branch.unit, branch.gained, branch.lost) == (office.tree.bureau, 1, 0)
    with unit_scope(office.tree.bureau.path):
        assert not WhatIf.objects.exists()
        assert not WhatIfUnit.objects.exists()


def test_a_criterion_taken_out_everywhere_stands_in_nobodys_way(office: Office) -> None:
    what_if = office.change(office.begun(), "G2", recognitions=())
    assert list_sandbox_problems(what_if.content, find_known(what_if.unit)) == []
    office.started(what_if)
    run_parts()
    what_if.refresh_from_db()
    assert (what_if.counts["gained"], what_if.criteria["G2"][1]) == (1, 0)


def test_a_replay_survives_its_worker_and_is_stopped_for_good(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(what_ifs, "UNITS_A_PART", 2)
    first = office.started(office.supposed())
    run_parts(only=1)
    run_parts(only=1)
    first.refresh_from_db()
    assert (first.state, first.parts, first.parts_done) == ("running", 3, 2)
    done = OutboxMessage.objects.filter(task=what_ifs.TASK, done_at__isnull=False).first()
    assert done is not None
    tasks.replay_what_if_part(**done.arguments, outbox_key=done.key)
    run_parts()
    first.refresh_from_db()
    assert (first.state, first.parts_done, first.counts["gained"]) == ("done", 3, 1)
    other = office.started(office.supposed())
    run_parts(only=2)
    cancel_what_if(other, actor=office.officer, at=AT)
    run_parts()
    other.refresh_from_db()
    assert (other.state, other.counts, other.units.count()) == ("cancelled", {}, 0)
    assert not OutboxMessage.objects.filter(task=what_ifs.TASK, done_at__isnull=True).exists()
    with pytest.raises(RefusedError, match="không còn chạy"):
        cancel_what_if(other, actor=office.officer, at=AT)


def test_a_defect_ends_in_words(office: Office) -> None:
    what_if = office.started(office.supposed())
    WhatIf.objects.filter(pk=what_if.pk).update(recognition="khong-co")
    run_parts()
    what_if.refresh_from_db()
    assert (what_if.state, what_if.failure) == ("failed", what_ifs.BROKEN_OFF)


def test_refusals_say_why(office: Office) -> None:
    what_if = office.supposed()
    office.started(what_if)
    second = office.supposed()
    with pytest.raises(RefusedError, match="chạy dở"):
        office.started(second)
    run_parts()
    what_if.refresh_from_db()
    with pytest.raises(RefusedError, match="không sửa được nữa"):
        office.change(what_if, "G2")
    with pytest.raises(RefusedError, match="không áp dụng"):
        office.started(second, year=1999)
    with pytest.raises(RefusedError, match="cửa sổ khác"):
        edit_what_if(second, {"title": "x"}, {}, version=1, actor=office.officer, at=AT)
    broken = office.supposed(at_least="khong-co")
    with pytest.raises(RefusedError, match="chỗ phải sửa"):
        office.started(broken)
    colleague = actor(office.tree.ministry, Role.SECRETARIAT)
    with pytest.raises(RefusedError, match="Chỉ người lập"):
        edit_what_if(second, {"title": "x"}, {}, version=second.version, actor=colleague, at=AT)
    own = copy_what_if(second, actor=colleague, day=DAY, at=AT)
    assert (own.content, own.asked_by) == (second.content, colleague.user)
    told = AuditEntry.objects.filter(verb__endswith="what-if").values_list("verb", flat=True)
    assert set(told) == {"add-what-if", "start-what-if"}


def test_caps_are_reckoned_on_who_holds_the_base(office: Office) -> None:
    what_if = office.begun()
    quota = {
        "title": "grassroots-annual",
        "label": "Tỷ lệ",
        "base": "CSTDCS",
        "percent": 100,
        "rounding": "down",
        "at_least_one": False,
        "citation": {"document": "Kế hoạch", "clause": "1"},
    }
    what_if.content["quota"] = [quota]
    what_if.save(update_fields=["content"])
    edit_what_if_quota(what_if, 1, quota | {"percent": 50}, version=1, actor=office.officer, at=AT)
    what_if.refresh_from_db()
    office.started(what_if)
    run_parts()
    caps = {one.about.code: (one.base, one.cap_was, one.cap_now) for one in WhatIfUnit.objects.select_related("about")}
    # The edition has no cap, so that every unit's cap is new.
    assert caps["DINH-HOA"] == (1, None, 0)


def test_the_queries_do_not_depend_on_the_people(office: Office) -> None:
    what_if = office.supposed()
    pair = open_pair(what_if, "grassroots-annual", 2023)
    assert pair is not None

    def asked() -> int:
        units = list_units_between(office.tree.branch.path, office.tree.sibling.path, DAY)
        with CaptureQueriesContext(connection) as made:
            replay_units(pair, units, reader_path=office.tree.ministry.path, day=DAY)
        return len(made)

    before = asked()
    for number in range(4):
        excellent(person(office.tree.sibling, f"Lò Thị Mẫu {number}"))
    assert asked() == before


def test_what_is_over_its_term_is_deleted_and_what_runs_ends_first(office: Office) -> None:
    running, kept = office.started(office.supposed()), office.begun()
    assert kept.kept_until == DAY + timedelta(days=30)
    assert erase_expired(day=kept.kept_until) == 0
    assert erase_expired(day=kept.kept_until + timedelta(days=1)) == 1
    run_parts()
    assert list(WhatIf.objects.all()) == [running]
    assert erase_expired(day=date(2030, 1, 1)) == 1
    assert not WhatIfUnit.objects.exists()


def test_screens_show_names_in_sight_only_and_hand_out_workbooks(client: Client, office: Office) -> None:
    client.force_login(office.officer.account)
    client.post(reverse("exemplars:what-if-add", args=[office.edition.pk]))
    what_if = WhatIf.objects.get()
    page = client.get(what_if.get_absolute_url()).content.decode()
    assert "Chưa khác gì" in page
    assert "Đối chiếu mọi người, tập thể" not in page
    unchanged = {"recognition": "grassroots-annual", "year": 2023, "version": what_if.version}
    answer = client.post(reverse("exemplars:what-if-start", args=[what_if.pk]), unchanged)
    assert (answer.status_code, "chưa khác bản gốc" in answer.content.decode()) == (422, True)
    assert "Chưa đổi chỗ nào" in client.get(reverse("exemplars:what-if-list")).content.decode()
    number = office.number(what_if, "G2")
    address = reverse("exemplars:what-if-criterion-edit", args=[what_if.pk, number])
    form = client.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    assert client.post(address, typed | {"p_at_least": "good"}).status_code == 302
    what_if.refresh_from_db()
    start = {"recognition": "grassroots-annual", "year": 2023, "version": what_if.version}
    assert client.post(reverse("exemplars:what-if-start", args=[what_if.pk]), start).status_code == 302
    assert "Đang đối chiếu" in client.get(what_if.get_absolute_url(), headers={"HX-Request": "true"}).content.decode()
    run_parts()
    assert "Đổi: Tiêu chuẩn G2</div>" in client.get(reverse("exemplars:what-if-list")).content.decode()
    page = client.get(what_if.get_absolute_url()).content.decode()
    assert office.tree.bureau.name in page
    assert office.good.full_name not in page
    own = client.get(what_if.get_absolute_url(), {"unit": office.tree.sibling.pk}).content.decode()
    assert office.good.full_name in own
    for unit in ("khong-phai", "0a0a0a0a-0000-0000-0000-000000000000"):
        assert client.get(what_if.get_absolute_url(), {"unit": unit}).status_code == 404
    rows = _rows(client, "what-if-workbook", what_if)
    assert [(row[0], row[4], row[5]) for row in rows] == [(office.good.full_name, "Được", "G2: Chưa đạt → Đạt")]
    assert [row[:4] for row in _rows(client, "what-if-unit-workbook", what_if)] == [(office.tree.sibling.name, 2, 1, 0)]
    Person.objects.filter(pk=office.good.pk).update(unit=other_root(), unit_path=other_root().path)
    hidden = client.get(what_if.get_absolute_url(), {"unit": office.tree.sibling.pk}).content.decode()
    assert "nay ngoài phạm vi" in hidden
    assert _rows(client, "what-if-workbook", what_if) == []


def other_root() -> Any:
    from tests.builders import unit
    from units.models import Unit

    return Unit.objects.filter(code="TINH-KHAC").first() or unit("TINH-KHAC", "0002", kind="bo", name="Tỉnh khác")


def _rows(client: Client, name: str, what_if: WhatIf) -> list[tuple[Any, ...]]:
    _, table = read(client.get(reverse(f"exemplars:{name}", args=[what_if.pk])))
    return [tuple(row) for row in table[1:]]
