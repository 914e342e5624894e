"""What the tests of all connectors need: nowhere to keep a session, and a picture."""

from __future__ import annotations

import hashlib
import io

from PIL import Image

from primum.connectors.contract import Picture


class Nothing:
    def load(self) -> str:
        return ""

    def save(self, session: str) -> None: ...


def jpeg(size: tuple[int, int] = (640, 480), color: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, color).save(out, "JPEG")
    return out.getvalue()


def picture(color: str = "teal") -> Picture:
    data = jpeg(color=color)
    return Picture(hashlib.sha256(data).hexdigest(), "image/jpeg", 640, 480, f'A "{color}" wall & door.', data)
