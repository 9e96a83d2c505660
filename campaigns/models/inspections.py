"""Inspections inside a cluster: the head plans and concludes them, the inspected unit is told, opens and reports.

The head's side is `InspectionPlan`, `Inspection`, `InspectionTeamMember`; the inspected unit's is `InspectionNotice`,
which carries the same words and names the other side's row without a key.
"""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from campaigns.models.clusters import ClusterFile, ClusterYear
from campaigns.models.plan import AnchorEvent
from units.addresses import address_of
from units.models import Membership, TenantModel, Unit


class PlanState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    ANNOUNCED = "announced", "Đã gửi các đơn vị"
    DONE = "done", "Đã có đủ kết quả"


class InspectionPlan(TenantModel):
    """Which members are inspected, when and by whom. Belongs to the head."""

    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+")
    title = models.CharField("Tên kế hoạch", max_length=200)
    number = models.CharField("Số kế hoạch", max_length=60)
    issued_on = models.DateField("Ngày ban hành")
    state = models.CharField("Tình trạng", max_length=10, choices=PlanState, default=PlanState.DRAFT)
    # What plans said before they said it themselves.
    result_days = models.PositiveSmallIntegerField("Số ngày để gửi kết quả", default=10)
    counts_working_days = models.BooleanField("Chỉ đếm ngày làm việc", default=False)
    result_citation = models.CharField("Căn cứ của thời hạn gửi kết quả", max_length=200, blank=True)
    # Recorded when the last unit's inspection ended: times of the campaign are counted from it.
    anchor_event = models.ForeignKey(
        AnchorEvent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="Sự kiện"
    )
    created_at = models.DateTimeField("Lập lúc")

    class Meta:
        ordering = ["-created_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-created_at"], name="inspection_plan_scope")]
        constraints = [
            models.CheckConstraint(
                condition=Q(result_days__gte=1),
                name="inspection_plan_gives_days_for_the_result",
                violation_error_message="Thời hạn gửi kết quả ít nhất là một ngày.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return address_of("campaigns:inspection-plan-detail", self.pk)

    @property
    def result_term(self) -> str:
        """Within what time a result is due, in words."""
        return f"{self.result_days} ngày{' làm việc' if self.counts_working_days else ''}"

    @property
    def citation(self) -> str:
        return f"Kế hoạch số {self.number} ngày {self.issued_on:%d/%m/%Y}"


class InspectionTeamMember(TenantModel):
    """Somebody of the team, by the office that sends them. Name and post stay as they were when named."""

    plan = models.ForeignKey(InspectionPlan, on_delete=models.CASCADE, related_name="team")
    office = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="+", verbose_name="Tư cách")
    full_name = models.CharField("Họ và tên", max_length=120)
    office_name = models.CharField("Tư cách, đơn vị", max_length=200)
    duty = models.CharField("Nhiệm vụ trong Đoàn", max_length=80)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["plan", "office"], name="inspection_team_member_once")]

    def __str__(self) -> str:
        return self.full_name


class Inspection(TenantModel):
    """One unit's inspection, as the head follows it. `result_due` stands from the day it ended."""

    plan = models.ForeignKey(InspectionPlan, on_delete=models.CASCADE, related_name="inspections")
    inspected = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị được kiểm tra")
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến ngày")
    opened_at = models.DateTimeField("Mở quyền xem lúc", null=True, blank=True)
    report = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_on = models.DateField("Kết thúc ngày", null=True, blank=True)
    result_due = models.DateField("Hạn gửi kết quả", null=True, blank=True)
    result_number = models.CharField("Số báo cáo kết quả", max_length=60, blank=True)
    result_on = models.DateField("Ngày báo cáo kết quả", null=True, blank=True)
    conclusion = models.TextField("Kết luận", max_length=4000, blank=True)
    minutes = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField("Gửi kết quả lúc", null=True, blank=True)

    class Meta:
        ordering = ["starts_on", "inspected__path", "id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "inspected"], name="inspection_once_in_a_plan"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="inspection_ends_after_it_starts",
                violation_error_message="Ngày cuối phải từ ngày đầu trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspected}"

    def get_absolute_url(self) -> str:
        return address_of("campaigns:inspection-detail", self.pk)

    def is_overdue(self, day: date) -> bool:
        """Whether the result should have been sent before `day`."""
        return self.sent_at is None and self.result_due is not None and self.result_due < day


class InspectionNotice(TenantModel):
    """The inspected unit's side: who comes, when, the rights it opened for them, its report and the result.

    `grants` are the rights given for this inspection; they end with it. `team` is who comes, as announced.
    """

    inspection = models.UUIDField(unique=True, editable=False)
    year = models.ForeignKey(ClusterYear, on_delete=models.PROTECT, related_name="+")
    head = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Đơn vị chủ trì")
    citation = models.CharField("Căn cứ", max_length=200)
    team = models.JSONField("Đoàn kiểm tra", default=list)
    starts_on = models.DateField("Từ ngày")
    ends_on = models.DateField("Đến ngày")
    opened_at = models.DateTimeField("Mở quyền xem lúc", null=True, blank=True)
    grants = ArrayField(models.UUIDField(), default=list, editable=False)
    report = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reported_at = models.DateTimeField("Gửi báo cáo lúc", null=True, blank=True)
    ended_on = models.DateField("Kết thúc ngày", null=True, blank=True)
    result_number = models.CharField("Số báo cáo kết quả", max_length=60, blank=True)
    result_on = models.DateField("Ngày báo cáo kết quả", null=True, blank=True)
    conclusion = models.TextField("Kết luận", max_length=4000, blank=True)
    minutes = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result = models.ForeignKey(ClusterFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    result_at = models.DateTimeField("Nhận kết quả lúc", null=True, blank=True)

    class Meta:
        ordering = ["-starts_on", "id"]
        indexes = [models.Index(fields=["unit_path", "-starts_on"], name="inspection_notice_scope")]

    def __str__(self) -> str:
        return self.citation

    def get_absolute_url(self) -> str:
        return address_of("campaigns:inspection-notice-detail", self.pk)
