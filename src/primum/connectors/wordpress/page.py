"""A text as a page, and back. The first line is the title; the rest becomes paragraphs; images follow with their descriptions."""

from __future__ import annotations

import html
import re

LONGEST_TITLE = 120
_BREAK = "<br>"
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_IMAGE = re.compile(r"wp-image-(\d+)")


def split(text: str) -> tuple[str, str]:
    """(title, body). One long line is its own body, with a shortened title."""
    first, _, rest = text.strip().partition("\n")
    if rest.strip():
        return first.strip(), _tidy(rest)
    if len(first) <= LONGEST_TITLE:
        return first.strip(), ""
    return first[:LONGEST_TITLE].rsplit(" ", 1)[0] + "…", first.strip()


def _tidy(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", "\n".join(line.rstrip() for line in text.strip().split("\n")))


def as_shown(text: str) -> str:
    """The text as the site keeps it: one empty line under the title, none doubled."""
    return joined(*split(text))


def joined(title: str, body: str) -> str:
    if not body:
        return title
    if title.endswith("…") and body.startswith(title[:-1]):
        return body
    return f"{title}\n\n{body}"


def content_of(body: str, images: list[tuple[int, str, str]]) -> str:
    """Blocks as WordPress's editor writes them. `images`: (media id, address, alt text)."""
    paragraphs = [block for block in body.split("\n\n") if block]
    blocks = [f"<!-- wp:paragraph -->\n<p>{html.escape(block, quote=False).replace(chr(10), _BREAK)}</p>\n<!-- /wp:paragraph -->" for block in paragraphs]
    blocks += [
        f'<!-- wp:image {{"id":{id}}} -->\n<figure class="wp-block-image"><img src="{html.escape(address)}" alt="{html.escape(alt)}" class="wp-image-{id}"/></figure>\n<!-- /wp:image -->'
        for id, address, alt in images
    ]
    return "\n\n".join(blocks)


def body_of(content: str) -> str:
    return "\n\n".join(html.unescape(block.replace(_BREAK, "\n").replace("<br />", "\n")) for block in _PARAGRAPH.findall(content))


def images_of(content: str) -> list[int]:
    """Media ids in the order in which they stand."""
    return [int(id) for id in dict.fromkeys(_IMAGE.findall(content))]
