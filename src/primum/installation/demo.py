"""The demonstration organisation: Wrenfield Health. All people and places are invented; numbers are 555-01xx."""

from __future__ import annotations

import os
from datetime import timedelta
from uuid import UUID

from django.utils import timezone

from primum.evidence.recording import together
from primum.foundation import actor
from primum.foundation.actor import Actor, system
from primum.inventory import actions as inventory
from primum.people import actions as people
from primum.people import queries
from primum.people.models import Role
from primum.publishing import actions as publishing
from primum.publishing import queries as posts
from primum.publishing import sending
from primum.publishing.drafts import Draft

DEMO = system("demonstration")
FACILITIES = (
    ("Wrenfield Regional", "Marlow Bay", "FL", False),
    ("Wrenfield Children's", "Marlow Bay", "FL", False),
    ("Quail Hollow", "Alder Springs", "CA", False),
    ("Sabine", "Dunmore Flats", "TX", False),
    ("Recovery House", "Marlow Bay", "FL", False),
    ("Wrenfield Foundation", "Marlow Bay", "FL", False),
    ("Juniper Lane Dental", "Marlow Bay", "FL", True),
)
REGIONAL, CHILDRENS, DENTAL = "Wrenfield Regional", "Wrenfield Children's", "Juniper Lane Dental"
CAST: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("Priya Nand", "priya", "Social media writer", ((Role.AUTHOR, REGIONAL), (Role.AUTHOR, CHILDRENS))),
    ("Gail Whitcombe", "gail", "Brand lead", ((Role.BRAND, ""), (Role.AUTHOR, REGIONAL))),
    ("Tomás Orrin", "tomas", "RN, clinical reviewer", ((Role.CLINICAL, ""),)),
    ("Adaeze Obi", "adaeze", "Privacy officer", ((Role.PRIVACY, ""),)),
    ("Ken Sato", "ken", "IT security", ((Role.SECURITY, ""), (Role.ADMIN, ""))),
    ("Ruth Halvorsen", "ruth", "Counsel", ((Role.AUDITOR, ""),)),
    ("Jo Bellamy", "jo", "RN, emergency department", ((Role.AUTHOR, REGIONAL),)),
    ("Helen Strand", "helen", "Chief executive", ((Role.AUDITOR, ""), (Role.ADMIN, ""))),
    ("Mina Castellano", "mina", "Office manager, Juniper Lane", ((Role.AUTHOR, DENTAL),)),
    ("Bo Lindqvist", "bo", "Dentist, Juniper Lane", ((Role.AUTHOR, DENTAL),)),
)
LEFT = ("Drew Pell", "drew", "Social media writer (left)", ((Role.AUTHOR, REGIONAL),))
CHANNELS = (
    ("Regional practice", "@wrenfield-regional", REGIONAL, "Where new staff of Regional learn to post.", "Gail Whitcombe", "Priya Nand"),
    ("Children's practice", "@wrenfield-childrens", CHILDRENS, "Where new staff of Children's learn to post.", "Drew Pell", "Priya Nand"),
    ("Juniper Lane practice", "@juniper-lane", DENTAL, "Where eight people learn to answer reviews.", "Mina Castellano", "Bo Lindqvist"),
)
PROFILE: dict[str, object] = {
    "names": ["Wrenfield Health", "Wrenfield"],
    "towns": ["Marlow Bay", "Alder Springs", "Dunmore Flats"],
    "addresses": ["455 Elm Street"],
    "phones": ["555-0142", "555-0170", "555-0100"],
    "emails": ["care@wrenfield.example"],
    "sites": ["wrenfield.example"],
    "handles": ["@wrenfield-regional", "@wrenfield-childrens", "@juniper-lane"],
    "patient_relations": "555-0170",
    "nurse_line": "555-0142",
}


def load_if_empty() -> str | None:
    """Load the demonstration into an empty database and return the sign-in links to print; None where somebody real is at home.
    On later starts new links are made."""
    organisation = queries.organisation()
    if organisation is None:
        with together():  # killed half-way, nothing of it stands there
            load()
    elif not organisation.is_demo:
        return None
    return _links()


class NoDemonstration(RuntimeError):
    """This installation holds no demonstration: nobody signs in by a printed link."""


def fresh_links() -> str:
    """New sign-in links for a demonstration. Raises NoDemonstration."""
    organisation = queries.organisation()
    if organisation is None or not organisation.is_demo:
        raise NoDemonstration("This installation holds no demonstration. Sign in at the login page, or start one on an empty home: make run")
    return _links()


def load() -> None:
    """Everything through actions, as a person would: the record tells the whole story from the first entry."""
    people.set_organisation(actor=DEMO, name="Wrenfield Health", time_zone="America/New_York", profile=PROFILE, privacy_help="Adaeze Obi, 555-0100", is_demo=True)
    facilities = {name: people.add_facility(actor=DEMO, name=name, town=town, state=state, is_small=small).facility for name, town, state, small in FACILITIES}
    persons = {name: _add_person(name, handle, title, roles, facilities) for name, handle, title, roles in (*CAST, LEFT)}
    channels = {
        name: inventory.add_channel(
            actor=DEMO,
            platform="practice",
            name=name,
            handle=handle,
            facility_id=facilities[place],
            purpose=purpose,
            owner_id=persons[owner],
            backup_owner_id=persons[backup],
        ).channel
        for name, handle, place, purpose, owner, backup in CHANNELS
    }
    people.person_left(actor=DEMO, person_id=persons["Drew Pell"], now=timezone.now() - timedelta(days=1))
    _load_posts({name: actor.person(person) for name, person in persons.items()}, facilities, channels)


def _add_person(name: str, handle: str, title: str, roles: tuple[tuple[str, str], ...], facilities: dict[str, UUID]) -> UUID:
    grants = frozenset((str(role), facilities[place] if place else None) for role, place in roles)
    return people.add_person(actor=DEMO, name=name, email=f"{handle}@wrenfield.example", title=title, roles=grants).person


def _load_posts(cast: dict[str, Actor], facilities: dict[str, UUID], channels: dict[str, UUID]) -> None:
    now = timezone.now()
    priya, gail, jo = cast["Priya Nand"], cast["Gail Whitcombe"], cast["Jo Bellamy"]
    regional = (channels["Regional practice"],)
    live = _approved(priya, gail, facilities[REGIONAL], regional, "Our volunteers gave 93,000 hours last year. Thank you, every one of you.")
    sending.schedule_post(actor=priya, post_id=live, due_at=now, now=now)
    soon = _approved(priya, gail, facilities[REGIONAL], regional, "Blood drive Tuesday, Dec 1, 8 to 4, Conference Room 210, 455 Elm Street. Walk-ins welcome.")
    sending.schedule_post(actor=priya, post_id=soon, due_at=(now + timedelta(days=1)).replace(minute=0, second=0, microsecond=0), now=now)
    _submitted(jo, facilities[REGIONAL], regional, "Nurse of the Month: Tonya Wells, RN, 4 West. Congratulations from all of us!")
    _submitted(priya, facilities[CHILDRENS], (channels["Children's practice"],), "Story hour is back: Saturdays at 10 in the lobby of Children's. Free, all ages welcome.")
    publishing.create_post(
        actor=jo,
        facility_id=facilities[REGIONAL],
        kind="post",
        now=now,
        draft=Draft(
            "Rough one in the ED tonight. Dad in his 40s, chainsaw vs. thigh, out on Route 9. Our trauma team did NOT quit on him. #NightShift",
            regional,
        ),
    )


def _submitted(author: Actor, facility: UUID, channels: tuple[UUID, ...], text: str) -> tuple[UUID, UUID, str]:
    now = timezone.now()
    post = publishing.create_post(actor=author, facility_id=facility, kind="post", now=now, draft=Draft(text, channels)).post
    version = posts.get_post(author, post).version
    event = publishing.submit_revision(actor=author, post_id=post, version=version, now=now)
    return post, event.revision, event.digest


def _approved(author: Actor, reviewer: Actor, facility: UUID, channels: tuple[UUID, ...], text: str) -> UUID:
    post, revision, digest = _submitted(author, facility, channels, text)
    publishing.decide_revision(actor=reviewer, revision_id=revision, outcome="approved", reason="", digest=digest, now=timezone.now())
    return post


def _links() -> str:
    """A fresh single-use sign-in per person; what is printed is never stored."""
    base = os.environ.get("PRIMUM_PUBLIC_URL", "http://localhost:8000")
    lines = ["  Sign in as (each link works once):", ""]
    hashes: dict[UUID, str] = {}
    for person in queries.demo_people():
        token, hashes[person.id] = people.new_token()
        lines.append(f"    {person.name:<16} {person.title:<30} {base}/enter/{token}/")
    people.offer_demo_links(actor=DEMO, hashes=hashes, now=timezone.now())
    return "\n".join(lines) + "\n"
