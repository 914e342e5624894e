"""What the organisation says about itself: names, places, phones, sites, staff. Negative evidence, never a list of patients.

Names have too little entropy to hash, so a patient list in any form would be a disclosure of its own.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import cached_property
from pathlib import Path

_UNTIL = re.compile(r"(.+?) until (\d[\d-]*)")


class ProfileError(ValueError):
    """A profile cannot be used. The message names the file and the mend."""


@dataclass(frozen=True)
class Profile:
    """`patient_relations` is how people reach the office that may talk about care, for the ready wordings. `terms` are kept back, each
    perhaps until a day ("Project Heron until 2027-01-15"); `news` is what the local press told of late, a few words each ("bus crash
    Route 9"): what is known there turns a nameless story into one about somebody."""

    names: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    towns: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    news: tuple[str, ...] = ()
    patient_relations: str = ""
    nurse_line: str = ""

    @cached_property
    def kept_back(self) -> tuple[tuple[str, date | None], ...]:
        """Each term with the day from which it is free. Raises ProfileError for a day that is none."""
        return tuple(map(_read_term, self.terms))

    @cached_property
    def _phones(self) -> frozenset[str]:
        return frozenset(_digits(phone)[-7:] for phone in (*self.phones, self.patient_relations, self.nurse_line) if _digits(phone))

    @cached_property
    def _staff_words(self) -> frozenset[str]:
        return frozenset(name.lower() for name in self.staff)

    @cached_property
    def _places(self) -> tuple[str, ...]:
        return tuple(place.lower() for place in self.towns + self.addresses + self.facilities + self.names)

    def owns(self, label: str, written: str) -> bool:
        """Is this identifier the organisation's own? A staff member *as patient* is decided by the judges, not here."""
        low = written.lower()
        if label in ("PHONE", "FAX"):
            return _digits(written)[-7:] in self._phones
        if label == "EMAIL":
            return low in {email.lower() for email in self.emails} or low.rpartition("@")[2] in {site.lower() for site in self.sites}
        if label == "URL":
            host = re.sub(r"^https?://|^www\.", "", low).split("/")[0]
            return any(host == site.lower() or host.endswith("." + site.lower()) for site in self.sites)
        if label == "HANDLE":
            return low.lstrip("@") in {handle.lower().lstrip("@") for handle in self.handles}
        if label == "GEO":
            return any(low in place or place in low for place in self._places)
        return False

    def is_staff(self, written: str) -> bool:
        """A full name of the roster, or a surname of it behind a title."""
        low = written.lower()
        return low in self._staff_words or (" " not in low and any(name.endswith(" " + low) for name in self._staff_words))

    @classmethod
    def from_mapping(cls, data: Mapping[str, object], source: str = "profile") -> Profile:
        known = {field.name for field in fields(cls)}
        values: dict[str, object] = {}
        for name, value in data.items():
            if name not in known:
                raise ProfileError(f"{source}: unknown entry {name!r}. Known: {', '.join(sorted(known))}.")
            if name in ("patient_relations", "nurse_line"):
                if not isinstance(value, str):
                    raise ProfileError(f'{source}: {name} must be a text, such as "555-0170".')
                values[name] = value
            elif isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
                values[name] = tuple(value)
            else:
                raise ProfileError(f"{source}: {name} must be a list of texts.")
        profile = cls(**values)  # type: ignore[arg-type]
        try:
            profile.kept_back  # noqa: B018 - a wrong day must show now, not at the first text
        except ProfileError as error:
            raise ProfileError(f"{source}: {error}") from None
        return profile


def _read_term(written: str) -> tuple[str, date | None]:
    match = _UNTIL.fullmatch(written)
    if not match:
        return written, None
    try:
        return match.group(1), date.fromisoformat(match.group(2))
    except ValueError:
        raise ProfileError(f"the term {match.group(1)!r} is kept until {match.group(2)!r}, which is no day. Write it as 2027-01-15.") from None


def load(path: str | Path) -> Profile:
    """Read a profile from a TOML file. Raises ProfileError."""
    try:
        data = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as error:
        raise ProfileError(f"{path}: cannot be read ({error.strerror}). Check the path.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path}: not valid TOML ({error}).") from None
    return Profile.from_mapping(data, str(path))


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
