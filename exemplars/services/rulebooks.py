"""Publishing rulebook documents as immutable editions."""

from exemplars import rules
from exemplars.models import RulebookEdition
from units.models import Unit


def publish_edition(document: str) -> RulebookEdition:
    """Validate a document and keep it as an edition; the same document again is the same edition.

    Raises `rules.RulebookError` for a document that does not fit, `Unit.DoesNotExist` for an unknown issuer.
    """
    rulebook = rules.parse_rulebook(document)
    edition, _ = RulebookEdition.objects.get_or_create(
        edition_hash=rulebook.edition_hash,
        defaults={
            "issuer": Unit.objects.get(code=rulebook.plan.issuer),
            "code": rulebook.code,
            "edition": rulebook.edition,
            "title": rulebook.title,
            "document": document,
            "valid_from": rulebook.valid_from,
            "valid_to": rulebook.valid_to,
            "recognitions": [recognition.code for recognition in rulebook.recognitions],
        },
    )
    return edition
