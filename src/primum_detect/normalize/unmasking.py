"""A second reading of a text that somebody wrote around a filter: leetspeak, s p a c e d letters, loooong letters.

Only words that become known words are rewritten, so that "H1N1", "4th" and "3pm" stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from primum_detect.normalize.normalized import Normalized

_LEET = str.maketrans("013457@$!|+", "oieastasiit")
_LEET_WORD = re.compile(r"(?<![\w@#/.])(?=[\w@$!|+]*[A-Za-z])(?=[\w@$!|+]*[013457@$!|+])[A-Za-z013457@$!|+]{3,20}(?![\w@/])")
_SPACED = re.compile(r"(?<!\w)(?:[A-Za-z0-9][ .\-_*]){3,24}[A-Za-z0-9](?!\w)")
_STRETCHED = re.compile(r"([A-Za-z])\1{2,}")


def unmask(text: Normalized, is_known: Callable[[str], bool]) -> Normalized | None:
    """The rewritten text, or None where there is nothing to rewrite. `is_known` says whether a lower-case word is one
    that the other layers look for."""
    edits: list[tuple[int, int, str]] = []
    for match in _SPACED.finditer(text.folded):
        word = re.sub(r"[ .\-_*]", "", match.group())
        plain = word.translate(_LEET)
        if is_known(plain.lower()):
            edits.append((match.start(), match.end(), plain))
    for match in _LEET_WORD.finditer(text.folded):
        plain = match.group().rstrip("!").translate(_LEET)
        if plain != match.group().rstrip("!") and is_known(plain.lower()):
            edits.append((match.start(), match.start() + len(match.group().rstrip("!")), plain))
    edits += [(m.start(), m.end(), m.group(1)) for m in _STRETCHED.finditer(text.folded)]
    return _rewrite(text, sorted(edits)) if edits else None


def _rewrite(text: Normalized, edits: list[tuple[int, int, str]]) -> Normalized:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def copy(begin: int, stop: int) -> None:
        for index in range(begin, stop):
            start, end = text.span(index, index + 1)
            out.append(text.folded[index])
            starts.append(start)
            ends.append(end)

    position = 0
    for begin, stop, word in edits:
        if begin < position:
            continue
        copy(position, begin)
        whole_start, whole_end = text.span(begin, stop)
        for char in word:
            out.append(char)
            starts.append(whole_start)
            ends.append(whole_end)
        position = stop
    copy(position, len(text.folded))
    return Normalized(text.original, "".join(out), starts, ends)
