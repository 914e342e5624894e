"""Drafts: what a person typed so far. Saving one is no action (a record of each keystroke would drive drafting elsewhere);
creating, submitting, reopening and discarding are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from primum.connectors.registry import CAPABILITIES
from primum.inventory import queries as inventory
from primum.publishing.models import Picture, Post, PostEditor, PostText
from primum.publishing.rules import MAX_TEXT, Frozen, FrozenPicture
from primum.screening.queries import Part

LINK = "https://"
LANGUAGES = {"en": "English", "es": "Spanish"}  # what the check can read; the platforms are told which


class BadDraft(ValueError):
    """The draft cannot be kept; the message is fit for a screen."""


@dataclass(frozen=True, slots=True)
class Draft:
    """The content of a post as a form holds it. `own` are the wordings of single channels."""

    text: str = field(repr=False)
    channels: tuple[UUID, ...]
    own: dict[UUID, str] = field(repr=False, default_factory=dict)
    alt_texts: dict[UUID, str] = field(repr=False, default_factory=dict)
    heard: str = field(repr=False, default="")
    heard_link: str = field(repr=False, default="")
    note: str = field(repr=False, default="")
    warning: str = field(repr=False, default="")
    language: str = "en"
    window_from: datetime | None = None
    window_until: datetime | None = None

    def check(self) -> None:
        """Raises BadDraft for what can be neither kept nor published."""
        for words in (self.text, self.heard, self.heard_link, self.note, self.warning, *self.own.values(), *self.alt_texts.values()):
            if len(words) > MAX_TEXT:
                raise BadDraft(f"The text is longer than {MAX_TEXT:,} characters. Shorten it; nothing was saved yet.")
            if "\x00" in words or any(0xD800 <= ord(char) <= 0xDFFF for char in words):
                raise BadDraft("The text holds a character that no platform can show. Paste it as plain text and try again.")
        if self.language not in LANGUAGES:
            raise BadDraft("Choose the language of the text.")
        if "\n" in self.warning.strip() or len(self.warning) > 200:
            raise BadDraft("A content warning is one line of at most 200 characters.")
        link = self.heard_link.strip()
        if link and (not link.startswith(LINK) or len(link) > 500):
            raise BadDraft("The link to what they wrote must begin with https://. Copy it from the address bar of the browser.")


def clean(text: str) -> str:
    """Line ends as platforms have them; nothing else is touched: what is approved is what was typed."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def apply(post: Post, draft: Draft, *, editor: UUID, now: datetime) -> bool:
    """Write a draft into a post whose row is locked. True where something changed."""
    before = _content(post)
    post.text, post.heard, post.note, post.heard_link = clean(draft.text), clean(draft.heard), clean(draft.note), draft.heard_link.strip() or None
    post.warning, post.language = draft.warning.strip() or None, draft.language
    post.window_from = draft.window_from or post.window_from
    post.window_until = draft.window_until or post.window_until
    _apply_channels(post, draft)
    for picture in post.pictures.filter(in_draft=True):
        if picture.id in draft.alt_texts and picture.alt_text != draft.alt_texts[picture.id]:
            picture.alt_text = clean(draft.alt_texts[picture.id])
            picture.save(update_fields=["alt_text"])
    if _content(post) == before:
        return False
    touch(post, editor=editor, now=now)
    return True


def _content(post: Post) -> tuple[object, ...]:
    """Everything a person can type, whether or not a channel uses it yet."""
    own = tuple(sorted((str(row.channel_id), row.text) for row in PostText.objects.filter(post=post) if row.text is not None))
    return freeze(post).to_json(), post.text, post.note, post.heard_link, post.warning, own


def _apply_channels(post: Post, draft: Draft) -> None:
    rows = {row.channel_id: row for row in post.texts.all()}
    for channel_id, row in rows.items():
        if channel_id not in draft.channels:
            row.delete()
    for channel_id in draft.channels:
        own = draft.own.get(channel_id)
        own = clean(own) if own is not None and own.strip() else None
        row = rows.get(channel_id) or PostText(post=post, channel_id=channel_id)
        if row.text != own or row._state.adding:
            row.resolved = None
        row.text = own
        row.save()


def touch(post: Post, *, editor: UUID, now: datetime) -> None:
    """A content change: a new version, and its writer counts as author."""
    post.version += 1
    post.updated_at = now
    post.save()
    PostEditor.objects.get_or_create(post=post, person_id=editor)


def freeze(post: Post) -> Frozen:
    """The content of a post as a digest sees it."""
    rows = sorted(post.texts.all(), key=lambda row: str(row.channel_id))
    texts = tuple((str(row.channel_id), row.text if row.text is not None else post.text) for row in rows)
    resolved = tuple((str(row.channel_id), row.resolved) for row in rows if row.resolved)
    pictures = tuple(FrozenPicture(str(p.id), p.sha256, p.mime, p.alt_text) for p in Picture.objects.filter(post=post, in_draft=True).order_by("position", "id"))
    warning = post.warning if post.warning and any(CAPABILITIES[row.channel.platform].takes_warning for row in rows) else ""
    window = (post.window_from.isoformat(), post.window_until.isoformat())
    return Frozen(post.kind, str(post.facility_id), texts, pictures, *window, post.heard, resolved=resolved, warning=warning, language=post.language)


def _with_warning(frozen: Frozen, parts: list[Part], channels: Mapping[str, Any]) -> list[Part]:
    """The warning and the words are read as one: what each keeps to itself, both together may tell."""
    wordings = dict.fromkeys(text for channel_id, text in frozen.texts if CAPABILITIES[channels[channel_id].platform].takes_warning)
    return [replace(part, name="with its warning", text=f"{frozen.warning}\n{part.text}") for part in parts if part.text in wordings]


def parts_of(frozen: Frozen, *, base_text: str | None = None) -> list[Part]:
    """The texts to screen: each channel's words (once where they are the same), and each alt text."""
    surface = "reply" if frozen.kind == "reply" else "post"
    thread = (frozen.heard,) if frozen.heard else ()
    channels = {str(row.id): row for row in inventory.channels_by_id([UUID(channel) for channel, _ in frozen.texts])}
    parts: list[Part] = []
    seen: set[str] = set()
    for channel_id, text in frozen.texts:
        facility = channels[channel_id].facility
        name = "text" if base_text is not None and text == base_text else f"channel:{channel_id}"
        if text in seen:
            continue
        seen.add(text)
        parts.append(Part(name, text, surface, facility.name, facility.town, facility.state, thread, datetime.fromisoformat(frozen.window_from)))
    if frozen.warning:
        parts.append(Part("warning", frozen.warning, surface, thread=thread))
        parts += _with_warning(frozen, parts, channels)
    parts += [Part(f"alt:{picture.id}", picture.alt, "alt_text") for picture in frozen.pictures if picture.alt.strip()]
    return parts
