"""The page of reminders, the choice of days, and the calendar that a phone reads."""

from datetime import date, timedelta
from typing import Any

import pytest
import vobject
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import (
    Assignment,
    CalendarFeed,
    Campaign,
    DigestKind,
    Obligation,
    ReminderDigest,
    ReminderLetter,
    ReminderSettings,
)
from campaigns.services.feeds import hash_token
from campaigns.services.reminders import prepare_letters
from tests.builders import AT, DAY, Tree, campaign, obligation, user
from units.models import AuditEntry, Membership, Unit, User
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.sign_in import FEED_ADDRESS, LIMITS, Limit, forget_tries

pytestmark = pytest.mark.django_db

LIST = "/reminders/"


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.fixture
def tree() -> Tree:
    tree = Tree()
    with maintenance_scope("test rows"):
        one = campaign(tree.bureau)
        obligation(one, "GAN", tree.branch, last_day=DAY + timedelta(days=1))
        obligation(one, "CHAM", tree.branch, tree.sibling, last_day=DAY - timedelta(days=2))
    return tree


def signed(account: User) -> Client:
    client = Client()
    client.force_login(account)
    return client


def prepare(day: date = DAY) -> None:
    with maintenance_scope("test rows"):
        prepare_letters(day=day, at=AT)


def page(client: Client, address: str = LIST) -> str:
    return client.get(address).content.decode()


def test_an_empty_page_says_what_will_stand_there(tree: Tree) -> None:
    assert "Chưa có nhắc việc nào" in page(signed(user("clerk", (tree.branch, Role.CLERK))))


def test_what_was_told_stands_there_until_it_is_read(tree: Tree) -> None:
    clerk = signed(user("clerk", (tree.branch, Role.CLERK)))
    colleague = signed(user("colleague", (tree.branch, Role.CLERK)))
    prepare()
    text = page(clerk)
    assert "1 nhắc việc chưa đọc" in text
    assert '<span class="count">1<span class="hidden"> nhắc việc chưa đọc' in text
    assert "Việc GAN" in text
    assert "quá hạn 2 ngày" in text
    assert clerk.get("/reminders/mark-read/").status_code == 405
    assert clerk.post("/reminders/mark-read/").status_code == 302
    assert "chưa đọc</strong>" not in page(clerk)
    # What one has read another has not.
    assert "1 nhắc việc chưa đọc" in page(colleague)


def test_what_was_done_since_is_said_to_be_done(tree: Tree) -> None:
    clerk = signed(user("clerk", (tree.branch, Role.CLERK)))
    prepare()
    with maintenance_scope("test rows"):
        Assignment.objects.filter(obligation__code="GAN").update(done_at=AT)
        Assignment.objects.filter(obligation__code="CHAM").update(last_day=DAY + timedelta(days=9))
    text = page(clerk)
    assert "đã xong" in text
    assert "22/11/2023<small>còn 9 ngày" in text
    assert "theo hạn cũ 11/11/2023" in text
    assert "1 trong 2 việc còn phải làm" in text


def test_a_work_stands_once_with_every_day_on_which_it_was_told(tree: Tree) -> None:
    clerk = signed(user("clerk", (tree.branch, Role.CLERK)))
    for number in range(3):
        prepare(DAY + timedelta(days=number))
    text = page(clerk)
    assert text.count(">Việc GAN</a>") == 1
    assert "Đã nhắc 3 lần" in text
    assert "14/11/2023: hôm nay" in text


def test_nobody_reads_what_another_unit_was_told(tree: Tree) -> None:
    user("clerk", (tree.branch, Role.CLERK))
    outsider = user("outsider", (tree.stranger, Role.CLERK))
    prepare()
    # Even a row in their own name is out of sight in another branch's scope.
    ReminderLetter.objects.update(recipient=outsider)
    with maintenance_scope("test rows"):
        ReminderDigest.objects.update(recipient=outsider)
        assert ReminderDigest.objects.exists()
    assert "Việc GAN" not in page(signed(outsider))


def test_those_above_read_who_is_late(tree: Tree) -> None:
    desk = signed(user("desk", (tree.bureau, Role.SECRETARIAT)))
    prepare()
    text = page(desk)
    assert "Đơn vị chậm" in text
    assert f"{tree.branch}, {tree.sibling}" in text
    # Its own work goes to its own clerk.
    with maintenance_scope("test rows"):
        assert set(ReminderDigest.objects.values_list("kind", flat=True)) == {DigestKind.LATE}


def test_the_page_costs_the_same_for_many_reminders(tree: Tree) -> None:
    clerk = signed(user("clerk", (tree.branch, Role.CLERK)))
    with maintenance_scope("test rows"):
        one = Campaign.objects.get()
        for number in range(5):
            obligation(one, f"THEM-{number}", tree.branch, last_day=DAY + timedelta(days=3))
    costs = []
    for number in range(-6, 30):
        prepare(DAY + timedelta(days=number))
        if number in (-5, 0, 29):
            page(clerk)
            with CaptureQueriesContext(connection) as queries:
                text = page(clerk)
            costs.append(len(queries))
    assert len(set(costs)) == 1
    assert "Trang 1" not in text or "Trang sau" in text


def test_a_unit_chooses_its_days_on_a_page(tree: Tree) -> None:
    address = reverse("campaigns:reminder-settings-edit")
    clerk = signed(user("clerk", (tree.branch, Role.CLERK)))
    assert page(clerk, address).count("checked") == 5  # 7, 3, 1, 0 and weekly
    refused = clerk.post(address, {"overdue": "daily"})
    assert refused.status_code == 422
    assert "Chọn ít nhất một ngày" in refused.content.decode()
    assert clerk.post(address, {"notice_days": ["30", "1"], "overdue": "daily"}).status_code == 302
    with maintenance_scope("test rows"):
        chosen = ReminderSettings.objects.get()
        assert (chosen.unit, chosen.notice_days, chosen.overdue) == (tree.branch, [30, 1], "daily")
    assert page(clerk, address).count("checked") == 3
    assert signed(user("staff", (tree.branch, Role.STAFF))).get(address).status_code == 403


# --- the calendar ---------------------------------------------------------------------------------


def make_feed(client: Client) -> str:
    """Make an address as a person does and return its path."""
    text = client.post(reverse("campaigns:calendar-feed-renew")).content.decode()
    address = text.split('<code id="dia-chi">')[1].split("</code>")[0]
    return "/calendar/" + address.split("/calendar/")[1]


def events(path: str) -> dict[str, Any]:
    """What an independent reader finds, by title."""
    answer = Client().get(path)
    assert answer.status_code == 200
    calendar = vobject.readOne(answer.content.decode())
    return {event.summary.value: event for event in calendar.contents.get("vevent", [])}


@pytest.fixture
def clerk(tree: Tree) -> User:
    return user("clerk", (tree.branch, Role.CLERK))


def test_another_reader_finds_the_last_days(tree: Tree, clerk: User) -> None:
    path = make_feed(signed(clerk))
    found = events(path)
    # The nomination has no unit here; what others owe is not there.
    assert {title: event.dtstart.value for title, event in found.items()} == {
        "Hạn cuối: Việc GAN": date(2023, 11, 14),
        "Hạn cuối: Việc CHAM": date(2023, 11, 11),
    }
    one = found["Hạn cuối: Việc GAN"]
    assert one.dtend.value == date(2023, 11, 15)
    assert one.sequence.value == "0"
    calendar = vobject.readOne(Client().get(path).content.decode())
    (zone,) = calendar.contents["vtimezone"]
    assert zone.tzid.value == "Asia/Ho_Chi_Minh"
    # Every offset that was ever in force; the last one is today's.
    today = max(zone.contents["standard"], key=lambda part: part.dtstart.value)
    assert today.tzoffsetto.value == "+0700"
    assert len(zone.contents["standard"]) > 1


def test_a_moved_deadline_keeps_its_name_and_grows_its_number(tree: Tree, clerk: User) -> None:
    path = make_feed(signed(clerk))
    before = events(path)["Hạn cuối: Việc GAN"]
    with maintenance_scope("test rows"):
        Assignment.objects.filter(obligation__code="GAN").update(
            last_day=date(2023, 11, 30), deadline_version=1, deadline_moved_at=AT
        )
        Assignment.objects.filter(obligation__code="CHAM").update(done_at=AT)
    found = events(path)
    after = found["Hạn cuối: Việc GAN"]
    assert list(found) == ["Hạn cuối: Việc GAN"]
    assert (after.uid.value, after.sequence.value, after.dtstart.value) == (before.uid.value, "1", date(2023, 11, 30))
    assert after.dtstamp.value > before.dtstamp.value


def test_the_same_calendar_is_not_sent_again(clerk: User) -> None:
    path = make_feed(signed(clerk))
    first = Client().get(path)
    assert first.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert first.headers["Content-Disposition"].startswith("attachment")
    assert "private" in first.headers["Cache-Control"]
    again = Client().get(path, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    with maintenance_scope("test rows"):
        Obligation.objects.filter(code="GAN").update(title="Tên mới")
    assert Client().get(path, headers={"if-none-match": first.headers["ETag"]}).status_code == 200
    assert Client().post(path).status_code == 405


def test_the_secret_is_shown_once_and_kept_as_a_hash(clerk: User) -> None:
    client = signed(clerk)
    path = make_feed(client)
    token = path.split("/")[2]
    assert token not in page(client, reverse("campaigns:calendar-feed"))
    kept = CalendarFeed.objects.get()
    assert kept.token_hash == hash_token(token) != token
    with maintenance_scope("test rows"):
        entry = AuditEntry.objects.get(verb="renew-calendar-feed")
    assert token not in str(entry.detail)


def test_a_new_address_closes_the_old_one_and_revoking_closes_all(clerk: User) -> None:
    client = signed(clerk)
    old, new = make_feed(client), make_feed(client)
    assert [Client().get(path).status_code for path in (old, new)] == [404, 200]
    assert client.get(reverse("campaigns:calendar-feed-revoke")).status_code == 405
    client.post(reverse("campaigns:calendar-feed-revoke"))
    assert Client().get(new).status_code == 404
    assert "Chưa có địa chỉ nào" in page(client, reverse("campaigns:calendar-feed"))


@pytest.mark.parametrize("ended", ["account", "duty"])
def test_what_has_ended_opens_no_calendar(clerk: User, ended: str) -> None:
    path = make_feed(signed(clerk))
    if ended == "account":
        User.objects.update(is_active=False)
    else:
        Membership.objects.update(ended_on=DAY)
    assert Client().get(path).status_code == 404


def test_duties_of_today_decide_what_is_read(tree: Tree, clerk: User, settings: Any) -> None:
    path = make_feed(signed(clerk))
    with maintenance_scope("test rows"):
        obligation(Campaign.objects.get(), "NOI-KHAC", tree.stranger, last_day=DAY)
    assert "Hạn cuối: Việc NOI-KHAC" not in events(path)
    move(clerk, tree.stranger, Role.CLERK)
    assert list(events(path)) == ["Hạn cuối: Việc NOI-KHAC"]
    # A duty that asks for a second factor shows nothing by an address alone.
    settings.REQUIRE_SECOND_FACTOR = True
    move(clerk, tree.stranger, Role.SECRETARIAT)
    assert Client().get(path).status_code == 404


def move(account: User, place: Unit, role: Role) -> None:
    Membership.objects.filter(user=account).update(unit=place, role=role)


def test_addresses_cannot_be_tried_without_end(clerk: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LIMITS, FEED_ADDRESS, Limit(2, 60))
    forget_tries(FEED_ADDRESS, "127.0.0.1")
    wrong = [Client().get("/calendar/khong-co/work.ics").status_code for _ in range(3)]
    assert wrong[:2] == [404, 404]
    assert wrong[2] == 429
