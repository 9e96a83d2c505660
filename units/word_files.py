"""Reading a stranger's Word file: its words, lists, tables and pictures as safe HTML, and how many pages they fill.

The process that draws such a file (`picture_child`) reads it here too, so nothing here knows the framework.
"""

import io
import re
import zipfile
from typing import Final

import mammoth
import nh3
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]

from units.pdf import lay_out

MAX_UNPACKED: Final = 150 * 1024 * 1024
# Every tag becomes an object of half a kilobyte while the file is read; two hundred dense pages have fewer.
MAX_XML_TAGS: Final = 400_000
# Whoever waits for a count waits a few seconds at most; ten dense pages have fewer.
MAX_COUNTED_TAGS: Final = 30_000
MAX_COUNTED_WORDS: Final = 150_000  # characters: some forty pages
MAX_HTML: Final = 4_000_000
KEPT_TAGS: Final = {
    *("p", "br", "strong", "em", "b", "i", "u", "s", "sup", "sub", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol"),
    *("li", "table", "thead", "tbody", "tr", "th", "td", "img", "blockquote"),
}
KEPT_ATTRIBUTES: Final = {"td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}, "img": {"src", "alt"}}
PICTURE_SOURCES: Final = ("data:image/png;base64,", "data:image/jpeg;base64,")
# A page break is a rule, which the page style turns into a break.
PAGE_BREAKS: Final = "br[type='page'] => hr"
PROPERTIES: Final = "docProps/app.xml"
MAX_PROPERTIES: Final = 1024 * 1024
MAX_DIGITS: Final = 4
# The closest setting that Nghị định 30 allows: letters of 13 points, the smallest margins, single lines.
STYLE: Final = (
    "@page { size: A4 portrait; margin: 20mm 15mm 20mm 30mm; } * { box-sizing: border-box; } "
    'html { font: 13pt/1.15 "Liberation Serif", "Times New Roman", serif; } '
    "body, p, h1, h2, h3, h4, h5, h6, ul, ol, blockquote { margin: 0; padding: 0; } "
    "h1, h2, h3, h4, h5, h6 { font-size: 13pt; } p { text-align: justify; overflow-wrap: anywhere; } "
    "ul, ol { padding-left: 8mm; } table { border-collapse: collapse; width: 100%; } "
    "td, th { border: .5pt solid #000; padding: 0 2mm; vertical-align: top; overflow-wrap: anywhere; } "
    "img { max-width: 100%; max-height: 250mm; } hr { break-after: page; border: 0; margin: 0; }"
)
_PICTURE = re.compile(r'src="data:[^"]*"')


class WordFileError(ValueError):
    """Why a Word file cannot be read, in words for people."""


def read_word_file(content: bytes) -> str:
    """The file's words as HTML that neither acts nor loads anything."""
    check_package(content)
    return clean_html(_convert(content))


def count_word_pages(content: bytes) -> int:
    """How many A4 pages the words fill in the closest setting that Nghị định 30 allows.

    An estimate that errs on the side of the writer.
    """
    check_package(content, most_tags=MAX_COUNTED_TAGS)
    body = clean_html(_convert(content, PAGE_BREAKS), also=frozenset({"hr"}))
    require_few_words(body)
    return len(lay_out(sheets_of(body)).pages)


def require_few_words(body: str) -> None:
    """Refuse what would take longer to lay out than anybody waits."""
    if len(_PICTURE.sub("", body)) > MAX_COUNTED_WORDS:
        raise WordFileError("Tệp Word quá dài để đếm trang.")


def sheets_of(body: str, style: str = "") -> str:
    """The page on which cleaned words are laid out."""
    head = f'<meta charset="utf-8"><title>Word</title><style>{STYLE} {style}</style>'
    return f'<!doctype html><html lang="vi"><head>{head}</head><body>{body}</body></html>'


def read_claimed_pages(content: bytes) -> int | None:
    """The number of pages that the program which saved the file wrote into it; nobody checked it."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if PROPERTIES not in package.namelist() or package.getinfo(PROPERTIES).file_size > MAX_PROPERTIES:
            return None
        try:
            root = fromstring(package.read(PROPERTIES), forbid_dtd=True)
        except (ValueError, SyntaxError):
            return None
    said = next((one.text or "" for one in root if one.tag.endswith("}Pages")), "")
    return int(said) if said.isdecimal() and len(said) <= MAX_DIGITS and int(said) else None


def _convert(content: bytes, style_map: str = "") -> str:
    html: str = mammoth.convert_to_html(io.BytesIO(content), style_map=style_map).value
    if len(html) > MAX_HTML:
        raise WordFileError("Tệp Word quá dài để in kèm.")
    return html


def check_package(content: bytes, *, most_tags: int = MAX_XML_TAGS) -> None:
    """Refuse a bomb before any reader unpacks it: too much inside, too many tags, or XML that declares entities."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if sum(member.file_size for member in package.infolist()) > MAX_UNPACKED:
            raise WordFileError("Tệp Word giải nén ra quá lớn nên không mở.")
        parts = [member for member in package.infolist() if member.filename.endswith((".xml", ".rels"))]
        if sum(_count_tags(package, member) for member in parts) > most_tags:
            raise WordFileError("Tệp Word quá dài để in kèm.")
        for member in parts:
            fromstring(package.read(member), forbid_dtd=True)


def _count_tags(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Tags of one part, at the cost of reading and not of parsing it."""
    with package.open(member) as part:
        return sum(block.count(b"<") for block in iter(lambda: part.read(1 << 20), b""))


def clean_html(html: str, *, also: frozenset[str] = frozenset()) -> str:
    """Words, lists, tables and pictures that travel inside; nothing that runs, links or loads."""
    cleaned: str = nh3.clean(
        html,
        tags=KEPT_TAGS | also,
        attributes=KEPT_ATTRIBUTES,
        attribute_filter=_keep_attribute,
        url_schemes={"data"},
        link_rel=None,
    )
    return cleaned


def _keep_attribute(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src" and not value.startswith(PICTURE_SOURCES):
        return None
    return value
