"""Decisions on their way: from a concluded ballot to the signed paper."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractYear

from awards.models.ballots import Ballot
from awards.models.decisions import Decision
from awards.workflow import DraftState
from units.models import Delegation, RevocationKind, TenantModel, User


class DecisionDraft(TenantModel):
    """Submission letter, decision and annexed list before anybody signed them: nothing of it is in force.

    It carries a count out, or it takes another decision or lines of it back; the steps are the same. The secretariat
    drafts, the records clerk numbers and dates, the paper is signed in ink and its scan brought in; only then do the
    decision and its honours exist. A number once given stays used, also by a draft made void.
    """

    council_lookups = {"council": "ballot__sitting__council"}

    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, null=True, blank=True, related_name="drafts")
    revokes = models.ForeignKey(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="revocation_drafts", editable=False
    )
    # Of a revocation: keys of the decision's lines that it takes back, how, why and under which clause.
    taken: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True, editable=False)
    kind = models.CharField("Hình thức", max_length=10, choices=RevocationKind, blank=True)
    grounds = models.CharField("Lý do thu hồi", max_length=400, blank=True)
    clause = models.CharField("Căn cứ thu hồi", max_length=300, blank=True)
    state = models.CharField("Tình trạng", max_length=10, choices=DraftState, default=DraftState.DRAFTED)
    subject = models.CharField("Trích yếu", max_length=300)
    signer_name = models.CharField("Người ký", max_length=120)
    signer_title = models.CharField("Quyền hạn, chức vụ của người ký", max_length=200)
    delegation = models.ForeignKey(Delegation, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    number = models.CharField("Số, ký hiệu", max_length=60, blank=True)
    dated = models.DateField("Ngày văn bản", null=True, blank=True)
    reason = models.CharField("Lý do hủy", max_length=400, blank=True)
    decision = models.OneToOneField(
        Decision, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", editable=False
    )
    # Keys of nominations in the order of the annexed list; empty while it is the order of the ballot's paper.
    order: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True, editable=False)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("Lập lúc")

    class Meta:
        ordering = ["-drafted_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ballot__isnull=False, revokes__isnull=True, kind="", grounds="", clause="")
                | Q(ballot__isnull=True, revokes__isnull=False) & ~Q(kind="") & ~Q(grounds="") & ~Q(clause=""),
                name="draft_recognises_or_revokes",
                violation_error_message="Dự thảo thu hồi phải ghi hình thức, lý do và căn cứ.",
            ),
            models.UniqueConstraint(
                fields=["ballot"], condition=~Q(state=DraftState.VOID), name="one_living_draft_of_a_ballot"
            ),
            models.UniqueConstraint(
                "unit",
                "number",
                ExtractYear("dated"),
                condition=~Q(number=""),
                name="draft_number_once_a_year_in_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(number="", dated__isnull=True) | ~Q(number="") & Q(dated__isnull=False),
                name="draft_has_number_and_day_together",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(DraftState.DRAFTED, DraftState.VOID)) | ~Q(number=""),
                name="numbered_draft_has_a_number",
            ),
            models.CheckConstraint(
                condition=Q(state=DraftState.SIGNED, decision__isnull=False)
                | ~Q(state=DraftState.SIGNED) & Q(decision__isnull=True),
                name="signed_draft_has_its_decision",
            ),
            models.CheckConstraint(
                condition=~Q(state=DraftState.VOID) | ~Q(reason=""), name="draft_is_void_for_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.subject

    @property
    def authority(self) -> tuple[str, ...]:
        """The lines above the name in the signature block."""
        return tuple(self.signer_title.splitlines())
