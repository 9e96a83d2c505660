"""People and their posts."""

from django.db import models
from django.db.models import F, Q

from units.models.tenancy import PersonalRow, TenantModel


class Gender(models.TextChoices):
    FEMALE = "female", "Nữ"
    MALE = "male", "Nam"


class Employment(models.TextChoices):
    CIVIL_SERVANT = "civil-servant", "Công chức"
    PUBLIC_EMPLOYEE = "public-employee", "Viên chức"
    CONTRACT = "contract", "Người lao động"


class Person(TenantModel):
    """Someone who works in the sector; `unit` is where they work today."""

    council_lookups = {"person": "pk"}
    kept_by_database = ("posted_until", "headed_until", "posted_from")

    staff_code = models.CharField("Mã cán bộ", max_length=20)
    full_name = models.CharField("Họ và tên", max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    sort_key = models.CharField(max_length=400, db_collation="C", editable=False)
    birth_date = models.DateField("Ngày sinh", null=True, blank=True)
    gender = models.CharField("Giới tính", max_length=10, choices=Gender)
    employment = models.CharField("Đối tượng", max_length=20, choices=Employment)
    # What the posts come to: the last day of any post and of any post as head (`date.max` while one has no end, null
    # where there is none), and the first day of the one that begins last. Until that day has come, only the posts
    # themselves tell who holds one.
    posted_until = models.DateField("Có chức vụ đến ngày", null=True, editable=False)
    headed_until = models.DateField("Đứng đầu đến ngày", null=True, editable=False)
    posted_from = models.DateField("Chức vụ sau cùng từ ngày", null=True, editable=False)

    class Meta:
        ordering = ["sort_key", "id"]
        indexes = [
            models.Index(fields=["unit_path", "sort_key"], name="person_scope_name"),
            models.Index(fields=["unit_path"], name="person_scope"),  # small, for counting
            # A wide scope reads names in order and keeps what is inside; a path in front would break the order, and as
            # a key behind it bounds the scan, instead of being asked of each row.
            models.Index(fields=["sort_key", "id", "unit_path"], name="person_name"),
            # Filters of the list that keep few among many.
            models.Index(fields=["employment", "unit_path"], name="person_employment"),
            models.Index(fields=["posted_until", "unit_path"], name="person_posted_until"),
            models.Index(fields=["posted_from", "unit_path"], name="person_posted_from"),
            models.Index(
                fields=["headed_until", "unit_path"],
                name="person_headed_until",
                condition=Q(headed_until__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["unit", "staff_code"], name="person_code_once_in_a_unit"),
            # What the rows about a person refer to, so that they follow the person.
            models.UniqueConstraint(fields=["id", "unit_path"], name="person_id_and_path"),
        ]

    def __str__(self) -> str:
        return self.full_name


class Posting(PersonalRow):
    """A post held for a time. Days are whole: a posting that ends on a day still holds on it."""

    council_lookups = {"person": "person"}

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="postings")
    position = models.CharField("Chức vụ, chức danh", max_length=120)
    is_head = models.BooleanField("Là người đứng đầu đơn vị", default=False)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)

    class Meta:
        ordering = ["-valid_from", "id"]
        indexes = [
            models.Index(fields=["unit_path", "valid_from"], name="posting_scope_day"),
            models.Index(fields=["holder_path", "valid_from"], name="posting_holder_day"),
            # Whether somebody holds a post on a day, from the index alone.
            models.Index(
                fields=["person", "valid_from"],
                name="posting_person_days",
                include=["valid_to", "is_head", "unit_path", "holder_path"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="posting_ends_after_it_begins",
                violation_error_message="Ngày thôi giữ chức vụ phải từ ngày bắt đầu trở đi.",
            )
        ]

    def __str__(self) -> str:
        return self.position


class PartyMembership(PersonalRow):
    """That a person is a member of the Party. A table of its own: only some roles read it, and never a council."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="party_membership")
    joined_on = models.DateField("Ngày vào Đảng", null=True, blank=True)
    official_on = models.DateField("Ngày chính thức", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(official_on__isnull=True) | Q(joined_on__isnull=True) | Q(official_on__gte=F("joined_on")),
                name="party_official_after_joining",
                violation_error_message="Ngày chính thức phải từ ngày vào Đảng trở đi.",
            )
        ]

    def __str__(self) -> str:
        return "Đảng viên"


class PersonContact(PersonalRow):
    """How a person is reached. A table of its own: only some roles read it, and never a council."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField("Thư điện tử", blank=True)
    phone = models.CharField("Điện thoại", max_length=20, blank=True)

    def __str__(self) -> str:
        return self.email or self.phone
