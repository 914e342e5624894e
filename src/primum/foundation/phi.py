"""What personal data a table holds, and how it ends. A model without a declaration fails the build."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phi:
    """`holds` names the personal data in plain words ("none" where there is none); `ends` says when and how it goes."""

    holds: str
    ends: str

    def __post_init__(self) -> None:
        if not self.holds or not self.ends:
            raise ValueError("Say what personal data the table holds and how it ends.")
