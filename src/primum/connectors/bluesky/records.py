"""A post as a record of the network, and back.

Record     app.bsky.feed.post; its key is a TID: 53 bits of microseconds and 10 bits of our choice in base 32 (atproto.com, record keys)
Facets     byte ranges of the UTF-8 text that are links, tags and mentions; a mention names a DID, looked up when the post was submitted
Images     a blob's address holds the SHA-256 of its bytes (CIDv1, raw), so what came back is compared with what was approved
"""

from __future__ import annotations

import json
from base64 import b32decode
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from atproto_client import models

from primum.connectors.contract import Live, Outgoing

COLLECTION = "app.bsky.feed.post"
_ALPHABET = "234567abcdefghijklmnopqrstuvwxyz"


def record_key(post: Outgoing) -> str:
    """The same post always has the same key, and two posts never share one."""
    assert post.made_at is not None
    value = int(post.made_at.timestamp() * 1_000_000) << 10 | UUID(post.key).int % 1024
    return "".join(_ALPHABET[value >> shift & 31] for shift in range(60, -1, -5))


def record_of(post: Outgoing, blobs: list[Any]) -> models.AppBskyFeedPost.Record:
    resolved = json.loads(post.resolved) if post.resolved else {}
    images = [
        models.AppBskyEmbedImages.Image(alt=picture.alt_text, image=blob, aspect_ratio=models.AppBskyEmbedDefs.AspectRatio(width=picture.width, height=picture.height))
        for picture, blob in zip(post.pictures, blobs, strict=True)
    ]
    reply = resolved.get("reply")
    return models.AppBskyFeedPost.Record(
        text=post.text,
        created_at=(post.at or datetime.now(UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        facets=[facet_of(row) for row in resolved.get("facets", [])] or None,
        embed=models.AppBskyEmbedImages.Main(images=images) if images else None,
        reply=models.AppBskyFeedPost.ReplyRef(root=models.ComAtprotoRepoStrongRef.Main(**reply["root"]), parent=models.ComAtprotoRepoStrongRef.Main(**reply["parent"])) if reply else None,
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


def resolved_of(facets: list[list[Any]], reply: dict[str, dict[str, str]] | None) -> str:
    """Canonical JSON; empty where there is nothing, so that a plain text is frozen as plain text."""
    found: dict[str, Any] = {"facets": sorted(facets)} if facets else {}
    if reply:
        found["reply"] = reply
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=False) if found else ""


def live_of(uri: str, record: models.AppBskyFeedPost.Record, handle: str) -> Live:
    reply = record.reply
    strong = {name: {"cid": part.cid, "uri": part.uri} for name, part in (("parent", reply.parent), ("root", reply.root))} if reply else None
    images = getattr(record.embed, "images", None) or []
    return Live(
        remote_id=uri,
        permalink=f"https://bsky.app/profile/{handle}/post/{uri.rpartition('/')[2]}",
        text=record.text,
        pictures=tuple((sha256_of(image.image.cid), image.alt) for image in images),
        published_at=datetime.fromisoformat(record.created_at),
        resolved=resolved_of([row_of(facet) for facet in record.facets or []], strong),
    )


def sha256_of(cid: Any) -> str:
    """The digest inside a blob's address: base 32, then version 1, codec raw, SHA-256, 32 bytes."""
    text = str(cid.encode() if hasattr(cid, "encode") and not isinstance(cid, str) else cid)
    body = text[1:].upper()
    return b32decode(body + "=" * (-len(body) % 8))[4:].hex()
