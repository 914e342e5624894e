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


def picture(color: str = "teal") -> Picture:
    out = io.BytesIO()
    Image.new("RGB", (640, 480), color).save(out, "JPEG")
    return Picture(hashlib.sha256(out.getvalue()).hexdigest(), "image/jpeg", 640, 480, f'A "{color}" wall & door.', out.getvalue())
