"""From the original to what a reader sees: compatibility forms, invisible characters, look-alikes, entities, accents."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

from primum_detect.normalize.normalized import Normalized

# Letters of other scripts that are drawn like Latin ones (Unicode TR39 confusables, the everyday part).
_LOOK_ALIKES = str.maketrans(
    "ıАВЕЅІЈКМНОРСТХУаеіјорсухѕԁԛԝһԍΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρυκτℓ’‘‛´`“”„‟«»–—−‐‑…",
    'iABESIJKMHOPCTXYaeijopcyxsdqwhgABEZHIKMNOPTYXaiovpuktl\'\'\'\'\'""""""-----.',
)
_PLAIN = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\U0010ffff&`]*\Z")
_TO_FOLD = re.compile(
    "(?P<between>(?<=[\\w,.!?'] )(?:[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff][\ufe0f\u200d]*)+ +(?=[\\w'\"]))"  # "Thank <folded hands> you"
    r"|(?P<entity>&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});)"
    "|(?P<other>[^\\x09\\x0a\\x20-\\x5f\\x61-\\x7e])"
)
_FLAG_OR_TAG = range(0xE0000, 0xE0080)
_ENCLOSED = {chr(0x1F170 + i): chr(65 + i) for i in range(26)} | {chr(0x1F130 + i): chr(65 + i) for i in range(26)}


def _is_invisible(char: str) -> bool:
    """Zero-width, bidi controls, variation selectors, tags, soft hyphen and other characters nobody sees."""
    code = ord(char)
    return code in _FLAG_OR_TAG or 0xFE00 <= code <= 0xFE0F or code == 0xAD or code == 0x034F or (unicodedata.category(char) == "Cf" and code != 0x0600)


@lru_cache(4096)
def _fold_char(char: str) -> str:
    if char in "\n\t":
        return char
    if _is_invisible(char):
        return ""
    if char in _ENCLOSED:
        return _ENCLOSED[char]
    translated = char.translate(_LOOK_ALIKES)
    if translated != char:
        return translated
    if 0xD800 <= ord(char) <= 0xDFFF or unicodedata.category(char) in ("Cc", "Zs", "Zl", "Zp"):
        return " "
    decomposed = unicodedata.normalize("NFKD", char)
    base = "".join(part for part in decomposed if not unicodedata.combining(part))
    return base.translate(_LOOK_ALIKES)


def fold(text: str) -> Normalized:
    """Fold a text. ASCII without entities comes back as it is, which is the common and the fast case."""
    if text.isascii() and _PLAIN.match(text):
        return Normalized(text, text)
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def put(piece: str, begin: int, end: int) -> None:
        out.append(piece)
        starts.extend([begin] * len(piece))
        ends.extend([end] * len(piece))

    position = 0
    for match in _TO_FOLD.finditer(text):
        begin, end = match.span()
        if begin < position:
            continue
        out.append(text[position:begin])
        starts.extend(range(position, begin))
        ends.extend(range(position + 1, begin + 1))
        if match.lastgroup == "entity":
            put("".join(_fold_char(char) for char in html.unescape(match.group())), begin, end)
        elif match.lastgroup == "other":
            put(_fold_char(match.group()), begin, end)
        position = end
    out.append(text[position:])
    starts.extend(range(position, len(text)))
    ends.extend(range(position + 1, len(text) + 1))
    return Normalized(text, "".join(out), starts, ends)
