"""What units file for what they owe: submissions with their papers, registrations as data, and a reminder by hand."""

from django.db import models
from django.db.models import Q

from campaigns.models.reminders import Mailing
from campaigns.models.work import Assignment
from campaigns.receipt_codes import show_code
from campaigns.workflow import SubmissionState
from units.addresses import address_of
from units.models import AwardTitle, Person, TenantModel, Unit, User

HANDED_IN = ("sent", "received", "approved", "returned")


class Submission(TenantModel):
    """One version of what a unit files for an obligation. A version that was returned stays as it was.

    `counted_at` is the instant that the deadline is measured with: mending what was returned makes nobody late.
    The words of who received and who answered are those of that day.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="submissions")
    version = models.PositiveSmallIntegerField("Lần", default=1)
    is_latest = models.BooleanField(default=True)
    state = models.CharField("Tình trạng", max_length=12, choices=SubmissionState, default=SubmissionState.DRAFT)
    document_number = models.CharField("Số, ký hiệu văn bản", max_length=60, blank=True)
    document_date = models.DateField("Ngày văn bản", null=True, blank=True)
    message = models.TextField("Lời nhắn gửi kèm", max_length=1000, blank=True)
    drafted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField("Lập lúc")
    sent_label = models.CharField(max_length=240, blank=True)
    sent_at = models.DateTimeField("Gửi lúc", null=True, blank=True)
    counted_at = models.DateTimeField(null=True, blank=True)
    receipt_code = models.CharField("Mã tiếp nhận", max_length=12, blank=True)
    received_label = models.CharField(max_length=240, blank=True)
    received_at = models.DateTimeField("Tiếp nhận lúc", null=True, blank=True)
    answered_label = models.CharField(max_length=240, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField("Ý kiến", max_length=2000, blank=True)

    class Meta:
        ordering = ["-version", "id"]
        indexes = [
            models.Index(fields=["unit_path", "state"], name="submission_scope_state"),
            # What waits to be received is counted on every page: few among all that was ever sent.
            models.Index(fields=["unit_path", "assignment"], condition=Q(state="sent"), name="submission_waiting"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "version"], name="submission_version_once"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(is_latest=True), name="submission_one_latest_of_an_assignment"
            ),
            models.UniqueConstraint(
                fields=["receipt_code"], condition=~Q(receipt_code=""), name="submission_receipt_code_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=HANDED_IN)
                | (Q(sent_at__isnull=False, counted_at__isnull=False) & ~Q(receipt_code="")),
                name="submission_handed_in_has_a_receipt",
            ),
            models.CheckConstraint(
                condition=~Q(state=SubmissionState.RETURNED) | ~Q(answer=""), name="submission_returned_with_reasons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assignment} (lần {self.version})"

    def get_absolute_url(self) -> str:
        return address_of("campaigns:submission-detail", self.pk)

    @property
    def shown_code(self) -> str:
        return show_code(self.receipt_code)

    @property
    def is_open(self) -> bool:
        """Whether the unit's clerk may still change it."""
        return self.state == SubmissionState.DRAFT


def paper_path(paper: "SubmissionPaper", _name: str) -> str:
    """A name nobody can guess, without the person's own file name."""
    return f"submissions/{paper.pk.hex[:2]}/{paper.pk}"


class SubmissionPaper(TenantModel):
    """A file of a submission. A later version of the submission may refer to the same stored file.

    `pages` is read from the file; for a Word file it is an estimate, and `claimed_pages` is what the file says.
    """

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="papers")
    # As the plan calls it; empty for what the plan does not ask for.
    paper = models.CharField("Giấy tờ", max_length=200, blank=True)
    file = models.FileField("Tệp", upload_to=paper_path, max_length=200)
    file_name = models.CharField("Tên tệp", max_length=255)
    media_type = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    pages = models.PositiveIntegerField("Số trang", null=True, blank=True)
    is_estimated = models.BooleanField(default=False)
    claimed_pages = models.PositiveIntegerField(null=True, blank=True)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField("Thêm lúc")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["added_at", "id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def claims_otherwise(self) -> bool:
        """Whether the file says another number of pages than was counted."""
        return self.claimed_pages is not None and self.claimed_pages != self.pages


class TitleRegistration(TenantModel):
    """How many of a title the unit aims at this year; `subjects` names whom it has in mind already."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="titles")
    title = models.ForeignKey(AwardTitle, on_delete=models.PROTECT, related_name="+", verbose_name="Danh hiệu")
    quantity = models.PositiveSmallIntegerField("Số lượng")

    class Meta:
        ordering = ["title__kind", "title__ladder", "title__rank", "title__code"]
        constraints = [
            models.UniqueConstraint(fields=["submission", "title"], name="title_registered_once_in_a_submission"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="title_registered_at_least_one"),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.quantity}"


class RegisteredSubject(TenantModel):
    """A person or a unit named for a title. `name` is that of the day."""

    registration = models.ForeignKey(TitleRegistration, on_delete=models.CASCADE, related_name="subjects")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    collective = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=False, collective__isnull=True)
                | Q(person__isnull=True, collective__isnull=False),
                name="registered_subject_is_one",
            ),
            models.UniqueConstraint(fields=["registration", "person"], name="registered_person_once"),
            models.UniqueConstraint(fields=["registration", "collective"], name="registered_unit_once"),
        ]

    def __str__(self) -> str:
        return self.name


class ExemplarScope(models.TextChoices):
    COMPREHENSIVE = "comprehensive", "Toàn diện"
    FIELD = "field", "Theo lĩnh vực"


class ExemplarRegistration(TenantModel):
    """Exemplars that the unit undertakes to build: how many, in what, by which activities, and who answers for it."""

    submission = models.ForeignKey(Submission, on_delete=models.PROTECT, related_name="exemplars")
    scope = models.CharField("Loại điển hình", max_length=14, choices=ExemplarScope)
    field = models.CharField("Lĩnh vực", max_length=200, blank=True)
    quantity = models.PositiveSmallIntegerField("Số lượng")
    activities = models.TextField("Hoạt động xây dựng", max_length=4000)
    responsible = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name="Lãnh đạo phụ trách"
    )
    responsible_name = models.CharField(max_length=200)

    class Meta:
        ordering = ["scope", "field", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gte=1), name="exemplar_registered_at_least_one"),
            models.CheckConstraint(
                condition=(Q(scope=ExemplarScope.FIELD) & ~Q(field=""))
                | Q(scope=ExemplarScope.COMPREHENSIVE, field=""),
                name="exemplar_registered_with_its_field",
                violation_error_message="Điển hình theo lĩnh vực cần ghi lĩnh vực; điển hình toàn diện thì để trống.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()} {self.field}".strip()


class DirectReminder(Mailing):
    """One mail to one clerk about one thing owed, because somebody above pressed the button; one a day at most."""

    mail_kind = "reminder"

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+")
    day = models.DateField("Ngày")
    asked_label = models.CharField(max_length=240)

    class Meta:
        ordering = ["-day", "id"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "recipient", "day"], name="direct_reminder_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.assignment} · {self.day:%d/%m/%Y}"


class ReturnLetter(Mailing):
    """That one version was returned, told to one person of the unit that filed it: by mail and among their reminders.

    What it says is read from the version, which never changes after it was returned.
    """

    mail_kind = "returned"

    submission = models.ForeignKey(Submission, on_delete=models.CASCADE, related_name="return_letters")
    read_at = models.DateTimeField("Đã đọc lúc", null=True, blank=True)

    class Meta:
        ordering = ["-submission__answered_at", "id"]
        indexes = [models.Index(fields=["recipient", "read_at"], name="return_letter_of_a_person")]
        constraints = [models.UniqueConstraint(fields=["submission", "recipient"], name="return_told_once")]

    def __str__(self) -> str:
        return str(self.submission)
