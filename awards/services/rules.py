"""The dated rules of counting: brought in from their file, added and mended by the office that keeps them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from awards.models import VotingRule
from awards.rule_file import read_voting_rules
from units.actors import Actor
from units.refusals import RefusedError
from units.services.audit import record_on_duty
from units.services.catalogue import edit_shared


@transaction.atomic
def load_voting_rules() -> int:
    """Add the rules of the file that are not there yet; return how many were new.

    A rule that stands already is left as it is, and one whose days are taken is not added: the office has written
    another edition for them.
    """
    taken = [(one.code, one.valid_from, one.valid_to) for one in VotingRule.objects.all()]
    added = []
    for row in read_voting_rules():
        end = row.valid_to or date.max
        if any(
            code == row.code and first <= end and (last or date.max) >= row.valid_from for code, first, last in taken
        ):
            continue
        taken.append((row.code, row.valid_from, row.valid_to))
        added.append(VotingRule(**{name: getattr(row, name) for name in row.__slots__}))
    return len(VotingRule.objects.bulk_create(added))


@transaction.atomic
def add_rule(edition: VotingRule, values: Mapping[str, Any], *, actor: Actor) -> VotingRule:
    """Add a dated edition of the same rule. Ballots that were opened keep the rule that they froze.

    An edition without an end that began earlier ends the day before. Refuses days that another edition has, and
    everybody but the root whose catalogues are shared.
    """
    if not actor.unit.is_root:
        raise RefusedError(
            "Cách tính dùng chung chỉ sửa được ở đơn vị cấp cao nhất.",
            why=f"{actor.unit.name} là đơn vị cấp dưới.",
            remedy="Gửi đề nghị kèm văn bản tới Thường trực Hội đồng của cơ quan cấp trên cùng.",
        )
    editions = list(VotingRule.objects.select_for_update().filter(code=edition.code).order_by("valid_from"))
    first, last = values["valid_from"], values["valid_to"]
    before = next((one for one in editions if one.valid_to is None and one.valid_from < first), None)
    if before is not None:
        before.valid_to = first - timedelta(days=1)
        before.save(update_fields=["valid_to"])
    _require_free(_overlapping(edition.code, first, last), "Chưa thêm được bản quy định")
    rule = VotingRule.objects.create(code=edition.code, groups=edition.groups, **values)
    record_on_duty("add-rule", actor=actor, rule=rule.title, since=first.isoformat(), citation=rule.citation)
    return rule


@transaction.atomic
def edit_rule(rule: VotingRule, values: Mapping[str, Any], *, reason: str, actor: Actor, at: datetime) -> VotingRule:
    """Mend an edition that nobody has compared with the text yet. Ballots that were opened keep the rule they froze.

    Refuses days that another edition has, and everybody but the root whose catalogues are shared.
    """
    editions = VotingRule.objects.select_for_update().filter(code=rule.code).order_by("valid_from")
    locked = next(one for one in editions if one.pk == rule.pk)
    others = _overlapping(rule.code, values["valid_from"], values["valid_to"]).exclude(pk=rule.pk)
    _require_free(others, "Chưa sửa được bản quy định")
    what = edit_shared(locked, values, reason=reason, actor=actor, at=at)
    record_on_duty("edit-rule", actor=actor, rule=locked.title, what=what, reason=reason)
    return locked


def _require_free(overlapping: QuerySet[VotingRule], what: str) -> None:
    taken = overlapping.first()
    if taken is not None:
        end = f"đến {taken.valid_to:%d/%m/%Y}" if taken.valid_to else "không có ngày kết thúc"
        raise RefusedError(
            f"{what}: khoảng ngày đã có bản khác.",
            why=f"Bản «{taken.title}» có hiệu lực từ {taken.valid_from:%d/%m/%Y}, {end}.",
            remedy="Chọn khoảng ngày không trùng bản nào.",
        )


def _overlapping(code: str, first: date, last: date | None) -> QuerySet[VotingRule]:
    taken = VotingRule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first), code=code)
    return taken if last is None else taken.filter(valid_from__lte=last)
