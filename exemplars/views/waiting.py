"""What the navigation says of nominations and of criteria."""

from exemplars.selectors.nominations import ask_waiting, find_awaited_state, list_undecided_special_cases
from exemplars.selectors.rulebooks import list_drafts_to_publish
from exemplars.workflow import AWAITED
from units.actors import Actor
from units.addresses import address_of
from units.frame import Desk, Rows
from units.prepared import Asked


def find_waiting(actor: Actor) -> Desk | None:
    """Nominations on the actor's desk, with the list that shows just them, and special cases that they decide."""
    state, asked = find_awaited_state(actor), ask_waiting(actor)
    if state is None or asked is None:
        return None
    everything = address_of("exemplars:nomination-list")
    nominations = Rows(asked, f"{everything}?state={state.value}")
    if not actor.may("exemplars.grant_special_case"):
        return Desk(AWAITED[state][1], (nominations,))
    # They stand above the list, whatever it is narrowed to.
    cases = Rows(Asked(list_undecided_special_cases, (actor.unit,)), everything)
    return Desk(f"{AWAITED[state][1]} hoặc quyết định diện đặc biệt", (nominations, cases))


def find_drafts_waiting(actor: Actor) -> Desk | None:
    """Drafts of the unit's own criteria that were tried and that the actor may publish."""
    if not actor.may("exemplars.publish_rulebook_draft"):
        return None
    address = f"{address_of('exemplars:rulebook-list')}?show=drafts"
    asked = Asked(list_drafts_to_publish, (actor.unit, actor.account))
    return Desk("bản nháp tiêu chuẩn chờ thủ trưởng ban hành", (Rows(asked, address),))
