"""`make needs`: work out what each pattern needs, and write it where the library finds it. With --check only compare."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from primum_detect import Content, Engine
from primum_detect.matching.literals import required
from primum_detect.matching.needs import FILE, key_of
from primum_detect.matching.regex import Regex


def every_pattern() -> list[Regex]:
    """All of the library's patterns: those of a first look at a draft, an answer and a comment."""
    engine = Engine()
    for surface in ("post", "reply", "comment"):
        failed = engine.screen(Content("A first look.", surface=surface)).error
        if failed:
            sys.exit(f"Not every pattern was loaded: {failed}")
    return list(Regex.known)


def written() -> str:
    found = {}
    for pattern in every_pattern():
        words = required(pattern.source, pattern.flags)
        found[key_of(pattern.source, pattern.flags)] = None if words is None else sorted(words)
    return json.dumps(dict(sorted(found.items())), ensure_ascii=False, indent=0, separators=(",", ":")) + "\n"


if __name__ == "__main__":
    text, file = written(), Path(str(FILE))
    if "--check" in sys.argv:
        sys.exit(0 if file.read_text(encoding="utf-8") == text else "Patterns changed since this file was written: run `make needs`.")
    file.write_text(text, encoding="utf-8")
