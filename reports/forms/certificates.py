"""Forms of certificates: where the texts stand, what a printer misses, what is printed."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms import BoundField

from reports.layouts import ALIGNMENTS, CODE, LABELS, LARGEST, SHOWN, SMALLEST, WORDED, Block
from reports.models import CertificatePrinter, Page, Stock
from reports.models.certificates import SIZES
from units.folding import nfc
from units.forms.fields import reason_field
from units.models import AwardTitle

CODE_SIDES = (20, 80)


class LayoutStartForm(forms.Form):
    title = forms.ModelChoiceField(AwardTitle.objects.none(), label="Danh hiệu, hình thức", empty_label="Chọn")
    page = forms.ChoiceField(label="Khổ giấy", choices=Page.choices)
    stock = forms.ChoiceField(label="Loại giấy", choices=Stock.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, titles: QuerySet[AwardTitle], **options: Any) -> None:
        super().__init__(*args, **options)
        offered: Any = self.fields["title"]
        offered.queryset = titles


def _number(label: str, initial: float, lowest: float, highest: float) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        initial=initial,
        min_value=lowest,
        max_value=highest,
        localize=True,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 6}),
    )


class LayoutForm(forms.Form):
    """Six entries for each block, and words for those that say the same on every certificate."""

    stock = forms.ChoiceField(label="Loại giấy", choices=Stock.choices, widget=forms.RadioSelect)
    artwork = forms.FileField(
        label="Ảnh nền (hoa văn, khung do cơ quan có thẩm quyền quy định)",
        required=False,
        help_text="PNG hoặc JPG phủ kín khổ giấy. Chỉ in trên giấy trắng. Để trống thì giữ ảnh đang có.",
    )
    drops_artwork = forms.BooleanField(label="Bỏ ảnh nền đang có", required=False)

    def __init__(self, *args: Any, page: str, blocks: Mapping[str, Block], **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys, self.size = list(blocks), SIZES[page]
        wide, high = self.size
        for key, block in blocks.items():
            name = LABELS[key]
            self.fields[f"{key}-x"] = _number(f"{name}: cách mép trái (mm)", block.x, 0, wide)
            self.fields[f"{key}-y"] = _number(f"{name}: cách mép trên (mm)", block.y, 0, high)
            self.fields[f"{key}-width"] = _number(f"{name}: rộng (mm)", block.width, 5, wide)
            smallest, largest = CODE_SIDES if key == CODE else (SMALLEST, LARGEST)
            label = f"{name}: cạnh (mm)" if key == CODE else f"{name}: cỡ chữ"
            self.fields[f"{key}-size"] = _number(label, block.size, smallest, largest)
            self.fields[f"{key}-align"] = forms.ChoiceField(
                label=f"{name}: canh", choices=list(ALIGNMENTS.items()), initial=block.align
            )
            self.fields[f"{key}-is_bold"] = forms.BooleanField(
                label=f"{name}: đậm", required=False, initial=block.is_bold
            )
            self.fields[f"{key}-shown"] = forms.ChoiceField(
                label=f"{name}: khi nào in", choices=list(SHOWN.items()), initial=block.shown
            )
            if key in WORDED:
                self.fields[f"{key}-words"] = forms.CharField(
                    label=f"Lời ghi: {name}",
                    required=False,
                    initial=block.words,
                    max_length=300,
                    widget=forms.Textarea(attrs={"rows": 2}),
                    help_text="Để trống thì dùng lời có sẵn. {năm} và {danh hiệu} được thay khi in.",
                )

    def rows(self) -> Iterator[tuple[str, list[BoundField]]]:
        """Each block with its entries in the order of the columns."""
        for key in self.keys:
            columns = (
                ("x", "y", "size", "shown") if key == CODE else ("x", "y", "width", "size", "align", "is_bold", "shown")
            )
            yield LABELS[key], [self[f"{key}-{column}"] for column in columns]

    def words(self) -> list[BoundField]:
        return [self[f"{key}-words"] for key in self.keys if key in WORDED]

    def clean(self) -> dict[str, Any]:
        for key in self.keys:
            left = self.cleaned_data.get(f"{key}-x")
            width = self.cleaned_data.get(f"{key}-size" if key == CODE else f"{key}-width")
            if left is not None and width is not None and left + width > self.size[0]:
                self.add_error(f"{key}-x", f"{LABELS[key]} vượt mép phải của khổ giấy rộng {self.size[0]} mm.")
        return self.cleaned_data

    def blocks(self) -> dict[str, Block]:
        said = self.cleaned_data
        return {
            key: Block(
                x=said[f"{key}-x"],
                y=said[f"{key}-y"],
                width=said[f"{key}-width"],
                size=said[f"{key}-size"],
                align=said[f"{key}-align"],
                is_bold=said[f"{key}-is_bold"],
                shown=said[f"{key}-shown"],
                words=nfc(said.get(f"{key}-words", "")).replace("\r\n", "\n").strip(),
            )
            for key in self.keys
        }


class PrinterForm(forms.Form):
    name = forms.CharField(label="Tên máy in", max_length=80, help_text="Ví dụ: Máy in màu phòng văn thư")
    offset_x = forms.DecimalField(
        label="Dịch sang phải (mm)",
        max_digits=4,
        decimal_places=1,
        min_value=-30,
        max_value=30,
        localize=True,
        help_text="Số âm là dịch sang trái. Ví dụ 1,5",
    )
    offset_y = forms.DecimalField(
        label="Dịch xuống (mm)",
        max_digits=4,
        decimal_places=1,
        min_value=-30,
        max_value=30,
        localize=True,
        help_text="Số âm là dịch lên.",
    )

    def clean_name(self) -> str:
        return " ".join(nfc(self.cleaned_data["name"]).split())


class PrintForm(forms.Form):
    printer = forms.ModelChoiceField(
        CertificatePrinter._base_manager.none(),  # noqa: SLF001  empty, and the scoped manager needs a scope even for that
        label="Máy in",
        required=False,
        empty_label="Không dịch",
        help_text="Chữ được dịch theo số đo của máy in đã canh.",
    )

    def __init__(self, *args: Any, printers: QuerySet[CertificatePrinter], **options: Any) -> None:
        super().__init__(*args, **options)
        offered: Any = self.fields["printer"]
        offered.queryset = printers


class ReprintForm(PrintForm):
    reason = reason_field("Lý do in lại", "Ví dụ: bản trước bị rách khi đóng khung. Được lưu trong nhật ký.")
    field_order = ["reason", "printer"]
