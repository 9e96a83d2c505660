"""Publishing rulebook documents as immutable editions."""

from collections.abc import Collection

from exemplars import rules
from exemplars.models import RulebookEdition
from exemplars.rulebook_files import read_shipped_documents
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


def publish_shipped(codes: Collection[str] = ()) -> list[RulebookEdition]:
    """Publish the documents of the program whose issuer stands in the register; of `codes` only, where given."""
    wanted = [(text, one) for text, one in read_shipped_documents() if not codes or one.code in codes]
    known = set(Unit.objects.filter(code__in={one.plan.issuer for _, one in wanted}).values_list("code", flat=True))
    return [publish_edition(text) for text, one in wanted if one.plan.issuer in known]
