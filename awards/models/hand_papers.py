"""Papers that come by hand: closed envelopes of absent members, and what tellers read off paper."""

from typing import Any

from django.db import models
from django.db.models import Q

from awards.models.ballots import Ballot
from awards.models.councils import CouncilMember
from units.models import TenantModel, User


class WrittenEnvelope(TenantModel):
    """A closed envelope with an absent member's opinion, received before the ballot opens; what is in it is not here.

    One that was withdrawn is given back unopened and stays as a row that says so.
    """

    ballot = models.ForeignKey(Ballot, on_delete=models.CASCADE, related_name="envelopes")
    member = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="+")
    received_on = models.DateField("Ngày nhận")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("Ghi lúc")
    withdrawn_at = models.DateTimeField("Trả lại lúc", null=True, blank=True)
    withdrawn_reason = models.CharField("Lý do trả lại", max_length=200, blank=True)

    class Meta:
        ordering = ["member__order", "recorded_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "member"], condition=Q(withdrawn_at__isnull=True), name="one_envelope_a_member"
            )
        ]

    def __str__(self) -> str:
        return f"Bì kín: {self.member}"


class TellerSheet(TenantModel):
    """What one teller read off the papers, by the number stamped on each at the count.

    Papers are no voters: a number says nothing about whose paper it is, so who entered what may be known. What was read
    out of envelopes apart from sealed papers is erased at the count.
    """

    council_lookups = {"council": "ballot__sitting__council"}
    council_writes = council_lookups  # a teller enters as a member of the council
    is_rewritten = True  # old versions hold what was read out of single envelopes

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="sheets")
    teller = models.ForeignKey(CouncilMember, on_delete=models.PROTECT, related_name="+")
    papers: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    is_done = models.BooleanField("Đã nhập xong", default=False)

    class Meta:
        ordering = ["teller__order", "id"]
        constraints = [models.UniqueConstraint(fields=["ballot", "teller"], name="one_sheet_a_teller")]

    def __str__(self) -> str:
        return f"Phiếu do {self.teller} nhập"
