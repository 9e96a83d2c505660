"""What the navigation says of councils and decisions."""

from django.urls import reverse

from awards.selectors.councils import list_unscheduled_nominations
from awards.selectors.decisions import list_waiting_ballots
from units.actors import Actor
from units.frame import Waiting
from units.paging import count_waiting


def find_cases_waiting(actor: Actor) -> Waiting:
    """Nominations meant for the council that were never on an agenda."""
    number = count_waiting(list_unscheduled_nominations())
    return Waiting(number, "đề nghị chờ đưa vào chương trình phiên họp", reverse("awards:council-sitting-list"))


def find_counts_waiting(actor: Actor) -> Waiting:
    """Counts that no decision has carried out yet."""
    number = len(list_waiting_ballots(actor.unit))
    return Waiting(number, "kết quả kiểm phiếu chờ ban hành quyết định", reverse("awards:decision-list"))
