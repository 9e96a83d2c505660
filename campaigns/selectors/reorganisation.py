"""What campaigns would leave behind when units end."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from campaigns.models import Assignment, Campaign, ClusterMember, Obligation, ObligationKind
from campaigns.selectors.cascade import list_unacknowledged_in
from campaigns.selectors.target_heirs import count_levels
from campaigns.workflow import SubmissionState
from units.models import Unit
from units.reorganising import Moved

FIRST = 5


def _still_runs(on: date) -> Q:
    """Work of a phase, or of a campaign without one, that is not over on `on`. What is over is history: it stays with
    the unit of its time, so that a report on that time counts it there.
    """
    return Q(obligation__phase__closes_on__gte=on) | Q(
        obligation__phase__isnull=True, obligation__campaign__closes_on__gte=on
    )


def list_open_in(sources: Sequence[Unit], on: date) -> QuerySet[Assignment]:
    """What `sources` themselves still owe in time that still runs."""
    return Assignment.objects.filter(
        _still_runs(on), unit__in=sources, done_at__isnull=True, merged_into__isnull=True
    ).select_related("unit", "obligation__campaign")


def list_met_nominations(source: Unit, on: date) -> QuerySet[Assignment]:
    """Obligations to nominate that were met, in time that still runs: later nominations stand on them."""
    return Assignment.objects.filter(
        _still_runs(on), unit=source, done_at__isnull=False, obligation__kind=ObligationKind.NOMINATION
    ).select_related("obligation")


def list_unreceived_in(sources: Sequence[Unit], on: date) -> QuerySet[Assignment]:
    """What `sources` handed in, in time that still runs, and nobody received yet: it may come back for mending."""
    return Assignment.objects.filter(
        _still_runs(on),
        unit__in=sources,
        done_at__isnull=False,
        merged_into__isnull=True,
        submissions__is_latest=True,
        submissions__state=SubmissionState.SENT,
    ).select_related("unit", "obligation__campaign")


def list_owed_to(sources: Sequence[Unit], on: date) -> QuerySet[Obligation]:
    """What others send to `sources` in campaigns that have not ended."""
    return Obligation.objects.filter(owed_to__in=sources, campaign__closes_on__gte=on)


def count_moved(sources: Sequence[Unit], *, on: date) -> list[Moved]:
    """Open assignments, what others still have to send to the units, and their campaigns that run or are planned."""
    owed = list_open_in(sources, on)
    unreceived = list_unreceived_in(sources, on)
    received = list_owed_to(sources, on)
    campaigns = Campaign.objects.filter(issuer__in=sources, closes_on__gte=on)
    clusters = list_running_memberships(sources, on)
    unacknowledged = list_unacknowledged_in(sources, on)
    return [
        Moved(
            "Việc phải làm chưa xong",
            owed.count(),
            tuple(str(one) for one in owed[:FIRST]),
            "chuyển sang đơn vị kế thừa; việc đơn vị kế thừa đã có thì gộp lại",
        ),
        Moved(
            "Bản nộp chưa được tiếp nhận",
            unreceived.count(),
            tuple(str(one) for one in unreceived[:FIRST]),
            "chuyển sang đơn vị kế thừa để sửa nếu bị trả lại; việc đơn vị kế thừa đã có thì ở lại lưu trữ",
        ),
        Moved(
            "Việc cấp dưới gửi về",
            received.count(),
            tuple(one.title for one in received[:FIRST]),
            "gửi về đơn vị kế thừa",
        ),
        Moved(
            "Phong trào đang và sẽ diễn ra",
            campaigns.count(),
            tuple(one.title for one in campaigns[:FIRST]),
            "giữ tên đơn vị phát động; đơn vị kế thừa theo dõi tiếp",
        ),
        Moved(
            "Phong trào chưa xác nhận đã nhận",
            unacknowledged.count(),
            tuple(str(one) for one in unacknowledged[:FIRST]),
            "chuyển sang đơn vị kế thừa xác nhận, nếu đơn vị đó chưa nhận",
        ),
        Moved(
            "Khu vực, cụm, khối thi đua đang tham gia",
            clusters.count(),
            tuple(str(one.year) for one in clusters[:FIRST]),
            "đơn vị kế thừa tham gia thay, giữ vai trò trưởng, phó",
        ),
        count_levels(sources, on),
    ]


def list_running_memberships(sources: Sequence[Unit], on: date) -> QuerySet[ClusterMember]:
    """Places of `sources` in clusters of the year of `on` and of later ones. Past years keep who belonged to them."""
    return ClusterMember.objects.filter(member__in=sources, year__year__gte=on.year).select_related(
        "member", "year__cluster"
    )


def list_kept_issuers(unit: Unit) -> list[Unit]:
    """`unit` and the ended units whose campaigns it looks after: those with no standing unit in between."""
    ended = list(
        Unit.objects.below(unit.path)
        .filter(Q(campaigns__isnull=False), valid_to__isnull=False)
        .exclude(pk=unit.pk)
        .distinct()
    )
    kept = _kept_below(unit, [one.path for one in ended])
    return [unit, *(one for one in ended if one.path in kept)]


# In the database's own words, because the navigation of every page asks it. Not by a condition on the joined issuer:
# that reads every unit, while few have ended and an index holds those.
_ISSUED = """
    SELECT c.id, u.path FROM campaigns_campaign c JOIN units_unit u ON u.id = c.issuer_id
    WHERE c.issuer_id = %s OR c.issuer_id IN (
        SELECT e.id FROM units_unit e WHERE e.path >= %s AND e.path < %s AND e.valid_to IS NOT NULL
    )
"""


def list_kept_campaigns(unit: Unit) -> list[int]:
    """Keys of the campaigns of `list_kept_issuers`. One query where no unit below has ended, else two."""
    with connection.cursor() as cursor:
        cursor.execute(_ISSUED, [unit.pk, unit.path, f"{unit.path}~"])
        rows = cursor.fetchall()
    issued = {pk: path for pk, path in rows if path != unit.path}
    kept = _kept_below(unit, issued.values())
    return [pk for pk, path in rows if path == unit.path or path in kept]


def _kept_below(unit: Unit, ended: Iterable[str]) -> set[str]:
    """Paths of the ended units below `unit` with no standing one in between."""
    step, own = Unit.PATH_STEP, len(unit.path)
    above = {path: {path[:end] for end in range(own + step, len(path) + 1, step)} for path in ended}
    if not above:
        return set()
    between = {part for parts in above.values() for part in parts}
    stands = set(Unit.objects.filter(path__in=between, valid_to__isnull=True).values_list("path", flat=True))
    return {path for path, parts in above.items() if not stands.intersection(parts)}
