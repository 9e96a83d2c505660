"""Accounts, and the memberships through which they act."""

import uuid
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from units.models.folded import FoldedField, NameKeyField
from units.models.organisation import Unit
from units.models.people import Person
from units.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. What it may do comes only from its memberships; there is no superuser inside the application."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField("Tên đăng nhập", max_length=60, unique=True)
    display_name = models.CharField("Họ và tên", max_length=120)
    folded_name = FoldedField(max_length=320, of=("display_name",))
    sort_key = NameKeyField(of="display_name")
    email = models.EmailField("Thư điện tử", blank=True)
    is_active = models.BooleanField(default=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        ordering = ["username"]

    def __str__(self) -> str:
        return self.display_name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def on(self, day: Any) -> "MembershipQuerySet":
        """Keep memberships in force on `day`, their last day included. A closed account keeps what it was."""
        return self.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=day),
            Q(ended_on__isnull=True) | Q(ended_on__gt=day),
            valid_from__lte=day,
        )


class Membership(models.Model):
    """One duty of one account in one unit, for a time. `person` ties the account to its own record, when it has one.

    Not a tenant table: it is what decides the tenant, and it is only ever read for the account itself or by
    recipients of mail. A council's membership is held by `awards`.
    """

    # Such a table may point into the fence only when it says why (`units.fence`).
    outside_fence_because = "It decides the tenant; of the person it holds a random key and nothing else."

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField("Vai trò", max_length=20, choices=Role)
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    # The first day on which it was no longer in force, when it was taken away at once instead of running out.
    ended_on = models.DateField("Thu hồi từ ngày", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["unit__path", "role"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "unit", "role", "valid_from"],
                condition=Q(ended_on__isnull=True),
                name="membership_once",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="membership_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit}"
