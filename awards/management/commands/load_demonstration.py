"""Load the demonstration: the northern region, plans with doors and figures, invented people, nominations."""

from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from awards.services.bonus import load_bonus_figures
from awards.services.demonstration import write_councils
from awards.services.rules import load_voting_rules
from campaigns.models import Assignment, Campaign
from campaigns.plan_file import read_shipped_plans
from campaigns.services.demonstration import ask_for_figures, open_doors, report_figures
from campaigns.services.launch import launch_campaign
from campaigns.services.scores import load_score_templates
from exemplars.services.demonstration import nominate
from exemplars.services.readings import load_readings
from exemplars.services.rulebooks import publish_shipped
from units.actors import Actor, act_as
from units.clock import now, today
from units.demonstration_file import read_demonstration
from units.models import Membership, Person, Unit
from units.register_rules import list_north_2021
from units.roles import Role
from units.scoping import maintenance_scope
from units.services.demonstration import is_empty, write_accounts, write_people
from units.services.register import load_catalogues, load_register

PASSWORD = "trinh-dien-2023"  # noqa: S105  known to everybody on purpose, and only where the day is a demonstration's
# The one plan of the demonstration's region, in all its editions.
RULEBOOKS = ("thads-thai-nguyen-2023",)


class Command(BaseCommand):
    help = "Nạp dữ liệu trình diễn. Chỉ chạy khi đặt DEMONSTRATION_DAY."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="không làm gì nếu đã có đơn vị")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMONSTRATION_DAY:
            raise CommandError("Chỉ nạp dữ liệu trình diễn khi đặt DEMONSTRATION_DAY; bản chạy thật không có ngày này.")
        if not is_empty():
            if options["if_empty"]:
                return
            raise CommandError("Cơ sở dữ liệu đã có đơn vị nên không nạp dữ liệu trình diễn chồng lên.")
        with maintenance_scope("The demonstration fills every unit at once."), transaction.atomic():
            self.load()
        self.stdout.write("Đã nạp dữ liệu trình diễn.")

    def load(self) -> None:
        load_register(list_north_2021())
        load_catalogues()
        load_voting_rules()
        load_readings()
        load_bonus_figures()
        data = read_demonstration()
        people = write_people(data)
        accounts = write_accounts(data, people, PASSWORD)
        write_councils(data, people, accounts)
        publish_shipped(RULEBOOKS)
        load_score_templates()
        for plan in read_shipped_plans():
            launch_campaign(plan, day=today())
        self.set_scene()

    def set_scene(self) -> None:
        """Doors and figures of the bureau's plan; the story of Đại Từ is left for the visitor."""
        campaign = Campaign.objects.get(code="TNG-DHTT-2023")
        secretariat, clerk = _actor("CTHADS-TNG", Role.SECRETARIAT), _actor("CC-TNG-DINH-HOA", Role.CLERK)
        day, at = today(), now()
        open_doors(campaign, actor=secretariat)
        ask_for_figures(campaign, actor=secretariat, day=day, at=at)
        report = Assignment.objects.get(obligation__code="TNG-2023-BAO-CAO-NAM", unit=clerk.unit)
        report_figures(report, actor=clerk, at=at)
        self.nominate_others(campaign, secretariat, day, at)

    def nominate_others(self, campaign: Campaign, secretariat: Actor, day: date, at: datetime) -> None:
        """Chi cục Định Hóa has put a person and itself forward."""
        unit = Unit.objects.get(code="CC-TNG-DINH-HOA")
        nominate(campaign, unit, secretariat=secretariat, day=day, at=at)
        others = Person.objects.filter(unit=unit).exclude(postings__is_head=True)
        for person in others[:1]:
            nominate(campaign, person, secretariat=None, day=day, at=at)


def _actor(unit: str, role: Role) -> Actor:
    return act_as(Membership.objects.select_related("user", "unit").get(unit__code=unit, role=role))
