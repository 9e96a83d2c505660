"""A person's move from one unit to another: proposed by the one, confirmed by the other, and what the first keeps."""

from django.db import models
from django.db.models import F, Q

from units.models.access import User
from units.models.organisation import Unit
from units.models.people import Employment, Gender, Person
from units.models.tenancy import TenantModel


class TransferState(models.TextChoices):
    OFFERED = "offered", "Chờ đơn vị mới tiếp nhận"
    CONFIRMED = "confirmed", "Đã tiếp nhận"
    DECLINED = "declined", "Không tiếp nhận"
    CANCELLED = "cancelled", "Đã rút phiếu"


class Move(TenantModel):
    """What both sides of a transfer know: the new post, the paper, and how it was answered."""

    position = models.CharField("Chức vụ, chức danh ở đơn vị mới", max_length=120)
    is_head = models.BooleanField("Là người đứng đầu đơn vị mới", default=False)
    last_day = models.DateField("Ngày làm việc cuối ở đơn vị cũ")
    decision_number = models.CharField("Số quyết định điều động", max_length=60)
    decided_on = models.DateField("Ngày quyết định")
    state = models.CharField("Tình trạng", max_length=12, choices=TransferState, default=TransferState.OFFERED)
    answer = models.CharField("Lý do trả lời", max_length=400, blank=True)
    answered_at = models.DateTimeField("Trả lời lúc", null=True, blank=True)

    class Meta:
        abstract = True


class Transfer(Move):
    """The releasing unit's side. One may be open for a person at a time."""

    is_tie_to_person = True

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="transfers")
    person_name = models.CharField("Họ và tên", max_length=120)
    receiving = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị tiếp nhận")
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField("Lập lúc")

    class Meta:
        ordering = ["-proposed_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-proposed_at"], name="transfer_scope_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state=TransferState.OFFERED), name="transfer_one_open_for_a_person"
            ),
            models.CheckConstraint(condition=~Q(unit=F("receiving")), name="transfer_leads_elsewhere"),
        ]

    def __str__(self) -> str:
        return self.person_name


class TransferOffer(Move):
    """The receiving unit's side: what it is told of the person before it says yes."""

    transfer = models.UUIDField(unique=True, editable=False)
    releasing = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị cũ")
    full_name = models.CharField("Họ và tên", max_length=120)
    staff_code = models.CharField("Mã cán bộ", max_length=20)
    employment = models.CharField("Đối tượng", max_length=20, choices=Employment)
    proposed_at = models.DateTimeField("Lập lúc")
    # From then on nothing of the person is left here; see `units.services.retention`.
    erased_at = models.DateTimeField("Đã xóa thông tin cá nhân lúc", null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-proposed_at", "id"]
        indexes = [models.Index(fields=["unit_path", "state", "-proposed_at"], name="offer_scope_state")]

    def __str__(self) -> str:
        return self.full_name


class PastService(TenantModel):
    """Somebody who worked in the unit and works elsewhere now: who they were on the last day.

    The unit's own lines of the record (posts, gradings, honours of that time) stay with it under the same `person`,
    whose present row it no longer sees.
    """

    is_tie_to_person = True

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="past_services")
    full_name = models.CharField("Họ và tên", max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    staff_code = models.CharField("Mã cán bộ", max_length=20)
    birth_date = models.DateField("Ngày sinh", null=True, blank=True)
    gender = models.CharField("Giới tính", max_length=10, choices=Gender)
    employment = models.CharField("Đối tượng", max_length=20, choices=Employment)
    last_day = models.DateField("Ngày làm việc cuối")
    moved_to = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Chuyển đến")
    decision_number = models.CharField("Số quyết định điều động", max_length=60)

    class Meta:
        ordering = ["sort_key", "-last_day", "id"]
        indexes = [models.Index(fields=["unit_path", "sort_key"], name="past_service_scope_name")]
        constraints = [models.UniqueConstraint(fields=["person", "unit", "last_day"], name="past_service_once")]

    def __str__(self) -> str:
        return self.full_name
