"""Units: a tree held as text paths, and what became of each unit through time."""

import uuid
from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from units.models.folded import FoldedField


class UnitKind(models.TextChoices):
    MINISTRY = "bo", "Bộ"
    GENERAL_DEPARTMENT = "tong-cuc", "Tổng cục"
    DEPARTMENT = "vu", "Vụ"
    BUREAU = "cuc-bo", "Cục thuộc Bộ"
    PROVINCIAL_ENFORCEMENT = "cuc-thads", "Cục Thi hành án dân sự"
    PROVINCIAL_ENFORCEMENT_2025 = "thads-tinh", "Thi hành án dân sự tỉnh, thành phố"
    OFFICE = "phong", "Phòng"
    DISTRICT_ENFORCEMENT = "chi-cuc", "Chi cục Thi hành án dân sự"
    REGIONAL_OFFICE = "phong-khu-vuc", "Phòng Thi hành án dân sự khu vực"
    JUSTICE_DEPARTMENT = "so-tu-phap", "Sở Tư pháp"
    JUSTICE_OFFICE = "phong-tu-phap", "Phòng Tư pháp"
    SCHOOL = "truong", "Trường"
    CENTRE = "trung-tam", "Trung tâm"
    INSTITUTE = "vien", "Viện"

    def is_like(self, other: "UnitKind") -> bool:
        """Whether units of the two kinds do the same work at the same level, whatever a reform called them."""
        return self == other or any({self, other} <= kinds for kinds in ALIKE)


# Kinds among which offices are commonly merged; anything across is probably a slip of the hand.
ALIKE = (
    {UnitKind.GENERAL_DEPARTMENT, UnitKind.DEPARTMENT, UnitKind.BUREAU},
    {UnitKind.PROVINCIAL_ENFORCEMENT, UnitKind.PROVINCIAL_ENFORCEMENT_2025},
    {UnitKind.DISTRICT_ENFORCEMENT, UnitKind.REGIONAL_OFFICE},
    {UnitKind.SCHOOL, UnitKind.CENTRE, UnitKind.INSTITUTE},
)


class UnitQuerySet(models.QuerySet["Unit"]):
    def below(self, path: str) -> Self:
        """The unit at `path` and everything under it, in tree order."""
        return self.filter(path__gte=path, path__lt=f"{path}~")

    def existing_on(self, day: date) -> Self:
        """Keep units that stand on `day`, their last day included."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))


class Unit(models.Model):
    """An office of the sector. Its existence and name are public; what it writes is not.

    `path` has four characters [0-9A-Z] a level, so an ancestor's path is a prefix and a subtree is a range. It says
    who keeps the unit's rows today: a dissolved unit hangs below its successor, so that the successor sees its
    archive. Where the unit stood on another day is told by its placements, what it was called by its names; `name`,
    `short_name`, `place` and `parent` are those of today, or of its last day.
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
    note = models.CharField("Ghi chú về nguồn", max_length=200, blank=True)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            # Few units have ended, and many pages ask which of a branch have.
            models.Index(fields=["path"], condition=Q(valid_to__isnull=False), name="unit_ended_in_branch"),
        ]
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

    @property
    def is_root(self) -> bool:
        """Whether it is the top of a tree, as a ministry is."""
        return len(self.path) == self.PATH_STEP

    def contains(self, path: str) -> bool:
        """Whether `path` is this unit or lies below it."""
        return path.startswith(self.path)


class UnitName(models.Model):
    """What a unit was called for a time. Days are whole; the last name has no `valid_to` while the unit stands.

    Papers print the name of their day.
    """

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="names")
    name = models.CharField("Tên đơn vị", max_length=200)
    short_name = models.CharField("Tên gọi tắt", max_length=120)
    folded_name = FoldedField(max_length=320, of=("name", "short_name"))
    place = models.CharField("Địa danh trên văn bản", max_length=60)
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)

    class Meta:
        ordering = ["unit", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="unit_name_one_a_day"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="unit_name_ends_after_it_begins",
                violation_error_message="Ngày thôi dùng tên phải từ ngày bắt đầu dùng trở đi.",
            ),
        ]

    def __str__(self) -> str:
        return self.short_name


class Placement(models.Model):
    """Under which unit a unit stood for a time; a root stands under none. Days are whole."""

    unit = models.ForeignKey(Unit, on_delete=models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="placed_children")
    valid_from = models.DateField("Từ ngày")
    valid_to = models.DateField("Đến ngày", null=True, blank=True)

    class Meta:
        ordering = ["unit", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "valid_from"], name="placement_one_a_day"),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="placement_is_not_under_itself"),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="placement_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.valid_from:%d/%m/%Y}"


class SuccessionKind(models.TextChoices):
    RENAME = "rename", "Đổi tên"
    MOVE = "move", "Chuyển cơ quan quản lý"
    MERGE = "merge", "Sáp nhập, hợp nhất"
    SPLIT = "split", "Chia, tách"
    DISSOLVE = "dissolve", "Giải thể"


class Succession(models.Model):
    """What became of a unit on the first day `on` of the new order, under a decision.

    A merger of three units is three rows to one successor; a split is one row for each new unit. A rename and a move
    have the unit itself as `to_unit`. A dissolved unit's `to_unit` is the unit that keeps its archive.

    `carries_record` says whether the years of the old unit count as years of the new one where a title asks for
    several in a row: yes, no, or unknown when nobody has decided. A unit that was only renamed or moved is the same.
    """

    from_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    to_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="predecessions")
    on = models.DateField("Từ ngày")
    kind = models.CharField("Hình thức sắp xếp", max_length=12, choices=SuccessionKind)
    citation = models.CharField("Căn cứ", max_length=200)
    carries_record = models.BooleanField("Thành tích được tính liên tục", null=True, blank=True)

    class Meta:
        ordering = ["on", "kind", "id"]
        constraints = [
            # A unit may be renamed and moved on one day.
            models.UniqueConstraint(fields=["from_unit", "to_unit", "on", "kind"], name="succession_once_of_a_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=["rename", "move"], from_unit=F("to_unit"))
                | (~Q(kind__in=["rename", "move"]) & ~Q(from_unit=F("to_unit"))),
                name="succession_of_itself_only_by_name_or_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.from_unit} → {self.to_unit}"
