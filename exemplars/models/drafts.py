"""A unit's own criteria while they are written, and what trying them showed."""

from typing import Any

from django.db import models
from django.db.models import Q

from exemplars.models.nominations import RulebookEdition
from units.addresses import address_of
from units.models import TenantModel, User


class RulebookDraftState(models.TextChoices):
    DRAFT = "draft", "Đang soạn"
    PUBLISHED = "published", "Đã ban hành"
    DISCARDED = "discarded", "Đã bỏ"


class RulebookDraft(TenantModel):
    """A rulebook being written by `unit`, finished or not.

    `content` has the form of a rulebook document with days as ISO text; what somebody typed and does not fit stays in
    it as typed. `version` grows with every change, so that of two people the second is told.
    """

    code = models.SlugField("Mã", max_length=60)
    content: "models.JSONField[Any, Any]" = models.JSONField("Nội dung", default=dict)
    state = models.CharField("Tình trạng", max_length=10, choices=RulebookDraftState, default=RulebookDraftState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    edition = models.ForeignKey(RulebookEdition, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("Lập lúc")
    saved_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    saved_label = models.CharField("Người sửa cuối", max_length=200)
    saved_at = models.DateTimeField("Sửa lúc")

    class Meta:
        ordering = ["-saved_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RulebookDraftState.PUBLISHED, edition__isnull=False)
                | (~Q(state=RulebookDraftState.PUBLISHED) & Q(edition__isnull=True)),
                name="rulebook_draft_published_has_edition",
            ),
        ]

    def __str__(self) -> str:
        return str(self.content.get("title") or self.code)

    def get_absolute_url(self) -> str:
        return address_of("exemplars:rulebook-draft-detail", self.pk)

    @property
    def stands_open(self) -> bool:
        return self.state == RulebookDraftState.DRAFT


class RulebookTrial(TenantModel):
    """What a draft said about nominations that were judged before. Nothing about them was written.

    `content_hash` is that of the content tried, its edition's number aside. `counts` holds `tried`, `same`, `changed`,
    `gained`, `lost` and `unjudged`; `rows` one entry for each difference, the changed verdicts first.
    """

    draft = models.ForeignKey(RulebookDraft, on_delete=models.CASCADE, related_name="trials")
    content_hash = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField("Năm", null=True, blank=True)
    counts: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    rows: "models.JSONField[Any, Any]" = models.JSONField(default=list)
    tried_label = models.CharField(max_length=200)
    tried_at = models.DateTimeField("Thử lúc")

    class Meta:
        ordering = ["-tried_at", "-id"]

    def __str__(self) -> str:
        return f"{self.year or ''}"
