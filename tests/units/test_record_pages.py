"""The record: gradings, eligibility, initiatives, discipline, honours and what becomes of them."""

from collections.abc import Callable
from datetime import date
from importlib import import_module
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from exemplars.models import Assessment
from exemplars.selectors.facts import ask_for, gather_cases
from tests.builders import DAY, Tree, person, title, user
from tests.exemplars.test_nominations import Story
from units.discipline_file import find_ladder, form_label, read_discipline
from units.models import (
    AuditEntry,
    DisciplinaryAction,
    Grading,
    Honour,
    Initiative,
    Membership,
    Person,
    TitleEligibility,
    Unit,
    UnitName,
)
from units.roles import Role
from units.scoping import council_scope, maintenance_scope

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


class Scene:
    """A person in a Chi cục, one beside it, and titles to give."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.ours = person(self.tree.branch, "Lường Thị Mẫu")
        self.theirs = person(self.tree.sibling, "Trần Văn Thí Dụ")
        self.title = title("CSTDCS", name="Chiến sĩ thi đua cơ sở")
        self.flag = title("TTLDTT", name="Tập thể Lao động tiên tiến", subject="collective")
        self.letter = title("GK", name="Giấy khen", kind="commendation", subject="both", ladder="c")


@pytest.fixture
def scene() -> Scene:
    return build(Scene)


def build(make: Callable[[], Any]) -> Any:
    with maintenance_scope("test rows"):
        return make()


def signed(place: Unit, role: Role = Role.CLERK) -> Client:
    client = Client()
    client.force_login(user(f"account{Membership.objects.count()}", (place, role)))
    return client


def read(client: Client, name: str, *arguments: Any, status: int = 200, **query: Any) -> str:
    page = client.get(reverse(f"units:{name}", args=arguments), query)
    assert page.status_code == status
    return str(page.content.decode())


def post(client: Client, name: str, *arguments: Any, status: int = 302, **data: Any) -> str:
    page = client.post(reverse(f"units:{name}", args=arguments), data)
    assert page.status_code == status, page.content.decode()
    return str(page.content.decode())


def trail(*verbs: str) -> list[dict[str, Any]]:
    with maintenance_scope("test rows"):
        return list(AuditEntry.objects.filter(verb__in=verbs).values_list("detail", flat=True))


PAPER = {"decision_number": "MAU-12/QĐ", "decided_on": "06/11/2023"}
ISSUED = PAPER | {"issuer": "Cục THADS tỉnh Thái Nguyên"}
GRADED = PAPER | {"year": "2022", "grade": "good"}
FOUND = PAPER | {"year": "2022", "title": "CSTDCS", "is_eligible": "yes"}
AWARD = ISSUED | {"year": "2022", "title": "CSTDCS"}
PUNISHED = {"form": "canh-cao", "decision_number": "MAU-KL/QĐ", "decided_on": "06/01/2023"}
IDEA = ISSUED | {"title": "Mẫu biểu chung", "year": "2022", "level": "grassroots", "share": "60"}


def test_a_grading_is_written_corrected_and_taken_away(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    post(client, "grading-create", scene.ours.pk, **GRADED)
    row = build(Grading.objects.get)
    assert (row.person_id, row.grade, row.year) == (scene.ours.pk, "good", 2022)
    text = post(client, "grading-create", scene.ours.pk, status=422, **GRADED)
    assert "Lường Thị Mẫu đã có kết quả xếp loại năm 2022." in text
    assert "ở sau hôm nay" in post(
        client, "grading-create", scene.ours.pk, status=422, **GRADED | {"year": "2023", "decided_on": "01/12/2023"}
    )
    post(client, "grading-edit", row.pk, reason="Gõ nhầm", **GRADED | {"grade": "excellent"})
    assert build(lambda: Grading.objects.get().grade) == "excellent"
    assert "Lý do xóa: Chưa điền mục này." in post(client, "grading-delete", row.pk, status=422)
    post(client, "grading-delete", row.pk, reason="Ghi nhầm người")
    assert build(Grading.objects.count) == 0
    assert [one.get("reason") for one in trail("edit-grading", "delete-grading")] == ["Gõ nhầm", "Ghi nhầm người"]
    text = read(signed(scene.tree.branch, Role.HEAD), "trail-person", scene.ours.pk)
    assert "từ «2022: Hoàn thành tốt nhiệm vụ» thành «2022: Hoàn thành xuất sắc nhiệm vụ»" in text


def test_a_finding_of_eligibility_is_written_and_corrected(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    post(client, "eligibility-create", scene.ours.pk, **FOUND)
    assert "đã có kết quả xét" in post(client, "eligibility-create", scene.ours.pk, status=422, **FOUND)
    assert "Chọn một mục trong danh mục" in post(
        client, "eligibility-create", scene.ours.pk, status=422, **FOUND | {"title": "TTLDTT"}
    )
    row = build(TitleEligibility.objects.get)
    post(client, "eligibility-edit", row.pk, reason="Họp lại", **FOUND | {"is_eligible": "no"})
    assert build(lambda: TitleEligibility.objects.get().is_eligible) is False
    post(client, "eligibility-delete", row.pk, reason="Nhầm")
    assert build(TitleEligibility.objects.count) == 0


def test_the_record_of_a_collective_is_kept_on_its_own_page(scene: Scene) -> None:
    client, branch = signed(scene.tree.branch), scene.tree.branch
    assert "Chưa có kết quả xếp loại" in read(client, "unit-record", branch.pk)
    post(client, "unit-grading-create", branch.pk, **GRADED)
    post(client, "unit-eligibility-create", branch.pk, **FOUND | {"title": "TTLDTT"})
    post(client, "unit-honour-create", branch.pk, **AWARD | {"title": "TTLDTT", "subject_name": "", "subject_unit": ""})
    text = read(signed(scene.tree.bureau, Role.STAFF), "unit-record", branch.pk)
    for words in ("Hoàn thành tốt nhiệm vụ", "Đủ điều kiện xét", "MAU-12/QĐ", "Tập thể Lao động tiên tiến"):
        assert words in text
    read(signed(scene.tree.sibling), "unit-record", branch.pk, status=404)
    for name in ("unit-grading-create", "unit-eligibility-create", "unit-honour-create"):
        post(signed(scene.tree.sibling), name, branch.pk, status=404, **GRADED)
    row = build(lambda: Grading.objects.get(collective=branch))
    post(client, "grading-edit", row.pk, reason="x", **GRADED | {"grade": "failed"})
    assert build(lambda: Grading.objects.get().grade) == "failed"


def test_an_initiative_stands_with_every_author(scene: Scene) -> None:
    second = build(lambda: person(scene.tree.branch, "Nông Văn Thử"))
    client = signed(scene.tree.branch)
    others = f"{second.staff_code}; 50"
    text = post(client, "initiative-create", scene.ours.pk, status=422, others=others, **IDEA)
    assert "Tổng tỷ lệ đóng góp của các tác giả là 110%" in text
    text = post(client, "initiative-create", scene.ours.pk, status=422, others=scene.theirs.staff_code, **IDEA)
    assert "chưa đúng mẫu" in text
    text = post(client, "initiative-create", scene.ours.pk, status=422, others=f"{scene.theirs.staff_code};40", **IDEA)
    assert "không tìm thấy ai" in text
    assert build(Initiative.objects.count) == 0
    post(client, "initiative-create", scene.ours.pk, others="nong van thu; 40%", **IDEA)
    assert build(lambda: set(Initiative.objects.values_list("person__full_name", "share"))) == {
        ("Lường Thị Mẫu", 60),
        ("Nông Văn Thử", 40),
    }
    assert "đã được ghi" in post(client, "initiative-create", second.pk, status=422, **IDEA)
    row = build(lambda: Initiative.objects.get(person=scene.ours))
    post(client, "initiative-edit", row.pk, reason="Đúng tên", **IDEA | {"title": "Mẫu biểu dùng chung"})
    assert build(lambda: set(Initiative.objects.values_list("title", flat=True))) == {"Mẫu biểu dùng chung"}
    post(client, "initiative-delete", row.pk, reason="Nhầm")
    assert build(Initiative.objects.count) == 1
    assert "Mẫu biểu dùng chung" in read(client, "person-detail", second.pk)


# Discipline.


def test_a_form_is_chosen_from_the_ladder_of_its_day_and_lapses_by_rule(scene: Scene) -> None:
    client = signed(scene.tree.branch, Role.RECORDS)
    post(client, "discipline-create", scene.ours.pk, **PUNISHED)
    row = build(DisciplinaryAction.objects.get)
    assert (row.form, row.effective_until, row.unit) == ("canh-cao", date(2024, 1, 5), scene.tree.branch)
    assert "đã được ghi" in post(client, "discipline-create", scene.ours.pk, status=422, **PUNISHED)
    post(client, "discipline-edit", row.pk, reason="Theo quyết định", effective_until="30/06/2023", **PUNISHED)
    assert build(lambda: DisciplinaryAction.objects.get().effective_until) == date(2023, 6, 30)
    post(client, "discipline-delete", row.pk, reason="Quyết định bị hủy")
    assert build(DisciplinaryAction.objects.count) == 0


def test_a_form_that_did_not_exist_on_the_day_is_refused_with_those_that_did(scene: Scene, settings: Any) -> None:
    settings.DEMONSTRATION_DAY = "2025-12-01"
    client = signed(scene.tree.branch, Role.RECORDS)
    lowered = PUNISHED | {"form": "ha-bac-luong"}
    text = post(client, "discipline-create", scene.ours.pk, status=422, **lowered | {"decided_on": "01/07/2025"})
    assert "Chọn một trong: khiển trách, cảnh cáo, cách chức, buộc thôi việc." in text
    post(client, "discipline-create", scene.ours.pk, **lowered | {"decided_on": "30/06/2025"})


def test_the_shipped_ladders_agree_with_those_of_the_rulebook() -> None:
    from exemplars import rules
    from tests.builders import RULEBOOK

    rulebook = rules.parse_rulebook(RULEBOOK.read_text(encoding="utf-8"))
    judged = {
        (employment.value, ladder.valid_from, tuple((step.code, step.label) for step in ladder.steps))
        for ladder in rulebook.ladders.items
        if ladder.kind.value == "discipline"
        for employment in ladder.employment
    }
    ours = {
        (one.employment, one.valid_from, tuple((form.code, form.label) for form in one.forms))
        for one in read_discipline()
    }
    assert ours == judged


@pytest.mark.parametrize(
    ("employment", "form", "decided_on", "last_day"),
    [
        ("civil-servant", "khien-trach", date(2023, 2, 28), date(2024, 2, 27)),
        ("civil-servant", "canh-cao", date(2024, 2, 29), date(2025, 2, 27)),
        ("contract", "khien-trach", date(2023, 11, 30), date(2024, 2, 28)),
        ("contract", "cach-chuc", date(2023, 1, 1), date(2025, 12, 31)),
        ("civil-servant", "buoc-thoi-viec", date(2023, 1, 1), None),
    ],
)
def test_a_form_counts_for_its_months(employment: str, form: str, decided_on: date, last_day: date | None) -> None:
    ladder = find_ladder(employment, decided_on)
    assert ladder is not None
    found = ladder.form(form)
    assert found is not None
    assert found.last_day(decided_on) == last_day
    assert form_label("khong-co") == "khong-co"


def test_lines_about_discipline_are_read_by_those_who_read_discipline(scene: Scene) -> None:
    post(signed(scene.tree.branch, Role.RECORDS), "discipline-create", scene.ours.pk, **PUNISHED)
    for role, seen in ((Role.HEAD, True), (Role.STAFF, False), (Role.SECRETARIAT, False)):
        for name, key in (("trail-person", scene.ours.pk), ("trail-unit", scene.tree.branch.pk)):
            text = read(signed(scene.tree.branch, role), name, key)
            assert ("MAU-KL/QĐ" in text) is seen


def test_an_assessment_says_unmet_and_not_which_form_or_decision(settings: Any) -> None:
    story = build(Story)
    with maintenance_scope("test rows"):
        nominee = story.tree.branch
        nomination = story.create(nominee)
        DisciplinaryAction.objects.create(
            unit=nominee,
            person=story.nominee,
            form="canh-cao",
            decision_number="MAU-KL/QĐ",
            decided_on=date(2023, 1, 5),
        )
        from exemplars.services.assessments import store_assessment
        from tests.builders import AT

        stored = store_assessment(nomination, occasion="submit", day=DAY, at=AT)
        assert stored is not None
        told = str(stored.findings)
        assert "bị kỷ luật" in told
        for secret in ("MAU-KL/QĐ", "Cảnh cáo", "canh-cao"):
            assert secret not in told
        assert "MAU-KL/QĐ" in str(stored.question)
    for role in (Role.CLERK, Role.HEAD):
        client = signed(story.tree.branch, role)
        text = client.get(nomination.get_absolute_url()).content.decode()
        assert "MAU-KL/QĐ" not in text
        assert "bị kỷ luật" in text


def test_a_council_reaches_findings_but_no_discipline_party_or_contact(settings: Any) -> None:
    story = build(Story)
    with maintenance_scope("test rows"):
        one = story.nominee
        nomination = story.submitted()
        DisciplinaryAction.objects.create(
            unit=one.unit, person=one, form="canh-cao", decision_number="MAU-KL/QĐ", decided_on=date(2023, 1, 5)
        )
        assert Assessment.objects.filter(nomination=nomination).exists()
    grants = {"nomination": frozenset({nomination.pk}), "person": frozenset({one.pk})}
    with transaction.atomic(), council_scope(grants):
        assert Assessment.objects.defer("question").count() == 1
        assert list(DisciplinaryAction.objects.all()) == []
        for query in (
            "SELECT question FROM exemplars_assessment",
            "SELECT count(*) FROM units_disciplinaryaction",
            "SELECT count(*) FROM units_partymembership",
            "SELECT count(*) FROM units_personcontact",
        ):
            with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(query)


# Honours.


def test_an_honour_freezes_name_post_and_unit_of_the_day(scene: Scene) -> None:
    branch = scene.tree.branch
    build(
        lambda: UnitName.objects.create(
            unit=branch,
            name="Chi cục tên cũ",
            short_name="Cũ",
            place="x",
            valid_from="2020-01-01",
            valid_to="2023-10-31",
        )
    )
    now = {"name": branch.name, "short_name": branch.short_name, "place": branch.place}
    build(lambda: UnitName.objects.create(unit=branch, valid_from="2023-11-01", **now))
    client = signed(branch)
    post(client, "honour-create", scene.ours.pk, **AWARD | {"decided_on": "31/10/2023"})
    post(client, "honour-create", scene.ours.pk, **AWARD | {"year": "2021", "decided_on": "01/11/2023"})
    frozen = build(lambda: list(Honour.objects.order_by("decided_on").values_list("subject_position", "subject_unit")))
    assert frozen == [("Chấp hành viên", "Chi cục tên cũ"), ("Chấp hành viên", branch.name)]
    said = {"subject_name": "Lường Thị M.", "subject_position": "Thư ký", "subject_unit": "Phòng Mẫu"}
    post(client, "honour-create", scene.ours.pk, **AWARD | {"year": "2020"} | said)
    found = build(lambda: Honour.objects.get(year=2020))
    assert (found.subject_name, found.subject_position, found.subject_unit) == tuple(said.values())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"decision_number": ""}, "Số quyết định: Chưa điền mục này."),
        ({"issuer": ""}, "Cơ quan ban hành: Chưa điền mục này."),
        ({"decided_on": ""}, "Ngày quyết định: Chưa điền mục này."),
        ({"decided_on": "01/02/2021"}, "Ngày quyết định trước năm 2022"),
        ({"decided_on": "01/12/2023"}, "ở sau hôm nay"),
        ({"title": "TTLDTT"}, "Chọn một mục trong danh mục."),
    ],
)
def test_an_honour_without_its_paper_is_refused(scene: Scene, changes: dict[str, str], words: str) -> None:
    text = post(signed(scene.tree.branch), "honour-create", scene.ours.pk, status=422, **AWARD | changes)
    assert words in text
    assert build(Honour.objects.count) == 0


def test_a_title_is_held_once_a_year_and_a_commendation_once_by_decision(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    post(client, "honour-create", scene.ours.pk, **AWARD)
    text = post(client, "honour-create", scene.ours.pk, status=422, **AWARD | {"decision_number": "MAU-13/QĐ"})
    assert "đã có Chiến sĩ thi đua cơ sở năm 2022 trong sổ" in text
    assert "Quyết định số MAU-12/QĐ" in text
    for number in ("MAU-20/QĐ", "MAU-21/QĐ"):
        post(client, "honour-create", scene.ours.pk, **AWARD | {"title": "GK", "decision_number": number})
    post(client, "honour-create", scene.ours.pk, status=422, **AWARD | {"title": "GK", "decision_number": "MAU-21/QĐ"})
    assert build(Honour.objects.count) == 3


def test_a_correction_is_a_new_entry_and_the_old_one_stays_struck_through(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    post(client, "honour-create", scene.ours.pk, **AWARD)
    old = build(Honour.objects.get)
    values = AWARD | {"decision_number": "MAU-99/QĐ", "subject_name": "", "subject_unit": ""}
    assert "Lý do đính chính" in post(client, "honour-correct", old.pk, status=422, **values)
    post(client, "honour-correct", old.pk, reason="Sai số", **values)
    with maintenance_scope("test rows"):
        old.refresh_from_db()
        new = Honour.objects.get(stands=True)
        assert (old.stands, old.decision_number, new.supersedes) == (False, "MAU-12/QĐ", old)
    text = read(client, "person-detail", scene.ours.pk)
    assert "<s>MAU-12/QĐ, 06/11/2023</s>" in text
    assert "Đã đính chính. Lý do: Sai số" in text
    assert "MAU-99/QĐ" in text
    assert "đã được đính chính hoặc thu hồi" in post(client, "honour-correct", old.pk, status=422, reason="x", **values)
    assert trail("correct-honour") == [{"number": "MAU-12/QĐ", "year": 2022, "reason": "Sai số"}]


def test_a_revocation_is_a_new_event_and_the_entry_stays(scene: Scene) -> None:
    post(signed(scene.tree.branch), "honour-create", scene.ours.pk, **AWARD)
    honour = build(Honour.objects.get)
    client = signed(scene.tree.branch, Role.RECORDS)
    values = ISSUED | {"kind": "annulled", "decision_number": "MAU-HB/QĐ", "reason": "Kê khai sai"}
    text = post(client, "honour-revoke", honour.pk, status=422, **values | {"decided_on": "01/01/2023"})
    assert "trước quyết định khen thưởng" in text
    post(client, "honour-revoke", honour.pk, **values | {"decided_on": "10/11/2023"})
    text = read(client, "person-detail", scene.ours.pk)
    assert "<s>MAU-12/QĐ, 06/11/2023</s>" in text
    assert "Hủy bỏ quyết định tặng: Quyết định MAU-HB/QĐ ngày 10/11/2023" in text
    assert build(Honour.objects.get).stands is False
    post(signed(scene.tree.branch), "honour-revoke", honour.pk, status=403, **values)
    # What was taken back may be entered again when a new decision gives it.
    post(signed(scene.tree.branch), "honour-create", scene.ours.pk, **AWARD | {"decision_number": "MAU-30/QĐ"})


def test_criteria_papers_and_reviewers_read_what_stands(settings: Any) -> None:
    from reports.selectors.dossiers import gather_dossier, list_nominations

    story = build(Story)
    with maintenance_scope("test rows"):
        nomination = story.submitted()
        for number, stands in (("MAU-CU/QĐ", False), ("MAU-MOI/QĐ", True)):
            Honour.objects.create(
                unit=nomination.unit,
                person=nomination.person,
                title=title("LDTT"),
                year=2022,
                issuer="Cục",
                decision_number=number,
                decided_on=date(2022, 12, 1),
                subject_name="x",
                subject_unit="y",
                stands=stands,
            )
        case = gather_cases([ask_for(nomination, None)], day=DAY)[nomination.pk]
        assert [one.source.decision for one in case.facts.honours or ()] == ["MAU-MOI/QĐ"]
        facts = gather_dossier(list_nominations().get(pk=nomination.pk))
        assert [one.number for one in facts.honours] == ["MAU-MOI/QĐ"]
    text = signed(story.tree.branch).get(nomination.get_absolute_url()).content.decode()
    assert "MAU-MOI/QĐ" in text
    assert "MAU-CU/QĐ" not in text


# Every row of another unit.


def test_rows_of_another_unit_are_not_found_and_stand(scene: Scene) -> None:
    clerk, records = signed(scene.tree.sibling), signed(scene.tree.sibling, Role.RECORDS)
    post(clerk, "grading-create", scene.theirs.pk, **GRADED)
    post(clerk, "eligibility-create", scene.theirs.pk, **FOUND)
    post(clerk, "initiative-create", scene.theirs.pk, **IDEA)
    post(records, "discipline-create", scene.theirs.pk, **PUNISHED)
    post(clerk, "honour-create", scene.theirs.pk, **AWARD)
    rows = {
        "grading": build(Grading.objects.get),
        "eligibility": build(TitleEligibility.objects.get),
        "initiative": build(Initiative.objects.get),
        "discipline": build(DisciplinaryAction.objects.get),
    }
    ours = signed(scene.tree.branch, Role.RECORDS)
    for name, row in rows.items():
        read(ours, f"{name}-edit", row.pk, status=404)
        post(ours, f"{name}-delete", row.pk, status=404, reason="x")
        post(ours, f"{name}-create", scene.theirs.pk, status=404)
        assert build(lambda row=row: type(row).objects.filter(pk=row.pk).exists())
    honour = build(Honour.objects.get)
    post(ours, "honour-correct", honour.pk, status=404, reason="x", **AWARD)
    post(ours, "honour-revoke", honour.pk, status=404, reason="x", **ISSUED)
    post(ours, "honour-create", scene.theirs.pk, status=404, **AWARD)
    assert build(Honour.objects.get).stands


@pytest.mark.parametrize("role", [Role.HEAD, Role.STAFF, Role.SECRETARIAT, Role.MEMBER, Role.ADMINISTRATOR])
def test_only_clerk_and_records_touch_discipline(scene: Scene, role: Role) -> None:
    post(signed(scene.tree.branch, role), "discipline-create", scene.ours.pk, status=403, **PUNISHED)
    assert build(DisciplinaryAction.objects.count) == 0


# Decisions of past years.


def decision(*rows: tuple[str, str, str], act: str = "save", **changes: str) -> dict[str, str]:
    data = AWARD | {act: "1", "row-TOTAL_FORMS": str(len(rows)), "row-INITIAL_FORMS": "0"} | changes
    for number, (kind, typed, position) in enumerate(rows):
        data |= {f"row-{number}-kind": kind, f"row-{number}-typed": typed, f"row-{number}-position": position}
    return data


def test_a_past_decision_is_checked_then_written_as_one(scene: Scene) -> None:
    client = signed(scene.tree.bureau, Role.RECORDS)
    rows = (("person", scene.ours.staff_code, ""), ("person", "tran van thi du", "Thư ký"), ("person", "", ""))
    text = post(client, "past-decision-create", status=200, **decision(*rows, act="check"))
    assert "Cả 2 dòng ghi được" in text
    assert "Lường Thị Mẫu, Chấp hành viên" in text
    assert build(Honour.objects.count) == 0
    post(client, "past-decision-create", **decision(*rows))
    found = build(
        lambda: list(Honour.objects.order_by("subject_name").values_list("subject_name", "subject_position", "unit"))
    )
    assert found == [
        ("Lường Thị Mẫu", "Chấp hành viên", scene.tree.branch.pk),
        ("Trần Văn Thí Dụ", "Thư ký", scene.tree.sibling.pk),
    ]
    assert len(trail("create-honour")) == 2
    text = post(client, "past-decision-create", status=422, **decision(*rows))
    assert "Còn 2 dòng chưa ghi được" in text
    assert text.count("đã có Chiến sĩ thi đua cơ sở năm 2022 trong sổ") == 2


def test_one_wrong_row_writes_nothing_and_keeps_what_was_typed(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    rows = (
        ("person", scene.ours.staff_code, ""),
        ("person", scene.ours.full_name, ""),
        ("person", scene.theirs.staff_code, "Chức vụ gõ tay"),
        ("collective", scene.tree.branch.code, ""),
    )
    text = post(client, "past-decision-create", status=422, **decision(*rows))
    assert "Còn 3 dòng chưa ghi được" in text
    assert "Đã có ở một dòng phía trên." in text
    assert "Không tìm thấy cán bộ này" in text
    assert "không dành cho tập thể" in text
    assert 'value="Chức vụ gõ tay"' in text
    assert scene.theirs.full_name not in text
    assert build(Honour.objects.count) == 0


def test_a_name_that_two_people_bear_asks_for_the_code(scene: Scene) -> None:
    build(lambda: person(scene.tree.sibling, "Lường Thị Mẫu"))
    row = ("person", "Lường Thị Mẫu", "")
    text = post(signed(scene.tree.bureau), "past-decision-create", status=422, **decision(row, act="check"))
    assert "Có 2 nơi khớp" in text


def test_a_decision_for_collectives(scene: Scene) -> None:
    rows = (("collective", scene.tree.branch.name, ""), ("collective", "DINH-HOA", ""))
    post(signed(scene.tree.bureau), "past-decision-create", **decision(*rows, title="TTLDTT"))
    assert build(lambda: set(Honour.objects.values_list("collective", flat=True))) == {
        scene.tree.branch.pk,
        scene.tree.sibling.pk,
    }


def test_rows_are_added_without_a_script_and_nothing_is_lost(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    data = decision(("person", "gõ dở", "Thư ký"), act="more")
    text = post(client, "past-decision-create", status=200, **data)
    assert 'value="gõ dở"' in text
    assert 'value="MAU-12/QĐ"' in text
    assert 'name="row-10-typed"' in text


def test_an_empty_list_is_told(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    assert "chưa có dòng nào" in post(client, "past-decision-create", status=422, **decision(act="check"))
    assert "chưa có dòng nào" in post(client, "past-decision-create", status=422, **decision())
    assert "Số quyết định: Chưa điền" in post(client, "past-decision-create", status=422, decision_number="")


def test_the_check_costs_the_same_for_one_row_and_for_many(scene: Scene) -> None:
    client, costs = signed(scene.tree.bureau), []
    people = [scene.ours, *(build(lambda n=n: person(scene.tree.branch, f"Nông Văn {n}")) for n in "ABCDEF")]
    read(client, "past-decision-create")
    for number in (1, 3, 7):
        rows = [("person", one.staff_code, "") for one in people[:number]]
        with CaptureQueriesContext(connection) as queries:
            post(client, "past-decision-create", status=200, **decision(*rows, act="check"))
        costs.append(len(queries))
    assert len(set(costs)) == 1


def test_a_record_costs_the_same_for_one_line_and_for_many(scene: Scene) -> None:
    client, costs = signed(scene.tree.branch), []
    read(client, "person-detail", scene.ours.pk)
    for year in (2019, 2020, 2021):
        for number in range(1 if year == 2019 else 2):
            post(client, "grading-create", scene.ours.pk, **GRADED | {"year": str(year + 10 * number - 20)})
        post(client, "honour-create", scene.ours.pk, **AWARD | {"year": str(year)})
        read(client, "help")  # the confirmations were read
        with CaptureQueriesContext(connection) as queries:
            read(client, "person-detail", scene.ours.pk)
        costs.append(len(queries))
    assert len(set(costs)) == 1
    assert build(Person.objects.count) == 2


def test_findings_stored_before_lose_form_and_number(settings: Any) -> None:
    scrub = import_module("exemplars.migrations.0006_findings_without_discipline").SCRUB
    story = build(Story)
    with maintenance_scope("test rows"):
        stored = story.submitted().assessments.get()
        kept = {"text": "Xếp loại", "decision": "MAU-1/QĐ", "on": None, "by": ""}
        told = {"text": "Kỷ luật: Cảnh cáo", "decision": "MAU-KL/QĐ", "on": "2023-01-05", "by": ""}
        stored.findings[0]["evidence"] = [kept, told]
        others = stored.findings[1:]
        stored.save(update_fields=["findings"])
        with connection.cursor() as cursor:
            cursor.execute(scrub, [])
        stored.refresh_from_db()
        first, *rest = stored.findings
        assert first["evidence"][0] == kept
        assert first["evidence"][1] | {"on": None} == {
            "text": "Có quyết định kỷ luật trong thời gian xét",
            "decision": "",
            "on": None,
            "by": "",
        }
        assert first["evidence"][1]["on"] is None
        assert rest == others
