"""A plan of several years with yearly and half-year reports that two branches owe to their bureau, and indicators."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from campaigns.models import Assignment, Campaign, Indicator, Obligation, Submission
from campaigns.selectors.filings import list_papers
from campaigns.selectors.targets import read_version
from campaigns.services.filings import save_submission, send_submission, start_submission
from campaigns.services.indicator_reports import ReportedValue, report_indicators
from campaigns.services.papers import add_paper
from campaigns.services.targets import IndicatorWords, Level, add_indicator, set_target
from tests.builders import AT, DAY, Tree, actor, campaign, obligation, pdf
from units.models import Unit
from units.roles import Role


def words(**more: Any) -> IndicatorWords:
    values = {
        "code": "AN-HC",
        "title": "Bản án hành chính được theo dõi",
        "measure": "percent",
        "measured_in": "",
        "direction": "more",
        "half_year": "optional",
        "yearly": "required",
        "citation": "II.1.1",
    }
    return IndicatorWords(**(values | more))


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 3, tzinfo=UTC)


class TargetScene:
    """Years 2022 and 2023: a yearly report each, due 14/11, and a half-year report of 2023."""

    def __init__(self) -> None:
        self.tree = Tree()
        self.bureau, self.branch, self.sibling = self.tree.bureau, self.tree.branch, self.tree.sibling
        self.campaign: Campaign = campaign(self.bureau)
        units = (self.branch, self.sibling)
        self.reports: dict[str, Obligation] = {
            code: obligation(self.campaign, code, *units, last_day=day, filing=filing, papers=[])
            for code, day, filing in (
                ("NAM-2022", date(2022, 11, 14), "yearly-report"),
                ("NUA-2023", date(2023, 6, 15), "half-year-report"),
                ("NAM-2023", date(2023, 11, 14), "yearly-report"),
            )
        }
        self.issuer = actor(self.bureau, Role.SECRETARIAT)
        self.clerks = {one.pk: actor(one, Role.CLERK) for one in units}

    def add(self, **more: Any) -> Indicator:
        return add_indicator(self.campaign, words(**more), actor=self.issuer)

    def target(self, indicator: Indicator, level: str | None, *, day: date = DAY, **to: Any) -> None:
        number = None if level is None else Decimal(level)
        set_target(indicator, Level(level=number, **to), actor=self.issuer, day=day, at=AT)

    def owed(self, report: str, unit: Unit) -> Assignment:
        return Assignment.objects.select_related("unit", "obligation__owed_to").get(
            obligation=self.reports[report], unit=unit
        )

    def draft(self, report: str, unit: Unit, values: dict[Indicator, str], at: datetime = AT) -> Submission:
        clerk = self.clerks[unit.pk]
        submission = start_submission(self.owed(report, unit), actor=clerk, at=at)
        if not list_papers(submission).exists():
            add_paper(submission, pdf(), paper="", actor=clerk, at=at)
        save_submission(submission, document_number="15/BC", document_date=at.date(), message="", actor=clerk)
        said = {one.pk: ReportedValue(Decimal(value), "vì sao") for one, value in values.items()}
        return report_indicators(submission, said, actor=clerk, at=at)

    def send(self, report: str, unit: Unit, values: dict[Indicator, str], at: datetime = AT) -> Submission:
        return send_submission(self.draft(report, unit, values, at), actor=self.clerks[unit.pk], at=at)

    def told(self, submission: Submission, at: datetime = AT) -> dict[str, tuple[str, str, str]]:
        """By code: value, target, standing of one version."""
        return {
            one.code: (one.shown_value, one.shown_target, one.standing.value) for one in read_version(submission, at)
        }
