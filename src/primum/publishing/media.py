"""Pictures from outside: opened in a process of their own with limits, written anew, without metadata (reliability.md, section 3)."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from dataclasses import dataclass, field

MAX_UPLOAD = 20 * 1024 * 1024
MAX_PIXELS = 40_000_000
SECONDS = 15


class BadPicture(ValueError):
    """The upload is no picture that we can publish; the message is fit for a screen."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """The clean bytes: what is shown, approved and sent."""

    data: bytes = field(repr=False)
    sha256: str
    mime: str
    width: int
    height: int


def make_rendition(upload: bytes) -> Rendition:
    """Re-encode an uploaded image. Raises BadPicture."""
    if not upload:
        raise BadPicture("The file is empty. Choose a JPEG, PNG, WebP or GIF image.")
    if len(upload) > MAX_UPLOAD:
        raise BadPicture("The image is larger than 20 MB. Save it smaller and try again.")
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "primum.publishing.rendition"],
            input=upload,
            capture_output=True,
            timeout=SECONDS,
            env={"PATH": "/usr/bin:/bin"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise BadPicture("Reading the image took too long. Save it again from your image program and try once more.") from None
    head, _, data = done.stdout.partition(b"\n")
    if done.returncode:
        raise BadPicture(_explain(head))
    facts = json.loads(head)
    return Rendition(data, hashlib.sha256(data).hexdigest(), facts["mime"], facts["width"], facts["height"])


def _explain(head: bytes) -> str:
    return {
        b"type": "This is not a JPEG, PNG, WebP or GIF image. Save it as one of these and try again.",
        b"pixels": "The image has more than 40 megapixels. Save it smaller and try again.",
        b"broken": "The image is damaged or cut off. Export it again and try once more.",
    }.get(head.strip(), "The image could not be read safely. Export it again and try once more.")
