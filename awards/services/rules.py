"""Bringing the rules of counting from their file into the database."""

from django.db import transaction

from awards.models import VotingRule
from awards.rule_file import read_voting_rules


@transaction.atomic
def load_voting_rules() -> int:
    """Add the rules of the file that are not there yet; return how many were new.

    A rule that stands already is left as it is: the office may have edited it.
    """
    added = 0
    for row in read_voting_rules():
        values = {name: getattr(row, name) for name in row.__slots__ if name not in ("code", "valid_from")}
        _, is_new = VotingRule.objects.get_or_create(code=row.code, valid_from=row.valid_from, defaults=values)
        added += is_new
    return added
