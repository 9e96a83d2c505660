"""Decisions that conclude a sitting."""

from django.db import models
from django.db.models.functions import ExtractYear

from awards.models.ballots import Ballot
from exemplars.models import Nomination
from units.models import Delegation, Honour, TenantModel


class Decision(TenantModel):
    """A numbered, signed decision of recognition. Once issued it never changes; a mistake needs a new decision."""

    council_lookups = {"council": "ballot__sitting__council"}

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, related_name="decision")
    number = models.CharField("Số, ký hiệu", max_length=60)
    signed_on = models.DateField("Ngày ký")
    signer_name = models.CharField("Người ký", max_length=120)
    signer_title = models.CharField("Quyền hạn, chức vụ của người ký", max_length=200)
    # The delegation under which another than the head signed; name and title above are frozen from it.
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField("Trích yếu", max_length=300)
    issued_at = models.DateTimeField("Ban hành lúc")

    class Meta:
        ordering = ["-signed_on", "id"]
        constraints = [
            # Numbers start again from 1 each year, so the same number returns with the next one.
            models.UniqueConstraint(
                "unit",
                "number",
                ExtractYear("signed_on"),
                name="decision_number_once_a_year_in_a_unit",
                violation_error_message="Đơn vị đã có quyết định mang số này trong năm.",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def authority(self) -> tuple[str, ...]:
        """The lines above the name in the signature block."""
        return tuple(self.signer_title.splitlines())


class DecisionLine(TenantModel):
    """One recognised nominee of a decision, in the order of the annexed list."""

    council_lookups = {"nomination": "nomination", "council": "decision__ballot__sitting__council"}

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="lines")
    nomination = models.OneToOneField(Nomination, on_delete=models.PROTECT, related_name="decision_line")
    honour = models.OneToOneField(Honour, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return f"{self.order}. {self.nomination}"
