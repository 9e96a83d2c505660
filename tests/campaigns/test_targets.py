"""Indicators of plans: levels by unit and kind, values in reports, versions, comparison, the facts for criteria."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.models import Campaign, Indicator, IndicatorTarget, IndicatorValue, Submission
from campaigns.selectors.reorganisation import count_moved
from campaigns.selectors.target_heirs import list_conflicts
from campaigns.selectors.target_history import read_history
from campaigns.selectors.targets import TargetBook, read_target_facts, read_version
from campaigns.services.filings import return_submission, send_submission, start_submission, withdraw_submission
from campaigns.services.indicator_reports import ReportedValue, report_indicators
from campaigns.services.reorganisation import carry_over
from campaigns.services.targets import Level, edit_indicator, end_indicator, is_reported, set_target
from campaigns.workflow import SubmissionState
from tests.builders import AT, DAY, actor, obligation
from tests.campaigns.target_scene import TargetScene, moment, words
from units.models import AuditEntry
from units.refusals import RefusedError
from units.roles import Role
from units.scoping import maintenance_scope, unit_scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene() -> Iterator[TargetScene]:
    with maintenance_scope("tests read every unit"):
        yield TargetScene()


# --- the issuer's side ---------------------------------------------------------------------------


def test_a_first_level_holds_from_the_beginning_and_is_recorded(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "100")
    target = IndicatorTarget.objects.get()
    assert (target.level, target.applies_from, target.recorded_by) == (100, date(2021, 1, 1), scene.issuer.user)
    entries = AuditEntry.objects.filter(unit=scene.bureau).order_by("id")
    assert [one.verb for one in entries] == ["add-indicator", "set-target"]
    assert entries[1].detail["level"] == "từ 100 % trở lên"


def test_a_unit_s_level_goes_before_its_kind_s_and_that_before_everybody_s(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90")
    draft = scene.draft("NAM-2023", scene.branch, {})
    assert scene.told(draft)["AN-HC"][1] == "từ 90 % trở lên"
    scene.target(indicator, "95", unit_kind="chi-cuc")
    # A change is one only of the same addressee: nobody reported, so this holds from the beginning too.
    assert scene.told(draft)["AN-HC"][1] == "từ 95 % trở lên"
    scene.target(indicator, "80", unit_kind="phong")
    scene.target(indicator, "99", addressee=scene.branch)
    assert scene.told(draft)["AN-HC"][1] == "từ 99 % trở lên"
    other = scene.draft("NAM-2023", scene.sibling, {})
    assert scene.told(other)["AN-HC"][1] == "từ 95 % trở lên"


def test_a_change_needs_a_day_to_come_and_a_reason(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90")
    with pytest.raises(RefusedError, match="Chưa ghi lý do"):
        scene.target(indicator, "95")
    with pytest.raises(RefusedError, match="đã qua"):
        scene.target(indicator, "95", reason="x", applies_from=DAY - timedelta(days=1))
    scene.target(indicator, "95", reason="x", applies_from=DAY + timedelta(days=9))
    with pytest.raises(RefusedError, match="Đã có mức giao áp dụng từ ngày 22/11/2023"):
        scene.target(indicator, "96", reason="x", applies_from=DAY + timedelta(days=8))
    assert IndicatorTarget.objects.count() == 2


def test_what_was_reported_keeps_the_level_of_its_day_and_says_that_it_changed(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90")
    sent = scene.send("NAM-2023", scene.branch, {indicator: "92"})
    scene.target(indicator, "95", reason="QĐ 7", day=DAY + timedelta(days=1))
    (fact,) = read_version(sent, AT)
    assert (fact.shown_target, fact.met, fact.shown_later) == ("từ 90 % trở lên", True, "từ 95 % trở lên")
    assert (fact.later.reason, fact.later.applies_from) == ("QĐ 7", DAY + timedelta(days=1))  # type: ignore[union-attr]
    after = moment(DAY + timedelta(days=2))
    later = scene.send("NAM-2023", scene.sibling, {indicator: "92"}, after)
    (fact,) = read_version(later, after)
    assert (fact.shown_target, fact.met, fact.later) == ("từ 95 % trở lên", False, None)


def test_a_level_for_somebody_new_is_a_change_once_anybody_reported(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90", addressee=scene.branch)
    scene.send("NAM-2023", scene.branch, {indicator: "92"})
    with pytest.raises(RefusedError, match="Chưa ghi lý do"):
        scene.target(indicator, "50", unit_kind="chi-cuc")
    scene.target(indicator, "50", unit_kind="chi-cuc", reason="bổ sung")
    assert IndicatorTarget.objects.get(unit_kind="chi-cuc").applies_from == DAY


def test_reported_indicators_keep_what_they_measure(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90")
    edit_indicator(indicator, words(direction="less", code="an-hc-2"), actor=scene.issuer)
    indicator.refresh_from_db()
    assert (indicator.direction, indicator.code) == ("less", "AN-HC-2")
    scene.send("NAM-2023", scene.branch, {indicator: "92"})
    assert is_reported(indicator)
    with pytest.raises(RefusedError, match="Không đổi được hướng"):
        edit_indicator(indicator, words(code="AN-HC-2"), actor=scene.issuer)
    edit_indicator(indicator, words(code="AN-HC-2", direction="less", title="Tên rõ hơn"), actor=scene.issuer)
    assert Indicator.objects.get().title == "Tên rõ hơn"


def test_an_ended_indicator_is_asked_no_more_and_keeps_what_was_reported(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90")
    sent = scene.send("NAM-2023", scene.branch, {indicator: "92"})
    with pytest.raises(RefusedError, match="đã qua"):
        end_indicator(indicator, ended_on=date(2023, 1, 1), reason="x", actor=scene.issuer, day=DAY)
    end_indicator(indicator, ended_on=DAY, reason="gộp", actor=scene.issuer, day=DAY)
    assert scene.told(sent)["AN-HC"] == ("92 %", "từ 90 % trở lên", "met")
    assert scene.told(scene.draft("NAM-2023", scene.sibling, {})) == {}
    with pytest.raises(RefusedError, match="thôi dùng từ ngày 13/11/2023"):
        scene.target(indicator, "95", reason="x")


def test_a_code_stands_once_in_a_plan_and_others_are_no_issuers(scene: TargetScene) -> None:
    scene.add()
    with pytest.raises(RefusedError, match="đã có chỉ tiêu mã «AN-HC»"):
        scene.add(code="an-hc")
    below = actor(scene.branch, Role.SECRETARIAT)
    with pytest.raises(RefusedError, match="không giao chỉ tiêu"):
        set_target(Indicator.objects.get(), Level(Decimal(1)), actor=below, day=DAY, at=AT)


def test_a_named_unit_that_the_plan_does_not_address_is_refused(scene: TargetScene) -> None:
    with pytest.raises(RefusedError, match="không có báo cáo nào"):
        scene.target(scene.add(), "90", addressee=scene.bureau)


def test_the_database_holds_the_shapes(scene: TargetScene) -> None:
    indicator = scene.add()
    wrong = [
        lambda: Indicator.objects.filter(pk=indicator.pk).update(measure="yes-no"),
        lambda: IndicatorTarget.objects.create(
            indicator=indicator, addressee=scene.branch, unit_kind="phong", applies_from=DAY, recorded_at=AT
        ),
    ]
    for act in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


# --- the unit's side -----------------------------------------------------------------------------


def test_a_report_holds_the_unit_s_indicators_and_cannot_go_without_the_required(scene: TargetScene) -> None:
    needed, free = scene.add(), scene.add(code="SANG-KIEN", measure="count", measured_in="sáng kiến", yearly="optional")
    scene.add(code="KHONG-GIAO")
    only_half = scene.add(code="NUA", half_year="required", yearly="none")
    for one in (needed, free, only_half):
        scene.target(one, "5")
    draft = scene.draft("NAM-2023", scene.branch, {})
    assert set(scene.told(draft)) == {"AN-HC", "SANG-KIEN"}
    assert set(scene.told(scene.draft("NUA-2023", scene.branch, {}))) == {"AN-HC", "SANG-KIEN", "NUA"}
    with pytest.raises(RefusedError) as refused:
        send_submission(draft, actor=scene.clerks[scene.branch.pk], at=AT)
    assert refused.value.why == "Chỉ tiêu «Bản án hành chính được theo dõi»: chưa có số liệu."
    sent = scene.send("NAM-2023", scene.branch, {needed: "4,5".replace(",", ".")})
    assert scene.told(sent) == {
        "AN-HC": ("4,5 %", "từ 5 % trở lên", "unmet"),
        "SANG-KIEN": ("", "từ 5 sáng kiến trở lên", "missing"),
    }


def test_plans_and_other_papers_hold_no_indicators(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "90")
    scene.reports["KE-HOACH"] = obligation(
        scene.campaign, "KE-HOACH", scene.branch, last_day=DAY, kind="plan", papers=[]
    )
    draft = scene.draft("KE-HOACH", scene.branch, {})
    assert scene.told(draft) == {}
    with pytest.raises(RefusedError, match="không thuộc báo cáo này"):
        report_indicators(draft, {indicator.pk: ReportedValue(Decimal(1))}, actor=scene.clerks[scene.branch.pk], at=AT)


def test_yes_or_no_is_met_by_yes(scene: TargetScene) -> None:
    indicator = scene.add(measure="yes-no", direction="more")
    assert indicator.direction == "exact"
    scene.target(indicator, "1")
    assert scene.told(scene.send("NAM-2023", scene.branch, {indicator: "0"}))["AN-HC"] == ("Không", "Có", "unmet")


def test_an_indicator_without_a_level_is_only_followed(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, None)
    sent = scene.send("NAM-2023", scene.branch, {indicator: "7"})
    assert scene.told(sent)["AN-HC"] == ("7 %", "chỉ theo dõi", "no-level")


def test_versions_keep_their_values_and_a_returned_report_is_mended(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    first = scene.send("NAM-2023", scene.branch, {indicator: "92"})
    return_submission(first, reasons="xem lại số", actor=scene.issuer, at=AT)
    assert facts(scene, 2023)["AN-HC"].value is None
    second = start_submission(scene.owed("NAM-2023", scene.branch), actor=scene.clerks[scene.branch.pk], at=AT)
    assert scene.told(second)["AN-HC"][0] == "92 %"
    scene.target(indicator, "99", reason="nâng", day=DAY + timedelta(days=1))
    second = scene.send("NAM-2023", scene.branch, {indicator: "96"}, moment(DAY + timedelta(days=3)))
    first.refresh_from_db()
    assert first.state == SubmissionState.RETURNED
    assert scene.told(first)["AN-HC"][0] == "92 %"
    # Mending is measured with the day of the first sending, for the deadline and for the level alike.
    assert scene.told(second)["AN-HC"] == ("96 %", "từ 95 % trở lên", "met")
    assert facts(scene, 2023)["AN-HC"].value == 96


def test_only_the_unit_itself_writes_and_only_into_a_draft(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    sent = scene.send("NAM-2023", scene.branch, {indicator: "92"})
    value = {indicator.pk: ReportedValue(Decimal(99))}
    with pytest.raises(RefusedError, match="không còn sửa được"):
        report_indicators(sent, value, actor=scene.clerks[scene.branch.pk], at=AT)
    with pytest.raises(RefusedError, match="không sửa được bản nộp này"):
        report_indicators(sent, value, actor=scene.issuer, at=AT)
    assert IndicatorValue.objects.get().value == 92


def test_saving_again_replaces_and_takes_back_what_is_left_out(scene: TargetScene) -> None:
    one, other = scene.add(), scene.add(code="KHAC")
    scene.target(one, "95")
    scene.target(other, "95")
    scene.draft("NAM-2023", scene.branch, {one: "1", other: "2"})
    scene.draft("NAM-2023", scene.branch, {other: "3"})
    assert list(IndicatorValue.objects.values_list("indicator__code", "value")) == [("KHAC", 3)]
    entry = AuditEntry.objects.filter(verb="report-indicators").order_by("id").last()
    assert entry is not None
    assert entry.detail["number"] == 1


# --- facts ---------------------------------------------------------------------------------------


def facts(scene: TargetScene, year: int, **more: int) -> dict[str, object]:
    found: object = read_target_facts([scene.branch], [year], day=DAY, **more).get((scene.branch.pk, year), {})
    return found  # type: ignore[return-value]


def test_facts_say_met_unmet_or_unknown_and_the_year_before(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    scene.send("NAM-2022", scene.branch, {indicator: "94"}, moment(date(2022, 11, 10)))
    assert [(one.value, one.met, one.before) for one in facts(scene, 2023).values()] == [(None, None, Decimal(94))]
    scene.send("NAM-2023", scene.branch, {indicator: "97"})
    (fact,) = facts(scene, 2023).values()
    assert (fact.value, fact.level, fact.met, fact.before, fact.reported_on) == (97, 95, True, 94, DAY)
    assert fact.shown_change == "tăng 3 điểm phần trăm"
    assert [(one.value, one.met) for one in facts(scene, 2022).values()] == [(94, False)]
    assert facts(scene, 2021) == {}


def test_halves_stand_apart_from_years(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    scene.send("NUA-2023", scene.branch, {indicator: "50"}, moment(date(2023, 6, 10)))
    assert facts(scene, 2023, half=1)["AN-HC"].value == 50
    assert facts(scene, 2023)["AN-HC"].value is None
    assert facts(scene, 2023, half=2) == {}


def test_the_same_code_in_another_plan_is_the_same_indicator_when_measured_alike(scene: TargetScene) -> None:
    old = Campaign.objects.create(
        code="CU",
        title="Cũ",
        kind="regular",
        issuer=scene.bureau,
        plan_name="KH cũ",
        opens_on=date(2022, 1, 1),
        closes_on=date(2022, 12, 31),
    )
    now, scene.campaign = scene.campaign, old
    before, other = scene.add(), scene.add(code="SO-VU", measure="count", measured_in="vụ")
    scene.reports["CU"] = obligation(
        old, "CU", scene.branch, last_day=date(2022, 12, 1), filing="yearly-report", papers=[]
    )
    scene.target(before, "90")
    scene.target(other, "90")
    scene.send("CU", scene.branch, {before: "91", other: "7"}, moment(date(2022, 11, 30)))
    scene.campaign = now
    for one in (scene.add(), scene.add(code="SO-VU", measure="count", measured_in="người")):
        scene.target(one, "90")
    found = facts(scene, 2023)
    assert (found["AN-HC"].before, found["SO-VU"].before) == (91, None)
    assert [one.indicator.code for one in read_history(scene.branch, DAY)] == ["AN-HC", "SO-VU"]


def test_what_is_withdrawn_or_drafted_counts_for_nothing(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    sent = scene.send("NAM-2023", scene.branch, {indicator: "97"})
    withdraw_submission(sent, actor=scene.clerks[scene.branch.pk])
    scene.draft("NAM-2023", scene.branch, {indicator: "98"})
    assert facts(scene, 2023)["AN-HC"].value is None


def test_units_beside_have_no_facts_and_those_above_see_them(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    scene.send("NAM-2023", scene.branch, {indicator: "97"})
    units = [scene.branch, scene.sibling]
    for place, seen in (
        (scene.bureau, {scene.branch.pk, scene.sibling.pk}),
        (scene.branch, {scene.branch.pk}),
        (scene.sibling, {scene.sibling.pk}),
        (scene.tree.stranger, set()),
    ):
        with unit_scope(place.path):
            assert {unit for unit, _ in read_target_facts(units, [2023], day=DAY)} == seen
            assert IndicatorValue.objects.count() == (scene.branch.pk in seen)


def test_many_units_and_years_cost_as_many_queries_as_one(scene: TargetScene) -> None:
    for number in range(3):
        scene.target(scene.add(code=f"SO-{number}"), "95")
    indicators = list(Indicator.objects.all())
    scene.send("NAM-2023", scene.branch, dict.fromkeys(indicators, "97"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert len(read_target_facts([scene.branch], [2023], day=DAY)) == 1
    scene.send("NAM-2022", scene.branch, dict.fromkeys(indicators, "97"), moment(date(2022, 11, 1)))
    scene.send("NAM-2023", scene.sibling, dict.fromkeys(indicators, "97"))
    with CaptureQueriesContext(connection) as many:
        found = read_target_facts([scene.branch, scene.sibling], [2022, 2023], day=DAY)
    assert sum(map(len, found.values())) == 12
    assert len(many) == len(one) == 6


def test_a_report_that_goes_to_an_heir_takes_its_values_along(scene: TargetScene) -> None:
    indicator = scene.add()
    scene.target(indicator, "95")
    obligation_ = scene.reports["NAM-2023"]
    obligation_.assignments.filter(unit=scene.sibling).delete()
    scene.send("NAM-2023", scene.branch, {indicator: "97"})
    carry_over(scene.branch, scene.sibling, on=DAY, actor=scene.issuer)
    value = IndicatorValue.objects.get()
    assert (value.unit, value.unit_path) == (scene.sibling, scene.sibling.path)
    assert Submission.objects.get(pk=value.submission_id).unit == scene.sibling


def test_a_level_set_for_a_unit_by_name_goes_to_its_heir_and_the_heirs_own_stays(scene: TargetScene) -> None:
    passed, kept = scene.add(), scene.add(code="TIEN", title="Xong về tiền")
    for indicator in (passed, kept):
        scene.target(indicator, "95", addressee=scene.branch)
    scene.target(kept, "80", addressee=scene.sibling)
    on = DAY + timedelta(days=30)
    moved = {one.label: one for one in count_moved([scene.branch], on=on)}
    assert moved["Mức chỉ tiêu giao riêng"].number == 2
    (conflict,) = list_conflicts([scene.branch], scene.sibling, on=on)
    assert conflict.number == 1
    assert "Xong về tiền" in conflict.examples[0]
    assert "từ 80 % trở lên" in conflict.examples[0]
    # A unit that begins now has nothing of its own; two that end may bring one each.
    assert list_conflicts([scene.branch], None, on=on)[0].number == 0
    assert list_conflicts([scene.branch, scene.sibling], None, on=on)[0].number == 1
    carry_over(scene.branch, scene.sibling, on=on, actor=scene.issuer)
    book = TargetBook([scene.campaign.pk], [scene.sibling.pk])
    found = {one.code: book.find(one, scene.sibling, on) for one in (passed, kept)}
    assert {code: target and target.level for code, target in found.items()} == {"AN-HC": 95, "TIEN": 80}
    assert book.find(passed, scene.sibling, on - timedelta(days=1)) is None
    verbs = AuditEntry.objects.filter(verb__endswith="-target", unit=scene.sibling)
    assert set(verbs.values_list("verb", flat=True)) == {"take-over-target", "keep-own-target"}
