"""Units: a tree held as text paths."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q


class UnitKind(models.TextChoices):
    MINISTRY = "bo", "Bộ"
    GENERAL_DEPARTMENT = "tong-cuc", "Tổng cục"
    DEPARTMENT = "vu", "Vụ"
    PROVINCIAL_ENFORCEMENT = "cuc-thads", "Cục Thi hành án dân sự"
    OFFICE = "phong", "Phòng"
    DISTRICT_ENFORCEMENT = "chi-cuc", "Chi cục Thi hành án dân sự"
    JUSTICE_DEPARTMENT = "so-tu-phap", "Sở Tư pháp"
    SCHOOL = "truong", "Trường"


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, path: str) -> Self:
        """The unit at `path` and everything under it, in tree order."""
        return self.filter(path__gte=path, path__lt=f"{path}~")


class Unit(models.Model):
    """An office of the sector. Its existence and name are public; what it writes is not.

    `path` has four characters [0-9A-Z] a level, so an ancestor's path is a prefix and a subtree is a range.
    """

    PATH_STEP = 4

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField("Mã đơn vị", max_length=40, unique=True)
    kind = models.CharField("Loại đơn vị", max_length=20, choices=UnitKind)
    name = models.CharField("Tên đơn vị", max_length=200)
    short_name = models.CharField("Tên gọi tắt", max_length=120)
    folded_name = models.CharField(max_length=320, editable=False)
    province = models.CharField("Tỉnh", max_length=60, blank=True)
    place = models.CharField("Địa danh trên văn bản", max_length=60)
    has_legal_personality = models.BooleanField("Có tư cách pháp nhân")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=120, db_collation="C", unique=True)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        constraints = [
            models.UniqueConstraint(fields=["id", "path"], name="unit_id_and_path"),
            models.CheckConstraint(
                condition=Q(path__regex=r"^([0-9A-Z]{4})+$"),
                name="unit_path_has_four_characters_a_level",
                violation_error_message="Mã vị trí của đơn vị trong hệ thống không đúng dạng.",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=models.F("valid_from")),
                name="unit_ends_after_it_begins",
                violation_error_message="Ngày kết thúc của đơn vị phải từ ngày bắt đầu trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def paths_above(self) -> list[str]:
        """Paths from the root down to this unit, itself included."""
        return [self.path[:end] for end in range(self.PATH_STEP, len(self.path) + 1, self.PATH_STEP)]

    def contains(self, path: str) -> bool:
        """Whether `path` is this unit or lies below it."""
        return path.startswith(self.path)
