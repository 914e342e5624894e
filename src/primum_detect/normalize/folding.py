"""From the original to what a reader sees: compatibility forms, invisible characters, look-alikes, entities, accents."""

from __future__ import annotations

import html
import re
import unicodedata

from primum_detect.normalize.normalized import Normalized

# Letters of other scripts that are drawn like Latin ones (Unicode TR39 confusables, the everyday part).
_LOOK_ALIKES = str.maketrans(
    "АВЕЅІЈКМНОРСТХУаеіјорсухѕԁԛԝһԍΑΒΕΖΗΙΚΜΝΟΡΤΥΧαιονρυκτℓ’‘‛´`“”„‟«»–—−‐‑…",
    'ABESIJKMHOPCTXYaeijopcyxsdqwhgABEZHIKMNOPTYXaiovpuktl\'\'\'\'\'""""""-----.',
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_PLAIN = re.compile(r"[^\x00-\x08\x0b-\x1f\x7f-\U0010ffff&]*\Z")
_BETWEEN_WORDS = re.compile("(?<=[\\w,.!?'] )(?:[\u2600-\u27bf\u2b50\u2b55\U0001f000-\U0001faff][\ufe0f\u200d]*)+ +(?=[\\w'\"])")
_FLAG_OR_TAG = range(0xE0000, 0xE0080)
_ENCLOSED = {chr(0x1F170 + i): chr(65 + i) for i in range(26)} | {chr(0x1F130 + i): chr(65 + i) for i in range(26)}


def _is_invisible(char: str) -> bool:
    """Zero-width, bidi controls, variation selectors, tags, soft hyphen and other characters nobody sees."""
    code = ord(char)
    return code in _FLAG_OR_TAG or 0xFE00 <= code <= 0xFE0F or code == 0xAD or code == 0x034F or (unicodedata.category(char) == "Cf" and code != 0x0600)


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
    position = 0
    between = {match.start(): match.end() for match in _BETWEEN_WORDS.finditer(text)}
    while position < len(text):
        if position in between:  # "Thank 🙏 you" reads "Thank you"
            position = between[position]
            continue
        end = position + 1
        piece: str | None = None
        if text[position] == "&":
            match = _ENTITY.match(text, position)
            if match:
                end = match.end()
                piece = "".join(_fold_char(char) for char in html.unescape(match.group()))
        if piece is None:
            piece = _fold_char(text[position])
        for char in piece:
            out.append(char)
            starts.append(position)
            ends.append(end)
        position = end
    return Normalized(text, "".join(out), starts, ends)
