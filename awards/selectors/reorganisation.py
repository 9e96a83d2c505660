"""What councils would leave behind when their units end."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q, QuerySet

from awards.models import (
    STANDING_FILINGS,
    Ballot,
    BallotState,
    CaseFiling,
    Council,
    FilingState,
    ReceivedCase,
    Sitting,
    SittingState,
)
from awards.selectors.crossing import list_untold
from awards.selectors.decisions import list_waiting_ballots
from awards.selectors.drafts import list_living_drafts, list_undrafted_ballots
from exemplars.selectors.reorganisation import FINISHED
from units.models import Unit
from units.reorganising import Moved

FIRST = 5


def list_open_sittings(sources: Sequence[Unit]) -> QuerySet[Sitting]:
    """Sittings of the units' councils that have not ended."""
    return (
        Sitting.objects.filter(council__unit__in=sources, state=SittingState.PLANNED)
        .select_related("council", "unit")
        .order_by("held_on", "pk")
    )


def list_councils_standing(source: Unit, on: date) -> QuerySet[Council]:
    return Council.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), unit=source)


def list_filings_carried(sources: Sequence[Unit]) -> QuerySet[CaseFiling]:
    """Lines about nominations that go to the heir: sent to a conference and not given back."""
    return (
        CaseFiling.objects.filter(unit__in=sources, state__in=STANDING_FILINGS)
        .exclude(nomination__state__in=FINISHED)
        .select_related("nomination", "unit")
        .order_by("sent_at", "pk")
    )


def list_cases_given_back(sources: Sequence[Unit]) -> QuerySet[ReceivedCase]:
    """What the units hold as those who lead a conference and no count has answered."""
    return ReceivedCase.objects.filter(unit__in=sources, state__in=(FilingState.SENT, FilingState.RECEIVED))


def count_moved(sources: Sequence[Unit], *, on: date) -> list[Moved]:  # noqa: ARG001  the form of every share
    """Open sittings and unsigned decisions, and what cannot wait for another council: ballots under way and counts
    without a decision."""
    sittings = list_open_sittings(sources)
    running = Ballot.objects.filter(
        sitting__council__unit__in=sources, state__in=(BallotState.OPEN, BallotState.CLOSED)
    ).first()
    uncounted = [ballot for unit in sources for ballot in list_undrafted_ballots(unit)]
    obstacle = ""
    if running:
        obstacle = f"Lượt bỏ phiếu «{running}» chưa kiểm xong; đóng, kiểm phiếu và ban hành quyết định trước."
    elif uncounted:
        obstacle = f"Lượt bỏ phiếu «{uncounted[0]}» đã kiểm nhưng chưa có quyết định; ban hành quyết định trước."
    return [
        Moved(
            "Phiên họp Hội đồng chưa kết thúc",
            sittings.count(),
            tuple(str(one) for one in sittings[:FIRST]),
            "kết thúc cùng Hội đồng; trường hợp đã trình chờ Hội đồng của đơn vị kế thừa",
            obstacle,
        ),
        _count_drafts(sources),
        _moved(list_filings_carried(sources), "Trường hợp đã gửi Hội nghị suy tôn", "chuyển theo đề nghị"),
        _moved(
            list_cases_given_back(sources).select_related("nomination"),
            "Trường hợp các đơn vị gửi Hội nghị, chưa có kết quả",
            "trả lại đơn vị gửi, kèm lý do; đơn vị gửi lại cho đơn vị chủ trì mới",
            _find_untold(sources),
        ),
    ]


def _count_drafts(sources: Sequence[Unit]) -> Moved:
    """Decisions that nobody has signed. Only the unit that ends may sign one, so one that its count waits for stands
    in the way; one whose cases were taken back meanwhile ends with the unit, and so does a revocation, because the
    heir carries the decision on and may draft it anew."""
    drafts = [draft for unit in sources for draft in list_living_drafts(unit)]
    waiting = {ballot.pk for unit in sources for ballot in list_waiting_ballots(unit)} if drafts else set()
    needed = next((one for one in drafts if one.ballot_id in waiting), None)
    obstacle = ""
    if needed:
        what = f"Quyết định số {needed.number} đã lấy số" if needed.number else f"Dự thảo quyết định «{needed.subject}»"
        obstacle = (
            f"{what} nhưng chưa ký; ghi quyết định đã ký trước ngày sắp xếp, vì sau đó {needed.unit} không còn ký được."
        )
    return Moved(
        "Dự thảo quyết định khen thưởng, thu hồi chưa ký",
        len(drafts),
        tuple(f"{one}, {one.get_state_display().lower()}" for one in drafts[:FIRST]),
        "hủy cùng Hội đồng, ghi lý do; số đã lấy không dùng lại; việc thu hồi thì đơn vị kế thừa lập dự thảo lại",
        obstacle,
    )


def _find_untold(sources: Sequence[Unit]) -> str:
    """A count of which the senders do not know yet: they would never hear of it."""
    received = list_cases_given_back(sources).values("nomination")
    for sitting in Sitting.objects.filter(agenda__nomination__in=received).distinct():
        if list_untold(sitting):
            return f"Kết quả của phiên «{sitting}» chưa gửi các đơn vị; gửi kết quả ở trang phiên họp trước."
    return ""


def _moved(found: "QuerySet[CaseFiling] | QuerySet[ReceivedCase]", label: str, fate: str, obstacle: str = "") -> Moved:
    return Moved(label, found.count(), tuple(one.nomination.nominee_name for one in found[:FIRST]), fate, obstacle)
