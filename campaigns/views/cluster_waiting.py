"""What waits for the actor behind the door of clusters."""

from campaigns.selectors.clusters import list_asked_extensions
from campaigns.selectors.inspections import list_unopened_notices
from campaigns.selectors.opinions import list_unanswered_requests, list_unsigned_pledges
from units.actors import Actor
from units.addresses import address_of
from units.clock import today
from units.frame import Desk, Rows
from units.prepared import Asked


def find_cluster_waiting(actor: Actor) -> Desk:
    """What this unit itself has to do: drafts to answer, inspections to open to, pledges to sign, requests for time.

    The link leads to the first of them.
    """
    day, unit, kinds = today(), actor.unit, list[Rows]()
    if actor.may("campaigns.answer_opinion"):
        kinds.append(Rows(Asked(list_unanswered_requests, (unit, day)), view="campaigns:opinion-request-detail"))
    if actor.may("campaigns.open_to_inspection"):
        kinds.append(Rows(Asked(list_unopened_notices, (unit, day)), view="campaigns:inspection-notice-detail"))
    if actor.may("campaigns.sign_pledge"):
        kinds.append(Rows(Asked(list_unsigned_pledges, (unit, day.year)), view="campaigns:pledge-detail"))
    if actor.may("campaigns.answer_extension"):
        kinds.append(Rows(Asked(list_asked_extensions, (unit,)), address_of("campaigns:expected-work-list")))
    return Desk("việc trong khu vực, cụm, khối chờ thực hiện", tuple(kinds))
