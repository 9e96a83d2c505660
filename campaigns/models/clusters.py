"""Clusters of units that compete with each other: who belongs, who heads them, and what crosses between them.

Members are brothers, often of different branches, and see nothing of each other. Who belongs to a cluster in a year,
who heads it and by which decision is public, like a plan. Everything that members exchange crosses the fence as a
copy: whoever writes keeps the row, and an act of sending lays a copy, in the same transaction, among the rows of
whoever has to read it (`campaigns.services.crossing`). So both fences stay as they are: a unit reads its own rows and
those below it, in a cluster as elsewhere, and no right of reading across has to end when a year does.
"""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from campaigns.models.plan import Campaign, Obligation
from units.addresses import address_of
from units.models import TenantModel, Unit


class ClusterKind(models.TextChoices):
    REGION = "region", "Khu vực thi đua"
    CLUSTER = "cluster", "Cụm thi đua"
    BLOCK = "block", "Khối thi đua"


class Cluster(models.Model):
    """A region, cluster or block through all its years. `keeper` is the root whose staff keeps who belongs to it."""

    code = models.SlugField("Mã", max_length=60, unique=True)
    name = models.CharField("Tên", max_length=200)
    kind = models.CharField("Loại", max_length=10, choices=ClusterKind)
    keeper = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Cơ quan quản lý")

    class Meta:
        ordering = ["kind", "name", "code"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("campaigns:cluster-detail", kwargs={"code": self.code})


class ClusterYear(models.Model):
    """A cluster in one year, under the decision that names its head and deputies.

    `campaigns` are the plans of that year's work: what they ask the head for goes to a new head at the hand-over.
    """

    cluster = models.ForeignKey(Cluster, on_delete=models.PROTECT, related_name="years")
    year = models.PositiveSmallIntegerField("Năm")
    decision_number = models.CharField("Số quyết định", max_length=60, blank=True)
    decided_on = models.DateField("Ngày quyết định", null=True, blank=True)
    decision_issuer = models.CharField("Cơ quan ban hành", max_length=200, blank=True)
    campaigns = models.ManyToManyField(Campaign, related_name="cluster_years", blank=True)

    class Meta:
        ordering = ["-year", "cluster__name"]
        constraints = [
            models.UniqueConstraint(
                fields=["cluster", "year"],
                name="cluster_year_once",
                violation_error_message="Năm này đã có.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.cluster.name}, năm {self.year}"

    def get_absolute_url(self) -> str:
        return address_of("campaigns:cluster-year-detail", self.pk)


class ClusterRole(models.TextChoices):
    HEAD = "head", "Trưởng"
    DEPUTY = "deputy", "Phó"
    MEMBER = "member", "Thành viên"


class ClusterMember(models.Model):
    """A unit's place in a cluster for one year. At most one heads it; that at most two are deputies, services hold."""

    year = models.ForeignKey(ClusterYear, on_delete=models.CASCADE, related_name="members")
    member = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cluster_memberships", verbose_name="Đơn vị"
    )
    role = models.CharField("Vai trò", max_length=10, choices=ClusterRole, default=ClusterRole.MEMBER)

    class Meta:
        ordering = ["member__path"]
        constraints = [
            models.UniqueConstraint(fields=["year", "member"], name="cluster_member_once_a_year"),
            models.UniqueConstraint(fields=["year"], condition=Q(role="head"), name="cluster_has_one_head_a_year"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.member}"


class HandoverState(models.TextChoices):
    ANNOUNCED = "announced", "Đã công bố, chờ đến ngày"
    APPLIED = "applied", "Đã bàn giao"
    CANCELLED = "cancelled", "Đã hủy"


class ClusterHandover(models.Model):
    """The day on which open work passes from the head of one year to the head of the next. Announced in public.

    `outcome` keeps how much of each kind moved, in numbers only: the papers themselves are the heads' own.
    """

    from_year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="handovers")
    to_year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="takeovers")
    on = models.DateField("Từ ngày")
    state = models.CharField("Tình trạng", max_length=10, choices=HandoverState, default=HandoverState.ANNOUNCED)
    announced_by = models.CharField("Người công bố", max_length=200)
    announced_at = models.DateTimeField("Công bố lúc")
    failure = models.TextField("Vì sao chưa bàn giao được", blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    applied_at = models.DateTimeField("Bàn giao lúc", null=True, blank=True)
    outcome = models.JSONField(default=list, blank=True)

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_year"], condition=~Q(state="cancelled"), name="cluster_year_handed_over_once"
            ),
            models.CheckConstraint(condition=~Q(from_year=F("to_year")), name="cluster_handover_leads_on"),
        ]

    def __str__(self) -> str:
        return f"{self.from_year} → {self.to_year}"


class ClusterContact(TenantModel):
    """Whom to call at `member` in one year, as the members of that year know it: one copy for each of them.

    The member writes its own and everybody's copies with it; all are deleted when the year is over.
    """

    year = models.ForeignKey(ClusterYear, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị")
    full_name = models.CharField("Họ và tên", max_length=120)
    position = models.CharField("Chức vụ", max_length=120)
    email = models.EmailField("Thư điện tử", blank=True)
    phone = models.CharField("Điện thoại", max_length=30, blank=True)

    class Meta:
        ordering = ["member__path", "id"]
        indexes = [models.Index(fields=["unit_path", "year"], name="cluster_contact_scope_year")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "member"], name="cluster_contact_once"),
        ]

    def __str__(self) -> str:
        return str(self.member)


class ExpectedWork(TenantModel):
    """What a unit out of sight owes to this one, and how far it got: the addressee's side of an `Assignment`.

    `assignment` has no key to the other side's row, which lies behind the fence.
    """

    assignment = models.UUIDField(unique=True, editable=False)
    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="+")
    ower = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị phải gửi")
    last_day = models.DateField("Ngày cuối cùng", null=True, blank=True)
    done_at = models.DateTimeField("Hoàn thành lúc", null=True, blank=True)
    document_number = models.CharField("Số, ký hiệu văn bản", max_length=60, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    # A request for more time that waits for this unit's answer; `request` is the other side's row.
    request = models.UUIDField(null=True, blank=True, editable=False)
    until = models.DateField("Xin gia hạn đến hết ngày", null=True, blank=True)
    reason = models.TextField("Lý do", max_length=1000, blank=True)

    class Meta:
        ordering = [F("last_day").asc(nulls_last=True), "obligation_id", "ower__path", "id"]
        indexes = [models.Index(fields=["unit_path", "last_day"], name="expected_scope_day")]

    def __str__(self) -> str:
        return f"{self.ower}: {self.obligation}"


def cluster_file_path(kept: "ClusterFile", _name: str) -> str:
    """A name nobody can guess, without the person's own file name."""
    return f"clusters/{kept.pk.hex[:2]}/{kept.pk}"


class ClusterFile(TenantModel):
    """A paper exchanged in a cluster, as one unit holds it. Copies name the same bytes, which never change."""

    file = models.FileField("Tệp", upload_to=cluster_file_path, max_length=200)
    file_name = models.CharField("Tên tệp", max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_at = models.DateTimeField("Nhận lúc")

    class Meta:
        ordering = ["-added_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-added_at"], name="cluster_file_scope")]

    def __str__(self) -> str:
        return self.file_name
