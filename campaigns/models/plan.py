"""A plan as data: campaigns, phases, quotas and obligations. Plans are published papers, so these tables are public."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value

from campaigns.calendar import find_duration_band
from campaigns.plan_phases import DOOR_WORDS
from campaigns.shares import ROUNDINGS, share_of
from units.models import Unit, User
from units.models.folded import FoldedField


class KeyRange(Func):
    function = "INT8RANGE"
    output_field = BigIntegerRangeField()


class DayRange(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class CampaignKind(models.TextChoices):
    REGULAR = "regular", "Thi đua thường xuyên hằng năm"
    THEMATIC = "thematic", "Thi đua chuyên đề"
    DRIVE = "drive", "Thi đua theo đợt"
    PEAK = "peak", "Thi đua cao điểm"
    PERIOD = "period", "Thi đua theo giai đoạn"


class CampaignMethod(models.TextChoices):
    """How the yearly statistics of campaigns ask about the way of organising one."""

    YEARLY = "yearly", "Thi đua thường xuyên hằng năm"
    THEMATIC = "thematic", "Thi đua theo chuyên đề"


class CampaignScope(models.TextChoices):
    """Whom a campaign is meant for, as the yearly statistics ask."""

    SECTOR = "sector", "Toàn ngành"
    BRANCH = "branch", "Đơn vị phát động và các đơn vị trực thuộc"
    CLUSTER = "cluster", "Khu vực, cụm, khối thi đua"
    UNIT = "unit", "Trong một đơn vị"


class Campaign(models.Model):
    """A movement, as its plan says. `plan_number` is empty while the plan has not been numbered.

    `responds_to` is the campaign of a higher unit, or of the head of a cluster, that this one answers. `method` and
    `scope` are what the yearly statistics ask; the band of its duration follows from the period.
    """

    code = models.SlugField("Mã", max_length=60, unique=True)
    title = models.CharField("Tên phong trào", max_length=300)
    folded_words = FoldedField(max_length=1000, of=("title", "theme", "plan_number", "plan_name"))
    kind = models.CharField("Loại", max_length=20, choices=CampaignKind)
    theme = models.CharField("Chủ đề", max_length=300, blank=True)
    issuer = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="campaigns", verbose_name="Đơn vị phát động"
    )
    responds_to = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responses",
        verbose_name="Hưởng ứng phong trào",
    )
    plan_number = models.CharField("Số kế hoạch", max_length=60, blank=True)
    plan_name = models.CharField("Tên gọi kế hoạch khi viện dẫn", max_length=200)
    plan_date = models.DateField("Ngày ban hành", null=True, blank=True)
    legal_basis = models.JSONField("Căn cứ", default=list)
    content_areas = models.JSONField("Lĩnh vực, nội dung thi đua", default=list)
    method = models.CharField("Phương thức tổ chức", max_length=10, choices=CampaignMethod, blank=True)
    scope = models.CharField("Phạm vi", max_length=10, choices=CampaignScope, blank=True)
    opens_on = models.DateField("Bắt đầu")
    closes_on = models.DateField("Kết thúc")
    note = models.TextField("Ghi chú", blank=True)

    class Meta:
        ordering = ["-opens_on", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="campaign_closes_after_it_opens",
                violation_error_message="Ngày kết thúc phong trào phải từ ngày bắt đầu trở đi.",
            ),
            models.CheckConstraint(
                condition=Q(responds_to__isnull=True) | ~Q(responds_to=F("id")),
                name="campaign_responds_to_another",
                violation_error_message="Phong trào không hưởng ứng chính nó.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def duration_band(self) -> str:
        """The band of its duration under which the yearly statistics count it."""
        return find_duration_band(self.opens_on, self.closes_on)


class Phase(models.Model):
    """A stretch of a campaign. Stretches of one campaign do not overlap.

    `is_whole`: a plan may call its whole time a phase beside the stretches it falls into ("cả giai đoạn 2021-2025").
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="phases")
    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Tên đợt", max_length=200)
    opens_on = models.DateField("Bắt đầu")
    closes_on = models.DateField("Kết thúc")
    is_whole = models.BooleanField("Cả thời gian phong trào", default=False)
    citation = models.CharField("Căn cứ", max_length=200)

    class Meta:
        ordering = ["opens_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="phase_closes_after_it_opens",
                violation_error_message="Ngày kết thúc đợt phải từ ngày bắt đầu trở đi.",
            ),
            # Both as ranges: the equality of a number under GiST would need an extension.
            ExclusionConstraint(
                name="phases_of_a_campaign_apart",
                expressions=[
                    (KeyRange("campaign", "campaign", Value("[]")), RangeOperators.OVERLAPS),
                    (DayRange("opens_on", "closes_on", Value("[]")), RangeOperators.OVERLAPS),
                ],
                condition=Q(is_whole=False),
                violation_error_message="Các đợt của một phong trào không được chồng lên nhau.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Door(models.TextChoices):
    """What a phase lets in: each may open and close on days of its own."""

    REGISTER = "register", DOOR_WORDS["register"]
    NOMINATE = "nominate", DOOR_WORDS["nominate"]
    APPRAISE = "appraise", DOOR_WORDS["appraise"]
    VOTE = "vote", DOOR_WORDS["vote"]
    DECIDE = "decide", DOOR_WORDS["decide"]


class PhaseDoor(models.Model):
    """From which day to which a phase lets something in; both days count. What no phase dates stands open."""

    phase = models.ForeignKey(Phase, on_delete=models.CASCADE, related_name="doors")
    door = models.CharField("Việc", max_length=10, choices=Door)
    opens_on = models.DateField("Mở từ ngày")
    closes_on = models.DateField("Đến hết ngày")

    class Meta:
        ordering = ["phase", "opens_on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["phase", "door"], name="phase_door_once"),
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")),
                name="phase_door_closes_after_it_opens",
                violation_error_message="Ngày đóng phải từ ngày mở trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_door_display()}: {self.opens_on:%d/%m/%Y} – {self.closes_on:%d/%m/%Y}"


class Quota(models.Model):
    """How many at most may be chosen; `among` restricts the choice to the winners of other quotas.

    `is_tentative`: the plan calls the number an intention (dự kiến). A plan that gives a share has `percent` of
    `percent_of` in place of `limit`; `rounding` says how a share becomes a whole number.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="quotas")
    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Nội dung", max_length=200)
    unit_kinds = models.JSONField("Khối", default=list)
    limit = models.PositiveSmallIntegerField("Không quá", null=True, blank=True)
    percent = models.PositiveSmallIntegerField("Không quá (phần trăm)", null=True, blank=True)
    percent_of = models.CharField("Phần trăm của", max_length=200, blank=True)
    rounding = models.CharField("Cách làm tròn", max_length=10, choices=list(ROUNDINGS.items()), blank=True)
    is_tentative = models.BooleanField("Số dự kiến", default=False)
    among = models.ManyToManyField("self", symmetrical=False, related_name="+", blank=True)
    citation = models.CharField("Căn cứ", max_length=200)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="quota_code_once_in_a_campaign"),
            models.CheckConstraint(
                condition=Q(limit__isnull=False, percent__isnull=True, rounding="")
                | Q(limit__isnull=True, percent__gte=1, percent__lte=100) & ~Q(rounding=""),
                name="quota_is_a_number_or_a_share",
                violation_error_message="Ghi một số lượng, hoặc một tỷ lệ phần trăm và cách làm tròn.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def cap_of(self, total: int) -> int:
        """The most that may be chosen where the share is taken of `total`; a plain number does not ask."""
        if self.percent is None:
            if self.limit is None:
                raise LookupError("A quota is a number or a share.")
            return self.limit
        return share_of(total, self.percent, self.rounding)

    @property
    def words(self) -> str:
        """The most, as people read it."""
        if self.percent is None:
            return str(self.limit)
        return f"{self.percent} % {self.percent_of}".strip() + f" ({ROUNDINGS[self.rounding]})"


class AnchorEvent(models.Model):
    """Something that has to happen before a time can be counted from it: a launch meeting, the end of an inspection.

    `expected_on` is the day by which the plan lets it happen, for the one who asks why it was not recorded.
    `version` grows with every correction.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="anchor_events")
    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Sự kiện", max_length=200)
    expected_on = models.DateField("Dự kiến chậm nhất ngày", null=True, blank=True)
    happened_on = models.DateField("Diễn ra ngày", null=True, blank=True)
    recorded_at = models.DateTimeField("Ghi nhận lúc", null=True, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("Ghi chú", max_length=500, blank=True)
    version = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["campaign", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="anchor_event_code_once_in_a_campaign"),
            models.CheckConstraint(
                condition=Q(happened_on__isnull=True, recorded_at__isnull=True)
                | Q(happened_on__isnull=False, recorded_at__isnull=False),
                name="anchor_event_is_recorded_when_it_has_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class CalendarDayKind(models.TextChoices):
    OFF = "off", "Ngày nghỉ"
    WORKED = "worked", "Ngày làm việc"


class CalendarDay(models.Model):
    """A day off, or a working day of a weekend, that was decided for its year and that no rule computes.

    It stands before what the calendar of public holidays says of that day. Public, and kept by the roots.
    """

    day = models.DateField("Ngày", unique=True, error_messages={"unique": "Ngày này đã có trong bảng."})
    kind = models.CharField("Là", max_length=10, choices=CalendarDayKind)
    name = models.CharField("Lý do", max_length=120)
    citation = models.CharField("Văn bản quyết định", max_length=200)
    recorded_at = models.DateTimeField("Ghi lúc")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day:%d/%m/%Y}: {self.name}"


class ObligationKind(models.TextChoices):
    PLAN = "plan", "Kế hoạch"
    REGISTRATION = "registration", "Đăng ký"
    NOMINATION = "nomination", "Đề nghị"
    REPORT = "report", "Báo cáo"
    REVIEW = "review", "Sơ kết, tổng kết"
    EVENT = "event", "Sự kiện"


class FilingKind(models.TextChoices):
    """What is sent for an obligation; a nomination goes its own way."""

    PLAN = "plan", "Kế hoạch của đơn vị"
    TITLES = "title-registration", "Đăng ký danh hiệu thi đua"
    EXEMPLARS = "exemplar-registration", "Đăng ký xây dựng điển hình tiên tiến"
    PLEDGE = "pledge", "Giao ước thi đua"
    HALF_YEAR = "half-year-report", "Báo cáo sơ kết 6 tháng"
    YEAR = "yearly-report", "Báo cáo tổng kết năm"
    PHASE = "phase-report", "Báo cáo tổng kết đợt, giai đoạn"
    OTHER = "other", "Văn bản khác"


# What is sent where the plan does not say more than the kind of the obligation.
FILED_FOR = {
    ObligationKind.PLAN: FilingKind.PLAN,
    ObligationKind.REGISTRATION: FilingKind.TITLES,
}


class Obligation(models.Model):
    """Something a plan requires. `last_day` is the last day on which it is in time, None while no day is known.

    `phrase` keeps the plan's own words about time; `set_by_office` says that the plan names no day and an office did.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="obligations")
    code = models.SlugField("Mã", max_length=60)
    title = models.CharField("Việc phải làm", max_length=300)
    kind = models.CharField("Loại", max_length=20, choices=ObligationKind)
    phase = models.ForeignKey(Phase, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations")
    # Codes of what a nomination under this obligation may ask for; empty for other kinds.
    awards = models.JSONField("Nội dung được đề nghị", default=list)
    is_optional = models.BooleanField("Không bắt buộc", default=False)
    owed_to = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", verbose_name="Gửi về")
    phrase = models.CharField("Thời hạn theo kế hoạch", max_length=200, blank=True)
    last_day = models.DateField("Ngày cuối cùng", null=True, blank=True)
    # A time counted from an event has no last day until the event is recorded.
    anchor_event = models.ForeignKey(
        AnchorEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="obligations"
    )
    days_after = models.PositiveSmallIntegerField("Số ngày sau sự kiện", null=True, blank=True)
    counts_working_days = models.BooleanField("Chỉ đếm ngày làm việc", default=False)
    set_by_office = models.BooleanField("Thời hạn do cơ quan theo dõi đặt", default=False)
    note = models.TextField("Ghi chú", blank=True)
    papers = models.JSONField("Giấy tờ phải gửi", default=list)
    warnings = models.JSONField("Điều cần lưu ý về thời hạn", default=list)
    citation = models.CharField("Căn cứ", max_length=200)
    # What the plan said of time and bearers before days and units came of it (`plan_items`); a copy of the campaign
    # for another time is made from it. Empty where the campaign is older than this field.
    planned = models.JSONField("Theo kế hoạch", default=dict)
    # Whom the plan lets have a copy of everything that is sent, such as the deputies of a cluster.
    copies_to = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name="Gửi thêm bản sao cho")
    # Owed by those who head a cluster, as heads; a hand-over passes it on.
    owed_by_heads = models.BooleanField("Việc của các đơn vị trưởng", default=False)
    # Empty where the kind says enough (`filing_kind`).
    filing = models.CharField("Nội dung phải gửi", max_length=24, choices=FilingKind, blank=True)
    # A half-year or yearly report of the unit itself; the summary that the head of a cluster sends on is none.
    holds_indicators = models.BooleanField("Có ghi chỉ tiêu", default=True)

    class Meta:
        ordering = ["last_day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="obligation_code_once_in_a_campaign"),
            models.CheckConstraint(
                condition=Q(anchor_event__isnull=True) | Q(days_after__isnull=False, days_after__gte=1),
                name="obligation_counts_days_from_its_event",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def waits_for_event(self) -> bool:
        """Whether its last day is not known because its event has not been recorded."""
        return self.anchor_event is not None and self.anchor_event.happened_on is None

    @property
    def filing_kind(self) -> FilingKind:
        """What a submission under this obligation holds."""
        return FilingKind(self.filing) if self.filing else FILED_FOR.get(ObligationKind(self.kind), FilingKind.OTHER)

    @property
    def takes_submissions(self) -> bool:
        """Whether something is filed here: not for nominations, nor for an event without a paper."""
        return self.kind != ObligationKind.NOMINATION and (self.kind != ObligationKind.EVENT or bool(self.papers))
