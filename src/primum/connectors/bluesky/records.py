"""A post as a record of the network, and back.

Record     app.bsky.feed.post; its key is a TID: 53 bits of microseconds and 10 bits of our choice in base 32 (atproto.com, record keys)
Facets     byte ranges of the UTF-8 text that are links, tags and mentions; a mention names a DID, looked up when the post was submitted
Threads    posts whose keys follow each other, each answering the one before; a half one counts as not there
Images     a blob's address holds the SHA-256 of its bytes (CIDv1, raw), so what came back is compared with what was approved
"""

from __future__ import annotations

import json
from base64 import b32decode
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from atproto_client import models

from primum.connectors.contract import THREAD_LINE, Live, Outgoing

COLLECTION = "app.bsky.feed.post"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def record_key(post: Outgoing, part: int = 0) -> str:
    """The same post always has the same key, and two posts never share one. The parts of a thread are a microsecond apart."""
    assert post.made_at is not None
    return _written(int(post.made_at.timestamp() * 1_000_000) << 10 | UUID(post.key).int % 1024, part)


def key_of_part(key: str, part: int) -> str:
    """From the key of a thread's first post to that of a later one."""
    value = 0
    for char in key:
        value = value << 5 | _ALPHABET.index(char)
    return _written(value, part)


def _written(value: int, part: int) -> str:
    value += part << 10
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def name_of(uri: str, parts: int) -> str:
    """What we remember of a post that went out: its address, and for a thread how many posts it has."""
    return uri if parts == 1 else f"{uri}#{parts}"


def place_of(remote_id: str) -> tuple[str, list[str]]:
    """The repository, and the keys of the post or of all posts of the thread."""
    uri, _, parts = remote_id.partition("#")
    repo, _, key = uri.removeprefix("at://").partition(f"/{COLLECTION}/")
    return repo, [key] + [key_of_part(key, number) for number in range(1, int(parts or 1))]


def reply_of(post: Outgoing) -> dict[str, dict[str, str]] | None:
    """What the post answers, as it was looked up when it was submitted."""
    return json.loads(post.resolved).get("reply") if post.resolved else None


def record_of(post: Outgoing, part: int, text: str, blobs: list[Any], reply: dict[str, dict[str, str]] | None) -> models.AppBskyFeedPost.Record:
    images = [
        models.AppBskyEmbedImages.Image(alt=picture.alt_text, image=blob, aspect_ratio=models.AppBskyEmbedDefs.AspectRatio(width=picture.width, height=picture.height))
        for picture, blob in zip(post.pictures, blobs, strict=False)
    ]
    resolved = json.loads(post.resolved) if post.resolved else {}
    rows = resolved["thread"][part] if "thread" in resolved else resolved.get("facets", [])
    return models.AppBskyFeedPost.Record(
        text=text,
        created_at=((post.at or datetime.now(UTC)).astimezone(UTC) + timedelta(milliseconds=part)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        facets=[facet_of(row) for row in rows] or None,
        embed=models.AppBskyEmbedImages.Main(images=images) if images else None,
        reply=models.AppBskyFeedPost.ReplyRef(root=models.ComAtprotoRepoStrongRef.Main(**reply["root"]), parent=models.ComAtprotoRepoStrongRef.Main(**reply["parent"])) if reply else None,
        langs=[post.language] if post.language else None,
    )


def facet_of(row: list[Any]) -> models.AppBskyRichtextFacet.Main:
    """From [start, end, kind, value]."""
    start, end, kind, value = row
    feature: Any = {
        "link": lambda: models.AppBskyRichtextFacet.Link(uri=value),
        "tag": lambda: models.AppBskyRichtextFacet.Tag(tag=value),
        "mention": lambda: models.AppBskyRichtextFacet.Mention(did=value),
    }[kind]()
    return models.AppBskyRichtextFacet.Main(index=models.AppBskyRichtextFacet.ByteSlice(byte_start=start, byte_end=end), features=[feature])


def row_of(facet: models.AppBskyRichtextFacet.Main) -> list[Any]:
    feature: Any = facet.features[0]
    kind, value = ("link", feature.uri) if hasattr(feature, "uri") else ("tag", feature.tag) if hasattr(feature, "tag") else ("mention", feature.did)
    return [facet.index.byte_start, facet.index.byte_end, kind, value]


def resolved_of(facets: list[list[list[Any]]], reply: dict[str, dict[str, str]] | None) -> str:
    """Canonical JSON of each post's facets; empty where there is nothing, so that a plain text is frozen as plain text."""
    found: dict[str, Any] = {}
    if any(facets):
        found = {"facets": sorted(facets[0])} if len(facets) == 1 else {"thread": [sorted(rows) for rows in facets]}
    if reply:
        found["reply"] = reply
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False) if found else ""


def live_of(uri: str, found: list[models.AppBskyFeedPost.Record], wanted: int, handle: str) -> Live:
    """What stands there of a post, or of a thread of so many that begins at `uri`: at least one."""
    first, reply = found[0], found[0].reply
    strong = {name: {"cid": part.cid, "uri": part.uri} for name, part in (("parent", reply.parent), ("root", reply.root))} if reply else None
    images = getattr(first.embed, "images", None) or []
    return Live(
        remote_id=name_of(uri, wanted),
        permalink=f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}",
        text=THREAD_LINE.join(record.text for record in found),
        pictures=tuple((sha256_of(image.image.cid), image.alt) for image in images),
        published_at=datetime.fromisoformat(first.created_at),
        resolved=resolved_of([[row_of(facet) for facet in record.facets or []] for record in found], strong),
        language=(first.langs or [""])[0],
        is_whole=len(found) == wanted,
    )


def sha256_of(cid: Any) -> str:
    """The digest inside a blob's address: base 32, then version 1, codec raw, SHA-256, 32 bytes."""
    text = str(cid.encode() if hasattr(cid, "encode") and not isinstance(cid, str) else cid)
    body = text[1:].upper()
    return b32decode(body + "=" * (-len(body) % 8))[4:].hex()
