"""Councils, their sittings and what is put before them."""

from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import F, Q

from campaigns.models import ClusterYear
from exemplars.models import Nomination
from units.models import TenantModel, Unit, User


class Council(TenantModel):
    """Hội đồng Thi đua - Khen thưởng of a unit, for a term, with its founding decision.

    With `cluster_year` it is the conference of a cluster: it is kept by the unit that leads the year's work, and its
    members are the heads of the member units, one vote a unit.
    """

    council_lookups = {"council": "pk"}

    name = models.CharField("Tên Hội đồng", max_length=200)
    founding_number = models.CharField("Số quyết định thành lập", max_length=60)
    founded_on = models.DateField("Ngày quyết định thành lập")
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    cluster_year = models.ForeignKey(
        ClusterYear, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Hội nghị của"
    )

    class Meta:
        ordering = ["-valid_from", "id"]

    def __str__(self) -> str:
        return self.name


class PaperKind(models.TextChoices):
    FOUNDING = "founding", "Thành lập"
    RENEWAL = "renewal", "Gia hạn nhiệm kỳ"
    ENDING = "ending", "Kết thúc hoạt động"


def council_paper_path(paper: "CouncilPaper", _name: str) -> str:
    """A name nobody can guess, without the person's own file name."""
    return f"councils/{paper.pk.hex[:2]}/{paper.pk}"


class CouncilPaper(TenantModel):
    """A decision about a council's term; `valid_to` is the last day that it gives, and the file is there or not."""

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="papers")
    kind = models.CharField("Nội dung", max_length=10, choices=PaperKind)
    number = models.CharField("Số, ký hiệu", max_length=60)
    decided_on = models.DateField("Ngày quyết định")
    valid_to = models.DateField("Đến hết ngày", null=True, blank=True)
    recorded_at = models.DateTimeField("Ghi lúc")
    file = models.FileField("Tệp", upload_to=council_paper_path, max_length=200, blank=True)
    file_name = models.CharField("Tên tệp", max_length=255, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["decided_on", "recorded_at", "id"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.number}"


class Seat(models.TextChoices):
    CHAIR = "chair", "Chủ tịch"
    DEPUTY = "deputy", "Phó Chủ tịch"
    MEMBER = "member", "Ủy viên"


class CouncilMember(TenantModel):
    """A seat in a council for a time. The secretary and the tellers are members with that duty besides.

    A change is a seat that ends on a day and another that begins. A substitute (`stands_in_for`) may read from
    `valid_from` on and holds the seat at one sitting, whose day is its last; `has_vote` is what the rule of that day
    said. In a conference `member_unit` is the unit that the member heads.
    """

    council_lookups = {"council": "council"}

    council = models.ForeignKey(Council, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    seat = models.CharField("Chức danh trong Hội đồng", max_length=10, choices=Seat)
    position = models.CharField("Chức vụ", max_length=120)
    order = models.PositiveSmallIntegerField()
    is_secretary = models.BooleanField("Thư ký", default=False)
    is_teller = models.BooleanField("Ban kiểm phiếu", default=False)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    given_by = models.CharField("Theo văn bản số", max_length=60, blank=True)
    ended_by = models.CharField("Thôi theo văn bản số", max_length=60, blank=True)
    member_unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Đơn vị thành viên"
    )
    stands_in_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="substitutes", verbose_name="Thay cho"
    )
    for_sitting = models.ForeignKey(
        "awards.Sitting", on_delete=models.PROTECT, null=True, blank=True, related_name="substitutes"
    )
    has_vote = models.BooleanField("Được bỏ phiếu", default=True)

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(
                fields=["council", "user", "valid_from"],
                condition=Q(for_sitting__isnull=True),
                name="council_member_once",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for__isnull=True, for_sitting__isnull=True)
                | Q(stands_in_for__isnull=False, for_sitting__isnull=False),
                name="substitute_has_seat_and_sitting",
            ),
            models.CheckConstraint(condition=~Q(seat="chair", is_secretary=True), name="chair_is_not_the_secretary"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="council_member_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.user.display_name


class SittingState(models.TextChoices):
    PLANNED = "planned", "Đang chuẩn bị"
    CLOSED = "closed", "Đã kết thúc"


class Sitting(TenantModel):
    """One meeting of a council."""

    council_lookups = {"council": "council"}

    council = models.ForeignKey(Council, on_delete=models.PROTECT, related_name="sittings")
    title = models.CharField("Nội dung phiên họp", max_length=200)
    held_on = models.DateField("Ngày họp")
    place = models.CharField("Địa điểm", max_length=200)
    state = models.CharField("Tình trạng", max_length=10, choices=SittingState, default=SittingState.PLANNED)
    starts_at = models.TimeField("Giờ họp", null=True, blank=True)
    online_at = models.CharField("Đường dẫn họp trực tuyến", max_length=300, blank=True)
    # How often members were invited, and what the last invitation said: a change is told against it.
    invitation_version = models.PositiveSmallIntegerField(default=0)
    invited: "models.JSONField[Any, Any]" = models.JSONField(default=dict, blank=True)
    # The case that the secretary leads everybody to.
    under_discussion = models.ForeignKey(
        "awards.AgendaItem", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-held_on", "id"]

    def __str__(self) -> str:
        return self.title


class Attendance(TenantModel):
    """Whether a member was there, and why not."""

    council_lookups = {"council": "sitting__council"}

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="+")
    is_present = models.BooleanField("Có mặt")
    reason = models.CharField("Lý do vắng", max_length=200, blank=True)

    class Meta:
        ordering = ["member__order"]
        constraints = [models.UniqueConstraint(fields=["sitting", "member"], name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.member}"


class AgendaItem(TenantModel):
    """One nomination before a sitting. What the council says of it stands in the tally and the decision."""

    council_lookups = {"council": "sitting__council"}

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="agenda")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="agenda_items")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["sitting", "nomination"], name="nomination_once_on_an_agenda")]

    def __str__(self) -> str:
        return f"{self.order}. {self.nomination}"

    @property
    def reopened_at(self) -> datetime | None:
        """When the unit that sent the case took its original back to be mended; None while the copy is up to date."""
        case = getattr(self.nomination, "received", None) if self.nomination.is_crossed else None
        return case.reopened_at if case is not None and case.is_outdated else None
