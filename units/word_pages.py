"""A stranger's Word file on sheets of A4, to be looked at, and what of it is not to be seen there.

Runs in the process that draws (`picture_child`) and knows neither the framework nor the database. What a paragraph's
style says of its alignment, which tables have no rules and how large a picture stands is read here: the reader of
words passes it by.
"""

import base64
import io
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.etree.ElementTree import Element, tostring

import mammoth
import nh3
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from PIL import Image

from units.pdf import IDENTIFIER, lay_out
from units.word_files import (
    KEPT_ATTRIBUTES,
    KEPT_TAGS,
    MAX_COUNTED_TAGS,
    PAGE_BREAKS,
    PICTURE_SOURCES,
    check_package,
    require_few_words,
    sheets_of,
)

DOCUMENT, STYLES = "word/document.xml", "word/styles.xml"
MAX_PICTURES: Final = 60
MAX_SIDE: Final = 1_000
UNITS_OF_A_PIXEL: Final = 9_525
HEADINGS: Final = {"title": "h1", **{f"heading {level}": f"h{level}" for level in range(1, 7)}}
ALIGNMENTS: Final = {"center": "center", "right": "right", "end": "right", "both": "both", "distribute": "both"}
TAGS: Final = ("p", *dict.fromkeys(HEADINGS.values()))
STYLE_MAP: Final = "\n".join(
    (
        PAGE_BREAKS,
        "u => u",
        "strike => s",
        "table.thidua-plain => table.plain:fresh",
        *(f"p[style-name='thidua {tag}'] => {tag}:fresh" for tag in TAGS),
        *(
            f"p[style-name='thidua {tag} {side}'] => {tag}.{side}:fresh"
            for tag in TAGS
            for side in dict.fromkeys(ALIGNMENTS.values())
        ),
    )
)
# Blank lines and tabs are how offices make room for a signature.
STYLE: Final = (
    "p { text-align: left; white-space: pre-wrap; tab-size: 12mm; margin-bottom: 1mm; } "
    "p:empty::before { content: '\\A0' } h1, h2, h3, h4, h5, h6 { margin: 2mm 0 1mm; } "
    "h1 { font-size: 15pt; } h2 { font-size: 14pt; } "
    ".center { text-align: center; } .right { text-align: right; } "
    # Lines that keep their blanks are not spread.
    ".both { text-align: justify; white-space: normal; } "
    "table { margin-bottom: 2mm; } table.plain > tbody > tr > td, table.plain > tr > td { border: 0; }"
)
NO_RULE: Final = {"nil", "none"}
# What stands in a file and is not drawn, by the local name of its element.
UNSEEN: Final = {
    "chart": "chart",
    "relIds": "smart_art",
    "OLEObject": "object",
    "oMath": "formula",
    "del": "deletion",
    "commentReference": "comment",
}
BOXES: Final = {"txbx", "textbox"}


@dataclass(frozen=True, slots=True)
class LaidOut:
    """The sheets as a PDF, how many, and by kind how many things are not to be seen on them."""

    pdf: bytes
    pages: int
    unseen: dict[str, int]


def lay_out_word(content: bytes) -> LaidOut:
    """Raises `WordFileError` for what is too large, and whatever its readers raise for what is broken."""
    check_package(content, most_tags=MAX_COUNTED_TAGS)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = set(package.namelist())
        document: Element = fromstring(package.read(DOCUMENT), forbid_dtd=True)
        styles = fromstring(package.read(STYLES), forbid_dtd=True) if STYLES in parts else None
        unseen = _count_unseen(document)
        unseen["margin"] = sum(_has_words(package, name) for name in sorted(parts))
        sides = _Styles(styles)
        _mark(document, sides)
        marked = _replace(package, tostring(document))
    pictures = _Pictures()
    html: str = mammoth.convert_to_html(
        marked,
        style_map=STYLE_MAP,
        include_embedded_style_map=False,
        ignore_empty_paragraphs=False,
        convert_image=mammoth.images.img_element(pictures.show),
        transform_document=mammoth.transforms.paragraph(sides.name),
    ).value
    body = _clean(html)
    require_few_words(body)
    unseen["picture"] = pictures.lost
    laid = lay_out(sheets_of(body, STYLE))
    pdf: bytes = laid.write_pdf(pdf_identifier=IDENTIFIER)
    return LaidOut(pdf, len(laid.pages), {kind: number for kind, number in unseen.items() if number})


def _clean(html: str) -> str:
    cleaned: str = nh3.clean(
        html,
        tags=KEPT_TAGS | {"hr"},
        attributes=KEPT_ATTRIBUTES | {"img": {"src", "width"}},
        attribute_filter=_keep,
        allowed_classes={"table": {"plain"}, **{tag: set(ALIGNMENTS.values()) for tag in TAGS}},
        url_schemes={"data"},
        link_rel=None,
    )
    return cleaned


def _keep(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.startswith(PICTURE_SOURCES):
        return None
    return None if attribute == "width" and not value.isdecimal() else value


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _value(element: Element | None, name: str = "val") -> str:
    """An attribute by its local name."""
    return next(
        (value for key, value in (element.attrib if element is not None else {}).items() if _ends(key, name)), ""
    )


def _ends(key: str, name: str) -> bool:
    return key.rpartition("}")[2] == name


def _child(element: Element | None, *names: str) -> Element | None:
    for name in names:
        element = next((one for one in (element if element is not None else ()) if _local(one) == name), None)
    return element


def _count_unseen(document: Element) -> Counter[str]:
    counted: Counter[str] = Counter()
    for element, in_choice, has_fallback in _walk(document):
        name = _local(element)
        if name in UNSEEN:
            counted[UNSEEN[name]] += 1
        elif name in BOXES:
            # Words of a box are read from its older form; without one they are lost.
            is_read = has_fallback if in_choice else name == "textbox"
            counted["moved_box" if is_read else "box"] += 1
        elif name == "wsp" and _child(element, "txbx") is None:
            counted["drawing"] += 1
    return counted


def _walk(document: Element) -> Iterator[tuple[Element, bool, bool]]:
    """Every element once: of two forms of the same thing the newer one, with whether the older stands beside it."""
    waiting = [(document, False, False)]
    while waiting:
        one, chosen, fallen = waiting.pop()
        yield one, chosen, fallen
        if _local(one) == "AlternateContent":
            older = _child(one, "Fallback")
            newer = _child(one, "Choice")
            taken = newer if newer is not None else older
            if taken is not None:
                waiting.append((taken, newer is not None, older is not None))
            continue
        waiting.extend((child, chosen, fallen) for child in one)


def _has_words(package: zipfile.ZipFile, name: str) -> bool:
    """Whether a part is a header or footer with something in it."""
    if not name.startswith(("word/header", "word/footer")) or not name.endswith(".xml"):
        return False
    root: Element = fromstring(package.read(name), forbid_dtd=True)
    return any(_local(one) == "t" and (one.text or "").strip() for one in root.iter())


class _Styles:
    """What styles say of alignment and of rules, with what they are based on."""

    def __init__(self, root: Element | None) -> None:
        self._all = {
            _value(one, "styleId"): one for one in (root if root is not None else ()) if _local(one) == "style"
        }
        self._first = next((key for key, one in self._all.items() if _is_first(one)), "")
        self._default = _value(_child(root, "docDefaults", "pPrDefault", "pPr", "jc"))

    def _chain(self, key: str) -> Iterator[Element]:
        seen: set[str] = set()
        while key in self._all and key not in seen:
            seen.add(key)
            yield self._all[key]
            key = _value(_child(self._all[key], "basedOn"))

    def side_of(self, key: str) -> str:
        said = (_value(_child(one, "pPr", "jc")) for one in self._chain(key or self._first))
        return next(filter(None, said), self._default)

    def has_rules(self, key: str) -> bool:
        return any(_rules(_child(one, "tblPr", "tblBorders")) for one in self._chain(key))

    def name(self, paragraph: Any) -> Any:
        """The paragraph under a name that says its heading and its side; lines of a list keep their own."""
        if paragraph.numbering is not None:
            return paragraph
        tag = HEADINGS.get((paragraph.style_name or "").lower(), "p")
        side = ALIGNMENTS.get(paragraph.alignment or self.side_of(paragraph.style_id or ""), "")
        return paragraph.copy(style_id=None, style_name=f"thidua {tag} {side}".rstrip())


def _is_first(style: Element) -> bool:
    return _value(style, "type") == "paragraph" and _value(style, "default") in ("1", "true")


def _rules(borders: Element | None) -> bool:
    return any(_value(one) not in NO_RULE for one in (borders if borders is not None else ()))


def _mark(document: Element, styles: _Styles) -> None:
    """Say in the document what its reader would pass by: a table without rules, the width of a picture."""
    for element in document.iter():
        if _local(element) == "tbl":
            _mark_table(element, styles)
        elif _local(element) in ("inline", "anchor"):
            shown, size = _child(element, "docPr"), _child(element, "extent")
            if shown is not None:
                shown.set("descr", _value(size, "cx") or "0")


def _mark_table(table: Element, styles: _Styles) -> None:
    properties = _child(table, "tblPr")
    if properties is None:
        return
    own, style = _child(properties, "tblBorders"), _child(properties, "tblStyle")
    if _rules(own) if own is not None else styles.has_rules(_value(style)):
        return
    # Cells may draw what their table does not.
    if any(_rules(one) for one in table.iter() if _local(one) == "tcBorders"):
        return
    if style is not None:
        properties.remove(style)
    space = str(table.tag).rpartition("}")[0] + "}"
    properties.insert(0, Element(f"{space}tblStyle", {f"{space}val": "thidua-plain"}))


def _replace(package: zipfile.ZipFile, document: bytes) -> io.BytesIO:
    marked = io.BytesIO()
    with zipfile.ZipFile(marked, "w") as copy:
        for name in dict.fromkeys(package.namelist()):
            copy.writestr(name, document if name == DOCUMENT else package.read(name))
    marked.seek(0)
    return marked


class _Pictures:
    """Pictures drawn anew as they are met, as many as one looks at; the others are counted."""

    def __init__(self) -> None:
        self._shown = 0
        self.lost = 0

    def show(self, image: Any) -> dict[str, str]:
        if self._shown < MAX_PICTURES:
            try:
                source = _draw(image)
            except Exception:  # noqa: BLE001  a picture may break its reader in any way, or lie outside the file
                self.lost += 1
                return {}
            self._shown += 1
            wide = image.alt_text or ""
            pixels = int(wide) // UNITS_OF_A_PIXEL if wide.isdecimal() else 0
            return {"src": source, **({"width": str(pixels)} if pixels else {})}
        self.lost += 1
        return {}


def _draw(image: Any) -> str:
    with image.open() as stream, Image.open(io.BytesIO(stream.read())) as opened:
        opened.draft("RGB", (MAX_SIDE, MAX_SIDE))
        opened.thumbnail((MAX_SIDE, MAX_SIDE))
        picture, buffer = opened.convert("RGBA"), io.BytesIO()
    sheet = Image.new("RGB", picture.size, "white")
    sheet.paste(picture, mask=picture)
    sheet.save(buffer, "PNG")
    return PICTURE_SOURCES[0] + base64.b64encode(buffer.getvalue()).decode("ascii")
