"""From whatever a call to the network may raise to our one error: may it have gone out, and does trying again make sense?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from atproto_client import exceptions

from primum.connectors.contract import MAY_HAVE_ARRIVED, ConnectorError

LONGEST = 86_400  # seconds: nobody means more
BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol, httpx.InvalidURL)
NO_SESSION = frozenset(("ExpiredToken", "InvalidToken"))


def code_of(error: exceptions.RequestErrorBase) -> str:
    """The name that the server gives the failure, such as RecordNotFound. Its message is never shown: it may quote the post."""
    return str(getattr(getattr(error.response, "content", None), "error", "") or "")


def lost_session(error: BaseException) -> bool:
    """Our session ended, not our right to sign in: signing in anew mends it. Nothing was done."""
    if isinstance(error, exceptions.UnauthorizedError):
        return True
    return isinstance(error, exceptions.BadRequestError) and code_of(error) in NO_SESSION


def translate(error: BaseException, *, writes: bool) -> ConnectorError:
    """`writes`: whether the call would have made, changed or removed a post."""
    sent: Any = "unknown" if writes else "no"
    cause = error.__cause__ if isinstance(error, exceptions.NetworkError) and error.response is None else error
    if isinstance(cause, BEFORE_SENDING):
        return ConnectorError("Bluesky could not be reached.", permanent=False, sent="no")
    if isinstance(cause, httpx.TimeoutException):
        return ConnectorError("Bluesky did not answer in time.", permanent=False, sent=sent)
    if not isinstance(error, exceptions.RequestErrorBase) or error.response is None:
        return ConnectorError("The connection to Bluesky broke, or it answered with something that cannot be read.", permanent=False, sent=sent)
    return _of_status(error, error.response.status_code, sent)


def _of_status(error: exceptions.RequestErrorBase, status: int, sent: Any) -> ConnectorError:
    if status == 429:
        return ConnectorError("Bluesky wants fewer calls for a while.", permanent=False, sent="no", retry_after=_pause(error))
    if status in (401, 403) or lost_session(error):
        return ConnectorError("Bluesky no longer accepts this app password.", permanent=True, sent="no", is_credential=True)
    if status == 413:
        return ConnectorError("Bluesky finds an image too large.", permanent=True, sent="no")
    if status >= 500 or status in MAY_HAVE_ARRIVED:
        return ConnectorError(f"Bluesky answered with an error ({status}).", permanent=False, sent=sent)
    if status >= 400:
        return ConnectorError(f"Bluesky refused it ({status} {code_of(error)[:40]}).".replace(" )", ")"), permanent=True, sent="no")
    return ConnectorError(f"Bluesky answered with something unexpected ({status}).", permanent=False, sent=sent)


def _pause(error: exceptions.RequestErrorBase) -> timedelta:
    """How long it asks to be left alone; five minutes where it does not say."""
    if isinstance(error, exceptions.RateLimitExceededError):
        if error.retry_after is not None:
            return timedelta(seconds=min(max(error.retry_after, 1), LONGEST))
        if error.reset_at is not None:
            pause: timedelta = error.reset_at - datetime.now(UTC)
            return min(max(pause, timedelta(seconds=1)), timedelta(seconds=LONGEST))
    return timedelta(minutes=5)
