"""Invitations to an account and a duty."""

from django.db import models
from django.db.models import F, Q

from units.models.access import User
from units.models.people import Person
from units.models.tenancy import TenantModel
from units.roles import Role


class Invitation(TenantModel):
    """A duty offered by mail. It becomes a membership when the person opens the link, once and before it expires.

    Only a hash of the link is kept. Sending again makes a new link and ends the old one.
    """

    email = models.EmailField("Thư điện tử")
    display_name = models.CharField("Họ và tên", max_length=120)
    role = models.CharField("Vai trò", max_length=20, choices=Role)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-created_at"], name="invitation_scope_newest")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="invitation_ends_after_it_begins",
                violation_error_message="Ngày kết thúc phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True) | Q(withdrawn_at__isnull=True),
                name="invitation_accepted_or_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name} · {self.get_role_display()}"
