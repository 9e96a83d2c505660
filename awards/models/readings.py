"""What a member keeps for themselves about the cases of a sitting."""

from django.db import models

from units.models import TenantModel, Unit, User


class OwnReading(TenantModel):
    """One member and one case: whether they have read it, and their note.

    Nobody else's screen reads it: both fences let through the person alone (`own_of`), and the note is sealed to that
    person besides, so that a row copied to another name does not open. No time is kept with it.

    The sitting and the nomination are bare keys. Whoever takes a case off an agenda may not see these rows, so nothing
    that they delete may look for them; what lost its sitting is cleared away by a job. The same for the unit and the
    account: Django does not look here before it deletes one, the database's own key refuses.
    """

    own_of = "owner"

    unit = models.ForeignKey(Unit, on_delete=models.DO_NOTHING, related_name="+", verbose_name="Đơn vị")
    owner = models.ForeignKey(User, on_delete=models.DO_NOTHING, related_name="+")
    sitting = models.UUIDField()
    nomination = models.UUIDField()
    is_read = models.BooleanField(default=False)
    note = models.TextField(blank=True)
    # Set once the sitting is over: the first day on which the row is gone.
    remove_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "sitting", "nomination"], name="own_reading_once"),
        ]
        indexes = [models.Index(fields=["sitting"], name="own_reading_of_sitting")]

    def __str__(self) -> str:
        return "Việc đọc của một thành viên"
