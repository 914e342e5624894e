"""What changed since a reviewer last looked, word by word and character by character."""

from __future__ import annotations

import difflib
import re

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_TOKENS = re.compile(r"\w+|\s+|.", re.DOTALL)


def marked_diff(before: str, after: str) -> SafeString:
    """One text with deletions and insertions marked."""
    old, new = _TOKENS.findall(before), _TOKENS.findall(after)
    pieces: list[tuple[SafeString | str]] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(("".join(new[c:d]),))
            continue
        if b > a:
            pieces.append((format_html("<del>{}</del>", "".join(old[a:b])),))
        if d > c:
            pieces.append((format_html("<ins>{}</ins>", "".join(new[c:d])),))
    return format_html_join("", "{}", pieces)


def changed_characters(before: str, after: str) -> int:
    """How many characters came or went."""
    blocks = difflib.SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    same = sum(block.size for block in blocks)
    return len(before) - same + len(after) - same
