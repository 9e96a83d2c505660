"""Who takes no part in a case, and why."""

from django.db import models

from awards.models.councils import CouncilMember
from exemplars.models import Nomination
from units.models import TenantModel


class ConflictGround(models.TextChoices):
    KINSHIP = "kinship", "Có quan hệ gia đình, họ hàng"
    INTEREST = "interest", "Có quan hệ khác khiến việc bỏ phiếu không khách quan"
    KEPT = "kept", "Thư ký ghi nhận theo quy định"


class ConflictOfInterest(TenantModel):
    """A member takes no part in a case: declared by the member with a reason, or kept by the secretary with a clause.

    What the register tells by itself (the nominee, the head of the nominated unit) has no row: it is asked each time.
    No council reads these rows: a reason is between the member and the secretary.
    """

    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="conflicts")
    nomination = models.ForeignKey(Nomination, on_delete=models.PROTECT, related_name="+")
    ground = models.CharField("Lý do không tham gia", max_length=20, choices=ConflictGround)
    reason = models.CharField("Nội dung", max_length=400)
    clause = models.CharField("Căn cứ", max_length=200, blank=True)

    class Meta:
        ordering = ["member__order", "id"]
        constraints = [models.UniqueConstraint(fields=["member", "nomination"], name="conflict_once")]

    def __str__(self) -> str:
        return self.get_ground_display()
