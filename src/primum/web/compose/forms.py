"""The compose form: from a request to a draft, and back."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest

from primum.publishing.drafts import Draft
from primum.publishing.models import Post
from primum.web.times import as_field, read_local


def read_draft(request: HttpRequest) -> Draft:
    """Raises BadTime; ids that are none are ignored: the page does not offer them."""
    data = request.POST
    channels = tuple(dict.fromkeys(filter(None, (read_uuid(value) for value in data.getlist("channel")))))
    own = {channel: data.get(f"own-{channel}", "") for channel in channels if data.get(f"use-own-{channel}")}
    alts = {picture: data[name] for name in data if name.startswith("alt-") and (picture := read_uuid(name[4:]))}
    return Draft(
        text=data.get("text", ""),
        channels=channels,
        own=own,
        alt_texts=alts,
        heard=data.get("heard", ""),
        heard_link=data.get("heard_link", "")[:500],
        note=data.get("note", ""),
        warning=data.get("warning", ""),
        language=data.get("language", "en"),
        window_from=read_local(data.get("window_from", ""), "start of the window"),
        window_until=read_local(data.get("window_until", ""), "end of the window"),
    )


def read_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None


def initial(post: Post | None) -> dict[str, object]:
    """What the fields show."""
    if post is None:
        return {"text": "", "heard": "", "heard_link": "", "note": "", "warning": "", "language": "en", "chosen": set(), "own": {}}
    rows = list(post.texts.all())
    return {
        "text": post.text,
        "heard": post.heard,
        "heard_link": post.heard_link or "",
        "note": post.note,
        "warning": post.warning or "",
        "language": post.language or "en",
        "chosen": {row.channel_id for row in rows},
        "own": {row.channel_id: row.text for row in rows if row.text is not None},
        "window_from": as_field(post.window_from),
        "window_until": as_field(post.window_until),
    }
