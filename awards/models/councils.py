"""Councils, their sittings and what is put before them."""

from django.db import models
from django.db.models import F, Q

from exemplars.models import Nomination
from units.models import TenantModel, User


class Council(TenantModel):
    """Hội đồng Thi đua - Khen thưởng of a unit, for a term, with its founding decision."""

    council_lookups = {"council": "pk"}

    name = models.CharField("Tên Hội đồng", max_length=200)
    founding_number = models.CharField("Số quyết định thành lập", max_length=60)
    founded_on = models.DateField("Ngày quyết định thành lập")
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "id"]

    def __str__(self) -> str:
        return self.name


class Seat(models.TextChoices):
    CHAIR = "chair", "Chủ tịch"
    DEPUTY = "deputy", "Phó Chủ tịch"
    MEMBER = "member", "Ủy viên"


class CouncilMember(TenantModel):
    """A seat in a council for a time. The secretary and the tellers are members with that duty besides."""

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

    class Meta:
        ordering = ["order"]
        constraints = [
            models.UniqueConstraint(fields=["council", "user", "valid_from"], name="council_member_once"),
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
