"""Who may do what: pure decisions on plain values."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

AUTHOR, BRAND, CLINICAL, PRIVACY = "author", "brand_reviewer", "clinical_reviewer", "privacy_officer"
SECURITY, ADMIN, AUDITOR = "it_security", "administrator", "auditor"
REVIEWERS = frozenset((BRAND, CLINICAL, PRIVACY))
STOPPERS = frozenset((PRIVACY, SECURITY, ADMIN))


@dataclass(frozen=True, slots=True)
class Member:
    """A person as the rules see them: roles, each at one facility or (None) everywhere."""

    id: UUID
    name: str
    is_here: bool
    grants: frozenset[tuple[str, UUID | None]]

    def has(self, role: str, facility: UUID | None = None) -> bool:
        """The role at this facility, or everywhere; with no facility given, anywhere at all."""
        if not self.is_here:
            return False
        if facility is None:
            return any(have == role for have, _ in self.grants)
        return (role, facility) in self.grants or (role, None) in self.grants

    def has_any(self, roles: Iterable[str], facility: UUID | None = None) -> bool:
        return any(self.has(role, facility) for role in roles)

    def has_everywhere(self, roles: Iterable[str]) -> bool:
        """One of the roles, held for the whole organisation."""
        return self.is_here and any((role, None) in self.grants for role in roles)

    @property
    def sees_everything(self) -> bool:
        return self.is_here and any(facility is None and role in (AUTHOR, *REVIEWERS, AUDITOR) for role, facility in self.grants)

    @property
    def facilities(self) -> frozenset[UUID]:
        return frozenset(facility for role, facility in self.grants if facility and role in (AUTHOR, *REVIEWERS, AUDITOR))

    @property
    def manages_people(self) -> bool:
        return self.has_everywhere((ADMIN, SECURITY))

    @property
    def reads_evidence(self) -> bool:
        return self.has_everywhere((PRIVACY, AUDITOR, SECURITY, ADMIN))


def required_roles(verdict: str, *, is_small: bool) -> frozenset[str]:
    """Who may approve a text with this verdict. A stop is released by the privacy officer alone; what needs a look, by someone
    who knows patients; the rest by any reviewer, and in a small practice by any colleague who is not the writer."""
    if verdict == "block":
        return frozenset((PRIVACY,))
    if verdict == "review":
        return frozenset((PRIVACY, CLINICAL)) | (frozenset((AUTHOR, BRAND)) if is_small else frozenset())
    return REVIEWERS | (frozenset((AUTHOR,)) if is_small else frozenset())
