"""Word lists as data, expanded into patterns: `{relative}` in a pattern stands for the list of that name."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

from primum_detect.matching.regex import LowerRegex, Regex

_PLACE = re.compile(r"\{([a-z_]+)\}")


def read_data(name: str) -> str:
    """One of the library's own data files."""
    return resources.files("primum_detect").joinpath("data", name).read_text(encoding="utf-8")


@cache
def lexicons() -> dict[str, list[str]]:
    return tomllib.loads(read_data("lexicons.toml"))


def alternation(name: str) -> str:
    return "(?:" + "|".join(lexicons()[name]) + ")"


def expand(pattern: str) -> str:
    """Replace `{name}` by the list's alternation; other braces, such as `{0,40}`, stay."""
    return _PLACE.sub(lambda match: alternation(match.group(1)), pattern)


def compiled(pattern: str, flags: int = re.IGNORECASE) -> Regex:
    source = expand(pattern)
    return (LowerRegex if flags == re.IGNORECASE and LowerRegex.can_read(source) else Regex)(source, flags)


@cache
def word_list(name: str) -> frozenset[str]:
    """One word per line, lower case; lines that start with # are remarks."""
    return frozenset(line for line in read_data(name).splitlines() if line and not line.startswith("#"))


@cache
def trigger_words() -> frozenset[str]:
    """Plain words that unmasking may restore: what the judges look for, and given names."""
    words: set[str] = set()
    for entries in lexicons().values():
        for entry in entries:
            words.update(re.findall(r"(?<![\\?])\b[a-z]{3,}\b", entry.replace("s?", "")))
    words |= {"patient", "visit", "sorry", "your", "thank", "trusting", "choosing", "chart", "records", "birth", "doctor", "nurse", "glad"}
    return frozenset(words) | word_list("given_names.txt")
