"""Handing over what a unit that ends still owes, and what is owed to it."""

from datetime import date

from campaigns.models import Assignment
from campaigns.selectors.reorganisation import list_met_nominations, list_open_in, list_owed_to, list_unreceived_in
from campaigns.services.carrying import carry_assignment, name_sender
from campaigns.services.cascade import pass_receipts
from campaigns.services.cluster_heirs import pass_clusters, pass_expected
from campaigns.services.target_heirs import pass_targets
from units.actors import Actor
from units.models import Unit
from units.services.audit import record_act


def carry_over(source: Unit, heir: Unit, *, on: date, actor: Actor) -> None:
    """Give the heir what `source` owes and let others send to the heir what they owe to `source`.

    What the heir owes already is merged, so that nobody does it twice. An obligation to nominate that was met goes
    along as met, because nominations that are under way stand on it; the old row stays for the figures of its time.
    """
    standing = {one.obligation_id: one for one in Assignment.objects.filter(unit=heir)}
    for assignment in list_open_in([source], on).select_for_update(of=("self",)):
        same = standing.get(assignment.obligation_id)
        if same:
            assignment.merged_into = same
            assignment.save(update_fields=["merged_into"])
            record_act("merge-assignment", assignment, actor=actor, heir=heir.short_name, on=on.isoformat())
            continue
        carry_assignment(assignment, heir)
        name_sender(assignment, heir)
        standing[assignment.obligation_id] = assignment
        record_act("take-over-assignment", assignment, actor=actor, source=source.short_name, on=on.isoformat())
    for handed_in in list_unreceived_in([source], on).select_for_update(of=("self",)):
        if handed_in.obligation_id not in standing:
            carry_assignment(handed_in, heir)
            name_sender(handed_in, heir)
            standing[handed_in.obligation_id] = handed_in
            record_act("take-over-submission", handed_in, actor=actor, source=source.short_name, on=on.isoformat())
    for met in list_met_nominations(source, on):
        if met.obligation_id not in standing:
            standing[met.obligation_id] = Assignment.objects.create(
                unit=heir, obligation=met.obligation, last_day=met.last_day, done_at=met.done_at
            )
    list_owed_to([source], on).update(owed_to=heir)
    pass_expected(source, heir, on=on)
    pass_targets(source, heir, on=on, actor=actor)
    pass_receipts(source, heir, on=on, actor=actor)
    pass_clusters(source, heir, on=on, actor=actor)
