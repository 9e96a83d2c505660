"""People and posts: the list, writing, doubles, heads, and who may do which."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.asserts import assertHTMLEqual

from tests.builders import DAY, Tree, person, user
from units.forms.selects import PlainSelect
from units.models import AuditEntry, Membership, PartyMembership, Person, PersonContact, Posting, Unit
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.people import carry_particulars
from units.views import people as people_views

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("posts_hold")]


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.fixture
def tree() -> Tree:
    return Tree()


def build(make: Callable[[], Any]) -> Any:
    with maintenance_scope("test rows"):
        return make()


def signed(place: Unit, role: Role = Role.CLERK, one: Person | None = None) -> Client:
    account = user(f"account{Membership.objects.count()}", (place, role))
    if one:
        account.memberships.update(person=one)
    client = Client()
    client.force_login(account)
    return client


def read(client: Client, name: str, *arguments: Any, status: int = 200, **query: Any) -> str:
    page = client.get(reverse(f"units:{name}", args=arguments), query)
    assert page.status_code == status
    return str(page.content.decode())


def post(client: Client, name: str, *arguments: Any, status: int = 302, **data: Any) -> str:
    page = client.post(reverse(f"units:{name}", args=arguments), data)
    assert page.status_code == status, page.content.decode()
    return str(page.content.decode())


def trail(*verbs: str) -> list[tuple[str, dict[str, Any]]]:
    with maintenance_scope("test rows"):
        return list(AuditEntry.objects.filter(verb__in=verbs).values_list("verb", "detail"))


def new(**changes: Any) -> dict[str, Any]:
    return {
        "full_name": "Nông Thị Thử",
        "staff_code": "MAU-77",
        "birth_date": "02/03/1990",
        "gender": "female",
        "employment": "civil-servant",
        "unit": "DAI-TU",
        "position": "Chuyên viên",
        "since": "01/02/2020",
    } | changes


def names(text: str, *candidates: str) -> list[str]:
    """The candidates that the list shows, in its order."""
    shown = [(text.index(f">{one}</a>"), one) for one in candidates if f">{one}</a>" in text]
    return [one for _, one in sorted(shown)]


def test_the_list_holds_the_branch_in_the_order_of_given_names(tree: Tree) -> None:
    everybody = ["Lý Văn Ân", "Trần Thị Bình", "An Văn Đức"]
    build(lambda: person(tree.branch, everybody[2]))
    build(lambda: person(tree.sibling, everybody[0]))
    build(lambda: person(tree.bureau, everybody[1]))
    build(lambda: person(tree.stranger, "Nông Văn Xa"))
    text = read(signed(tree.bureau), "person-list")
    assert names(text, *everybody, "Nông Văn Xa") == everybody
    assert names(read(signed(tree.bureau), "person-list", below="own"), *everybody) == [everybody[1]]
    assert names(read(signed(tree.branch), "person-list"), *everybody) == [everybody[2]]
    assert names(read(signed(tree.bureau), "person-list", unit="DINH-HOA"), *everybody) == [everybody[0]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"q": "binh tran"}, ["Trần Thị Bình"]),
        ({"q": "TRẦN"}, ["Trần Thị Bình"]),
        ({"q": "mau-1"}, ["Trần Thị Bình"]),
        ({"q": "khong co ai"}, []),
        ({"employment": "contract"}, ["Lý Văn Ân"]),
        ({"gender": "male"}, ["Lý Văn Ân"]),
        ({"head": "yes"}, ["Trần Thị Bình"]),
        ({"head": "no"}, ["Lý Văn Ân", "An Văn Đức"]),
        ({"standing": "left"}, ["An Văn Đức"]),
        ({"standing": "working"}, ["Lý Văn Ân", "Trần Thị Bình"]),
    ],
)
def test_the_list_is_narrowed(tree: Tree, query: dict[str, str], found: list[str]) -> None:
    def rows() -> None:
        first, _, third = (
            person(tree.branch, "Lý Văn Ân"),
            person(tree.branch, "Trần Thị Bình", is_head=True),
            person(tree.branch, "An Văn Đức"),
        )
        Person.objects.filter(pk=first.pk).update(employment="contract", gender="male")
        Posting.objects.filter(person=third).update(valid_to=date(2022, 1, 1))

    build(rows)
    text = read(signed(tree.branch), "person-list", **query)
    assert names(text, "Lý Văn Ân", "Trần Thị Bình", "An Văn Đức") == found
    assert ("Không có ai khớp" in text) == (not found)


def test_the_rarer_filters_fold_away_until_one_is_used(tree: Tree) -> None:
    client = signed(tree.bureau)
    plain = read(client, "person-list", q="mẫu", below="own")
    assert "<details><summary>Lọc thêm</summary>" in plain
    assert "<details open><summary>Lọc thêm</summary>" in read(client, "person-list", gender="female")
    assert "<details open><summary>Lọc thêm</summary>" in read(client, "person-list", gender="?", status=422)


def test_a_new_person_is_offered_the_unit_by_name(tree: Tree) -> None:
    client = signed(tree.bureau)
    own, below = f"{tree.bureau.code} – {tree.bureau.name}", f"{tree.branch.code} – {tree.branch.name}"
    assert f'value="{own}"' in read(client, "person-create")
    assert f'value="{below}"' in read(client, "person-create", unit=tree.branch.code)
    # Of a unit out of sight nothing is told.
    assert f'value="{own}"' in read(client, "person-create", unit=tree.stranger.code)
    post(client, "person-create", **new(unit=below))
    assert build(Person.objects.get).unit == tree.branch


def test_an_empty_list_says_what_to_do(tree: Tree) -> None:
    assert "Chọn «Thêm cán bộ»" in read(signed(tree.branch), "person-list")
    assert "Cán bộ thi đua của đơn vị ghi cán bộ vào sổ" in read(signed(tree.branch, Role.HEAD), "person-list")


def test_a_filter_by_a_unit_out_of_sight_tells_nothing_about_it(tree: Tree) -> None:
    text = read(signed(tree.branch), "person-list", unit="CTHADS-CBA", status=422)
    assert "Không có đơn vị nào khớp với «CTHADS-CBA»" in text
    assert "Cao Bằng" not in text


def test_the_list_costs_the_same_for_one_and_for_many_and_comes_in_pages(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "PAGE_SIZE", 3)
    client, costs = signed(tree.bureau), {}
    read(client, "person-list")
    for number in (1, 3, 7):
        while build(Person.objects.count) < number:
            build(lambda: person(tree.branch, "Lường Thị Mẫu"))
        with CaptureQueriesContext(connection) as queries:
            text = read(client, "person-list")
        assert text.count("Lường Thị Mẫu</a>") == min(number, 3)
        costs[number] = len(queries)
    assert len(set(costs.values())) == 1
    assert read(client, "person-list", page=3).count("Lường Thị Mẫu</a>") == 1
    assert trail("open-record") == []


def test_a_name_that_very_many_share_is_counted_to_a_bound(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without words the list is counted far; nobody turns the pages of a thousand of one name."""
    monkeypatch.setattr(people_views, "PAGE_SIZE", 2)
    monkeypatch.setattr(people_views, "MOST_FOUND", 3)
    build(lambda: [person(tree.branch, "Lường Thị Mẫu") for _ in range(5)])
    client = signed(tree.bureau)
    assert "hơn 3 người ở" in read(client, "person-list", q="mẫu")
    last = read(client, "person-list", q="mẫu", page=2)
    assert names(last, "Lường Thị Mẫu")
    assert "mở được 3 dòng đầu. Lọc hẹp hơn" in last
    assert '<p class="sub">5 người ở' in read(client, "person-list")


@pytest.mark.parametrize("standing", ["left", "unposted", "working"])
def test_pages_of_a_standing_put_together_are_the_list(
    tree: Tree, standing: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people_views, "PAGE_SIZE", 2)

    def rows() -> None:
        for number in range(9):
            one = person(tree.branch, f"Lường Mẫu {'ABCDEGHIK'[number]}")
            if number % 3 == 0:
                one.postings.update(valid_to=date(2022, 1, 1))
            elif number % 3 == 1:
                one.postings.all().delete()

    build(rows)
    client, shown = signed(tree.bureau), []
    letters = "ABCDEGHIK"
    expected = {name: letters[start::3] for start, name in enumerate(("left", "unposted", "working"))}
    for page in (1, 2):
        text = read(client, "person-list", standing=standing, page=page)
        assert "3 người ở" in text
        shown += names(text, *(f"Lường Mẫu {letter}" for letter in letters))
    assert shown == [f"Lường Mẫu {letter}" for letter in expected[standing]]


def test_a_person_is_written_with_the_first_post(tree: Tree) -> None:
    post(signed(tree.bureau), "person-create", **new(full_name="  Nông   Thị Thử "))
    with maintenance_scope("test rows"):
        one = Person.objects.get(staff_code="MAU-77")
        assert (one.full_name, one.folded_name, one.unit) == ("Nông Thị Thử", "nong thi thu", tree.branch)
        assert one.birth_date == date(1990, 3, 2)
        assert list(one.postings.values_list("position", "valid_from")) == [("Chuyên viên", date(2020, 2, 1))]
    assert [verb for verb, _ in trail("create-person", "create-posting")] == ["create-person", "create-posting"]


@pytest.mark.parametrize(("last_day", "status"), [("2020-01-31", 422), ("2020-02-01", 302)])
def test_nobody_is_written_into_a_unit_that_had_ended(tree: Tree, last_day: str, status: int) -> None:
    """The post begins on 1/2/2020; a day before the unit's first one in the register is no mistake."""
    Unit.objects.filter(pk=tree.branch.pk).update(valid_from="2020-01-15", valid_to=last_day)
    answer = signed(tree.bureau).post(reverse("units:person-create"), new(unit=tree.branch.code))
    assert answer.status_code == status
    if status == 302:
        earlier = new(unit=tree.branch.code, staff_code="MAU-2", full_name="Lò Văn Mẫu", since="01/03/2012")
        assert signed(tree.bureau).post(reverse("units:person-create"), earlier).status_code == 302


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"unit": "CTHADS-CBA"}, "Không có đơn vị nào khớp"),
        ({"unit": "Chi cục"}, "Có nhiều đơn vị khớp"),
        ({"birth_date": "31/02/1990"}, "Ngày này không có thật"),
        ({"full_name": ""}, "Chưa điền mục này."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(tree: Tree, changes: dict[str, str], words: str) -> None:
    text = post(signed(tree.bureau), "person-create", status=422, **new(**changes))
    assert words in text
    assert 'value="MAU-77"' in text
    assert build(Person.objects.count) == 0


def test_a_possible_double_is_shown_and_may_be_written_knowingly(tree: Tree) -> None:
    other = build(lambda: person(tree.sibling, "Nông Thị Thử"))
    build(lambda: Person.objects.filter(pk=other.pk).update(birth_date=date(1990, 3, 2)))
    client = signed(tree.bureau)
    assert "đây là người khác" not in post(client, "person-create", status=422, **new(full_name=""))
    text = post(client, "person-create", status=422, **new(full_name="nong thi thu"))
    assert "đây là người khác" in text
    assert "Có thể người này đã có trong sổ." in text
    assert tree.sibling.name in text
    assert reverse("units:person-detail", args=[other.pk]) in text
    assert build(Person.objects.count) == 1
    post(client, "person-create", **new(is_another="on"))
    assert build(Person.objects.count) == 2


def test_a_double_out_of_sight_is_not_told(tree: Tree) -> None:
    other = build(lambda: person(tree.stranger, "Nông Thị Thử"))
    build(lambda: Person.objects.filter(pk=other.pk).update(birth_date=date(1990, 3, 2), staff_code="MAU-77"))
    post(signed(tree.bureau), "person-create", **new())


def test_a_staff_code_stands_once_in_a_unit(tree: Tree) -> None:
    other = build(lambda: person(tree.branch, "Ai Đó"))
    text = post(
        signed(tree.branch), "person-create", status=422, **new(staff_code=other.staff_code.lower(), is_another="on")
    )
    assert "đã dùng cho một người khác" in text
    assert build(Person.objects.count) == 1


def test_particulars_are_corrected_with_a_reason(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    values = new(full_name="Lường Thị Mẫu Mới", staff_code=one.staff_code)
    client = signed(tree.branch)
    text = post(client, "person-edit", one.pk, status=422, **values)
    assert "Lý do sửa: Chưa điền mục này." in text
    post(client, "person-edit", one.pk, reason="Gõ nhầm", **values)
    one = build(lambda: Person.objects.get(pk=one.pk))
    assert (one.full_name, one.folded_name) == ("Lường Thị Mẫu Mới", "luong thi mau moi")
    what = "Họ và tên: Lường Thị Mẫu → Lường Thị Mẫu Mới; Ngày sinh: (trống) → 02/03/1990"
    before = {"full_name": "Lường Thị Mẫu", "birth_date": None}
    after = {"full_name": "Lường Thị Mẫu Mới", "birth_date": "1990-03-02"}
    assert trail("edit-person") == [
        ("edit-person", {"what": what, "before": before, "after": after, "reason": "Gõ nhầm"})
    ]
    page = signed(tree.branch, Role.HEAD).get(f"/people/{one.pk}/trail/").content.decode()
    assert what in page


def test_a_corrected_choice_stands_in_the_trail_in_words(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    values = new(full_name=one.full_name, staff_code=one.staff_code, birth_date="", gender="male")
    post(signed(tree.branch), "person-edit", one.pk, reason="Gõ nhầm", **values)
    [(_, detail)] = trail("edit-person")
    assert detail["what"] == "Giới tính: Nữ → Nam"


def test_contact_and_party_are_named_in_the_trail_and_not_told(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    client = signed(tree.branch)
    post(client, "contact-edit", one.pk, email="bimat@example.vn", phone="")
    post(client, "party-edit", one.pk, is_member="on", joined_on="03/02/2001", official_on="")
    assert [trail("change-contact"), trail("change-party")] == [[("change-contact", {})], [("change-party", {})]]


def test_a_unit_has_one_head_a_day(tree: Tree) -> None:
    build(lambda: person(tree.branch, "Thủ Trưởng Mẫu", is_head=True))
    one = build(lambda: person(tree.branch, "Nông Thị Thử"))
    client = signed(tree.branch)
    values = {"position": "Chi cục trưởng", "is_head": "on", "valid_from": "01/06/2023"}
    text = post(client, "posting-create", one.pk, status=422, **values)
    assert "đã có người đứng đầu" in text
    assert "Thủ Trưởng Mẫu, Chấp hành viên, từ 01/01/2020 đến nay" in text
    build(lambda: Posting.objects.filter(is_head=True).update(valid_to=date(2023, 5, 31)))
    post(client, "posting-create", one.pk, **values)
    assert build(lambda: Posting.objects.filter(is_head=True).count()) == 2


def test_who_never_had_a_post_is_not_said_to_have_left(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    build(lambda: one.postings.all().delete())
    client = signed(tree.branch)
    assert names(read(client, "person-list", standing="left"), one.full_name) == []
    text = read(client, "person-list", standing="unposted")
    assert names(text, one.full_name) == [one.full_name]
    assert "chưa ghi chức vụ</span>" in text


def test_the_last_post_that_ends_takes_the_duties_of_the_account(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    second = build(
        lambda: Posting.objects.create(unit=tree.branch, person=one, position="Kiêm nhiệm", valid_from="2021-01-01")
    )
    first = build(lambda: one.postings.exclude(pk=second.pk).get())
    account = user("own", (tree.branch, Role.CLERK))
    account.memberships.update(person=one)
    client = signed(tree.branch)
    assert "chức vụ cuối cùng" not in read(client, "posting-end", first.pk)
    post(client, "posting-end", first.pk, last_day="31/10/2023")
    assert account.memberships.get().valid_to is None
    assert "chức vụ cuối cùng" in read(client, "posting-end", second.pk)
    assert "trước ngày bắt đầu" in post(client, "posting-end", second.pk, status=422, last_day="01/01/2020")
    post(client, "posting-end", second.pk, last_day="01/11/2023")
    assert account.memberships.get().valid_to == date(2023, 11, 1)
    assert names(read(client, "person-list", standing="left"), one.full_name) == [one.full_name]
    assert [verb for verb, _ in trail("end-posting")] == ["end-posting", "end-posting"]


def test_a_post_is_corrected_with_a_reason(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    posting = build(one.postings.get)
    values = {"position": "Thư ký", "valid_from": "01/01/2020", "valid_to": "01/01/2019", "reason": "x"}
    text = post(signed(tree.branch), "posting-edit", posting.pk, status=422, **values)
    assert "Ngày thôi giữ chức vụ phải từ ngày bắt đầu trở đi." in text
    post(signed(tree.branch), "posting-edit", posting.pk, **values | {"valid_to": ""})
    assert build(lambda: one.postings.get().position) == "Thư ký"
    assert trail("edit-posting") == [("edit-posting", {"position": "Thư ký", "reason": "x"})]


def test_a_post_kept_by_another_unit_is_read_here_and_changed_there(tree: Tree) -> None:
    one = build(lambda: person(tree.sibling))
    posting = build(one.postings.get)
    build(lambda: Person.objects.filter(pk=one.pk).update(unit=tree.branch, unit_path=tree.branch.path))
    values = {"position": "Thư ký", "valid_from": "01/01/2020", "reason": "x"}
    text = post(signed(tree.branch), "posting-edit", posting.pk, status=422, **values)
    assert f"Dòng này do {tree.sibling.name} ghi" in text
    post(signed(tree.bureau), "posting-edit", posting.pk, **values)


# What only some may read.

CONTACT = {"email": "mau@example.vn", "phone": ""}


@pytest.mark.parametrize("role", list(Role))
def test_discipline_party_and_contact_are_read_by_the_roles_that_need_them(tree: Tree, role: Role) -> None:
    def rows() -> Person:
        one = person(tree.branch)
        PartyMembership.objects.create(unit=tree.branch, person=one, joined_on=date(2011, 5, 19))
        PersonContact.objects.create(unit=tree.branch, person=one, **CONTACT)
        one.disciplinary_actions.create(
            unit=tree.branch, form="canh-cao", decision_number="MAU-KL/QĐ", decided_on=date(2023, 1, 5)
        )
        return one

    one = build(rows)
    may_open = role is not Role.MEMBER
    page = signed(tree.branch, role).get(reverse("units:person-detail", args=[one.pk]))
    assert page.status_code == (200 if may_open else 403)
    text = page.content.decode()
    assert ("MAU-KL/QĐ" in text) == (role in {Role.CLERK, Role.HEAD, Role.RECORDS})
    assert ("Cảnh cáo" in text) == (role in {Role.CLERK, Role.HEAD, Role.RECORDS})
    assert ("19/05/2011" in text) == (role in {Role.CLERK, Role.HEAD})
    assert ("mau@example.vn" in text) == (role in {Role.CLERK, Role.HEAD, Role.ADMINISTRATOR})


def test_party_and_contact_are_written_and_taken_away(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    client = signed(tree.branch)
    assert "Đã ghi ngày thì đánh dấu" in post(client, "party-edit", one.pk, status=422, joined_on="01/01/2010")
    post(client, "party-edit", one.pk, is_member="on", joined_on="01/01/2010", official_on="01/01/2011")
    assert build(lambda: PartyMembership.objects.get().joined_on) == date(2010, 1, 1)
    post(client, "party-edit", one.pk)
    assert build(PartyMembership.objects.count) == 0
    post(client, "contact-edit", one.pk, **CONTACT)
    post(client, "contact-edit", one.pk, **CONTACT | {"email": "khac@example.vn"})
    assert build(lambda: PersonContact.objects.get().email) == "khac@example.vn"
    assert [verb for verb, _ in trail("change-party", "change-contact")] == ["change-party"] * 2 + [
        "change-contact"
    ] * 2


def test_particulars_go_with_the_person_and_leave_the_old_unit(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    build(lambda: PersonContact.objects.create(unit=tree.branch, person=one, **CONTACT))
    build(lambda: Person.objects.filter(pk=one.pk).update(unit=tree.stranger, unit_path=tree.stranger.path))
    build(lambda: carry_particulars([one], tree.stranger))
    assert "mau@example.vn" in read(signed(tree.stranger), "person-detail", one.pk)
    with maintenance_scope("test rows"):
        assert PersonContact.objects.get().unit_path == tree.stranger.path


# Who opened a record.


@pytest.mark.parametrize(
    "name", ["person-detail", "person-edit", "party-edit", "contact-edit", "posting-create", "grading-create"]
)
def test_every_door_to_a_record_leaves_a_line_that_its_person_sees(tree: Tree, name: str) -> None:
    one = build(lambda: person(tree.branch))
    read(signed(tree.branch), name, one.pk)
    assert len(trail("open-record")) == 1
    text = read(signed(tree.branch, Role.STAFF, one), "my-openings")
    assert "1 lần" in text


PERSON_PAGES = {
    "person-detail": Role.HEAD,
    "person-edit": Role.CLERK,
    "party-edit": Role.CLERK,
    "contact-edit": Role.CLERK,
    "posting-create": Role.CLERK,
}


@pytest.mark.parametrize("name", list(PERSON_PAGES))
def test_a_person_of_another_unit_is_not_found_and_stands(tree: Tree, name: str) -> None:
    theirs = build(lambda: person(tree.sibling))
    for place in (tree.branch, tree.stranger):
        client = signed(place, PERSON_PAGES[name])
        read(client, name, theirs.pk, status=404)
        if name != "person-detail":
            post(client, name, theirs.pk, status=404)
    assert build(Person.objects.count) == 1


@pytest.mark.parametrize("name", ["posting-edit", "posting-end"])
def test_a_post_of_another_unit_is_not_found_and_stands(tree: Tree, name: str) -> None:
    theirs = build(lambda: person(tree.sibling))
    posting = build(theirs.postings.get)
    read(signed(tree.branch), name, posting.pk, status=404)
    post(signed(tree.stranger), name, posting.pk, status=404, last_day="01/01/2022")
    assert build(lambda: Posting.objects.get(pk=posting.pk).valid_to) is None


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.SECRETARIAT, Role.MEMBER])
def test_readers_do_not_write(tree: Tree, role: Role) -> None:
    one = build(lambda: person(tree.branch))
    posting = build(one.postings.get)
    client = signed(tree.branch, role)
    post(client, "person-create", status=403, **new())
    for name in ("person-edit", "party-edit", "contact-edit", "posting-create", "grading-create", "honour-create"):
        post(client, name, one.pk, status=403)
    for name in ("posting-edit", "posting-end"):
        post(client, name, posting.pk, status=403)
    assert build(Person.objects.count) == 1


def test_a_visitor_is_sent_to_sign_in_and_other_methods_are_refused(tree: Tree) -> None:
    one = build(lambda: person(tree.branch))
    assert Client().get(reverse("units:person-list")).status_code == 302
    client = signed(tree.branch)
    assert client.post(reverse("units:person-list")).status_code == 405
    assert client.put(reverse("units:person-edit", args=[one.pk])).status_code == 405
    assert client.delete(reverse("units:person-create")).status_code == 405


@pytest.mark.parametrize("value", ["", "b", "<&>", None])
@pytest.mark.parametrize("attributes", [{}, {"class": "wide", "aria-describedby": "x_hint", "required": True}])
def test_a_plain_select_says_what_djangos_says(value: str | None, attributes: dict[str, object]) -> None:
    choices = [
        ("", "Tất cả"),
        ("b", "Bộ & «Sở»"),
        ("<&>", "<b>Khác</b>"),
        (3, "Ba"),
        ("<Nhóm>", [("c", "Bốn"), ("d", "")]),
    ]
    ours, theirs = PlainSelect(choices=choices), forms.Select(choices=choices)
    assertHTMLEqual(ours.render("kind", value, attributes), theirs.render("kind", value, attributes))


def test_a_plain_select_asks_for_its_options_once(tree: Tree) -> None:
    field = forms.ModelChoiceField(Unit.objects.filter(kind="chi-cuc"), empty_label="Tất cả", widget=PlainSelect)
    with CaptureQueriesContext(connection) as queries:
        said = field.widget.render("unit", tree.branch.pk)
    assert len(queries) == 1
    assert f'<option value="{tree.branch.pk}" selected>{tree.branch}</option>' in said
    assert f'<option value="{tree.sibling.pk}">{tree.sibling}</option>' in said
