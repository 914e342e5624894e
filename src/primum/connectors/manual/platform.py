"""Platforms that people serve by hand: Primum gives the approved text and images to copy, and asks for proof. No call leaves the house.

Limits as the platforms' help pages state them (November 2026). A person posts, so a person also looks after an unclear outcome.
"""

from __future__ import annotations

from primum.connectors.contract import Capabilities, Platform


def by_hand(id: str, name: str, characters: int, pictures: int) -> Platform:
    """A public platform with these limits per post."""
    capabilities = Capabilities(
        name=f"{name}, by hand",
        max_characters=characters,
        max_pictures=pictures,
        max_picture_bytes=8_000_000,
        duplicates="person_decides",
        settle_seconds=0,
        can_delete=True,
        is_public=True,
        replies_need_link=True,
    )
    return Platform(id, capabilities, by_hand=True)


PLATFORMS = (
    by_hand("facebook", "Facebook page", 63_206, 10),
    by_hand("google", "Google Business Profile", 1_500, 1),
    by_hand("instagram", "Instagram", 2_200, 10),
    by_hand("linkedin", "LinkedIn", 3_000, 9),
    by_hand("nextdoor", "Nextdoor", 8_192, 10),
    by_hand("threads", "Threads", 500, 10),
    by_hand("x", "X", 280, 4),
    by_hand("yelp", "Yelp", 5_000, 0),
)
