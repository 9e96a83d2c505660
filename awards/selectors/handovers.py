"""Cases before a conference of a cluster whose head changes: which go along, which are answered where they are."""

from django.db.models import QuerySet

from awards.models import FilingState, ReceivedCase
from campaigns.models import ClusterYear
from units.models import Unit
from units.reorganising import Moved

_OPEN = (FilingState.SENT, FilingState.RECEIVED)


def list_cases_passed(year: ClusterYear, head: Unit) -> QuerySet[ReceivedCase]:
    """What `head` holds of a year and no agenda has ever named: the next head's conference can take it up as it is."""
    return _held(year, head).filter(nomination__agenda_items__isnull=True)


def list_cases_kept(year: ClusterYear, head: Unit) -> QuerySet[ReceivedCase]:
    """What stood before the head's own conference and is unanswered: that conference answers it or gives it back."""
    return _held(year, head).filter(nomination__agenda_items__isnull=False).distinct()


def _held(year: ClusterYear, head: Unit) -> QuerySet[ReceivedCase]:
    return ReceivedCase.objects.filter(unit=head, year=year, state__in=_OPEN).order_by()


def count_handed_over(year: ClusterYear, head: Unit) -> list[Moved]:
    """In numbers only. In the scope that sees every unit."""
    passed = list_cases_passed(year, head)
    return [
        Moved(
            "Trường hợp gửi Hội nghị chưa tiếp nhận",
            passed.filter(state=FilingState.SENT).count(),
            fate="chuyển sang đơn vị trưởng mới tiếp nhận hoặc trả lại",
        ),
        Moved(
            "Trường hợp gửi Hội nghị đã tiếp nhận, chưa vào chương trình họp",
            passed.filter(state=FilingState.RECEIVED).count(),
            fate="chuyển sang đơn vị trưởng mới đưa ra Hội nghị",
        ),
        Moved(
            "Trường hợp đã vào chương trình họp, chưa gửi kết quả",
            list_cases_kept(year, head).count(),
            fate="không chuyển: Hội nghị của đơn vị trưởng cũ gửi kết quả, hoặc trả lại để gửi đơn vị trưởng mới",
        ),
    ]
