"""Nominations and what belongs to them."""

from typing import Any

from django.db import models
from django.db.models import Q

from campaigns.models import Campaign
from exemplars.workflow import CROSSED, CROSSED_LABEL, NominationState
from units.addresses import address_of
from units.models import AwardTitle, Person, TenantModel, Unit, User
from units.scoping import ScopedManager, ScopedQuerySet


class OwnManager(ScopedManager["Nomination"]):
    """Leaves out copies that other units sent to a conference: they count in no list, number or decision."""

    def get_queryset(self) -> ScopedQuerySet["Nomination"]:
        return super().get_queryset().exclude(state=CROSSED)


class Nomination(TenantModel):
    """A unit puts one person or one collective forward for one recognition and year.

    `unit` looks after it. `origin` is the unit that put it forward where that one has ended since and an heir looks
    after it now: a report on a time that is over still counts it there. Empty while both are the same.
    A copy before a conference (state `CROSSED`) lies with the unit that leads it, and `origin` is whose it is.
    `nominee_name` is the name on the day of the nomination: whoever put somebody forward still reads it after the
    person has moved to a unit out of sight.
    `version` grows with every saved change, so that of two people saving the same draft the second is told.
    """

    council_lookups = {"nomination": "pk"}

    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, related_name="nominations", verbose_name="Phong trào"
    )
    recognition = models.ForeignKey(
        AwardTitle, on_delete=models.PROTECT, related_name="+", verbose_name="Đề nghị công nhận"
    )
    year = models.PositiveSmallIntegerField("Năm thành tích")
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name="Cá nhân",
    )
    collective = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="nominations",
        verbose_name="Tập thể",
    )
    origin = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="+")
    nominee_name = models.CharField("Cá nhân, tập thể", max_length=200, default="", editable=False)
    folded_nominee = models.CharField(max_length=320, default="", editable=False)
    position = models.CharField("Chức vụ, chức danh", max_length=120, blank=True)
    duties = models.TextField("Nhiệm vụ được giao", max_length=4000, blank=True)
    achievements = models.TextField("Thành tích tiêu biểu", max_length=12000, blank=True)
    initiatives = models.TextField("Sáng kiến, mô hình, cách làm mới", max_length=8000, blank=True)
    community = models.TextField("Hoạt động xã hội, từ thiện", max_length=4000, blank=True)
    state = models.CharField(
        "Tình trạng",
        max_length=20,
        choices=[*NominationState.choices, (CROSSED, CROSSED_LABEL)],
        default=NominationState.DRAFT,
    )
    version = models.PositiveIntegerField(default=1)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField("Lập lúc")
    saved_at = models.DateTimeField("Lưu lúc")
    # The first time it left the unit; a nomination returned for mending has kept its deadline already.
    forwarded_at = models.DateTimeField("Chuyển cấp trên lúc", null=True, blank=True)
    # Who approved it for the unit, as the letter prints it (`units.selectors.signing.Signer.freeze`); empty before.
    signature = models.JSONField(default=dict, blank=True, editable=False)

    objects = OwnManager()  # type: ignore[misc]  # narrower than the manager that every tenant table has
    cases = ScopedManager()

    class Meta:
        ordering = ["-saved_at", "id"]
        indexes = [
            models.Index(fields=["unit_path", "-saved_at"], name="nomination_scope_newest"),
            models.Index(fields=["unit_path", "campaign", "state"], name="nomination_scope_state"),
            # Counted by state, the scope being a range of the index and not a question asked of each row.
            models.Index(fields=["state", "unit_path"], name="nomination_state_scope"),
            # Wide scopes read from the newest on until a page is full, and find the page in the index alone. The path
            # is a key of these indexes and no mere freight: the scope then bounds the scan, instead of being asked
            # of each row, twice with the second fence.
            models.Index(
                fields=["-saved_at", "id", "unit_path"],
                name="nomination_newest",
                include=["state", "campaign", "unit", "person"],
            ),
            models.Index(
                fields=["state", "-saved_at", "id", "unit_path"],
                name="nomination_state_newest",
                include=["campaign", "unit", "person"],
            ),
            models.Index(
                fields=["campaign", "state", "-saved_at", "id", "unit_path"],
                name="nomination_plan_state",
                include=["unit", "person"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, collective__isnull=True)
                | Q(person__isnull=True, collective__isnull=False),
                name="nomination_has_one_nominee",
                violation_error_message="Chọn một cá nhân hoặc một tập thể.",
            ),
            models.UniqueConstraint(
                fields=["person", "recognition", "year"],
                condition=~Q(state__in=(NominationState.WITHDRAWN, CROSSED)),
                name="nomination_once_a_year_for_a_person",
            ),
            models.UniqueConstraint(
                fields=["collective", "recognition", "year"],
                condition=~Q(state__in=(NominationState.WITHDRAWN, CROSSED)),
                name="nomination_once_a_year_for_a_unit",
            ),
        ]

    def __str__(self) -> str:
        return self.nominee_name

    def get_absolute_url(self) -> str:
        return address_of("exemplars:nomination-detail", self.pk)

    @property
    def nominee(self) -> Person | Unit:
        nominee = self.person or self.collective
        assert nominee is not None  # noqa: S101  the database holds it
        return nominee

    @property
    def is_crossed(self) -> bool:
        return self.state == CROSSED

    @property
    def put_forward_by(self) -> Unit:
        """The unit whose nomination it is; of a copy before a conference that is not the unit that keeps the copy."""
        return self.origin if self.is_crossed and self.origin is not None else self.unit

    @property
    def is_for_person(self) -> bool:
        return self.person_id is not None

    @property
    def nominee_left(self) -> bool:
        """Whether the person nominated works out of sight of the present scope; `person` must be loaded."""
        return self.person_id is not None and self.person is None

    @property
    def stands_open(self) -> bool:
        """Whether the unit's clerk may still change it."""
        return self.state in (NominationState.DRAFT, NominationState.RETURNED)


def evidence_path(evidence: "Evidence", _name: str) -> str:
    """A name nobody can guess, without the person's own file name."""
    return f"evidence/{evidence.pk.hex[:2]}/{evidence.pk}"


class EvidenceKind(models.TextChoices):
    INITIATIVE = "initiative", "Quyết định công nhận sáng kiến, mô hình"
    GRADING = "grading", "Quyết định xếp loại"
    HONOUR = "honour", "Quyết định khen thưởng đã có"
    MEETING = "meeting", "Biên bản họp bình xét của đơn vị"
    OTHER = "other", "Tài liệu khác"


class Evidence(TenantModel):
    """A file that proves something in a nomination. Taking it away hides it; the row and the file stay."""

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField("Loại minh chứng", max_length=20, choices=EvidenceKind)
    number = models.CharField("Số, ký hiệu văn bản", max_length=60, blank=True)
    issued_on = models.DateField("Ngày văn bản", null=True, blank=True)
    file = models.FileField("Tệp", upload_to=evidence_path, max_length=200)
    file_name = models.CharField("Tên tệp", max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("Thêm lúc")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.file_name


class Remark(TenantModel):
    """A reviewer's words at one field of a returned nomination. `round` counts the returns from 1."""

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="remarks")
    round = models.PositiveSmallIntegerField()
    field = models.CharField(max_length=40)
    text = models.TextField("Điều cần bổ sung", max_length=1000)
    made_by = models.CharField(max_length=200)
    made_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["made_at", "id"]

    def __str__(self) -> str:
        return self.text[:60]


class Attestation(TenantModel):
    """The head's judgement on a criterion that no paper decides: it holds or not, with the grounds for it."""

    council_lookups = {"nomination": "nomination"}

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="attestations")
    criterion = models.CharField("Tiêu chuẩn", max_length=20)
    holds = models.BooleanField("Đạt")
    grounds = models.TextField("Căn cứ xác nhận", max_length=1000, blank=True)
    attested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    attested_label = models.CharField(max_length=200)
    attested_at = models.DateTimeField("Xác nhận lúc")

    class Meta:
        ordering = ["criterion"]
        constraints = [models.UniqueConstraint(fields=["nomination", "criterion"], name="attestation_once_a_criterion")]

    def __str__(self) -> str:
        return self.criterion


class RulebookEdition(models.Model):
    """A published rulebook document, immutable: criteria are public, like the plan they come from.

    Chosen by the year of the achievement: the edition whose interval holds that year's last day, and of several from
    the same day the latest. The application may add editions and never change or remove one.
    """

    is_append_only = True

    issuer = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="rulebook_editions")
    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Tên", max_length=300)
    document = models.TextField()
    edition = models.PositiveSmallIntegerField("Bản", default=1)
    edition_hash = models.CharField(max_length=64, unique=True)
    valid_from = models.DateField("Hiệu lực từ")
    valid_to = models.DateField("Hiệu lực đến", null=True, blank=True)
    recognitions = models.JSONField("Nội dung công nhận", default=list)

    class Meta:
        ordering = ["code", "valid_from", "edition"]
        constraints = [
            # Of two equal editions from the same day nobody could say which one holds.
            models.UniqueConstraint(fields=["issuer", "code", "valid_from", "edition"], name="edition_once_a_day")
        ]

    def __str__(self) -> str:
        return self.title


class Assessment(TenantModel):
    """What the criteria said at one moment, with everything they read, so that it can be judged again years later."""

    council_lookups = {"nomination": "nomination"}
    # What the criteria read, discipline with its form and number among it; a council reads the findings only.
    council_hidden = ("question",)

    nomination = models.ForeignKey(Nomination, on_delete=models.CASCADE, related_name="assessments")
    edition = models.ForeignKey(RulebookEdition, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=14)
    question: "models.JSONField[Any, Any]" = models.JSONField()
    findings: "models.JSONField[Any, Any]" = models.JSONField()
    occasion = models.CharField(max_length=20)
    assessed_at = models.DateTimeField()

    class Meta:
        ordering = ["-assessed_at", "-id"]

    def __str__(self) -> str:
        return self.verdict
