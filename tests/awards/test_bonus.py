"""Bonus money: exact, by the day of signing, and silent where no figure is known."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.urls import reverse

from awards.bonus import bonus_of
from awards.bonus_file import BONUS_FIGURES, read_bonus_figures
from awards.models import BaseSalary, BonusPrinciple, BonusRate, Decision
from awards.selectors.bonus import describe_bonus
from awards.services.bonus import add_bonus_figure, edit_bonus_figure
from tests.awards.room import Room, signed_in
from tests.awards.test_decision_revocations import BOTH, revoke
from tests.awards.test_decisions import issue
from tests.builders import AT, actor, title
from tests.reports.reading import text_of
from units.clock import today
from units.data_file import DataFileError
from units.models import Honour
from units.refusals import RefusedError
from units.roles import Role
from units.services.register import load_catalogues

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("multiple", "base", "step", "amount"),
    [
        ("1", 1_490_000, 10_000, 1_490_000),
        ("0.3", 1_490_000, 10_000, 450_000),
        ("4.5", 2_340_000, 10_000, 10_530_000),
        ("0.333", 1_000_000, 1, 333_000),
        ("0.1", 3, 1, 1),
    ],
)
def test_a_product_is_raised_to_the_next_round_sum_exactly(multiple: str, base: int, step: int, amount: int) -> None:
    assert bonus_of(Decimal(multiple), base, step) == amount


def figures(room: Room, decision: Decision, **changes: object) -> tuple[BaseSalary, BonusRate]:
    since = date(today().year - 1, 1, 1)
    base = BaseSalary.objects.create(
        valid_from=since, amount=1_490_000, round_up_to=10_000, citation="NĐ mẫu 1", rounding_citation="NĐ mẫu 2"
    )
    title = decision.lines.first().honour.title  # type: ignore[union-attr]
    values = {"valid_from": since, "title": title, "subject": "person", "multiple": Decimal("0.3"), "citation": "NĐ 3"}
    return base, BonusRate.objects.create(**(values | changes))


def test_a_line_without_a_figure_says_so_instead_of_nought(room: Room) -> None:
    decision = issue(room, room.counted(*BOTH))
    page = signed_in(room.records).get(reverse("awards:bonus-sheet", args=[decision.pk])).content.decode()
    assert "Chưa có hệ số tiền thưởng cho danh hiệu này" in page
    assert "Chưa tính được, chưa gồm 2 dòng chưa có mức" in page
    assert "0 đồng" not in page
    figures(room, decision, subject="collective")
    sheet = describe_bonus(decision)
    assert [one.amount for one in sheet.lines] == [None, None]
    BonusRate.objects.update(subject="person", valid_to=date(today().year - 1, 12, 31))
    assert describe_bonus(decision).total.unknown == 2
    BonusRate.objects.update(valid_to=None)
    BaseSalary.objects.update(valid_to=date(today().year - 1, 12, 31))
    assert "Chưa có mức lương cơ sở" in describe_bonus(decision).lines[0].remark


def test_the_sheet_sums_by_unit_and_leaves_out_what_was_revoked(room: Room) -> None:
    decision = issue(room, room.counted(*BOTH))
    base, rate = figures(room, decision)
    sheet = describe_bonus(decision)
    assert [one.amount for one in sheet.lines] == [450_000, 450_000]
    assert [(one.unit, one.lines, one.amount, one.unknown) for one in sheet.sums] == [
        (room.tree.branch.name, 2, 900_000, 0)
    ]
    assert (sheet.total.amount, sheet.is_unchecked) == (900_000, True)
    BaseSalary.objects.filter(pk=base.pk).update(confirmed=True)
    BonusRate.objects.filter(pk=rate.pk).update(confirmed=True)
    assert not describe_bonus(decision).is_unchecked
    # Of two that hold the one that began last counts, and the other day's decision keeps its own.
    BaseSalary.objects.create(
        valid_from=today(), amount=1_800_000, round_up_to=10_000, citation="x", rounding_citation="x", confirmed=True
    )
    assert describe_bonus(decision).total.amount == 1_080_000
    revoked = revoke(room, decision, decision.lines.get(order=1))
    sheet = describe_bonus(decision)
    assert ([one.amount for one in sheet.lines], sheet.total.unknown) == ([None, 540_000], 0)
    client = signed_in(room.records)
    assert client.get(reverse("awards:bonus-sheet", args=[revoked.pk])).status_code == 404
    book = client.get(reverse("awards:bonus-sheet-workbook", args=[decision.pk]))
    assert book.status_code == 200
    paper = client.get(reverse("reports:bonus-paper", args=[decision.pk]))
    words = " ".join(text_of(paper.content).split())
    assert "540.000 đồng" in words
    assert "làm tròn lên tới 10.000 đồng" in words


def test_of_awards_for_one_year_near_each_other_only_the_highest_is_paid(room: Room) -> None:
    decision = issue(room, room.counted(*BOTH))
    figures(room, decision)
    first, second = (line.honour for line in decision.lines.order_by("order"))
    higher = title("CSTDCS")
    BonusRate.objects.create(
        valid_from=date(2020, 1, 1), title=higher, subject="person", multiple=Decimal(1), citation="NĐ 4"
    )
    for one, days, year in ((first, 31, first.year), (second, 0, second.year - 1)):
        Honour.objects.create(
            unit=one.unit,
            person=one.person,
            title=higher,
            year=year,
            decision_number="7/QĐ-CTHADS",
            decided_on=decision.signed_on - timedelta(days=days),
            issuer="Đơn vị mẫu",
            subject_name=one.subject_name,
            subject_unit=one.subject_unit,
        )
    assert [one.amount for one in describe_bonus(decision).lines] == [450_000, 450_000]
    principle = BonusPrinciple.objects.create(valid_from=date(2020, 1, 1), within_days=31, citation="NĐ 5")
    sheet = describe_bonus(decision)
    assert ([one.amount for one in sheet.lines], sheet.total.lines) == ([None, 450_000], 1)
    assert "7/QĐ-CTHADS" in sheet.lines[0].remark
    assert "NĐ 5" in sheet.citations
    principle.within_days = 30
    principle.save()
    assert describe_bonus(decision).total.amount == 900_000
    principle.within_days = 31
    principle.save()
    Honour.objects.filter(person=first.person, title=higher).update(stands=False)
    assert describe_bonus(decision).total.amount == 900_000


def test_the_shipped_figures_load_once_and_none_claims_to_be_checked() -> None:
    from awards.services.bonus import load_bonus_figures

    load_catalogues()
    shipped = read_bonus_figures()
    assert load_bonus_figures() == len(shipped.bases) + len(shipped.principles) + len(shipped.rates)
    BaseSalary.objects.update(amount=1)
    assert load_bonus_figures() == 0
    assert set(BaseSalary.objects.values_list("amount", flat=True)) == {1}
    assert not BonusRate.objects.filter(confirmed=True).exists()


def test_a_wrong_figure_is_named(tmp_path: Path) -> None:
    file = tmp_path / "figures.toml"
    file.write_text(BONUS_FIGURES.read_text(encoding="utf-8").replace('"0.8"', '"0,8"'), encoding="utf-8")
    with pytest.raises(DataFileError, match="0,8"):
        read_bonus_figures(file)


def test_the_owner_of_public_data_mends_what_is_not_checked(room: Room) -> None:
    _, rate = figures(room, issue(room, room.counted(*BOTH)))
    owner = actor(room.tree.ministry, Role.ADMINISTRATOR)
    values = {"multiple": Decimal("0.5"), "confirmed": True}
    with pytest.raises(RefusedError, match="đơn vị cấp cao nhất"):
        edit_bonus_figure(rate, values, reason="x", actor=actor(room.tree.bureau, Role.ADMINISTRATOR), at=AT)
    typed = {
        "title": rate.title_id,
        "subject": "person",
        "multiple": "0,5",
        "valid_from": f"{rate.valid_from:%d/%m/%Y}",
        "citation": "NĐ mẫu, Điều 1",
        "confirmed": "on",
        "reason": "Đã xem văn bản",
    }
    answer = signed_in(owner).post(reverse("awards:bonus-rate-edit", args=[rate.pk]), typed)
    assert answer.status_code == 302
    rate.refresh_from_db()
    assert (rate.multiple, rate.citation, rate.confirmed) == (Decimal("0.5"), "NĐ mẫu, Điều 1", True)
    with pytest.raises(RefusedError, match="đã được đối chiếu"):
        edit_bonus_figure(rate, values, reason="x", actor=owner, at=AT)
    again = BonusRate(title=rate.title, subject="person")
    with pytest.raises(RefusedError, match="Đã có mức áp dụng từ đúng ngày này"):
        add_bonus_figure(
            again,
            {"multiple": Decimal(1), "valid_from": rate.valid_from, "citation": "x"},
            reason="x",
            actor=owner,
            at=AT,
        )
    page = signed_in(owner).get(reverse("awards:bonus-figure-list")).content.decode()
    assert "đã đối chiếu" in page
    assert "chưa đối chiếu" in page
