"""What each unit owes, and its requests for more time."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from campaigns.calendar import first_live_day
from campaigns.models.plan import Obligation
from units.addresses import address_of
from units.models import TenantModel, User


class Assignment(TenantModel):
    """One obligation of one unit. `last_day` starts as the obligation's and moves when an extension is granted.

    The database keeps beside it its latest version (`Submission.is_latest`): which one, its state, and the day that the
    deadline is measured with. Boards of a whole sector count these rows, and joined to what was filed for each they
    took twice as long.
    """

    kept_by_database = ("latest_id", "latest_state", "latest_counted_on")

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="assignments")
    last_day = models.DateField("Ngày cuối cùng", null=True, blank=True)
    # Grows whenever the last day moves, so that what was told about the old one can be told from what is true now.
    deadline_version = models.PositiveSmallIntegerField(default=0)
    deadline_moved_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField("Hoàn thành lúc", null=True, blank=True)
    document_number = models.CharField("Số, ký hiệu văn bản đã gửi", max_length=60, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    # Set when its unit ended and the heir owed the same already: nobody has to do it twice, nothing was done.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    latest_id = models.UUIDField(null=True, editable=False)
    latest_state = models.CharField(max_length=12, default="", editable=False)
    latest_counted_on = models.DateField(null=True, editable=False)

    class Meta:
        ordering = ["last_day", "id"]
        indexes = [
            models.Index(fields=["unit_path", "last_day"], name="assignment_scope_day"),
            # The order of the board of those above, which a wide scope is read in.
            models.Index(
                F("done_at").asc(nulls_first=True),
                F("last_day").asc(nulls_last=True),
                F("unit_path"),
                F("id"),
                condition=Q(merged_into__isnull=True),
                name="assignment_board",
            ),
            # What it counts, from the index alone.
            models.Index(
                fields=["unit_path"],
                include=["id", "obligation", "done_at", "last_day", "latest_state", "latest_counted_on"],
                condition=Q(merged_into__isnull=True),
                name="assignment_scope_board",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["obligation", "unit"], name="assignment_once_for_a_unit"),
        ]

    def __str__(self) -> str:
        return str(self.obligation)

    def get_absolute_url(self) -> str:
        return address_of("campaigns:assignment-detail", self.pk)

    def is_live_on(self, day: date) -> bool:
        """What `live_on` asks, of a row with its obligation and campaign loaded."""
        first = first_live_day(day)
        return self.obligation.campaign.closes_on >= first or (self.last_day is not None and self.last_day >= first)


def live_on(day: date, prefix: str = "") -> Q:
    """Assignments that are no history on `day`: their campaign runs or closed lately, or their own last day did.

    A report on a year is due in the next one, and an extension may reach past the close: the campaign alone cannot say.
    """
    first = first_live_day(day)
    running = Obligation.objects.filter(campaign__closes_on__gte=first)
    return Q(**{f"{prefix}last_day__gte": first}) | Q(**{f"{prefix}obligation__in": running.order_by()})


class ExtensionState(models.TextChoices):
    ASKED = "asked", "Chờ trả lời"
    GRANTED = "granted", "Đã gia hạn"
    DECLINED = "declined", "Không gia hạn"


class ExtensionRequest(TenantModel):
    """A unit's request for more time, and the answer of the one who is owed."""

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="extension_requests")
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("Đề nghị lúc")
    until = models.DateField("Xin gia hạn đến hết ngày")
    reason = models.TextField("Lý do", max_length=1000)
    state = models.CharField("Kết quả", max_length=10, choices=ExtensionState, default=ExtensionState.ASKED)
    answer = models.TextField("Ý kiến trả lời", max_length=1000, blank=True)
    answered_at = models.DateTimeField("Trả lời lúc", null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(state="asked"),
                name="extension_asked_once_at_a_time",
                violation_error_message="Đơn vị đã có một đề nghị gia hạn đang chờ trả lời.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.assignment} → {self.until:%d/%m/%Y}"
