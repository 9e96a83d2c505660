"""What an administrator of a root has to see to before people notice: nothing here mends itself."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from campaigns.bounces import explain_status
from campaigns.calendar import short_day
from campaigns.models import (
    Assignment,
    DigestState,
    Phase,
    ReminderLetter,
    WorkerPulse,
)
from campaigns.selectors.anchor_events import list_overdue_anchor_events
from campaigns.selectors.mailings import list_mailing_models
from units.models import Invitation, Letter, LetterState, MailBounce, Membership, OutboxMessage, Unit, User
from units.roles import Role

NAMED_AT_MOST = 5
LOOK_BACK = timedelta(days=1)
# A promise is sent again every few minutes; one that is older than this needs a person.
PROMISE_IS_OLD = timedelta(hours=1)
# Work of every minute that was not done for so long was not only a restart.
SILENCE = timedelta(minutes=15)
# Longer than a worker may wait for the mail server's answer; after that a handed-over letter stays unsure.
ANSWER_IS_LATE = timedelta(minutes=10)
BOUNCES_ARE_NEWS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Fault:
    what: str
    remedy: str
    path: str = ""


def list_faults(root: Unit, *, day: date, at: datetime) -> list[dict[str, str]]:
    """Everything that is out of order in the branch of `root` or in the installation, as lines of a digest."""
    found = (
        *_phases_without_clerks(root, day),
        *_events_not_recorded(root, day),
        *_mail_not_delivered(root, day),
        *_mail_that_came_back(root, at),
        *_promises_not_kept(),
        *_silence(at),
    )
    return [asdict(one) for one in found]


def _phases_without_clerks(root: Unit, day: date) -> Iterator[Fault]:
    opening = day + timedelta(days=1)
    clerk = Membership.objects.on(opening).filter(unit=OuterRef("unit"), role=Role.CLERK, user__is_active=True)
    for phase in (
        Phase.objects.filter(opens_on=opening, obligations__isnull=False).select_related("campaign").distinct()
    ):
        owers = (
            Assignment.objects.filter(
                ~Exists(clerk),
                obligation__phase=phase,
                unit_path__gte=root.path,
                unit_path__lt=f"{root.path}~",
                merged_into__isnull=True,
            )
            .order_by("unit_path")
            .values_list("unit__short_name", flat=True)
            .distinct()
        )
        names = list(dict.fromkeys(owers))
        if names:
            yield Fault(
                f"Đợt «{phase.title}» của phong trào «{phase.campaign.title}» mở ngày {short_day(opening)}, nhưng "
                f"{len(names)} đơn vị có việc chưa có cán bộ thi đua: {_few(names)}.",
                "Mời hoặc giao tư cách cán bộ thi đua cho các đơn vị này.",
                reverse("units:account-list"),
            )


def _events_not_recorded(root: Unit, day: date) -> Iterator[Fault]:
    for event in list_overdue_anchor_events(Unit.objects.below(root.path), day):
        assert event.expected_on is not None  # noqa: S101  the list asks for it
        yield Fault(
            f"Chưa ai ghi nhận sự kiện «{event.title}» của phong trào «{event.campaign.title}», dự kiến chậm nhất ngày "
            f"{short_day(event.expected_on)}; {event.waiting} việc chưa tính được thời hạn.",  # type: ignore[attr-defined]
            f"Nhắc {event.campaign.issuer} ghi nhận ngày sự kiện đã diễn ra.",
            reverse("campaigns:campaign-detail", args=[event.campaign.code]),
        )


def _mail_not_delivered(root: Unit, day: date) -> Iterator[Fault]:
    """Letters of yesterday and today: a day's letters are answered after that day's faults were gathered.

    Mails of all other kinds are looked for by when they were tried, on the machine's clock.
    """
    theirs = Membership.objects.filter(unit__in=Unit.objects.below(root.path)).values("user")
    first = day - timedelta(days=1)
    letters = ReminderLetter.objects.filter(recipient__in=theirs, day__gte=first)
    tried = timezone.now() - 2 * LOOK_BACK
    mailings: list[QuerySet[Any]] = [
        model.objects.filter(recipient__in=theirs, handed_over_at__gt=tried) for model in list_mailing_models()
    ]
    refused = [
        person
        for rows in (letters, *mailings)
        for person in rows.filter(state=DigestState.REFUSED).values_list("recipient", flat=True)
    ]
    people = User.objects.filter(pk__in=refused).order_by("username")
    if names := [f"{one} ({one.email})" for one in people]:
        yield Fault(
            f"Máy chủ thư từ chối địa chỉ của {len(names)} người: {_few(names)}.",
            "Báo người dùng đổi địa chỉ ở trang Tài khoản của tôi; nhắc việc vẫn hiện trên trang của họ.",
            reverse("units:account-list"),
        )
    late = timezone.now() - ANSWER_IS_LATE
    unsure = letters.filter(is_unsure=True).count()
    unsure += sum(rows.filter(state=DigestState.SENDING, handed_over_at__lt=late).count() for rows in mailings)
    if unsure:
        yield Fault(
            f"{unsure} thư nhắc việc, giấy mời, báo kết quả không rõ đã tới hay chưa, vì máy chủ thư không trả lời.",
            "Việc chưa xong được nhắc lại ở thư sau và vẫn hiện ở trang Nhắc việc. Xem máy chủ thư nếu còn lặp lại.",
        )
    stuck = Letter.objects.filter(state=LetterState.SENDING, created_at__lt=timezone.now() - PROMISE_IS_OLD)
    if number := stuck.count():
        yield Fault(
            f"{number} thư về tài khoản (lời mời, đặt lại mật khẩu) không rõ đã tới hay chưa.",
            "Hỏi người nhận; gửi lại lời mời nếu cần.",
            reverse("units:invitation-list"),
        )


def _mail_that_came_back(root: Unit, at: datetime) -> Iterator[Fault]:
    """Addresses that a server on the way gave back this week and that nobody has mended since."""
    people = Membership.objects.filter(unit__in=Unit.objects.below(root.path)).values("user")
    invited = Invitation.objects.filter(unit__in=Unit.objects.below(root.path)).values("email")
    bounces = (
        MailBounce.objects.filter(bounced_at__gt=at - BOUNCES_ARE_NEWS)
        .filter(
            Q(account__in=people, account__is_active=True, address__iexact=F("account__email"))
            | Q(account__isnull=True, address__in=invited)
        )
        .select_related("account")
        .order_by("address", "-bounced_at")
    )
    found: dict[str, str] = {}
    for one in bounces:
        meaning = explain_status(one.status)
        who = f"{one.account} ({one.address})" if one.account else one.address
        found.setdefault(one.address.lower(), f"{who}, mã {one.status}{f': {meaning}' if meaning else ''}")
    if found:
        yield Fault(
            f"Thư gửi tới {len(found)} địa chỉ không tới và bị gửi trả: {_few(list(found.values()))}.",
            "Báo người dùng đổi địa chỉ ở trang Tài khoản của tôi, hoặc mời lại bằng địa chỉ đúng.",
            reverse("units:account-list"),
        )


def _promises_not_kept() -> Iterator[Fault]:
    """The outbox lives by the database's own clock, which a demonstration does not shift."""
    old = (
        OutboxMessage.objects.filter(done_at__isnull=True, created_at__lt=timezone.now() - PROMISE_IS_OLD)
        .values("task")
        .annotate(number=Count("pk"))
        .order_by("task")
    )
    for row in old:
        yield Fault(
            f"{row['number']} công việc nền «{row['task']}» chưa xong sau hơn một giờ.",
            "Xem nhật ký của tiến trình nền và của máy chủ thư; công việc được thử lại cho tới khi xong.",
        )


def _silence(at: datetime) -> Iterator[Fault]:
    for pulse in WorkerPulse.objects.filter(silent_to__gt=at - LOOK_BACK):
        assert pulse.silent_from is not None  # noqa: S101  both or neither, says the table
        assert pulse.silent_to is not None  # noqa: S101  same
        first, last = (timezone.localtime(one) for one in (pulse.silent_from, pulse.silent_to))
        yield Fault(
            f"Tiến trình nền im lặng từ {first:%H:%M %d/%m/%Y} đến {last:%H:%M %d/%m/%Y}; nhắc việc của thời gian đó "
            "được gửi sau.",
            "Xem vì sao tiến trình nền dừng; trang /healthz cho biết nó đang chạy hay không.",
        )


def _few(names: list[str]) -> str:
    more = f" và {len(names) - NAMED_AT_MOST} nữa" if len(names) > NAMED_AT_MOST else ""
    return ", ".join(names[:NAMED_AT_MOST]) + more
