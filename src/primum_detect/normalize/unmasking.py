"""A second reading of a text that somebody wrote around a filter: leetspeak, s p a c e d letters, loooong letters, #WholeSentences.

Only words that become known words are rewritten, so that "H1N1", "4th" and "3pm" stay what they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from primum_detect.normalize.normalized import Normalized

_LEET = str.maketrans("013457@$!|+", "oieastasiit")
_LEET_WORD = re.compile(r"(?<![\w@#/.])(?=[\w@$!|+]*[A-Za-z])(?=[\w@$!|+]*[013457@$!|+])[A-Za-z013457@$!|+']{2,20}(?![\w@/])")
_LEET_SHORT = re.compile(r"(?<![\w@#/.$])[013457@$!|]{1,3}(?![\w@/$.,:%])")
_SPACED = re.compile(r"(?<!\w)(?<!\w[.\-_*'])[A-Za-z][ .\-_*](?:[A-Za-z0-9'][ .\-_*]){0,24}[A-Za-z0-9](?![\w'])")
_SENTENCE_TAG = re.compile(r"#(?=(?:[A-Z][a-z']*){3})[A-Za-z']{8,}")
_CAPITAL = re.compile(r"[A-Z][a-z']*")
_SPACED_SURELY, _SPACED_TEXT = 4, 3  # letters of one word alone; or that many words in one text
_ACRONYM = 5  # longer than this, nobody spells out an abbreviation
_NOT_LEET = re.compile(r"(?:\d*1st|\d*2nd|\d*3rd|\d+th)$|\d+(?:pm|am|k|m|x|mg|ml|hrs?|yo|lbs?)$", re.IGNORECASE)
_STRETCHED = re.compile(r"([A-Za-z])\1{2,}")


def unmask(text: Normalized, is_known: Callable[[str], bool]) -> Normalized | None:
    """The rewritten text, or None where there is nothing to rewrite. `is_known` says whether a lower-case word is one
    that the other layers look for."""
    edits = [*_spaced(text.folded, is_known), *_sentence_tags(text.folded)]
    edits += _leet(text.folded, is_known)
    if len(edits) >= _SPACED_TEXT:  # a text written so throughout: "1$" is a word, too
        for match in _LEET_SHORT.finditer(text.folded):
            if is_known(plain := match.group().translate(_LEET)) or plain in "ai":
                edits.append((match.start(), match.end(), plain))
    edits += [(m.start(), m.end(), m.group(1)) for m in _STRETCHED.finditer(text.folded)]
    return _rewrite(text, sorted(edits)) if edits else None


def _spaced(folded: str, is_known: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    found = []
    for match in _SPACED.finditer(folded):
        plain = re.sub(r"[ .\-_*]", "", match.group()).translate(_LEET)
        word = plain.lower().replace("'", "")
        if word[0] in "ai" and not is_known(word) and is_known(word[1:]):  # "a p a t i e n t" is two words
            found.append((match.start(), match.end(), f"{plain[0]} {plain[1:]}"))
        elif word[-1] == "a" and not is_known(word) and is_known(word[:-1]):
            found.append((match.start(), match.end(), f"{plain[:-1]} {plain[-1]}"))
        elif is_known(word) or len(word) > _ACRONYM:
            found.append((match.start(), match.end(), plain))
    whole_text = len(found) >= _SPACED_TEXT
    return (edit for edit in found if whole_text or len(edit[2]) >= _SPACED_SURELY)


def _leet(folded: str, is_known: Callable[[str], bool]) -> Iterator[tuple[int, int, str]]:
    """Words that become known ones; in a text that is full of them, the unknown ones, too."""
    found = []
    for match in _LEET_WORD.finditer(folded):
        written = match.group().rstrip("!'")
        plain = written.translate(_LEET)
        word = plain.replace("'", "").lower()
        if plain != written and word.isalpha() and not _NOT_LEET.match(written):
            found.append((is_known(word), (match.start(), match.start() + len(written), plain)))
    whole_text = sum(known for known, _ in found) >= _SPACED_TEXT or len(found) > _SPACED_TEXT or 2 * len(found) >= len(folded.split()) > 1
    return (edit for known, edit in found if known or whole_text)


def _sentence_tags(folded: str) -> Iterator[tuple[int, int, str]]:
    for match in _SENTENCE_TAG.finditer(folded):
        yield match.start(), match.end(), " ".join(_CAPITAL.findall(match.group()))


def _rewrite(text: Normalized, edits: list[tuple[int, int, str]]) -> Normalized:
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []

    def copy(begin: int, stop: int) -> None:
        for index in range(begin, stop):
            if text.folded[index] == " " and out and out[-1] == " ":
                continue  # words spelt with blanks stand two blanks apart
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
