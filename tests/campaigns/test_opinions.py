"""Opinions on drafts, and pledges, on both sides."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from campaigns.calendar import closing_instant
from campaigns.models import (
    ClusterPledge,
    OpinionAnswer,
    OpinionRequest,
    OpinionRound,
    PledgeSignature,
    Verdict,
)
from campaigns.services.opinions import answer_opinion, ask_opinion, open_pledge, sign_pledge
from tests.builders import AT, DAY, pdf
from tests.campaigns.cluster_scene import ClusterScene
from units.refusals import RefusedError
from units.roles import Role

pytestmark = pytest.mark.django_db
LAST = date(2023, 11, 20)


@pytest.fixture
def scene() -> ClusterScene:
    return ClusterScene()


def ask(scene: ClusterScene) -> OpinionRound:
    with scene.at(scene.head):
        return ask_opinion(
            scene.year,
            pdf("dự thảo.pdf"),
            title="Dự thảo kế hoạch",
            about="",
            last_day=LAST,
            actor=scene.act(scene.head, Role.CLERK),
            day=DAY,
            at=AT,
        )


def answer(scene: ClusterScene, verdict: Verdict, words: str = "", at: datetime = AT) -> OpinionRequest:
    with scene.at(scene.member):
        return answer_opinion(
            OpinionRequest.objects.get(),
            verdict=verdict,
            words=words,
            actor=scene.act(scene.member, Role.CLERK),
            at=at,
        )


def test_a_draft_reaches_every_other_member_and_nobody_else(scene: ClusterScene) -> None:
    asked = ask(scene)
    for place, number in ((scene.member, 1), (scene.third, 1), (scene.outsider, 0)):
        with scene.at(place):
            assert OpinionRequest.objects.count() == number
            assert not OpinionAnswer.objects.exists()
    with scene.at(scene.member):
        draft = OpinionRequest.objects.select_related("draft").get().draft
        assert draft.unit == scene.member
        assert draft.file.read()[:5] == b"%PDF-"
    with scene.at(scene.head):
        assert asked.answers.count() == 2


def test_the_head_reads_the_answer_and_the_last_one_counts(scene: ClusterScene) -> None:
    asked = ask(scene)
    answer(scene, Verdict.AGREE)
    answer(scene, Verdict.OTHER, "Bỏ mục 3")
    with scene.at(scene.head):
        read = asked.answers.get(member=scene.member)
        assert (read.verdict, read.words, read.answered_at) == ("other", "Bỏ mục 3", AT)
        assert asked.answers.get(member=scene.third).answered_at is None


def test_who_does_not_agree_says_why(scene: ClusterScene) -> None:
    ask(scene)
    with pytest.raises(RefusedError, match="Chưa ghi nội dung"):
        answer(scene, Verdict.DISAGREE, "  ")


@pytest.mark.parametrize(("late", "in_time"), [(timedelta(microseconds=-1), True), (timedelta(), False)])
def test_answers_end_with_the_last_instant_of_the_day(scene: ClusterScene, late: timedelta, in_time: bool) -> None:
    ask(scene)
    at = closing_instant(LAST) + late
    if in_time:
        assert answer(scene, Verdict.AGREE, at=at).answered_at == at
    else:
        with pytest.raises(RefusedError, match="hết hạn góp ý"):
            answer(scene, Verdict.AGREE, at=at)


def test_only_the_head_asks_and_for_a_day_to_come(scene: ClusterScene) -> None:
    stranger = scene.act(scene.member, Role.CLERK)
    with scene.at(scene.member), pytest.raises(RefusedError, match="không chủ trì"):
        ask_opinion(scene.year, pdf(), title="x", about="", last_day=LAST, actor=stranger, day=DAY, at=AT)
    clerk = scene.act(scene.head, Role.CLERK)
    with scene.at(scene.head), pytest.raises(RefusedError, match="đã qua"):
        ask_opinion(
            scene.year, pdf(), title="x", about="", last_day=DAY - timedelta(days=1), actor=clerk, day=DAY, at=AT
        )


# Pledges


def pledge(scene: ClusterScene) -> ClusterPledge:
    with scene.at(scene.head):
        return open_pledge(
            scene.year, title="Giao ước 2023", text="Thi đua.", actor=scene.act(scene.head, Role.CLERK), at=AT
        )


def test_every_member_signs_once_and_every_copy_says_so(scene: ClusterScene) -> None:
    own = pledge(scene)
    boss = scene.act(scene.member, Role.HEAD)
    with scene.at(scene.member):
        copy = ClusterPledge.objects.get()
        signed = sign_pledge(copy, position="Cục trưởng", actor=boss, at=AT)
        assert (signed.signed_by, signed.position, signed.signed_at) == (boss.account.display_name, "Cục trưởng", AT)
        with pytest.raises(RefusedError, match="đã ký"):
            sign_pledge(copy, position="Cục trưởng", actor=boss, at=AT)
    for place in (scene.head, scene.third):
        with scene.at(place):
            assert PledgeSignature.objects.get().member == scene.member
    with scene.at(scene.outsider):
        assert not ClusterPledge.objects.exists()
    with scene.at(scene.head):
        sign_pledge(own, position="Cục trưởng", actor=scene.act(scene.head, Role.HEAD), at=AT)
        assert own.signatures.count() == 2


def test_a_unit_signs_its_own_copy_only(scene: ClusterScene) -> None:
    pledge(scene)
    with scene.at(scene.ministry):
        copy = ClusterPledge.objects.get(unit=scene.member)
        with pytest.raises(RefusedError, match="Bản này của"):
            sign_pledge(copy, position="x", actor=scene.act(scene.ministry, Role.HEAD), at=AT)


# Screens


def test_the_way_of_a_draft_through_the_screens(scene: ClusterScene, client: Client) -> None:
    client.force_login(scene.act(scene.head, Role.CLERK).account)
    address = f"/cluster-years/{scene.year.pk}/opinions/ask/"
    missing = client.post(address, {"title": "Dự thảo A", "last_day": "31/12/2998"})
    assert missing.status_code == 422
    assert "Dự thảo A" in missing.content.decode()
    sent = client.post(address, {"title": "Dự thảo A", "last_day": "31/12/2998", "file": pdf("a.pdf")})
    assert sent.status_code == 302
    with scene.at(scene.member):
        request = OpinionRequest.objects.get().get_absolute_url()
    with scene.at(scene.head):
        asked = OpinionRound.objects.get().get_absolute_url()
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    home = client.get("/clusters/").content.decode()
    assert 'class="count">1' in home
    assert request in client.get("/assignments/").content.decode()
    refused = client.post(f"{request}answer/", {"verdict": "disagree", "words": ""})
    assert refused.status_code == 422
    assert client.post(f"{request}answer/", {"verdict": "disagree", "words": "Sửa mục 2"}).status_code == 302
    assert client.get(asked).status_code == 404
    client.force_login(scene.act(scene.head, Role.CLERK).account)
    page = client.get(asked).content.decode()
    assert "Sửa mục 2" in page
    assert "1 / 2 đơn vị đã trả lời" in page
    assert "Chưa trả lời" in page
    assert client.get(f"{asked}workbook/")["Content-Type"].startswith("application/vnd")
    assert client.get(request).status_code == 404


def test_a_pledge_is_signed_with_a_confirmation(scene: ClusterScene, client: Client) -> None:
    client.force_login(scene.act(scene.head, Role.CLERK).account)
    opened = client.post(f"/cluster-years/{scene.year.pk}/pledges/open/", {"title": "Giao ước", "text": "Thi đua."})
    assert opened.status_code == 302
    with scene.at(scene.member):
        address = ClusterPledge.objects.get().get_absolute_url()
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    assert client.post(f"{address}sign/", {"position": "x", "is_sure": "on"}).status_code == 403
    client.force_login(scene.act(scene.member, Role.HEAD).account)
    unsure = client.post(f"{address}sign/", {"position": "Cục trưởng"})
    assert unsure.status_code == 422
    assert "Đánh dấu xác nhận" in unsure.content.decode()
    assert client.get(f"{address}sign/").status_code == 405
    assert client.post(f"{address}sign/", {"position": "Cục trưởng", "is_sure": "on"}).status_code == 302
    page = client.get(address).content.decode()
    assert "1 / 3 đơn vị đã ký" in page
    assert "Cục trưởng" in page


def test_the_navigation_counts_every_kind_of_work_in_one_statement_and_leads_to_the_first(
    scene: ClusterScene, client: Client, settings: Any
) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()
    words = "việc trong khu vực, cụm, khối chờ thực hiện"
    client.force_login(scene.act(scene.member, Role.HEAD).account)

    def open_home() -> tuple[str, int]:
        with CaptureQueriesContext(connection) as queries:
            page = client.get("/assignments/").content.decode()
        return page, sum("campaigns_clusterpledge" in one["sql"] for one in queries)

    page, asked = open_home()
    assert (words in page, asked) == (False, 1)
    pledge(scene)
    with scene.at(scene.member):
        to_sign = ClusterPledge.objects.get().get_absolute_url()
    page, asked = open_home()
    assert f"<strong>1</strong> {words}" in page
    assert (to_sign in page, asked) == (True, 1)
    ask(scene)
    with scene.at(scene.member):
        to_answer = OpinionRequest.objects.get().get_absolute_url()
    page, asked = open_home()
    assert f"<strong>2</strong> {words}" in page
    assert (to_answer in page, to_sign in page, asked) == (True, False, 1)
    client.force_login(scene.act(scene.member, Role.CLERK).account)
    assert f"<strong>1</strong> {words}" in client.get("/assignments/").content.decode()
