"""One page of a stranger's file as a picture, in a process of its own that the parent bounds and may lose.

Run by `units.page_pictures` and imported by nobody: it knows neither the framework, nor the database, nor a key. What
it is given comes in on standard input, what it makes goes out on standard output; a fault is an exit code.
"""

import io
import json
import os
import resource
import sys
from pathlib import Path
from typing import NoReturn

from PIL import Image, ImageOps

# A page of A4 at the widest that is asked for has a quarter of it; what would be more is made narrower.
MOST_PIXELS = 6_000_000
A4 = [595.28, 841.89]
MOST_HEIGHTS = 5
MEMORY, SECONDS, WRITTEN = 1_200_000_000, 8, 30_000_000
QUALITY = 68
# Laying a Word file out takes longer than drawing: forty dense pages take four seconds.
LAYING_OUT_SECONDS = 14
UNREADABLE, LOCKED, TOO_LONG = 3, 4, 5
# How a file begins that Word locked with a password; also what Word wrote before 2007.
LOCKED_HEAD = bytes.fromhex("d0cf11e0a1b11ae1")
# What no page needs: connections and other programs. The readers' own libraries are loaded before.
REFUSED = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "os.fork")


def main(kind: str, page: int, width: int, most: int) -> None:
    """`page` 0 asks for the sizes of the first `most` pages, as JSON with how many there are.

    A Word file is answered whole: a line of JSON that says what of it is not seen, then its pages as a PDF.
    """
    _bound(LAYING_OUT_SECONDS if kind == "word" else SECONDS)
    content = sys.stdin.buffer.read()
    if kind == "word":
        _lay_out(content, most)
    elif kind == "pdf":
        _read_pdf(content, page, width, most)
    else:
        _read_picture(content, page, width)


def _bound(seconds: int) -> None:
    """Whatever the file makes the reader do, it ends by itself. The second number is where the system kills."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = 60_000_000


def _refuse(event: str, _arguments: object) -> None:
    if event.startswith(REFUSED):
        raise PermissionError(event)


def _end(code: int) -> NoReturn:
    sys.stdout.flush()
    os._exit(code)


def _lay_out(content: bytes, most: int) -> None:
    if content.startswith(LOCKED_HEAD):
        _end(LOCKED)
    sys.path.append(str(Path(__file__).parents[1]))
    import weasyprint  # noqa: F401  loaded before programs and connections are refused

    from units.word_files import WordFileError
    from units.word_pages import lay_out_word

    sys.addaudithook(_refuse)
    try:
        laid = lay_out_word(content)
    except WordFileError:
        _end(TOO_LONG)
    _say({"pages": laid.pages, "unseen": laid.unseen, "sizes": [A4] * min(laid.pages, most)})
    sys.stdout.write("\n")
    sys.stdout.flush()
    sys.stdout.buffer.write(laid.pdf)


def _read_pdf(content: bytes, page: int, width: int, most: int) -> None:
    import pypdfium2

    # Forms and their scripts are not started: this reader draws what stands on the page and nothing else.
    with pypdfium2.PdfDocument(content) as document:
        if not page:
            sizes = [list(document.get_page_size(number)) for number in range(min(len(document), most))]
            _say({"pages": len(document), "sizes": sizes})
            return
        wide, high = document.get_page_size(page - 1)
        scale = min(width / wide, width * MOST_HEIGHTS / high)
        scale *= min(1, (MOST_PIXELS / (wide * high * scale * scale)) ** 0.5)
        drawn = document[page - 1].render(scale=scale, may_draw_forms=False)
        _send(drawn.to_pil())


def _read_picture(content: bytes, page: int, width: int) -> None:
    with Image.open(io.BytesIO(content)) as picture:
        if not page:
            turned = picture.getexif().get(0x0112, 1) >= 5  # noqa: PLR2004  from 5 on the sides change places
            size = picture.size[::-1] if turned else picture.size
            _say({"pages": 1, "sizes": [list(size)]})
            return
        picture.draft("RGB", (width, width * 8))
        upright = ImageOps.exif_transpose(picture)
        upright.thumbnail((width, min(width * MOST_HEIGHTS, MOST_PIXELS // width)))
        _send(upright)


def _send(picture: Image.Image) -> None:
    """Drawn anew on white, without anything that the file said beside its points."""
    sheet = Image.new("RGB", picture.size, "white")
    see_through = picture.convert("RGBA") if picture.mode in ("RGBA", "LA", "P", "PA") else None
    sheet.paste(see_through or picture.convert("RGB"), mask=see_through)
    sheet.save(sys.stdout.buffer, "WEBP", quality=QUALITY, method=3)


def _say(words: object) -> None:
    sys.stdout.write(json.dumps(words))


if __name__ == "__main__":
    try:
        main(sys.argv[1], *map(int, sys.argv[2:]))
    except ImportError:
        raise  # our defect, not the file's
    except Exception as error:  # noqa: BLE001  whatever the file does to its reader, the parent says one sentence
        sys.stderr.write(type(error).__name__)
        sys.exit(UNREADABLE)
