"""What the navigation says of councils and decisions."""

from awards.selectors.councils import list_unscheduled_nominations
from awards.selectors.crossing import list_to_receive
from awards.selectors.decisions import list_waiting_ballots
from awards.selectors.invitations import list_unanswered
from awards.selectors.minutes import list_awaited_signatures
from units.actors import Actor
from units.addresses import address_of
from units.clock import today
from units.frame import Desk, Rows
from units.prepared import Asked


def find_cases_waiting(actor: Actor) -> Desk:
    """Cases that members of a cluster sent and nobody received yet, and nominations meant for the council that were
    never on an agenda."""
    arrived = Rows(Asked(list_to_receive, (actor.unit,)), view="awards:received-case-detail")
    unscheduled = Rows(Asked(list_unscheduled_nominations), address_of("awards:council-sitting-list"))
    return Desk("đề nghị chờ tiếp nhận hoặc đưa vào chương trình phiên họp", (arrived, unscheduled))


def find_invitations_waiting(actor: Actor) -> Desk:
    """Invitations of the member that wait for an answer, and minutes that wait for their signature."""
    unanswered = Asked(list_unanswered, (actor.unit, actor.account, today()))
    unsigned = Asked(list_awaited_signatures, (actor.unit, actor.account))
    address = address_of("awards:sitting-list")
    return Desk("giấy mời, biên bản chờ trả lời, ký", (Rows(unanswered, address), Rows(unsigned, address)))


def find_counts_waiting(actor: Actor) -> Desk:
    """Counts that no decision has carried out yet."""
    rows = Rows(Asked(list_waiting_ballots, (actor.unit,)), address_of("awards:decision-list"))
    return Desk("kết quả kiểm phiếu chờ ban hành quyết định", (rows,))
