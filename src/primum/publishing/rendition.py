"""The process that opens a stranger's image: bytes in, clean bytes out. Run by media.py with limits; imports no Django."""

from __future__ import annotations

import io
import json
import resource
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.Image import Image

MAX_PIXELS = 40_000_000
FORMATS = {"JPEG": ("JPEG", "image/jpeg"), "PNG": ("PNG", "image/png"), "WEBP": ("WEBP", "image/webp"), "GIF": ("PNG", "image/png"), "MPO": ("JPEG", "image/jpeg")}
LONGEST_SIDE = 2048
MAX_BYTES = 1_900_000  # Bluesky takes 2,000,000


def main() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))
    resource.setrlimit(resource.RLIMIT_CPU, (12, 12))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = None  # our own limit comes first, from the header, before a pixel is decoded
    source = sys.stdin.buffer.read()
    try:
        image = Image.open(io.BytesIO(source), formats=["JPEG", "PNG", "WEBP", "GIF"])
    except Exception:  # noqa: BLE001 - a stranger's bytes may raise anything
        return _refuse("type")
    if image.width * image.height > MAX_PIXELS:
        return _refuse("pixels")
    try:
        image.load()
        kind, mime = FORMATS[image.format or ""]
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        clean = Image.new("RGBA" if kind != "JPEG" and "A" in upright.convert("RGBA").getbands() and upright.mode in ("RGBA", "LA", "P", "PA") else "RGB", upright.size)
        clean.paste(upright.convert(clean.mode))
        clean, kind, mime, data = _small_enough(clean, kind, mime)
    except Exception:  # noqa: BLE001
        return _refuse("broken")
    sys.stdout.buffer.write(json.dumps({"mime": mime, "width": clean.width, "height": clean.height}).encode() + b"\n" + data)
    return 0


def _small_enough(image: Image, kind: str, mime: str) -> tuple[Image, str, str, bytes]:
    """One rendition for all platforms: coarser first, then smaller, until the strictest of them takes it. What nobody can see through
    becomes a JPEG when it is large."""
    for quality in (90, 82, 74, 66):
        data = _written(image, kind, quality)
        if len(data) <= MAX_BYTES:
            return image, kind, mime, data
        if kind == "PNG" and image.mode == "RGB":
            kind, mime = "JPEG", "image/jpeg"
    while len(data) > MAX_BYTES:
        image = image.resize((max(1, image.width * 4 // 5), max(1, image.height * 4 // 5)))
        data = _written(image, kind, 74)
    return image, kind, mime, data


def _written(image: Image, kind: str, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, quality=quality)
    return out.getvalue()


def _refuse(why: str) -> int:
    sys.stdout.write(why + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
