"""Sessions of accounts, with what a person needs to recognise their own."""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from units.models.access import User


class AccountSession(AbstractBaseSession):
    """One browser that is signed in, or about to be. The key is a hash, the data are sealed (`units.sessions`).

    `device` is in words ("Chrome trên Windows"); neither the browser's own line nor an address is kept.
    """

    account = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="sessions")
    device = models.CharField(max_length=60, blank=True)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle_seconds = models.PositiveIntegerField()

    class Meta(AbstractBaseSession.Meta):
        ordering = ["-seen_at"]

    @classmethod
    def get_session_store_class(cls) -> Any:
        from units.sessions import SessionStore

        return SessionStore
