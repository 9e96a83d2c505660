"""Rights for a time: the grant of work in a foreign unit, and the delegation of a duty.

Both hang on offices (`Membership`): when an office ends, what hangs on it gives no right any more, on the same day and
whether or not somebody wrote the end down. What a right is worth today is asked in `units.selectors.rights`, never
read off a row alone.
"""

import uuid

from django.db import models
from django.db.models import F, Q
from guardian.managers import UserObjectPermissionManager
from guardian.models import UserObjectPermissionBase

from units.models.access import Membership
from units.models.organisation import Unit
from units.models.tenancy import TenantModel
from units.scoping import ScopedManager, UnitPathField


class GrantManager(ScopedManager["Grant"], UserObjectPermissionManager):
    """guardian's manager behind the first fence."""


class Grant(UserObjectPermissionBase):
    """A guest's right to work in one unit and below it, from day to day, both included.

    guardian's object permission on the unit (`content_object`), with the time and the reason it lacks. `permission` is
    a bundle of `units/data/rights.toml`: which declared permissions the guest holds there. `office` is the duty in the
    guest's own unit that justifies the right, `given_by` the duty in which it was given; the grant ends with the
    first, and with the unit of the second.

    guardian's own checks know no time, so nothing asks them: its backend is not installed, and its generic and group
    tables are closed to the application (`units.fence`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    content_object = models.ForeignKey(
        Unit, on_delete=models.PROTECT, db_column="unit_id", related_name="grants", verbose_name="Đơn vị được vào xem"
    )
    unit_path = UnitPathField()
    office = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="grants_held", verbose_name="Tư cách làm căn cứ"
    )
    given_by = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="grants_given", verbose_name="Người cho phép"
    )
    citation = models.CharField("Căn cứ", max_length=200)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến hết ngày")
    made_at = models.DateTimeField("Lập lúc")
    ended_at = models.DateTimeField("Chấm dứt lúc", null=True, blank=True)
    end_reason = models.CharField("Lý do chấm dứt", max_length=200, blank=True)

    objects = GrantManager()  # type: ignore[misc]  # guardian declares its own as a class variable

    class Meta:
        ordering = ["-valid_from", "id"]
        indexes = [
            models.Index(fields=["unit_path", "-valid_from"], name="grant_scope_day"),
            models.Index(fields=["user", "valid_to"], name="grant_of_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="grant_ends_after_it_begins",
                violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.permission.name}: {self.user} · {self.content_object}"

    @property
    def unit(self) -> Unit:
        """The unit to which the row belongs, under the name that every tenant row has."""
        return self.content_object

    @property
    def unit_id(self) -> uuid.UUID:
        return self.content_object_id

    @property
    def bundle(self) -> str:
        """The code of its bundle of permissions."""
        return self.permission.codename


class DelegationForm(models.TextChoices):
    """In which words a paper says that another signs: Nghị định 30/2020/NĐ-CP, Điều 13."""

    DEPUTY = "KT.", "KT. (ký thay: cấp phó trong đơn vị)"
    BY_ORDER = "TL.", "TL. (thừa lệnh: thủ trưởng đơn vị trực thuộc)"
    BY_AUTHORITY = "TUQ.", "TUQ. (thừa ủy quyền: thủ trưởng đơn vị trực thuộc)"
    COVER = "-", "Làm thay việc chuyên môn, không ký văn bản"


def signing_lines(form: str, delegator_title: str, delegate_title: str) -> tuple[str, ...]:
    """ "KT. Cục trưởng", "Phó Cục trưởng"; nothing for work that signs no paper."""
    return () if form == DelegationForm.COVER else (f"{form} {delegator_title}", delegate_title)


class Delegation(TenantModel):
    """A duty of a head or a clerk that another person holds for a time, under a paper. Belongs to the delegator's unit.

    `delegate` is the office by which the other person qualifies; with it, or with the delegator's, the delegation ends.
    `scope` is a code of `units/data/rights.toml`: all of the duty, or which part. Titles stand as papers print them.
    """

    delegator = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="delegations_given", verbose_name="Người giao"
    )
    delegate = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="delegations_held", verbose_name="Người được giao"
    )
    form = models.CharField("Hình thức", max_length=4, choices=DelegationForm)
    scope = models.SlugField("Phạm vi", max_length=40)
    delegator_title = models.CharField("Chức vụ của người giao", max_length=90, blank=True)
    delegate_title = models.CharField("Chức vụ của người được giao", max_length=90, blank=True)
    document_number = models.CharField("Số, ký hiệu văn bản giao", max_length=60)
    document_date = models.DateField("Ngày văn bản giao")
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến hết ngày")
    made_at = models.DateTimeField("Ghi nhận lúc")
    ended_at = models.DateTimeField("Chấm dứt lúc", null=True, blank=True)
    end_reason = models.CharField("Lý do chấm dứt", max_length=200, blank=True)

    class Meta:
        ordering = ["-valid_from", "id"]
        indexes = [
            models.Index(fields=["unit_path", "-valid_from"], name="delegation_scope_day"),
            models.Index(fields=["delegator", "valid_to"], name="delegation_of_delegator"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from")),
                name="delegation_ends_after_it_begins",
                violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
            ),
            models.CheckConstraint(condition=~Q(delegator=F("delegate")), name="delegation_is_to_another"),
            models.CheckConstraint(
                condition=Q(form="-") | ~(Q(delegator_title="") | Q(delegate_title="")),
                name="delegation_that_signs_has_titles",
                violation_error_message="Ghi chức vụ của người giao và người được giao như in trên văn bản.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_form_display()}: {self.delegate} · {self.delegator}"

    @property
    def authority(self) -> tuple[str, ...]:
        """The lines above the name in a signature block; none for work that signs nothing."""
        return signing_lines(self.form, self.delegator_title, self.delegate_title)
