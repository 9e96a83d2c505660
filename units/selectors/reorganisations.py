"""Reorganisations: those in sight, what one would move, and what stands in its way."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils.module_loading import import_string

from units.models import (
    Membership,
    Person,
    Placement,
    Posting,
    Reorganisation,
    ReorganisationResult,
    ReorganisationState,
    Succession,
    SuccessionKind,
    Unit,
    UnitKind,
    UnitName,
)
from units.reorganising import Moved, list_shares
from units.roles import Role
from units.selectors.tree import standing

FIRST = 5
# Of these only one unit at a time is concerned, because each has its own new name or its own parts.
ONE_SOURCE = (SuccessionKind.RENAME, SuccessionKind.SPLIT)


@dataclass(frozen=True)
class Obstacle:
    """Why a reorganisation would be refused. `may_pass` marks what people can still settle before the day."""

    what: str
    why: str = ""
    remedy: str = ""
    may_pass: bool = False


@dataclass(frozen=True)
class Shape:
    """A reorganisation with everything that belongs to it, read once."""

    plan: Reorganisation
    sources: Sequence[Unit]
    results: Sequence[ReorganisationResult]

    @property
    def heir(self) -> ReorganisationResult | None:
        return next((one for one in self.results if one.is_heir), None)

    @property
    def ending(self) -> list[Unit]:
        """The units that stop existing: none when a unit lives on beside what was split off."""
        if not self.plan.ends_units:
            return []
        kept = {one.target_id for one in self.results}
        return [unit for unit in self.sources if unit.pk not in kept]


def list_reorganisations() -> QuerySet[Reorganisation]:
    """Those in sight with the units they name."""
    return Reorganisation.objects.select_related("unit", "created_by", "head_from").prefetch_related(
        "sources__target", "results__target", "results__parent"
    )


def read_shape(plan: Reorganisation) -> Shape:
    return Shape(
        plan,
        [one.target for one in plan.sources.select_related("target")],
        list(plan.results.select_related("target", "parent")),
    )


def _examples(names: Iterable[Any]) -> tuple[str, ...]:
    return tuple(str(name) for name in names)


def count_moved(shape: Shape) -> list[Moved]:
    """Everything that would move, in numbers and first names, in the order of the apps."""
    plan = shape.plan
    if plan.kind == SuccessionKind.MOVE:
        return [_count_company(shape)]
    if not shape.ending or plan.on is None:
        return []
    found = [_count_people(shape.ending), _count_accounts(shape, plan.on), *_count_below(shape)]
    for share in list_shares():
        found += import_string(share.count)(shape.ending, on=plan.on)
        if share.conflicts and shape.heir:
            found += import_string(share.conflicts)(shape.ending, shape.heir.target, on=plan.on)
    return found


def _count_company(shape: Shape) -> Moved:
    reach = Q()
    for unit in shape.sources:
        reach |= Q(unit_path__gte=unit.path, unit_path__lt=f"{unit.path}~")
    people = Person.objects.filter(reach) if shape.sources else Person.objects.none()
    return Moved(
        "Cán bộ đi cùng đơn vị",
        people.count(),
        _examples(people[:FIRST]),
        "giữ nguyên đơn vị, chức vụ và hồ sơ; chỉ đổi cơ quan cấp trên",
    )


def _count_people(ending: Sequence[Unit]) -> Moved:
    people = Person.objects.filter(unit__in=ending)
    return Moved(
        "Cán bộ",
        people.count(),
        _examples(people[:FIRST]),
        "chuyển sang đơn vị kế thừa, giữ chức vụ; xếp loại và khen thưởng cũ giữ tên đơn vị lúc đó",
    )


def list_accounts(ending: Sequence[Unit], on: date) -> QuerySet[Membership]:
    """Duties in units that end, still in force on `on` or later."""
    return (
        Membership.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), unit__in=ending)
        .select_related("user", "unit")
        .order_by("unit__path", "user__username")
    )


def goes_on(membership: Membership, plan: Reorganisation) -> bool:
    """Whether a duty continues in the heir. Only the chosen unit's head goes on as head."""
    if membership.role == Role.HEAD:
        return plan.head_from_id == membership.unit_id
    return membership.role in plan.roles


def _count_accounts(shape: Shape, on: date) -> Moved:
    accounts = list(list_accounts(shape.ending, on))
    moved = [one for one in accounts if goes_on(one, shape.plan)]
    stopped = len(accounts) - len(moved)
    fate = f"{len(moved)} tiếp tục ở đơn vị kế thừa, {stopped} kết thúc vào ngày trước đó"
    names = (f"{one.user.display_name} ({one.get_role_display()})" for one in accounts[:FIRST])
    return Moved("Tài khoản (tư cách làm việc)", len(accounts), _examples(names), fate)


def list_followers(ending: Sequence[Unit], day: date) -> QuerySet[Unit]:
    """Units that stand right below those that end."""
    gone = [unit.pk for unit in ending]
    return Unit.objects.filter(standing(day), parent__in=gone).exclude(pk__in=gone).order_by("path")


def _count_below(shape: Shape) -> list[Moved]:
    followers = list_followers(shape.ending, shape.plan.on or date.max)
    number = followers.count()
    fate = f"chuyển về trực thuộc {shape.heir}" if shape.heir else "chuyển về trực thuộc đơn vị kế thừa"
    return [Moved("Đơn vị bên dưới", number, _examples(followers[:FIRST]), fate)]


# Obstacles


def find_obstacles(shape: Shape) -> list[Obstacle]:
    """Everything for which it would be refused, each with what to do about it. Needs a complete draft."""
    missing = _missing(shape)
    if missing:
        return missing
    found = [
        *_of_sources(shape),
        *_of_results(shape),
        *_of_dates(shape),
        *_of_others(shape),
        *_of_people(shape),
        *_of_head(shape),
    ]
    found += [
        Obstacle(f"{moved.label}: chưa chuyển được.", moved.obstacle, may_pass=True)
        for moved in count_moved(shape)
        if moved.obstacle
    ]
    return found


def find_mismatches(shape: Shape) -> list[str]:
    """Units that would end in one of another kind: allowed, and worth a second look.

    Where a unit is dissolved, the one above it commonly keeps its record.
    """
    found = []
    for source, result in product(shape.ending, shape.results):
        into = result.target or result
        kind, above = UnitKind(into.kind), result.target is not None and result.target.contains(source.path)
        if UnitKind(source.kind).is_like(kind) or (shape.plan.kind == SuccessionKind.DISSOLVE and above):
            continue
        found.append(
            f"{source.name} thuộc loại «{UnitKind(source.kind).label}», còn {into.name} thuộc loại «{kind.label}»."
        )
    return found


def _missing(shape: Shape) -> list[Obstacle]:
    plan, found = shape.plan, []
    if not shape.sources:
        found.append(Obstacle("Chưa chọn đơn vị nào được sắp xếp.", remedy="Mở bước «Đơn vị» và chọn."))
    elif not shape.results or (plan.kind == SuccessionKind.SPLIT and len(shape.results) == 1):
        found.append(
            Obstacle("Chưa đủ đơn vị sau sắp xếp.", remedy="Mở bước «Sau sắp xếp» và chọn hoặc ghi đơn vị mới.")
        )
    if plan.on is None or plan.decided_on is None or not plan.decision_number or not plan.issuer:
        found.append(Obstacle("Chưa ghi ngày thực hiện và quyết định.", remedy="Mở bước «Ngày và quyết định»."))
    return found


def _of_sources(shape: Shape) -> list[Obstacle]:
    found = []
    on = shape.plan.on
    for unit in shape.sources:
        if on and unit.valid_to and unit.valid_to < on:
            found.append(
                Obstacle(
                    f"{unit.name} đã kết thúc từ hết ngày {unit.valid_to:%d/%m/%Y}.",
                    "Đơn vị không còn thì không sắp xếp lại được.",
                    "Bỏ đơn vị này ra khỏi danh sách.",
                )
            )
        if on and unit.valid_from >= on:
            found.append(
                Obstacle(
                    f"{unit.name} chỉ hoạt động từ ngày {unit.valid_from:%d/%m/%Y}.",
                    "Ngày sắp xếp phải sau ngày đơn vị bắt đầu hoạt động.",
                    "Chọn ngày muộn hơn.",
                )
            )
        inner = next((one for one in shape.sources if one != unit and unit.contains(one.path)), None)
        if inner:
            found.append(
                Obstacle(
                    f"{inner.name} đứng dưới {unit.name}, cả hai cùng được chọn.",
                    "Đơn vị bên dưới đã đi theo đơn vị bên trên.",
                    "Giữ lại một trong hai.",
                )
            )
    return found


def _of_results(shape: Shape) -> list[Obstacle]:
    codes = {one.code for one in shape.results if one.code}
    taken = Unit.objects.filter(code__in=codes).values_list("code", flat=True) if codes else ()
    found = [Obstacle(f"Mã «{code}» đã có đơn vị khác dùng.", remedy="Đặt mã khác cho đơn vị mới.") for code in taken]
    on = shape.plan.on
    for one in shape.results:
        place = one.target or one.parent
        if place is None or place in shape.sources:
            if one.parent and one.parent in shape.ending:
                found.append(
                    Obstacle(
                        f"{one} được đặt dưới {one.parent}, đơn vị sẽ kết thúc.",
                        remedy="Chọn đơn vị cấp trên khác cho đơn vị mới.",
                    )
                )
            continue
        if on and place.valid_to and place.valid_to < on:
            found.append(
                Obstacle(
                    f"{place.name} đã kết thúc từ hết ngày {place.valid_to:%d/%m/%Y} nên không nhận được.",
                    remedy="Chọn đơn vị còn hoạt động.",
                )
            )
        above = next((unit for unit in shape.sources if unit != place and unit.contains(place.path)), None)
        if above:
            found.append(
                Obstacle(
                    f"{place.name} đứng dưới {above.name} nên không nhận đơn vị này được.",
                    "Một đơn vị không thể đứng dưới đơn vị cấp dưới của mình.",
                    "Chọn đơn vị nhận khác, hoặc chuyển đơn vị nhận sang cơ quan khác trước.",
                )
            )
    return found


def _of_dates(shape: Shape) -> list[Obstacle]:
    """A day before the last change on record would put history in two orders."""
    on = shape.plan.on
    if on is None:
        return []
    keys = [unit.pk for unit in shape.sources]
    lasts: dict[Any, date] = {}
    for rows, key in (
        (UnitName.objects.filter(unit__in=keys), "unit_id"),
        (Placement.objects.filter(unit__in=keys), "unit_id"),
        (Succession.objects.filter(from_unit__in=keys), "from_unit_id"),
        (Succession.objects.filter(to_unit__in=keys), "to_unit_id"),
    ):
        column = "on" if key != "unit_id" else "valid_from"
        for unit, last in rows.order_by().values_list(key).annotate(last=Max(column)):
            lasts[unit] = max(last, lasts.get(unit, last))
    return [
        Obstacle(
            f"{unit.name} đã có thay đổi ghi từ ngày {lasts[unit.pk]:%d/%m/%Y}.",
            "Ngày sắp xếp phải sau lần thay đổi gần nhất của đơn vị.",
            "Chọn ngày muộn hơn, hoặc kiểm tra lại quá trình của đơn vị.",
        )
        for unit in shape.sources
        if unit.pk in lasts and lasts[unit.pk] >= on and unit.valid_from < on
    ]


def _of_others(shape: Shape) -> list[Obstacle]:
    """Another planned one that touches the same units: nobody could say which comes first."""
    mine = {unit.pk for unit in shape.sources}
    wide = mine | {pk for one in shape.results for pk in (one.target_id, one.parent_id) if pk}
    others = list_reorganisations().filter(state=ReorganisationState.PLANNED).exclude(pk=shape.plan.pk)
    found = []
    for other in others:
        theirs = {one.target_id: one.target for one in other.sources.all()}
        further = {unit.pk: unit for one in other.results.all() for unit in (one.target, one.parent) if unit}
        shared = [unit for pk, unit in theirs.items() if pk in wide]
        shared += [unit for pk, unit in further.items() if pk in mine]
        if shared:
            found.append(
                Obstacle(
                    f"{shared[0].name} đã nằm trong một kế hoạch sắp xếp khác, từ ngày {other.on:%d/%m/%Y}.",
                    f"Hai kế hoạch chồng nhau: {other.get_kind_display().lower()}, {other.citation}.",
                    "Hủy kế hoạch kia, hoặc chờ kế hoạch kia thực hiện xong.",
                )
            )
    return found


def _of_people(shape: Shape) -> list[Obstacle]:
    """Two people under one code in the heir: the code is how an office tells them apart."""
    if not shape.ending:
        return []
    concerned = [unit.pk for unit in shape.ending]
    if shape.heir and shape.heir.target_id:
        concerned.append(shape.heir.target_id)
    codes = Counter(Person.objects.filter(unit__in=concerned).order_by().values_list("staff_code", flat=True))
    return [
        Obstacle(
            f"Có {number} người cùng mang mã cán bộ «{code}».",
            "Trong một đơn vị mỗi người một mã.",
            "Sửa mã của một người trước ngày thực hiện.",
            may_pass=True,
        )
        for code, number in codes.items()
        if number > 1
    ][:FIRST]


def _of_head(shape: Shape) -> list[Obstacle]:
    plan, heir = shape.plan, shape.heir
    if plan.head_from_id is None:
        return []
    if plan.head_from_id not in {unit.pk for unit in shape.ending}:
        return [Obstacle("Người đứng đầu được chọn không thuộc đơn vị kết thúc.", remedy="Chọn lại ở bước «Ngày».")]
    if heir is None or heir.target_id is None or plan.on is None:
        return []
    in_force = Q(valid_to__isnull=True) | Q(valid_to__gte=plan.on)
    if (
        Membership.objects.filter(in_force, unit=heir.target_id, role=Role.HEAD).exists()
        or Posting.objects.filter(in_force, unit=heir.target_id, is_head=True).exists()
    ):
        return [
            Obstacle(
                f"{heir} đã có người đứng đầu.",
                "Một đơn vị có một người đứng đầu.",
                "Ở bước «Ngày và quyết định», chọn «Chưa xác định» cho người đứng đầu.",
                may_pass=True,
            )
        ]
    return []
