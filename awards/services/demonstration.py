"""Writing the invented councils of the demonstration."""

from django.db import transaction

from awards.models import Council, CouncilMember
from units.demonstration_file import Demonstration
from units.models import Person, Unit, User


@transaction.atomic
def write_councils(data: Demonstration, people: dict[str, Person], accounts: dict[str, User]) -> None:
    """Write councils with their members in the order of the founding decision."""
    for row in data.councils:
        unit = Unit.objects.get(code=row.unit)
        council = Council.objects.create(
            unit=unit,
            name=row.name,
            founding_number=row.founding_number,
            founded_on=row.founded_on,
            valid_from=row.founded_on,
        )
        for order, member in enumerate(row.members, start=1):
            posting = people[member.person].postings.order_by("-is_head", "-valid_from").first()
            CouncilMember.objects.create(
                unit=unit,
                council=council,
                user=accounts[member.person],
                seat=member.seat,
                position=posting.position if posting else "",
                order=order,
                is_secretary=member.is_secretary,
                is_teller=member.is_teller,
                valid_from=row.founded_on,
            )
