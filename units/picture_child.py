"""One page of a stranger's file as a picture, in a process of its own that the parent bounds and may lose.

Run by `units.page_pictures` and imported by nobody: it knows neither the framework, nor the database, nor a key. What
it is given comes in on standard input, what it makes goes out on standard output; a fault is an exit code.
"""

import io
import json
import resource
import sys

from PIL import Image, ImageOps

# A page of A4 at the widest that is asked for has a quarter of it; what would be more is made narrower.
MOST_PIXELS = 6_000_000
MOST_HEIGHTS = 5
MEMORY, SECONDS, WRITTEN = 1_200_000_000, 8, 30_000_000
QUALITY = 68
UNREADABLE = 3


def main(kind: str, page: int, width: int, most: int) -> None:
    """`page` 0 asks for the sizes of the first `most` pages, as JSON with how many there are."""
    _bound()
    content = sys.stdin.buffer.read()
    if kind == "pdf":
        _read_pdf(content, page, width, most)
    else:
        _read_picture(content, page, width)


def _bound() -> None:
    """Whatever the file makes the reader do, it ends by itself. The second number is where the system kills."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (WRITTEN, WRITTEN))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Image.MAX_IMAGE_PIXELS = 60_000_000


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
