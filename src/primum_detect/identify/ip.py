"""Internet and hardware addresses: IPv4, IPv6, MAC.

Format   Four octets 0-255 (not a version number), RFC 4291 text form, IEEE 802 six octets. A network mask ("/24") belongs to it;
         a host within a web address is part of that.
Source   45 CFR 164.514(b)(2)(i)(O).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import AddressValueError, IPv6Address

from primum_detect.identify.shapes import Hit, located
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "IP"
_V4 = located(r"(?<![\d.v])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:/(?:3[0-2]|[12]?\d)(?![\w/]))?(?![\d.])")
_V6 = located(r"(?<![\w:])(?:[0-9a-f]{1,4}:){2,7}:?(?:[0-9a-f]{1,4}(?::[0-9a-f]{1,4}){0,5})?(?![\w:])")
_SHORT = located(r"(?<![\w:.])([0-9a-f:]*::[0-9a-f:]*)(?:/\d{1,3}(?![\w/]))?(?![\w:.])")
_MAC = located(r"\b(?:(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|[0-9a-f]{4}\.[0-9a-f]{4}\.[0-9a-f]{4})\b")
_IN_FOURS = re.compile(r"\.[0-9a-f]{4}\.[0-9a-f]{4}")
_VERSION = re.compile(r"\b(?:version|ver|release|firmware|v)\.?\s*$|://$", re.IGNORECASE)

OPENED_BY = opened_by(_V4, _V6, _SHORT, _MAC)
EXAMPLES = ("192.0.2.44 logged in", "2001:db8:0:1::7334", "mac 00:1a:2b:3c:4d:5e", "001a.2b3c.4d5e", "192.0.2.0/24")
NOT_THESE = ("lot 1234.5678.9012", "version 10.2.0.1", "8:30:00 start", "v1.2.3.4")


def _is_v6(value: str) -> bool:
    try:
        return bool(IPv6Address(value))
    except AddressValueError:
        return False


def find(text: Normalized) -> Iterator[Hit]:
    dots, colons, dashes = (text.folded.count(char) for char in ".:-")
    if dots >= 3:
        for match in _V4.finditer(text):
            if not _VERSION.search(text.folded[max(0, match.start() - 12) : match.start()]):
                yield Hit(LABEL, *match.span(), 0.85, "A network address leads to one household or device.")
    if colons >= 5 or dashes >= 5 or (dots >= 2 and _IN_FOURS.search(text.lower)):
        for match in _MAC.finditer(text):
            if "." not in match.group() or (any(char.isdigit() for char in match.group()) and any(char.isalpha() for char in match.group())):
                yield Hit(LABEL, *match.span(), 0.85, "A hardware address belongs to one device.")
    if colons >= 2 or dashes >= 5:
        for match in _SHORT.finditer(text):
            if any(char.isdigit() for char in match.group()) and _is_v6(match.group(1)):
                yield Hit(LABEL, *match.span(), 0.85, "A network address leads to one household or device.")
        for match in _V6.finditer(text):
            value = match.group()
            if _MAC.regex.fullmatch(value) is None and (value.count(":") == 7 or "::" in value) and any(char.isdigit() for char in value):
                yield Hit(LABEL, *match.span(), 0.85, "A network address leads to one household or device.")
