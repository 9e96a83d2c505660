"""Who decides: councils, secret ballots, decisions."""

from django.apps import AppConfig

from units.roles import Door, Role, RolePermissions


class AwardsConfig(AppConfig):
    name = "awards"
    verbose_name = "Hội đồng và quyết định"
    doors: tuple[Door, ...] = (
        Door("Phiên họp", "awards:sitting-list", "awards.review_item"),
        Door(
            "Hội đồng",
            "awards:council-sitting-list",
            "awards.view_sitting",
            waiting="awards.views.waiting.find_cases_waiting",
        ),
        Door(
            "Quyết định",
            "awards:decision-list",
            "awards.issue_decision",
            home_of=frozenset({Role.RECORDS}),
            waiting="awards.views.waiting.find_counts_waiting",
        ),
    )
    role_permissions: RolePermissions = {
        "awards.view_sitting": {Role.SECRETARIAT},
        "awards.add_sitting": {Role.SECRETARIAT},
        "awards.change_sitting": {Role.SECRETARIAT},
        "awards.close_sitting": {Role.SECRETARIAT},
        "awards.add_ballot": {Role.SECRETARIAT},
        "awards.open_ballot": {Role.SECRETARIAT},
        "awards.close_ballot": {Role.SECRETARIAT},
        "awards.count_ballot": {Role.SECRETARIAT},
        "awards.abandon_ballot": {Role.SECRETARIAT},
        # A member acts in the scope of a council, never in the scope of its unit.
        "awards.review_item": {Role.MEMBER},
        "awards.cast_ballot": {Role.MEMBER},
        "awards.view_decision": {Role.SECRETARIAT, Role.RECORDS, Role.STAFF, Role.HEAD, Role.CLERK},
        "awards.issue_decision": {Role.RECORDS},
        "awards.conclude_ballot": {Role.RECORDS},
    }
