"""Leave and reviews of a person: written by who keeps them, read by few, and following the person."""

from datetime import date
from typing import Any

import pytest

from tests.builders import DAY, move_away
from tests.units.test_record_pages import Scene, build, post, read, signed, trail
from units.models import Circumstance, Person
from units.roles import Role
from units.scoping import unit_scope

pytestmark = pytest.mark.django_db
SICK = {"kind": "sick", "first_day": "02/01/2023", "last_day": "20/02/2023", "decision_number": "MAU-NGHI/QĐ"}
REVIEW = {"kind": "complaint", "first_day": "01/11/2023", "last_day": "", "decision_number": "MAU-XM/QĐ"}


@pytest.fixture(autouse=True)
def autumn_of_2023(settings: Any) -> None:
    settings.DEMONSTRATION_DAY = DAY.isoformat()


@pytest.fixture
def scene() -> Scene:
    return build(Scene)


def test_a_review_is_written_corrected_ended_and_taken_away(scene: Scene) -> None:
    client = signed(scene.tree.branch)
    post(client, "circumstance-create", scene.ours.pk, **REVIEW)
    assert "đã có dòng" in post(client, "circumstance-create", scene.ours.pk, status=422, **REVIEW)
    row = build(Circumstance.objects.get)
    assert (row.unit, row.last_day) == (scene.tree.branch, None)
    post(client, "circumstance-edit", row.pk, reason="Gõ nhầm", **REVIEW | {"first_day": "02/11/2023"})
    assert "ở trước ngày đầu" in post(
        client, "circumstance-end", row.pk, status=422, last_day="01/11/2023", reason="Kết luận"
    )
    post(client, "circumstance-end", row.pk, last_day="05/11/2023", reason="Kết luận: không vi phạm")
    assert build(lambda: Circumstance.objects.get().last_day) == date(2023, 11, 5)
    assert "đã có ngày cuối" in post(client, "circumstance-end", row.pk, status=422, last_day="06/11/2023", reason="x")
    post(client, "circumstance-delete", row.pk, reason="Ghi nhầm người")
    assert build(Circumstance.objects.count) == 0
    assert [one.get("reason") for one in trail("edit-circumstance", "end-circumstance", "delete-circumstance")] == [
        "Gõ nhầm",
        "Kết luận: không vi phạm",
        "Ghi nhầm người",
    ]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"last_day": ""}, "Đợt nghỉ phải có ngày cuối"),
        ({"last_day": "01/01/2023"}, "ở trước ngày đầu"),
        ({"kind": "complaint", "first_day": "01/12/2023", "last_day": ""}, "ở sau hôm nay"),
        ({"kind": "nap"}, "Chọn một mục trong danh sách."),
    ],
)
def test_what_does_not_fit_is_refused_with_what_was_typed(scene: Scene, changes: dict[str, str], words: str) -> None:
    text = post(signed(scene.tree.branch), "circumstance-create", scene.ours.pk, status=422, **SICK | changes)
    assert words in text
    assert "MAU-NGHI/QĐ" in text


def test_it_is_read_as_narrowly_as_discipline(scene: Scene) -> None:
    post(signed(scene.tree.branch, Role.RECORDS), "circumstance-create", scene.ours.pk, **REVIEW)
    for role, seen in ((Role.CLERK, True), (Role.HEAD, True), (Role.STAFF, False), (Role.SECRETARIAT, False)):
        client = signed(scene.tree.branch, role)
        page = read(client, "person-detail", scene.ours.pk)
        lines = read(client, "trail-unit", scene.tree.branch.pk) if role is not Role.CLERK else ""
        assert (
            "MAU-XM/QĐ" in page,
            "Đang xác minh đơn thư" in page,
            "từ ngày 01/11/2023" in lines,
        ) == (seen, seen, seen and role is not Role.CLERK)
        if not seen:
            post(client, "circumstance-create", scene.ours.pk, status=403, **SICK)


def test_it_follows_the_person_and_stays_with_the_unit_that_wrote_it(scene: Scene) -> None:
    post(signed(scene.tree.branch), "circumstance-create", scene.ours.pk, **SICK)
    row = build(Circumstance.objects.get)
    build(lambda: move_away(Person.objects.get(pk=scene.ours.pk), scene.tree.sibling))
    for place in (scene.tree.branch, scene.tree.sibling):
        with unit_scope(place.path):
            assert Circumstance.objects.filter(pk=row.pk).exists()
    theirs = signed(scene.tree.sibling)
    assert "MAU-NGHI/QĐ" in read(theirs, "person-detail", scene.ours.pk)
    text = post(theirs, "circumstance-delete", row.pk, status=422, reason="x")
    assert "không sửa được ở đây" in text
