"""Reorganisations: what a ministry does to its units, written down before it happens."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from units.models.access import User
from units.models.organisation import SuccessionKind, Unit, UnitKind
from units.models.tenancy import TenantModel


class ReorganisationState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    PLANNED = "planned", "Chờ đến ngày"
    APPLIED = "applied", "Đã thực hiện"
    CANCELLED = "cancelled", "Đã hủy"


class Reorganisation(TenantModel):
    """One operation on units under one decision, from the first day `on` of the new order.

    Belongs to the root under which it happens: nobody below sees what is planned for them. `outcome` keeps what was
    moved, in numbers, as it was on that day; `failure` says why the last try to apply it did nothing.
    """

    kind = models.CharField("Hình thức sắp xếp", max_length=12, choices=SuccessionKind)
    on = models.DateField("Thực hiện từ ngày", null=True, blank=True)
    decision_number = models.CharField("Số, ký hiệu quyết định", max_length=60, blank=True)
    decided_on = models.DateField("Ngày quyết định", null=True, blank=True)
    issuer = models.CharField("Cơ quan ban hành", max_length=200, blank=True)
    note = models.TextField("Ghi chú", max_length=1000, blank=True)
    # Roles whose memberships go on in the successor; the head's goes on only by `head_from`.
    roles = models.JSONField("Tài khoản tiếp tục làm việc", default=list)
    head_from = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Người đứng đầu"
    )
    # Whether years in a row of a unit that ends count for its heir; None while nobody has decided.
    carries_record = models.BooleanField("Thành tích được tính liên tục", null=True, blank=True)
    state = models.CharField(
        "Tình trạng", max_length=10, choices=ReorganisationState, default=ReorganisationState.DRAFT
    )
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("Lập lúc")
    confirmed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_label = models.CharField(max_length=200, blank=True)
    confirmed_at = models.DateTimeField("Xác nhận lúc", null=True, blank=True)
    applied_at = models.DateTimeField("Thực hiện lúc", null=True, blank=True)
    cancelled_at = models.DateTimeField("Hủy lúc", null=True, blank=True)
    cancel_reason = models.CharField("Lý do hủy", max_length=400, blank=True)
    failure = models.TextField(blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    outcome: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        ordering = ["-on", "-created_at", "id"]
        indexes = [models.Index(fields=["unit_path", "state", "on"], name="reorganisation_scope_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | Q(on__isnull=False, decided_on__isnull=False),
                name="reorganisation_has_its_decision",
            ),
            models.CheckConstraint(
                condition=Q(state="applied", applied_at__isnull=False)
                | (~Q(state="applied") & Q(applied_at__isnull=True)),
                name="reorganisation_applied_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    @property
    def citation(self) -> str:
        """The decision as papers name it."""
        day = f" ngày {self.decided_on:%d/%m/%Y}" if self.decided_on else ""
        return f"Quyết định số {self.decision_number}{day} của {self.issuer}"

    @property
    def ends_units(self) -> bool:
        """Whether the units concerned stop existing, so that what they hold needs an heir."""
        return self.kind in (SuccessionKind.MERGE, SuccessionKind.SPLIT, SuccessionKind.DISSOLVE)


class ReorganisationSource(TenantModel):
    """A unit to which something happens."""

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="sources")
    target = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["target__path", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reorganisation", "target"], name="reorganisation_takes_a_unit_once")
        ]

    def __str__(self) -> str:
        return str(self.target)


class ReorganisationResult(TenantModel):
    """A unit that comes out of it: one that stands (`target`), or the particulars of one to be set up, or a new name.

    The heir takes people, open work and accounts. A reorganisation that ends units has exactly one.
    """

    reorganisation = models.ForeignKey(Reorganisation, on_delete=models.CASCADE, related_name="results")
    target = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Đơn vị đang có"
    )
    is_heir = models.BooleanField("Nhận người, hồ sơ và tài khoản", default=False)
    code = models.SlugField("Mã đơn vị", max_length=40, blank=True)
    kind = models.CharField("Loại đơn vị", max_length=20, choices=UnitKind, blank=True)
    name = models.CharField("Tên đơn vị", max_length=200, blank=True)
    short_name = models.CharField("Tên gọi tắt", max_length=120, blank=True)
    province = models.CharField("Tỉnh", max_length=60, blank=True)
    place = models.CharField("Địa danh trên văn bản", max_length=60, blank=True)
    has_legal_personality = models.BooleanField("Có tư cách pháp nhân", default=False)
    parent = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="Đơn vị cấp trên"
    )

    class Meta:
        ordering = [F("is_heir").desc(), "name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reorganisation"], condition=Q(is_heir=True), name="reorganisation_has_one_heir"
            ),
            models.CheckConstraint(
                condition=Q(target__isnull=False) | ~Q(name=""), name="reorganisation_result_is_a_unit_or_a_name"
            ),
        ]

    def __str__(self) -> str:
        return str(self.target) if self.target else self.short_name
