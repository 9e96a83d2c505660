"""Screens of nominations: who may open what, what it costs, and what stays inside."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Cluster, ClusterMember, ClusterYear, InspectionNotice
from exemplars.models import Nomination
from exemplars.services.assessments import assess_nomination
from exemplars.services.evidence import attach_evidence
from exemplars.services.nominations import create_nomination, submit_nomination, withdraw_nomination
from reports.services.dossiers import request_dossier
from tests.builders import AT, DAY, move_away, pdf, person, recognition, user
from tests.exemplars.test_nominations import Story
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope
from units.selectors.record import list_nominable

pytestmark = pytest.mark.django_db

Sign = Callable[..., Client]
T = TypeVar("T")


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: object) -> None:
    """The pages ask the clock; the plan's deadlines are those of 2023."""
    settings.DEMONSTRATION_DAY = DAY.isoformat()  # type: ignore[attr-defined]


@pytest.fixture
def story() -> Story:
    with maintenance_scope("test rows"):
        return Story()


def build(make: Callable[[], T]) -> T:
    with maintenance_scope("test rows"):
        return make()


def signed(name: str, place: object, role: Role) -> Client:
    client = Client()
    client.force_login(user(name, (place, role)))  # type: ignore[arg-type]
    return client


POSTS = ("submit", "withdraw", "attest", "forward", "accept")
OWNERS = {
    "edit": Role.CLERK,
    "check": Role.CLERK,
    "submit": Role.CLERK,
    "withdraw": Role.CLERK,
    "attest": Role.HEAD,
    "forward": Role.HEAD,
    "send-back": Role.HEAD,
    "return": Role.SECRETARIAT,
    "accept": Role.SECRETARIAT,
}


@pytest.mark.parametrize("action", OWNERS)
def test_strangers_find_nothing_and_colleagues_without_the_right_are_refused(story: Story, action: str) -> None:
    nomination = build(story.forwarded)
    address = reverse(f"exemplars:nomination-{action}", args=[nomination.pk])
    stranger = signed("stranger", story.tree.stranger, OWNERS[action])
    colleague = signed("colleague", story.tree.branch, Role.RECORDS)
    for client, status in ((stranger, 404), (colleague, 403)):
        response = client.post(address) if action in POSTS else client.get(address)
        assert response.status_code == status


@pytest.mark.parametrize("action", POSTS)
def test_changes_come_by_post_only(story: Story, action: str) -> None:
    nomination = build(story.filled)
    client = signed("one", story.tree.branch, OWNERS[action])
    assert client.get(reverse(f"exemplars:nomination-{action}", args=[nomination.pk])).status_code == 405


def test_a_draft_is_invisible_above_and_beside_until_it_is_submitted(story: Story) -> None:
    nomination = build(story.filled)
    for name, place in (("above", story.tree.bureau), ("beside", story.tree.sibling)):
        client = signed(name, place, Role.SECRETARIAT)
        assert client.get(nomination.get_absolute_url()).status_code == 404
        assert "Lường Thị Mẫu" not in client.get("/nominations/").content.decode()


def test_evidence_is_a_download_that_never_runs_and_only_for_its_readers(story: Story) -> None:
    nomination = build(story.filled)
    with maintenance_scope("test rows"):
        address = reverse("exemplars:evidence-download", args=[nomination.evidence.get().pk])
    response = signed("clerk", story.tree.branch, Role.CLERK).get(address)
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert b"".join(response) == pdf().read()  # type: ignore[call-overload]
    assert signed("beside", story.tree.sibling, Role.CLERK).get(address).status_code == 404
    assert signed("above", story.tree.bureau, Role.SECRETARIAT).get(address).status_code == 404


def test_a_refused_file_leaves_the_page_standing(story: Story) -> None:
    nomination = build(story.create)
    client = signed("clerk", story.tree.branch, Role.CLERK)
    address = reverse("exemplars:evidence-add", args=[nomination.pk])
    for data, words in (
        ({"kind": "other", "file": pdf("a.png")}, "đuôi tệp không đúng"),
        ({"kind": "other"}, "Chưa chọn tệp"),
        ({"kind": "other", "file": pdf(), "issued_on": "31/02/2023"}, "Ngày này không có thật"),
    ):
        page = client.post(address, data)
        assert page.status_code == 422
        assert words in page.content.decode()


def test_a_nominee_of_another_unit_is_not_offered_nor_accepted(story: Story) -> None:
    with maintenance_scope("test rows"):
        foreign = person(story.tree.sibling, "Nông Văn Thử")
    client = signed("clerk", story.tree.branch, Role.CLERK)
    assert "Nông Văn Thử" not in client.get("/nominations/add/").content.decode()
    data = {"campaign": story.campaign.code, "recognition": "grassroots-annual", "year": "2023"}
    page = client.post("/nominations/add/", data | {"nominee": str(foreign.pk)})
    assert page.status_code == 422
    assert "không thuộc đơn vị của đồng chí" in page.content.decode()
    assert client.post("/nominations/add/", data | {"nominee": str(story.nominee.pk)}).status_code == 302


def test_only_who_holds_a_post_today_may_be_put_forward(story: Story) -> None:
    with maintenance_scope("test rows"):
        left = person(story.tree.branch, "Nông Văn Thôi")
        left.postings.update(valid_to=DAY - timedelta(days=1))
        last_day = person(story.tree.branch, "Nông Văn Cuối")
        last_day.postings.update(valid_to=DAY)
    client = signed("clerk", story.tree.branch, Role.CLERK)
    text = client.get("/nominations/add/").content.decode()
    assert "Nông Văn Cuối" in text
    assert "Nông Văn Thôi" not in text
    data = {"campaign": story.campaign.code, "recognition": "grassroots-annual", "year": "2023"}
    page = client.post("/nominations/add/", data | {"nominee": str(left.pk)})
    assert page.status_code == 422
    assert "không còn giữ chức vụ" in page.content.decode()


def test_a_unit_that_has_ended_has_nobody_to_put_forward(story: Story) -> None:
    unit = story.tree.branch
    with maintenance_scope("test rows"):
        assert list(list_nominable(unit, DAY)) == [story.nominee]
        unit.valid_to = DAY
        assert list(list_nominable(unit, DAY)) == [story.nominee]
        assert list(list_nominable(unit, DAY + timedelta(days=1))) == []


def test_a_button_pressed_again_leads_to_what_has_become_of_it(story: Story) -> None:
    nomination = build(story.submitted)
    again = signed("lai", nomination.unit, Role.CLERK).post(f"{nomination.get_absolute_url()}submit/")
    assert again.status_code == 422
    told = f'<a class="btn" href="{nomination.get_absolute_url()}">Xem tình trạng hiện nay</a>'
    assert told in again.content.decode()


def test_the_second_saver_sees_both_versions(story: Story) -> None:
    nomination = build(story.create)
    client = signed("clerk", story.tree.branch, Role.CLERK)
    address = reverse("exemplars:nomination-edit", args=[nomination.pk])
    assert client.post(address, {"version": "1", "duties": "bản thứ nhất"}).status_code == 302
    page = client.post(address, {"version": "1", "duties": "bản thứ hai"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "bản thứ nhất" in text
    assert "bản thứ hai" in text
    assert 'name="version" value="2"' in text


def test_a_background_save_that_comes_second_keeps_its_version_until_both_texts_were_seen(story: Story) -> None:
    nomination = build(story.create)
    client = signed("clerk", story.tree.branch, Role.CLERK)
    address = reverse("exemplars:nomination-edit", args=[nomination.pk])
    client.post(address, {"version": "1", "duties": "bản thứ nhất"})
    page = client.post(address, {"version": "1", "duties": "bản thứ hai"}, headers={"HX-Request": "true"})
    assert page.status_code == 422
    assert 'name="version" value="1"' in page.content.decode()
    assert "bản thứ nhất" in client.post(address, {"version": "1", "duties": "bản thứ hai"}).content.decode()


def test_saving_in_the_background_returns_the_new_version_and_the_criteria(story: Story) -> None:
    nomination = build(story.create)
    client = signed("clerk", story.tree.branch, Role.CLERK)
    page = client.post(
        reverse("exemplars:nomination-edit", args=[nomination.pk]),
        {"version": "1", "duties": "x"},
        headers={"HX-Request": "true"},
    ).content.decode()
    assert 'name="version" value="2"' in page
    assert 'id="doi-chieu"' in page
    assert "<html" not in page


def test_a_list_is_found_without_diacritics_and_by_state(story: Story) -> None:
    build(story.submitted)
    client = signed("clerk", story.tree.branch, Role.CLERK)
    assert "Lường Thị Mẫu" in client.get("/nominations/?q=luong+mau").content.decode()
    assert "Không có đề nghị nào khớp" in client.get("/nominations/?q=khong+co").content.decode()
    assert "Lường Thị Mẫu" not in client.get("/nominations/?state=draft").content.decode()
    # How many there are in each state is told of the whole list; beside words it would be taken for what they found.
    assert "Chờ thủ trưởng duyệt (1)" in client.get("/nominations/").content.decode()
    assert "Chờ thủ trưởng duyệt<" in client.get("/nominations/?q=luong+mau").content.decode()


def test_who_appraises_sees_in_the_list_that_a_unit_has_no_result_of_an_inspection(story: Story) -> None:
    words = "Chưa có kết quả kiểm tra"
    nomination = build(story.forwarded)
    client = signed("secretariat", story.tree.bureau, Role.SECRETARIAT)
    assert words not in client.get("/nominations/").content.decode()
    cluster = Cluster.objects.create(code="CUM-MAU", name="Cụm mẫu", kind="cluster", keeper=story.tree.ministry)
    year = ClusterYear.objects.create(cluster=cluster, year=nomination.year)
    ClusterMember.objects.create(year=year, member=nomination.unit)
    assert client.get("/nominations/").content.decode().count(words) == 1
    assert words in client.get(nomination.get_absolute_url()).content.decode()
    with maintenance_scope("test rows"):
        InspectionNotice.objects.create(
            unit=nomination.unit,
            inspection=uuid4(),
            year=year,
            head=story.tree.bureau,
            citation="KH mẫu",
            starts_on=DAY,
            ends_on=DAY,
            result_at=AT,
        )
    assert words not in client.get("/nominations/").content.decode()
    assert words not in client.get(nomination.get_absolute_url()).content.decode()


def test_a_search_for_what_is_no_text_finds_as_if_it_were_not_there(story: Story) -> None:
    build(story.create)
    page = signed("one", story.tree.branch, Role.CLERK).get("/nominations/?q=l%00uong%0Amau")
    assert "Lường Thị Mẫu" in page.content.decode()


def test_lists_and_pages_cost_the_same_for_one_and_for_three(story: Story) -> None:
    client = signed("clerk", story.tree.branch, Role.CLERK)
    costs: dict[str, list[int]] = {"list": [], "edit": [], "detail": [], "add": []}
    nomination = build(story.create)
    for number in range(3):
        with maintenance_scope("test rows"):
            another = person(story.tree.branch, f"Nông Văn Thử {number}")
            create_nomination(
                story.campaign, recognition=recognition(), year=2023, nominee=another, actor=story.clerk, day=DAY, at=AT
            )
            attach_evidence(
                nomination, pdf(pages=number + 1), kind="other", number="", issued_on=None, actor=story.clerk, at=AT
            )
        for name, address in (
            ("list", "/nominations/"),
            ("add", "/nominations/add/"),
            ("edit", f"{nomination.get_absolute_url()}edit/"),
            ("detail", nomination.get_absolute_url()),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            costs[name].append(len(queries))
    assert {name: len(set(spent)) for name, spent in costs.items()} == dict.fromkeys(costs, 1), costs


def test_the_head_attests_and_forwards_and_the_secretariat_returns_and_accepts(story: Story) -> None:
    nomination = build(story.submitted)
    head = signed("head", story.tree.branch, Role.HEAD)
    address = nomination.get_absolute_url()
    with CaptureQueriesContext(connection) as queries:
        assert "Thủ trưởng xác nhận" in head.get(address).content.decode()
    # What the page shows and what it asks the head come from one judgement.
    assert sum('FROM "units_titleeligibility"' in one["sql"] for one in queries) == 1
    assert head.post(f"{address}attest/", {"holds_G1": "yes", "grounds_G1": "Biên bản"}).status_code == 302
    assert head.post(f"{address}forward/").status_code == 302
    secretariat = signed("secretariat", story.tree.bureau, Role.SECRETARIAT)
    assert secretariat.post(f"{address}return/", {}).status_code == 422
    assert secretariat.post(f"{address}return/", {"achievements": "Nêu số liệu"}).status_code == 302
    clerk = signed("clerk", story.tree.branch, Role.CLERK)
    assert "«Nêu số liệu»" in clerk.get(f"{address}edit/").content.decode()
    assert clerk.post(f"{address}submit/").status_code == 302
    assert head.post(f"{address}forward/").status_code == 302
    assert secretariat.post(f"{address}accept/").status_code == 302
    assert "Trình Hội đồng" in secretariat.get(address).content.decode()


def trail_of(client: Client, nomination: Nomination, status: int = 200) -> str:
    page = client.get(reverse("exemplars:nomination-trail", args=[nomination.pk]))
    assert page.status_code == status
    return str(page.content.decode())


def test_the_trail_of_a_nomination_tells_its_way_in_words(story: Story) -> None:
    nomination = build(story.forwarded)
    text = trail_of(signed("head", story.tree.branch, Role.HEAD), nomination)
    told = ["Duyệt và chuyển cấp trên", "Trình thủ trưởng", "Đính kèm minh chứng", "Lưu bản nháp", "Lập đề nghị"]
    cells = [text.index(f">{words}</td>") for words in told]
    assert cells == sorted(cells)
    assert "đề nghị cho Lường Thị Mẫu" in text
    assert story.clerk.label in text


def test_the_trail_of_a_nomination_is_for_those_who_may_read_trails_and_see_the_nomination(story: Story) -> None:
    nomination = build(story.filled)
    trail_of(signed("clerk", story.tree.branch, Role.CLERK), nomination, 403)
    trail_of(signed("above", story.tree.bureau, Role.SECRETARIAT), nomination, 404)
    trail_of(signed("stranger", story.tree.stranger, Role.HEAD), nomination, 404)
    head = signed("head", story.tree.branch, Role.HEAD)
    address = reverse("exemplars:nomination-trail", args=[nomination.pk])
    assert head.post(address).status_code == 405
    assert address in head.get(nomination.get_absolute_url()).content.decode()
    assert (
        address
        not in signed("other", story.tree.branch, Role.RECORDS).get(nomination.get_absolute_url()).content.decode()
    )


def test_the_trail_of_a_unit_hides_from_those_above_what_they_may_not_open(story: Story) -> None:
    nomination = build(story.filled)
    above = signed("above", story.tree.bureau, Role.SECRETARIAT)
    own = signed("head", story.tree.branch, Role.HEAD)
    address = reverse("units:trail-unit", args=[story.tree.branch.pk])

    def shown(client: Client) -> tuple[bool, bool]:
        texts = [client.get(address, query).content.decode() for query in ({}, {"below": "on"})]
        return all("đề nghị cho Lường Thị Mẫu" in text for text in texts), all(
            'Yêu cầu lập hồ sơ PDF</td><td data-label="Về">hồ sơ của Lường Thị Mẫu' in text for text in texts
        )

    assert (shown(own), shown(above)) == ((True, False), (False, False))
    with maintenance_scope("test rows"):
        nomination = submit_nomination(nomination, actor=story.clerk, day=DAY, at=AT)
        request_dossier(nomination, actor=story.clerk)
    assert (shown(own), shown(above)) == ((True, True), (True, True))
    with maintenance_scope("test rows"):
        withdraw_nomination(nomination, actor=story.clerk)
    assert shown(own) == (True, True)
    for query in ({}, {"below": "on"}):
        assert "Lường Thị Mẫu" not in above.get(address, query).content.decode()


def test_the_cost_of_a_units_trail_does_not_depend_on_its_lines(story: Story) -> None:
    own = signed("head", story.tree.branch, Role.HEAD)
    address = reverse("units:trail-unit", args=[story.tree.branch.pk])
    costs = []
    for number, more in ((1, 1), (3, 2)):
        for index in range(more):
            build(partial(story.create, build(partial(person, story.tree.branch, f"Mẫu Thứ {number}-{index}"))))
        own.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert own.get(address).content.decode().count("đề nghị cho Mẫu Thứ") == number
        costs.append(len(queries))
    assert costs[0] == costs[1]


HEAD_ABOVE = {"attest": {"holds_G1": "yes"}, "forward": {}, "send-back": {"duties": "Bổ sung"}}


@pytest.mark.parametrize("action", HEAD_ABOVE)
def test_a_head_above_sees_and_does_not_decide_for_the_unit_below(story: Story, action: str) -> None:
    nomination = build(story.submitted)
    head = signed("head.above", story.tree.bureau, Role.HEAD)
    address = nomination.get_absolute_url()
    page = head.get(address)
    assert page.status_code == 200
    assert f"{address}{action}/" not in page.content.decode()
    assert head.post(f"{address}{action}/", HEAD_ABOVE[action]).status_code == 422
    with maintenance_scope("test rows"):
        nomination.refresh_from_db()
        assert nomination.state == "submitted"
        assert not nomination.attestations.exists()


@pytest.mark.parametrize("place", ["ministry", "branch"])
@pytest.mark.parametrize(("action", "words"), [("accept", {}), ("return", {"duties": "Bổ sung"})])
def test_only_the_addressee_s_secretariat_returns_and_accepts(
    story: Story, place: str, action: str, words: dict[str, str]
) -> None:
    nomination = build(story.forwarded)
    secretariat = signed("other.desk", getattr(story.tree, place), Role.SECRETARIAT)
    address = nomination.get_absolute_url()
    assert f"{address}{action}/" not in secretariat.get(address).content.decode()
    answer = secretariat.post(f"{address}{action}/", words)
    assert answer.status_code == 422
    assert "Việc này thuộc Cục THADS tỉnh Thái Nguyên" in answer.content.decode()
    with maintenance_scope("test rows"):
        assert Nomination.objects.get().state == "forwarded"


@pytest.mark.parametrize("page", ["detail", "edit", "check"])
def test_a_nomination_outlives_the_move_of_its_nominee(story: Story, page: str) -> None:
    nomination = build(story.create)
    name = nomination.nominee_name
    build(partial(move_away, nomination.person, story.tree.stranger))
    client = signed("canbo.cu", story.tree.branch, Role.CLERK)
    for answer in (
        client.get(reverse("exemplars:nomination-list")),
        client.get(reverse(f"exemplars:nomination-{page}", args=[nomination.pk])),
    ):
        assert answer.status_code == 200
        assert name in answer.content.decode()


def test_what_was_judged_before_the_move_stands(story: Story) -> None:
    nomination = build(story.submitted)
    verdicts = build(lambda: list(nomination.assessments.values_list("verdict", flat=True)))
    build(partial(move_away, nomination.person, story.tree.stranger))
    with unit_scope(story.tree.branch.path):
        seen = Nomination.objects.select_related(
            "unit", "person", "collective", "campaign__issuer", "recognition"
        ).get()
        assert assess_nomination(seen, day=DAY) is None
    with unit_scope(story.tree.ministry.path):
        seen = Nomination.objects.select_related(
            "unit", "person", "collective", "campaign__issuer", "recognition"
        ).get()
        assert assess_nomination(seen, day=DAY) is not None
    page = signed("canbo.cu", story.tree.branch, Role.CLERK).get(nomination.get_absolute_url()).content.decode()
    assert verdicts
    assert "kết quả đối chiếu lần cuối" in page
    assert "Đọc: " in page or "Đạt" in page
