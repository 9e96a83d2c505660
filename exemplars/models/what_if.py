"""What changed criteria would mean: a sandbox of one officer, and what replaying everybody by it showed."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from exemplars.models.nominations import RulebookEdition
from units.models import TenantModel, Unit, User


class WhatIfState(models.TextChoices):
    PREPARING = "preparing", "Đang sửa giả định"
    RUNNING = "running", "Đang đối chiếu"
    DONE = "done", "Đã đối chiếu xong"
    CANCELLED = "cancelled", "Đã dừng theo yêu cầu"
    FAILED = "failed", "Chưa đối chiếu được"


class WhatIf(TenantModel):
    """An edition's content, changed by one officer and never published, with the comparison of both.

    `content` has the form of a rulebook document with days as ISO text, as a draft's has; what does not fit stays as
    typed. `recognition` and `year` say what was replayed, and `day` as of when. The replay is promised in parts, one
    by one. `counts` holds `judged`, `gained`, `lost`, `same` and `unjudged`; `criteria` for each code that turned for
    somebody how many answers became better and worse. The row and its results are erased after `kept_until`.
    """

    edition = models.ForeignKey(RulebookEdition, on_delete=models.PROTECT, related_name="+")
    content: "models.JSONField[Any, Any]" = models.JSONField("Nội dung giả định", default=dict)
    version = models.PositiveIntegerField(default=1)
    state = models.CharField("Tình trạng", max_length=10, choices=WhatIfState, default=WhatIfState.PREPARING)
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_label = models.CharField("Người lập", max_length=200)
    asked_at = models.DateTimeField("Lập lúc")
    kept_until = models.DateField("Giữ đến hết ngày", null=True, blank=True)
    recognition = models.CharField("Hình thức công nhận", max_length=60, blank=True)
    year = models.PositiveSmallIntegerField("Năm", null=True, blank=True)
    day = models.DateField("Theo dữ liệu ngày", null=True, blank=True)
    parts = models.PositiveIntegerField(default=0)
    parts_done = models.PositiveIntegerField(default=0)
    counts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    criteria: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    failure = models.CharField("Vì sao chưa đối chiếu được", max_length=600, blank=True)
    started_at = models.DateTimeField("Bắt đầu lúc", null=True, blank=True)
    finished_at = models.DateTimeField("Xong lúc", null=True, blank=True)

    class Meta:
        ordering = ["-asked_at", "id"]
        indexes = [models.Index(fields=["unit_path", "-asked_at"], name="what_if_scope_newest")]
        constraints = [
            # The account is the asker's own, so that nobody learns of another's work from a conflict.
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state=WhatIfState.RUNNING), name="what_if_one_running_for_a_person"
            ),
            models.CheckConstraint(condition=Q(parts_done__lte=F("parts")), name="what_if_no_further_than_its_end"),
            models.CheckConstraint(
                condition=Q(state=WhatIfState.PREPARING) | Q(day__isnull=False, started_at__isnull=False),
                name="what_if_replayed_of_a_day",
            ),
        ]

    def __str__(self) -> str:
        return str(self.content.get("title") or self.edition)

    def get_absolute_url(self) -> str:
        return reverse("exemplars:what-if-detail", kwargs={"pk": self.pk})

    @property
    def is_moving(self) -> bool:
        return self.state == WhatIfState.RUNNING

    @property
    def stands_open(self) -> bool:
        return self.state == WhatIfState.PREPARING


class WhatIfUnit(TenantModel):
    """What a replay showed of one unit where anything differs; the row belongs to the unit that asked.

    `changes` are those who gain or lose, in the order of their names: `person` (None for the unit itself), `was`,
    `now`, and `criteria` as [code, was, now]. No name is kept: whoever reads sees the names that lie in sight then.
    `cap_was` and `cap_now` are how many the quota lets through, for `base` who hold what it counts.
    """

    what_if = models.ForeignKey(WhatIf, on_delete=models.CASCADE, related_name="units")
    about = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    judged = models.PositiveIntegerField(default=0)
    gained = models.PositiveIntegerField(default=0)
    lost = models.PositiveIntegerField(default=0)
    base = models.PositiveIntegerField(null=True, blank=True)
    cap_was = models.PositiveIntegerField(null=True, blank=True)
    cap_now = models.PositiveIntegerField(null=True, blank=True)
    changes: "models.JSONField[Any, Any]" = models.JSONField(default=list)

    class Meta:
        ordering = ["what_if", "about__path"]
        constraints = [models.UniqueConstraint(fields=["what_if", "about"], name="what_if_unit_once")]

    def __str__(self) -> str:
        return f"{self.about}: +{self.gained} −{self.lost}"
