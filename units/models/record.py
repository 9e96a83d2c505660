"""The record that criteria read: gradings, discipline, eligibility, honours; and the public catalogues beside it."""

from django.db import models
from django.db.models import F, Q

from units.models.people import Person
from units.models.tenancy import PersonalRow


def one_subject(name: str) -> models.CheckConstraint:
    """A record is about one person or about the unit itself, never about both or neither."""
    return models.CheckConstraint(
        condition=Q(person__isnull=False, collective__isnull=True) | Q(person__isnull=True, collective__isnull=False),
        name=name,
        violation_error_message="Chọn một cá nhân hoặc một tập thể.",
    )


class SharedData(models.Model):
    """Public data that was shipped or added, and may be mended at the top until somebody compared it with the text.

    What a person mended is theirs from then on: the shipped file no longer overwrites the row.
    """

    confirmed = models.BooleanField("Đã đối chiếu với văn bản gốc", default=False)
    edited_at = models.DateTimeField(null=True, blank=True, editable=False)
    edited_by = models.CharField(max_length=200, blank=True, editable=False)
    edit_reason = models.CharField("Lý do sửa", max_length=400, blank=True)

    class Meta:
        abstract = True


class LegalDocument(SharedData):
    """A law, decree, circular, decision or plan that is cited. Public, shared by every unit."""

    number = models.CharField("Số, ký hiệu", max_length=60, unique=True)
    kind = models.CharField("Loại văn bản", max_length=40)
    issuer = models.CharField("Cơ quan ban hành", max_length=160)
    issued_on = models.DateField("Ngày ban hành", null=True, blank=True)
    subject = models.CharField("Nội dung", max_length=400)
    valid_from = models.DateField("Hiệu lực từ", null=True, blank=True)
    valid_to = models.DateField("Hiệu lực đến", null=True, blank=True)
    note = models.CharField("Còn phải đối chiếu", max_length=400, blank=True)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class TitleKind(models.TextChoices):
    EMULATION_TITLE = "emulation-title", "Danh hiệu thi đua"
    COMMENDATION = "commendation", "Hình thức khen thưởng"
    RECOGNITION = "recognition", "Công nhận điển hình tiên tiến"


class TitleSubject(models.TextChoices):
    PERSON = "person", "Cá nhân"
    COLLECTIVE = "collective", "Tập thể"
    BOTH = "both", "Cá nhân và tập thể"


class AwardTitle(SharedData):
    """A title, commendation or recognition of the catalogue. Public, shared by every unit.

    `rank` orders titles of one `ladder` from low to high ("trở lên" means this rank or above); `confirmed` is false
    for values that were not checked against the text of the law and may be edited.
    """

    code = models.SlugField("Mã", max_length=40, unique=True)
    name = models.CharField("Tên", max_length=160)
    kind = models.CharField("Loại", max_length=20, choices=TitleKind)
    subject = models.CharField("Đối tượng", max_length=12, choices=TitleSubject)
    ladder = models.CharField("Thang bậc", max_length=40, blank=True)
    rank = models.PositiveSmallIntegerField("Bậc", null=True, blank=True)
    level = models.CharField("Cấp", max_length=20)
    decider = models.CharField("Thẩm quyền quyết định", max_length=200)
    citation = models.CharField("Căn cứ", max_length=200)
    valid_from = models.DateField("Từ ngày", null=True, blank=True)
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    note = models.CharField("Còn phải đối chiếu", max_length=400, blank=True)

    class Meta:
        ordering = ["kind", "ladder", "rank", "code"]

    def __str__(self) -> str:
        return self.name


class TitleAuthority(models.Model):
    """Who decides a title in a time, and whether the deciding unit must be a legal person. Public.

    `unit_kinds` are the kinds of unit whose head decides; none: of any kind. `is_outside`: somebody whom no unit of
    this system stands for, so that no decision of it is ever made here.
    """

    title = models.ForeignKey(AwardTitle, on_delete=models.CASCADE, related_name="authorities")
    decider = models.CharField("Thẩm quyền quyết định", max_length=200)
    requires_legal_personality = models.BooleanField("Đơn vị quyết định phải có tư cách pháp nhân", default=False)
    unit_kinds: "models.JSONField[list[str], list[str]]" = models.JSONField(
        "Loại đơn vị quyết định", default=list, blank=True
    )
    is_outside = models.BooleanField("Người quyết định ở ngoài hệ thống này", default=False)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)
    citation = models.CharField("Căn cứ", max_length=200)
    confirmed = models.BooleanField("Đã đối chiếu với văn bản gốc", default=False)

    class Meta:
        ordering = ["title", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["title", "valid_from"], name="title_authority_one_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="title_authority_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return self.decider


class Grade(models.TextChoices):
    EXCELLENT = "excellent", "Hoàn thành xuất sắc nhiệm vụ"
    GOOD = "good", "Hoàn thành tốt nhiệm vụ"
    COMPLETED = "completed", "Hoàn thành nhiệm vụ"
    FAILED = "failed", "Không hoàn thành nhiệm vụ"


class SubjectRecord(PersonalRow):
    """A line of the record of one person or of the unit itself."""

    council_lookups = {"person": "person", "collective": "collective"}

    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss")
    collective = models.ForeignKey(
        "units.Unit", on_delete=models.CASCADE, null=True, blank=True, related_name="%(class)ss"
    )
    decision_number = models.CharField("Số quyết định", max_length=60)
    decided_on = models.DateField("Ngày quyết định")

    class Meta:
        abstract = True


class Grading(SubjectRecord):
    """Xếp loại năm: one for each person or unit and year."""

    year = models.PositiveSmallIntegerField("Năm")
    grade = models.CharField("Xếp loại", max_length=12, choices=Grade)

    class Meta:
        ordering = ["-year", "id"]
        indexes = [
            models.Index(fields=["unit_path", "year"], name="grading_scope_year"),
            models.Index(fields=["holder_path", "year"], name="grading_holder_year"),
        ]
        constraints = [
            one_subject("grading_has_one_subject"),
            models.UniqueConstraint(fields=["person", "year"], name="grading_once_a_year_for_a_person"),
            models.UniqueConstraint(fields=["collective", "year"], name="grading_once_a_year_for_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.get_grade_display()}"


class DisciplinaryAction(PersonalRow):
    """A disciplinary decision about one person. `form` is a code of the ladder in force on the day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="disciplinary_actions")
    form = models.CharField("Hình thức", max_length=30)
    decision_number = models.CharField("Số quyết định", max_length=60)
    decided_on = models.DateField("Ngày quyết định")
    # The last day on which it counts; null for a form that does not lapse, or when nobody said so yet.
    effective_until = models.DateField("Hiệu lực đến hết ngày", null=True, blank=True)

    class Meta:
        ordering = ["-decided_on", "id"]
        indexes = [
            models.Index(fields=["unit_path", "decided_on"], name="discipline_scope_day"),
            models.Index(fields=["holder_path", "decided_on"], name="discipline_holder_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(effective_until__isnull=True) | Q(effective_until__gte=F("decided_on")),
                name="discipline_lapses_after_it_was_decided",
                violation_error_message="Ngày hết hiệu lực phải từ ngày quyết định trở đi.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.decided_on:%d/%m/%Y}"


class TitleEligibility(SubjectRecord):
    """The finding that someone meets the conditions to be considered for a title in a year: not the award itself."""

    title = models.ForeignKey(AwardTitle, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Năm")
    is_eligible = models.BooleanField("Đủ điều kiện", default=True)

    class Meta:
        ordering = ["-year", "id"]
        indexes = [
            models.Index(fields=["unit_path", "year"], name="eligibility_scope_year"),
            models.Index(fields=["holder_path", "year"], name="eligibility_holder_year"),
        ]
        constraints = [
            one_subject("eligibility_has_one_subject"),
            models.UniqueConstraint(fields=["person", "title", "year"], name="eligibility_once_for_a_person"),
            models.UniqueConstraint(fields=["collective", "title", "year"], name="eligibility_once_for_a_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class Honour(SubjectRecord):
    """One award, once given: the ledger. Name, post and unit are frozen as they stood on the day of the award.

    An entry never changes. A mistake is mended by a new entry that `supersedes` it, an honour taken back by an
    `HonourRevocation`; either way the old entry stays and `stands` no longer. Lists of what somebody holds, criteria
    and papers read the entries that stand (`units.selectors.record.list_standing_honours`).
    """

    title = models.ForeignKey(AwardTitle, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField("Năm thành tích")
    issuer = models.CharField("Cơ quan ban hành", max_length=200)
    subject_name = models.CharField("Tên khi được khen", max_length=200)
    subject_position = models.CharField("Chức vụ khi được khen", max_length=120, blank=True)
    subject_unit = models.CharField("Đơn vị khi được khen", max_length=200)
    # The nomination that led here, when there was one; an old award entered from paper has none.
    source = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    stands = models.BooleanField(default=True, db_default=True, editable=False)
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="superseded_by"
    )
    correction_reason = models.CharField("Lý do đính chính", max_length=400, blank=True)

    class Meta:
        ordering = ["-decided_on", "id"]
        indexes = [
            models.Index(fields=["unit_path", "year"], name="honour_scope_year"),
            models.Index(fields=["holder_path", "year"], name="honour_holder_year"),
            # A wide scope reads the ledger from its newest entry on, and finds a page in the index alone.
            models.Index(fields=["-decided_on", "id"], name="honour_newest", include=["unit_path", "holder_path"]),
        ]
        constraints = [
            one_subject("honour_has_one_subject"),
            models.CheckConstraint(
                condition=~Q(decision_number=""),
                name="honour_has_a_decision_number",
                violation_error_message="Mỗi lần khen thưởng phải có số quyết định.",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__year__gte=F("year")),
                name="honour_is_decided_in_or_after_its_year",
                violation_error_message="Ngày quyết định không thể trước năm thành tích.",
            ),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(correction_reason=""),
                name="honour_corrects_with_a_reason",
                violation_error_message="Đính chính phải ghi lý do.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class RevocationKind(models.TextChoices):
    STRIPPED = "stripped", "Tước danh hiệu"
    ANNULLED = "annulled", "Hủy bỏ quyết định tặng"


class HonourRevocation(SubjectRecord):
    """An honour taken back by a decision of its own: a new event, the entry in the ledger stays."""

    honour = models.OneToOneField(Honour, on_delete=models.PROTECT, related_name="revocation")
    kind = models.CharField("Hình thức", max_length=10, choices=RevocationKind)
    issuer = models.CharField("Cơ quan ban hành", max_length=200)
    reason = models.CharField("Lý do", max_length=400)

    class Meta:
        ordering = ["-decided_on", "id"]
        constraints = [one_subject("revocation_has_one_subject")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.decided_on:%d/%m/%Y}"


class InitiativeLevel(models.TextChoices):
    GRASSROOTS = "grassroots", "Cơ sở"
    MINISTRY = "ministry", "Bộ, ngành, tỉnh"
    STATE = "state", "Toàn quốc"


class Initiative(PersonalRow):
    """The part of one author in a recognised initiative. Authors of the same one share `work`.

    One row for each author, because each follows its own person from unit to unit.
    """

    council_lookups = {"person": "person"}

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="initiatives")
    work = models.UUIDField(editable=False)
    title = models.CharField("Tên sáng kiến", max_length=300)
    year = models.PositiveSmallIntegerField("Năm")
    level = models.CharField("Cấp công nhận", max_length=12, choices=InitiativeLevel)
    share = models.PositiveSmallIntegerField("Tỷ lệ đóng góp (%)")
    effect = models.TextField("Hiệu quả, phạm vi áp dụng", max_length=2000, blank=True)
    decision_number = models.CharField("Số quyết định", max_length=60)
    decided_on = models.DateField("Ngày quyết định")
    issuer = models.CharField("Cơ quan công nhận", max_length=200)

    class Meta:
        ordering = ["-year", "title", "id"]
        indexes = [
            models.Index(fields=["unit_path", "year"], name="initiative_scope_year"),
            models.Index(fields=["holder_path", "year"], name="initiative_holder_year"),
            models.Index(fields=["work"], name="initiative_work"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "work"], name="initiative_author_once"),
            models.CheckConstraint(
                condition=Q(share__range=(1, 100)),
                name="initiative_share_is_a_percentage",
                violation_error_message="Tỷ lệ đóng góp từ 1 đến 100.",
            ),
            models.CheckConstraint(
                condition=Q(decided_on__year__gte=F("year")),
                name="initiative_is_decided_in_or_after_its_year",
                violation_error_message="Ngày quyết định không thể trước năm của sáng kiến.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
