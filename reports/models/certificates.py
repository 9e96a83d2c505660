"""How certificates look on a unit's paper, and what each of them lets anybody verify."""

from typing import Any

from django.db import models

from awards.models import DecisionLine
from units.models import AwardTitle, TenantModel


class Stock(models.TextChoices):
    PLAIN = "plain", "Giấy trắng: in toàn bộ nội dung"
    PRINTED = "printed", "Phôi in sẵn: chỉ in phần thay đổi"


class Page(models.TextChoices):
    A4_WIDE = "a4-wide", "A4 ngang (297 × 210 mm)"
    A4_TALL = "a4-tall", "A4 dọc (210 × 297 mm)"
    A3_WIDE = "a3-wide", "A3 ngang (420 × 297 mm)"


SIZES: dict[str, tuple[int, int]] = {Page.A4_WIDE: (297, 210), Page.A4_TALL: (210, 297), Page.A3_WIDE: (420, 297)}


def artwork_path(layout: "CertificateLayout", _name: str = "") -> str:
    """A name nobody can guess; each picture has its own."""
    return f"certificate-artwork/{layout.pk.hex[:2]}/{layout.artwork_sha256}"


class CertificateLayout(TenantModel):
    """Where each text of a unit's certificates of one title stands, in millimetres; the size of the code likewise.

    `blocks` by key as `reports.layouts` reads them. The official form and emblem are on the stock, or in the picture
    that the unit brings: none is made here.
    """

    title = models.ForeignKey(AwardTitle, on_delete=models.PROTECT, related_name="+", verbose_name="Danh hiệu")
    stock = models.CharField("Loại giấy", max_length=8, choices=Stock, default=Stock.PLAIN)
    page = models.CharField("Khổ giấy", max_length=8, choices=Page, default=Page.A4_WIDE)
    blocks: "models.JSONField[Any, Any]" = models.JSONField()
    artwork = models.FileField("Ảnh nền", upload_to=artwork_path, max_length=200, blank=True)
    artwork_name = models.CharField(max_length=120, blank=True)
    artwork_type = models.CharField(max_length=40, blank=True)
    artwork_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["title__kind", "title__ladder", "title__rank", "title__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "title"],
                name="certificate_layout_once_a_title",
                violation_error_message="Đơn vị đã có mẫu trình bày cho danh hiệu này.",
            )
        ]

    def __str__(self) -> str:
        return str(self.title)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in millimetres."""
        return SIZES[self.page]


class CertificatePrinter(TenantModel):
    """How far one printer of the unit misses: everything is moved by so many millimetres before it prints."""

    name = models.CharField("Tên máy in", max_length=80)
    offset_x = models.DecimalField("Dịch sang phải (mm)", max_digits=4, decimal_places=1, default=0)
    offset_y = models.DecimalField("Dịch xuống (mm)", max_digits=4, decimal_places=1, default=0)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                name="certificate_printer_once_a_name",
                violation_error_message="Đơn vị đã có máy in mang tên này.",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(TenantModel):
    """What stands on the certificate of one line of a decision: the address to verify it and the signed statement.

    Made when it is printed for the first time and never changed: a second print carries the same code.
    """

    line = models.OneToOneField(DecisionLine, on_delete=models.PROTECT, related_name="certificate")
    # 128 random bits: who holds the paper may ask about it, and nobody else can guess one.
    token = models.CharField(max_length=40, unique=True, editable=False)
    statement = models.TextField(editable=False)
    made_at = models.DateTimeField("Lập lúc")

    class Meta:
        ordering = ["line__order"]

    def __str__(self) -> str:
        return str(self.line)
