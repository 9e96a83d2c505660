"""Who decides a title on a day, and whether a unit is the one."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q

from units.models import AwardTitle, TitleAuthority, Unit
from units.refusals import RefusedError
from units.selectors.organisation import stands_on


def list_authorities(titles: Collection[AwardTitle], day: date) -> dict[int, TitleAuthority]:
    """By title: the authority of the day, one query. A title without any is one that no law keeps for somebody."""
    standing = TitleAuthority.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)
    return {one.title_id: one for one in standing.filter(title__in=titles)}


def require_title_authority(unit: Unit, titles: Collection[AwardTitle], day: date) -> None:
    """Refuse a unit that may not decide one of `titles` on `day`: with who may, the clause, and what comes next.

    A title of which the catalogue knows deciders, but none for the day, is refused as well: silence is no authority.
    """
    found = list_authorities(titles, day)
    bound = set(
        TitleAuthority.objects.filter(title__in=[one for one in titles if one.pk not in found]).values_list(
            "title_id", flat=True
        )
    )
    for title in sorted(titles, key=lambda one: one.code):
        if title.pk in found:
            _require(unit, title, found[title.pk], day)
        elif title.pk in bound:
            raise RefusedError(
                f"Danh mục chưa ghi ai có thẩm quyền quyết định {title} vào ngày {day:%d/%m/%Y}.",
                why="Các căn cứ về thẩm quyền đang có không áp dụng cho ngày này.",
                remedy="Xem lại ngày ký; nếu đúng ngày, đề nghị cơ quan quản lý danh mục bổ sung căn cứ rồi làm lại.",
            )


def _require(unit: Unit, title: AwardTitle, authority: TitleAuthority, day: date) -> None:
    why = f"Thẩm quyền: {authority.decider}. Căn cứ: {authority.citation}"
    why += "." if authority.confirmed else " (chưa đối chiếu với văn bản gốc)."
    if authority.is_outside or (authority.unit_kinds and unit.kind not in authority.unit_kinds):
        raise RefusedError(
            f"{unit.name} không có thẩm quyền quyết định {title}.", why=why, remedy=_way_on(unit, authority, day)
        )
    if authority.requires_legal_personality and not unit.has_legal_personality:
        raise RefusedError(
            f"{unit.name} không có tư cách pháp nhân nên không quyết định {title} được.",
            why=why,
            remedy="Trình đơn vị cấp trên trực tiếp có tư cách pháp nhân ban hành quyết định.",
        )


def _way_on(unit: Unit, authority: TitleAuthority, day: date) -> str:
    """Where the case goes from here: the nearest unit above that decides, or out of this system by a letter."""
    above = Unit.objects.filter(path__in=unit.paths_above).exclude(pk=unit.pk)
    if not authority.is_outside:
        deciding = [one for one in above if one.kind in authority.unit_kinds and stands_on(one, day)]
        if deciding:
            nearest = max(deciding, key=lambda one: len(one.path))
            return f"Lập tờ trình kèm biên bản và danh sách, trình {nearest.name} quyết định."
    return (
        f"Lập tờ trình kèm biên bản và danh sách, trình theo cấp tới {authority.decider}; "
        "khi có quyết định thì ghi vào sổ khen thưởng tại hồ sơ cán bộ, đơn vị."
    )
