"""Signing in on a Mastodon server itself: we register there, somebody lets us in, and we get a token (docs.joinmastodon.org, methods/apps
and methods/oauth; RFC 6749 section 4.1)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests
from mastodon import Mastodon

from primum.connectors.contract import ConnectorError, Departure
from primum.connectors.mastodon.connector import FAULTS, SECONDS, api
from primum.connectors.mastodon.platform import RIGHTS


def begin(values: Mapping[str, str], back_to: str, state: str) -> Departure:
    """Register with the server, and give the page on which somebody lets us in. Raises ConnectorError."""
    service = values["service"].rstrip("/")
    session = requests.Session()
    session.max_redirects = 0
    try:
        client_id, client_secret = Mastodon.create_app("Primum", scopes=list(RIGHTS), redirect_uris=back_to, api_base_url=service, request_timeout=SECONDS, session=session, user_agent="primum")
        address = api(service, client_id=client_id, client_secret=client_secret).auth_request_url(redirect_uris=back_to, scopes=list(RIGHTS), state=state, skip_server_info=True)
    except FAULTS:
        raise ConnectorError("The server does not answer as a Mastodon server does.", permanent=True, sent="no") from None
    return Departure(address, json.dumps({**values, "service": service, "client_id": client_id, "client_secret": client_secret, "back_to": back_to}))


def finish(kept: str, code: str) -> dict[str, str]:
    """Raises ConnectorError."""
    told: dict[str, Any] = json.loads(kept)
    try:
        token = api(told["service"], client_id=told["client_id"], client_secret=told["client_secret"]).log_in(
            code=code, redirect_uri=told.pop("back_to"), scopes=list(RIGHTS), allow_http=told["service"].startswith("http://")
        )
    except FAULTS:
        raise ConnectorError("The server gave us no token. Sign in there once more.", permanent=True, sent="no") from None
    return {**told, "password": token}
