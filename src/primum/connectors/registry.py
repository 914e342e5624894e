"""The platforms, one line each."""

from __future__ import annotations

from primum.connectors.bluesky import platform as bluesky
from primum.connectors.contract import Capabilities, Platform
from primum.connectors.manual import platform as manual
from primum.connectors.mastodon import platform as mastodon
from primum.connectors.practice import connector as practice
from primum.connectors.wordpress import platform as wordpress

PLATFORMS: dict[str, Platform] = {platform.id: platform for platform in (practice.PLATFORM, bluesky.PLATFORM, mastodon.PLATFORM, wordpress.PLATFORM, *manual.PLATFORMS)}
CAPABILITIES: dict[str, Capabilities] = {name: platform.capabilities for name, platform in PLATFORMS.items()}
