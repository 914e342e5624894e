"""From whatever a call may raise to our one error: may it have gone out, and does trying again make sense?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal

import requests
from mastodon import errors

from primum.connectors.contract import MAY_HAVE_ARRIVED, ConnectorError


def status_of(error: BaseException) -> int:
    """The HTTP status, which the library gives as the second of its arguments; 0 where there is none."""
    return next((part for part in error.args if isinstance(part, int) and 100 <= part < 600), 0)


def pause_of(headers: Mapping[str, str]) -> timedelta | None:
    """How long the server wants to be left alone: Retry-After in seconds (RFC 9110, 10.2.3), or Mastodon's X-RateLimit-Reset, a time."""
    after, until = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    try:
        pause = timedelta(seconds=int(after)) if after.isdecimal() else datetime.fromisoformat(until) - datetime.now(UTC)
    except (ValueError, TypeError, OverflowError):
        return None
    return min(max(pause, timedelta(seconds=1)), timedelta(days=1))


def translate(error: BaseException, *, writes: bool, pause: timedelta | None = None) -> ConnectorError:
    """`writes`: whether the call would have made or removed a post. `pause`: what the server asked for with a 429."""
    sent: Literal["no", "unknown"] = "unknown" if writes else "no"
    if _never_connected(error):
        return ConnectorError("The Mastodon server could not be reached.", permanent=False, sent="no")
    if isinstance(error, errors.MastodonRatelimitError):
        return ConnectorError("The Mastodon server wants fewer calls for a while.", permanent=False, sent="no", retry_after=pause or timedelta(minutes=5))
    if isinstance(error, errors.MastodonUnauthorizedError):
        return ConnectorError("Mastodon no longer accepts this access token.", permanent=True, sent="no", is_credential=True)
    status = status_of(error)
    if status >= 500 or status in MAY_HAVE_ARRIVED:
        return ConnectorError(f"The Mastodon server answered with an error ({status}).", permanent=False, sent=sent)
    if status == 403:
        return ConnectorError("This access token may not do this. Make one with the rights that the channel's page names.", permanent=True, sent="no", is_credential=True)
    if status >= 400:
        return ConnectorError(f"Mastodon refused it ({status}).", permanent=True, sent="no")
    return ConnectorError("The Mastodon server did not answer, or with something that cannot be read.", permanent=False, sent=sent)


def _never_connected(error: BaseException) -> bool:
    """No byte of the call can have arrived. A cut connection is no such case, though the library below calls it by a similar name."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, (requests.exceptions.ConnectTimeout, requests.exceptions.InvalidURL, requests.exceptions.MissingSchema)):
            return True
        if isinstance(cause, requests.exceptions.ConnectionError):
            text = type(cause.args[0]).__name__ + type(getattr(cause.args[0], "reason", None)).__name__ if cause.args else ""
            return "NewConnectionError" in text or "NameResolutionError" in text
        cause = cause.__cause__ or cause.__context__
    return False
