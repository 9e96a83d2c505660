"""Word files as small as their readers accept, written part by part."""

import io
import zipfile
from collections.abc import Mapping

from PIL import Image

OFFICE = "http://schemas.openxmlformats.org"
SPACES = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "w": f"{OFFICE}/wordprocessingml/2006/main",
        "r": f"{OFFICE}/officeDocument/2006/relationships",
        "wp": f"{OFFICE}/drawingml/2006/wordprocessingDrawing",
        "a": f"{OFFICE}/drawingml/2006/main",
        "pic": f"{OFFICE}/drawingml/2006/picture",
        "c": f"{OFFICE}/drawingml/2006/chart",
        "dgm": f"{OFFICE}/drawingml/2006/diagram",
        "mc": f"{OFFICE}/markup-compatibility/2006",
        "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
        "v": "urn:schemas-microsoft-com:vml",
    }.items()
)
TYPES = "".join(
    f'<Default Extension="{ending}" ContentType="{kind}"/>'
    for ending, kind in {
        "rels": "application/vnd.openxmlformats-package.relationships+xml",
        "png": "image/png",
        "emf": "image/x-emf",
        "xml": "application/xml",
    }.items()
)
RELATIONS = f"{OFFICE}/officeDocument/2006/relationships"
IMAGES = {"red": "media/red.png", "broken": "media/broken.emf"}


def word_file(body: str, *, parts: Mapping[str, bytes | str] | None = None, styles: str = "", link: str = "") -> bytes:
    """`body` with two embedded pictures, `red` and `broken`, and one that lies at `link`."""
    related = "".join(
        f'<Relationship Id="{key}" Type="{RELATIONS}/image" Target="{target}"/>' for key, target in IMAGES.items()
    )
    if link:
        related += f'<Relationship Id="outside" Type="{RELATIONS}/image" Target="{link}" TargetMode="External"/>'
    main = f'<Relationship Id="r1" Type="{RELATIONS}/officeDocument" Target="word/document.xml"/>'
    written: dict[str, bytes | str] = {
        "[Content_Types].xml": f'<Types xmlns="{OFFICE}/package/2006/content-types">{TYPES}</Types>',
        "_rels/.rels": _relationships(main),
        "word/_rels/document.xml.rels": _relationships(related),
        "word/styles.xml": f"<w:styles {SPACES}>{styles}</w:styles>",
        "word/media/red.png": red(),
        "word/media/broken.emf": b"\x01\x00\x00\x00",
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        **(parts or {}),
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in written.items():
            package.writestr(name, content)
    return buffer.getvalue()


def _relationships(inside: str) -> str:
    return f'<Relationships xmlns="{OFFICE}/package/2006/relationships">{inside}</Relationships>'


def red() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (40, 10), "red").save(buffer, "PNG")
    return buffer.getvalue()


def words(text: str, *, side: str = "", style: str = "", form: str = "") -> str:
    """A paragraph of one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    aligned = f'<w:jc w:val="{side}"/>' if side else ""
    return (
        f"<w:p><w:pPr>{named}{aligned}</w:pPr><w:r><w:rPr>{form}</w:rPr>"
        f'<w:t xml:space="preserve">{text}</w:t></w:r></w:p>'
    )


def table(*cells: str, ruled: bool) -> str:
    rule = '<w:tblBorders><w:top w:val="single"/></w:tblBorders>' if ruled else ""
    row = "".join(f"<w:tc>{words(cell)}</w:tc>" for cell in cells)
    return f"<w:tbl><w:tblPr>{rule}</w:tblPr><w:tr>{row}</w:tr></w:tbl>"


def drawing(inside: str) -> str:
    extent = '<wp:extent cx="3810000" cy="952500"/><wp:docPr id="1" name="x" descr="y"/>'
    return (
        f"<w:p><w:r><w:drawing><wp:inline>{extent}<a:graphic><a:graphicData>{inside}</a:graphicData></a:graphic>"
        "</wp:inline></w:drawing></w:r></w:p>"
    )


def picture(blip: str) -> str:
    """Shown 400 × 100 pixels large, whatever it holds."""
    return drawing(f"<pic:pic><pic:blipFill><a:blip {blip}/></pic:blipFill></pic:pic>")


def box(text: str, *, with_older_form: bool) -> str:
    inside = f"<w:txbxContent>{words(text)}</w:txbxContent>"
    older = f"<mc:Fallback><w:pict><v:shape><v:textbox>{inside}</v:textbox></v:shape></w:pict></mc:Fallback>"
    newer = (
        f'<mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData><wps:wsp><wps:txbx>{inside}'
        "</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
    )
    both = f"{newer}{older if with_older_form else ''}"
    return f"<w:p><w:r><mc:AlternateContent>{both}</mc:AlternateContent></w:r></w:p>"
