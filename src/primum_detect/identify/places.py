"""Places smaller than a State: street addresses, roads, mile markers, ZIP codes, coordinates, "from <Town>".

Format   `kind`: "address", "road", "zip", "geocode", "town". ZIP3 areas with 20,000 people or fewer must read 000; the list is
         data with its census vintage, and any five-digit ZIP is an identifier in itself.
Source   45 CFR 164.514(b)(2)(i)(B).
"""

from __future__ import annotations

from collections.abc import Iterator

from primum_detect.identify.shapes import Hit, compiled
from primum_detect.lexicons import word_list
from primum_detect.matching.regex import opened_by
from primum_detect.normalize.normalized import Normalized

LABEL = "GEO"

_SUFFIX = r"(?:st(?:reet)?|ave(?:nue)?|blvd|boulevard|r(?:oa)?d|dr(?:ive)?|ln|lane|ct|court|way|pl(?:ace)?|pkwy|parkway|ter(?:race)?|cir(?:cle)?)"
_ADDRESS = compiled(rf"\b\d{{1,6}} (?:[NSEW]\.? )?(?:[A-Z][A-Za-z'.-]* ){{1,3}}(?i:{_SUFFIX})\b\.?", case_sensitive=True)
_ROAD = compiled(r"\b(?:route|rte|rt|highway|hwy|interstate|county road|cr|state road|sr|us|i)[ -]?\d{1,4}\b|\bexit \d{1,3}\b|\bmile ?(?:marker|post)? \d{1,3}\b")
_STATE = "(?:AL|AK|AZ|AR|CA|CO|CT|DE|FL|GA|HI|ID|IL|IN|IA|KS|KY|LA|ME|MD|MA|MI|MN|MS|MO|MT|NE|NV|NH|NJ|NM|NY|NC|ND|OH|OK|OR|PA|RI|SC|SD|TN|TX|UT|VT|VA|WA|WV|WI|WY|DC|PR)"
_ZIP = compiled(rf"\b(?:zip(?: ?code)?\W{{0,3}}|{_STATE},? )(\d{{5}}(?:-\d{{4}})?)\b|\bin (\d{{4}}[1-9])(?=[,.;]|$)")
_CLEAR = "(?:TX|NY|FL|OH|IL|NJ|WI|MN|TN|KY|AZ|NV|UT|KS|IA|WV|NH|NM|WY|MT)"  # letters that mean nothing else in a ward
_CITY = compiled(
    rf"\b((?:(?:St|Ft|Mt)\.? )?[A-Z][a-z]+(?: [A-Z][a-z]+){{0,2}}), (?!MD|PA|MA|MS|DO|PR)(?:{_STATE})\b|\b((?:[A-Z][a-z]+ )?[A-Z][a-z]+) {_CLEAR}(?=[ ,.;]|$)",
    case_sensitive=True,
)
_BOX = compiled(r"\bp\.?o\.? box \d{1,6}\b")
_GEOCODE = compiled(r"(?<![\d.])-?\d{1,3}\.\d{4,},\s?-?\d{1,3}\.\d{4,}")
_FROM = compiled(r"\b(?:(?i:from|lives in|living in|outside of|just outside|down in|over in|up in|near))\s+([A-Z][a-z]{2,}(?: (?:[A-Z][a-z]+|of|Mt\.?|St\.?)){0,2})", case_sensitive=True)
_NO_TOWN = frozenset(
    [
        "the",
        "our",
        "his",
        "her",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "god",
        "jesus",
        "christmas",
        "thanksgiving",
        "dr",
        "mr",
        "mrs",
        "ms",
        "you",
        "us",
        "all",
    ]
)


def is_too_wide(place: str) -> bool:
    """A State or a country in itself tells nobody (lower case), and "the" of "the Midwest" is no place at all."""
    return place.strip() in word_list("wide_places.txt") or place.strip() in _NO_TOWN


OPENED_BY = opened_by(_ADDRESS, _ROAD, _ZIP, _CITY, _BOX, _GEOCODE, _FROM)
EXAMPLES = ("455 Elm Street", "out on Route 9", "a guy from Pinecrest", "zip 33441", "27.9881, -82.4512", "mile marker 88", "Peoria IL", "Ames, IA", "PO Box 417")
NOT_THESE = ("Chest CT shows a nodule", "Ann Lee, MD", "up from 10000.", "from the team", "5 star way to go", "in 2026", "from Monday on", "I 5 stars")


def find(text: Normalized) -> Iterator[Hit]:
    for match in _ADDRESS.finditer(text):
        yield Hit(LABEL, *match.span(), 0.85, "A street address is a place smaller than a state.", "address")
    for match in _ROAD.finditer(text):
        if match.group().lower().startswith("i ") or (match.group().lower().startswith("us ") and match.group()[0] != "U"):
            continue
        yield Hit(LABEL, *match.span(), 0.8, "A road or a mile marker says where it happened.", "road")
    for match in _ZIP.finditer(text):
        yield Hit(LABEL, *match.span(1 if match.group(1) else 2), 0.85, "A ZIP code is a place smaller than a state.", "zip")
    for match in _BOX.finditer(text):
        yield Hit(LABEL, *match.span(), 0.85, "A post box is a place smaller than a state.", "address")
    for match in _CITY.finditer(text):
        yield Hit(LABEL, *match.span(1 if match.group(1) else 2), 0.6, "A town says where somebody lives.", "town")
    for match in _GEOCODE.finditer(text):
        yield Hit(LABEL, *match.span(), 0.9, "Coordinates say where it happened.", "geocode")
    for match in _FROM.finditer(text):
        if match.group(1).split()[0].lower() not in _NO_TOWN and not is_too_wide(match.group(1).lower()):
            yield Hit(LABEL, *match.span(1), 0.6, "A town says where somebody lives.", "town")
