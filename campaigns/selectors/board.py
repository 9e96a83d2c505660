"""Who has sent and who has not: obligation × unit, for the one who is owed and those above."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, CharField, Count, F, FilteredRelation, Q, QuerySet, TextChoices, Value, When
from django.db.models.functions import Coalesce, TruncDate

from campaigns.calendar import OFFICE_ZONE
from campaigns.models import Assignment, Campaign, Obligation
from campaigns.models.work import live_on
from units.models import Unit


class BoardState(TextChoices):
    OVERDUE = "overdue", "Quá hạn, chưa gửi"
    MISSING = "missing", "Chưa gửi"
    RETURNED = "returned", "Bị trả lại, chưa gửi lại"
    SENT = "sent", "Đã gửi, chờ tiếp nhận"
    RECEIVED = "received", "Đã tiếp nhận"
    APPROVED = "approved", "Đã duyệt"
    RECORDED = "recorded", "Đơn vị tự ghi nhận đã gửi"


# States in which the unit still has to do something.
OPEN = (BoardState.OVERDUE, BoardState.MISSING, BoardState.RETURNED)
LATE = "late"


def _state(day: date) -> Case:
    undone, sent = Q(done_at__isnull=True), Q(done_at__isnull=False)
    return Case(
        When(undone & Q(latest_state="returned"), then=Value(BoardState.RETURNED.value)),
        When(undone & Q(last_day__lt=day), then=Value(BoardState.OVERDUE.value)),
        When(undone, then=Value(BoardState.MISSING.value)),
        When(sent & Q(latest_state="sent"), then=Value(BoardState.SENT.value)),
        When(sent & Q(latest_state="received"), then=Value(BoardState.RECEIVED.value)),
        When(sent & Q(latest_state="approved"), then=Value(BoardState.APPROVED.value)),
        default=Value(BoardState.RECORDED.value),
        output_field=CharField(),
    )


def list_board(unit: Unit, day: date) -> QuerySet[Assignment]:
    """What is owed to `unit` or to units below it, one row for each unit that owes it, with its state on `day`.

    A row carries `board_state` and `sent_on`, the day that counts for the deadline. Open rows come first, the nearest
    last day on top.
    """
    obligations = Obligation.objects.order_by()
    here = obligations.filter(owed_to=unit)
    below = obligations.filter(owed_to__path__gt=unit.path, owed_to__path__lt=f"{unit.path}~")
    # Asked as two: then each row is looked up among them in passing, and the rows of a wide scope are not put into the
    # order of their obligations first.
    owed = Q(obligation__in=here) | Q(obligation__in=below)
    rows = _with_state(Assignment.objects.filter(owed, merged_into__isnull=True), day)
    return rows.select_related("unit", "obligation__campaign", "obligation__owed_to")


def _with_state(rows: QuerySet[Assignment], day: date) -> QuerySet[Assignment]:
    return rows.annotate(
        board_state=_state(day), sent_on=Coalesce("latest_counted_on", TruncDate("done_at", tzinfo=OFFICE_ZONE))
    ).order_by(F("done_at").asc(nulls_first=True), F("last_day").asc(nulls_last=True), "unit_path", "pk")


def with_codes(rows: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Rows that carry `latest_code`, the receipt of their latest version."""
    latest = FilteredRelation("submissions", condition=Q(submissions__is_latest=True))
    return rows.annotate(latest=latest).annotate(latest_code=F("latest__receipt_code"))


def is_late() -> Q:
    """Rows that were sent after their last day; the present last day, so an extension counts."""
    return Q(done_at__isnull=False, last_day__isnull=False, sent_on__gt=F("last_day"))


@dataclass(frozen=True, slots=True)
class BoardFilter:
    campaign: Campaign | None = None
    obligation: Obligation | None = None
    branch: Unit | None = None
    state: str = ""
    past: bool = False


def narrow_board(rows: QuerySet[Assignment], by: BoardFilter, day: date) -> QuerySet[Assignment]:
    """Keep what the filter names, its state apart (`keep_state`).

    What is history on `day` is left out, unless it is asked for or a campaign or an obligation is named.
    """
    if not (by.past or by.campaign or by.obligation):
        rows = rows.filter(live_on(day))
    if by.campaign:
        rows = rows.filter(obligation__campaign=by.campaign)
    if by.obligation:
        rows = rows.filter(obligation=by.obligation)
    if by.branch:
        rows = rows.filter(unit_path__gte=by.branch.path, unit_path__lt=f"{by.branch.path}~")
    return rows


def keep_state(rows: QuerySet[Assignment], state: str) -> QuerySet[Assignment]:
    if state == LATE:
        return rows.filter(is_late())
    # The first condition follows from the state already; said so that the database need not look at the other half.
    return rows.filter(Q(done_at__isnull=state in OPEN), Q(board_state=state)) if state else rows


def count_board(rows: QuerySet[Assignment]) -> dict[str, int]:
    """How many rows there are in each state and how many were late, in one query that works each state out once."""
    stated: Any = rows.order_by()  # the checker does not know what `list_board` adds
    counted = stated.values("board_state").annotate(number=Count("pk"), late=Count("pk", filter=is_late()))
    numbers = {state.value: 0 for state in BoardState} | {LATE: 0}
    for state, number, late in counted.values_list("board_state", "number", "late"):
        numbers[state] += number
        numbers[LATE] += late
    return numbers


class BoardRows:
    """Rows of the board for its pages, `known` of them.

    A page is found by its ids, and then its rows are read by nothing but these, obligations and campaigns apart: a
    plan just launched has obligations that the planner does not know of yet, and through those it would look for fifty
    rows among all.
    """

    def __init__(self, rows: QuerySet[Assignment], day: date, *, known: int) -> None:
        self._rows, self._known = rows, known
        shown = Assignment.objects.select_related("unit").prefetch_related("obligation__campaign")
        self._shown = with_codes(_with_state(shown, day))

    def count_up_to(self, most: int) -> int:
        return min(self._known, most)

    def __getitem__(self, part: slice) -> list[Assignment]:
        return list(self._shown.filter(pk__in=list(self._rows.values_list("pk", flat=True)[part])))


def list_board_campaigns(unit: Unit) -> QuerySet[Campaign]:
    """Campaigns under which something is owed to `unit` or below it."""
    owed = Obligation.objects.filter(owed_to__in=Unit.objects.below(unit.path))
    return Campaign.objects.filter(pk__in=owed.values("campaign_id")).only("code", "title")


def list_board_obligations(unit: Unit, campaign: Campaign | None) -> QuerySet[Obligation]:
    owed = Obligation.objects.filter(owed_to__in=Unit.objects.below(unit.path)).only("title")
    return owed.filter(campaign=campaign) if campaign else owed


def list_branches(unit: Unit) -> QuerySet[Unit]:
    """The units directly below, whose branches the board can be narrowed to."""
    return Unit.objects.filter(parent=unit, path__startswith=unit.path).order_by("path").only("short_name", "path")
