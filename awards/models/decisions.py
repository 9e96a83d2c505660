"""Decisions that conclude a sitting."""

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import ExtractYear

from awards.models.ballots import Ballot
from campaigns.models import Mailing
from exemplars.models import Nomination
from units.models import Delegation, Honour, HonourRevocation, TenantModel


def scan_path(decision: "Decision", _name: str = "") -> str:
    """A name nobody can guess, without the number."""
    return f"decisions/{decision.pk.hex[:2]}/{decision.pk}"


class Decision(TenantModel):
    """A numbered, signed decision: it carries a count out, or it takes another decision or lines of it back.

    Once issued it never changes, except that it is published on a day; a mistake needs a new decision. Until it is
    published only the secretariat and the records clerk of its unit see it.
    """

    council_lookups = {"council": "ballot__sitting__council"}

    ballot = models.OneToOneField(Ballot, on_delete=models.PROTECT, null=True, blank=True, related_name="decision")
    revokes = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="revocations", editable=False
    )
    reason = models.CharField("Lý do thu hồi", max_length=400, blank=True)
    clause = models.CharField("Căn cứ thu hồi", max_length=300, blank=True)
    number = models.CharField("Số, ký hiệu", max_length=60)
    signed_on = models.DateField("Ngày ký")
    signer_name = models.CharField("Người ký", max_length=120)
    signer_title = models.CharField("Quyền hạn, chức vụ của người ký", max_length=200)
    # The delegation under which another than the head signed; name and title above are frozen from it.
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    subject = models.CharField("Trích yếu", max_length=300)
    issued_at = models.DateTimeField("Ban hành lúc")
    published_on = models.DateField("Ngày công bố", null=True, blank=True)
    # The paper as it was signed in ink, of decisions that were drafted here.
    scan = models.FileField("Bản ký", upload_to=scan_path, max_length=200, blank=True)
    scan_name = models.CharField(max_length=120, blank=True)
    scan_sha256 = models.CharField(max_length=64, blank=True)

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
            ),
            models.CheckConstraint(
                condition=Q(ballot__isnull=False, revokes__isnull=True, reason="", clause="")
                | Q(ballot__isnull=True, revokes__isnull=False) & ~Q(reason="") & ~Q(clause=""),
                name="decision_recognises_or_revokes",
                violation_error_message="Quyết định thu hồi phải ghi lý do và căn cứ.",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(published_on__gte=F("signed_on")),
                name="decision_is_published_after_signing",
                violation_error_message="Ngày công bố phải từ ngày ký trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_wholly_revoked(self) -> bool:
        """Of a row of `list_decisions`: whether nothing that it recognised stands."""
        return self.revokes_id is None and 0 < self.recognised == self.lost  # type: ignore[attr-defined]

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


class RevokedLine(TenantModel):
    """One line of a decision that a later decision took back, with the event in the ledger."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="revoked_lines")
    line = models.OneToOneField(DecisionLine, on_delete=models.PROTECT, related_name="revoked")
    revocation = models.OneToOneField(HonourRevocation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["line__order"]

    def __str__(self) -> str:
        return str(self.line)


class ResultLetter(Mailing):
    """What a published decision means for one person, by mail and on their page; frozen as it was told.

    Units below the issuer do not see its decision, so `paper` says what it is. `own`, `won` and `lost` are cases of
    the reader and of the unit, by name and award. No vote stands in it.
    """

    mail_kind = "result"

    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="letters")
    published_on = models.DateField("Ngày công bố")
    paper: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField()
    own: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(default=list)
    won: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(default=list)
    lost: "models.JSONField[list[dict[str, str]], list[dict[str, str]]]" = models.JSONField(default=list)
    read_at = models.DateTimeField("Đã đọc lúc", null=True, blank=True)

    class Meta:
        ordering = ["-published_on", "id"]
        indexes = [models.Index(fields=["recipient", "read_at"], name="result_letter_of_a_person")]
        constraints = [
            models.UniqueConstraint(fields=["decision", "recipient", "unit"], name="result_told_once"),
        ]

    def __str__(self) -> str:
        return self.paper["number"]
