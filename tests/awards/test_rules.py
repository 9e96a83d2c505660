"""Dated editions of a rule of counting, kept at the top of the system."""

from datetime import date
from typing import Any

import pytest
from django.urls import reverse

from awards.models import Denominator, VotingRule
from awards.services.rules import add_rule, edit_rule
from tests.awards.room import RULE, Room, signed_in
from tests.builders import AT, actor
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role

pytestmark = pytest.mark.django_db


def typed(**changes: Any) -> dict[str, Any]:
    return {
        "title": "Công nhận điển hình tiên tiến",
        "valid_from": "01/01/2025",
        "valid_to": "",
        "kinds": ["approve", "choose"],
        "quorum": "2/3",
        "threshold": "0,8",
        "denominator": "members",
        "tie": "nobody",
        "blank_is_valid": "on",
        "citation": "Nghị định mẫu, Điều 1",
        "confirmed": "on",
    } | changes


def test_the_top_adds_an_edition_and_the_open_one_ends_the_day_before(room: Room) -> None:
    old = VotingRule.objects.get(code=RULE)
    desk = signed_in(actor(room.tree.ministry, Role.SECRETARIAT))
    address = reverse("awards:rule-add", args=[old.pk])
    wrong = desk.post(address, typed(threshold="80%"))
    assert wrong.status_code == 422
    assert "Nghị định mẫu, Điều 1" in wrong.content.decode()
    assert desk.post(address, typed()).status_code == 302
    new = VotingRule.objects.get(code=RULE, valid_from=date(2025, 1, 1))
    old.refresh_from_db()
    assert (new.threshold, new.tie, new.confirmed, old.valid_to) == ("0.8", "nobody", True, date(2024, 12, 31))
    assert AuditEntry.objects.get(verb="add-rule").detail["citation"] == "Nghị định mẫu, Điều 1"
    assert "đến 31/12/2024" in desk.get(reverse("awards:rule-list")).content.decode()


def test_an_edition_for_points_names_its_scale_and_stands_alone(room: Room) -> None:
    old = VotingRule.objects.get(code="score-sheet")
    desk = signed_in(actor(room.tree.ministry, Role.SECRETARIAT))
    address = reverse("awards:rule-add", args=[old.pk])
    scale = {"kinds": ["score"], "max_score": "10", "step": "0,25"}
    for wrong, told in (
        ({"max_score": ""}, "Phải là số lớn hơn 0"),
        ({"step": "3"}, "số nguyên lần bậc điểm"),
        ({"kinds": ["score", "approve"]}, "lập cách tính riêng"),
        ({"kinds": ["approve"]}, "Chỉ ghi khi cách tính dùng để chấm điểm"),
    ):
        page = desk.post(address, typed(**scale | wrong))
        assert page.status_code == 422
        assert told in page.content.decode()
    assert desk.post(address, typed(**scale)).status_code == 302
    new = VotingRule.objects.get(code="score-sheet", valid_from=date(2025, 1, 1))
    assert (new.kinds, new.max_score, new.step) == (["score"], "10", "0.25")
    assert "Thang 0–10, bậc 0,25" in desk.get(reverse("awards:rule-list")).content.decode()


def test_days_of_another_edition_are_refused_and_nothing_moves(room: Room) -> None:
    old = VotingRule.objects.get(code=RULE)
    desk = signed_in(actor(room.tree.ministry, Role.SECRETARIAT))
    page = desk.post(reverse("awards:rule-add", args=[old.pk]), typed(valid_from="01/01/2020", valid_to="01/06/2021"))
    assert page.status_code == 422
    assert "khoảng ngày đã có bản khác" in page.content.decode()
    assert list(VotingRule.objects.filter(code=RULE).values_list("valid_to", flat=True)) == [None]


def test_an_edition_is_mended_until_it_was_compared_with_the_text(room: Room) -> None:
    old = VotingRule.objects.get(code=RULE)
    VotingRule.objects.filter(pk=old.pk).update(confirmed=False)
    desk = signed_in(actor(room.tree.ministry, Role.SECRETARIAT))
    address, first = reverse("awards:rule-edit", args=[old.pk]), f"{old.valid_from:%d/%m/%Y}"
    assert address in desk.get(reverse("awards:rule-list")).content.decode()
    page = desk.get(address).content.decode()
    assert first in page
    assert old.citation in page
    silent = desk.post(address, typed(valid_from=first, confirmed=""))
    assert silent.status_code == 422
    said = {"valid_from": first, "reason": "Đã xem văn bản mẫu"}
    assert desk.post(address, typed(**said, confirmed="", denominator="valid")).status_code == 302
    old.refresh_from_db()
    assert (old.denominator, old.threshold, old.confirmed, old.valid_to) == ("valid", "0.8", False, None)
    told = AuditEntry.objects.get(verb="edit-rule").detail
    assert f"thành «{Denominator.VALID.label}»" in told["what"]
    assert told["reason"] == "Đã xem văn bản mẫu"
    assert "Đã xem văn bản mẫu" in desk.get(reverse("awards:rule-list")).content.decode()
    # Ticking the box ends the mending.
    assert desk.post(address, typed(**said)).status_code == 302
    assert address not in desk.get(reverse("awards:rule-list")).content.decode()
    late = desk.post(address, typed(**said, threshold="2/3"))
    assert late.status_code == 422
    assert "đã được đối chiếu" in late.content.decode()
    old.refresh_from_db()
    assert (old.threshold, old.confirmed) == ("0.8", True)


def test_mending_an_edition_into_the_days_of_another_is_refused(room: Room) -> None:
    old = VotingRule.objects.get(code=RULE)
    desk = signed_in(actor(room.tree.ministry, Role.SECRETARIAT))
    assert desk.post(reverse("awards:rule-add", args=[old.pk]), typed(confirmed="")).status_code == 302
    new = VotingRule.objects.get(code=RULE, valid_from=date(2025, 1, 1))
    page = desk.post(reverse("awards:rule-edit", args=[new.pk]), typed(valid_from="31/12/2024", reason="Mẫu"))
    assert page.status_code == 422
    assert "khoảng ngày đã có bản khác" in page.content.decode()
    new.refresh_from_db()
    assert new.valid_from == date(2025, 1, 1)


def test_below_the_top_editions_are_only_read(room: Room) -> None:
    old = VotingRule.objects.get(code=RULE)
    VotingRule.objects.update(confirmed=False)
    desk = signed_in(room.secretariat)
    page = desk.get(reverse("awards:rule-list")).content.decode()
    assert "Thêm bản mới" not in page
    assert reverse("awards:rule-edit", args=[old.pk]) not in page
    assert desk.post(reverse("awards:rule-add", args=[old.pk]), typed()).status_code == 403
    assert desk.post(reverse("awards:rule-edit", args=[old.pk]), typed(reason="Mẫu")).status_code == 403
    values = {"valid_from": old.valid_from, "valid_to": None, "threshold": "1/2"}
    with pytest.raises(RefusedError, match="cấp cao nhất"):
        edit_rule(old, values, reason="Mẫu", actor=room.secretariat, at=AT)
    with pytest.raises(RefusedError, match="cấp cao nhất"):
        add_rule(old, {"valid_from": date(2025, 1, 1), "valid_to": None}, actor=room.secretariat)
