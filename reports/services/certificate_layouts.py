"""A unit's own layouts of certificates and what its printers miss."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction

from reports.layouts import CODE, LABELS, Block, first_blocks, lay_out_page, store_blocks
from reports.models import CertificateLayout, CertificatePrinter
from reports.models.certificates import Stock
from reports.selectors.certificates import Form
from reports.services.certificates import draw_code
from units.actors import Actor
from units.models import AwardTitle
from units.pdf import render_pdf
from units.refusals import RefusedError
from units.services.audit import record_act
from units.uploads import check_upload, flush_file

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

PICTURES = ("image/png", "image/jpeg")
ARM = 10


@transaction.atomic
def add_certificate_layout(title: AwardTitle, *, page: str, stock: str, actor: Actor) -> CertificateLayout:
    """Begin a layout of the actor's unit where everything first stands; refuses a second one of the same title."""
    doubled = RefusedError(f"Đơn vị đã có mẫu trình bày cho {title}.", remedy="Mở mẫu đã có trong danh sách để chỉnh.")
    layout = CertificateLayout(
        unit=actor.unit, title=title, page=page, stock=stock, blocks=store_blocks(first_blocks(page))
    )
    try:
        with transaction.atomic():
            layout.save(force_insert=True)
    except IntegrityError:
        raise doubled from None
    record_act("add-certificate-layout", layout, actor=actor, title=title.code)
    return layout


@transaction.atomic
def edit_certificate_layout(
    layout: CertificateLayout,
    *,
    stock: str,
    blocks: Mapping[str, Block],
    artwork: "UploadedFile[bytes] | None",
    drops_artwork: bool,
    actor: Actor,
) -> CertificateLayout:
    """Move the blocks, take or drop the picture. Papers already asked for keep what they were asked with."""
    layout = CertificateLayout.objects.select_for_update(of=("self",)).select_related("title").get(pk=layout.pk)
    layout.stock, layout.blocks = stock, store_blocks(blocks)
    if drops_artwork:
        layout.artwork, layout.artwork_name, layout.artwork_type, layout.artwork_sha256 = "", "", "", ""
    if artwork:
        _keep_artwork(layout, artwork)
    layout.save()
    record_act("edit-certificate-layout", layout, actor=actor, title=layout.title.code)
    return layout


def _keep_artwork(layout: CertificateLayout, artwork: "UploadedFile[bytes]") -> None:
    checked = check_upload(artwork)
    if checked.media_type not in PICTURES:
        raise RefusedError(
            f"Tệp «{checked.name}» không phải là ảnh.",
            why="Ảnh nền được in dưới các dòng chữ của giấy.",
            remedy="Chọn ảnh PNG hoặc JPG, đúng tỷ lệ khổ giấy, khoảng 300 dpi.",
        )
    layout.artwork_name, layout.artwork_type = checked.name, checked.media_type
    layout.artwork_sha256 = checked.sha256
    layout.artwork.save(checked.name, ContentFile(checked.content), save=False)
    flush_file(Path(layout.artwork.path))


@transaction.atomic
def set_certificate_printer(
    printer: CertificatePrinter | None, *, name: str, offset_x: Decimal, offset_y: Decimal, actor: Actor
) -> CertificatePrinter:
    """Write down what a printer misses, of a new one or of one known."""
    written = printer or CertificatePrinter(unit=actor.unit)
    written.name, written.offset_x, written.offset_y = name, offset_x, offset_y
    try:
        with transaction.atomic():
            written.save()
    except IntegrityError:
        raise RefusedError(
            f"Đơn vị đã có máy in «{name}».", remedy="Sửa máy in đó trong danh sách, hoặc ghi tên khác."
        ) from None
    record_act("set-certificate-printer", written, actor=actor, name=name, right=str(offset_x), down=str(offset_y))
    return written


def render_calibration(form: Form, *, texts: Mapping[str, str], printer: CertificatePrinter | None) -> bytes:
    """A page of rulers and crosses, and one with a sample whose blocks are outlined: to be laid over the stock.

    Everything is moved as the certificates are, so that a cross that lies right means that the paper will.
    """
    offset = (printer.offset_x, printer.offset_y) if printer else (Decimal(0), Decimal(0))
    wide, high = form.layout.size if form.layout else (297, 210)
    # Outlines show every block that is ever printed, also those that this stock has already.
    blocks = lay_out_page(form.blocks, stock=Stock.PLAIN, texts=texts, offset=offset)
    for block in blocks:
        block["label"] = LABELS[block["key"]]
        if block["key"] == CODE:
            block["picture"] = draw_code(texts[CODE])
    ticks, marks = _rulers(wide, high, float(offset[0]), float(offset[1]))
    moved = f"dịch phải {offset[0]} mm, xuống {offset[1]} mm".replace(".", ",")
    say = [
        "TRANG CANH CHỈNH",
        f"Máy in: {printer.name}, {moved}" if printer else "Chưa chọn máy in: không dịch",
        "In đúng cỡ 100 %, không co giãn. Vạch ngắn cách nhau 1 mm, vạch dài 10 mm.",
        "Đo tâm bốn dấu cộng tới mép giấy: mỗi dấu phải cách hai mép gần nhất 20 mm.",
        "Lệch bao nhiêu thì ghi số dịch của máy in bấy nhiêu rồi in lại trang này.",
    ]
    context = {"pages": [blocks], "wide": wide, "high": high, "half": high // 2 - 15, "outlined": True}
    return render_pdf("reports/paper/certificate.html", context | {"ticks": ticks, "marks": marks, "say": say})


def _rulers(wide: int, high: int, right: float, down: float) -> tuple[list[dict[str, float]], list[dict[str, object]]]:
    """Ticks of a ruler along the upper and the left edge, and four crosses 20 mm from two edges each."""
    ticks: list[dict[str, float]] = []
    marks: list[dict[str, object]] = []
    for place in range(5, wide - 4):
        length = _length(place)
        ticks.append({"x": place + right - 0.05, "y": 8 + down, "wide": 0.1, "high": length})
        if place % 10 == 0:
            marks.append({"x": place + right - 1.5, "y": 13.5 + down, "text": place})
    for place in range(15, high - 4):
        length = _length(place)
        ticks.append({"x": 8 + right, "y": place + down - 0.05, "wide": length, "high": 0.1})
        if place % 10 == 0:
            marks.append({"x": 13.5 + right, "y": place + down - 1, "text": place})
    for across in (20, wide - 20):
        for along in (20, high - 20):
            ticks.append({"x": across - ARM / 2 + right, "y": along - 0.1 + down, "wide": ARM, "high": 0.2})
            ticks.append({"x": across - 0.1 + right, "y": along - ARM / 2 + down, "wide": 0.2, "high": ARM})
    return ticks, marks


def _length(place: int) -> float:
    if place % 10 == 0:
        return 5
    return 3.5 if place % 5 == 0 else 2
