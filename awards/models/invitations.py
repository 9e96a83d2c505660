"""Invitations to a sitting: one a member, what they answered, and the mails that told them."""

from django.db import models
from django.db.models import Q

from awards.models.councils import CouncilMember, Sitting
from campaigns.models import Mailing
from units.models import TenantModel


class Answer(models.TextChoices):
    COMING = "coming", "Dự họp"
    ABSENT = "absent", "Vắng"
    SUBSTITUTE = "substitute", "Cử người thay"


class SittingInvitation(TenantModel):
    """A member's invitation to one sitting. `version` is the last one they were sent, and `changes` what was new in it.

    A changed day, hour or place asks again: the answer to what no longer holds is taken away.
    """

    council_lookups = {"council": "sitting__council"}
    council_writes = council_lookups  # a member answers

    sitting = models.ForeignKey(Sitting, on_delete=models.CASCADE, related_name="invitations")
    member = models.ForeignKey(CouncilMember, on_delete=models.CASCADE, related_name="invitations")
    version = models.PositiveSmallIntegerField("Lần gửi")
    sent_at = models.DateTimeField("Gửi lúc")
    changes: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list, blank=True)
    answer = models.CharField("Trả lời", max_length=10, choices=Answer, blank=True)
    reason = models.CharField("Lý do, người thay", max_length=200, blank=True)
    answered_at = models.DateTimeField("Trả lời lúc", null=True, blank=True)

    class Meta:
        ordering = ["member__order", "id"]
        constraints = [models.UniqueConstraint(fields=["sitting", "member"], name="invitation_once_for_a_member")]

    def __str__(self) -> str:
        return f"{self.member}"


class LetterKind(models.TextChoices):
    INVITATION = "invitation", "Giấy mời"
    REMINDER = "reminder", "Nhắc trước ngày họp"


class InvitationLetter(Mailing):
    """One mail of an invitation: one for each version, and one reminder for each day of the sitting."""

    mail_kind = "invited"

    invitation = models.ForeignKey(SittingInvitation, on_delete=models.CASCADE, related_name="letters")
    kind = models.CharField(max_length=10, choices=LetterKind)
    version = models.PositiveSmallIntegerField()
    for_day = models.DateField()

    class Meta:
        ordering = ["version", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["invitation", "version"], condition=Q(kind="invitation"), name="invited_once_a_version"
            ),
            models.UniqueConstraint(
                fields=["invitation", "for_day"], condition=Q(kind="reminder"), name="reminded_once_of_a_day"
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
